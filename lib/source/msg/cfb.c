#include "source/msg/cfb.h"

#include <stdlib.h>

#include "core/vec.h"

enum {
	HEADER = 512,
	NUMBER = 4, /* bytes of one in a table */
	DIFAT = 109, /* sectors of the table that the header names */
	ENTRY = 128,
	NAME = 32, /* characters of an entry's, with the NUL */
	STORAGE = 1, /* kinds of entries */
	STREAM = 2,
	ROOT = 5,
	COPIES = 4, /* what may be copied: times the file's size */
	COPIES_LEAST = 64 << 10,
};
#define SECTORS_MAX 0xfffffffau /* from here on no sector, but what follows */
#define NOBODY 0xffffffffu

struct cfb_entry {
	char name[NAME]; /* ASCII */
	size_t length;
	unsigned kind;
	uint32_t left, right, child; /* NOBODY: none */
	uint32_t start;
	uint64_t size;
	int storage; /* which it lies in; CFB_NONE */
};

static uint32_t
number(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static unsigned
half(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;

	return p[0] | (unsigned)p[1] << 8;
}

bool
cfb_is(struct str head)
{
	return str_starts(head, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"));
}

/* As many as there are in the file: the last may be cut off. */
static size_t
sectors(const struct cfb *c)
{
	return c->file.n <= c->sector
		   ? 0
		   : (c->file.n - c->sector + c->sector - 1) / c->sector;
}

static struct str
sector(const struct cfb *c, uint32_t i)
{
	return i >= SECTORS_MAX
		   ? STR("")
		   : str_sub(c->file, ((size_t)i + 1) * c->sector, c->sector);
}

static int
damaged(struct err *e, const char *what)
{
	return err_set(e, "the OLE file is damaged or cut off: %s", what);
}

/* A chain of sectors, in the file or in the mini stream. */
struct chain {
	const uint32_t *next;
	size_t count;
	struct str from;
	size_t sector, offset; /* where sector 0 begins */
};

static struct str
piece(const struct chain *h, uint32_t i)
{
	return str_sub(h->from, h->offset + (size_t)i * h->sector, h->sector);
}

/* Bytes of a chain that lie in one piece: how many, up to size. */
static size_t
in_one_piece(const struct chain *h, uint32_t start, size_t size)
{
	size_t n = h->sector;

	while (n < size && start < h->count && h->next[start] == start + 1) {
		start++;
		n += h->sector;
	}
	return n < size ? n : size;
}

/* size bytes that begin in this sector, of a chain of at least so many. */
static int
read_chain(struct cfb *c, const struct chain *h, uint32_t start, size_t size,
    struct str *out, struct err *e)
{
	size_t done = 0, most = COPIES * c->file.n + COPIES_LEAST;
	char *p;

	if (size == 0) {
		*out = STR("");
		return 0;
	}
	if (size > h->from.n)
		return damaged(e, "a stream is larger than the file");
	if (start < h->count && in_one_piece(h, start, size) == size) {
		*out = str_sub(
		    h->from, h->offset + (size_t)start * h->sector, size);
		return out->n == size ? 0 : damaged(e, "a stream is cut off");
	}
	if (size > most - c->copied)
		return damaged(e, "its streams hold more than the file");
	c->copied += size;
	p = arena_alloc(c->arena, size);
	/* Each step gives a sector, so that a circle ends. */
	while (done < size) {
		struct str s;
		size_t n;

		if (start >= h->count)
			return damaged(e, "a stream is cut off");
		s = piece(h, start);
		n = size - done < h->sector ? size - done : h->sector;
		if (s.n < n)
			return damaged(e, "a stream is cut off");
		memcpy(p + done, s.p, n);
		done += n;
		start = h->next[start];
	}
	*out = str_make(p, size);
	return 0;
}

static struct chain
of_file(const struct cfb *c)
{
	return (struct chain){ c->fat, c->fat_count, c->file, c->sector,
		c->sector };
}

/* Sectors of a chain whose size nothing tells: -1 where it runs in a circle. */
static ptrdiff_t
chain_length(const struct chain *h, uint32_t start)
{
	size_t n = 0;

	for (; start < h->count; start = h->next[start])
		if (++n > h->count)
			return -1;
	return (ptrdiff_t)n;
}

static int
read_table(struct cfb *c, uint32_t start, struct str *out, struct err *e)
{
	struct chain h = of_file(c);
	ptrdiff_t n = chain_length(&h, start);

	if (n < 0)
		return damaged(e, "a table runs in a circle");
	/* The last one may be cut off within the file's end. */
	return read_chain(c, &h, start, (size_t)n * c->sector, out, e);
}

/* The numbers of a sector of the table of sectors behind those that are there:
 * no more than the file has sectors. */
static void
add_fat(struct cfb *c, uint32_t at, size_t most)
{
	struct str s = sector(c, at);

	for (size_t i = 0; i + NUMBER <= s.n && c->fat_count < most;
	     i += NUMBER)
		c->fat[c->fat_count++] = number(s, i);
}

static int
read_fat(struct cfb *c, struct err *e)
{
	size_t most = sectors(c), left = number(c->file, 44);
	uint32_t more = number(c->file, 68);
	size_t each = c->sector / NUMBER - 1;

	c->fat = arena_calloc(c->arena, most + 1, sizeof(*c->fat));
	for (size_t i = 0; i < DIFAT && left > 0; i++, left--)
		add_fat(c, number(c->file, 76 + i * NUMBER), most);
	/* One a sector at most: a circle ends. */
	for (size_t n = 0; left > 0 && c->fat_count < most; n++) {
		struct str s = sector(c, more);

		if (s.n < c->sector || n > most)
			return damaged(e, "its table of sectors is incomplete");
		for (size_t i = 0; i < each && left > 0; i++, left--)
			add_fat(c, number(s, i * NUMBER), most);
		more = number(s, each * NUMBER);
	}
	return 0;
}

static void
read_entry(struct cfb_entry *x, struct str s, bool large)
{
	size_t n = half(s, 64) / 2;

	*x = (struct cfb_entry){ .kind = (unsigned char)s.p[66],
		.left = number(s, 68),
		.right = number(s, 72),
		.child = number(s, 76),
		.start = number(s, 116),
		.size = number(s, 120),
		.storage = CFB_NONE };
	/* Of version 3 only the lower half means something. */
	if (large)
		x->size |= (uint64_t)number(s, 124) << 32;
	n = n > NAME ? NAME : n;
	for (size_t i = 0; i + 1 < n; i++) {
		unsigned u = half(s, 2 * i);

		x->name[x->length++] = u > 0 && u < 128 ? (char)u : '?';
	}
}

static int
read_directory(struct cfb *c, struct err *e)
{
	struct str table = STR("");

	if (read_table(c, number(c->file, 48), &table, e) < 0)
		return -1;
	c->count = table.n / ENTRY;
	if (c->count == 0)
		return damaged(e, "it has no directory");
	c->entries = arena_calloc(c->arena, c->count, sizeof(*c->entries));
	for (size_t i = 0; i < c->count; i++)
		read_entry(&c->entries[i], str_sub(table, i * ENTRY, ENTRY),
		    c->sector > HEADER);
	if (c->entries[CFB_ROOT].kind != ROOT)
		return damaged(e, "its directory has no root");
	return 0;
}

/* What lies in a storage: a tree, of which each entry is taken once. */
static void
take_children(struct cfb *c, uint32_t storage, uint32_t *stack)
{
	size_t n = 0;
	uint32_t at = c->entries[storage].child;

	for (;;) {
		struct cfb_entry *x = at < c->count ? &c->entries[at] : NULL;

		if (x != NULL && at != CFB_ROOT && x->storage == CFB_NONE &&
		    (x->kind == STORAGE || x->kind == STREAM)) {
			x->storage = (int)storage;
			c->order[c->order_count++] = (int)at;
			stack[n++] = x->right;
			at = x->left;
			continue;
		}
		if (n == 0)
			return;
		at = stack[--n];
	}
}

static int
compare(const struct cfb_entry *x, int storage, struct str name)
{
	if (x->storage != storage)
		return x->storage < storage ? -1 : 1;
	for (size_t i = 0; i < x->length && i < name.n; i++) {
		unsigned a = (unsigned char)x->name[i];
		unsigned b = (unsigned char)name.p[i];

		a = a >= 'a' && a <= 'z' ? a - 32 : a;
		b = b >= 'a' && b <= 'z' ? b - 32 : b;
		if (a != b)
			return a < b ? -1 : 1;
	}
	return x->length < name.n ? -1 : x->length > name.n;
}

static int
by_place(const void *a, const void *b, void *arg)
{
	const struct cfb *c = arg;
	int i = *(const int *)a, k = *(const int *)b;
	const struct cfb_entry *y = &c->entries[k];
	int rc =
	    compare(&c->entries[i], y->storage, str_make(y->name, y->length));

	return rc != 0 ? rc : i - k;
}

static void
read_tree(struct cfb *c)
{
	uint32_t *stack = arena_calloc(c->arena, c->count + 1, sizeof(*stack));

	c->order = arena_calloc(c->arena, c->count, sizeof(*c->order));
	take_children(c, CFB_ROOT, stack);
	for (size_t i = 0; i < c->order_count; i++)
		if (c->entries[c->order[i]].kind == STORAGE)
			take_children(c, (uint32_t)c->order[i], stack);
	if (c->order_count > 0)
		qsort_r(
		    c->order, c->order_count, sizeof(*c->order), by_place, c);
}

static int
read_mini(struct cfb *c, struct err *e)
{
	const struct cfb_entry *root = &c->entries[CFB_ROOT];
	struct chain h = of_file(c);
	struct str table = STR("");

	if (root->size == 0)
		return 0;
	if (read_table(c, number(c->file, 60), &table, e) < 0 ||
	    read_chain(c, &h, root->start,
		root->size > SIZE_MAX ? SIZE_MAX : (size_t)root->size,
		&c->ministream, e) < 0)
		return -1;
	c->minifat_count = table.n / NUMBER;
	c->minifat =
	    arena_calloc(c->arena, c->minifat_count + 1, sizeof(*c->minifat));
	for (size_t i = 0; i < c->minifat_count; i++)
		c->minifat[i] = number(table, i * NUMBER);
	return 0;
}

int
cfb_open(struct cfb *c, struct str file, struct arena *a, struct err *e)
{
	unsigned shift, mini;

	*c = (struct cfb){ .file = file, .arena = a };
	if (!cfb_is(file) || file.n < HEADER)
		return damaged(e, "it has no whole header");
	shift = half(file, 30);
	mini = half(file, 32);
	if (half(file, 28) != 0xfffe || (shift != 9 && shift != 12) ||
	    mini != 6)
		return damaged(e, "its header is of no version that is known");
	c->sector = (size_t)1 << shift;
	c->mini = (size_t)1 << mini;
	c->cutoff = number(file, 56);
	if (read_fat(c, e) < 0 || read_directory(c, e) < 0 ||
	    read_mini(c, e) < 0)
		return -1;
	read_tree(c);
	return 0;
}

/* The first in c->order that is not before this. */
static size_t
first(const struct cfb *c, int storage, struct str name)
{
	size_t from = 0, to = c->order_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (compare(&c->entries[c->order[middle]], storage, name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

int
cfb_find(const struct cfb *c, int storage, struct str name)
{
	size_t i = first(c, storage, name);

	return i < c->order_count &&
		       compare(&c->entries[c->order[i]], storage, name) == 0
		   ? c->order[i]
		   : CFB_NONE;
}

int
cfb_child(const struct cfb *c, int storage, struct str begin, size_t i)
{
	size_t from = first(c, storage, begin);
	const struct cfb_entry *x;

	if (i >= c->order_count - from)
		return CFB_NONE;
	x = &c->entries[c->order[from + i]];
	return x->storage == storage &&
		       str_starts_nocase(str_make(x->name, x->length), begin)
		   ? c->order[from + i]
		   : CFB_NONE;
}

bool
cfb_is_storage(const struct cfb *c, int entry)
{
	return entry >= 0 && c->entries[entry].kind == STORAGE;
}

int
cfb_read(struct cfb *c, int entry, struct str *out, struct err *e)
{
	const struct cfb_entry *x = &c->entries[entry];
	struct chain h = of_file(c);

	if (x->kind != STREAM || x->size > c->file.n)
		return damaged(e, "a stream is larger than the file");
	if (x->size < c->cutoff)
		h = (struct chain){ c->minifat, c->minifat_count, c->ministream,
			c->mini, 0 };
	return read_chain(c, &h, x->start, (size_t)x->size, out, e);
}
