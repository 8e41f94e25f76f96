#include "core/io/sort.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/vec.h"
#include "core/io/file.h"

/*
 * A record lies in memory and in a run as its head, its key and its line.
 * Sorting moves entries only: the key's first sixteen bytes as two numbers,
 * and where the record is.  Runs stand one behind the other in one unlinked
 * file.
 */
enum {
	MEMORY_MIN = 1 << 20,
	FAN_IN = 256, /* runs that are merged at once */
	READ_MIN = 64 << 10, /* bytes read of a run at once */
	READ_MAX = 1 << 20,
	WRITE_BLOCK = 256 << 10,
	SHORT_RUN = 12, /* entries that are sorted by insertion */
};

struct head {
	uint32_t key, line;
};

struct entry {
	uint64_t high, low; /* the key's first bytes, big end first */
	size_t at; /* of the head in data */
};

struct extent {
	off_t at, end;
};

/* The next record of a run while it is read back. */
struct cursor {
	off_t at, end; /* not read yet */
	char *block;
	size_t cap, pos, held;
	uint64_t high, low;
	struct str key, line;
	size_t order; /* of equal keys, the lower first */
};

struct sorter {
	size_t memory;
	char *data;
	size_t n, cap;
	struct entry *entries;
	size_t count, room;
	int fd; /* the runs; -1 while all is in memory */
	off_t end;
	struct VEC(struct extent) runs;
	bool finished, begun;
	size_t next; /* in memory */
	struct cursor *cursors, **heap;
	size_t cursor_count, heap_count;
};

struct sorter *
sorter_new(size_t memory)
{
	struct sorter *s = xcalloc(1, sizeof(*s));

	s->memory = memory < MEMORY_MIN ? MEMORY_MIN : memory;
	s->fd = -1;
	return s;
}

void
sorter_memory(struct sorter *s, size_t memory)
{
	s->memory = memory < MEMORY_MIN ? MEMORY_MIN : memory;
}

static void
cursors_free(struct sorter *s)
{
	for (size_t i = 0; i < s->cursor_count; i++)
		free(s->cursors[i].block);
	free(s->cursors);
	free(s->heap);
	s->cursors = NULL;
	s->heap = NULL;
	s->cursor_count = s->heap_count = 0;
}

static void
memory_free(struct sorter *s)
{
	free(s->data);
	free(s->entries);
	s->data = NULL;
	s->entries = NULL;
	s->n = s->cap = s->count = s->room = 0;
}

void
sorter_free(struct sorter *s)
{
	if (s == NULL)
		return;
	cursors_free(s);
	memory_free(s);
	if (s->fd >= 0)
		close(s->fd);
	vec_release(&s->runs);
	free(s);
}

static uint64_t
big_end(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return __builtin_bswap64(v);
}

static void
prefix(struct str key, uint64_t *high, uint64_t *low)
{
	char first[16] = { 0 };

	if (key.n > 0)
		memcpy(first, key.p, key.n < 16 ? key.n : 16);
	*high = big_end(first);
	*low = big_end(first + 8);
}

static struct str
key_at(const struct sorter *s, const struct entry *e)
{
	struct head h;

	memcpy(&h, s->data + e->at, sizeof(h));
	return str_make(s->data + e->at + sizeof(h), h.key);
}

static inline bool
after(const struct sorter *s, const struct entry *a, const struct entry *b)
{
	if (a->high != b->high)
		return a->high > b->high;
	if (a->low != b->low)
		return a->low > b->low;
	return str_cmp(key_at(s, a), key_at(s, b)) > 0;
}

/* One step of a natural merge sort: where the stretch from `from` on that is
 * in order ends; short ones are made longer by insertion. */
static size_t
stretch(const struct sorter *s, struct entry *e, size_t from)
{
	size_t i = from + 1;

	while (i < s->count && !after(s, &e[i - 1], &e[i]))
		i++;
	for (; i < s->count && i - from < SHORT_RUN; i++) {
		struct entry moved = e[i];
		size_t j = i;

		for (; j > from && after(s, &e[j - 1], &moved); j--)
			e[j] = e[j - 1];
		e[j] = moved;
	}
	return i;
}

