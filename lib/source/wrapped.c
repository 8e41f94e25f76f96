#include "source/wrapped.h"

#include <stdio.h>

#include "source/peek.h"

enum {
	NAMES_MAX = 512, /* bytes of a list's name in source.at */
	BESIDE_MAX = 1 << 20,
};

/* The members beside the list, as an object. */
static struct str
others(struct json root, struct json name, struct arena *a, struct buf *out)
{
	struct json_iter it = json_each(root);
	struct json key, v;
	struct writer w;

	if (json_count(root) < 2)
		return STR_NONE;
	write_init(&w, out);
	write_object(&w);
	while (json_next(&it, &key, &v)) {
		if (str_eq(json_raw(key), json_raw(name)))
			continue;
		write_key_str(&w, json_str(key, a));
		write_raw(&w, json_raw(v));
	}
	write_object_end(&w);
	return out->over ? STR_NONE : buf_str(out);
}

static int
emit(struct ingest *in, struct str at, struct json v, const char *as,
    struct str beside, struct err *e)
{
	struct writer *w;

	if (json_type(v) != JSON_OBJECT)
		return ingest_reject(
		    in, at, "not a JSON object", json_raw(v), e);
	w = ingest_item(in, at);
	if (as != NULL)
		write_object(w);
	if (as != NULL)
		write_key(w, as);
	write_raw(w, json_raw(v));
	if (as != NULL)
		write_object_end(w);
	write_member_raw(w, "beside", beside);
	return ingest_item_end(in, e);
}

int
wrapped_ingest(struct ingest *in, struct str at, struct json root,
    struct json name, struct json list, const char *as, size_t each,
    struct err *e)
{
	struct json_iter it = json_each(list);
	struct arena arena = { 0 };
	struct str label = json_str(name, &arena), beside;
	struct buf out;
	struct json v;
	char place[NAMES_MAX + 96];
	size_t n = 0;
	int rc = 0;

	if (label.n > NAMES_MAX)
		label.n = 0;
	buf_init(&out, BESIDE_MAX);
	beside = others(root, name, &arena, &out);
	while (rc == 0 && json_next(&it, NULL, &v)) {
		snprintf(place, sizeof(place), "%.*s%s%.*s#%zu", STR_ARG(at),
		    at.n > 0 ? "/" : "", STR_ARG(label), ++n);
		rc = emit(in, str_of(place), v, as, beside, e);
		if (beside.n > each)
			beside = STR_NONE;
	}
	buf_release(&out);
	arena_release(&arena);
	return rc;
}

/* An input over bytes in memory. */
static ptrdiff_t
take(void *arg, void *p, size_t n, struct err *e)
{
	struct str *left = arg;

	(void)e;
	if (n > left->n)
		n = left->n;
	if (n > 0)
		memcpy(p, left->p, n);
	*left = str_sub(*left, n, left->n);
	return (ptrdiff_t)n;
}

static void
place_in(
    char *out, size_t size, struct str at, struct str name, struct str item)
{
	if (name.n > NAMES_MAX)
		name.n = 0;
	snprintf(out, size, "%.*s/%.*s%.*s", STR_ARG(at), STR_ARG(name),
	    STR_ARG(item));
}

int
wrapped_salvage(struct ingest *in, const struct cut_item *bad, const char *why,
    const char *const *names,
    int (*emit_one)(struct ingest *in, struct str at, struct str list,
	struct json v, struct err *e),
    struct err *e)
{
	struct str name = STR_NONE, left;
	size_t from = bad->text.n == 0
			  ? SIZE_MAX
			  : json_peek_list(bad->text, names, &name);
	char place[NAMES_MAX + 96];
	struct json_cut *c;
	struct cut_item item;
	struct input *file;
	struct err broken;
	int rc;

	if (from >= bad->text.n)
		return ingest_reject(in, bad->at, why, bad->text, e);
	left = str_sub(bad->text, from, bad->text.n);
	file = input_from("", take, &left, in->max_item, e);
	if (file == NULL)
		return -1;
	c = json_cut_new();
	rc = json_cut_begin(c, file, in->max_item, e);
	while (rc == 0 && json_cut_next(c, &item, &broken) == CUT_ITEM &&
	       json_cut_in_list(c)) {
		place_in(place, sizeof(place), bad->at, name, item.at);
		rc = emit_one(in, str_of(place), name, item.value, e);
		item.text = STR("");
	}
	if (rc == 0) {
		place_in(place, sizeof(place), bad->at, name, item.at);
		rc = ingest_reject(in, str_of(place), why, item.text, e);
	}
	json_cut_free(c);
	input_close(file);
	return rc;
}
