/*
 * Who may go on with a conversation that is another's: whom a mail of ours, or
 * of its owner who is known to have written it, was to.
 */
#include "identify/ids.h"
#include "merge/search.h"
#include "record/fields.h"

/* A key that joins, in this record: nobody only claims to be who it is. */
static bool
is_proven(const struct search *s)
{
	return s->t->key != GRAPH_NONE && s->t->failed.p == NULL &&
	       !s->t->unproven &&
	       (s->cs->g->keys[s->t->key].flags & KEY_CLAIM) == 0;
}

int
participants_have(struct search *s, uint32_t number, struct err *e)
{
	return is_proven(s) && !s->t->ours
		   ? store_is_participant(
			 s->cs->store, number, s->t->key, s->t->time, e)
		   : 0;
}

/* Most mails are to whose conversation it is, or whose it claims to be. */
static int
note(struct search *s, struct str key, struct err *e)
{
	struct conversations *cs = s->cs;
	uint32_t owner = search_at(s, s->at)->owner;
	uint32_t k = graph_lookup(cs->g, key);

	if (k != GRAPH_NONE &&
	    (same_person(cs, k, owner) || is_claim_of(cs, owner, k)))
		return 0;
	return store_put_participant(cs->store, s->at, key, s->t->time, e);
}

static int
note_all(struct search *s, struct err *e)
{
	struct record *r = s->t->record;
	struct ids it = ids_each(record_get(r, "ids"), record_arena(r));
	struct evidence who;

	for (int i = 0; i < CONVERSATION_PEOPLE; i++) {
		struct str key = STR_NONE;

		if (!ids_next_recipient(&it, &who))
			return 0;
		if (str_is(who.type, "email"))
			key =
			    key_notation(who.type, who.value, record_arena(r));
		if (key.p != NULL && note(s, key, e) != 0)
			return -1;
	}
	return 0;
}

int
participants_note(struct search *s, struct err *e)
{
	const struct turn *t = s->t;

	if (!t->mail || s->apart || s->guest)
		return 0;
	if (t->ours && !t->outbound)
		return 0;
	if (!t->ours && !is_proven(s))
		return 0;
	if (t->others)
		return note_all(s, e);
	return t->ours && t->key != GRAPH_NONE
		   ? note(s, graph_text(s->cs->g, t->key), e)
		   : 0;
}
