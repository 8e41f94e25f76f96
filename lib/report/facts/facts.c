#include "report/facts/facts.h"

#include <stdlib.h>
#include <string.h>

#include "core/text/utf8.h"
#include "core/vec.h"
#include "record/act.h"
#include "report/facts/moves.h"
#include "report/facts/names.h"
#include "report/table.h"
#include "text/unicode.h"

const char *const facts_by_names[] = { "channel", "queue", "team", "assignee",
	"author", "priority", "day", "week", "month", NULL };

enum { TEXT_CUT = 160 };

static struct str
keep(struct facts *f, struct str s)
{
	return s.p == NULL ? s : arena_dup(&f->arena, s);
}

static void
take_word(struct facts *f, struct str *at, struct json v, struct arena *a)
{
	struct str s = json_str(v, a);

	*at = s.n > 0 ? intern_str(&f->words, s) : STR_NONE;
}

static int64_t
time_in(struct json v, const char *name, struct arena *a)
{
	int64_t t;

	return time_parse(json_str(json_get(v, name), a), &t) == 0 ? t
								   : TIME_NONE;
}

/* What the last route does not say is so no more: nobody has it, say. */
static void
take_route(
    struct facts *f, struct conversation_facts *conversation, struct record *r)
{
	struct json route = record_get(r, "route");
	struct json promises = json_get(route, "promises");
	struct arena *a = record_arena(r);

	if (json_type(route) != JSON_OBJECT)
		return;
	take_word(f, &conversation->queue, json_get(route, "queue"), a);
	take_word(f, &conversation->priority, json_get(route, "priority"), a);
	take_word(f, &conversation->assignee, json_get(route, "assignee"), a);
	take_word(f, &conversation->team, json_get(route, "team"), a);
	take_word(f, &conversation->service, json_get(route, "service"), a);
	conversation->due = conversation->reply_due = time_in(route, "due", a);
	if (json_type(promises) != JSON_OBJECT)
		return;
	conversation->promised = true;
	conversation->reply_due = time_in(promises, "firstReply", a);
	if (conversation->reply_due == TIME_NONE)
		conversation->reply_due = time_in(promises, "nextReply", a);
}

/* What the record did for what is promised beside replies; see promises_add. */
static uint32_t
add_moment(struct facts *f, size_t at, struct record *r, enum promise_moment is,
    int64_t t)
{
	const struct conversation_facts *conversation = &f->conversations[at];
	struct json promises = json_get(record_get(r, "route"), "promises");
	struct arena *a = record_arena(r);

	if (!conversation->promised)
		return 0;
	return promises_add(&f->promises,
	    &(struct moment){ .conversation = (uint32_t)at,
		.is = is,
		.counts = f->since == TIME_NONE || t >= f->since,
		.at = t,
		.resolve = time_in(promises, "resolve", a),
		.update = time_in(promises, "update", a),
		.names = { conversation->service, conversation->priority,
		    conversation->team } });
}

static struct conversation_facts *
conversation_at(struct facts *f, size_t i)
{
	size_t from = f->conversations_cap;

	if (i < from)
		return &f->conversations[i];
	vec_hold(f->conversations, from, f->conversations_cap, i + 1 - from);
	for (size_t k = from; k < f->conversations_cap; k++)
		f->conversations[k] =
		    (struct conversation_facts){ .due = TIME_NONE,
			    .reply_due = TIME_NONE,
			    .asked.misdated = TIME_NONE };
	return &f->conversations[i];
}

/* "2026-03-30", "2026-W14", "2026-03": the wall clock's date at t. */
static struct str
date_group(struct facts *f, struct record *r, int64_t t)
{
	struct arena *a = record_arena(r);
	struct civil c;
	int64_t day, thursday;

	if (f->zone == NULL)
		time_to_civil(t, &c);
	else
		zone_civil(f->zone, t, &c, NULL);
	if (f->by == BY_MONTH)
		return arena_printf(a, "%04d-%02d", c.year, c.month);
	if (f->by == BY_DAY)
		return arena_printf(
		    a, "%04d-%02d-%02d", c.year, c.month, c.day);
	/* ISO 8601: a week belongs to the year of its Thursday. */
	day = time_days(c.year, c.month, c.day);
	thursday = day - time_weekday(&c) + 3;
	time_to_civil(thursday * TIME_DAY, &c);
	return arena_printf(a, "%04d-W%02d", c.year,
	    (int)((thursday - time_days(c.year, 1, 1)) / 7 + 1));
}

