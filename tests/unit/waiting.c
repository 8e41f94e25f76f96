#include "record/waiting.h"

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
	standings_again(&standings, r);
	h = standings_get(&standings, STR("c5"));
	is_int(h->waiting_since, TIME_NONE, "taken back: asks for nothing");
	standings_release(&standings);
	buf_release(&line);
	record_free(r);
	return done();
}
