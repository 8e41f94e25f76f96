#include <stdlib.h>

#include "people/store/storeparts.h"

struct store *
store_open(const struct store_options *o, struct err *e)
{
	struct store *s =
	    o->dir == NULL && !o->reload ? memory_open() : sqlite_open(o, e);

	if (s != NULL)
		s->channels = o->channels;
	return s;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	free(s->v);
	free(s->ids);
	vec_release(&s->guests);
	map_release(&s->guest_of);
	s->ops->close(s);
}

bool
store_keeps(const struct store *s)
{
	return s->keeps;
}

int
store_begin(struct store *s, struct err *e)
{
	return s->ops->begin == NULL ? 0 : s->ops->begin(s, e);
}

int
store_commit(struct store *s, struct err *e)
{
	return s->ops->commit == NULL ? 0 : s->ops->commit(s, e);
}

/* People. */

int
store_load(struct store *s, struct graph *g, struct err *e)
{
	return s->ops->load == NULL ? 0 : s->ops->load(s, g, e);
}

int
store_save(struct store *s, struct graph *g, struct err *e)
{
	s->g = g;
	s->era++;
	return s->ops->save == NULL ? 0 : s->ops->save(s, g, e);
}

int
store_forget(struct store *s, struct err *e)
{
	if (s->ops->forget != NULL && s->ops->forget(s, e) != 0)
		return -1;
	s->g = NULL;
	s->n = 0;
	s->guests.n = 0;
	map_reset(&s->guest_of);
	return 0;
}

int
store_find_key(struct store *s, struct str text, uint32_t *key, struct err *e)
{
	*key = graph_lookup(s->g, text);
	if (*key != GRAPH_NONE)
		return 1;
	return s->ops->find_key == NULL ? 0 : s->ops->find_key(s, text, key, e);
}

const struct store_move *
store_moves(const struct store *s, size_t *n)
{
	*n = 0;
	return s->ops->moves == NULL ? NULL : s->ops->moves(s, n);
}

int
store_person_key(struct store *s, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	return s->ops->person_key == NULL
		   ? 0
		   : s->ops->person_key(s, id, a, key, e);
}

int
store_message_key(struct store *s, struct str id, struct arena *a,
    struct str *key, struct err *e)
{
	return s->ops->message_key == NULL
		   ? 0
		   : s->ops->message_key(s, id, a, key, e);
}

/* Records. */

int
store_message(
    struct store *s, struct str id, struct store_message *out, struct err *e)
{
	return s->ops->message == NULL ? 0 : s->ops->message(s, id, out, e);
}

int
store_put_message(struct store *s, const struct store_message *m, struct err *e)
{
	return s->ops->put_message == NULL ? 0 : s->ops->put_message(s, m, e);
}

int
store_supersede(struct store *s, struct str id, struct err *e)
{
	return s->ops->supersede == NULL ? 0 : s->ops->supersede(s, id, e);
}

int
store_version(struct store *s, struct str id, int64_t content,
    struct store_message *out, struct err *e)
{
	return s->ops->version == NULL
		   ? 0
		   : s->ops->version(s, id, content, out, e);
}

int
store_put_aside(struct store *s, struct str id, struct str line, struct err *e)
{
	return s->ops->put_aside == NULL || line.n > STORE_ASIDE
		   ? 0
		   : s->ops->put_aside(s, id, line, e);
}

int
store_aside(struct store *s, struct str id, struct arena *a, struct str *line,
    struct err *e)
{
	return s->ops->aside == NULL ? 0 : s->ops->aside(s, id, a, line, e);
}

int
store_drop_aside(struct store *s, struct str id, struct err *e)
{
	return s->ops->drop_aside == NULL ? 0 : s->ops->drop_aside(s, id, e);
}

bool
store_was_parted(const struct store *s, struct str message)
{
	return s->ops->was_parted != NULL && s->ops->was_parted(s, message);
}

int
store_leave(struct store *s, struct str message, struct err *e)
{
	return s->ops->leave == NULL ? 0 : s->ops->leave(s, message, e);
}

