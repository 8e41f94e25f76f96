#include "reply/drafting/drafting.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/time.h"
#include "core/vec.h"
#include "core/text/utf8.h"
#include "json/write.h"
#include "reply/drafting/answer.h"
#include "reply/draft.h"
#include "reply/drafting/recipients.h"
#include "reply/drafting/reminder.h"

/* What is kept of a conversation while it waits. */
struct kept {
	char *line; /* the last request's, BUF_PAD behind; NULL: none waits */
	size_t n, cap;
	/* The route of the draft: the last one, but a person's attention once
	 * asked for is not lost because the customer wrote again. */
	char *route; /* NULL: what the line has */
	bool high; /* its stakes are */
	uint64_t author; /* of the line: a hash of the person */
	/* The first request of several that wait, for when the line's is taken
	 * back; or NULL. */
	char *first;
	size_t first_n;
	/* Of lines before it that wait, too: who wrote them, as a list of
	 * address objects, JSON; or NULL. */
	char *wrote;
	int64_t at; /* the line's time, or TIME_NONE */
	char seen[ID_SIZE]; /* the last record of the conversation */
	/* The receipt that took the last answer back, or empty; its time. */
	char again[ID_SIZE];
	int64_t again_at;
	int64_t answered; /* where it is answered: when, and */
	bool is_answered;
	bool gone; /* that was too long ago to keep the line */
};

/* An answered conversation, whose answer may come back. */
struct lately {
	size_t at; /* in both */
	int64_t answered;
};

/* What is kept besides where reminders are asked for. */
struct quiet {
	struct silence is;
	char *name; /* of theirs, from their last request; or NULL */
	bool noreply; /* no machine may answer that */
};

struct drafting {
	struct template *template;
	const struct workspace *workspace;
	const struct transports *transports;
	struct standings standings;
	struct kept_list VEC(struct kept) kept; /* beside standings.v */
	struct map stops; /* person -> place in said */
	struct said_list VEC(struct consents) said;
	struct map
	    wrote; /* person and channel -> time of their last message there */
	struct bounced bounced;
	struct lately_list VEC(struct lately) lately; /* by time */
	size_t lately_from; /* those before are done with */
	int64_t since; /* older requests get no draft; TIME_NONE: all do */
	int64_t now, silent; /* silent: reminders, after so long; or -1 */
	struct quiet_list VEC(struct quiet) quiet; /* beside standings.v */
	struct buf mirror;
	struct order VEC(size_t) order; /* of those that wait, into both */
	size_t too_old;
	struct record *record;
	struct json_doc *route; /* one that is not the record's own */
	struct json_doc *authors; /* who wrote, likewise */
	struct buf subject, body;
};

struct drafting *
drafting_open(const char *template, const struct workspace *c,
    const struct transports *transports, int64_t now, int64_t max_age,
    int64_t silent, struct err *e)
{
	struct template *t = template_open(template, c, e);
	struct drafting *d;

	if (t == NULL)
		return NULL;
	if (max_age < 0 && silent >= 0)
		max_age = DRAFTING_REMINDER_AGE;
	if (max_age < 0 && template_automatic(t))
		max_age = DRAFTING_ACK_AGE;
	d = xcalloc(1, sizeof(*d));
	d->template = t;
	d->workspace = c;
	d->transports = transports;
	d->now = now;
	d->since = max_age < 0 ? TIME_NONE : now - max_age;
	d->silent = silent;
	buf_init(&d->mirror, SIZE_MAX / 4);
	d->record = record_new();
	d->route = json_doc_new();
	d->authors = json_doc_new();
	buf_init(&d->subject, TEMPLATE_MAX);
	buf_init(&d->body, TEMPLATE_MAX);
	return d;
}

static void
forget(struct kept *k)
{
	free(k->line);
	free(k->first);
	free(k->route);
	free(k->wrote);
	memset(k, 0, sizeof(*k));
}

void
drafting_free(struct drafting *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->kept.n; i++)
		forget(&d->kept.v[i]);
	for (size_t i = 0; i < d->quiet.n; i++)
		free(d->quiet.v[i].name);
	vec_release(&d->quiet);
	buf_release(&d->mirror);
	vec_release(&d->kept);
	vec_release(&d->order);
	template_free(d->template);
	vec_release(&d->lately);
	bounced_release(&d->bounced);
	map_release(&d->stops);
	for (size_t i = 0; i < d->said.n; i++)
		consents_release(&d->said.v[i]);
	vec_release(&d->said);
	map_release(&d->wrote);
	standings_release(&d->standings);
	record_free(d->record);
	json_doc_free(d->route);
	json_doc_free(d->authors);
	buf_release(&d->subject);
	buf_release(&d->body);
	free(d);
}

