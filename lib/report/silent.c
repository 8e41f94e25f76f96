/* Who fell silent after our answer, longest first; or how many, by group. */
#include "report/kinds.h"
#include "report/stats.h"

#include <stdlib.h>

#include "core/alloc.h"

enum {
	SILENT,
	SILENT_BUSINESS,
	SINCE,
	WHO,
	CHANNEL,
	SUBJECT,
	QUEUE,
	ASSIGNEE,
	ASKED,
	REMINDERS,
	REMINDED,
	REQUESTS,
	CONVERSATION,
	PERSON,
	ANSWER,
};

static const char about[] =
    "A conversation fell silent where our answer was the last word and the "
    "customer never came back: silent since that answer. Thanks, an opt-out, "
    "any word of a person is coming back; a machine's answer is not. One that "
    "an operator called done, or whose answer came back, is not silent. Asked: "
    "our answer has a question mark. Reminders: those that kith reply --draft "
    "reminder made, since the customer's last word.";

static struct table *
make(const struct report_options *o)
{
	struct table *t = table_new(
	    "silent", "Who fell silent", about, "Nobody fell silent.");

	t->chart = CHART_NONE;
	table_column(t, "silent", "silent for", CELL_DURATION, COLUMN_BAR);
	table_column(t, "silentBusiness", "business", CELL_HOURS,
	    (o->calendar == NULL ? COLUMN_HIDDEN : 0));
	table_column(t, "silentSince", "since (UTC)", CELL_TIME, COLUMN_HIDDEN);
	table_column(t, "name", "who", CELL_TEXT, 0);
	table_column(t, "channel", "channel", CELL_NAME, 0);
	table_column(t, "subject", "about", CELL_TEXT, 0);
	table_column(t, "queue", "queue", CELL_NAME, 0);
	table_column(t, "assignee", "assignee", CELL_NAME, 0);
	table_column(t, "asked", "asked", CELL_NAME, 0);
	table_column(t, "reminders", "reminders", CELL_COUNT, 0);
	table_column(
	    t, "remindedAt", "reminded (UTC)", CELL_TIME, COLUMN_HIDDEN);
	table_column(t, "requests", "requests", CELL_COUNT, COLUMN_HIDDEN);
	table_column(t, "conversation", "conversation", CELL_NAME,
	    (!o->why ? COLUMN_HIDDEN : 0));
	table_column(t, "person", "person", CELL_NAME, COLUMN_HIDDEN);
	table_column(
	    t, "answer", "answer", CELL_NAME, (!o->why ? COLUMN_HIDDEN : 0));
	return t;
}

/* A silent conversation. */
struct quiet {
	size_t at;
	int64_t since;
	struct str id;
};

static int
oldest_first(const void *a, const void *b)
{
	const struct quiet *x = a, *y = b;

	if (x->since != y->since)
		return x->since < y->since ? -1 : 1;
	return str_cmp(x->id, y->id);
}

/* All of them; returns how many, the caller frees *out. */
static size_t
gather(struct facts *f, const struct report_options *o, struct quiet **out)
{
	size_t n = 0;

	*out = xcalloc(f->standings.n, sizeof(**out));
	for (size_t i = 0; i < f->standings.n; i++) {
		const struct standing *h = &f->standings.v[i];
		int64_t since =
		    silence_since(&silences_at(&f->silences, i)->is, h);

		if (since == TIME_NONE || o->now - since < o->older ||
		    (f->since != TIME_NONE && since < f->since))
			continue;
		(*out)[n++] = (struct quiet){ i, since, h->id };
	}
	if (n > 0)
		qsort(*out, n, sizeof(**out), oldest_first);
	return n;
}

static void
add_row(struct table *t, struct facts *f, const struct report_options *o,
    const struct quiet *q)
{
	const struct conversation_facts *conversation =
	    &f->conversations[q->at];
	const struct standing *h = &f->standings.v[q->at];
	const struct silent *x = silences_at(&f->silences, q->at);
	struct str name = facts_name(f, q->at);
	struct cell *row = table_row(t);

	row[SILENT] = cell_count(o->now - q->since);
	row[SILENT_BUSINESS] =
	    cell_count(facts_business(o->calendar, q->since, o->now));
	row[SINCE] = cell_count(q->since);
	row[WHO] = cell_text(t, name.n > 0 ? name : x->name);
	row[CHANNEL] = cell_text(t, x->channel);
	row[SUBJECT] = cell_text(
	    t, h->subject.n > 0 ? h->subject : conversation->asked.text);
	row[QUEUE] = cell_text(t, conversation->queue);
	row[ASSIGNEE] = cell_text(t, conversation->assignee);
	row[ASKED] = cell_text(t, x->is.asked ? STR("yes") : STR_NONE);
	row[REMINDERS] = cell_count(x->is.reminders);
	row[REMINDED] = cell_count(x->is.reminded);
	row[REQUESTS] = cell_count(h->requests);
	row[CONVERSATION] = cell_text(t, h->id);
	row[PERSON] = cell_text(t, h->person);
	row[ANSWER] = cell_text(t, x->id);
}

