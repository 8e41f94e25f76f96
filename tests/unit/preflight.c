#include "reply/preflight.h"

#include <stdlib.h>
#include <unistd.h>

#include "record/record.h"
#include "tap.h"

#define T1 "2024-05-01T00:00:00Z"
#define SMS "\"channel\":\"sms\",\"to\":[{\"tel\":\"+493012345678\"}],"
#define TO(TEL) "\"channel\":\"sms\",\"to\":[{\"tel\":\"" TEL "\"}],"
#define SELL "\"text\":\"Buy!\",\"reply\":{\"purpose\":\"marketing\"}"
#define WHATSAPP                                    \
	"\"channel\":\"whatsapp\",\"text\":\"Hi\"," \
	"\"to\":[{\"tel\":\"+493012345678\"}],"
#define MESSENGER                                    \
	"\"channel\":\"messenger\",\"text\":\"Hi\"," \
	"\"to\":[{\"uri\":\"messenger:7\"}],"
#define MAIL "\"channel\":\"email\",\"to\":[{\"email\":\"anna@example.org\"}],"
#define TEXT MAIL "\"text\":\"Hi\""

/* What was said on a channel. */
#define CONSENT(channel, said) \
	",\"context\":{\"consent\":{\"" channel "\":" said "}}"
#define OUT "{\"status\":\"out\",\"words\":\"STOP\"}"
#define ASKED "{\"status\":\"asked\",\"words\":\"enough\"}"
#define ALL                                        \
	"{\"status\":\"out\",\"purpose\":\"all\"," \
	"\"at\":\"2024-04-02T00:00:00Z\",\"words\":\"stop\"}"
#define ANSWERS(at) ",\"reply\":{\"answers\":\"m1\",\"answersAt\":\"" at "\"}"

static struct err e;
static struct transports transports;
static char dir[] = "/tmp/kith-preflight-XXXXXX";

