/* Who waits for us, longest first; and the figures of the whole. */
#include "report/kinds.h"
#include "report/stats.h"

#include <stdlib.h>

#include "core/alloc.h"

enum {
	WAITED,
	WAITED_BUSINESS,
	SINCE,
	WHO,
	CHANNEL,
	SUBJECT,
	QUEUE,
	ASSIGNEE,
	PRIORITY,
	DUE,
	OVERDUE,
	ASIDE,
	REQUESTS,
	CONVERSATION,
	PERSON,
	LAST,
	MISDATED,
};

static struct table *
make(const struct report_options *o, bool misdated)
{
	struct table *t = table_new("unanswered", "Who waits for an answer",
	    "A conversation waits from its oldest request that no human answer "
	    "followed; one line a conversation, however many messages and "
	    "channels it has. Automatic messages neither wait nor answer. "
	    "Overdue: how long past the due time that route gave. Set aside: "
	    "why merge did not believe the sender or the reference; such stand "
	    "behind the others. Dated: the time that the request gives itself, "
	    "where that has not come; it waits since it came, or since now.",
	    "Nobody waits for an answer.");

	t->chart = CHART_NONE;
	table_column(t, "waited", "waits for", CELL_DURATION, COLUMN_BAR);
	table_column(t, "waitedBusiness", "business", CELL_HOURS,
	    (o->calendar == NULL ? COLUMN_HIDDEN : 0));
	table_column(
	    t, "waitingSince", "since (UTC)", CELL_TIME, COLUMN_HIDDEN);
	table_column(t, "name", "who", CELL_TEXT, 0);
	table_column(t, "channel", "channel", CELL_NAME, 0);
	table_column(t, "subject", "about", CELL_TEXT, 0);
	table_column(t, "queue", "queue", CELL_NAME, 0);
	table_column(t, "assignee", "assignee", CELL_NAME, 0);
	table_column(t, "priority", "priority", CELL_NAME, 0);
	table_column(t, "due", "due (UTC)", CELL_TIME, COLUMN_HIDDEN);
	table_column(t, "overdue", "overdue by", CELL_DURATION, COLUMN_WARN);
	table_column(t, "setAside", "set aside", CELL_TEXT, COLUMN_WARN);
	table_column(t, "requests", "requests", CELL_COUNT, COLUMN_HIDDEN);
	table_column(t, "conversation", "conversation", CELL_NAME,
	    (!o->why ? COLUMN_HIDDEN : 0));
	table_column(t, "person", "person", CELL_NAME, COLUMN_HIDDEN);
	table_column(t, "waitingRequest", "request", CELL_NAME,
	    (!o->why ? COLUMN_HIDDEN : 0));
	table_column(t, "misdated", "dated (UTC)", CELL_TIME,
	    misdated ? COLUMN_WARN : COLUMN_HIDDEN);
	return t;
}

/* The time that its request gives itself and that has not come: a mistake,
 * by which nobody may stand behind the others unseen. */
static int64_t
misdated(const struct facts *f, const struct standing *th,
    const struct report_options *o)
{
	int64_t said = f->conversations[th - f->standings.v].asked.misdated;

	if (said != TIME_NONE)
		return said;
	return th->waiting_since > o->now + TIME_DAY ? th->waiting_since
						     : TIME_NONE;
}

/* What comes from behind now waits since now. */
static int64_t
waited(const struct standing *th, const struct report_options *o)
{
	return th->waiting_since > o->now ? 0 : o->now - th->waiting_since;
}

static int
oldest_first(const void *a, const void *b)
{
	const struct standing *x = *(const struct standing *const *)a;
	const struct standing *y = *(const struct standing *const *)b;

	if (x->waiting_since != y->waiting_since)
		return x->waiting_since < y->waiting_since ? -1 : 1;
	return str_cmp(x->id, y->id);
}

