/*
 * Calls of Segment's tracking API, as its libraries send them and its
 * destinations and look-alikes store them: one a line, in a list, or in the
 * batches of HTTP bodies.  What stands in a batch beside its calls belongs to
 * each of them and goes with it as `beside`.
 */
#include "source/segment/segment.h"

#include "source/cut.h"
#include "source/peek.h"
#include "source/wrapped.h"

enum {
	BESIDE_EACH = 64 << 10, /* of a batch, that each of its calls repeats */
	WRAPPERS = 8, /* members of the first object that are looked into */
};

/* What has been seen of the objects that could be a call. */
struct look {
	struct str within[WRAPPERS];
	bool kind[WRAPPERS], who[WRAPPERS], more[WRAPPERS];
	size_t n;
};

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
	l->who[i] |= str_is_one_of(p->name, who);
	l->more[i] |= str_is_one_of(p->name, more);
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

/* A call, or what is none and holds a list of them: `batch`, or the first
 * whose first object is a call. */
static void
tell(struct json root, bool alone, struct wrapped_found *out)
{
	struct json_iter it = json_each(root);
	struct arena a = { 0 };
	struct json key, v;

	(void)alone;
	if (segment_kind(json_str(json_get(root, "type"), &a)) != SEGMENT_NONE)
		goto out;
	while (out->list.doc == NULL && json_next(&it, &key, &v)) {
		struct json type = json_get(json_at(v, 0), "type");

		if (json_type(v) == JSON_LIST &&
		    (json_is(key, "batch") ||
			segment_kind(json_str(type, &a)) != SEGMENT_NONE)) {
			out->list = v;
			out->name = key;
		}
	}
out:
	arena_release(&a);
}

static const char *
as_itself(struct str list)
{
	(void)list;
	return NULL;
}

static int
segment_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const lists[] = { "batch", NULL };
	static const struct wrapped how = { tell, BESIDE_EACH, lists,
		as_itself };

	return wrapped_read(in, file, &how, e);
}

const struct source_format source_segment = {
	.name = "segment",
	.about = "Segment calls: track, identify, page, screen, group, alias",
	.sniff = segment_sniff,
	.most = 85,
	.read = segment_read,
	.normalize = segment_normalize,
};
