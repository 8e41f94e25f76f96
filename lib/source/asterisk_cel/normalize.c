/*
 * What happened on the channels of a call, as the row of call detail records
 * that Asterisk would have written of it.
 */
#include "source/asterisk_cel/cel.h"
#include "source/cdr/cdr.h"
#include "source/native.h"

struct call {
	struct normalize *n;
	struct cdr_cells row;
	struct str linked, first; /* ids of the call and its first channel */
	struct str_list channels; /* ids */
	int64_t start, end, answer, bridged, left;
	int64_t talk; /* microseconds, of bridges that have ended */
	bool first_answered, others_answered;
	struct str answered_by, dial_status;
};

static struct str
text(struct call *c, const struct json *f, enum cel_field field)
{
	return native_value(c->n, f[field]);
}

/* The first that is something, and is not where nobody is. */
static void
take(struct call *c, enum cdr_column column, struct str s)
{
	struct str *cell = &c->row.v[column];

	if (s.n > 0 && cell->n == 0)
		*cell = s;
}

static void
see_channel(struct call *c, struct str id)
{
	for (size_t i = 0; i < c->channels.n; i++)
		if (str_eq(c->channels.v[i], id))
			return;
	if (id.n > 0)
		message_add_str(&c->n->message, &c->channels, id);
}

/* {"hangupcause":16,"dialstatus":"ANSWER"}, in quotes as a cell has it. */
static struct str
member(struct str extra, struct str name)
{
	ptrdiff_t at = str_find_nocase(extra, name);
	size_t from, to;

	if (at < 0)
		return STR_NONE;
	from = (size_t)at + name.n;
	while (from < extra.n &&
	       (extra.p[from] == '"' || extra.p[from] == ':' ||
		   extra.p[from] == ' ' || extra.p[from] == '\\'))
		from++;
	for (to = from; to < extra.n && extra.p[to] != '"' &&
			extra.p[to] != ',' && extra.p[to] != '}' &&
			extra.p[to] != '\\';)
		to++;
	return str_sub(extra, from, to - from);
}

/* What the first channel does is the call's; whom it is bridged with answers. */
static void
take_first(struct call *c, const struct json *f, enum cel_event is, int64_t at)
{
	struct str exten = text(c, f, CEL_EXTEN);
	struct str dnid = text(c, f, CEL_DNID);

	take(c, CDR_SRC, text(c, f, CEL_NUMBER));
	take(c, CDR_SRC, text(c, f, CEL_ANI));
	take(c, CDR_SRC_NAME, text(c, f, CEL_NAME));
	take(c, CDR_CONTEXT, text(c, f, CEL_CONTEXT));
	take(c, CDR_CHANNEL, text(c, f, CEL_CHANNEL));
	take(c, CDR_ACCOUNT, text(c, f, CEL_ACCOUNT));
	take(c, CDR_USER, text(c, f, CEL_USER));
	take(c, CDR_DID, dnid);
	/* "s", "h": where the plan goes on, not who was called. */
	if (exten.n > 1 ||
	    (exten.n == 1 && exten.p[0] != 's' && exten.p[0] != 'h' &&
		exten.p[0] != 't' && exten.p[0] != 'i'))
		take(c, CDR_DST, exten);
	if (is == CEL_ANSWER && !c->first_answered) {
		c->first_answered = true;
		c->answer = at;
	}
	if (is == CEL_APP_START || is == CEL_ANSWER) {
		struct str app = text(c, f, CEL_APP);

		if (app.n > 0)
			c->row.v[CDR_APP] = app;
	}
	if (is == CEL_BRIDGE_ENTER && c->bridged == TIME_NONE)
		c->bridged = at;
	if ((is == CEL_BRIDGE_EXIT || is == CEL_HANGUP) &&
	    c->bridged != TIME_NONE) {
		c->talk += at - c->bridged;
		c->bridged = TIME_NONE;
	}
}

