#include "record/waiting/waiting.h"

#include <stdio.h>

#include "core/time.h"
#include "tap.h"

static struct record *r;
static struct standings standings;
static struct buf line;

/* A record of conversation c at second t; more is added to it. */
static struct standing *
add(const char *c, int t, const char *direction, const char *more)
{
	struct err e;

	buf_reset(&line);
	buf_printf(&line,
	    "{\"id\":\"m%03d\",\"type\":\"message\",\"channel\":\"email\","
	    "\"conversation\":\"%s\",\"direction\":\"%s\","
	    "\"sentAt\":\"1970-01-01T00:%02d:%02dZ\"%s}",
	    t, c, direction, t / 60, t % 60, more);
	ok(record_parse(r, buf_str(&line), &e) == 0, "a record");
	return standings_add(&standings, r);
}

/* A bounce of conversation c at second t: what became of the message from
 * second `of`. */
static struct standing *
bounce(const char *c, int t, const char *status, int of, const char *more)
{
	char text[256];

	snprintf(text, sizeof(text),
	    ",\"keywords\":[\"bounce\"],\"data\":{\"act\":\"receipt\","
	    "\"status\":\"%s\",\"about\":[\"<a%03d@x>\"]%s}",
	    status, of, more);
	return add(c, t, "inbound", text);
}

static struct standing *
sent(const char *c, int t, const char *more)
{
	char text[256];

	snprintf(text, sizeof(text), ",\"messageId\":\"a%03d@x\"%s", t, more);
	return add(c, t, "outbound", text);
}

static int64_t
waits(const char *c)
{
	struct standing *h = standings_get(&standings, str_of(c));

	return h == NULL ? 0 : h->waiting_since;
}

/* An answer that stands in one conversation and ends the waits of others. */
static void
answers_others(void)
{
	static const char one[] = "caaaaaaaaaaaaaaaaaaaaaaaaaa";
	static const char two[] = "cbbbbbbbbbbbbbbbbbbbbbbbbbb";
	static const char three[] = "ccccccccccccccccccccccccccc";
	char more[256];
	struct str ids[LAST_ALSO];
	struct said said;
	struct buf packed;
	struct standings next = { 0 };
	struct standing *h;

	snprintf(more, sizeof(more),
	    ",\"answers\":[\"%s\",\"cunknownunknownunknownunkno\"]", two);
	add(one, 301, "inbound", "");
	add(two, 302, "inbound", "");
	add(three, 303, "inbound", "");
	sent(one, 304, more);
	said = said_of(r);
	is_int((int64_t)standings_others(&standings, r, &said, ids), 2,
	    "conversations that it concerns");
	is_int(waits(one), TIME_NONE, "it answers its own conversation");
	is_int(waits(two), TIME_NONE, "and the other one");
	is_int(waits(three), 303 * TIME_SECOND, "and no third");
	is_int((int64_t)standings.others.n, 1, "the known one is told");
	is_int(standings.others.v[0].before.waiting_since, 302 * TIME_SECOND,
	    "as it was before");
	/* The next run has the same account. */
	buf_init(&packed, 1 << 16);
	standing_pack(
	    &standings, standings_get(&standings, str_of(one)), &packed);
	h = standings_put(&next, str_of(one));
	standing_unpack(&next, h, buf_str(&packed));
	bounce(one, 305, "failed", 304, "");
	said = said_of(r);
	is_int((int64_t)standings_others(&next, r, &said, ids), 2,
	    "which knows of the others");
	is_int(waits(one), 301 * TIME_SECOND, "it came back: one waits again");
	is_int(waits(two), 302 * TIME_SECOND, "and so does the other");
	is_int((int64_t)standings.others.v[0].answered.taken_back_n, 1,
	    "an answer was taken back there, too");
	sent(two, 306, "");
	is_int(waits(two), TIME_NONE, "an answer of its own");
	is_int((int64_t)standings.others.n, 0, "concerns nobody else");
	buf_release(&packed);
	standings_release(&next);
}

