/*
 * Who waits for us, in the store of one run.
 *
 * A conversation knows since when it waits, and no more.  Only where something
 * ends a wait that may be taken back are its waits kept: those that an answer
 * ended of which a receipt in the input says that it failed, those that an
 * operator's act ended, and those of what was joined.  An answer that stays
 * makes all that was before it unknown again.
 */
#include <stdlib.h>

#include "core/time.h"
#include "people/store/memory.h"

enum { NO_NUMBER = UINT32_MAX };

static const struct wait nothing = { TIME_NONE, 0 };

void
memory_waiting_release(struct memory *m)
{
	idset_release(&m->failed);
	vec_release(&m->undos);
	vec_release(&m->steps);
	map_release(&m->named);
}

static void
add(struct wait *w, struct wait more)
{
	if (more.since == TIME_NONE)
		return;
	if (w->since == TIME_NONE || more.since < w->since)
		w->since = more.since;
	w->on |= more.on;
}

static uint32_t
undo_of(struct memory *m, uint32_t number)
{
	struct conversation *c = &m->base.v[number];

	if (c->undo == 0) {
		vec_add(&m->undos, (struct undo){ .number = number,
				       .now = { c->waiting, c->waits_on },
				       .answered = c->answered,
				       .questioned = c->questioned });
		c->undo = (uint32_t)m->undos.n;
	}
	return c->undo - 1;
}

/* What waits by all steps that stand.  Each joins fewer. */
static struct wait
waits_of(const struct memory *m, const struct undo *u)
{
	struct wait w = u->now;

	for (uint32_t i = u->last; i != 0;) {
		const struct undo_step *x = &m->steps.v[i - 1];

		if (x->other != 0)
			add(&w, waits_of(m, &m->undos.v[x->other - 1]));
		else if (!x->failed)
			break;
		add(&w, x->before);
		i = x->last;
	}
	return w;
}

/* Is the last that counts in it an answer of ours? */
static void
find_answer(
    const struct memory *m, const struct undo *u, struct conversation *c)
{
	struct wait since = u->now;

	c->answered = false;
	for (uint32_t i = u->last; i != 0 && since.since == TIME_NONE;) {
		const struct undo_step *x = &m->steps.v[i - 1];

		if (x->other != 0)
			add(&since, waits_of(m, &m->undos.v[x->other - 1]));
		if (since.since == TIME_NONE && x->own && !x->failed) {
			c->answered = true;
			c->questioned = x->question;
			return;
		}
		add(&since, x->before);
		i = x->last;
	}
	if (since.since != TIME_NONE)
		return;
	c->answered = u->answered;
	c->questioned = u->questioned;
}

/* The conversation as its steps have it. */
static void
settle(struct memory *m, uint32_t undo)
{
	const struct undo *u = &m->undos.v[undo];
	struct conversation *c = &m->base.v[u->number];
	struct wait w = waits_of(m, u);

	c->waiting = w.since;
	c->waits_on = w.on;
	if (w.since == TIME_NONE)
		c->asked = 0;
	else if (c->asked == 0)
		c->asked = UINT8_MAX;
	find_answer(m, u, c);
	if (w.since != TIME_NONE)
		store_list(&m->base, u->number);
}

/* Nothing of it will be taken back. */
static void
forget(struct memory *m, struct conversation *c)
{
	if (c->undo != 0)
		m->undos.v[c->undo - 1].number = NO_NUMBER;
	c->undo = 0;
}

static uint64_t *
newest_of(struct memory *m, uint64_t name)
{
	return map_put(
	    &m->named, str_make((const char *)&name, sizeof(name)), NULL);
}

static void
add_step(struct memory *m, uint32_t number, struct undo_step x)
{
	uint32_t undo = undo_of(m, number);
	struct undo *u = &m->undos.v[undo];

	x.before = u->now;
	x.last = u->last;
	x.undo = undo;
	u->now = nothing;
	u->last = (uint32_t)m->steps.n + 1;
	for (int i = 0; i < 2; i++)
		if (x.names[i] != 0 && (i == 0 || x.names[1] != x.names[0])) {
			uint64_t *newest = newest_of(m, x.names[i]);

			x.same[i] = (uint32_t)*newest;
			*newest = u->last;
		}
	vec_add(&m->steps, x);
	settle(m, undo);
}

int
memory_asked(
    struct store *s, uint32_t number, int64_t t, uint8_t channel, struct err *e)
{
	struct memory *m = memory_of(s);
	struct conversation *c = &s->v[number];
	bool waited = c->waiting != TIME_NONE;

	(void)e;
	c->answered = false;
	if (!waited || t < c->waiting)
		c->waiting = t;
	c->waits_on |= channel_bit(channel);
	c->asked += c->asked < UINT8_MAX;
	if (c->undo != 0)
		add(&m->undos.v[c->undo - 1].now,
		    (struct wait){ t, channel_bit(channel) });
	if (!waited)
		store_list(s, number);
	return 0;
}