/* Who of ours wrote an answer: a draft says so, a call has who picked it up. */
static struct str
author_of(struct record *r)
{
	struct json reply = record_get(r, "reply"), all[] = {
		json_get(reply, "draftedBy"),
		json_get(json_get(reply, "approval"), "by"),
		json_get(reply, "approvedBy"),
		json_get(record_get(r, "data"), "answeredBy"),
	};
	struct str s = STR_NONE;

	for (size_t i = 0; s.n == 0 && i < sizeof(all) / sizeof(*all); i++)
		s = json_str(all[i], record_arena(r));
	if (s.n == 0 && record_is(r, "direction", "outbound"))
		s = names_of(r, record_get(r, "from"));
	return s;
}

static uint32_t
group_named(struct facts *f, struct str name)
{
	bool fresh;
	uint64_t *slot =
	    map_put(&f->group_index, name.n == 0 ? STR("-") : name, &fresh);

	if (!fresh)
		return (uint32_t)*slot;
	*slot = f->group_n;
	vec_hold(f->groups, f->group_n, f->group_cap, 1);
	f->groups[f->group_n] = (struct group){
		.name = f->group_index.entries[f->group_n].key,
	};
	return (uint32_t)f->group_n++;
}

static uint32_t
group_of(struct facts *f, const struct conversation_facts *conversation,
    struct record *r, int64_t t)
{
	struct str name;

	switch (f->by) {
	case BY_CHANNEL:
		name = record_str(r, "channel");
		break;
	case BY_QUEUE:
		name = conversation->queue;
		break;
	case BY_TEAM:
		name = conversation->team;
		break;
	case BY_ASSIGNEE:
		name = conversation->assignee;
		break;
	case BY_PRIORITY:
		name = conversation->priority;
		break;
	case BY_AUTHOR:
		name = record_is_answer(r) ? author_of(r) : STR_NONE;
		break;
	default:
		name = date_group(f, r, t);
	}
	return group_named(f, name);
}

/* The wait is another one's: so are its requests. */
static void
regroup(
    struct facts *f, struct conversation_facts *conversation, uint32_t group)
{
	f->groups[conversation->group].requests -= conversation->counted;
	f->groups[group].requests += conversation->counted;
	conversation->group = group;
}

/* Where one of several requests was believed, the wait is like any other. */
static void
take_aside(struct facts *f, struct asked *asked, struct record *r, bool begins)
{
	struct json quarantine = record_get(r, "quarantine");
	struct str reason =
	    json_str(json_get(quarantine, "reason"), record_arena(r));

	if (quarantine.doc == NULL)
		asked->aside = STR_NONE;
	else if (begins)
		asked->aside =
		    keep(f, reason.n > 0 ? reason : STR("set aside"));
}

static int64_t
misdated(struct record *r)
{
	struct json v = json_get(record_get(r, "data"), "misdated");
	int64_t t;

	return time_parse(json_str(v, record_arena(r)), &t) == 0 ? t
								 : TIME_NONE;
}

/* What is shown of the request that waits; of a later version of it, too. */
static void
take_asked(struct facts *f, struct asked *asked, struct record *r)
{
	struct str text = utf8_cut(record_str(r, "text"), TEXT_CUT);

	asked->misdated = misdated(r);
	if (!str_eq(asked->text, text))
		asked->text = keep(f, text);
}