static void
take_event(struct call *c, const struct json *f)
{
	enum cel_event is = cel_event_of(text(c, f, CEL_TYPE));
	struct str id = text(c, f, CEL_UNIQUE), extra, s;
	bool first = str_eq(id, c->first);
	int64_t at;

	if (cdr_when(c->n, text(c, f, CEL_TIME), '\0', &at) < 0 &&
	    native_time(c->n, f[CEL_TIME], &at) < 0)
		return;
	if (c->start == TIME_NONE || at < c->start)
		c->start = at;
	if (c->end == TIME_NONE || at > c->end)
		c->end = at;
	if (is != CEL_LINKEDID_END)
		see_channel(c, id);
	if (first)
		take_first(c, f, is, at);
	else if (is == CEL_BRIDGE_ENTER && c->answered_by.n == 0)
		c->answered_by = text(c, f, CEL_CHANNEL);
	if (is == CEL_BRIDGE_ENTER && first && c->answered_by.n == 0)
		c->answered_by = text(c, f, CEL_PEER);
	if (is != CEL_HANGUP)
		return;
	extra = native_value(c->n, f[CEL_EXTRA]);
	if (json_type(f[CEL_EXTRA]) == JSON_OBJECT)
		extra = json_raw(f[CEL_EXTRA]);
	s = member(extra, STR("dialstatus"));
	if (s.n > 0 && first)
		c->dial_status = s;
	s = member(extra, STR("hangupcause"));
	if (s.n > 0 && (first || c->row.v[CDR_CAUSE].n == 0))
		c->row.v[CDR_CAUSE] = s;
}

static struct str
seconds(struct call *c, int64_t t)
{
	return arena_printf(
	    &c->n->message.arena, "%jd", (intmax_t)(t / TIME_SECOND));
}

/* What became of it, in the words that Asterisk has for it. */
static void
conclude(struct call *c)
{
	struct cdr_cells *row = &c->row;

	if (c->bridged != TIME_NONE)
		c->talk += c->end - c->bridged;
	row->v[CDR_START] = seconds(c, c->start);
	row->v[CDR_END] = seconds(c, c->end);
	row->v[CDR_DURATION] = seconds(c, c->end - c->start);
	row->v[CDR_LINKED_ID] = c->linked;
	row->v[CDR_UNIQUE_ID] = c->first;
	if (c->answered_by.n > 0) {
		row->v[CDR_DST_CHANNEL] = c->answered_by;
		row->v[CDR_DISPOSITION] = STR("ANSWERED");
		row->v[CDR_TALK] = seconds(c, c->talk);
	} else if (c->first_answered && c->dial_status.n == 0) {
		row->v[CDR_DISPOSITION] = STR("ANSWERED");
		row->v[CDR_TALK] = seconds(c, c->end - c->answer);
	} else {
		row->v[CDR_TALK] = STR("0");
		row->v[CDR_DISPOSITION] =
		    str_is(c->dial_status, "BUSY") ? STR("BUSY")
		    : str_is(c->dial_status, "CHANUNAVAIL") ||
			    str_is(c->dial_status, "CONGESTION")
			? STR("FAILED")
		    : c->dial_status.n > 0 ? STR("NO ANSWER")
					   : STR_NONE;
	}
	if (c->first_answered)
		row->v[CDR_ANSWER] = seconds(c, c->answer);
}

enum stage_result
cel_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct call c = { .n = n,
		.start = TIME_NONE,
		.end = TIME_NONE,
		.answer = TIME_NONE,
		.bridged = TIME_NONE };
	struct json rows = json_get(native, "rows"), row;
	struct json_iter it = json_each(rows);
	struct cdr_how how = { 0 };

	normalize_begin(n);
	if (json_type(json_at(rows, 0)) != JSON_OBJECT)
		return native_reject(e, "native.rows has no event of a call");
	while (json_next(&it, NULL, &row)) {
		struct json f[CEL_FIELDS] = { 0 };

		spelling_read(&cel_names, row, f);
		if (c.first.n == 0) {
			c.linked = text(&c, f, CEL_LINKED);
			/* The first channel's id is the call's. */
			c.first =
			    c.linked.n > 0 ? c.linked : text(&c, f, CEL_UNIQUE);
		}
		take_event(&c, f);
	}
	if (c.start == TIME_NONE)
		return native_reject(e, "events of a call without a time");
	conclude(&c);
	how.legs = c.channels.n;
	return cdr_call(n, &c.row, 1, &how, e);
}
