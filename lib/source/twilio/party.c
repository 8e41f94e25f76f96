/*
 * Who wrote and whom, as all of Twilio's resources have it.
 */
#include "core/text/ascii.h"
#include "source/native.h"
#include "source/twilio/twilio.h"

enum {
	SHORT_CODE = 6, /* digits that one has at most */
	PARTY_BYTES = 200,
};

struct str
twilio_text(struct twilio *t, enum twilio_field f)
{
	return native_value(t->n, t->f[f]);
}

int64_t
twilio_time(struct twilio *t, const enum twilio_field *fields, size_t n)
{
	int64_t at;

	for (size_t i = 0; i < n; i++)
		if (spelling_is_value(t->f[fields[i]]) &&
		    native_time(t->n, t->f[fields[i]], &at) == 0)
			return at;
	return TIME_NONE;
}

/* Numbers that stand for a word on a telephone's keys: ANONYMOUS, RESTRICTED,
 * BLOCKED, UNKNOWN, UNAVAILABLE. */
static bool
is_nobody(struct str s)
{
	static const char *const numbers[] = { "266696687", "7378742833",
		"2562533", "8656696", "86282452253", NULL };

	if (s.n > 0 && s.p[0] == '+')
		s = str_sub(s, 1, s.n);
	for (size_t i = 0; numbers[i] != NULL; i++)
		if (str_is(s, numbers[i]))
			return true;
	return str_eq_nocase(s, STR("anonymous")) ||
	       str_eq_nocase(s, STR("restricted")) ||
	       str_eq_nocase(s, STR("unavailable")) ||
	       str_eq_nocase(s, STR("unknown")) ||
	       str_eq_nocase(s, STR("blocked"));
}

/* "4.93012E+11": a spreadsheet has lost the number. */
static bool
is_lost(struct str s)
{
	return s.n > 0 && ascii_is_digit(s.p[0]) &&
	       str_find_nocase(s, STR("E+")) > 0;
}

static void
number(struct twilio *t, struct str s, struct address *a)
{
	if (s.n > 1 && s.p[0] == '\'')
		s = str_sub(s, 1, s.n);
	if (s.n == 0 || is_nobody(s) || is_lost(s))
		return;
	if (str_is_digits(s) && s.n <= SHORT_CODE)
		a->uri = native_uri(t->n, "tel", s);
	else if (str_is_digits(s))
		message_phone(t->m, a, ARENA_JOIN(&t->m->arena, STR("+"), s));
	else
		message_phone(t->m, a, s);
}

const char *
twilio_party(struct twilio *t, struct str raw, struct address *a)
{
	static const struct {
		const char *prefix, *channel;
		bool number;
	} kinds[] = {
		{ "whatsapp:", "whatsapp", true },
		{ "messenger:", "messenger", false },
		{ "instagram:", "instagram", false },
		{ "rcs:", "sms", false },
		{ "client:", "voice", false },
		{ "sip:", "voice", false },
		{ "sim:", NULL, false },
		{ "tel:", NULL, true },
	};

	if (raw.n > PARTY_BYTES)
		return NULL;
	for (size_t i = 0; i < raw.n; i++)
		if (ascii_is_control(raw.p[i]))
			return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct str prefix = str_of(kinds[i].prefix), rest;

		if (!str_starts_nocase(raw, prefix))
			continue;
		rest = str_trim(str_sub(raw, prefix.n, raw.n));
		if (kinds[i].number)
			number(t, rest, a);
		else if (rest.n > 0)
			a->uri = ARENA_JOIN(&t->m->arena, prefix, rest);
		return kinds[i].channel;
	}
	number(t, raw, a);
	return NULL;
}

const char *
twilio_direction(struct str said)
{
	if (str_starts_nocase(said, STR("inbound")) ||
	    str_eq_nocase(said, STR("incoming")) ||
	    str_eq_nocase(said, STR("trunking-originating")))
		return "inbound";
	if (str_starts_nocase(said, STR("outbound")) ||
	    str_eq_nocase(said, STR("outgoing")) ||
	    str_eq_nocase(said, STR("trunking-terminating")))
		return "outbound";
	return NULL;
}

/* Our side of it, in one spelling. */
static struct str
account_of(const struct address *a)
{
	return a->tel.p != NULL
		   ? a->tel
		   : str_sub(
			 a->uri, (size_t)(str_chr(a->uri, ':') + 1), a->uri.n);
}

void
twilio_parties(struct twilio *t, const char *otherwise)
{
	struct message *m = t->m;
	struct address to = { 0 };
	const char *from_by = twilio_party(t, twilio_text(t, T_FROM), &m->from);
	const char *to_by = twilio_party(t, twilio_text(t, T_TO), &to);
	const struct address *ours;

	m->channel = from_by != NULL ? from_by
		     : to_by != NULL ? to_by
				     : otherwise;
	if (to.tel.p != NULL || to.uri.p != NULL)
		message_add_address(m, &m->to, to);
	if (m->direction == NULL)
		m->direction = message_direction(m);
	ours = m->direction[0] == 'o' ? &m->from : &to;
	m->account = account_of(ours);
	if (m->account.n == 0)
		m->account = twilio_text(t, T_SERVICE);
	if (m->account.n == 0)
		m->account = twilio_text(t, T_ACCOUNT);
}

void
twilio_keep(struct twilio *t, struct writer *w, const struct twilio_kept *kept,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct json v = t->f[kept[i].field];

		if (spelling_is_value(v))
			native_data_raw(w, kept[i].name, v);
	}
}