/* Conversations. */

int
store_find_conversation(
    struct store *s, struct str id, uint32_t *number, struct err *e)
{
	return s->ops->find_conversation == NULL
		   ? 0
		   : s->ops->find_conversation(s, id, number, e);
}

int
store_put_conversation(struct store *s, const struct conversation *c,
    uint32_t *number, struct err *e)
{
	return s->ops->put_conversation(s, c, number, e);
}

void
store_continue(struct store *s, uint32_t number, int64_t t, uint8_t channel,
    struct str place)
{
	if (s->ops->continued != NULL)
		s->ops->continued(s, number, t, channel, place);
}

int
store_continue_person(
    struct store *s, uint32_t number, uint32_t key, struct err *e)
{
	return s->ops->continued_person(s, number, key, e);
}

int
store_asked(
    struct store *s, uint32_t number, int64_t t, uint8_t channel, struct err *e)
{
	return s->ops->asked(s, number, store_time(t), channel, e);
}

int
store_answered(struct store *s, uint32_t number, int64_t t,
    const struct store_answer *by, struct err *e)
{
	return s->ops->answered(s, number, store_time(t), by, e);
}

int
store_done(
    struct store *s, uint32_t number, int64_t t, struct str act, struct err *e)
{
	return s->ops->done(s, number, store_time(t), act, e);
}

int
store_reopened(struct store *s, uint32_t number, int64_t t, uint8_t channel,
    struct str act, struct err *e)
{
	return s->ops->reopened(s, number, store_time(t), channel, act, e);
}

int
store_joined(struct store *s, uint32_t number, uint32_t other, int64_t t,
    struct str act, struct err *e)
{
	return number == other
		   ? 0
		   : s->ops->joined(s, number, other, store_time(t), act, e);
}

int
store_put_participant(
    struct store *s, uint32_t number, struct str key, int64_t t, struct err *e)
{
	return s->ops->put_participant(s, number, key, store_time(t), e);
}

int
store_is_participant(
    struct store *s, uint32_t number, uint32_t key, int64_t t, struct err *e)
{
	return s->ops->is_participant(s, number, key, store_time(t), e);
}

int
store_guest_spoke(struct store *s, uint32_t number, uint32_t key, int64_t t,
    bool asks, struct err *e)
{
	return s->ops->guest_spoke(s, number, key, store_time(t), asks, e);
}

int
store_unasked(
    struct store *s, uint32_t number, int64_t t, struct str id, struct err *e)
{
	return s->ops->unasked(s, number, store_time(t), id, e);
}

int
store_was_answered(struct store *s, uint32_t number, int64_t t,
    bool (*question)(struct str text), bool *asked, struct err *e)
{
	return s->ops->was_answered(
	    s, number, store_time(t), question, asked, e);
}

int
store_failed(struct store *s, uint32_t number, struct str answer, uint64_t name,
    struct err *e)
{
	return s->ops->failed(s, number, answer, name, e);
}

int
store_put_failed(struct store *s, uint64_t name, struct err *e)
{
	return s->ops->put_failed(s, name, e);
}

int
store_has_failed(struct store *s, uint64_t name, struct err *e)
{
	return name == 0 ? 0 : s->ops->has_failed(s, name, e);
}

int
store_waiting(
    struct store *s, uint32_t key, struct store_numbers *out, struct err *e)
{
	return s->ops->waiting(s, key, out, e);
}

int
store_last_of(struct store *s, uint32_t number, int64_t t,
    struct store_last *out, struct err *e)
{
	return s->ops->last_of(s, number, t, out, e);
}

int
store_ref(struct store *s, struct str ref, struct store_ref *out, struct err *e)
{
	return s->ops->ref(s, ref, out, e);
}

int
store_put_ref(struct store *s, struct str ref, struct store_ref to,
    struct str message, struct err *e)
{
	return s->ops->put_ref(s, ref, to, message, e);
}