static void
take_request(struct facts *f, size_t at, struct record *r,
    const struct standing *before, int64_t t)
{
	struct conversation_facts *conversation = conversation_at(f, at);
	struct asked *asked = &conversation->asked;
	bool begins = before->waiting_since == TIME_NONE;
	bool counts = f->since == TIME_NONE || t >= f->since;
	uint32_t group;

	take_route(f, conversation, r);
	add_moment(f, at, r, MOMENT_ASKED, t);
	if (begins && !str_eq(asked->person, record_str(r, "person"))) {
		asked->name = STR_NONE;
		asked->named = false;
		asked->person = keep(f, record_str(r, "person"));
	}
	if (str_eq(asked->person, record_str(r, "person")))
		names_take(f, asked, r);
	group = group_of(f, conversation, r, t);
	take_aside(f, asked, r, begins);
	if (begins) {
		conversation->group = group;
		conversation->counted = 0;
		conversation->counts = counts;
		asked->id = keep(f, record_str(r, "id"));
		take_asked(f, asked, r);
	}
	moves_take(f, r, t, !begins, counts);
	if (!begins && f->by == BY_ASSIGNEE)
		regroup(f, conversation, group);
	if (!counts)
		return;
	f->groups[group].requests++;
	conversation->counted += group == conversation->group;
	f->requests++;
}

static struct ended *
ended_at(struct facts *f, size_t i)
{
	if (i >= f->ended_cap)
		vec_hold(f->ended, f->ended_cap, f->ended_cap,
		    f->standings.answers.n - f->ended_cap);
	return &f->ended[i];
}

static uint32_t
add_wait(struct facts *f, size_t at, const struct standing *before, int64_t t)
{
	struct conversation_facts *conversation = conversation_at(f, at);

	vec_hold(f->waits, f->wait_n, f->wait_cap, 1);
	f->waits[f->wait_n++] = (struct wait){
		.conversation = (uint32_t)at,
		.group = conversation->group,
		.first = before->first_answer == TIME_NONE,
		.from = before->waiting_since,
		.to = t,
		.due = conversation->due,
		.reply_due = conversation->reply_due,
		.service = conversation->service,
		.priority = conversation->priority,
		.team = conversation->team,
	};
	conversation->due = conversation->reply_due = TIME_NONE;
	return (uint32_t)f->wait_n;
}

/* own: of the record's own conversation, where it counts as an answer; of
 * another it only ends a wait. */
static void
take_answer(struct facts *f, size_t at, struct record *r, bool own,
    const struct standing *before, int64_t t, const struct answered *answered)
{
	struct conversation_facts *conversation = conversation_at(f, at);
	bool ends = before->waiting_since != TIME_NONE;
	struct ended x = { .asked = conversation->asked };

	/* It may wait without a request, by a decision. */
	if (own && conversation->asked.name.p == NULL)
		conversation->asked.name =
		    keep(f, names_of(r, json_at(record_get(r, "to"), 0)));
	if (answered->failed)
		return;
	if (ends && f->by == BY_AUTHOR)
		regroup(f, conversation, group_of(f, conversation, r, t));
	x.requests = conversation->counted;
	x.ends = ends;
	x.counted = own && (ends ? conversation->counts
				 : f->since == TIME_NONE || t >= f->since);
	if (x.counted) {
		/* Before f->groups is read: group_of may move it. */
		x.group = ends ? conversation->group
			       : group_of(f, conversation, r, t);
		f->answers++;
		f->groups[x.group].answers++;
	}
	x.moment = add_moment(f, at, r, MOMENT_ANSWERED, t);
	if (ends && conversation->counts)
		x.wait = add_wait(f, at, before, t);
	if (answered->number != 0)
		*ended_at(f, answered->number - 1) = x;
}

/* The next answer of the conversation that did not fail; NULL. */
static struct ended *
next_answer(struct facts *f, size_t i, int64_t *at)
{
	const struct last_answer *v = f->standings.answers.v;
	uint32_t next = v[i].next;

	while (next != 0 && v[next - 1].failed)
		next = v[next - 1].next;
	if (next == 0)
		return NULL;
	*at = v[next - 1].at;
	return ended_at(f, next - 1);
}

/* By author a wait and its requests are whose answer ended it. */
static void
give_to_author(struct facts *f, struct ended *x, const struct ended *next)
{
	struct wait *w = &f->waits[x->wait - 1];

	if (f->by != BY_AUTHOR)
		return;
	f->groups[w->group].requests -= x->requests;
	w->group = next != NULL ? next->group : group_named(f, STR_NONE);
	f->groups[w->group].requests += x->requests;
}

