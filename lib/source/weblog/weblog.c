/*
 * Access logs: how to tell them, and their lines, each an item.  This is the
 * fastest reading that kith has, since nothing else has as many records.
 */
#include "source/weblog/weblog.h"
#include "core/text/ascii.h"
#include "source/wrapped.h"
#include "source/equals.h"
#include "source/peek.h"

enum {
	SNIFFED = 20, /* lines looked at to tell the format */
	FIELDS_BYTES = 8 << 10, /* of a line "#Fields:" */
	DATE_BYTES = 32,
};

struct reader {
	struct ingest *in;
	struct equals equals;
	char fields[FIELDS_BYTES], date[DATE_BYTES];
	struct str fields_now, date_now;
	uint64_t remarks;
};

static int
end_item(struct reader *r, struct writer *w, unsigned again, struct err *e)
{
	if (again > 0) {
		write_key(w, "beside");
		write_object(w);
		write_member_int(w, "again", again);
		write_object_end(w);
	}
	return ingest_item_end(r->in, e);
}

static void
keep(struct str *to, char *room, size_t size, struct str s)
{
	s = str_trim(s);
	if (s.n > size)
		s.n = size;
	memcpy(room, s.p, s.n);
	*to = str_make(room, s.n);
}

/* "#Fields: date time c-ip": what the lines behind it are; other remarks say
 * nothing of a visit. */
static void
take_remark(struct reader *r, struct str line)
{
	if (str_starts_nocase(line, STR("#fields:")))
		keep(&r->fields_now, r->fields, sizeof(r->fields),
		    str_sub(line, 8, line.n));
	else if (str_starts_nocase(line, STR("#date:")))
		keep(&r->date_now, r->date, sizeof(r->date),
		    str_sub(line, 6, line.n));
	r->remarks++;
}

static int
take_line(struct reader *r, struct str at, struct str line, struct err *e)
{
	unsigned again = equals_count(&r->equals, line, STR(""));
	struct writer *w = ingest_item(r->in, at);

	write_object(w);
	ingest_bytes(w, line);
	if (r->fields_now.n > 0) {
		write_member(w, "fields", r->fields_now);
		if (r->date_now.n > 0)
			write_member(w, "date", r->date_now);
	}
	write_object_end(w);
	return end_item(r, w, again, e);
}

static int
read_lines(struct reader *r, struct input *file, struct err *e)
{
	enum input_result got;
	struct str line;
	char at[STR_COUNT];
	int rc = 0;

	while (rc == 0 && (got = input_line(file, &line, e)) != INPUT_END) {
		struct str place = str_count(at, '\0', input_offset(file));

		if (got == INPUT_FAIL)
			return -1;
		if (str_is(place, "0"))
			line = peek_unmarked(line);
		line = str_trim_right(line);
		if (got == INPUT_LONG)
			rc = ingest_reject(r->in, place,
			    "a line of more bytes than --max-item has", line,
			    e);
		else if (line.n > 0 && line.p[0] == '#')
			take_remark(r, line);
		else if (line.n > 0)
			rc = take_line(r, place, line, e);
	}
	return rc;
}

static int
take_value(void *arg, const struct cut_item *item, struct err *e)
{
	struct reader *r = arg;
	struct writer *w;

	if (json_type(item->value) != JSON_OBJECT)
		return ingest_reject(
		    r->in, item->at, "not a JSON object", item->text, e);
	w = ingest_item(r->in, item->at);
	write_raw(w, item->text);
	return end_item(r, w, equals_count(&r->equals, item->text, STR("")), e);
}

static bool
is_json(struct str head)
{
	head = peek_unmarked(head);
	return head.n > 0 &&
	       (head.p[0] == '{' ||
		   (head.p[0] == '[' &&
		       str_find(str_sub(head, 0, 64), STR("{")) > 0));
}

static int
weblog_read(struct ingest *in, struct input *file, struct err *e)
{
	struct reader r = { .in = in };
	struct str head;
	int rc = input_peek(file, SOURCE_HEAD, &head, e);

	if (rc < 0)
		return -1;
	equals_init(&r.equals);
	rc = is_json(head) ? wrapped_each(in, file, take_value, &r, e)
			   : read_lines(&r, file, e);
	if (r.remarks > 0)
		sink_sum(in->sink, "remarks", (int64_t)r.remarks);
	equals_release(&r.equals);
	return rc;
}

