#include "source/item.h"

enum {
	REJECT_BYTES = 64 << 10, /* of an item */
	PROGRESS_EVERY = 256, /* items between two looks at the progress */
};

struct writer *
ingest_item(struct ingest *in, struct str at)
{
	struct writer *w = &in->writer;
	struct buf *out = sink_out(in->sink);
	size_t n = at.n < sizeof(in->at) ? at.n : sizeof(in->at) - 1;

	memcpy(in->at, at.p, n);
	in->at[n] = '\0';
	sink_count_in(in->sink);
	/* In few pieces: of no other bytes are there so many. */
	buf_add_str(out, STR("{\"source\":{\"format\":\""));
	buf_add_z(out, in->format->name);
	buf_add_str(out, STR("\",\"file\":\""));
	write_escaped(out, str_of(in->file));
	buf_add_str(out, STR("\",\"at\":\""));
	write_escaped(out, at);
	buf_add_str(out, STR("\"},\"native\":"));
	write_init_within(w, out);
	return w;
}

int
ingest_item_end(struct ingest *in, struct err *e)
{
	write_object_end(&in->writer);
	if (in->input != NULL && ++in->items % PROGRESS_EVERY == 0)
		sink_progress(
		    in->sink, input_bytes(in->input), input_size(in->input));
	if (!sink_out(in->sink)->over)
		return sink_commit(in->sink, e);
	sink_rollback(in->sink);
	return sink_reject(in->sink, str_of(in->file), str_of(in->at),
	    "too long as a line; --max-line gives it more room", STR(""), e);
}

int
ingest_reject(struct ingest *in, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	struct str name = str_of(in->file);

	/* What could not be opened says its name: once is enough. */
	if (str_starts(str_of(why), name) &&
	    strncmp(why + name.n, ": ", 2) == 0)
		why += name.n + 2;
	sink_rollback(in->sink);
	sink_count_in(in->sink);
	return sink_reject(in->sink, str_of(in->file), at, why,
	    str_sub(bytes, 0, REJECT_BYTES), e);
}

struct message *
normalize_begin(struct normalize *n)
{
	message_init(&n->message);
	n->message.source = n->source;
	n->message.native = n->native;
	return &n->message;
}

int
ingest_tree_next(struct ingest *in, struct tree *tree, bool quiet,
    const char **name, struct err *e)
{
	const char *next;
	struct err why;
	int got;

	while ((got = tree_next(tree, &next, &why)) != 0) {
		if (got > 0 && !tree_is_litter(next)) {
			*name = next;
			return 1;
		}
		if (quiet)
			continue;
		if (got > 0)
			sink_sum(in->sink, "system files left out", 1);
		else if (ingest_reject(in, STR(""), why.msg, STR(""), e) < 0)
			return -1;
	}
	return 0;
}