int
memory_answered(struct store *s, uint32_t number, int64_t t,
    const struct store_answer *by, struct err *e)
{
	struct memory *m = memory_of(s);
	struct conversation *c = &s->v[number];

	(void)e;
	if (c->waiting != TIME_NONE && t < c->waiting)
		return 0;
	if ((by->names[0] | by->names[1]) != 0) {
		add_step(m, number,
		    (struct undo_step){ .names = { by->names[0], by->names[1] },
			.own = !by->elsewhere,
			.question = by->question });
		return 0;
	}
	forget(m, c);
	c->waiting = TIME_NONE;
	c->waits_on = c->asked = 0;
	if (!by->elsewhere) {
		c->answered = true;
		c->questioned = by->question;
	}
	return 0;
}

int
memory_done(
    struct store *s, uint32_t number, int64_t t, struct str act, struct err *e)
{
	(void)t, (void)act, (void)e;
	if (s->v[number].waiting != TIME_NONE || s->v[number].undo != 0)
		add_step(
		    memory_of(s), number, (struct undo_step){ .done = true });
	return 0;
}

int
memory_reopened(struct store *s, uint32_t number, int64_t t, uint8_t channel,
    struct str act, struct err *e)
{
	struct memory *m = memory_of(s);
	uint32_t undo = undo_of(m, number);

	(void)act;
	for (uint32_t i = m->undos.v[undo].last; i != 0;
	     i = m->steps.v[i - 1].last)
		m->steps.v[i - 1].failed |= m->steps.v[i - 1].done;
	if (memory_asked(s, number, t, channel, e) != 0)
		return -1;
	settle(m, undo);
	return 0;
}

int
memory_joined(struct store *s, uint32_t number, uint32_t other, int64_t t,
    struct str act, struct err *e)
{
	struct memory *m = memory_of(s);
	struct conversation *c = &s->v[other];
	uint32_t undo;

	(void)t, (void)act, (void)e;
	if (c->waiting == TIME_NONE && c->undo == 0)
		return 0;
	undo = undo_of(m, other);
	c->undo = 0;
	c->waiting = TIME_NONE;
	c->waits_on = c->asked = 0;
	m->undos.v[undo].into = undo_of(m, number) + 1;
	add_step(m, number, (struct undo_step){ .other = undo + 1 });
	return 0;
}

/* Of several it is not known which one is left: it waits as before. */
int
memory_unasked(
    struct store *s, uint32_t number, int64_t t, struct str id, struct err *e)
{
	struct memory *m = memory_of(s);
	struct conversation *c = &s->v[number];

	(void)id, (void)e;
	if (c->waiting == TIME_NONE || t < c->waiting || c->asked == UINT8_MAX)
		return 0;
	if (--c->asked > 0)
		return 0;
	c->waiting = TIME_NONE;
	c->waits_on = 0;
	if (c->undo != 0) {
		m->undos.v[c->undo - 1].now = nothing;
		settle(m, c->undo - 1);
	}
	return 0;
}

int
memory_was_answered(struct store *s, uint32_t number, int64_t t,
    bool (*question)(struct str text), bool *asked, struct err *e)
{
	const struct conversation *c = &s->v[number];

	(void)t, (void)question, (void)e;
	*asked = c->questioned;
	return c->answered;
}

/* What a conversation is part of by now. */
static uint32_t
whole_of(const struct memory *m, uint32_t undo)
{
	while (m->undos.v[undo].into != 0)
		undo = m->undos.v[undo].into - 1;
	return undo;
}

int
memory_failed(struct store *s, uint32_t number, struct str answer,
    uint64_t name, struct err *e)
{
	struct memory *m = memory_of(s);
	const uint64_t *newest =
	    map_get(&m->named, str_make((const char *)&name, sizeof(name)));

	(void)number, (void)answer, (void)e;
	for (uint32_t i = newest == NULL ? 0 : (uint32_t)*newest; i != 0;) {
		struct undo_step *x = &m->steps.v[i - 1];
		uint32_t undo = whole_of(m, x->undo);

		i = x->same[x->names[0] == name ? 0 : 1];
		x->failed = true;
		if (m->undos.v[undo].number != NO_NUMBER)
			settle(m, undo);
	}
	return 0;
}

int
memory_put_failed(struct store *s, uint64_t name, struct err *e)
{
	(void)e;
	idset_add(&memory_of(s)->failed, name);
	return 0;
}

int
memory_has_failed(struct store *s, uint64_t name, struct err *e)
{
	(void)e;
	return idset_has(&memory_of(s)->failed, name);
}

int
memory_waiting(
    struct store *s, uint32_t key, struct store_numbers *out, struct err *e)
{
	(void)e;
	store_listed(s, key, out);
	return 0;
}