static void
merge_two(const struct sorter *s, const struct entry *a, size_t mid, size_t n,
    struct entry *to)
{
	size_t i = 0, j = mid;

	while (i < mid && j < n)
		*to++ = after(s, &a[i], &a[j]) ? a[j++] : a[i++];
	memcpy(to, a + i, (mid - i) * sizeof(*a));
	to += mid - i;
	memcpy(to, a + j, (n - j) * sizeof(*a));
}

/* Stable, and linear where the input is in order already. */
static void
sort_entries(struct sorter *s)
{
	struct entry *from = s->entries, *to;
	size_t *ends, stretches = 0;

	if (s->count < 2)
		return;
	to = xreallocarray(NULL, s->count, sizeof(*to));
	ends = xreallocarray(NULL, s->count / SHORT_RUN + 2, sizeof(*ends));
	for (size_t at = 0; at < s->count;)
		ends[stretches++] = at = stretch(s, from, at);
	while (stretches > 1) {
		size_t kept = 0, start = 0;
		struct entry *swap = from;

		for (size_t i = 0; i < stretches; i += 2) {
			size_t mid = ends[i] - start, end = ends[i];

			if (i + 1 < stretches)
				end = ends[i + 1];
			merge_two(
			    s, from + start, mid, end - start, to + start);
			ends[kept++] = start = end;
		}
		stretches = kept;
		from = to;
		to = swap;
	}
	s->entries = from;
	s->room = s->count;
	free(to);
	free(ends);
}

const char *
sort_folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir == NULL || *dir == '\0' ? "/tmp" : dir;
}

static int
temp_file(struct err *e)
{
	int fd = file_nameless(sort_folder(), e);

	return fd >= 0 ? fd
		       : err_prefix(e, "no room to sort; TMPDIR names another "
				       "folder");
}

static int
write_at(int fd, off_t *at, struct buf *out, struct err *e)
{
	size_t done = 0;

	while (done < out->n) {
		ssize_t n = pwrite(fd, out->p + done, out->n - done, *at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, errno,
			    "%s: sorting; TMPDIR names a folder with more "
			    "room",
			    sort_folder());
		done += (size_t)n;
		*at += n;
	}
	buf_reset(out);
	return 0;
}

static void
add_run(struct sorter *s, off_t at, off_t end)
{
	vec_add(&s->runs, (struct extent){ at, end });
}

static int
spill(struct sorter *s, struct err *e)
{
	struct buf out;
	off_t start = s->end;
	int rc = 0;

	if (s->fd < 0 && (s->fd = temp_file(e)) < 0)
		return -1;
	sort_entries(s);
	buf_init(&out, SIZE_MAX / 4);
	for (size_t i = 0; rc == 0 && i < s->count; i++) {
		const char *at = s->data + s->entries[i].at;
		struct head h;

		memcpy(&h, at, sizeof(h));
		buf_add(&out, at, sizeof(h) + h.key + h.line);
		if (out.n >= WRITE_BLOCK || i + 1 == s->count)
			rc = write_at(s->fd, &s->end, &out, e);
	}
	buf_release(&out);
	add_run(s, start, s->end);
	s->n = s->count = 0;
	if (s->cap > s->memory) {
		s->cap = s->memory;
		s->data = xrealloc(s->data, s->cap + BUF_PAD);
	}
	return rc;
}

static void
room_for(struct sorter *s, size_t n)
{
	vec_hold(s->entries, s->count, s->room, 1);
	if (n <= s->cap)
		return;
	while (s->cap < n)
		s->cap = s->cap == 0 ? MEMORY_MIN / 2 : s->cap * 2;
	/* Not far past the ceiling for the sake of doubling. */
	if (s->cap > s->memory)
		s->cap = n > s->memory ? n : s->memory;
	s->data = xrealloc(s->data, s->cap + BUF_PAD);
}

