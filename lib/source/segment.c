/*
 * Calls of Segment's tracking API, as its libraries send them and its
 * destinations and look-alikes store them: one a line, in a list, or in the
 * batches of HTTP bodies.  What stands in a batch beside its calls belongs to
 * each of them and goes with it as `beside`.
 */
#include "source/segment.h"

#include "source/cut.h"
#include "source/localtime.h"
#include "source/peek.h"
#include "source/wrapped.h"

enum {
	BESIDE_EACH = 64 << 10, /* of a batch, that each of its calls repeats */
	WRAPPERS = 8, /* members of the first object that are looked into */
};

enum segment_kind
segment_kind(struct str type)
{
	static const char *const names[] = {
		[SEGMENT_TRACK] = "track",
		[SEGMENT_IDENTIFY] = "identify",
		[SEGMENT_PAGE] = "page",
		[SEGMENT_SCREEN] = "screen",
		[SEGMENT_GROUP] = "group",
		[SEGMENT_ALIAS] = "alias",
	};

	for (int i = SEGMENT_TRACK; i <= SEGMENT_ALIAS; i++)
		if (str_is(type, names[i]))
			return (enum segment_kind)i;
	return SEGMENT_NONE;
}

/* What has been seen of the objects that could be a call. */
struct look {
	struct str within[WRAPPERS];
	bool kind[WRAPPERS], who[WRAPPERS], more[WRAPPERS];
	size_t n;
};

static bool
is_one_of(struct str s, const char *const *names)
{
	for (; *names != NULL; names++)
		if (str_is(s, *names))
			return true;
	return false;
}

static void
see(void *arg, const struct peeked *p)
{
	static const char *const who[] = { "userId", "anonymousId",
		"previousId", NULL };
	static const char *const more[] = { "messageId", "timestamp",
		"originalTimestamp", "sentAt", "receivedAt", "context",
		"properties", "traits", "event", NULL };
	struct look *l = arg;
	size_t i = 0;

	while (i < l->n && !str_eq(l->within[i], p->within))
		i++;
	if (i == WRAPPERS)
		return;
	if (i == l->n)
		l->within[l->n++] = p->within;
	if (str_is(p->name, "type") && segment_kind(p->text) != SEGMENT_NONE)
		l->kind[i] = true;
	l->who[i] |= is_one_of(p->name, who);
	l->more[i] |= is_one_of(p->name, more);
}

static int
segment_sniff(const char *base_name, struct str head)
{
	struct look l = { .n = 0 };

	(void)base_name;
	json_peek(head, see, &l);
	for (size_t i = 0; i < l.n; i++)
		if (l.kind[i] && l.who[i] && l.more[i])
			return 85;
	return 0;
}

/* The list of calls in what is none itself; `batch`, or the first whose first
 * object is a call. */
static struct json
find_batch(struct json root, struct json *name)
{
	struct json_iter it = json_each(root);
	struct arena a = { 0 };
	struct json key, v, found = JSON_ABSENT;

	if (json_type(root) != JSON_OBJECT ||
	    segment_kind(json_str(json_get(root, "type"), &a)) != SEGMENT_NONE)
		return JSON_ABSENT;
	while (found.doc == NULL && json_next(&it, &key, &v)) {
		struct json type = json_get(json_at(v, 0), "type");

		if (json_type(v) == JSON_LIST &&
		    (json_is(key, "batch") ||
			segment_kind(json_str(type, &a)) != SEGMENT_NONE)) {
			found = v;
			*name = key;
		}
	}
	arena_release(&a);
	return found;
}

static int
emit_item(struct ingest *in, struct json_cut *c, const struct cut_item *item,
    bool first, struct err *e)
{
	struct json name = JSON_ABSENT, list = find_batch(item->value, &name);
	int more;

	if (json_type(item->value) != JSON_OBJECT)
		return ingest_reject(
		    in, item->at, "not a JSON object", item->text, e);
	if (list.doc == NULL) {
		write_raw(ingest_item(in, item->at), item->text);
		return ingest_item_end(in, e);
	}
	more = first && !json_cut_in_list(c) ? json_cut_more(c, e) : 1;
	if (more < 0)
		return -1;
	return wrapped_ingest(in, more == 0 ? STR("") : item->at, item->value,
	    name, list, NULL, BESIDE_EACH, e);
}

static int
emit_salvaged(struct ingest *in, struct str at, struct str list, struct json v,
    struct err *e)
{
	(void)list;
	write_raw(ingest_item(in, at), json_raw(v));
	return ingest_item_end(in, e);
}

static int
segment_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const lists[] = { "batch", NULL };
	struct json_cut *c = json_cut_new();
	struct cut_item item;
	enum cut_result got = CUT_END;
	struct err why;
	bool first = true;
	int rc = json_cut_begin(c, file, in->max_item, e);

	while (rc == 0 && (got = json_cut_next(c, &item, &why)) > 0) {
		rc = got == CUT_ITEM ? emit_item(in, c, &item, first, e)
				     : wrapped_salvage(in, &item, why.msg,
					   lists, emit_salvaged, e);
		first = false;
	}
	if (rc == 0 && got == CUT_FAIL)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	json_cut_free(c);
	return rc;
}

const struct source_format source_segment = {
	.name = "segment",
	.about = "Segment calls: track, identify, page, screen, group, alias",
	.sniff = segment_sniff,
	.read = segment_read,
	.normalize = segment_normalize,
	.done = local_done,
};