/* The wait is one with that of the answer behind. */
static void
join_waits(struct facts *f, struct ended *x, struct ended *next)
{
	struct wait *w = &f->waits[x->wait - 1];
	struct wait *into = &f->waits[next->wait - 1];

	into->first |= w->first;
	into->from = w->from;
	into->due = w->due;
	into->reply_due = w->reply_due;
	into->service = w->service;
	into->priority = w->priority;
	into->team = w->team;
	into->group = w->group;
	w->taken_back = true;
}

/* It waits again, as it did before. */
static void
wait_again(
    struct facts *f, struct conversation_facts *conversation, struct ended *x)
{
	struct wait *w = x->wait == 0 ? NULL : &f->waits[x->wait - 1];

	conversation->asked = x->asked;
	conversation->counts = w != NULL;
	if (w == NULL)
		return;
	w->taken_back = true;
	conversation->counted =
	    x->requests +
	    (conversation->group == w->group ? conversation->counted : 0);
	conversation->group = w->group;
	if (w->due == TIME_NONE)
		return;
	conversation->due = w->due;
	conversation->reply_due = w->reply_due;
	conversation->service = w->service;
	conversation->priority = w->priority;
	conversation->team = w->team;
}

/* What the answer ended the next one did, or nobody. */
static void
give_back_wait(struct facts *f, size_t at, struct ended *x, size_t i)
{
	int64_t until = 0;
	struct ended *next = next_answer(f, i, &until);

	if (x->wait != 0)
		give_to_author(f, x, next);
	if (next == NULL) {
		wait_again(f, &f->conversations[at], x);
		return;
	}
	if (x->wait != 0 && next->wait == 0) {
		f->waits[x->wait - 1].to = until;
		next->wait = x->wait;
	} else if (x->wait != 0) {
		join_waits(f, x, next);
	}
	next->ends = true;
	next->requests += x->requests;
	next->asked = x->asked;
}

/* Answers that failed count for nothing. */
static void
take_back(struct facts *f, size_t at, const struct answered *answered)
{
	for (size_t k = answered->taken_back_n; k-- > 0;) {
		size_t i = answered->taken_back[k];
		struct ended *x = ended_at(f, i);

		if (x->counted) {
			f->answers--;
			f->groups[x->group].answers--;
		}
		if (x->ends)
			give_back_wait(f, at, x, i);
		if (x->moment != 0)
			f->promises.v[x->moment - 1].failed = true;
		*x = (struct ended){ 0 };
	}
}

/* By a receipt, which has the route of what waits again. */
static void
reopen(struct facts *f, size_t at, struct record *r,
    const struct answered *answered)
{
	take_back(f, at, answered);
	if (f->standings.v[at].waiting_since != TIME_NONE)
		take_route(f, &f->conversations[at], r);
}

/* What the record means for others than its own conversation. */
static void
take_others(
    struct facts *f, struct record *r, enum role kind, int64_t t, size_t own)
{
	for (size_t i = 0; i < f->standings.others.n; i++) {
		const struct other_answered *o = &f->standings.others.v[i];

		if (kind == ROLE_ANSWER)
			take_answer(
			    f, o->at, r, false, &o->before, t, &o->answered);
		else
			take_back(f, o->at, &o->answered);
		/* What waited in the record's own waits there. */
		if (f->standings.v[o->at].waiting_since != TIME_NONE &&
		    conversation_at(f, o->at)->asked.id.p == NULL) {
			conversation_at(f, own);
			f->conversations[o->at] = f->conversations[own];
		}
	}
}

/* It waits by a decision, maybe without any request. */
static void
take_reopened(struct facts *f, size_t at, struct record *r)
{
	struct conversation_facts *conversation = conversation_at(f, at);
	int64_t since = f->standings.v[at].waiting_since;

	conversation->counts = f->since == TIME_NONE || since >= f->since;
	if (conversation->asked.id.p != NULL)
		return;
	conversation->group = group_named(f, STR_NONE);
	conversation->counted = 0;
	conversation->asked.id = keep(f, record_str(r, "id"));
}

/* Conversations become one: what waited in one waits in the first. */
static void
take_act(
    struct facts *f, size_t at, struct record *r, const struct standing *before)
{
	struct json_iter it;
	struct act a;
	struct json v;

