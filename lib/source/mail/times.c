#include "source/mail/times.h"

#include "core/text/ascii.h"
#include "core/time.h"
#include "mail/date.h"
#include "source/mail/mbox.h"

enum { CLOCK_MIN = 9, CLOCK_MAX = 10 }; /* digits of a Maildir's seconds */

/* The seconds in "1204680122.27c448.host:2,RS". */
static int64_t
maildir_time(struct str path)
{
	struct str s = str_after_last(path, '/');
	int64_t t = 0;
	size_t n = 0;

	while (n < s.n && n <= CLOCK_MAX && ascii_is_digit(s.p[n]))
		t = t * 10 + (s.p[n++] - '0');
	return n >= CLOCK_MIN && n <= CLOCK_MAX && n < s.n && s.p[n] == '.'
		   ? t * TIME_SECOND
		   : TIME_NONE;
}

/* Who put the mail where it is says when that was. */
static int64_t
kept_since(const struct mail_clues *c)
{
	int64_t t;

	if (c->envelope.p != NULL && mbox_from_line(c->envelope, NULL, &t))
		return t;
	if (c->internal != TIME_NONE)
		return c->internal;
	return c->file.p == NULL ? TIME_NONE : maildir_time(c->file);
}

/* Many programs write one and the same time into all lines of an mbox: such a
 * line is believed against a Date only where that is years off. */
static bool
may_contradict(const struct mail_clues *c, int64_t line, int64_t date)
{
	return c->envelope.p == NULL || date - line > 366 * TIME_DAY;
}

static bool
has_come(const struct mail_clues *c, int64_t t)
{
	return t != TIME_NONE && t <= c->now + TIME_DAY;
}

void
mail_times(const struct mail_clues *c, struct mail_times *out)
{
	int64_t t, date;

	*out = (struct mail_times){ TIME_NONE, TIME_NONE, TIME_NONE };
	if (c->date.p != NULL && mailtime_parse_day(c->date, &t) == 0)
		out->sent = t;
	if (c->received.p != NULL && mailtime_received(c->received, &t) == 0)
		out->received = t;
	if (has_come(c, out->received))
		return;
	if (has_come(c, out->sent)) {
		out->received = TIME_NONE;
		return;
	}
	t = kept_since(c);
	if (out->sent == TIME_NONE && out->received == TIME_NONE) {
		out->received = t;
		return;
	}
	date = out->sent != TIME_NONE ? out->sent : out->received;
	if (has_come(c, t) && may_contradict(c, t, date)) {
		out->misdated = date;
		out->sent = TIME_NONE;
		out->received = t;
	}
}
