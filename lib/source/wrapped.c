#include "source/wrapped.h"

#include <stdio.h>

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
emit(struct ingest *in, struct str at, struct json v, struct str beside,
    struct err *e)
{
	struct writer *w;

	if (json_type(v) != JSON_OBJECT)
		return ingest_reject(
		    in, at, "not a JSON object", json_raw(v), e);
	w = ingest_item(in, at);
	write_raw(w, json_raw(v));
	write_member_raw(w, "beside", beside);
	return ingest_item_end(in, e);
}

int
wrapped_ingest(struct ingest *in, struct str at, struct json root,
    struct json name, struct json list, size_t each, struct err *e)
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
		rc = emit(in, str_of(place), v, beside, e);
		if (beside.n > each)
			beside = STR_NONE;
	}
	buf_release(&out);
	arena_release(&arena);
	return rc;
}
