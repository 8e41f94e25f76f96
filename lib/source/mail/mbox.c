#include "source/mail/mbox.h"

#include "core/io/stream.h"
#include "core/text/ascii.h"
#include "mail/date.h"

enum {
	COUNTED_LOOK = 8, /* first mails that must be counted right */
	OVER_HEAD = 4096, /* bytes shown of a mail past the ceiling */
};

static const struct str from_ = { "From ", 5 };

static bool
is_weekday(struct str s)
{
	static const char names[] = "MonTueWedThuFriSatSun";

	if (s.n < 4 || (s.p[3] != ' ' && s.p[3] != ','))
		return false;
	for (size_t i = 0; i < 21; i += 3)
		if (memcmp(s.p, names + i, 3) == 0)
			return true;
	return false;
}

bool
mbox_from_line(struct str line, struct str *sender, int64_t *when)
{
	int64_t t;

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (line.n > MBOX_LINE || !str_starts(line, from_))
		return false;
	for (size_t i = from_.n - 1, tries = 0; i + 4 < line.n && tries < 4;
	     i++) {
		struct str rest = str_sub(line, i + 1, line.n);

		if (line.p[i] != ' ' || !is_weekday(rest))
			continue;
		tries++;
		if (mailtime_parse(rest, &t) < 0)
			continue;
		if (sender != NULL)
			*sender =
			    str_trim(str_sub(line, from_.n, i - from_.n + 1));
		if (when != NULL)
			*when = t;
		return true;
	}
	return false;
}

/* The same for a text that begins with such a line. */
static bool
begins_mbox(struct str text)
{
	const char *end = memchr(text.p, '\n', text.n);

	return str_starts(text, from_) &&
	       mbox_from_line(end == NULL
				  ? text
				  : str_make(text.p, (size_t)(end - text.p)),
		   NULL, NULL);
}

/*
 * Whether a header stands behind the From_ line that text begins with: 1, 0,
 * or -1 where more bytes are needed.  Some programs leave out the empty line
 * before a From_ line; then this tells it from one in a body.
 */
static int
header_behind(struct str text, bool whole)
{
	struct str rest = text;
	size_t n = 0;

	for (int i = 0; i < 2; i++) {
		const char *end = memchr(rest.p, '\n', rest.n);

		if (end == NULL && !whole && rest.n < MBOX_LINE)
			return -1;
		if (end == NULL)
			return 0;
		if (i > 0)
			break;
		n = (size_t)(end + 1 - rest.p);
		rest = str_sub(rest, n, rest.n);
		if (rest.n == 0)
			return whole ? 0 : -1;
	}
	for (n = 0; n < rest.n && n < 40 && rest.p[n] != ':'; n++)
		if (rest.p[n] <= ' ' || rest.p[n] > '~')
			return 0;
	return n > 1 && n < rest.n && rest.p[n] == ':' && n + 1 < rest.n &&
	       (ascii_is_blank(rest.p[n + 1]) || rest.p[n + 1] == '\r' ||
		   rest.p[n + 1] == '\n');
}

/* Is it all of a date, in whatever form: digits, signs, a few short words? */
static bool
is_date_like(struct str s)
{
	size_t digits = 0, words = 0;

	while (s.p != NULL && s.n > 0) {
		struct str word = str_split(&s, ' ');

		for (size_t i = 0; i < word.n; i++) {
			bool digit = ascii_is_digit(word.p[i]);
			char low = (char)(word.p[i] | 0x20);

			digits += digit;
			/* "Mär", "févr.": words of any language. */
			if (!digit && !ascii_is_lower(low) &&
			    (word.p[i] & 0x80) == 0 &&
			    !ascii_is_in(word.p[i], ":-/.,+()"))
				return false;
		}
		words += word.n > 0;
		if (word.n > 12 && str_chr(word, '-') < 0)
			return false;
	}
	return digits >= 6 && words <= 7;
}