static const struct {
	const char *what, *draft, *now;
	const char *reason; /* or remark; NULL: ready */
	const char *until;
} cases[] = {
	{ "a mail", TEXT, T1, NULL, NULL },
	{ "no channel", "\"text\":\"Hi\"", T1, "no channel", NULL },
	{ "no address",
	    "\"channel\":\"sms\",\"text\":\"Hi\","
	    "\"to\":[{\"email\":\"anna@example.org\"}]",
	    T1, "no address on sms", NULL },
	{ "no transport",
	    "\"channel\":\"irc\",\"text\":\"Hi\","
	    "\"to\":[{\"uri\":\"irc:anna\"}]",
	    T1,
	    "no transport for irc: the workspace's transports folder or "
	    "--transport gives one",
	    NULL },
	{ "two recipients",
	    "\"channel\":\"email\",\"text\":\"Hi\",\"to\":"
	    "[{\"email\":\"a@x.example\"},{\"email\":\"b@x.example\"}]",
	    T1, "more than one recipient: make a draft for each", NULL },
	{ "a copy", TEXT ",\"cc\":[{\"email\":\"b@x.example\"}]", T1, NULL,
	    NULL },
	{ "  to no address", TEXT ",\"cc\":[{\"email\":\"b x\"}]", T1,
	    "cc: 'b x' is not an address that mail can be sent to", NULL },
	{ "  automatic",
	    TEXT ",\"cc\":[{\"email\":\"b@x.example\"}],"
		 "\"reply\":{\"automatic\":true}",
	    T1, "an automatic reply goes to nobody in cc", NULL },
	{ "  by SMS",
	    SMS "\"text\":\"Hi\",\"cc\":[{\"email\":\"b@x.example\"}]", T1,
	    "cc goes by mail only: take it out, or write to each", NULL },
	{ "a domain in Unicode",
	    "\"channel\":\"email\",\"text\":\"Hi\",\"to\":"
	    "[{\"email\":\"a@m\xc3\xbcller.example\"}]",
	    T1, NULL, NULL },
	{ "a local part beyond ASCII",
	    "\"channel\":\"email\",\"text\":\"Hi\",\"to\":"
	    "[{\"email\":\"j\xc3\xb6rg@x.example\"}]",
	    T1,
	    "'j\xc3\xb6rg@x.example' has letters beyond ASCII before the "
	    "@, and mail does not say 'smtputf8: true'",
	    NULL },
	{ "a header's end in the subject",
	    TEXT ",\"subject\":\"a\\r\\nBcc: b@x.example\"", T1,
	    "subject holds a line break or another control character", NULL },
	{ "in the name",
	    "\"channel\":\"email\",\"text\":\"Hi\",\"to\":"
	    "[{\"email\":\"a@x.example\",\"name\":\"A\\nB\"}]",
	    T1, "to.name holds a line break or another control character",
	    NULL },
	{ "in the address",
	    "\"channel\":\"email\",\"text\":\"Hi\",\"to\":"
	    "[{\"email\":\"a@x.example> SIZE=1\"}]",
	    T1,
	    "'a@x.example> SIZE=1' is not an address that mail can be "
	    "sent to",
	    NULL },
	{ "an empty body", MAIL "\"text\":\" \\n\"", T1, "the body is empty",
	    NULL },
	{ "a frame that nobody filled",
	    MAIL "\"text\":\"Hi [Write here.] Bye\",\"reply\":"
		 "{\"fill\":\"[Write here.]\"}",
	    T1,
	    "'[Write here.]' still stands in the body: a person must replace "
	    "it",
	    NULL },
	{ "  filled", TEXT ",\"reply\":{\"fill\":\"[Write here.]\"}", T1, NULL,
	    NULL },
	{ "a NUL", MAIL "\"text\":\"a\\u0000\"", T1, "the body holds a NUL",
	    NULL },
	{ "the stakes are high", TEXT ",\"route\":{\"stakes\":\"high\"}", T1,
	    "the stakes are high: a person's approval of these words is "
	    "needed (kith reply --approve --by NAME)",
	    NULL },
	{ "  approved, but not these words",
	    TEXT ",\"route\":{\"human\":true},"
		 "\"reply\":{\"approvedBy\":\"Kim\"}",
	    T1,
	    "the stakes are high: a person's approval of these words is "
	    "needed (kith reply --approve --by NAME)",
	    NULL },
	{ "  another text under the approval",
	    TEXT ",\"route\":{\"human\":true},\"reply\":"
		 "{\"approval\":{\"by\":\"Kim\",\"of\":\"t1\"}}",
	    T1,
	    "what Kim approved is another text, recipient, channel or "
	    "attachment: it needs a new approval",
	    NULL },
	{ "  also where none is needed",
	    TEXT ",\"reply\":{\"approval\":{\"by\":\"Kim\",\"of\":\"t1\"}}", T1,
	    "what Kim approved is another text, recipient, channel or "
	    "attachment: it needs a new approval",
	    NULL },
	{ "  a machine wrote it", TEXT ",\"reply\":{\"draftedBy\":\"machine\"}",
	    T1,
	    "a machine wrote it: a person's approval of these words is "
	    "needed (kith reply --approve --by NAME)",
	    NULL },
	{ "  by nobody",
	    TEXT ",\"route\":{\"human\":true},"
		 "\"reply\":{\"approvedBy\":\" \"}",
	    T1,
	    "the stakes are high: a person's approval of these words is "
	    "needed (kith reply --approve --by NAME)",
	    NULL },
	{ "  but automatic",
	    TEXT ",\"route\":{\"human\":true},\"reply\":"
		 "{\"automatic\":true,\"approvedBy\":\"Kim\"}",
	    T1,
	    "the stakes are high: no automatic reply, a person must write "
	    "it",
	    NULL },
	{ "quarantined", TEXT ",\"quarantine\":{\"reason\":\"forged\"}", T1,
	    "the conversation is quarantined", NULL },
	{ "a solicitation to who opted out", MAIL SELL CONSENT("email", OUT),
	    T1, "opted out of solicitations by email: STOP", NULL },
	{ "  of all channels", MAIL SELL CONSENT("all", "false"), T1,
	    "opted out of solicitations by email: by consent on file", NULL },
	{ "  of another channel", MAIL SELL CONSENT("sms", "false"), T1, NULL,
	    NULL },
	{ "  at a time, as somebody of ours noted",
	    MAIL SELL CONSENT("email",
		"{\"status\":\"out\",\"at\":\"2024-04-01T00:00:00Z\","
		"\"words\":\"no\",\"source\":\"by telephone\"}"),
	    T1,
	    "opted out of solicitations by email, 2024-04-01T00:00:00Z: no "
	    "(by telephone)",
	    NULL },
	{ "  of what is about their orders alone",
	    MAIL SELL CONSENT(
		"email", "{\"status\":\"out\",\"purpose\":\"service\"}"),
	    T1, NULL, NULL },
	{ "  or who may have, until a person approves",
	    MAIL SELL CONSENT("email", ASKED), T1,
	    "asked not to be written to on email: a person must look at it "
	    "and approve: enough",
	    NULL },
	{ "an answer to who opted out", TEXT CONSENT("email", OUT), T1,
	    "an answer and nothing else: opted out of solicitations by email: "
	    "STOP",
	    NULL },
	{ "  of all", TEXT CONSENT("email", ALL), T1,
	    "opted out of email, 2024-04-02T00:00:00Z: stop", NULL },
	{ "  and asked since",
	    TEXT ANSWERS("2024-04-02T00:00:01Z") CONSENT("email", ALL), T1,
	    "an answer and nothing else: opted out of email, "
	    "2024-04-02T00:00:00Z: stop",
	    NULL },
	{ "  and had asked before",
	    TEXT ANSWERS("2024-04-02T00:00:00Z") CONSENT("email", ALL), T1,
	    "opted out of email, 2024-04-02T00:00:00Z: stop", NULL },
	{ "  and said so again",
	    TEXT ANSWERS("2024-04-02T00:00:01Z")
		CONSENT("email", "{\"status\":\"out\",\"purpose\":\"all\","
				 "\"at\":\"2024-04-02T00:00:00Z\","
				 "\"last\":\"2024-04-02T00:00:01Z\"}"),
	    T1, "opted out of email, 2024-04-02T00:00:00Z: by consent on file",
	    NULL },
	{ "  by short message, which the network stops",
	    SMS "\"text\":\"Hi\"" ANSWERS("2024-04-02T00:00:01Z")
		CONSENT("sms", ALL),
	    T1, "opted out of sms, 2024-04-02T00:00:00Z: stop", NULL },
	{ "  by another kind of it",
	    SMS "\"text\":\"Hi\"" ANSWERS("2024-04-02T00:00:01Z")
		CONSENT("mms", ALL),
	    T1, "opted out of sms, 2024-04-02T00:00:00Z: stop", NULL },
	{ "an answer to who may have opted out", TEXT CONSENT("email", ASKED),
	    T1,
	    "an answer and nothing else: asked not to be written to on email: "
	    "enough",
	    NULL },
	{ "  by a machine",
	    MAIL "\"text\":\"Hi\",\"reply\":{\"automatic\":true}" CONSENT(
		"email", ASKED),
	    T1,
	    "asked not to be written to on email: a person must look at it "
	    "and approve: enough",
	    NULL },
	{ "  by short message", SMS "\"text\":\"Hi\"" CONSENT("sms", ASKED), T1,
	    "asked not to be written to on sms: a person must look at it and "
	    "approve: enough",
	    NULL },
	{ "  approved",
	    SMS "\"text\":\"Hi\",\"reply\":{\"approvedBy\":\"Kim\"}" CONSENT(
		"sms", ASKED),
	    T1,
	    "an answer and nothing else: asked not to be written to on sms: "
	    "enough",
	    NULL },
	{ "to a machine",
	    "\"channel\":\"email\",\"text\":\"Hi\",\"reply\":{\"automatic\":"
	    "true},\"to\":[{\"email\":\"No-Reply@x.example\"}]",
	    T1, "no automatic reply to no-reply@x.example (RFC 3834)", NULL },
	{ "  in another language",
	    "\"channel\":\"email\",\"text\":\"Hi\",\"reply\":{\"automatic\":"
	    "true},\"to\":[{\"email\":\"nicht-antworten@x.example\"}]",
	    T1, "no automatic reply to nicht-antworten@x.example (RFC 3834)",
	    NULL },
	{ "  that bounces come to",
	    "\"channel\":\"email\",\"text\":\"Hi\",\"reply\":{\"automatic\":"
	    "true},\"to\":[{\"email\":\"users-bounces@x.example\"}]",
	    T1, "no automatic reply to users-bounces@x.example (RFC 3834)",
	    NULL },
	{ "  to a person with a machine's name in theirs",
	    "\"channel\":\"email\",\"text\":\"Hi\",\"reply\":{\"automatic\":"
	    "true},\"to\":[{\"email\":\"cafe-owner@x.example\"}]",
	    T1, NULL, NULL },
	{ "  by a person",
	    "\"channel\":\"email\",\"text\":\"Hi\","
	    "\"to\":[{\"email\":\"no-reply@x.example\"}]",
	    T1, NULL, NULL },
	{ "to a list",
	    TEXT ",\"keywords\":[\"list\"],\"reply\":{\"automatic\":true}", T1,
	    "no automatic reply to a bounce or a list (RFC 3834)", NULL },
	{ "a solicitation at night", SMS SELL, "2024-05-01T20:30:00Z",
	    "quiet hours: it is 22:30 at the recipient; 8:00 to 21:00 is "
	    "allowed",
	    "2024-05-02T06:00:00Z" },
	{ "  by day", SMS SELL, "2024-05-01T18:59:00Z", NULL, NULL },
	{ "  the recipient's own zone counts first",
	    SMS SELL ",\"context\":{\"zone\":\"Asia/Tokyo\"}",
	    "2024-05-01T18:59:00Z",
	    "quiet hours: it is 03:59 at the recipient; 8:00 to 21:00 is "
	    "allowed",
	    "2024-05-01T23:00:00Z" },
	{ "  a region of many zones: all of them", TO("+12125550123") SELL,
	    "2024-05-01T15:00:00Z",
	    "quiet hours: it is 06:00 at the recipient; 8:00 to 21:00 is "
	    "allowed",
	    "2024-05-01T18:00:00Z" },
	{ "  no zone: held", TO("+8835100012345") SELL, T1,
	    "quiet hours: the recipient's zone is not known (context.zone "
	    "gives it)",
	    NULL },
	{ "  no solicitation", SMS "\"text\":\"Hi\"", "2024-05-01T20:30:00Z",
	    NULL, NULL },
	{ "WhatsApp's window is open for a day",
	    WHATSAPP "\"reply\":{\"answersAt\":\"2024-04-30T00:00:00Z\"}", T1,
	    NULL, NULL },
	{ "  and then closed",
	    WHATSAPP "\"reply\":{\"answersAt\":\"2024-04-29T23:59:59Z\"}", T1,
	    "more than 24 hours since the customer wrote on WhatsApp: only a "
	    "template may be sent (reply.whatsappTemplate)",
	    NULL },
	{ "  or not known", WHATSAPP "\"reply\":{}", T1,
	    "when the customer last wrote on WhatsApp is not known "
	    "(reply.answersAt): only a template may be sent "
	    "(reply.whatsappTemplate)",
	    NULL },
	{ "  but for a template",
	    WHATSAPP "\"reply\":{\"whatsappTemplate\":{\"name\":\"hello\"}}",
	    T1, NULL, NULL },
	{ "Messenger has a week",
	    MESSENGER "\"reply\":{\"answersAt\":\"2024-04-24T00:00:00Z\"}", T1,
	    "no transport for messenger: the workspace's transports folder or "
	    "--transport gives one",
	    NULL },
	{ "  and no templates",
	    MESSENGER "\"reply\":{\"answersAt\":\"2024-04-23T23:59:59Z\"}", T1,
	    "more than 168 hours since the customer wrote on Facebook "
	    "Messenger: nothing may be sent before they write",
	    NULL },
	{ "a review is answered, not its writer",
	    "\"channel\":\"review\",\"to\":[{\"email\":\"a@x.example\"}],"
	    "\"text\":\"Hi\"",
	    T1, "review answers a message, and inReplyTo does not say which",
	    NULL },
	{ "  by its id",
	    "\"channel\":\"review\",\"text\":\"Hi\","
	    "\"inReplyTo\":[\"r1\"]",
	    T1,
	    "no transport for review: the workspace's transports folder or "
	    "--transport gives one",
	    NULL },
};