	if (!act_read(r, &a))
		return;
	if (a.kind == ACT_DONE)
		add_moment(f, at, r, MOMENT_DONE, a.at);
	if (a.kind == ACT_REOPEN)
		take_reopened(f, at, r);
	if (a.kind != ACT_JOIN)
		return;
	it = json_each(a.conversations);
	while (json_next(&it, NULL, &v)) {
		struct str id = json_str(v, record_arena(r));
		size_t own = standings_own(&f->standings, id);
		struct conversation_facts *to, *from;

		if (own == SIZE_MAX || own == at)
			continue;
		/* What stood for it until now. */
		while (f->standings.v[own].joined != at + 1)
			own = f->standings.v[own].joined - 1;
		conversation_at(f, own > at ? own : at);
		from = conversation_at(f, own);
		to = conversation_at(f, at);
		if (f->standings.v[at].waiting_since != TIME_NONE &&
		    (before->waiting_since == TIME_NONE ||
			f->standings.v[at].waiting_since <
			    before->waiting_since) &&
		    from->asked.id.p != NULL)
			*to = *from;
		from->due = from->reply_due = TIME_NONE;
	}
}

/* Once. */
static bool
is_moved(struct facts *f, struct record *r)
{
	return record_moved_from(r).p != NULL &&
	       idset_add(&f->moved, idset_hash(record_str(r, "id")));
}

/* What was set aside is let in: it is asked where it is now, and counted as what
 * it was. */
static void
move_in(struct facts *f, struct record *r)
{
	struct said said = said_of(r);
	struct standing before = { .waiting_since = TIME_NONE,
		.first_answer = TIME_NONE };
	struct str left = record_moved_from(r);
	size_t own = standings_own(&f->standings, left), at;
	struct standing *h = standings_get(&f->standings, said.conversation);
	struct conversation_facts *from;
	struct answered answered;

	if (h != NULL)
		before = *h;
	h = standings_take(&f->standings, r, &said, &answered);
	at = (size_t)(h - f->standings.v);
	take_request(
	    f, at, r, &before, said.at == TIME_NONE ? h->last : said.at);
	from = own == SIZE_MAX ? NULL : conversation_at(f, own);
	if (from == NULL || from->counted == 0)
		return;
	from->counted--;
	f->groups[from->group].requests--;
	f->requests--;
}

/* The request that waited longest, or a later version of it: where it was taken
 * back and others wait, the last of them stands for it, of which no words are
 * kept. */
static void
ask_again(struct facts *f, struct conversation_facts *c,
    const struct standing *h, struct record *r)
{
	take_asked(f, &c->asked, r);
	if (h->waiting_since == TIME_NONE || record_role(r) != ROLE_NONE ||
	    h->last_request.p == NULL || str_eq(h->last_request, c->asked.id))
		return;
	c->asked.id = keep(f, h->last_request);
	c->asked.text = STR_NONE;
}

/* The same record once more, or a later version of it. */
static void
again(struct facts *f, struct record *r)
{
	struct standing *h =
	    standings_get(&f->standings, record_str(r, "conversation"));
	struct str id = record_str(r, "id");
	struct conversation_facts *conversation;
	struct answered answered;

	standings_again(&f->standings, r, &answered);
	if (h == NULL)
		return;
	conversation = conversation_at(f, (size_t)(h - f->standings.v));
	take_back(f, (size_t)(h - f->standings.v), &answered);
	take_others(f, r, ROLE_NONE, h->last, (size_t)(h - f->standings.v));
	if (str_eq(h->last_request, id)) {
		take_route(f, conversation, r);
		if (f->by == BY_ASSIGNEE && h->waiting_since != TIME_NONE)
			regroup(f, conversation,
			    group_named(f, conversation->assignee));
	}
	if (str_eq(conversation->asked.id, id))
		ask_again(f, conversation, h, r);
}

static void
take_silence(
    struct facts *f, size_t at, struct record *r, const struct said *said)
{
	const struct standing *h = &f->standings.v[at];
	int64_t t = said->at == TIME_NONE ? h->last : said->at;

	if (silences_take(&f->silences, at, h, r, said))
		silences_at(&f->silences, at)->group =
		    group_of(f, conversation_at(f, at), r, t);
}