/* Of several requests each is taken back, and asks again. */
static void
several(void)
{
	static const char gone[] = ",\"keywords\":[\"deleted\",\"updated\"]";
	struct standings next = { 0 };
	struct buf packed;
	struct standing *h;

	for (int t = 401; t <= 403; t++)
		add("d1", t, "inbound", "");
	add("d1", 402, "inbound", gone);
	is_int(waits("d1"), 401 * TIME_SECOND, "the second of three is gone");
	add("d1", 401, "inbound", gone);
	is_int(
	    waits("d1"), 403 * TIME_SECOND, "the first, too: since the third");
	/* The next run has the same account. */
	buf_init(&packed, 1 << 16);
	standing_pack(
	    &standings, standings_get(&standings, STR("d1")), &packed);
	standing_unpack(
	    &next, standings_put(&next, STR("d1")), buf_str(&packed));
	add("d1", 403, "inbound", gone);
	is_int(waits("d1"), TIME_NONE, "all three: nobody waits");
	standings_add(&next, r);
	is_int(standings_get(&next, STR("d1"))->waiting_since, TIME_NONE,
	    "likewise in the next run");
	add("d1", 402, "inbound", "");
	standings_again(&standings, r, NULL);
	is_int(waits("d1"), 402 * TIME_SECOND, "the second asks again");
	add("d1", 402, "inbound", gone);
	is_int(waits("d1"), TIME_NONE, "and no more");
	add("d2", 411, "inbound", "");
	add("d2", 412, "inbound", "");
	sent("d2", 413, "");
	add("d2", 411, "inbound", gone);
	is_int(waits("d2"), TIME_NONE, "both were answered");
	bounce("d2", 414, "failed", 413, "");
	is_int(waits("d2"), 412 * TIME_SECOND,
	    "which failed: the one that is left waits");
	for (int t = 421; t < 421 + 2 * LAST_ASKS; t++)
		add("d3", t, "inbound", "");
	for (int t = 421 + LAST_ASKS; t < 421 + 2 * LAST_ASKS; t++)
		add("d3", t, "inbound", gone);
	h = standings_get(&standings, STR("d3"));
	is_int(h->waiting_since, 421 * TIME_SECOND, "of very many the first");
	buf_release(&packed);
	standings_release(&next);
}

static void
taken_back(void)
{
	struct answered unused;
	struct standing *h;
	struct err e;

	add("f1", 101, "inbound", "");
	sent("f1", 102, "");
	h = bounce("f1", 103, "delayed", 102, "");
	is_int(h->waiting_since, TIME_NONE, "a delay says nothing");
	bounce("f1", 104, "read", 102, "");
	h = bounce("f1", 105, "failed", 102, "");
	is_int(h->waiting_since, 101 * TIME_SECOND,
	    "the answer failed: waits since the request");
	is_int(h->answers, 0, "it was none");
	is_int(h->first_answer, TIME_NONE, "nor the first");
	h = bounce("f1", 106, "delivered", 102, "");
	is_int(h->waiting_since, 101 * TIME_SECOND, "that is final");
	h = sent("f1", 107, "");
	is_int(h->waiting_since, TIME_NONE, "another one answers");
	is_int(h->first_answer, 107 * TIME_SECOND, "and is the first");
	add("f1", 108, "inbound", "");
	sent("f1", 109, "");
	sent("f1", 110, "");
	h = bounce("f1", 111, "failed", 109, "");
	is_int(h->waiting_since, TIME_NONE, "the second of two stands");
	h = bounce("f1", 112, "failed", 110, "");
	is_int(h->waiting_since, 108 * TIME_SECOND, "both failed");
	h = bounce("f1", 113, "failed", 107, "");
	is_int(h->waiting_since, 101 * TIME_SECOND, "and the one before them");
	h = sent("f1", 110, "");
	is_int(h->waiting_since, 101 * TIME_SECOND, "again: it did fail");

	bounce("f2", 120, "failed", 122, "");
	add("f2", 121, "inbound", "");
	h = sent("f2", 122, "");
	is_int(h->waiting_since, 121 * TIME_SECOND,
	    "the bounce came first: clocks differ");
	is_int(h->answers, 0, "no answer");

	add("f3", 130, "inbound", "");
	sent("f3", 131,
	    ",\"to\":[{\"email\":\"Tom@x\"}],\"cc\":[{\"email\":"
	    "\"jane@x\"},{\"email\":\"Jill@x\"}]");
	h = bounce("f3", 132, "failed", 131, ",\"recipients\":[\"JILL@x\"]");
	is_int(h->waiting_since, TIME_NONE, "who only read along");
	h = bounce(
	    "f3", 133, "failed", 131, ",\"recipients\":[\"jill@x\",\"tom@x\"]");
	is_int(h->waiting_since, 130 * TIME_SECOND, "whom it was to");

	add("f4", 140, "inbound", "");
	add("f4", 141, "outbound", "");
	h = add("f4", 142, "inbound",
	    ",\"type\":\"event\",\"data\":{\"act\":\"receipt\",\"status\":"
	    "\"failed\",\"about\":\"m141\"}");
	is_int(h->waiting_since, 140 * TIME_SECOND, "by the record's id");
	add("f4", 143, "outbound", "");
	add("f4", 144, "outbound", "");
	h = add("f4", 146, "inbound",
	    ",\"type\":\"event\",\"data\":{\"act\":\"receipt\",\"status\":"
	    "\"failed\",\"before\":\"1970-01-01T00:02:23Z\"}");
	is_int(h->waiting_since, TIME_NONE, "before: not the one behind");
	h = add("f4", 147, "inbound",
	    ",\"type\":\"event\",\"data\":{\"act\":\"receipt\",\"status\":"
	    "\"failed\",\"before\":\"1970-01-01T00:02:25Z\"}");
	is_int(h->waiting_since, 140 * TIME_SECOND, "before: all until then");

	add("f5", 150, "inbound", "");
	h = sent("f5", 151, ",\"delivery\":{\"status\":\"delivered\"}");
	is_int(h->waiting_since, TIME_NONE, "delivered: it was sent");
	buf_reset(&line);
	buf_add_z(&line,
	    "{\"id\":\"m151\",\"type\":\"message\",\"direction\":\"outbound\","
	    "\"conversation\":\"f5\",\"delivery\":{\"status\":\"failed\"}}");
	record_parse(r, buf_str(&line), &e);
	standings_again(&standings, r, &unused);
	is_int(unused.taken_back_n, 1, "the delivery once more: it failed");
	h = standings_get(&standings, STR("f5"));
	is_int(h->waiting_since, 150 * TIME_SECOND, "and is taken back");
}