static struct str
who_key(struct record *r)
{
	struct str who = record_str(r, "person");

	return who.p == NULL ? record_str(r, "conversation") : who;
}

static struct str
wrote_key(struct record *r, struct str channel)
{
	return ARENA_JOIN(record_arena(r), who_key(r), STR(" "), channel);
}

/* What their messages and events say; rows of tables are in the context. */
static void
learn_consent(struct drafting *d, struct record *r)
{
	struct json name = json_get(record_get(r, "from"), "name");
	struct consent_word w;
	uint64_t *at;
	bool fresh;

	if (!consent_said(r, &w) ||
	    (w.said == CONSENT_IN && record_get(r, "quarantine").doc != NULL))
		return;
	at = map_put(&d->stops, who_key(r), &fresh);
	if (fresh) {
		*at = d->said.n;
		vec_add(&d->said, (struct consents){ 0 });
	}
	consents_say(&d->said.v[*at], &w, record_time(r),
	    json_str(name, record_arena(r)), record_str(r, "id"));
}

/* Some channels take an answer only for so long after the customer wrote. */
static void
learn_wrote(struct drafting *d, struct record *r)
{
	const struct channel *c = channel_named(record_str(r, "channel"));
	int64_t t = record_time(r);
	const uint64_t *old;
	struct str key;

	if (c == NULL || c->free_hours == 0 || t < 0 ||
	    json_type(record_get(r, "quarantine")) != JSON_NONE ||
	    draft_is(r) || !json_is(record_get(r, "direction"), "inbound"))
		return;
	key = wrote_key(r, record_str(r, "channel"));
	old = map_get(&d->wrote, key);
	if (old == NULL || *old < (uint64_t)t)
		*map_put(&d->wrote, key, NULL) = (uint64_t)t;
}

static struct kept *
kept_of(struct drafting *d, size_t i)
{
	while (d->kept.n <= i)
		vec_add(&d->kept, (struct kept){ 0 });
	return &d->kept.v[i];
}

static bool
high_stakes(struct json route)
{
	return json_true(json_get(route, "human")) ||
	       json_is(json_get(route, "stakes"), "high");
}

/* Keeps the route of the line in hand beyond it. */
static void
save_route(struct drafting *d, struct kept *k)
{
	struct json route;
	struct err e;

	if (k->line == NULL || k->route != NULL ||
	    record_parse(d->record, str_make(k->line, k->n), &e) != 0)
		return;
	route = record_get(d->record, "route");
	if (json_type(route) == JSON_OBJECT)
		k->route = xmemdup0(json_raw(route).p, json_raw(route).n);
}

/* Before the line of r is kept. */
static void
keep_route(struct drafting *d, struct kept *k, struct record *r)
{
	struct json route = record_get(r, "route");
	bool high = high_stakes(route);

	if (json_type(route) != JSON_OBJECT || (k->high && !high)) {
		save_route(d, k);
		return;
	}
	free(k->route);
	k->route = NULL;
	k->high = high;
}

/* The author of the line in hand goes among those who wrote before. */
static void
keep_author(struct drafting *d, struct kept *k)
{
	struct str wrote = str_of(k->wrote), quoted;
	struct party p;
	struct buf list;
	struct writer w;
	struct err e;

	if (record_parse(d->record, str_make(k->line, k->n), &e) != 0)
		return;
	p = recipients_reply_to(d->record, d->workspace);
	if (p.email.n == 0)
		party_read(
		    record_get(d->record, "from"), record_arena(d->record), &p);
	p.name = utf8_one_line(p.name, record_arena(d->record));
	quoted =
	    ARENA_JOIN(record_arena(d->record), STR("\""), p.email, STR("\""));
	if (p.email.n == 0 || str_find(wrote, quoted) >= 0)
		return;
	buf_init(&list, TEMPLATE_MAX);
	write_init(&w, &list);
	write_list(&w);
	if (wrote.n > 2)
		write_raw(&w, str_sub(wrote, 1, wrote.n - 2));
	write_object(&w);
	write_member(&w, "name", p.name);
	write_member(&w, "email", p.email);
	write_object_end(&w);
	write_list_end(&w);
	if (!list.over) {
		free(k->wrote);
		k->wrote = xmemdup0(list.p, list.n);
	}
	buf_release(&list);
}