static void
add_row(struct table *t, struct facts *f, const struct report_options *o,
    const struct standing *th)
{
	const struct conversation_facts *conversation =
	    &f->conversations[th - f->standings.v];
	struct cell *row = table_row(t);

	row[WAITED] = cell_count(waited(th, o));
	row[WAITED_BUSINESS] = cell_count(
	    facts_business(o->calendar, o->now - waited(th, o), o->now));
	row[SINCE] = cell_count(th->waiting_since);
	row[WHO] = cell_text(t, facts_name(f, (size_t)(th - f->standings.v)));
	row[CHANNEL] = cell_text(t, th->channel);
	row[SUBJECT] = cell_text(
	    t, th->subject.n > 0 ? th->subject : conversation->asked.text);
	row[QUEUE] = cell_text(t, conversation->queue);
	row[ASSIGNEE] = cell_text(t, conversation->assignee);
	row[PRIORITY] = cell_text(t, conversation->priority);
	row[DUE] = cell_count(conversation->due);
	if (conversation->due != TIME_NONE && conversation->due < o->now)
		row[OVERDUE] = cell_count(o->now - conversation->due);
	row[ASIDE] = cell_text(t, conversation->asked.aside);
	row[REQUESTS] = cell_count(th->requests);
	row[CONVERSATION] = cell_text(t, th->id);
	row[PERSON] = cell_text(t, conversation->asked.person);
	row[LAST] = cell_text(t, conversation->asked.id);
	row[MISDATED] = cell_count(misdated(f, th, o));
}

struct table *
report_unanswered(struct facts *f, const struct report_options *o)
{
	struct table *t;
	const struct standing **order = xcalloc(f->standings.n, sizeof(*order));
	bool wrong = false;
	size_t n = 0;

	for (size_t i = 0; i < f->standings.n; i++) {
		const struct standing *th = &f->standings.v[i];

		if (!facts_waits(f, i) ||
		    (waited(th, o) < o->older &&
			th->waiting_since <= o->now + TIME_DAY))
			continue;
		order[n++] = th;
		wrong |= misdated(f, th, o) != TIME_NONE;
	}
	t = make(o, wrong);
	if (n > 0)
		qsort(order, n, sizeof(*order), oldest_first);
	/* What was set aside stands apart. */
	for (int aside = 0; aside < 2; aside++)
		for (size_t i = 0; i < n; i++)
			if ((f->conversations[order[i] - f->standings.v]
				    .asked.aside.p != NULL) == aside)
				add_row(t, f, o, order[i]);
	free(order);
	return t;
}

