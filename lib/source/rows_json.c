/*
 * Any JSON as native rows: the items of a list, objects one behind the other
 * or one a line, one object, or the one list of objects within an object (as
 * most APIs answer).  normalize --map gives them a meaning.
 */
#include "source/cut.h"
#include "source/source.h"
#include "source/wrapped.h"

enum {
	BESIDE_EACH = 1024, /* bytes beside a list that every row repeats; more
			       goes with the first alone */
};

static bool
all_objects(struct json list)
{
	struct json_iter it = json_each(list);
	struct json v;
	size_t n = 0;

	while (json_next(&it, NULL, &v)) {
		if (json_type(v) != JSON_OBJECT)
			return false;
		n++;
	}
	return n > 0;
}

/*
 * The one list of objects in an object that is only its wrapper: what has an
 * id of its own or another list or object beside is a thing, not a wrapper.
 */
static struct json
wrapped_list(struct json root, struct json *name)
{
	static const char *const ids[] = { "id", "uuid", "_id", "key", "sid",
		NULL };
	struct json_iter it = json_each(root);
	struct json key, v, list = JSON_ABSENT;
	size_t lists = 0;

	for (size_t i = 0; ids[i] != NULL; i++)
		if (json_type(json_get(root, ids[i])) != JSON_NONE)
			return JSON_ABSENT;
	while (json_next(&it, &key, &v)) {
		if (json_type(v) != JSON_LIST || json_count(v) == 0)
			continue;
		lists++;
		if (all_objects(v)) {
			list = v;
			*name = key;
		}
	}
	return lists == 1 ? list : JSON_ABSENT;
}

static int
emit(struct ingest *in, struct str at, struct str text, struct err *e)
{
	write_raw(ingest_item(in, at), text);
	return ingest_item_end(in, e);
}

static int
emit_item(struct ingest *in, struct json_cut *c, const struct cut_item *item,
    bool first, struct err *e)
{
	struct json name = JSON_ABSENT, list = JSON_ABSENT;
	int more = first && !json_cut_in_list(c) ? json_cut_more(c, e) : 1;

	if (more < 0)
		return -1;
	if (json_type(item->value) != JSON_OBJECT)
		return ingest_reject(
		    in, item->at, "not a JSON object", item->text, e);
	if (more == 0)
		list = wrapped_list(item->value, &name);
	if (json_type(list) == JSON_NONE)
		return emit(in, item->at, item->text, e);
	return wrapped_ingest(
	    in, STR(""), item->value, name, list, NULL, BESIDE_EACH, e);
}

static int
json_read(struct ingest *in, struct input *file, struct err *e)
{
	struct json_cut *c = json_cut_new();
	struct cut_item item;
	enum cut_result got = CUT_END;
	struct err why;
	bool first = true;
	int rc = json_cut_begin(c, file, in->max_item, e);

	while (rc == 0 && (got = json_cut_next(c, &item, &why)) > 0) {
		rc = got == CUT_ITEM
			 ? emit_item(in, c, &item, first, e)
			 : ingest_reject(in, item.at, why.msg, item.text, e);
		first = false;
	}
	if (rc == 0 && got == CUT_FAIL)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	json_cut_free(c);
	return rc;
}

/* What opens as a list or an object, with a quote or its end behind. */
static int
json_sniff(const char *base_name, struct str head)
{
	struct str base = str_of(base_name), s = head;
	bool named = str_ends_nocase(base, STR(".json")) ||
		     str_ends_nocase(base, STR(".jsonl")) ||
		     str_ends_nocase(base, STR(".ndjson"));
	char open;

	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_sub(s, 3, s.n);
	s = str_trim(s);
	if (s.n < 2 || (s.p[0] != '{' && s.p[0] != '['))
		return 0;
	open = s.p[0];
	s = str_trim(str_sub(s, 1, s.n));
	if (s.n > 0 && open == '[' && (s.p[0] == '{' || s.p[0] == ']'))
		return named ? 60 : 50;
	if (s.n > 0 && open == '{' && (s.p[0] == '"' || s.p[0] == '}'))
		return named ? 60 : 50;
	return named ? 20 : 0;
}

const struct source_format source_json = {
	.name = "json",
	.about = "any JSON: objects as native rows, for normalize --map",
	.sniff = json_sniff,
	.read = json_read,
};