/* Conversations that got somebody when this record made a place free. */
static void
take_assigned(struct facts *f, struct record *r)
{
	struct json all = json_get(record_get(r, "route"), "assigned"), one;
	struct json_iter it = json_each(all);
	struct arena *a = record_arena(r);

	while (json_next(&it, NULL, &one)) {
		const struct standing *h = standings_get(
		    &f->standings, json_str(json_get(one, "conversation"), a));
		struct conversation_facts *conversation;

		if (h == NULL || h->waiting_since == TIME_NONE)
			continue;
		conversation = conversation_at(f, (size_t)(h - f->standings.v));
		take_word(
		    f, &conversation->assignee, json_get(one, "assignee"), a);
		if (f->by == BY_ASSIGNEE)
			regroup(f, conversation,
			    group_named(f, conversation->assignee));
	}
}

/* Of conversations that an act joins the first, which stands for all. */
static struct str
joins_into(struct record *r)
{
	struct act a;

	if (!act_read(r, &a) || a.kind != ACT_JOIN)
		return STR_NONE;
	return json_str(json_at(a.conversations, 0), record_arena(r));
}

void
facts_add(struct facts *f, struct record *r)
{
	struct standing before = { .waiting_since = TIME_NONE,
		.first_answer = TIME_NONE };
	struct str person = record_str(r, "person");
	struct said said = { record_str(r, "conversation"), record_time(r) };
	struct share share = { .asks = record_asks(r) };
	int64_t t = said.at;
	struct answered answered;
	const struct standing *h;
	size_t at;

	if (f->until != TIME_NONE && t != TIME_NONE && t >= f->until)
		return;
	said.kind = record_role_by(r, share.asks);
	if (said.kind == ROLE_ACT)
		said.conversation = record_conversation(r);
	if (f->since != TIME_NONE && t != TIME_NONE && t < f->since)
		share.asks = ASKS_COUNT;
	share.automatic = record_has_keyword(r, "automatic");
	share.quarantined = record_get(r, "quarantine").doc != NULL;
	if (!tally_add(&f->tally, record_str(r, "id"), said.kind, share)) {
		if (said.kind == ROLE_REQUEST && is_moved(f, r))
			move_in(f, r);
		else
			again(f, r);
		return;
	}
	h = standings_get(
	    &f->standings, said.kind == ROLE_ACT && said.conversation.p == NULL
			       ? joins_into(r)
			       : said.conversation);
	if (h != NULL)
		before = *h;
	h = standings_take(&f->standings, r, &said, &answered);
	take_assigned(f, r);
	if (person.n > 0 && record_is(r, "type", "contact"))
		names_contact(f, r, person);
	if (person.n > 0 && said.kind != ROLE_REQUEST)
		map_put(&f->people, person, NULL);
	if (h == NULL)
		return;
	at = (size_t)(h - f->standings.v);
	conversation_at(f, at);
	if (t == TIME_NONE)
		t = h->last;
	if (said.kind == ROLE_REQUEST)
		take_request(f, at, r, &before, t);
	else if (said.kind == ROLE_ANSWER)
		take_answer(f, at, r, true, &before, t, &answered);
	else if (said.kind == ROLE_ACT)
		take_act(f, at, r, &before);
	else if (answered.taken_back_n > 0)
		reopen(f, at, r, &answered);
	take_others(f, r, said.kind, t, at);
	if (f->silence)
		take_silence(f, at, r, &said);
}

void
facts_release(struct facts *f)
{
	moves_release(f);
	standings_release(&f->standings);
	free(f->conversations);
	free(f->waits);
	free(f->ended);
	silences_release(&f->silences);
	promises_release(&f->promises);
	free(f->groups);
	map_release(&f->group_index);
	idset_release(&f->moved);
	map_release(&f->names);
	intern_release(&f->words);
	tally_release(&f->tally);
	arena_release(&f->arena);
	*f = (struct facts){ .since = TIME_NONE, .until = TIME_NONE };
}

bool
facts_waits(const struct facts *f, size_t i)
{
	return standing_waits(&f->standings.v[i], f->now) &&
	       f->conversations[i].counts;
}

int64_t
facts_business(struct calendar *c, int64_t from, int64_t to)
{
	int64_t open = c == NULL ? TIME_NONE : calendar_between(c, from, to);

	return open == TIME_NONE ? CELL_NONE : open;
}
