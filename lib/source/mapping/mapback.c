#include "source/mapping/mapback.h"

#include "json/write.h"

enum { STEPS = 16 };

/* "list#3" of a place: a member, and how many lists were gone through in it. */
struct step {
	struct str name;
	unsigned lists;
};

/* The steps of a place that have a name; 0 where there is none, or too many. */
static size_t
read_place(struct str at, struct step *steps)
{
	size_t n = 0;

	while (at.p != NULL) {
		struct str one = str_split(&at, '/');
		struct str name = str_split(&one, '#');

		/* Where in the file its object begins, or which it is there. */
		if (n == 0 && str_is_digits(name))
			continue;
		if (n == 0 && name.n == 0)
			continue;
		if (name.n == 0 || n == STEPS)
			return 0;
		steps[n] = (struct step){ .name = name };
		while (one.p != NULL) {
			steps[n].lists++;
			str_split(&one, '#');
		}
		n++;
	}
	return n;
}

/* What stood around the item, but the list that it stood in. */
static void
write_around(
    struct writer *w, struct json beside, struct str list, struct arena *a)
{
	struct json_iter it = json_each(beside);
	struct json key, v;

	while (json_type(beside) == JSON_OBJECT && json_next(&it, &key, &v)) {
		struct str name = json_str(key, a);

		if (str_eq(name, list))
			continue;
		write_key_str(w, name);
		write_raw(w, json_raw(v));
	}
}

static void
write_native(struct writer *w, const struct normalize *n,
    const struct step *steps, size_t count, struct arena *a)
{
	struct json beside = json_get(n->root, "beside");

	write_object(w);
	for (size_t i = 0; i < count; i++) {
		if (i + 1 == count)
			write_around(w, beside, steps[i].name, a);
		write_key_str(w, steps[i].name);
		for (unsigned k = 0; k < steps[i].lists; k++)
			write_list(w);
		if (i + 1 < count)
			write_object(w);
	}
	write_raw(w, json_raw(json_get(n->root, "native")));
	for (size_t i = count; i-- > 0;) {
		for (unsigned k = 0; k < steps[i].lists; k++)
			write_list_end(w);
		write_object_end(w);
	}
}

bool
mapback_line(const struct normalize *n, struct arena *a, struct buf *out)
{
	struct json_iter it = json_each(n->root);
	struct step steps[STEPS];
	struct json key, v;
	struct writer w;
	size_t count = read_place(
	    json_str(json_get(json_get(n->root, "source"), "at"), a), steps);

	if (count == 0)
		return false;
	buf_reset(out);
	write_init(&w, out);
	write_object(&w);
	while (json_next(&it, &key, &v)) {
		if (json_is(key, "beside"))
			continue;
		write_key_str(&w, json_str(key, a));
		if (json_is(key, "native"))
			write_native(&w, n, steps, count, a);
		else
			write_raw(&w, json_raw(v));
	}
	write_object_end(&w);
	return !out->over;
}
