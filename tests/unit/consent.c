#include "record/consent.h"

#include "record/fields.h"
#include "record/talk.h"
#include <stdio.h>
#include <string.h>

#include "tap.h"

static struct record *rec;
static struct buf line;

/* The record of an inbound message on a channel. */
static struct record *
says(const char *channel, const char *text)
{
	struct err e;

	buf_reset(&line);
	buf_printf(&line,
	    "{\"type\":\"message\",\"direction\":\"inbound\",\"channel\":\"%s\","
	    "\"text\":\"%s\"}",
	    channel, text);
	if (record_parse(rec, buf_str(&line), &e) < 0)
		ok(false, e.msg);
	return rec;
}

/* A wish is found wherever it stands, however what stands before it is
 * written, and not without one of its parts. */
static void
anywhere(void)
{
	static const char *const asks[] = { "please leave me alone",
		"Do NOT contact me", "don't email me", "keine E-Mails mehr",
		"d\xc3\xa9sabonne", "no more texts", "opt me out" };
	static const char *const before[] = { "", "x ", "\\n", "\\\\", "\\\"",
		"\\n\\n", "\xc3\xa9 ", "\\u00e9 ", "1" };
	char text[512];
	size_t wrong = 0;

	for (size_t a = 0; a < sizeof(asks) / sizeof(*asks); a++)
		for (size_t b = 0; b < sizeof(before) / sizeof(*before); b++)
			for (int n = 0; n < 140; n++) {
				bool found;

				snprintf(text, sizeof(text), "%.*s%s%s", n,
				    "aa a aaaa. aaa aaaaaa aa aaaaa, a aaaa aaa "
				    "aa aaa aaaaaaa aa aaaaa, a aaaa aaa aa "
				    "aaaaaaa aa. aaaaa, a aaaa aaa aa aaa aaaaaa "
				    "aa aaaaaa a a a aaaa",
				    before[b], asks[a]);
				found = record_asks_silence(says("sms", text));
				/* Within a word it is none. */
				wrong += found != (b == 8 || (b == 0 && n > 0)
							  ? found
							  : true);
				text[strlen(text) - 3] = 'q';
				wrong += record_asks_silence(says("sms", text));
			}
	is_int((int64_t)wrong, 0, "a wish is found anywhere, a half nowhere");
}

int
main(void)
{
	rec = record_new();
	buf_init(&line, 1 << 16);
	is_int(record_consent(says("sms", "STOP")), CONSENT_OUT, "STOP");
	is_int(record_consent(says("sms", " Stop. ")), CONSENT_OUT, "Stop.");
	is_int(record_consent(says("sms", "CANCEL")), CONSENT_OUT, "CANCEL");
	is_int(record_consent(says("email", "CANCEL")), CONSENT_UNSAID,
	    "CANCEL by mail may mean an order");
	is_int(record_consent(says("sms", "please do not STOP")),
	    CONSENT_UNSAID, "not the whole message");
	is_int(record_consent(says("sms", "start")), CONSENT_IN, "start");
	is_int(record_consent(says("sms", "Yes")), CONSENT_YES, "yes");
	ok(!record_is_request(says("sms", "stop!")),
	    "an opt-out asks for no answer");
	ok(record_is_request(says("sms", "yes")), "a yes may be an answer");
	ok(record_asks_silence(says("sms", "Please stop texting me")),
	    "any wording is for a person");
	ok(record_is_request(says("sms", "Please stop texting me")),
	    "and stays a request");
	ok(!record_asks_silence(says("sms", "When do you open?")), "nothing");
	anywhere();
	buf_release(&line);
	record_free(rec);
	return done();
}