/*
 * "From ", "From -", "From ana@riba.example", "From nobody 2013-11-18 09:26":
 * what some programs write in the place of a From_ line.
 */
static bool
is_undated(struct str line)
{
	struct str rest, sender;

	if (line.n > MBOX_LINE || !str_starts(line, from_))
		return false;
	rest = str_trim(str_sub(line, from_.n, line.n));
	sender = str_split(&rest, ' ');
	return rest.p == NULL
		   ? sender.n == 0 ||
			 !ascii_is_in(sender.p[sender.n - 1], ",;:!?")
		   : is_date_like(str_trim(rest));
}

static bool
is_known_field(struct str name)
{
	static const char *const names[] = { "From", "To", "Date", "Subject",
		"Message-ID", "Received", "Return-Path", "Delivered-To",
		"MIME-Version", "Content-Type", "X-Mozilla-Status", "Status",
		"Reply-To", "Sender", "Cc" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return true;
	return false;
}

/* Bytes of the name of a field that the line is; 0 where it is none. */
static size_t
field_length(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] > ' ' && line.p[n] <= '~' &&
	       line.p[n] != ':')
		n++;
	return n > 0 && n < line.n && line.p[n] == ':' ? n : 0;
}

/*
 * Whether text begins with a line that only looks like a From_ line, and a
 * header stands behind it: fields up to an empty line, three of them such as
 * all mails have, in the first MBOX_HEADER bytes.  1, 0, or -1 where more bytes
 * are needed.
 */
static int
undated_begins(struct str text, bool whole)
{
	const char *end = memchr(text.p, '\n', text.n);
	struct str rest = str_sub(text, 0, MBOX_HEADER);
	int known = 0;

	whole = whole || rest.n == MBOX_HEADER;
	if (!str_starts(text, from_))
		return 0;
	if (end == NULL)
		return whole || text.n > MBOX_LINE ? 0 : -1;
	if (!is_undated(str_line(&rest)))
		return 0;
	while (rest.p != NULL && known < 3) {
		struct str line;
		size_t n;

		end = memchr(rest.p, '\n', rest.n);
		if (end == NULL && !whole && rest.n < MBOX_LINE)
			return -1;
		line = str_line(&rest);
		if (line.n == 0)
			return 0;
		if (ascii_is_blank(line.p[0]))
			continue;
		n = field_length(line);
		if (n == 0)
			return 0;
		known += is_known_field(str_sub(line, 0, n));
	}
	return known == 3 ? 1 : whole ? 0 : -1;
}

/* git format-patch: a commit's name in the place of a sender, and a date that
 * is always the same. */
static bool
is_patch(struct str text)
{
	size_t n = from_.n;

	while (n < text.n && n < from_.n + 64 && ascii_hex(text.p[n]) >= 0)
		n++;
	return n >= from_.n + 40 && str_starts(str_sub(text, n, text.n),
					STR(" Mon Sep 17 00:00:00 2001"));
}

/* The header's Content-Length, or -1. */
static int64_t
content_length(struct str header)
{
	static const struct str name = { "\nContent-Length:", 16 };
	ptrdiff_t at = str_find(header, name);
	struct str value;
	int64_t n;

	if (at < 0)
		at = str_find_nocase(header, name);
	if (at < 0)
		return -1;
	value = str_sub(header, (size_t)at + name.n, header.n);
	value = str_trim(str_line(&value));
	return str_to_int(value, &n) < 0 || n < 0 ? -1 : n;
}

enum lands { LANDS_NOT, LANDS_HERE, LANDS_PAST };

/*
 * Whether a counted mail that ends at `end` of text is followed by nothing or
 * by a From_ line, whose place is *next.  whole: there is nothing behind the
 * text.
 */
