/* The header of an HTTP answer: when to come again. */
#include "net/header.h"

#include "core/time.h"
#include "tap.h"

static int64_t
after(const char *header)
{
	/* 2026-11-30T09:00:00Z */
	return header_retry_after(
	    str_of(header), INT64_C(1796029200) * TIME_SECOND);
}

int
main(void)
{
	is_int(after("retry-after: 7\n"), 7, "seconds");
	is_int(after("retry-after: 0\n"), 0, "none");
	is_int(after("retry-after: 99999999999999999999\n"), HEADER_AFTER,
	    "as many as there are");
	is_int(after("a: b\n"), -1, "missing");
	is_int(after("retry-after: soon\n"), -1, "a word");
	is_int(after("retry-after: -1\n"), -1, "a sign");
	is_int(after("retry-after: Mon, 30 Nov 2026 09:00:42 GMT\n"), 42,
	    "a date, by our clock");
	is_int(after("retry-after: Mon, 30 Nov 2026 08:59:00 GMT\n"), 0,
	    "one that is over");
	is_int(after("date: Fri, 30 Oct 2026 09:00:00 GMT\n"
		     "retry-after: Fri, 30 Oct 2026 09:01:30 GMT\n"),
	    90, "by the answer's own clock");
	is_int(after("date: now\nretry-after: Mon, 30 Nov 2026 09:00:42 GMT\n"),
	    42, "which may be none");
	is_int(after("retry-after: Tue, 30 Nov 2099 09:00:00 GMT\n"),
	    HEADER_AFTER, "far away");
	is_int(after("retry-after: Mon, 31 Nov 2026 09:00:42 GMT\n"), -1,
	    "no such day");
	is_int(after("retry-after: Mon, 30 ovD 2026 09:00:42 GMT\n"), -1,
	    "nor month");
	is_int(after("retry-after: Mon, 30 Nov 2026 09:00:42 UTC\n"), -1,
	    "another zone");
	is_int(after("retry-after: Monday, 30-Nov-26 09:00:42 GMT\n"), -1,
	    "an old form");
	return done();
}