/* Another one than before wrote, and both wait. */
static void
keep_authors(struct drafting *d, struct kept *k, struct record *r)
{
	uint64_t author = map_hash(record_str(r, "person"));

	if (k->line != NULL && k->author != author)
		keep_author(d, k);
	k->author = author;
}

static void
keep_line(struct kept *k, struct str line)
{
	if (k->cap < line.n + BUF_PAD) {
		free(k->line);
		k->cap = line.n + line.n / 4 + BUF_PAD;
		k->line = xmalloc(k->cap);
	}
	memcpy(k->line, line.p, line.n);
	memset(k->line + line.n, 0, BUF_PAD);
	k->n = line.n;
}

/* What was set aside is for a person to let in first, and a machine answers
 * none of what forbids that. */
static bool
may_answer(const struct drafting *d, struct record *r)
{
	static const char *const forbid[] = { "noreply", "automatic", "bounce",
		"list" };

	if (record_get(r, "quarantine").doc != NULL)
		return false;
	for (size_t i = 0; i < sizeof(forbid) / sizeof(*forbid); i++)
		if (template_automatic(d->template) &&
		    record_has_keyword(r, forbid[i]))
			return false;
	return true;
}

/* Lines are let go of whose answer came back from nowhere so long. */
static void
forget_old(struct drafting *d)
{
	while (d->lately_from < d->lately.n) {
		struct lately x = d->lately.v[d->lately_from];
		struct kept *k = kept_of(d, x.at);

		if (d->standings.latest - x.answered < DRAFTING_RETURNS)
			break;
		if (k->is_answered && k->answered == x.answered) {
			forget(k);
			k->gone = true;
		}
		d->lately_from++;
	}
	if (d->lately_from < d->lately.n / 2)
		return;
	d->lately.n -= d->lately_from;
	memmove(d->lately.v, d->lately.v + d->lately_from,
	    d->lately.n * sizeof(*d->lately.v));
	d->lately_from = 0;
}

/* It waits no more; its line stays for a while, since answers come back. */
static void
keep_answered(struct drafting *d, size_t at)
{
	struct kept *k = kept_of(d, at);

	if (k->is_answered || k->line == NULL)
		return;
	k->is_answered = true;
	k->answered = d->standings.latest;
	vec_add(&d->lately, (struct lately){ at, k->answered });
	forget_old(d);
}

static void
keep_id(char out[ID_SIZE], struct str id)
{
	if (id.n >= ID_SIZE)
		return;
	memcpy(out, id.p, id.n);
	out[id.n] = '\0';
}

static void
drop_first(struct kept *k)
{
	free(k->first);
	k->first = NULL;
}

/* Another request waits already, which is the first of several. */
static void
keep_first(struct kept *k, struct record *r)
{
	if (k->line == NULL || k->first != NULL ||
	    record_has_keyword(r, "updated"))
		return;
	k->first = xcalloc(1, k->n + BUF_PAD);
	memcpy(k->first, k->line, k->n);
	k->first_n = k->n;
}

/* Is it the record of that line?  The line is in d->record then. */
static bool
is_line(struct drafting *d, const char *line, size_t n, struct str id)
{
	struct err e;

	return line != NULL &&
	       record_parse(d->record, str_make(line, n), &e) == 0 &&
	       str_eq(record_str(d->record, "id"), id);
}

/* One of several requests asks for nothing any more: where it is the last, the
 * first is answered. */
static void
take_gone(struct drafting *d, struct kept *k, struct record *r)
{
	struct str id = record_str(r, "id");
	struct err e;

	if (k->first == NULL || !record_has_keyword(r, "updated"))
		return;
	if (is_line(d, k->first, k->first_n, id)) {
		drop_first(k);
		return;
	}
	if (!is_line(d, k->line, k->n, id) ||
	    record_parse(d->record, str_make(k->first, k->first_n), &e) != 0)
		return;
	keep_line(k, str_make(k->first, k->first_n));
	k->author = map_hash(record_str(d->record, "person"));
	k->at = record_time(d->record);
	drop_first(k);
}

static void
take_request(struct drafting *d, struct kept *k, struct record *r, int64_t at)
{
	if (k->is_answered)
		forget(k);
	if (!may_answer(d, r))
		return;
	keep_route(d, k, r);
	keep_authors(d, k, r);
	keep_first(k, r);
	keep_line(k, record_line(r));
	k->at = at;
	k->gone = false;
	k->again[0] = '\0';
}

/* The answer came back, as the record r tells. */
static void
take_back(struct drafting *d, struct kept *k, struct record *r)
{
	k->is_answered = false;
	keep_id(k->again, record_str(r, "id"));
	k->again_at = d->standings.latest;
}