int
sorter_add(struct sorter *s, struct str key, struct str line, struct err *e)
{
	struct head h = { (uint32_t)key.n, (uint32_t)line.n };
	size_t size = sizeof(h) + key.n + line.n;
	struct entry *new;
	char *to;

	if (key.n > UINT32_MAX || line.n > UINT32_MAX)
		return err_set(e, "sorting: a line of more than 4 GiB");
	if (s->count > 0 &&
	    s->n + size + (s->count + 1) * 2 * sizeof(*s->entries) >
		s->memory &&
	    spill(s, e) < 0)
		return -1;
	room_for(s, s->n + size);
	new = &s->entries[s->count++];
	prefix(key, &new->high, &new->low);
	new->at = s->n;
	to = s->data + s->n;
	memcpy(to, &h, sizeof(h));
	if (key.n > 0)
		memcpy(to + sizeof(h), key.p, key.n);
	if (line.n > 0)
		memcpy(to + sizeof(h) + key.n, line.p, line.n);
	s->n += size;
	return 0;
}

/* At least n bytes of the run from pos on; the caller knows they are there. */
static int
hold(struct sorter *s, struct cursor *c, size_t n, struct err *e)
{
	if (c->held - c->pos >= n)
		return 0;
	memmove(c->block, c->block + c->pos, c->held - c->pos);
	c->held -= c->pos;
	c->pos = 0;
	if (n > c->cap) {
		c->cap = n;
		c->block = xrealloc(c->block, c->cap + BUF_PAD);
	}
	while (c->held < n) {
		size_t want = c->cap - c->held;
		ssize_t got;

		if ((off_t)want > c->end - c->at)
			want = (size_t)(c->end - c->at);
		got = pread(s->fd, c->block + c->held, want, c->at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, errno, "%s: sorting", sort_folder());
		if (got == 0)
			return err_set(
			    e, "%s: sorting: a run is cut off", sort_folder());
		c->held += (size_t)got;
		c->at += got;
	}
	memset(c->block + c->held, 0, BUF_PAD);
	return 0;
}

/* The cursor's next record: 1, 0 at the run's end, -1. */
static int
advance(struct sorter *s, struct cursor *c, struct err *e)
{
	struct head h;

	if (c->pos == c->held && c->at == c->end)
		return 0;
	if (hold(s, c, sizeof(h), e) < 0)
		return -1;
	memcpy(&h, c->block + c->pos, sizeof(h));
	if (hold(s, c, sizeof(h) + h.key + h.line, e) < 0)
		return -1;
	c->key = str_make(c->block + c->pos + sizeof(h), h.key);
	c->line = str_make(c->key.p + h.key, h.line);
	c->pos += sizeof(h) + h.key + h.line;
	prefix(c->key, &c->high, &c->low);
	return 1;
}

static bool
cursor_after(const struct cursor *a, const struct cursor *b)
{
	int d;

	if (a->high != b->high)
		return a->high > b->high;
	if (a->low != b->low)
		return a->low > b->low;
	d = str_cmp(a->key, b->key);
	return d != 0 ? d > 0 : a->order > b->order;
}

static void
sift_down(struct sorter *s, size_t i)
{
	struct cursor **h = s->heap, *moved = h[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= s->heap_count)
			break;
		if (child + 1 < s->heap_count &&
		    cursor_after(h[child], h[child + 1]))
			child++;
		if (!cursor_after(moved, h[child]))
			break;
		h[i] = h[child];
		i = child;
	}
	h[i] = moved;
}

/* Cursors at the start of n runs, in a heap. */
static int
merge_begin(
    struct sorter *s, const struct extent *runs, size_t n, struct err *e)
{
	size_t block = s->memory / n;

	cursors_free(s);
	block = block < READ_MIN   ? READ_MIN
		: block > READ_MAX ? READ_MAX
				   : block;
	s->cursors = xcalloc(n, sizeof(*s->cursors));
	s->heap = xcalloc(n, sizeof(struct cursor *));
	s->cursor_count = n;
	for (size_t i = 0; i < n; i++) {
		struct cursor *c = &s->cursors[i];
		int rc;

		*c = (struct cursor){ .at = runs[i].at,
			.end = runs[i].end,
			.cap = block,
			.order = i };
		c->block = xmalloc(block + BUF_PAD);
		rc = advance(s, c, e);
		if (rc < 0)
			return -1;
		if (rc > 0)
			s->heap[s->heap_count++] = c;
	}
	for (size_t i = s->heap_count / 2; i-- > 0;)
		sift_down(s, i);
	s->begun = false;
	return 0;
}

