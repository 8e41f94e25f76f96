#include "reply/lastlook/lastlook.h"

#include <stdio.h>

#include "core/io/file.h"
#include "core/text/utf8.h"
#include "core/time.h"
#include "people/acts.h"
#include "reply/internal.h"
#include "reply/lastlook/dead.h"

enum { LOOK_RECORDS = 1000 }; /* of a person since then */

struct look {
	const struct draft *d;
	struct str conversation, own;
	int64_t since;
	char since_id[ID_SIZE];
	struct buf *reason;
	int64_t now;
	bool answered;
	struct dead dead;
};

struct store *
lastlook_open(const char *state, bool *broken, struct err *e)
{
	struct store_options o = { .dir = state };
	struct arena a = { 0 };
	bool there =
	    state != NULL &&
	    !file_is_missing(arena_printf(&a, "%s/people.db", state).p);
	struct store *s = there ? store_open(&o, e) : NULL;

	arena_release(&a);
	*broken = there && s == NULL;
	return s;
}

static bool
has_word(const struct store_message *m, const char *word)
{
	char quoted[32];

	snprintf(quoted, sizeof(quoted), "\"%s\"", word);
	return str_find(m->keywords, str_of(quoted)) >= 0;
}

static void
say(struct look *l, const struct store_message *m, const char *what)
{
	bool ours = str_is(m->direction, "outbound");
	struct str who = m->name;
	char at[TIME_SIZE];

	if (who.n == 0)
		who = ours ? m->account : m->key;
	if (who.n == 0)
		who = ours ? STR("one of us") : STR("the customer");
	time_format(m->time - m->time % TIME_SECOND, at);
	buf_reset(l->reason);
	buf_printf(
	    l->reason, "%.*s %s, %s", STR_ARG(utf8_cut(who, 80)), what, at);
}

static void
say_note(struct look *l, const struct store_message *m)
{
	char at[TIME_SIZE];

	time_format(m->time - m->time % TIME_SECOND, at);
	buf_printf(l->reason,
	    "it quotes the private note of %s: take its words out", at);
}

/* It stands there, or answers it from elsewhere. */
static bool
concerns(const struct look *l, const struct store_message *m)
{
	return str_eq(m->conversation, l->conversation) ||
	       str_eq(m->beside, l->conversation) ||
	       str_find(m->answers, l->conversation) >= 0;
}

/* Who opts out or in again and says nothing else does not change what they
 * asked; what that forbids is optedout.h's. */
static bool
asks_nothing(const struct store_message *m)
{
	return str_is(m->type, "message") && !m->asks;
}

static void
see(void *arg, const struct store_message *m)
{
	struct look *l = arg;
	bool later =
	    m->time > l->since ||
	    (m->time == l->since && str_cmp(m->id, str_of(l->since_id)) > 0);

	if (later)
		dead_see(&l->dead, m, str_eq(m->conversation, l->conversation));
	if (!concerns(l, m) || str_eq(m->id, l->d->id))
		return;
	if (has_word(m, "private") || str_is(m->direction, "internal")) {
		if (l->reason->n == 0 && internal_quotes(l->d->text, m->text))
			say_note(l, m);
		return;
	}
	if (!later || l->answered || has_word(m, "draft") ||
	    has_word(m, "automatic") || m->quarantine.n > 0 ||
	    (!str_is(m->type, "message") && !str_is(m->type, "call")))
		return;
	if (str_is(m->direction, "outbound")) {
		/* A mailing, a call in vain and what came back are none. */
		if ((m->flags & STORE_ANSWER) == 0)
			return;
		say(l, m, "answered after this was drafted");
		l->answered = true;
	} else if (str_is(m->direction, "inbound") && !has_word(m, "bounce") &&
		   !asks_nothing(m)) {
		say(l, m,
		    str_is(m->type, "call")
			? "called after this was drafted"
			: "wrote again after this was drafted");
	}
}

/* What it knew last, into l; 1, 0 where the state has not heard of it, -1. */
static int
known_last(struct store *s, struct look *l, struct arena *a, struct str *person,
    struct err *e)
{
	struct str ids[] = { l->d->seen, l->d->answers };
	struct store_message m;
	bool found = false;
	int rc;

	for (size_t i = 0; i < 2; i++) {
		if (ids[i].n == 0)
			continue;
		rc = store_message(s, ids[i], &m, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		if (has_word(&m, "deleted") && str_is(m.direction, "inbound")) {
			say(l, &m, "took back what it answers");
			return 1;
		}
		if (found)
			continue;
		found = true;
		l->since = m.time;
		snprintf(
		    l->since_id, sizeof(l->since_id), "%.*s", STR_ARG(m.id));
		l->conversation = arena_dup(a, m.conversation);
		*person = arena_dup(a, m.person);
	}
	return found;
}

/* What operators decided of the conversation since. */
static int
see_act(void *arg, struct str line, const struct act *a, struct err *e)
{
	struct look *l = arg;
	bool done = a->kind == ACT_DONE;
	char at[TIME_SIZE];

	(void)line, (void)e;
	if (!str_eq(a->conversation, l->conversation) || a->at <= l->since)
		return 0;
	if (a->kind == ACT_REOPEN)
		buf_reset(l->reason);
	if (!done && (a->kind != ACT_SNOOZE || a->until <= l->now))
		return 0;
	time_format(a->at - a->at % TIME_SECOND, at);
	buf_reset(l->reason);
	buf_printf(l->reason, "%.*s %s, %s",
	    STR_ARG(a->by.n == 0 ? STR("one of us") : utf8_cut(a->by, 80)),
	    done ? "said that it is done" : "put it off after this was drafted",
	    at);
	return 0;
}

int
lastlook(struct store *s, const char *state, int64_t now, const struct draft *d,
    struct buf *reason, struct err *e)
{
	struct store_cursor first = { .time = INT64_MIN },
			    end = { .time = INT64_MAX };
	struct look l = {
		.d = d, .reason = reason, .now = now, .dead = { .d = d }
	};
	struct arena a = { 0 };
	struct str person = d->person;
	int rc;

	buf_reset(reason);
	rc = known_last(s, &l, &a, &person, e);
	if (rc == 1 && reason->n == 0 && d->person.n > 0)
		person = d->person;
	if (rc == 1 && reason->n == 0)
		rc = store_stands_now(s, &person, e) < 0 ? -1 : 1;
	if (rc == 1 && reason->n == 0)
		rc = store_timeline(
			 s, person, &first, &end, LOOK_RECORDS, see, &l, e) < 0
			 ? -1
			 : 1;
	if (rc == 1 && reason->n == 0)
		rc = acts_of_state(state, see_act, &l, e) != 0 ? -1 : 1;
	if (rc == 1 && reason->n == 0)
		dead_say(&l.dead, reason);
	arena_release(&a);
	return rc < 0 ? -1 : reason->n == 0;
}
