/*
 * What tells of a message of ours, and is nobody's.
 */
#include "core/hash.h"
#include "merge/search.h"
#include "record/waiting/receipt.h"

/* The record of ours that a name leads to, where the store has records. */
static int
note_about(
    struct search *s, struct str name, struct verdict *out, struct err *e)
{
	char id[ID_SIZE];
	int rc = store_ref_message(s->cs->store, name, id, e);

	if (rc == 1 && out->about_n < CONVERSATION_ABOUT)
		out->about[out->about_n++] =
		    arena_dup(&s->cs->arena, str_of(id));
	return rc < 0 ? -1 : 0;
}

/* By a reference that one of us has a right to: 1, 0, -1. */
static int
by_ref(struct search *s, struct ref ref, struct verdict *out, struct err *e)
{
	struct store_ref f;

	if (search_look(s->cs, ref.name, &f, e) != 0)
		return -1;
	if (f.number == NOWHERE || f.weak || !f.ours ||
	    (s->at != NOWHERE && s->at != f.number))
		return 0;
	s->at = f.number;
	return note_about(s, ref.name, out, e) != 0 ? -1 : 1;
}

/* By the id of a record that an earlier run has kept: 1, 0, -1. */
static int
by_record(struct search *s, struct str id, struct verdict *out, struct err *e)
{
	struct conversations *cs = s->cs;
	struct store_message m;
	uint32_t number;
	int rc = store_message(cs->store, id, &m, e);

	if (rc != 1 || m.conversation.p == NULL ||
	    !str_is(m.direction, "outbound"))
		return rc < 0 ? -1 : 0;
	rc = store_find_conversation(
	    cs->store, arena_dup(&cs->arena, m.conversation), &number, e);
	if (rc != 1 || (s->at != NOWHERE && s->at != number))
		return rc < 0 ? -1 : 0;
	s->at = number;
	if (out->about_n < CONVERSATION_ABOUT)
		out->about[out->about_n++] = arena_dup(&cs->arena, id);
	return 1;
}

static int
find_about(struct search *s, struct str id, struct verdict *out, struct err *e)
{
	struct record *r = s->t->record;
	int rc = by_ref(s, ref_make(r, REF_MESSAGE, id), out, e);

	if (rc == 0 && id_is(id, "m"))
		rc = by_ref(s, ref_make_own(r, id), out, e);
	if (rc == 0 && id_is(id, "m"))
		rc = by_record(s, id, out, e);
	return rc < 0 ? -1 : 0;
}

/* Of all that somebody got: their last conversation. */
static int
by_person(struct search *s, struct verdict *out, struct err *e)
{
	struct store_last last;
	int rc;

	out->key = s->t->key;
	if (out->key == GRAPH_NONE)
		return 0;
	out->person =
	    arena_dup(&s->cs->arena, store_person(s->cs->store, out->key));
	rc = store_last_of_person(s->cs->store, out->key, s->t->time, &last, e);
	if (rc == 1)
		s->at = last.number;
	return rc < 0 ? -1 : 0;
}

int
receipt_find(struct search *s, struct verdict *out, struct err *e)
{
	struct str about[RECEIPT_ABOUT];
	struct receipt receipt;
	size_t n;

	if (!record_receipt(s->t->record, &receipt))
		return 0;
	if (receipt.before != TIME_NONE)
		return by_person(s, out, e);
	n = receipt_about(s->t->record, &receipt, about);
	for (size_t i = 0; i < n; i++)
		if (about[i].n > 0 && find_about(s, about[i], out, e) != 0)
			return -1;
	if (s->at == NOWHERE)
		return 0;
	out->owner = search_at(s, s->at)->owner;
	for (size_t i = 0; i < out->about_n; i++)
		if (receipt.status == RECEIPT_FAILED &&
		    store_failed(s->cs->store, s->at, out->about[i], e) != 0)
			return -1;
	return 0;
}