/* A transport file in the scratch folder. */
static void
transport(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.yaml", dir, name);
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0 ||
	    transports_add(&transports, path, false, &e) < 0) {
		printf("Bail out! %s: %s\n", path, e.msg);
		exit(1);
	}
	unlink(path);
}

static int
check(struct preflight *p, struct record *r, const char *draft,
    struct buf *reason, int64_t *until)
{
	struct transport *t;
	struct draft d;
	struct buf line;
	int rc;

	buf_init(&line, 1 << 20);
	buf_printf(&line, "{\"id\":\"m0\",%s}", draft);
	buf_reset(reason);
	if (record_parse(r, buf_str(&line), &e) < 0) {
		buf_add_z(reason, e.msg);
		rc = -1;
	} else {
		draft_read(r, &d);
		rc = preflight_check(p, &d, &t, reason, until, &e);
	}
	buf_release(&line);
	return rc;
}

static void
test_cases(void)
{
	struct preflight p = { .transports = &transports };
	struct record *r = record_new();
	struct buf reason;

	buf_init(&reason, 4096);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t until, want = TIME_NONE;

		time_parse(str_of(cases[i].now), &p.now);
		if (cases[i].until != NULL)
			time_parse(str_of(cases[i].until), &want);
		check(&p, r, cases[i].draft, &reason, &until);
		is_str(reason.n > 0 ? buf_str(&reason) : STR_NONE,
		    cases[i].reason, cases[i].what);
		if (cases[i].until != NULL)
			is_int(until, want, "  and when");
	}
	buf_release(&reason);
	record_free(r);
}

