/*
 * What a line means.  Nobody owns a nick for good: it is claimed, however
 * often it was seen.
 */
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "record/native.h"
#include "source/irc/irc.h"
#include "source/native.h"
#include "text/unicode.h"

enum { MANY_BYTES = 12 }; /* beyond ASCII, by which a charset can be told */

struct view {
	struct normalize *n;
	struct message *m;
	struct arena *a;
	struct irc_line line;
	struct str channel;
};

/* Lines of Latin-1 stand between others of UTF-8: what is short shows nothing
 * else. */
static int
read_text(struct view *v, struct json native, struct str *out, struct err *e)
{
	struct buf *b = &v->n->scratch;
	const char *charset;
	size_t high = 0;

	if (native_bytes(native, v->a, out, e) < 0)
		return -1;
	for (size_t i = 0; i < out->n; i++)
		high += (unsigned char)out->p[i] >= 0x80;
	if (!utf8_is_valid(*out)) {
		charset =
		    high >= MANY_BYTES ? charset_guess(*out) : "windows-1252";
		buf_reset(b);
		charset_decode(*out, str_of(charset), b);
		*out = arena_dup(v->a, buf_str(b));
	}
	buf_reset(b);
	utf8_clean(*out, b);
	*out = arena_dup(v->a, buf_str(b));
	buf_reset(b);
	return 0;
}

/* The instant, by the stamp and what was known of the day. */
static int64_t
when(struct view *v, struct irc_stamp *s, struct json native)
{
	struct civil day;
	struct str known = native_text(v->n, native, "day");

	if (s->zoned)
		return s->at;
	if (!s->clock)
		return TIME_NONE;
	if (!s->day) {
		if (known.p == NULL || !irc_day_of(known, &day))
			return TIME_NONE;
		s->c.year = day.year;
		s->c.month = day.month;
		s->c.day = day.day;
	}
	if (s->c.year < 1 || s->c.year > 9999)
		return TIME_NONE;
	return local_instant(v->n->clock, &s->c);
}

/* Capitals of a nick do not count (RFC 2812, 2.2). */
static struct str
uri_of(struct view *v, struct str nick)
{
	char *low = arena_alloc(v->a, nick.n + 1);

	for (size_t i = 0; i < nick.n; i++)
		low[i] = ascii_lower(nick.p[i]);
	return native_uri(v->n, "irc", str_make(low, nick.n));
}

static void
set_people(struct view *v)
{
	struct address to = { 0 };
	struct irc_line *l = &v->line;

	if (l->nick.n > 0) {
		v->m->from.name = l->nick;
		v->m->from.uri = uri_of(v, l->nick);
	}
	if (v->channel.n == 0)
		return;
	to.name = v->channel;
	to.uri = uri_of(v, v->channel);
	message_add_address(v->m, &v->m->to, to);
}

/* A bouncer's id is one in its network; without one the line is the id, and
 * how many like it came before in its minute. */
static void
set_id(struct view *v, struct json native, struct str stamp)
{
	struct irc_line *l = &v->line;
	struct str again = native_text(v->n, native, "again");
	char kind = (char)('0' + (int)l->kind);

	v->m->thread_id = v->channel.n > 0 ? v->channel : STR_NONE;
	if (l->id.n > 0) {
		v->m->message_id = l->id;
		v->m->native_id = l->id;
	} else {
		v->m->native_id = ARENA_JOIN(v->a, v->channel, STR("\n"), stamp,
		    STR("\n"), str_make(&kind, 1), l->nick, STR("\n"),
		    str_of(l->subtype), l->other, STR("\n"), l->text, STR("\n"),
		    again);
	}
	if (l->reply.n > 0)
		message_add_str(v->m, &v->m->in_reply_to, l->reply);
}

