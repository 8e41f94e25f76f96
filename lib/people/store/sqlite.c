#include "people/store/sqlite.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/file.h"

static void
sqlite_close(struct store *store)
{
	struct sqlite *s = sqlite_of(store);

	db_close(s->db);
	if (s->lock >= 0)
		close(s->lock);
	free(s->known);
	free(s->last_of);
	buf_release(&s->hand.id);
	vec_release(&s->begun);
	vec_release(&s->pending);
	arena_release(&s->pending.arena);
	idset_release(&s->put);
	ref_table_release(&s->refs);
	vec_release(&s->moves);
	map_release(&s->parted);
	map_release(&s->met);
	vec_release(&s->accounts);
	vec_release(&s->owed);
	vec_release(&s->listed);
	map_release(&s->now);
	arena_release(&s->now_ids);
	arena_release(&s->arena);
	arena_release(&s->found);
	free(s);
}

static int
sqlite_begin(struct store *store, struct err *e)
{
	return db_begin(sqlite_of(store)->db, e);
}

static int
sqlite_commit(struct store *store, struct err *e)
{
	struct sqlite *s = sqlite_of(store);

	return sqlite_put_owed(s, e) != 0 ? -1 : db_commit(s->db, e);
}

static const struct store_ops ops = {
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.load = sqlite_load,
	.save = sqlite_save,
	.forget = sqlite_forget,
	.find_key = sqlite_find_key,
	.moves = sqlite_moves,
	.person_key = sqlite_person_key,
	.message_key = sqlite_message_key,
	.message = sqlite_message,
	.put_message = sqlite_put_message,
	.supersede = sqlite_supersede,
	.version = sqlite_version,
	.put_aside = sqlite_put_aside,
	.aside = sqlite_aside,
	.drop_aside = sqlite_drop_aside,
	.was_parted = sqlite_was_parted,
	.leave = sqlite_leave,
	.find_conversation = sqlite_find_conversation,
	.put_conversation = sqlite_put_conversation,
	.ref = sqlite_ref,
	.put_ref = sqlite_put_ref,
	.continued_person = sqlite_continued_person,
	.asked = sqlite_asked,
	.answered = sqlite_answered,
	.done = sqlite_done,
	.reopened = sqlite_reopened,
	.joined = sqlite_joined,
	.unasked = sqlite_unasked,
	.failed = sqlite_failed,
	.put_failed = sqlite_put_failed,
	.has_failed = sqlite_has_failed,
	.put_participant = sqlite_put_participant,
	.is_participant = sqlite_is_participant,
	.guest_spoke = sqlite_guest_spoke,
	.was_answered = sqlite_was_answered,
	.waiting = sqlite_waiting,
	.last_of = sqlite_last_of,
	.last_of_person = sqlite_last_of_person,
	.last_of_place = sqlite_last_of_place,
	.put_event = sqlite_put_event,
	.events = sqlite_events,
	.events_left = sqlite_events_left,
	.each_said = sqlite_each_said,
	.put_said = sqlite_put_said,
	.timeline = sqlite_timeline,
	.who = sqlite_who,
	.stands_now = sqlite_stands_now,
	.keys = sqlite_keys,
	.next_key = sqlite_next_key,
	.next_person = sqlite_next_person,
	.next_ref = sqlite_next_ref,
	.ref_message = sqlite_ref_message,
	.aliases = sqlite_aliases,
};

/* Nobody writes to it but who has the lock. */
static int
find_fresh(struct sqlite *s, struct err *e)
{
	int ref = sqlite_any(s, Q_ANY_REF, e);
	int failed = sqlite_any(s, Q_ANY_FAILED, e);

	if (ref < 0 || failed < 0 || sqlite_count(s, e) != 0)
		return -1;
	s->fresh = ref == 0 && failed == 0 && s->last_key == 0 &&
		   s->last_message == 0 && s->last_conversation == 0;
	return 0;
}

struct store *
sqlite_open(const struct store_options *o, struct err *e)
{
	struct sqlite *s = xcalloc(1, sizeof(*s));
	bool write = o->write || o->dir == NULL;

	s->base.ops = &ops;
	s->base.keeps = true;
	s->lasts = o->dir != NULL;
	s->lock = -1;
	s->era = 1;
	s->flush_for = sqlite_flush_for;
	buf_init(&s->hand.id, 1 << 12);
	if ((write && s->lasts &&
		(s->lock = file_lock(o->dir, "people", e)) < 0) ||
	    sqlite_open_file(s, o->dir, write, e) != 0 ||
	    (write && !o->reload && find_fresh(s, e) != 0)) {
		sqlite_close(&s->base);
		return NULL;
	}
	return &s->base;
}