/* Bodies at the edge of what a channel takes. */
static void
test_length(void)
{
	static const struct {
		const char *before, *unit;
		size_t n;
		const char *reason;
	} bodies[] = {
		{ SMS, "x", 1530, NULL },
		{ SMS, "x", 1531,
		    "the text takes 11 segments in the GSM alphabet; sms takes "
		    "10" },
		{ SMS, "\xc4\x99", 670, NULL },
		{ SMS, "\xc4\x99", 671,
		    "the text takes 11 segments in the UCS-2 alphabet; sms "
		    "takes 10" },
		{ "\"channel\":\"whatsapp\",\"reply\":{\"answersAt\":\"" T1
		  "\"},\"to\":[{\"tel\":\"+493012345678\"}],",
		    "\xc3\xa9", 4096, NULL },
		{ "\"channel\":\"whatsapp\",\"reply\":{\"answersAt\":\"" T1
		  "\"},\"to\":[{\"tel\":\"+493012345678\"}],",
		    "\xc3\xa9", 4097,
		    "the body has 4097 characters; whatsapp takes 4096" },
	};
	struct preflight p = { .transports = &transports };
	struct record *r = record_new();
	struct buf reason, draft;
	int64_t until;

	time_parse(STR(T1), &p.now);
	buf_init(&reason, 4096);
	buf_init(&draft, 1 << 20);
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		buf_reset(&draft);
		buf_printf(&draft, "%s\"text\":\"", bodies[i].before);
		for (size_t n = 0; n < bodies[i].n; n++)
			buf_add_z(&draft, bodies[i].unit);
		buf_add_char(&draft, '"');
		check(&p, r, buf_cstr(&draft), &reason, &until);
		is_str(reason.n > 0 ? buf_str(&reason) : STR_NONE,
		    bodies[i].reason, "a length");
	}
	buf_release(&reason);
	buf_release(&draft);
	record_free(r);
}

