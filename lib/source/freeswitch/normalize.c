/*
 * A leg into the cells of a table of calls.  The leg that called has all that
 * is to be known of the call; the one that was called from it is told of in its
 * thread.
 */
#include "core/text/ascii.h"
#include "core/text/percent.h"
#include "source/cdr/cdr.h"
#include "source/freeswitch/freeswitch.h"
#include "source/native.h"

struct leg {
	struct normalize *n;
	struct json variables, profile, first, times;
};

/* The item of a list, or what stands there alone. */
static struct json
item(struct json v, bool last)
{
	size_t n = json_count(v);

	if (json_type(v) != JSON_LIST)
		return v;
	return n == 0 ? JSON_ABSENT : json_at(v, last ? n - 1 : 0);
}

/* Variables may be written as in addresses of the web. */
static struct str
decoded(struct leg *l, struct str s)
{
	return str_chr(s, '%') < 0
		   ? s
		   : percent_decode(
			 s, false, arena_alloc(&l->n->message.arena, s.n + 1));
}

static struct str
variable(struct leg *l, const char *name)
{
	return decoded(l, native_text(l->n, l->variables, name));
}

static struct str
profile(struct leg *l, struct json from, const char *name)
{
	return decoded(l, native_text(l->n, from, name));
}

static struct str
either(struct str a, struct str b)
{
	return a.n > 0 ? a : b;
}

/* Seconds; the times of the call flow are microseconds. */
static struct str
time_at(struct leg *l, const char *epoch, const char *stamp, const char *flow)
{
	struct str s = variable(l, epoch);
	struct str micro = native_text(l->n, l->times, flow);

	if (s.n > 0)
		return s;
	s = variable(l, stamp);
	if (s.n > 0)
		return s;
	return str_is_digits(micro) && micro.n > 6
		   ? str_sub(micro, 0, micro.n - 6)
		   : STR_NONE;
}

/* The leg that this one was called from. */
static struct str
parent_of(struct leg *l)
{
	struct str id = variable(l, "originating_leg_uuid");
	struct json from = native_at(l->profile, "originator");
	struct json list = json_get(from, "originator_caller_profiles");

	if (id.n > 0)
		return id;
	if (json_type(list) == JSON_OBJECT)
		list = json_get(list, "originator_caller_profile");
	id = native_text(l->n, item(list, false), "uuid");
	if (id.n == 0)
		id = native_text(l->n,
		    item(json_get(from, "originator_caller_profile"), false),
		    "uuid");
	return id;
}

static void
read_times(struct leg *l, struct cdr_cells *c)
{
	c->v[CDR_START] =
	    time_at(l, "start_epoch", "start_stamp", "created_time");
	c->v[CDR_ANSWER] =
	    time_at(l, "answer_epoch", "answer_stamp", "answered_time");
	c->v[CDR_END] = time_at(l, "end_epoch", "end_stamp", "hangup_time");
	c->v[CDR_DURATION] = variable(l, "duration");
	c->v[CDR_TALK] = variable(l, "billsec");
}

static void
read_cells(struct leg *l, struct cdr_cells *c, bool leg)
{
	struct str direction = variable(l, "call_direction");
	struct str did = profile(l, l->first, "destination_number");

	c->v[CDR_SRC] = either(profile(l, l->profile, "caller_id_number"),
	    variable(l, "caller_id_number"));
	c->v[CDR_SRC_NAME] = either(profile(l, l->profile, "caller_id_name"),
	    variable(l, "caller_id_name"));
	c->v[CDR_DST] = either(profile(l, l->profile, "destination_number"),
	    variable(l, "destination_number"));
	if (!str_eq(did, c->v[CDR_DST]))
		c->v[CDR_DID] = did;
	c->v[CDR_CONTEXT] = either(
	    profile(l, l->profile, "context"), variable(l, "user_context"));
	c->v[CDR_CHANNEL] = either(
	    variable(l, "channel_name"), profile(l, l->profile, "chan_name"));
	c->v[CDR_DST_CHANNEL] = variable(l, "bridge_channel");
	c->v[CDR_APP] = variable(l, "last_app");
	c->v[CDR_APP_DATA] = variable(l, "last_arg");
	c->v[CDR_DISPOSITION] = variable(l, "hangup_cause");
	c->v[CDR_CAUSE] = variable(l, "hangup_cause_q850");
	c->v[CDR_UNIQUE_ID] =
	    either(variable(l, "uuid"), profile(l, l->profile, "uuid"));
	c->v[CDR_ACCOUNT] = variable(l, "accountcode");
	/* `direction` is the leg's: each that is called is outbound. */
	if (direction.n == 0 && !leg &&
	    str_is(variable(l, "direction"), "outbound"))
		direction = STR("outbound");
	c->v[CDR_DIRECTION] = direction;
	read_times(l, c);
}

enum stage_result
freeswitch_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct leg l = { .n = n };
	struct cdr_cells cells = { 0 };
	struct cdr_how how = { 0 };
	struct json flow = json_get(native, "callflow");

	normalize_begin(n);
	if (json_type(json_get(native, "cdr")) == JSON_OBJECT) {
		native = json_get(native, "cdr");
		flow = json_get(native, "callflow");
	}
	l.variables = json_get(native, "variables");
	if (json_type(l.variables) != JSON_OBJECT &&
	    json_type(item(flow, false)) != JSON_OBJECT)
		return native_reject(e, "no call of FreeSWITCH's: it has "
					"neither variables nor a callflow");
	/* The last that it went through stands first. */
	l.profile = json_get(item(flow, false), "caller_profile");
	l.first = json_get(item(flow, true), "caller_profile");
	l.times = json_get(item(flow, true), "times");
	how.parent = parent_of(&l);
	read_cells(&l, &cells, how.parent.n > 0);
	if (str_eq(how.parent, cells.v[CDR_UNIQUE_ID]))
		how.parent = STR_NONE;
	return cdr_call(n, &cells, 1, &how, e);
}
