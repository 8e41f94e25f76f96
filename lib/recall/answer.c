#include "recall/answer.h"

#include "json/write.h"
#include "recall/personpage.h"

enum { PAGE_BYTES = 1 << 20 };

void
answer_json(const struct answer *a, struct buf *out)
{
	struct writer w;

	write_init(&w, out);
	write_object(&w);
	write_member(&w, "person", context_person(a->known));
	write_member_strs(&w, "aliases", a->aliases, a->n);
	recaller_members(a->recaller, a->known, a->as_of, &w);
	write_object_end(&w);
}

void
answer_page(const struct answer *a, struct buf *out)
{
	struct writer w;
	struct buf members;

	buf_init(&members, PAGE_BYTES);
	write_init(&w, &members);
	write_object(&w);
	recaller_members(a->recaller, a->known, a->as_of, &w);
	write_object_end(&w);
	person_page_write(
	    out, &(struct person_page){ buf_str(&members),
		     context_person(a->known), a->aliases, a->n, a->as_of });
	buf_release(&members);
}