/* As it must be, in few lines: records in the order of time, one a second. */
enum { EVENTS = 60, REQUEST, ANSWER };

static int64_t
model(const int *kind, const bool *failed, int n)
{
	int64_t since = TIME_NONE;

	for (int i = 0; i < n; i++)
		if (kind[i] == REQUEST && since == TIME_NONE)
			since = (i + 1) * TIME_SECOND;
		else if (kind[i] == ANSWER && !failed[i])
			since = TIME_NONE;
	return since;
}

static unsigned
random_number(unsigned n)
{
	static uint64_t x = 4711;

	x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(x >> 33) % n;
}

/* One of the last LAST_ANSWERS answers, or -1. */
static int
some_answer(const int *kind, int n)
{
	int left = (int)random_number(LAST_ANSWERS);

	for (int i = n; i-- > 0;)
		if (kind[i] == ANSWER && left-- == 0)
			return i;
	return -1;
}

static void
property(int round)
{
	int kind[EVENTS] = { 0 }, wrong = 0, of;
	bool failed[EVENTS] = { false };
	char c[16], id[32];
	struct buf kept;
	struct standing *h;

	snprintf(c, sizeof(c), "r%d", round);
	buf_init(&kept, 1 << 16);
	for (int i = 0; i < EVENTS; i++) {
		kind[i] = REQUEST + (int)random_number(2);
		of = random_number(3) == 0 ? some_answer(kind, i) : -1;
		buf_reset(&line);
		snprintf(id, sizeof(id), "%s-%d", c, of >= 0 ? of : i);
		if (of >= 0)
			kind[i] = 0;
		if (of >= 0)
			failed[of] = true;
		buf_printf(&line,
		    "{\"id\":\"%s%s\",\"type\":\"%s\",\"conversation\":"
		    "\"%s\",\"direction\":\"%s\",\"sentAt\":"
		    "\"1970-01-01T00:%02d:%02dZ\",\"data\":{\"act\":\"%s\","
		    "\"status\":\"failed\",\"about\":[\"%s\"]}}",
		    of >= 0 ? "x" : "", id, of >= 0 ? "event" : "message", c,
		    kind[i] == ANSWER ? "outbound" : "inbound", (i + 1) / 60,
		    (i + 1) % 60, of >= 0 ? "receipt" : "", id);
		record_parse(r, buf_str(&line), NULL);
		h = standings_add(&standings, r);
		/* As the next run finds it. */
		if (random_number(5) == 0) {
			buf_reset(&kept);
			standing_pack(&standings, h, &kept);
			standing_unpack(&standings, h, buf_str(&kept));
		}
		wrong += h->waiting_since != model(kind, failed, i + 1);
	}
	is_int(wrong, 0, "as the model has it");
	buf_release(&kept);
}

