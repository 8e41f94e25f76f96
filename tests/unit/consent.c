/* What messages and events say of being written to, and what stands of it. */
#include "record/consent/consents.h"

#include <stdio.h>
#include <string.h>

#include "core/time.h"
#include "record/asks.h"
#include "record/consent/optout.h"
#include "record/role.h"
#include "tap.h"

static struct record *rec;
static struct buf line;

/* The record of an inbound message with these members. */
static struct record *
with(const char *members)
{
	struct err e;

	buf_reset(&line);
	buf_printf(&line, "{\"type\":\"message\",\"direction\":\"inbound\",%s}",
	    members);
	if (record_parse(rec, buf_str(&line), &e) < 0)
		ok(false, e.msg);
	return rec;
}

static struct record *
says(const char *channel, const char *text)
{
	char members[600];

	snprintf(members, sizeof(members), "\"channel\":\"%s\",\"text\":\"%s\"",
	    channel, text);
	return with(members);
}

/* "out marketing email message alone", or "nothing". */
static const char *
told(struct record *r)
{
	static char text[300];
	struct consent_word w;

	if (!consent_said(r, &w))
		return "nothing";
	snprintf(text, sizeof(text), "%s %s %.*s %.*s%s", consent_name(w.said),
	    purpose_name(w.purpose), STR_ARG(w.channel), STR_ARG(w.source),
	    consent_alone(r) != CONSENT_UNSAID ? " alone" : "");
	return text;
}