/* What went before, by an outbox. */
static void
add(struct outbox *o, const char *key, const char *subject, bool automatic,
    int64_t at)
{
	struct outbox_entry entry = {
		.key = str_of(key),
		.channel = STR("email"),
		.recipient = STR("anna@example.org"),
		.subject = str_of(subject),
		.answers = STR("m1"),
		.automatic = automatic,
		.record = STR("{}"),
		.at = at,
	};

	if (outbox_add(o, &entry, &entry.number, &e) < 0) {
		printf("Bail out! %s\n", e.msg);
		exit(1);
	}
	entry.state = OUTBOX_SENT;
	outbox_result(o, &entry, &e);
}

static void
test_history(void)
{
	struct outbox *o = outbox_open(dir, &e);
	struct preflight p = { .transports = &transports, .outbox = o };
	struct record *r = record_new();
	struct buf reason;
	int64_t until;
	char key[16];

	buf_init(&reason, 4096);
	time_parse(STR(T1), &p.now);
	is_int(check(&p, r, TEXT ",\"reply\":{\"answers\":\"m1\"}", &reason,
		   &until),
	    1, "a first answer");
	add(o, "k0", "Re: a", false, p.now);
	is_int(check(&p, r,
		   TEXT ",\"reply\":{\"answers\":\"m1\","
			"\"idempotencyKey\":\"k0\"}",
		   &reason, &until),
	    1, "itself again");
	check(&p, r, TEXT ",\"reply\":{\"answers\":\"m1\"}", &reason, &until);
	is_str(buf_str(&reason),
	    "answered already, by another draft for the same request",
	    "a second one");
	is_int(check(&p, r,
		   TEXT ",\"reply\":{\"answers\":\"m1\","
			"\"approvedBy\":\"Kim\"}",
		   &reason, &until),
	    1, "  approved");
	add(o, "k1", "Re: b", true, p.now - LOOP_MINUTES * TIME_MINUTE);
	check(&p, r,
	    TEXT ",\"subject\":\"Re: b\",\"reply\":{\"automatic\":true}",
	    &reason, &until);
	is_str(buf_str(&reason),
	    "a loop: an automatic reply with this subject went to "
	    "anna@example.org within 180 minutes",
	    "the same automatic subject");
	for (int i = 2; i <= LOOP_MAX; i++) {
		is_int(check(&p, r,
			   TEXT ",\"subject\":\"Re: z\",\"reply\":"
				"{\"automatic\":true}",
			   &reason, &until),
		    1, "another one");
		snprintf(key, sizeof(key), "k%d", i);
		add(o, key, "Re: c", true, p.now);
	}
	check(&p, r,
	    TEXT ",\"subject\":\"Re: z\",\"reply\":{\"automatic\":true}",
	    &reason, &until);
	is_str(buf_str(&reason),
	    "a loop: 10 automatic replies to anna@example.org in 180 minutes",
	    "the eleventh");
	p.now += TIME_SECOND;
	is_int(check(&p, r,
		   TEXT ",\"subject\":\"Re: z\",\"reply\":{\"automatic\":true}",
		   &reason, &until),
	    1, "until time has gone by");
	outbox_close(o);
	record_free(r);
	buf_release(&reason);
}

int
main(void)
{
	char path[256];
	static const char *const files[] = { "outbox.db", "outbox.lock" };

	if (mkdtemp(dir) == NULL)
		return 1;
	transport("mail", "kind: smtp\nchannel: email\n"
			  "url: smtp://127.0.0.1:25\nfrom: us@x.example\n");
	transport("sms", "kind: http\nchannel: sms\n"
			 "url: https://x.example/\nbody: .\n");
	transport("whatsapp", "kind: http\nchannel: whatsapp\n"
			      "url: https://x.example/\nbody: .\n");
	test_cases();
	test_length();
	test_history();
	transports_release(&transports);
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
	return done();
}