static enum lands
lands(struct str text, size_t end, bool whole, size_t *next)
{
	size_t i = end;
	struct str rest;

	if (end > text.n)
		return whole ? LANDS_NOT : LANDS_PAST;
	while (i < text.n && i < end + 4 &&
	       (text.p[i] == '\n' || text.p[i] == '\r'))
		i++;
	*next = i;
	rest = str_sub(text, i, text.n);
	if (rest.n == 0)
		return whole ? LANDS_HERE : LANDS_PAST;
	if (memchr(rest.p, '\n', rest.n) == NULL && !whole &&
	    rest.n < MBOX_LINE)
		return LANDS_PAST;
	return i > 0 && text.p[i - 1] == '\n' && begins_mbox(rest) ? LANDS_HERE
								   : LANDS_NOT;
}

/* True where the file's first mails all carry a count that leads to the next
 * From_ line. */
static bool
is_counted(struct str head)
{
	size_t at = 0;

	for (int i = 0; i < COUNTED_LOOK && at < head.n; i++) {
		struct str mail = str_sub(head, at, head.n);
		size_t body = multipart_body(mail);
		int64_t n = content_length(str_sub(mail, 0, body));
		size_t next;

		if (n < 0)
			return i > 0 && body == mail.n;
		if (n > (int64_t)(mail.n - body))
			return true;
		switch (lands(mail, body + (size_t)n, false, &next)) {
		case LANDS_NOT:
			return false;
		case LANDS_PAST:
			return true;
		case LANDS_HERE:
			at += next;
		}
	}
	return true;
}

/* Where the line begins that holds the byte `at` of text. */
static size_t
line_start(struct str text, size_t at)
{
	return (size_t)(str_rchr(str_sub(text, 0, at), '\n') + 1);
}

/* True where the line that begins at i is a ">From " line of any level. */
static bool
is_quoted_from(struct str text, size_t i)
{
	while (i < text.n && text.p[i] == '>')
		i++;
	return str_starts(str_sub(text, i, text.n), from_);
}

/*
 * A ">>From " line that is no quotation of mail: the line before it is not
 * quoted, or is such a line itself.
 */
static bool
is_reversible(struct str text)
{
	static const struct str twice = { ">>From ", 7 };
	size_t from = 0;
	ptrdiff_t found;

	while ((found = str_find(str_sub(text, from, text.n), twice)) >= 0) {
		size_t at = from + (size_t)found, start = at, before;

		while (start > 0 && text.p[start - 1] == '>')
			start--;
		from = at + twice.n;
		if (start == 0 || text.p[start - 1] != '\n')
			continue;
		before = line_start(text, start - 1);
		if (text.p[before] != '>' || is_quoted_from(text, before))
			return true;
	}
	return false;
}

size_t
mbox_start(struct str head)
{
	size_t at = str_starts(head, STR("\xef\xbb\xbf")) ? 3 : 0;
	enum { BLANKS = 256 };

	while (at < head.n && at < BLANKS && ascii_is_in(head.p[at], "\n\r\t "))
		at++;
	head = str_sub(head, at, head.n);
	return begins_mbox(head) || undated_begins(head, true) > 0 ? at
								   : SIZE_MAX;
}

void
mbox_init(struct mbox *m, struct str head, size_t max_item)
{
	*m = (struct mbox){ .max_item = max_item, .skip = mbox_start(head) };
	if (m->skip == SIZE_MAX)
		m->skip = 0;
	head = str_sub(head, m->skip, head.n);
	buf_init(&m->window, max_item + 4 * STREAM_BLOCK);
	m->counted = is_counted(head);
	m->patches = is_patch(head);
	m->undated = !begins_mbox(head);
	m->reversible = is_reversible(head);
}

void
mbox_release(struct mbox *m)
{
	buf_release(&m->window);
}

void
mbox_feed(struct mbox *m, struct str block)
{
	if (m->start > 0) {
		memmove(m->window.p, m->window.p + m->start,
		    m->window.n - m->start);
		buf_cut(&m->window, m->window.n - m->start);
		m->offset += m->start;
		m->scan -= m->start;
		m->start = 0;
	}
	if (m->skip > 0) {
		size_t n = m->skip < block.n ? m->skip : block.n;

		block = str_sub(block, n, block.n);
		m->offset += n;
		m->skip -= n;
	}
	buf_add_str(&m->window, block);
}