/* What is measured of one group. */
struct measured {
	struct samples silent;
	int64_t n, asked, reminded;
	struct str *ids;
};

static void
add_group(struct table *t, struct str name, struct measured *m,
    const struct report_options *o)
{
	struct cell *row = table_row(t);

	row[0] = cell_text(t, name);
	row[1] = cell_count(m->n);
	row[2] = cell_count(m->asked);
	row[3] = cell_count(m->reminded);
	row[4] = cell_count(samples_quantile(&m->silent, 0.5));
	row[5] = cell_count(samples_quantile(&m->silent, 1));
	if (o->why) {
		row[6].list = m->ids;
		row[6].list_n = (size_t)m->n;
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct group *x = *(const struct group *const *)a;
	const struct group *y = *(const struct group *const *)b;

	return str_cmp(x->name, y->name);
}

static struct table *
make_groups(const struct facts *f, const struct report_options *o)
{
	const char *group = facts_by_names[f->by];
	struct table *t = table_new(
	    "silent", "How many fell silent", about, "Nobody fell silent.");

	t->chart = CHART_BARS;
	table_column(t, group, group, CELL_NAME, 0);
	table_column(t, "silent", "silent", CELL_COUNT, COLUMN_BAR);
	table_column(t, "asked", "asked", CELL_COUNT, 0);
	table_column(t, "reminded", "reminded", CELL_COUNT, 0);
	table_column(t, "silentMedian", "silent for", CELL_DURATION, 0);
	table_column(t, "silentLongest", "longest", CELL_DURATION, 0);
	table_column(
	    t, "why", "conversations", CELL_LIST, o->why ? 0 : COLUMN_HIDDEN);
	return t;
}

/* One row for each group of our answers. */
static struct table *
by_group(struct facts *f, const struct report_options *o, const struct quiet *v,
    size_t n)
{
	struct table *t = make_groups(f, o);
	struct measured *all = xcalloc(f->group_n, sizeof(*all));
	const struct group **order = xcalloc(f->group_n, sizeof(*order));

	for (size_t i = 0; i < n; i++)
		all[silences_at(&f->silences, v[i].at)->group].n++;
	for (size_t i = 0; i < f->group_n; i++) {
		all[i].ids = arena_calloc(
		    &t->arena, (size_t)all[i].n + 1, sizeof(*all[i].ids));
		all[i].n = 0;
	}
	for (size_t i = 0; i < n; i++) {
		const struct silent *x = silences_at(&f->silences, v[i].at);
		struct measured *m = &all[x->group];

		m->ids[m->n++] = arena_dup(&t->arena, v[i].id);
		m->asked += x->is.asked;
		m->reminded += x->is.reminders > 0;
		samples_add(&m->silent, o->now - v[i].since);
	}
	for (size_t i = 0; i < f->group_n; i++)
		order[i] = &f->groups[i];
	if (f->group_n > 0)
		qsort(order, f->group_n, sizeof(*order), by_name);
	for (size_t i = 0; i < f->group_n; i++)
		if (all[order[i] - f->groups].n > 0)
			add_group(
			    t, order[i]->name, &all[order[i] - f->groups], o);
	for (size_t i = 0; i < f->group_n; i++)
		samples_release(&all[i].silent);
	free(all);
	free(order);
	return t;
}

struct table *
report_silent(struct facts *f, const struct report_options *o)
{
	struct quiet *v;
	size_t n = gather(f, o, &v);
	struct table *t;

	if (f->grouped) {
		t = by_group(f, o, v, n);
	} else {
		t = make(o);
		for (size_t i = 0; i < n; i++)
			add_row(t, f, o, &v[i]);
	}
	free(v);
	return t;
}