/* What it means for other conversations than its own. */
static void
take_others(struct drafting *d, struct record *r)
{
	for (size_t i = 0; i < d->standings.others.n; i++) {
		const struct other_answered *o = &d->standings.others.v[i];

		if (d->standings.v[o->at].waiting_since == TIME_NONE)
			keep_answered(d, o->at);
		else if (o->answered.taken_back_n > 0)
			take_back(d, kept_of(d, o->at), r);
	}
}

static struct quiet *
quiet_of(struct drafting *d, size_t i)
{
	while (d->quiet.n <= i)
		vec_add(&d->quiet, (struct quiet){ .is = SILENCE_NEW });
	return &d->quiet.v[i];
}

/* What the reminder is to say of who asked. */
static void
keep_asked(struct kept *k, struct quiet *q, struct record *r)
{
	struct str name =
	    json_str(json_get(record_get(r, "from"), "name"), record_arena(r));
	struct json route = record_get(r, "route");

	free(q->name);
	q->name = name.n == 0 ? NULL : xmemdup0(name.p, name.n);
	q->noreply =
	    record_has_keyword(r, "noreply") || record_has_keyword(r, "list");
	if (json_type(route) != JSON_OBJECT)
		return;
	free(k->route);
	k->route = xmemdup0(json_raw(route).p, json_raw(route).n);
}

/* Our last answer is what a reminder reminds of. */
static void
keep_silent(struct drafting *d, const struct standing *h, struct record *r,
    const struct said *said)
{
	size_t at = (size_t)(h - d->standings.v);
	struct kept *k = kept_of(d, at);
	struct quiet *q = quiet_of(d, at);

	if (said->kind == ROLE_REQUEST)
		keep_asked(k, q, r);
	if (silence_take(&q->is, h, r, said, template_name(d->template))) {
		buf_reset(&d->mirror);
		reminder_line(r, q->name, h->subject, &d->mirror);
		keep_line(k, buf_str(&d->mirror));
		k->at = q->is.ours;
	}
	keep_id(k->seen, record_str(r, "id"));
}

void
drafting_add(struct drafting *d, struct record *r)
{
	struct said said;
	struct answered answered;
	struct standing *h;
	struct kept *k;
	size_t at;

	/* Its role depends on it, too. */
	consent_look(r);
	said = said_of(r);
	learn_consent(d, r);
	learn_wrote(d, r);
	h = standings_take(&d->standings, r, &said, &answered);
	bounced_learn(&d->bounced, r, &d->standings, &answered);
	if (h == NULL)
		return;
	if (d->silent >= 0) {
		keep_silent(d, h, r, &said);
		return;
	}
	take_others(d, r);
	at = (size_t)(h - d->standings.v);
	k = kept_of(d, at);
	if (h->waiting_since == TIME_NONE) {
		keep_answered(d, at);
	} else if (said.kind == ROLE_REQUEST) {
		take_request(d, k, r, said.at);
	} else if (answered.taken_back_n > 0) {
		take_back(d, k, r);
	} else if (said.kind == ROLE_NONE) {
		take_gone(d, k, r);
	}
	keep_id(k->seen, record_str(r, "id"));
}

static int
by_wait(const void *a, const void *b, void *standings)
{
	const struct standing *v = standings;
	const struct standing *x = &v[*(const size_t *)a];
	const struct standing *y = &v[*(const size_t *)b];

	if (x->waiting_since != y->waiting_since)
		return x->waiting_since < y->waiting_since ? -1 : 1;
	return str_cmp(x->id, y->id);
}

/* What was asked in a conversation that another stands for is asked there. */
static void
join_kept(struct drafting *d)
{
	for (size_t i = 0; i < d->standings.n; i++) {
		size_t whole = standings_whole(&d->standings, i);
		struct kept *k = kept_of(d, i), *to, t;

		if (whole == i || k->line == NULL)
			continue;
		to = kept_of(d, whole);
		k = kept_of(d, i);
		if (to->line != NULL && to->at >= k->at)
			continue;
		t = *to;
		*to = *k;
		*k = t;
	}
}

static int
by_silence(const void *a, const void *b, void *drafting)
{
	struct drafting *d = drafting;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	int64_t x = silence_since(&quiet_of(d, i)->is, &d->standings.v[i]);
	int64_t y = silence_since(&quiet_of(d, k)->is, &d->standings.v[k]);

	if (x != y)
		return x < y ? -1 : 1;
	return str_cmp(d->standings.v[i].id, d->standings.v[k].id);
}

