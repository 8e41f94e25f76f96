#include "recall/asked.h"

#include "core/diag.h"
#include "recall/answer.h"
#include "recall/lookup.h"

int
asked_one(const struct asked *q, const char *typed, bool json, struct sink *out,
    bool *known, struct err *e)
{
	struct answer a = { .recaller = q->recaller, .as_of = q->now };
	int rc = q->search != NULL
		     ? search_known(q->search, q->recaller, &a.known, e)
		     : recaller_find(q->recaller, str_of(typed), q->region,
			   q->as_of, &a.known, e);

	*known = rc == 0 && a.known != NULL;
	if (rc != 0)
		e->code = ERR_FAIL; /* it was all that was asked */
	if (rc == 0 && !*known)
		diag(DIAG_NOTE, NULL, "%s: nobody is known by that%s", typed,
		    lookup_hint(str_of(typed), q->region));
	if (!*known)
		return rc;
	return json ? answer_json(&a, out, e) : answer_page(&a, out, e);
}

static int
write_nobody(struct str typed, const char *why, struct sink *out, struct err *e)
{
	struct writer w;

	write_init(&w, sink_out(out));
	write_object(&w);
	write_member(&w, "who", typed);
	if (why != NULL)
		write_member(&w, "several", str_of(why));
	write_object_end(&w);
	return sink_commit(out, e);
}

int
asked_line(
    const struct asked *q, struct str typed, struct sink *out, struct err *e)
{
	struct answer a = {
		.recaller = q->recaller, .who = typed, .as_of = q->now
	};
	int rc;

	/* Whom others brought or joined meanwhile is seen. */
	recaller_forget(q->recaller);
	rc =
	    recaller_find(q->recaller, typed, q->region, q->as_of, &a.known, e);
	if (rc < 0 && e->code == ERR_ITEM)
		return write_nobody(typed, e->msg, out, e);
	if (rc < 0)
		return -1;
	return a.known == NULL ? write_nobody(typed, NULL, out, e)
			       : answer_json(&a, out, e);
}

static int
write_one(const struct asked *q, struct str id, ptrdiff_t segment,
    struct sink *out, struct err *e)
{
	struct answer a = { .recaller = q->recaller, .as_of = q->now };

	recaller_forget(q->recaller);
	if (recaller_person(q->recaller, id, q->as_of, &a.known, e) != 0)
		return -1;
	/* All that is known of them may be from later. */
	if (q->as_of != TIME_NONE && !context_is_known(a.known))
		return 0;
	if (segment >= 0 &&
	    !recaller_is_in(q->recaller, a.known, q->now, segment))
		return 0;
	return answer_json(&a, out, e);
}

int
asked_all(
    const struct asked *q, const char *segment, struct sink *out, struct err *e)
{
	char id[ID_SIZE] = "";
	ptrdiff_t number = -1;
	int rc;

	if (segment != NULL) {
		number = segments_find(q->segments, segment, e);
		if (number < 0)
			return -1;
	}
	while ((rc = recaller_next(q->recaller, id, e)) == 1)
		if (write_one(q, str_of(id), number, out, e) != 0)
			return -1;
	return rc;
}