int
main(void)
{
	struct standing *h;
	struct err e;

	r = record_new();
	buf_init(&line, 1 << 16);
	h = add("c1", 1, "outbound", ",\"subject\":\"\"");
	is_int(h->waiting_since, TIME_NONE, "nobody waits");
	is_int(h->first_answer, TIME_NONE, "no answer to nothing");
	h = add("c1", 2, "inbound", ",\"subject\":\"A\",\"person\":\"p1\"");
	is_int(h->waiting_since, 2 * TIME_SECOND, "a request waits");
	h = add("c1", 5, "inbound", ",\"subject\":\"B\"");
	is_int(h->waiting_since, 2 * TIME_SECOND, "since the oldest");
	is_str(h->last_request, "m005", "the last request");
	h = add("c2", 6, "inbound", "");
	h = add("c1", 7, "internal", "");
	h = add("c1", 8, "outbound", ",\"keywords\":[\"automatic\"]");
	is_int(h->waiting_since, 2 * TIME_SECOND,
	    "neither a note nor an automatic answer ends it");
	h = add("c1", 9, "inbound", ",\"keywords\":[\"junk\"]");
	is_str(h->last_request, "m005", "junk: no request");
	h = add("c1", 10, "outbound", "");
	is_int(h->waiting_since, TIME_NONE, "an answer ends it");
	is_int(h->first_answer, 10 * TIME_SECOND, "the first answer");
	is_int(h->first_request, 2 * TIME_SECOND, "the first request");
	h = add("c1", 12, "inbound", "");
	is_int(h->waiting_since, 12 * TIME_SECOND, "the next request waits");
	is_int(h->records, 8, "records");
	is_int(h->requests, 3, "requests");
	is_int(h->answers, 2, "answers");
	is_int(h->first, 1 * TIME_SECOND, "from");
	is_int(h->last, 12 * TIME_SECOND, "to");
	is_str(h->subject, "A", "the first subject that is not empty");
	is_str(h->person, "p1", "the person");
	is_str(h->channel, "email", "the channel");
	h = standings_get(&standings, STR("c2"));
	ok(h != NULL && h->waiting_since == 6 * TIME_SECOND, "the other one");
	ok(standings_get(&standings, STR("c3")) == NULL,
	    "no such conversation");
	is_int((int64_t)standings.n, 2, "conversations");

	buf_reset(&line);
	buf_add_z(&line,
	    "{\"id\":\"m\",\"type\":\"message\",\"direction\":\"inbound\","
	    "\"conversation\":\"c4\"}");
	record_parse(r, buf_str(&line), &e);
	h = standings_add(&standings, r);
	is_int(h->waiting_since, 12 * TIME_SECOND,
	    "without a time: at that of the record before");
	is_str(h->channel, NULL, "no channel");
	buf_reset(&line);
	buf_add_z(&line, "{\"id\":\"m\"}");
	record_parse(r, buf_str(&line), &e);
	ok(standings_add(&standings, r) == NULL, "no conversation");

	/* What comes too late, or again. */
	add("c5", 20, "inbound", "");
	add("c5", 30, "outbound", "");
	h = add("c5", 25, "inbound", "");
	is_int(h->waiting_since, TIME_NONE, "late: answered since");
	h = add("c5", 40, "inbound", "");
	h = add("c5", 35, "outbound", "");
	is_int(
	    h->waiting_since, 40 * TIME_SECOND, "no answer to what is later");
	h = add("c5", 38, "inbound", "");
	is_int(h->waiting_since, 38 * TIME_SECOND, "late: waits longer");
	is_str(h->last_request, "m040", "and is not the last");
	h = add("c5", 39, "outbound", "");
	is_int(
	    h->waiting_since, 40 * TIME_SECOND, "a late answer to one of two");
	buf_reset(&line);
	buf_add_z(&line,
	    "{\"id\":\"m040\",\"type\":\"message\",\"direction\":\"inbound\","
	    "\"conversation\":\"c5\",\"sentAt\":\"1970-01-01T00:00:40Z\","
	    "\"keywords\":[\"deleted\",\"updated\"]}");
	record_parse(r, buf_str(&line), &e);
	standings_again(&standings, r, NULL);
	h = standings_get(&standings, STR("c5"));
	is_int(h->waiting_since, TIME_NONE, "taken back: asks for nothing");
	taken_back();
	answers_others();
	several();
	for (int i = 0; i < 200; i++)
		property(i);
	standings_release(&standings);
	buf_release(&line);
	record_free(r);
	return done();
}