/* Telling them. */

struct look {
	uint64_t members; /* 1 << enum weblog_member */
	bool line; /* a member that holds a line of text */
};

static bool is_line(struct str line);

static void
see(void *arg, const struct peeked *p)
{
	struct look *l = arg;
	struct arena a = { 0 };
	struct str path = ARENA_JOIN(&a, p->within, p->name);

	l->members |= UINT64_C(1) << weblog_member(path, &a);
	if ((str_is(p->name, "log") || str_is(p->name, "message")) &&
	    p->within.n == 0)
		l->line |= is_line(p->text);
	arena_release(&a);
}

static int
sniff_json(struct str head)
{
	const uint64_t one = 1;
	struct look l = { 0 };
	uint64_t asked = one << WEBLOG_METHOD | one << WEBLOG_REQUEST;
	uint64_t what = one << WEBLOG_URL | one << WEBLOG_REQUEST;
	uint64_t who =
	    one << WEBLOG_AGENT | one << WEBLOG_IP | one << WEBLOG_PEER;
	uint64_t when = one << WEBLOG_TIME | one << WEBLOG_LATER;

	json_peek(head, see, &l);
	if (l.line)
		return 84;
	l.members &= (one << WEBLOG_MEMBERS) - 1;
	if ((l.members & asked) == 0 || (l.members & what) == 0 ||
	    (l.members & who) == 0 || (l.members & when) == 0 ||
	    (l.members & one << WEBLOG_STATUS) == 0)
		return 0;
	return __builtin_popcountll(l.members) >= 6 ? 84 : 0;
}

/* "http 2026-..Z app/name/id 203.0.113.7:1 ", or without the first word. */
static bool
is_balancer(struct str line)
{
	struct str word = str_split(&line, ' '), rest;
	int64_t t;

	if (word.n > 0 && word.n <= 5 && !ascii_is_digit(word.p[0]))
		word = str_split(&line, ' ');
	rest = line;
	(void)str_split(&rest, ' ');
	return word.n > 20 && time_parse(word, &t) == 0 &&
	       weblog_ip(str_split(&rest, ' ')).p != NULL &&
	       str_find(rest, STR(" \"")) > 0;
}

/* A time in brackets that only these write so, and a request. */
static bool
is_line(struct str line)
{
	struct str rest = line;
	ptrdiff_t at;

	while ((at = str_chr(rest, '[')) >= 0) {
		rest = str_sub(rest, (size_t)at, rest.n);
		if (weblog_is_stamp(rest))
			return str_find(rest, STR("] \"")) > 0 ||
			       str_find(rest, STR("] \\\"")) > 0 ||
			       str_find(rest, STR(" HTTP/")) > 0;
		rest = str_sub(rest, 1, rest.n);
	}
	return is_balancer(line);
}

/* Fields of a site: others log mail or a firewall so. */
static bool
is_fields(struct str line)
{
	return str_starts_nocase(line, STR("#fields:")) &&
	       (str_find(line, STR("cs-uri")) > 0 ||
		   str_find(line, STR("cs-method")) > 0) &&
	       str_find(line, STR("sc-status")) > 0;
}

static int
weblog_sniff(const char *base_name, struct str head)
{
	int lines = 0, good = 0;
	bool first = false;

	(void)base_name;
	head = peek_unmarked(head);
	if (is_json(head))
		return sniff_json(head);
	while (head.p != NULL && lines < SNIFFED) {
		struct str line = str_line(&head);

		if (line.n > 0 && line.p[0] == '#' && is_fields(line))
			return 95;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		lines++;
		if (is_line(line)) {
			first |= lines == 1;
			good++;
		}
	}
	return first && 2 * good >= lines ? 90 : good * 2 > lines ? 84 : 0;
}

const struct source_format source_weblog = {
	.name = "weblog",
	.about = "access logs of web servers: text, W3C's, JSON",
	.sniff = weblog_sniff,
	.most = 95,
	.read = weblog_read,
	.normalize = weblog_normalize,
};