static struct table *
make_summary(const struct facts *f, const struct report_options *o)
{
	static const struct {
		const char *name, *title;
	} reasons[ASKS_COUNT] = {
		[ASKS_DRAFT] = { "whyDraft", "not: draft" },
		[ASKS_DELETED] = { "whyDeleted", "not: deleted" },
		[ASKS_JUNK] = { "whyJunk", "not: junk" },
		[ASKS_AUTOMATIC] = { "whyAutomatic", "not: automatic" },
		[ASKS_BOUNCE] = { "whyBounce", "not: bounce" },
		[ASKS_LIST] = { "whyList", "not: list" },
		[ASKS_OPTOUT] = { "whyOptout", "not: opt-out" },
		[ASKS_COURTESY] = { "whyCourtesy", "not: courtesy" },
		[ASKS_SPOKE] = { "whySpoke", "not: spoke" },
		[ASKS_RULE] = { "whyRule", "not: by a rule" },
	};
	struct table *t = table_new("summary", "At a glance",
	    "People: distinct persons that merge found. Requests: customers' "
	    "messages that ask for an answer. Answers: human messages of ours. "
	    "First reply: median and p90 (nearest rank) over conversations that "
	    "have one. Set aside: records whose sender or reference was not "
	    "believed. Inbound: messages and calls from outside; each either "
	    "asks or has a reason not to (kith-record(5), why), so that inbound "
	    "= asking + all that are not.",
	    "No records.");

	t->chart = CHART_TILES;
	table_column(t, "people", "people", CELL_COUNT, 0);
	table_column(t, "conversations", "conversations", CELL_COUNT, 0);
	table_column(t, "requests", "requests", CELL_COUNT, 0);
	table_column(t, "answers", "answers", CELL_COUNT, 0);
	table_column(t, "waiting", "waiting now", CELL_COUNT, COLUMN_WARN);
	table_column(t, "longestWait", "longest wait", CELL_DURATION, 0);
	table_column(t, "firstReplyMedian", "first reply", CELL_DURATION, 0);
	table_column(t, "firstReplyP90", "p90", CELL_DURATION, 0);
	table_column(t, "firstReplyBusinessMedian", "in business hours",
	    CELL_HOURS, (o->calendar == NULL ? COLUMN_HIDDEN : 0));
	table_column(t, "firstReplyBusinessP90", "p90", CELL_HOURS,
	    (o->calendar == NULL ? COLUMN_HIDDEN : 0));
	table_column(t, "automatic", "automatic", CELL_COUNT, 0);
	table_column(t, "quarantined", "set aside", CELL_COUNT, COLUMN_WARN);
	table_column(t, "inbound", "inbound", CELL_COUNT, 0);
	table_column(t, "asking", "asking", CELL_COUNT, 0);
	for (enum asks i = ASKS_DRAFT; i <= ASKS_RULE; i++)
		table_column(t, reasons[i].name, reasons[i].title, CELL_COUNT,
		    f->tally.asks[i] > 0 ? 0 : COLUMN_HIDDEN);
	return t;
}

struct table *
report_summary(struct facts *f, const struct report_options *o)
{
	struct table *t = make_summary(f, o);
	struct samples first = { 0 }, business = { 0 };
	struct cell *row = table_row(t);
	int64_t waiting = 0, inbound = 0, oldest = TIME_NONE;
	size_t joined = 0;

	for (size_t i = 0; i < f->standings.n; i++) {
		int64_t since = f->standings.v[i].waiting_since;

		joined += f->standings.v[i].joined != 0;
		if (!facts_waits(f, i))
			continue;
		waiting++;
		if (oldest == TIME_NONE || since < oldest)
			oldest = since;
	}
	for (size_t i = 0; i < f->wait_n; i++) {
		const struct wait *w = &f->waits[i];
		int64_t open;

		if (!w->first || w->taken_back)
			continue;
		samples_add(&first, w->to - w->from);
		open = facts_business(o->calendar, w->from, w->to);
		if (open != CELL_NONE)
			samples_add(&business, open);
	}
	row[0] = cell_count((int64_t)f->people.n);
	row[1] = cell_count((int64_t)(f->standings.n - joined));
	row[2] = cell_count((int64_t)f->requests);
	row[3] = cell_count((int64_t)f->answers);
	row[4] = cell_count(waiting);
	row[5] = cell_count(oldest == TIME_NONE ? CELL_NONE
			    : oldest > o->now   ? 0
						: o->now - oldest);
	row[6] = cell_count(samples_quantile(&first, 0.5));
	row[7] = cell_count(samples_quantile(&first, 0.9));
	row[8] = cell_count(samples_quantile(&business, 0.5));
	row[9] = cell_count(samples_quantile(&business, 0.9));
	row[10] = cell_count((int64_t)f->tally.automatic);
	row[11] = cell_count((int64_t)f->tally.quarantined);
	inbound = 0;
	for (enum asks i = ASKS_YES; i <= ASKS_RULE; i++) {
		inbound += (int64_t)f->tally.asks[i];
		row[13 + i] = cell_count((int64_t)f->tally.asks[i]);
	}
	row[12] = cell_count(inbound);
	samples_release(&first);
	samples_release(&business);
	return t;
}