/* Past the record that was given last. */
static int
merge_step(struct sorter *s, struct err *e)
{
	int rc;

	if (!s->begun) {
		s->begun = true;
		return 0;
	}
	if (s->heap_count == 0)
		return 0;
	rc = advance(s, s->heap[0], e);
	if (rc < 0)
		return -1;
	if (rc == 0)
		s->heap[0] = s->heap[--s->heap_count];
	if (s->heap_count > 0)
		sift_down(s, 0);
	return 0;
}

static int
merge_next(struct sorter *s, struct str *key, struct str *line, struct err *e)
{
	if (merge_step(s, e) < 0)
		return -1;
	if (s->heap_count == 0)
		return 0;
	*key = s->heap[0]->key;
	*line = s->heap[0]->line;
	return 1;
}

/* Merges n runs to the end of the file `fd`. */
static int
merge_to(struct sorter *s, const struct extent *runs, size_t n, int fd,
    off_t *end, struct err *e)
{
	struct str key, line;
	struct buf out;
	int rc;

	if (merge_begin(s, runs, n, e) < 0)
		return -1;
	buf_init(&out, SIZE_MAX / 4);
	while ((rc = merge_next(s, &key, &line, e)) > 0) {
		struct head h = { (uint32_t)key.n, (uint32_t)line.n };

		buf_add(&out, &h, sizeof(h));
		buf_add_str(&out, key);
		buf_add_str(&out, line);
		if (out.n >= WRITE_BLOCK &&
		    (rc = write_at(fd, end, &out, e)) < 0)
			break;
	}
	if (rc == 0)
		rc = write_at(fd, end, &out, e);
	buf_release(&out);
	return rc;
}

/* Fewer and longer runs, until one merge can take them all. */
static int
collapse(struct sorter *s, struct err *e)
{
	struct extent *old = s->runs.v;
	size_t n = s->runs.n;
	int fd = temp_file(e), rc = 0;
	off_t end = 0;

	if (fd < 0)
		return -1;
	s->runs.v = NULL;
	s->runs.n = s->runs.cap = 0;
	for (size_t i = 0; rc == 0 && i < n; i += FAN_IN) {
		off_t start = end;

		rc = merge_to(
		    s, old + i, n - i < FAN_IN ? n - i : FAN_IN, fd, &end, e);
		add_run(s, start, end);
	}
	free(old);
	close(s->fd);
	s->fd = fd;
	s->end = end;
	return rc;
}

int
sorter_finish(struct sorter *s, struct err *e)
{
	s->finished = true;
	if (s->fd < 0) {
		sort_entries(s);
		if (s->data != NULL)
			memset(s->data + s->n, 0, BUF_PAD);
		return 0;
	}
	if (s->count > 0 && spill(s, e) < 0)
		return -1;
	memory_free(s);
	while (s->runs.n > FAN_IN)
		if (collapse(s, e) < 0)
			return -1;
	return sorter_rewind(s, e);
}

int
sorter_next(struct sorter *s, struct str *key, struct str *line, struct err *e)
{
	const struct entry *at;
	struct head h;

	if (s->fd >= 0)
		return merge_next(s, key, line, e);
	if (s->next == s->count)
		return 0;
	at = &s->entries[s->next++];
	memcpy(&h, s->data + at->at, sizeof(h));
	*key = str_make(s->data + at->at + sizeof(h), h.key);
	*line = str_make(key->p + h.key, h.line);
	return 1;
}

int
sorter_rewind(struct sorter *s, struct err *e)
{
	s->next = 0;
	return s->fd < 0 ? 0 : merge_begin(s, s->runs.v, s->runs.n, e);
}
