#include "record/consent.h"

#include "record/fields.h"
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
	buf_release(&line);
	record_free(rec);
	return done();
}