void
mbox_finish(struct mbox *m)
{
	m->end = true;
}

/* What there is of the mail in hand. */
static struct str
in_hand(const struct mbox *m)
{
	return str_sub(buf_str(&m->window), m->start, m->window.n);
}

static bool
after_empty_line(const char *text, const char *newline)
{
	return newline == text || newline[-1] == '\n' ||
	       (newline[-1] == '\r' &&
		   (newline - 1 == text || newline[-2] == '\n'));
}

/* The next "\nFrom ", or NULL: newlines are rarer than what memmem looks at. */
static const char *
next_from(const char *p, const char *end)
{
	for (; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		if (end - p >= 6 && memcmp(p, "\nFrom ", 6) == 0)
			return p;
	return NULL;
}

/* Fields that a mailbox's own mails have and files within them may not. */
static bool
is_trace(struct str name)
{
	static const char *const names[] = { "Received", "Return-Path",
		"Delivered-To", "X-Original-To", "X-Gmail-Labels", "X-GM-THRID",
		"X-Mozilla-Status", "X-UIDL", "Status" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return true;
	return false;
}

/* The first field behind a From_ line. */
static struct str
first_field(struct str mail)
{
	struct str rest = mail, line;

	(void)str_line(&rest);
	if (rest.p == NULL)
		return STR_NONE;
	line = str_line(&rest);
	return str_sub(line, 0, field_length(line));
}

/*
 * Does the From_ line at `at` of the mail in hand stand within an open part of
 * it?  What has the fields that the mailbox gives its own mails is a mail, so
 * that nobody can have those of others swallowed by leaving a part open.  1, 0,
 * or -1 where more bytes are needed.
 */
static int
is_within_part(struct mbox *m, size_t at)
{
	struct str text = in_hand(m);
	struct str first = first_field(str_sub(text, at, MBOX_LINE * 4));

	return is_trace(first) && str_eq_nocase(first, first_field(text))
		   ? 0
		   : multipart_holds(&m->multipart, text, at, m->end);
}

/* Does the mail in hand end before the line at p?  1, 0, or -1 where more
 * bytes are needed. */
static int
is_boundary(struct mbox *m, const char *newline, struct str behind)
{
	const char *text = m->window.p + m->start;
	bool empty = after_empty_line(text, newline);
	int is = begins_mbox(behind);

	if (is > 0 && !empty)
		is = header_behind(behind, m->end);
	else if (is == 0 && (empty || m->undated))
		is = undated_begins(behind, m->end);
	if (is > 0 && !m->patches && is_patch(behind))
		return 0;
	if (is > 0) {
		int within = is_within_part(m, (size_t)(newline + 1 - text));

		is = within < 0 ? -1 : !within;
	}
	return is;
}

/*
 * 1 with the place behind the mail in hand, which is the next From_ line or
 * the end; 0 when more bytes are needed.
 */
static int
scan_boundary(struct mbox *m, size_t *end)
{
	const char *text = m->window.p, *past = text + m->window.n;
	const char *p = text + m->scan, *line_end;
	struct str behind;
	int is;

	while ((p = next_from(p, past)) != NULL) {
		line_end = memchr(p + 1, '\n', (size_t)(past - p - 1));
		if (line_end == NULL && !m->end && past - p <= MBOX_LINE) {
			m->scan = (size_t)(p - text);
			return 0;
		}
		behind = str_make(p + 1, (size_t)(past - p - 1));
		is = is_boundary(m, p, behind);
		if (is < 0) {
			m->scan = (size_t)(p - text);
			return 0;
		}
		if (is > 0) {
			*end = (size_t)(p + 1 - text);
			return 1;
		}
		p++;
	}
	*end = m->window.n;
	if (m->end)
		return 1;
	m->scan = m->window.n < m->start + 6 ? m->start : m->window.n - 5;
	return 0;
}

/* The same by Content-Length; -1 where the count leads nowhere. */
static int
counted_boundary(struct mbox *m, size_t *end, size_t *next)
{
	struct str mail = in_hand(m);
	size_t body = multipart_body(mail);
	int64_t n;

	if (body == mail.n && !m->end)
		return body > MBOX_HEADER ? -1 : 0;
	n = content_length(str_sub(mail, 0, body));
	if (n < 0 || (uint64_t)n > m->max_item)
		return -1;
	switch (lands(mail, body + (size_t)n, m->end, next)) {
	case LANDS_PAST:
		return mail.n > m->max_item ? -1 : 0;
	case LANDS_NOT:
		return -1;
	case LANDS_HERE:
		break;
	}
	*end = m->start + body + (size_t)n;
	*next += m->start;
	return 1;
}

/* Takes one ">" off each ">From " line, in place. */
static struct str
unquote(struct str bytes)
{
	char *base = (char *)bytes.p, *to = base;
	const char *p = base, *end = base + bytes.n, *at;

	while ((at = memmem(p, (size_t)(end - p), ">From ", 6)) != NULL) {
		const char *line = at;

		while (line > base && line[-1] == '>')
			line--;
		if (line > base && line[-1] != '\n')
			line = NULL;
		memmove(to, p, (size_t)(at - p));
		to += at - p;
		p = at;
		if (line != NULL)
			p++;
		memmove(to, p, (size_t)(at + 6 - p));
		to += at + 6 - p;
		p = at + 6;
	}
	memmove(to, p, (size_t)(end - p));
	to += end - p;
	return str_make(base, (size_t)(to - base));
}

static void
fill_item(struct mbox *m, size_t end, bool over, struct mbox_item *item)
{
	struct str rest = str_sub(in_hand(m), 0, end - m->start);

	item->at = m->offset + m->start;
	item->over = over;
	item->envelope = str_line(&rest);
	item->bytes = rest.p == NULL ? STR("") : rest;
	if (over)
		return;
	if (str_find(item->bytes, STR(">From ")) >= 0 &&
	    (m->reversible || is_reversible(item->bytes)))
		item->bytes = unquote(item->bytes);
}

/* From here on there is another mail in hand. */
static void
begin_at(struct mbox *m, size_t start)
{
	m->start = start;
	m->multipart = (struct multipart){ 0 };
}

/* Past the ceiling: shows the mail's first bytes and lets go of the rest,
 * but for what a boundary could begin in. */
static void
give_up(struct mbox *m, struct mbox_item *item)
{
	size_t keep = m->scan > m->start + 2 ? m->scan - 2 : m->start;

	fill_item(m, m->start + OVER_HEAD, true, item);
	m->skipping = true;
	begin_at(m, keep);
}

static int
boundary(struct mbox *m, size_t *end, size_t *next)
{
	int rc;

	if (m->counted && !m->skipping) {
		rc = counted_boundary(m, end, next);
		if (rc >= 0)
			return rc;
	}
	rc = scan_boundary(m, end);
	*next = *end;
	return rc;
}

int
mbox_next(struct mbox *m, struct mbox_item *item)
{
	size_t end = 0, next = 0;
	bool skipped;

	do {
		if (m->start == m->window.n)
			return 0;
		if (boundary(m, &end, &next) == 0) {
			if (m->skipping) {
				begin_at(m, m->scan > m->start + 2 ? m->scan - 2
								   : m->start);
				return 0;
			}
			if (m->window.n - m->start <= m->max_item + MBOX_LINE)
				return 0;
			give_up(m, item);
			return 1;
		}
		skipped = m->skipping;
		m->skipping = false;
		if (!skipped) {
			bool over = end - m->start > m->max_item + MBOX_LINE;

			fill_item(
			    m, over ? m->start + OVER_HEAD : end, over, item);
		}
		begin_at(m, next);
		m->scan = next;
	} while (skipped);
	return 1;
}
