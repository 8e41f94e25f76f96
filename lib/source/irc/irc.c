/*
 * Logs of IRC, a line an item.  Most lines have a clock without its day: that
 * stands in lines between them, or in the file's name, and goes with each.
 */
#include "source/irc/irc.h"
#include "core/text/ascii.h"
#include "source/equals.h"
#include "source/json/items.h"
#include "source/peek.h"

enum {
	SNIFFED = 40, /* lines looked at to tell the format */
	NAME_BYTES = 80, /* of a channel or network */
	HALF_DAY = 12, /* hours that a clock goes back at midnight */
};

struct reader {
	struct ingest *in;
	struct equals equals;
	struct irc_place place; /* of the file's name */
	char channel[NAME_BYTES];
	struct civil day, told; /* year 0: not known; that of text */
	char text[16];
	int month, hour; /* of the line before, -1 without */
	uint64_t marks;
};

static void
next_day(struct civil *c)
{
	int64_t t;

	if (time_from_civil(c, &t) == 0)
		time_to_civil(t + TIME_DAY, c);
}

/* From a line of the log about itself. */
static void
take_mark(struct reader *r, const struct civil *when, struct str channel)
{
	if (when->year > 0) {
		r->day = (struct civil){ .year = when->year,
			.month = when->month,
			.day = when->day };
		r->month = when->month;
		r->hour = -1;
	}
	if (irc_is_channel(channel) && channel.n <= sizeof(r->channel)) {
		memcpy(r->channel, channel.p, channel.n);
		r->place.channel = str_make(r->channel, channel.n);
	}
	r->marks++;
}

/* The day of a line, where it does not say all of it. */
static void
follow(struct reader *r, const struct irc_stamp *s)
{
	if (s->day) {
		r->day = (struct civil){
			.year = s->c.year, .month = s->c.month, .day = s->c.day
		};
	} else if (s->month_day && r->day.year > 0) {
		/* January behind December. */
		r->day.year += r->month > s->c.month + 6;
		r->day.month = s->c.month;
		r->day.day = s->c.day;
	} else if (s->clock && r->day.year > 0 &&
		   r->hour >= s->c.hour + HALF_DAY) {
		next_day(&r->day);
	}
	if (s->day || s->month_day)
		r->month = s->c.month;
	r->hour = s->day || s->month_day || !s->clock ? -1 : s->c.hour;
}

/* Most lines have that of the line before. */
static struct str
day_text(struct reader *r)
{
	if (r->day.year == 0)
		return STR_NONE;
	if (r->day.day != r->told.day || r->day.month != r->told.month ||
	    r->day.year != r->told.year) {
		snprintf(r->text, sizeof(r->text), "%04d-%02d-%02d",
		    r->day.year % 10000, r->day.month % 100, r->day.day % 100);
		r->told = r->day;
	}
	return str_of(r->text);
}

static int
take_line(struct reader *r, struct str at, struct str line,
    const struct irc_stamp *s, struct err *e)
{
	struct writer *w;
	struct str day;
	unsigned again;

	follow(r, s);
	day = s->day ? STR_NONE : day_text(r);
	again = equals_count(&r->equals, line, day);
	w = ingest_item(r->in, at);
	write_object(w);
	ingest_bytes(w, line);
	write_member(w, "day", day);
	write_member(w, "channel", r->place.channel);
	write_member(w, "network", r->place.network);
	if (again > 0)
		write_member_int(w, "again", again);
	write_object_end(w);
	return ingest_item_end(r->in, e);
}

