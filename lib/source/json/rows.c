/*
 * Any JSON as native rows: the items of a list, objects one behind the other
 * or one a line, one object, or the one list of objects within an object (as
 * most APIs answer).  normalize --map gives them a meaning.
 */
#include "source/cut.h"
#include "source/item.h"
#include "source/json/items.h"
#include "source/peek.h"
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
static void
tell(struct json root, bool alone, struct wrapped_found *out)
{
	static const char *const ids[] = { "id", "uuid", "_id", "key", "sid",
		NULL };
	struct json_iter it = json_each(root);
	struct json key, v, list = JSON_ABSENT;
	size_t lists = 0;

	if (!alone)
		return;
	for (size_t i = 0; ids[i] != NULL; i++)
		if (json_type(json_get(root, ids[i])) != JSON_NONE)
			return;
	while (json_next(&it, &key, &v)) {
		if (json_type(v) != JSON_LIST || json_count(v) == 0)
			continue;
		lists++;
		if (all_objects(v)) {
			list = v;
			out->name = key;
		}
	}
	if (lists == 1)
		out->list = list;
}

static int
json_read(struct ingest *in, struct input *file, struct err *e)
{
	static const struct wrapped how = { .tell = tell, .each = BESIDE_EACH };

	return in->items_path != NULL ? items_read(in, file, e)
				      : wrapped_read(in, file, &how, e);
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

	s = peek_unmarked(s);
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