/* Have they been silent long enough, since our answer and since the last
 * reminder? */
static bool
is_due(struct drafting *d, size_t i)
{
	const struct quiet *q = quiet_of(d, i);
	int64_t since = silence_since(&q->is, &d->standings.v[i]);

	if (since == TIME_NONE || d->standings.v[i].joined != 0 ||
	    kept_of(d, i)->line == NULL ||
	    (q->noreply && template_automatic(d->template)))
		return false;
	if (q->is.reminded != TIME_NONE && q->is.reminded > since)
		since = q->is.reminded;
	return d->now - since >= d->silent;
}

static bool
is_open(struct drafting *d, size_t i)
{
	const struct kept *k = kept_of(d, i);

	if (d->silent >= 0)
		return is_due(d, i);
	return standing_waits(&d->standings.v[i], d->now) &&
	       (k->line != NULL || k->gone);
}

static void
put_in_order(struct drafting *d)
{
	d->order.n = 0;
	d->too_old = 0;
	join_kept(d);
	for (size_t i = 0; i < d->standings.n; i++) {
		const struct kept *k = kept_of(d, i);

		if (!is_open(d, i))
			continue;
		if (d->since != TIME_NONE && k->at != TIME_NONE &&
		    k->at < d->since)
			d->too_old++;
		else
			vec_add(&d->order, i);
	}
	if (d->order.n > 0 && d->silent >= 0)
		qsort_r(d->order.v, d->order.n, sizeof(size_t), by_silence, d);
	else if (d->order.n > 0)
		qsort_r(d->order.v, d->order.n, sizeof(size_t), by_wait,
		    d->standings.v);
}

/* How many reminders there were; of none is asked where nobody waits. */
static unsigned
reminders(struct drafting *d, size_t i)
{
	return d->silent < 0 ? 0 : quiet_of(d, i)->is.reminders;
}

static int
write_draft(struct drafting *d, size_t at, struct buf *out, struct err *e)
{
	const struct standing *h = &d->standings.v[at];
	const struct kept *k = kept_of(d, at);
	struct answer x = { .template = d->template,
		.workspace = d->workspace,
		.transports = d->transports,
		.request = d->record,
		.conversation = h->id,
		.bounced = &d->bounced,
		.subject = &d->subject,
		.body = &d->body };
	const uint64_t *stop, *wrote;
	struct str key;

	if (reminders(d, at) >= SILENCE_REMINDERS) {
		reminder_done(h->id, d->now, out);
		return 0;
	}
	if (d->silent >= 0)
		x.reminder = reminders(d, at) + 1;
	if (k->line == NULL)
		return err_set(e,
		    "its answer came back so late that the request is not at "
		    "hand any more: answer it by hand");
	if (record_parse(d->record, str_make(k->line, k->n), e) < 0)
		return -1;
	/* Who got an acknowledgement needs no other. */
	if (!template_automatic(d->template) && *k->again != '\0') {
		x.again = str_of(k->again);
		x.again_at = k->again_at;
	}
	if (k->route == NULL)
		x.route = record_get(d->record, "route");
	else if (json_parse_copy(d->route, str_of(k->route), &x.route, e) < 0)
		return -1;
	if (k->wrote != NULL &&
	    json_parse_copy(d->authors, str_of(k->wrote), &x.wrote, e) < 0)
		return -1;
	key = wrote_key(d->record, answer_channel(d->record, x.route));
	stop = map_get(&d->stops, who_key(d->record));
	wrote = map_get(&d->wrote, key);
	x.seen = str_of(k->seen);
	x.wrote_there = wrote == NULL ? TIME_NONE : (int64_t)*wrote;
	x.consents = stop == NULL ? NULL : &d->said.v[*stop];
	return answer_write(&x, out, e);
}

int
drafting_finish(struct drafting *d, struct sink *out, struct err *e)
{
	struct err why;
	int rc = 0;

	put_in_order(d);
	if (d->too_old > 0)
		sink_sum(out, "too old", (int64_t)d->too_old);
	for (size_t i = 0; rc == 0 && i < d->order.n; i++) {
		const struct standing *h = &d->standings.v[d->order.v[i]];

		if (write_draft(d, d->order.v[i], sink_out(out), &why) == 0) {
			rc = sink_commit(out, e);
			continue;
		}
		sink_rollback(out);
		rc = sink_reject(
		    out, STR(""), h->last_request, why.msg, STR(""), e);
	}
	return rc;
}
