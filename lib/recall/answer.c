#include "recall/answer.h"

#include "json/write.h"
#include "recall/personpage.h"

enum { PAGE_BYTES = 1 << 20 };

/* Other ids of the person. */
struct aliases {
	struct arena arena;
	struct str *v;
	size_t n;
};

static int
aliases_read(struct aliases *x, const struct answer *a, struct err *e)
{
	return recaller_aliases(
	    a->recaller, context_person(a->known), &x->arena, &x->v, &x->n, e);
}

static void
write_json(
    const struct answer *a, const struct aliases *aliases, struct buf *out)
{
	struct writer w;

	write_init(&w, out);
	write_object(&w);
	write_member(&w, "who", a->who);
	write_member(&w, "person", context_person(a->known));
	write_member_strs(&w, "aliases", aliases->v, aliases->n);
	recaller_members(a->recaller, a->known, a->as_of, &w);
	write_object_end(&w);
}

static void
write_page(
    const struct answer *a, const struct aliases *aliases, struct buf *out)
{
	struct writer w;
	struct buf members;

	buf_init(&members, PAGE_BYTES);
	write_init(&w, &members);
	write_object(&w);
	recaller_members(a->recaller, a->known, a->as_of, &w);
	write_object_end(&w);
	person_page_write(out,
	    &(struct person_page){ buf_str(&members), context_person(a->known),
		aliases->v, aliases->n, a->as_of });
	buf_release(&members);
}

int
answer_json(const struct answer *a, struct sink *out, struct err *e)
{
	struct aliases aliases = { 0 };
	int rc = aliases_read(&aliases, a, e);

	if (rc == 0) {
		write_json(a, &aliases, sink_out(out));
		rc = sink_commit(out, e);
	}
	arena_release(&aliases.arena);
	return rc;
}

int
answer_page(const struct answer *a, struct sink *out, struct err *e)
{
	struct aliases aliases = { 0 };
	int rc = aliases_read(&aliases, a, e);

	if (rc == 0) {
		write_page(a, &aliases, sink_out(out));
		rc = sink_commit_text(out, e);
	}
	arena_release(&aliases.arena);
	return rc;
}
