#include "source/wrapped.h"

#include <stdio.h>

#include "core/diag.h"
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

/* Each object of the list in root, which stands at this place, empty where it
 * is all of the file. */
static int
emit_list(struct ingest *in, struct str at, struct json root,
    const struct wrapped_found *found, size_t each, struct err *e)
{
	struct json_iter it = json_each(found->list);
	struct arena arena = { 0 };
	struct str label = json_str(found->name, &arena), beside;
	struct buf out;
	struct json v;
	char place[NAMES_MAX + 96];
	size_t n = 0;
	int rc = 0;

	if (label.n > NAMES_MAX)
		label.n = 0;
	buf_init(&out, BESIDE_MAX);
	beside = others(root, found->name, &arena, &out);
	if (out.over)
		diag(DIAG_WARN, in->file,
		    "more than %d bytes beside a list: they are not with its "
		    "items",
		    BESIDE_MAX);
	while (rc == 0 && json_next(&it, NULL, &v)) {
		snprintf(place, sizeof(place), "%.*s%s%.*s#%zu", STR_ARG(at),
		    at.n > 0 ? "/" : "", STR_ARG(label), ++n);
		rc = emit(in, str_of(place), v, found->as, beside, e);
		if (beside.n > each)
			beside = STR_NONE;
	}
	buf_release(&out);
	arena_release(&arena);
	return rc;
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

/*
 * What can be read of an object whose end is missing or broken: each object
 * of the list that it holds, and a reject for the rest.
 */
static int
salvage(struct ingest *in, const struct cut_item *bad, const char *why,
    const struct wrapped *how, struct err *e)
{
	struct str name = STR_NONE, left;
	size_t from = bad->text.n == 0 || how->lists == NULL
			  ? SIZE_MAX
			  : json_peek_list(bad->text, how->lists, &name);
	char place[NAMES_MAX + 96];
	struct json_cut *c;
	struct cut_item item;
	struct input *file;
	struct err broken;
	int rc;

	if (from >= bad->text.n)
		return ingest_reject(in, bad->at, why, bad->text, e);
	left = str_sub(bad->text, from, bad->text.n);
	file = input_from_bytes("", &left, in->max_item, e);
	if (file == NULL)
		return -1;
	c = json_cut_new();
	rc = json_cut_begin(c, file, in->max_item, e);
	while (rc == 0 && json_cut_next(c, &item, &broken) == CUT_ITEM &&
	       json_cut_in_list(c)) {
		place_in(place, sizeof(place), bad->at, name, item.at);
		rc = emit(
		    in, str_of(place), item.value, how->as(name), STR_NONE, e);
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

/* The list in an object that only wraps it (source/json/within.h), whose items are
 * what its first is; else what the object was told for. */
static struct wrapped_found
within(const struct ingest *in, struct json root, const struct wrapped *how,
    struct wrapped_found told)
{
	struct json_iter it = json_each(root);
	struct json key, v, first;

	while (in->within[0] != '\0' && json_next(&it, &key, &v)) {
		struct json_iter in_list = json_each(v);

		if (!json_is(key, in->within) || json_type(v) != JSON_LIST ||
		    !json_next(&in_list, NULL, &first))
			continue;
		how->tell(first, false, &told);
		told.name = key;
		told.list = v;
	}
	return told;
}

static int
take_item(struct ingest *in, struct json_cut *c, const struct cut_item *item,
    bool first, const struct wrapped *how, struct err *e)
{
	struct wrapped_found found = { .list = JSON_ABSENT };
	int more = first && !json_cut_in_list(c) ? json_cut_more(c, e) : 1;

	if (more < 0)
		return -1;
	if (json_type(item->value) != JSON_OBJECT)
		return ingest_reject(
		    in, item->at, "not a JSON object", item->text, e);
	how->tell(item->value, more == 0, &found);
	if (found.list.doc == NULL)
		found = within(in, item->value, how, found);
	if (found.list.doc == NULL)
		return emit(in, item->at, item->value, found.as, STR_NONE, e);
	return emit_list(in, more == 0 ? STR("") : item->at, item->value,
	    &found, how->each, e);
}

int
wrapped_read(struct ingest *in, struct input *file, const struct wrapped *how,
    struct err *e)
{
	struct json_cut *c = json_cut_new();
	struct cut_item item;
	enum cut_result got = CUT_END;
	struct err why;
	bool first = true;
	int rc = json_cut_begin(c, file, in->max_item, e);

	while (rc == 0 && (got = json_cut_next(c, &item, &why)) > 0) {
		rc = got == CUT_ITEM ? take_item(in, c, &item, first, how, e)
				     : salvage(in, &item, why.msg, how, e);
		first = false;
	}
	if (rc == 0 && got == CUT_FAIL)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	json_cut_free(c);
	return rc;
}

int
wrapped_each(struct ingest *in, struct input *file,
    int (*each)(void *arg, const struct cut_item *item, struct err *e),
    void *arg, struct err *e)
{
	struct json_cut *c = json_cut_new();
	struct cut_item item;
	enum cut_result got = CUT_END;
	struct err why;
	int rc = json_cut_begin(c, file, in->max_item, e);

	while (rc == 0 && (got = json_cut_next(c, &item, &why)) > 0)
		rc = got == CUT_ITEM
			 ? each(arg, &item, e)
			 : ingest_reject(in, item.at, why.msg, item.text, e);
	if (rc == 0 && got == CUT_FAIL)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	json_cut_free(c);
	return rc;
}