/* Some in each language; the rest is tests/consent's. */
static void
languages(void)
{
	static const char *const out[] = { "STOP", " Stop. ", "St\xc3\xb3p",
		"Sto\xcc\x81p please", "baja", "Abmelden bitte", "stopp!",
		"\xd1\x81\xd1\x82\xd0\xbe\xd0\xbf",
		"\xd0\x9e\xd1\x82\xd0\xbf\xd0\xb8\xd1\x81\xd0\xb0\xd1\x82\xd1"
		"\x8c\xd1\x81\xd1\x8f",
		"\xe9\x80\x80\xe8\xae\xa2",
		"\xe9\x85\x8d\xe4\xbf\xa1\xe5\x81\x9c\xe6\xad\xa2",
		"\xef\xbc\xb3\xef\xbc\xb4\xef\xbc\xaf\xef\xbc\xb0", "S T O P",
		"please take me off your list",
		"Bitte schreiben Sie mir nicht mehr",
		"I no longer wish to get these messages",
		"Je ne souhaite plus recevoir vos messages, merci",
		"No me env\xc3\xad"
		"e m\xc3\xa1s mensajes",
		"\xe2\x80\x9cunsubscribe\xe2\x80\x9d \xf0\x9f\x99\x8f",
		"Hello,\\nplease unsubscribe me.\\n\\nBest regards\\nAnna "
		"Schmidt\\n\\nSent from my phone" };
	static const char *const no[] = { "please do not STOP",
		"When do you open?", "I did not get your message",
		"The pump stops after a minute", "Die Lampe geht nicht mehr",
		"yes", "No, thanks", "42", "" };
	char text[600];

	for (size_t i = 0; i < sizeof(out) / sizeof(*out); i++) {
		is_str(str_of(told(says("sms", out[i]))),
		    "out all sms message alone", out[i]);
		is_str(str_of(told(says("ticket", out[i]))),
		    "out marketing email message alone", "  in a letter");
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		ok(consent_alone(says("sms", no[i])) == CONSENT_UNSAID, no[i]);
	snprintf(text, sizeof(text), "Stop. %0500d", 0);
	is_str(str_of(told(says("sms", text))), "nothing", "a long one");
}

static void
purposes(void)
{
	is_str(str_of(told(says("sms", "CANCEL"))), "out all sms message alone",
	    "CANCEL");
	is_str(str_of(told(says("email", "CANCEL"))),
	    "asked marketing email message", "  by mail may mean an order");
	is_str(str_of(told(says("whatsapp", "Stop"))),
	    "out marketing whatsapp message alone",
	    "a service that does not see to it");
	is_str(str_of(told(says("sms", "no more ads please"))),
	    "out marketing sms message alone", "advertising alone");
	is_str(str_of(told(says("email", "Please stop texting me"))),
	    "out marketing sms message alone", "by mail, of short messages");
	is_str(str_of(told(says("sms", "stop sending me emails"))),
	    "out marketing email message alone", "and the other way round");
	is_str(str_of(told(says("sms", "start"))), "in all sms message alone",
	    "start");
	is_str(str_of(told(says("sms", "Yes"))), "nothing",
	    "a yes may be an answer");
	is_str(str_of(told(says("sms", "please stop bothering my mother, and "
				       "stop sending me emails about her"))),
	    "asked marketing email message", "not sure");
	is_str(str_of(told(with("\"channel\":\"sms\",\"text\":\"STOP\","
				"\"keywords\":[\"draft\"]"))),
	    "nothing", "a draft");
}

static void
asking(void)
{
	ok(!record_is_request(says("sms", "stop!")),
	    "an opt-out asks for no answer");
	ok(record_is_request(says("sms", "yes")), "a yes does");
	ok(record_is_request(says("email", "Why do you not stop these mails, "
					   "and where is my lamp?")),
	    "and so does what is not sure");
}

#define MAIL "\"channel\":\"email\",\"subject\":"

static void
subjects(void)
{
	is_str(str_of(told(with(MAIL "\"unsubscribe\",\"text\":\"\""))),
	    "out marketing email subject alone", "a subject without a text");
	is_str(str_of(told(with(MAIL "\"Unsubscribe\""))),
	    "out marketing email subject alone", "  without any");
	is_str(str_of(told(with(MAIL "\"Re: Abmelden\",\"text\":\"Danke!\""))),
	    "out marketing email subject alone", "  with a courtesy");
	is_str(str_of(told(with(MAIL "\"unsubscribe 4f3a-99 ann@x.example\","
				     "\"text\":\" \""))),
	    "out marketing email subject alone", "  with what programs write");
	is_str(str_of(told(with(MAIL "\"Unsubscribe\",\"text\":\"Apple Mail "
				     "sent this email to unsubscribe from the "
				     "message “Spring news”.\""))),
	    "out marketing email subject alone",
	    "  with a sentence of its own");
	is_str(str_of(told(with(MAIL "\"UNSUBSCRIBE\",\"text\":\"--\\nAnna "
				     "Schmidt\\nLamps, +49 30 123456\""))),
	    "out marketing email subject alone", "  over a signature");
	is_str(str_of(told(with(MAIL "\"unsubscribe\",\"text\":"
				     "\"Where is my lamp?\""))),
	    "asked marketing email subject", "beside another text");
	ok(record_is_request(rec), "  which asks");
	is_str(str_of(told(with(MAIL "\"Re: unsubscribe\",\"text\":"
				     "\"Where is my lamp?\""))),
	    "nothing", "  where it was answered");
	is_str(str_of(told(with(MAIL "\"My lamp\",\"text\":\"\""))), "nothing",
	    "another one");
	is_str(str_of(told(with("\"channel\":\"sms\",\"subject\":\"stop\","
				"\"text\":\"Hello there\""))),
	    "nothing", "on a channel without subjects");
}

#define TO(address, text)                                               \
	"\"channel\":\"email\",\"to\":[{\"email\":\"" address "\"}],\"" \
	"text\":\"" text "\""

static void
addresses(void)
{
	is_str(str_of(told(with(TO("unsubscribe+4f3a@us.example", "")))),
	    "out marketing email unsubscribe address alone", "by address");
	is_str(str_of(told(with(
		   TO("news-UNSUBSCRIBE@us.example", "Where is my lamp?")))),
	    "out marketing email unsubscribe address",
	    "  whatever else they write");
	ok(record_is_request(rec), "  which asks");
	is_str(str_of(told(
		   with(TO("care@unsubscribe.example", "Where is my lamp?")))),
	    "nothing", "of another's domain");
	is_str(str_of(told(with("\"channel\":\"email\",\"text\":\"\","
				"\"keywords\":[\"unsubscribe\"]"))),
	    "out marketing email unsubscribe address alone",
	    "as the state keeps it");
}

static struct record *
event(const char *data)
{
	struct err e;

	buf_reset(&line);
	buf_printf(&line,
	    "{\"type\":\"event\",\"channel\":\"desk\",\"data\":{%s}}", data);
	if (record_parse(rec, buf_str(&line), &e) < 0)
		ok(false, e.msg);
	return rec;
}

static void
events(void)
{
	struct buf out;
	struct writer w;

	is_str(str_of(told(event("\"act\":\"consent\",\"purpose\":\"service\","
				 "\"status\":\"out\",\"channel\":\"email\","
				 "\"source\":\"by telephone\""))),
	    "out service email by telephone", "an event");
	buf_init(&out, 1000);
	write_init(&w, &out);
	consent_event_write(&w, rec);
	is_str(buf_str(&out),
	    "{\"act\":\"consent\",\"channel\":\"email\",\"purpose\":"
	    "\"service\",\"status\":\"out\",\"source\":\"by telephone\"}",
	    "  as it is kept");
	buf_release(&out);
	is_str(str_of(told(event("\"act\":\"consent\",\"status\":\"in\""))),
	    "in marketing all event", "  of all channels");
	is_str(str_of(told(event("\"act\":\"consent\""))), "nothing",
	    "  that says nothing");
	is_str(str_of(told(event("\"act\":\"done\",\"status\":\"out\""))),
	    "nothing", "another one");
}

/* One word after the other: "+3" in, "-3" out, "?3" asked, at the third hour;
 * of a table with a "t" in front, of service with an "s", of all with an
 * "a". */
static const char *
after(const char *words)
{
	static char text[100];
	struct consents c = { 0 };
	const struct consent_kept *m, *s;

	for (const char *p = words; *p != '\0'; p++) {
		struct consent_word w = { .channel = STR("email") };
		int64_t at;

		w.row = *p == 't';
		p += w.row;
		w.purpose = *p == 's'   ? PURPOSE_SERVICE
			    : *p == 'a' ? PURPOSE_ALL
					: PURPOSE_MARKETING;
		p += w.purpose != PURPOSE_MARKETING;
		w.said = *p == '+'   ? CONSENT_IN
			 : *p == '-' ? CONSENT_OUT
				     : CONSENT_ASKED;
		p++;
		at = *p == '0' ? TIME_NONE : (*p - '0') * TIME_HOUR;
		consents_say(&c, &w, at, STR("Ann"), STR("m1"));
		if (p[1] == ' ')
			p++;
	}
	m = consents_find(&c, STR("email"), PURPOSE_MARKETING);
	s = consents_find(&c, STR("email"), PURPOSE_SERVICE);
	snprintf(text, sizeof(text), "%s %s",
	    m == NULL ? "-" : consent_name(m->said),
	    s == NULL ? "-" : consent_name(s->said));
	consents_release(&c);
	return text;
}

static void
over_time(void)
{
	static const struct {
		const char *words, *stands;
	} all[] = { { "", "- -" }, { "-1", "out -" }, { "+1", "in -" },
		{ "-1 +2", "in -" }, { "+2 -1", "in -" }, { "-2 +1", "out -" },
		{ "-1 ?2", "out -" }, { "?2 -1", "out -" },
		{ "+1 ?2", "asked -" }, { "?1 +2", "in -" },
		{ "?2 +1", "asked -" }, { "a-1", "out out" },
		{ "a-1 +2", "in out" }, { "a-1 a+2", "in in" },
		{ "-1 s-2", "out out" }, { "-1 t+2", "out -" },
		{ "t-1 t+2", "in -" }, { "t-0 +1", "in -" },
		{ "t+0 -1", "out -" }, { "-1 t+0", "out -" },
		{ "?1 t+2", "asked -" } };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		is_str(
		    str_of(after(all[i].words)), all[i].stands, all[i].words);
}

static void
written(void)
{
	static const char text[] =
	    "{\"email\":{\"status\":\"out\",\"purpose\":\"marketing\","
	    "\"at\":\"2026-10-05T08:00:00Z\",\"last\":\"2026-10-06T08:00:00Z\","
	    "\"by\":\"m1\",\"who\":\"Ann\",\"words\":\"stop\","
	    "\"source\":\"message\",\"service\":{\"status\":\"in\","
	    "\"purpose\":\"service\"}},\"sms\":{\"status\":\"out\","
	    "\"purpose\":\"all\"},\"all\":{\"status\":\"out\","
	    "\"purpose\":\"marketing\"}}";
	struct json_doc *doc = json_doc_new();
	const struct consent_kept *k;
	struct consents c = { 0 }, more = { 0 };
	struct arena a = { 0 };
	struct writer w;
	struct json v;
	struct buf out;
	struct err e;

	buf_init(&out, 2000);
	write_init(&w, &out);
	is_int(json_parse_copy(doc, str_of(text), &v, &e), 0, "parsed");
	consents_read(v, &a, &c);
	consents_add(&more, &c);
	consents_write(&more, &w);
	is_str(buf_str(&out), text, "what is written reads back the same");
	consents_release(&c);
	is_int(json_parse_copy(doc,
		   STR("{\"email\":false,\"sms\":\"denied\",\"all\":true}"), &v,
		   &e),
	    0, "by hand");
	consents_read(v, &a, &c);
	k = consents_find(&c, STR("sms"), PURPOSE_SERVICE);
	ok(k != NULL && k->said == CONSENT_OUT, "short messages: of all");
	ok(consents_find(&c, STR("email"), PURPOSE_SERVICE) == NULL,
	    "else of marketing");
	k = consents_find(&c, STR("chat"), PURPOSE_MARKETING);
	ok(k != NULL && k->said == CONSENT_IN, "of all channels");
	consents_release(&c);
	consents_release(&more);
	buf_release(&out);
	arena_release(&a);
	json_doc_free(doc);
}

int
main(void)
{
	rec = record_new();
	buf_init(&line, 1 << 16);
	languages();
	purposes();
	asking();
	subjects();
	addresses();
	events();
	over_time();
	written();
	buf_release(&line);
	record_free(rec);
	return done();
}