int
store_last_of_person(struct store *s, uint32_t key, int64_t t,
    struct store_last *out, struct err *e)
{
	return s->ops->last_of_person(s, key, t, out, e);
}

int
store_last_of_place(struct store *s, struct str place, int64_t t,
    struct store_last *out, struct err *e)
{
	return s->ops->last_of_place(s, place, t, out, e);
}

void
store_fetch(const struct store *s, const uint32_t *keys, size_t n, int step)
{
	if (s->ops->fetch != NULL)
		s->ops->fetch(s, keys, n, step);
}

/* Events. */

int
store_put_event(struct store *s, struct str line, int64_t *row, struct err *e)
{
	return s->ops->put_event == NULL ? 0
					 : s->ops->put_event(s, line, row, e);
}

int
store_events(struct store *s, struct buf *out, int64_t *row, struct err *e)
{
	return s->ops->events == NULL ? 0 : s->ops->events(s, out, row, e);
}

int
store_events_left(struct store *s, int64_t row, struct err *e)
{
	return s->ops->events_left == NULL ? 0 : s->ops->events_left(s, row, e);
}

int
store_each_said(struct store *s,
    void (*each)(void *arg, const struct store_said *x), void *arg,
    struct err *e)
{
	return s->ops->each_said == NULL ? 0
					 : s->ops->each_said(s, each, arg, e);
}

int
store_put_said(
    struct store *s, const struct store_said *x, int64_t newest, struct err *e)
{
	return s->ops->put_said == NULL || newest - x->time > TIME_HOUR
		   ? 0
		   : s->ops->put_said(s, x, newest, e);
}

/* Look-ups. */

int
store_timeline(struct store *s, struct str person,
    const struct store_cursor *after, const struct store_cursor *until,
    size_t most, void (*each)(void *arg, const struct store_message *m),
    void *arg, struct err *e)
{
	return s->ops->timeline == NULL ? 0
					: s->ops->timeline(s, person, after,
					      until, most, each, arg, e);
}

void
store_pass(
    const struct store *s, struct store_cursor *c, int64_t time, struct str id)
{
	if (s->ops->timeline == NULL)
		return;
	*c = (struct store_cursor){ .time = time };
	memcpy(c->id, id.p, id.n < ID_SIZE ? id.n : ID_SIZE - 1);
}

int
store_who(struct store *s, struct str name, char out[ID_SIZE], struct err *e)
{
	return s->ops->who == NULL ? 0 : s->ops->who(s, name, out, e);
}

int
store_stands_now(struct store *s, struct str *person, struct err *e)
{
	return s->ops->stands_now == NULL ? 0
					  : s->ops->stands_now(s, person, e);
}

int
store_keys(struct store *s, struct str person,
    void (*each)(void *arg, struct str key, int64_t since), void *arg,
    struct err *e)
{
	return s->ops->keys == NULL ? 0 : s->ops->keys(s, person, each, arg, e);
}

int
store_next_key(struct store *s, struct str from, struct arena *a,
    struct str *out, struct err *e)
{
	return s->ops->next_key == NULL ? 0
					: s->ops->next_key(s, from, a, out, e);
}

int
store_next_person(struct store *s, struct str behind, struct arena *a,
    struct str *out, struct err *e)
{
	return s->ops->next_person == NULL
		   ? 0
		   : s->ops->next_person(s, behind, a, out, e);
}

int
store_next_ref(struct store *s, struct str from, struct arena *a,
    struct str *out, struct err *e)
{
	return s->ops->next_ref == NULL ? 0
					: s->ops->next_ref(s, from, a, out, e);
}

int
store_ref_message(
    struct store *s, struct str ref, char out[ID_SIZE], struct err *e)
{
	return s->ops->ref_message == NULL
		   ? 0
		   : s->ops->ref_message(s, ref, out, e);
}

int
store_aliases(struct store *s, struct str person,
    void (*each)(void *arg, struct str id), void *arg, struct err *e)
{
	return s->ops->aliases == NULL
		   ? 0
		   : s->ops->aliases(s, person, each, arg, e);
}