static int
write_data(struct view *v, struct err *e)
{
	struct irc_line *l = &v->line;
	struct writer *w = native_data(v->n);

	if (l->kind == IRC_EVENT)
		write_member(w, "subtype", str_of(l->subtype));
	if (l->kind == IRC_ACTION) {
		write_key(w, "action");
		write_bool(w, true);
	}
	if (l->other.n > 0)
		write_member(w,
		    str_is(str_of(l->subtype), "nick") ? "newNick" : "target",
		    l->other);
	if (l->host.n > 0)
		write_member(w, "host", l->host);
	if (l->mode.n > 0)
		write_member(w, "mode", l->mode);
	if (l->account.n > 0)
		write_member(w, "account", l->account);
	return native_data_end(v->n, e);
}

static enum stage_result
emit(struct view *v, struct json native, struct str stamp, struct err *e)
{
	struct irc_line *l = &v->line;

	if (l->kind == IRC_NONE)
		return native_reject(e, "no line of a log of IRC");
	v->m->channel = "irc";
	v->m->account = native_text(v->n, native, "network");
	v->m->type = l->kind == IRC_EVENT ? "event" : "message";
	if (l->channel.n > 0)
		v->channel = l->channel;
	l->text = str_trim(irc_plain(l->text, v->a));
	if (l->text.n > 0)
		v->m->text = l->text;
	/* No machine may answer one (RFC 2812, 3.3.2). */
	if (l->kind == IRC_NOTICE)
		message_keyword(v->m, "noreply");
	set_people(v);
	set_id(v, native, stamp);
	return write_data(v, e) < 0 ? STAGE_REJECT : native_emit(v->n, e);
}

/* {"command":"PRIVMSG","nick":...,"params":[...],"tags":{"time":...}} */
static enum stage_result
normalize_json(struct view *v, struct json native, struct err *e)
{
	static const char *const nicks[] = { "nick", "from", "sender", "source",
		"prefix", NULL };
	static const char *const times[] = { "time", "server_time", "timestamp",
		"ts", "date", NULL };
	static const char *const targets[] = { "target", "channel", "to",
		NULL };
	static const char *const texts[] = { "text", "message", "content",
		"trailing", NULL };
	struct json params = json_get(native, "params");
	struct json tags = json_get(native, "tags");
	struct str prefix = native_any(v->n, native, nicks), target, text;
	struct str raw, stamp = native_any(v->n, tags, times);
	int64_t ignored;

	if (stamp.p == NULL)
		stamp = native_any(v->n, native, times);
	target = native_any(v->n, native, targets);
	text = native_any(v->n, native, texts);
	if (target.p == NULL)
		target = native_value(v->n, json_at(params, 0));
	if (text.p == NULL && json_count(params) > 1)
		text =
		    native_value(v->n, json_at(params, json_count(params) - 1));
	raw = ARENA_JOIN(v->a, STR(":"), prefix, STR(" "),
	    native_text(v->n, native, "command"), STR(" "), target, STR(" :"),
	    text);
	if (prefix.p == NULL || !irc_raw(raw, v->a, &v->line, &ignored))
		return native_reject(e, "no message of IRC");
	v->line.id = native_text(v->n, tags, "msgid");
	v->line.account = native_text(v->n, tags, "account");
	if (native_time_text(v->n, stamp, &v->m->sent) < 0)
		v->m->sent = TIME_NONE;
	return emit(v, native, stamp, e);
}

enum stage_result
irc_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n) };
	struct irc_stamp s;
	struct str text, stamp = STR_NONE;
	char number[TIME_SIZE];
	int64_t at;
	bool stamped;

	v.a = &v.m->arena;
	if (json_type(json_get(native, "command")) == JSON_STRING)
		return normalize_json(&v, native, e);
	if (read_text(&v, native, &text, e) < 0)
		return STAGE_REJECT;
	v.channel = native_text(n, native, "channel");
	stamped = irc_stamp(text, &s);
	if (!stamped)
		s.rest = text;
	if (irc_raw(s.rest, v.a, &v.line, &at))
		v.m->sent = at != TIME_NONE ? at : when(&v, &s, native);
	else {
		irc_read(s.rest, stamped, &v.line);
		v.m->sent = when(&v, &s, native);
	}
	if (v.m->sent != TIME_NONE)
		stamp = arena_dup(
		    v.a, str_make(number, time_format(v.m->sent, number)));
	return emit(&v, native, stamp, e);
}
