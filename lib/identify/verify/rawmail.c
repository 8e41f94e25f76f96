#include "identify/verify/rawmail.h"

#include "core/text/ascii.h"
#include "core/vec.h"

struct rawfields VEC(struct rawfield);

/* The colon of a line that begins a field, or -1 (RFC 5322, 2.2 and 4.5). */
static ptrdiff_t
colon_of(struct str line)
{
	size_t i = 0;

	while (i < line.n && line.p[i] > ' ' && line.p[i] < 0x7f &&
	       line.p[i] != ':')
		i++;
	if (i == 0)
		return -1;
	while (i < line.n && ascii_is_blank(line.p[i]))
		i++;
	return i < line.n && line.p[i] == ':' ? (ptrdiff_t)i : -1;
}

/* What other readers may take for an end of line or of text. */
static bool
is_odd(struct str line)
{
	return memchr(line.p, '\r', line.n) != NULL ||
	       memchr(line.p, '\0', line.n) != NULL;
}

static void
end_field(struct rawfield *f, const char *end)
{
	f->whole.n = (size_t)(end - f->whole.p);
	f->value.n = (size_t)(end - f->value.p);
}

int
rawmail_read(struct str raw, struct arena *a, struct rawmail *out)
{
	struct rawfields list = { 0 };
	struct str rest = raw;

	*out = (struct rawmail){ .body = STR("") };
	while (rest.n > 0) {
		struct str line = str_line(&rest);
		ptrdiff_t colon;
		struct rawfield *f;

		if (line.n == 0) {
			if (rest.p != NULL)
				out->body = rest;
			break;
		}
		if (is_odd(line) ||
		    (size_t)(line.p + line.n - raw.p) > RAWMAIL_HEADER)
			return -1;
		if (ascii_is_blank(line.p[0])) {
			if (list.n == 0)
				return -1;
			end_field(&list.v[list.n - 1], line.p + line.n);
			continue;
		}
		colon = colon_of(line);
		if (colon < 0 || list.n == RAWMAIL_FIELDS)
			return -1;
		vec_room_in(a, &list, 1);
		f = &list.v[list.n++];
		f->name = str_trim_right(str_sub(line, 0, (size_t)colon));
		f->whole.p = line.p;
		f->value.p = line.p + colon + 1;
		end_field(f, line.p + line.n);
	}
	out->v = list.v;
	out->n = list.n;
	return 0;
}

const struct rawfield *
rawmail_find(const struct rawmail *m, struct str name, size_t *count)
{
	const struct rawfield *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].name.n != name.n ||
		    !str_eq_nocase(m->v[i].name, name))
			continue;
		if (n++ == 0)
			first = &m->v[i];
	}
	if (count != NULL)
		*count = n;
	return first;
}

struct str
rawfield_unfolded(const struct rawfield *f, struct arena *a)
{
	char *to = arena_alloc(a, f->value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < f->value.n; i++)
		if (f->value.p[i] != '\r' && f->value.p[i] != '\n')
			to[n++] = f->value.p[i];
	return str_trim(str_make(to, n));
}
