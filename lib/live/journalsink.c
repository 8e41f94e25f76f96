/*
 * From formats into the journal, and from there to the output: items pass as
 * they are, rejects become an object.
 */
#include "core/text/base64.h"
#include "core/text/utf8.h"
#include "json/json.h"
#include "json/write.h"
#include "live/journal.h"

static struct journal *
journal_of(struct sink *s)
{
	return (struct journal *)(void *)((char *)s -
					  offsetof(struct journal, sink));
}

static int
on_flush(struct sink *s, struct err *e)
{
	struct journal *j = journal_of(s);
	struct str rest = str_make(j->out.p, s->mark);
	int rc = 0;

	while (rc == 0 && rest.n > 0)
		rc = journal_add(j, JOURNAL_ITEM, str_split(&rest, '\n'), e);
	if (s->mark > 0)
		memmove(j->out.p, j->out.p + s->mark, j->out.n - s->mark);
	j->out.n -= s->mark;
	s->mark = 0;
	return rc;
}

static int
on_reject(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	struct writer w;
	struct buf b;
	int rc;

	if (on_flush(s, e) < 0)
		return -1;
	buf_init(&b, JOURNAL_ENTRY);
	write_init(&w, &b);
	write_object(&w);
	write_member(&w, "reason", str_of(why));
	write_member(&w, "file", file);
	write_member(&w, "at", at);
	if (utf8_is_valid(bytes)) {
		write_member(&w, "text", bytes.p == NULL ? STR("") : bytes);
	} else {
		write_key(&w, "base64");
		buf_add_char(&b, '"');
		base64_add(&b, bytes);
		buf_add_char(&b, '"');
	}
	buf_add_char(&b, '}');
	rc = journal_add(journal_of(s), JOURNAL_REJECT, buf_str(&b), e);
	buf_release(&b);
	return rc;
}

struct sink *
journal_sink(struct journal *j)
{
	static const struct sink_owner owner = {
		.flush = on_flush,
		.reject = on_reject,
	};

	if (j->sink.owner == NULL)
		j->sink = (struct sink){
			.owner = &owner,
			.out = &j->out,
			.block = (size_t)1 << 20,
		};
	return &j->sink;
}

struct giving {
	struct sink *to;
	struct json_doc *doc;
	struct arena arena;
};

static int
give_reject(struct giving *g, struct str text, struct err *e)
{
	struct json root, bytes;
	struct str s, why, file, at;
	char *decoded;

	arena_reset(&g->arena);
	if (json_parse(g->doc, text, &root, e) < 0)
		return err_prefix(e, "a reject in the journal");
	bytes = json_get(root, "base64");
	s = json_str(json_get(root, "text"), &g->arena);
	if (json_type(bytes) == JSON_STRING) {
		s = json_str(bytes, &g->arena);
		decoded = arena_alloc(&g->arena, BASE64_DECODED(s.n));
		s = str_make(decoded, base64_decode(s, decoded));
	}
	why = json_str(json_get(root, "reason"), &g->arena);
	file = json_str(json_get(root, "file"), &g->arena);
	at = json_str(json_get(root, "at"), &g->arena);
	return sink_reject(g->to, file.p == NULL ? STR("") : file,
	    at.p == NULL ? STR("") : at, arena_cstr(&g->arena, why), s, e);
}

static int
give_entry(void *arg, enum journal_kind kind, struct str text, struct err *e)
{
	struct giving *g = arg;

	sink_count_in(g->to);
	if (kind == JOURNAL_REJECT)
		return give_reject(g, text, e);
	buf_add_str(sink_out(g->to), text);
	return sink_commit(g->to, e);
}

int
journal_give(struct journal *j, uint64_t from, struct sink *to, struct err *e)
{
	struct giving g = { .to = to, .doc = json_doc_new() };
	int rc = journal_read(j, from, give_entry, &g, e);

	json_doc_free(g.doc);
	arena_release(&g.arena);
	return rc;
}
