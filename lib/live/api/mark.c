#include "live/api/mark.h"

#include <stdlib.h>

#include "core/time.h"
#include "json/json.h"
#include "json/write.h"

bool
mark_is(enum service_cursor kind, struct str value)
{
	bool point = false;
	int64_t t;

	if (kind == CURSOR_TIME)
		return time_parse(value, &t) == 0;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '.' && !point && i > 0)
			point = true;
		else if (value.p[i] < '0' || value.p[i] > '9')
			return false;
	}
	return value.n > 0 && value.p[value.n - 1] != '.';
}

/* Digits before the point, without zeros in front; *fraction, without zeros
 * behind. */
static struct str
digits(struct str s, struct str *fraction)
{
	struct str whole = str_split(&s, '.');

	while (whole.n > 1 && whole.p[0] == '0')
		whole = str_sub(whole, 1, whole.n);
	while (s.n > 0 && s.p[s.n - 1] == '0')
		s.n--;
	*fraction = s;
	return whole;
}

static int
compare_numbers(struct str a, struct str b)
{
	struct str more_a, more_b;
	int rc;

	a = digits(a, &more_a);
	b = digits(b, &more_b);
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	rc = str_cmp(a, b);
	return rc != 0 ? rc : str_cmp(more_a, more_b);
}

int
mark_compare(enum service_cursor kind, struct str a, struct str b)
{
	int64_t x, y;

	if (a.p == NULL || b.p == NULL)
		return (a.p != NULL) - (b.p != NULL);
	if (kind == CURSOR_NUMBER)
		return compare_numbers(a, b);
	if (time_parse(a, &x) < 0 || time_parse(b, &y) < 0)
		return 0;
	return x < y ? -1 : x > y;
}

struct str
mark_before(enum service_cursor kind, struct str value, int64_t seconds,
    struct arena *a)
{
	char text[TIME_SIZE];
	struct str rest = value, whole;
	int64_t n;

	if (value.p == NULL || seconds == 0)
		return value;
	if (kind == CURSOR_TIME) {
		if (time_parse(value, &n) < 0)
			return value;
		n = n > seconds * TIME_SECOND ? n - seconds * TIME_SECOND : 0;
		time_format(n, text);
		return arena_dup(a, str_of(text));
	}
	whole = str_split(&rest, '.');
	if (str_to_int(whole, &n) < 0)
		return value;
	n = n > seconds ? n - seconds : 0;
	return rest.n > 0
		   ? arena_printf(a, "%lld.%.*s", (long long)n, STR_ARG(rest))
		   : arena_printf(a, "%lld", (long long)n);
}

static int
read_hole(struct mark *m, struct json v)
{
	struct mark_hole h = { json_str(json_at(v, 0), &m->arena),
		json_str(json_at(v, 1), &m->arena) };

	if ((h.from.p != NULL && !mark_is(m->kind, h.from)) ||
	    !mark_is(m->kind, h.to))
		return -1;
	if (h.from.p != NULL)
		h.from = arena_dup(&m->arena, h.from);
	h.to = arena_dup(&m->arena, h.to);
	vec_add(&m->holes, h);
	return 0;
}

int
mark_read(struct mark *m, enum service_cursor kind, struct str text)
{
	struct json_doc *doc;
	struct json root, value;
	struct json_iter it;
	struct err e;
	int rc = 0;

	*m = (struct mark){ .kind = kind };
	if (text.p == NULL)
		return 0;
	doc = json_doc_new();
	rc = json_parse_copy(doc, text, &root, &e);
	if (rc == 0) {
		m->done = json_str(json_get(root, "done"), &m->arena);
		if (m->done.p != NULL)
			m->done = arena_dup(&m->arena, m->done);
		rc = m->done.p == NULL || mark_is(kind, m->done) ? 0 : -1;
		it = json_each(json_get(root, "holes"));
		while (rc == 0 && json_next(&it, NULL, &value))
			rc = read_hole(m, value);
	}
	json_doc_free(doc);
	return rc;
}

static void
write_hole(struct writer *w, const struct mark_hole *h)
{
	write_list(w);
	if (h->from.p == NULL)
		write_raw(w, STR("null"));
	else
		write_str(w, h->from);
	write_str(w, h->to);
	write_list_end(w);
}

void
mark_write(const struct mark *m, struct buf *out)
{
	bool list = false;
	struct writer w;

	write_init(&w, out);
	write_object(&w);
	write_member(&w, "done", m->done);
	for (size_t i = 0; i < m->holes.n; i++) {
		/* Where nothing of it was read it will be new again. */
		if (m->holes.v[i].to.p == NULL)
			continue;
		if (!list) {
			write_key(&w, "holes");
			write_list(&w);
		}
		list = true;
		write_hole(&w, &m->holes.v[i]);
	}
	if (list)
		write_list_end(&w);
	write_object_end(&w);
}

void
mark_release(struct mark *m)
{
	vec_release(&m->holes);
	arena_release(&m->arena);
}

void
mark_begin(struct mark *m)
{
	struct mark_hole all = { m->done, STR_NONE };
	size_t n = 0;

	/* What was asked for once more, and is again. */
	for (size_t i = 0; i < m->holes.n; i++) {
		const struct mark_hole *h = &m->holes.v[i];

		if (h->from.p == NULL ||
		    mark_compare(m->kind, h->from, m->done) != 0 ||
		    mark_compare(m->kind, h->to, h->from) > 0)
			m->holes.v[n++] = *h;
	}
	m->holes.n = n;
	vec_add(&m->holes, all);
	for (; n > 0; n--)
		m->holes.v[n] = m->holes.v[n - 1];
	m->holes.v[0] = all;
}

void
mark_take(struct mark *m, size_t hole, struct str latest, struct str earliest)
{
	struct mark_hole *h = &m->holes.v[hole];

	if (mark_compare(m->kind, latest, m->done) > 0)
		m->done = arena_dup(&m->arena, latest);
	if (earliest.p != NULL &&
	    (h->to.p == NULL || mark_compare(m->kind, earliest, h->to) < 0))
		h->to = arena_dup(&m->arena, earliest);
}

void
mark_close(struct mark *m, size_t hole)
{
	for (size_t i = hole; i + 1 < m->holes.n; i++)
		m->holes.v[i] = m->holes.v[i + 1];
	m->holes.n--;
}