/* A mark tells the channel of what is behind it; so does our own joining. */
static int
read_lines(struct reader *r, struct input *file, struct err *e)
{
	enum input_result got;
	struct str line, channel;
	struct civil when;
	char at[STR_COUNT];
	struct irc_stamp s;
	bool stamped;
	int rc = 0;

	while (rc == 0 && (got = input_line(file, &line, e)) != INPUT_END) {
		struct str place = str_count(at, '\0', input_offset(file));

		if (got == INPUT_FAIL)
			return -1;
		if (str_starts(line, STR("\xef\xbb\xbf")))
			line = str_sub(line, 3, line.n);
		line = str_trim_right(line);
		stamped = irc_stamp(line, &s);
		if (got == INPUT_LONG)
			rc = ingest_reject(r->in, place,
			    "a line of more bytes than --max-item has", line,
			    e);
		else if (irc_mark(stamped ? s.rest : line, &when, &channel))
			take_mark(r, &when, channel);
		else if (line.n > 0)
			rc = take_line(r, place, line, &s, e);
	}
	return rc;
}

static bool
is_json(struct str head)
{
	return json_peek_is(head) && str_find(head, STR("\"PRIVMSG\"")) > 0;
}

static int
irc_read_file(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "messages", "lines", "log", NULL };
	static const struct items_form form = {
		.paths = paths, .each = 1024, .whole = true
	};
	struct reader r = { .in = in, .month = -1, .hour = -1 };
	struct str head;
	int rc = input_peek(file, SOURCE_HEAD, &head, e);

	if (rc < 0)
		return -1;
	if (is_json(head))
		return items_form_read(in, file, &form, e);
	irc_place_of(in->file, &r.place);
	if (r.place.day.n > 0)
		(void)irc_day_of(r.place.day, &r.day);
	equals_init(&r.equals);
	rc = read_lines(&r, file, e);
	equals_release(&r.equals);
	if (r.marks > 0)
		sink_sum(in->sink, "marks of logs", (int64_t)r.marks);
	return rc;
}

/* Telling them. */

struct signs {
	int lines, messages, bare, events, raw;
	bool mark; /* of a program's log */
};

static void
look(struct signs *g, struct str line, struct arena *a)
{
	struct civil when;
	struct str channel;
	struct irc_stamp s;
	struct irc_line l;
	int64_t at;
	bool stamped = irc_stamp(line, &s);

	if (irc_mark(stamped ? s.rest : line, &when, &channel)) {
		g->mark |= when.year > 0 || irc_is_channel(channel);
		return;
	}
	g->lines++;
	if (irc_raw(line, a, &l, &at)) {
		g->raw += l.host.n > 0;
		return;
	}
	irc_read(stamped ? s.rest : line, stamped, &l);
	/* What stands in angles and has no time may be a tag. */
	if (l.kind == IRC_MESSAGE && str_find(line, STR("<")) >= 0)
		*(stamped ? &g->messages : &g->bare) += 1;
	else if (l.kind == IRC_EVENT && stamped &&
		 !str_is(str_of(l.subtype), "line"))
		g->events++;
}

static int
irc_sniff(const char *base_name, struct str head)
{
	struct signs g = { 0 };
	struct arena a = { 0 };
	struct irc_place place;
	bool own = str_ends(str_of(base_name), STR(".weechatlog"));

	head = peek_unmarked(head);
	if (is_json(head))
		return str_find(head, STR("\"command\"")) > 0 ? 86 : 0;
	while (head.p != NULL && g.lines < SNIFFED) {
		struct str line = str_trim_right(str_line(&head));

		if (line.n > 0)
			look(&g, line, &a);
		arena_reset(&a);
	}
	arena_release(&a);
	irc_place_of(base_name, &place);
	if (place.channel.n > 0)
		g.messages += g.bare;
	own |= g.mark && g.messages + g.events > 0;
	if (own || (g.raw > 0 && 2 * g.raw >= g.lines))
		return 92;
	if (3 * (g.messages + g.events + g.raw) < 2 * g.lines)
		return 0;
	return g.messages >= 2 || (g.messages > 0 && g.events > 0) ||
		       g.events >= 2
		   ? 83
		   : 0;
}

const struct source_format source_irc = {
	.name = "irc",
	.about = "logs of IRC: irssi, WeeChat, HexChat, ZNC, mIRC and others",
	.sniff = irc_sniff,
	.most = 92,
	.read = irc_read_file,
	.normalize = irc_normalize,
};
