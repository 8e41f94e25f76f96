/*
 * What tells of a message of ours, and is nobody's.
 */
#include "core/hash.h"
#include "merge/search.h"
#include "record/waiting/lastanswers.h"
#include "record/waiting/receipt.h"

/* One of our records that it tells of; id: its own. */
static void
add_about(struct search *s, struct str id, struct verdict *out)
{
	if (out->about_n < CONVERSATION_ABOUT)
		out->about[out->about_n++] = arena_dup(&s->cs->arena, id);
}

/* By a reference that one of us has a right to: 1 with the record, where the
 * store has records, 0, -1. */
static int
by_ref(struct search *s, struct ref ref, struct verdict *out, struct str *id,
    struct err *e)
{
	struct store_ref f;
	char message[ID_SIZE];
	int rc;

	if (search_look(s->cs, ref.name, &f, e) != 0)
		return -1;
	if (f.number == NOWHERE || f.weak || !f.ours ||
	    (s->at != NOWHERE && s->at != f.number))
		return 0;
	s->at = f.number;
	rc = store_ref_message(s->cs->store, ref.name, message, e);
	if (rc == 1) {
		*id = arena_dup(&s->cs->arena, str_of(message));
		add_about(s, *id, out);
	}
	return rc < 0 ? -1 : 1;
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
	add_about(s, id, out);
	return 1;
}

/* What has this name, and its id where that is known: 1, 0, -1. */
static int
find_about(struct search *s, struct str name, struct verdict *out,
    struct str *id, struct err *e)
{
	struct record *r = s->t->record;
	int rc = by_ref(s, ref_make(r, REF_MESSAGE, name), out, id, e);

	if (rc == 0 && id_is(name, "m")) {
		*id = name;
		rc = by_ref(s, ref_make_own(record_arena(r), name), out, id, e);
	}
	if (rc == 0 && id_is(name, "m"))
		rc = by_record(s, name, out, e);
	return rc;
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

/* It tells of what has this name: 0, -1.  Where that failed it is taken back,
 * now or when it comes. */
static int
take_name(struct search *s, struct str name, bool failed, struct verdict *out,
    struct err *e)
{
	struct store *store = s->cs->store;
	struct str id = STR_NONE;
	int found = find_about(s, name, out, &id, e);

	if (found < 0 || !failed)
		return found < 0 ? -1 : 0;
	return found == 1 ? store_failed(store, s->at, id, last_hash(name), e)
			  : store_put_failed(store, last_hash(name), e);
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
		if (about[i].n > 0 &&
		    take_name(s, about[i], receipt.status == RECEIPT_FAILED,
			out, e) != 0)
			return -1;
	if (s->at != NOWHERE)
		out->owner = search_at(s, s->at)->owner;
	return 0;
}
