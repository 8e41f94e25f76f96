#include "mail/transfer.h"

#include "core/text/ascii.h"
#include "core/text/base64.h"

static bool
is_blank(char c)
{
	return ascii_is_blank(c) || c == '\r';
}

enum transfer
transfer_of(struct str field)
{
	static const struct {
		const char *name;
		enum transfer what;
	} names[] = {
		{ "base64", TRANSFER_BASE64 },
		{ "quoted-printable", TRANSFER_QP },
		{ "quoted printable", TRANSFER_QP },
		{ "quoted_printable", TRANSFER_QP },
		{ "quotedprintable", TRANSFER_QP },
		{ "x-uuencode", TRANSFER_UU },
		{ "uuencode", TRANSFER_UU },
		{ "x-uue", TRANSFER_UU },
		{ "uue", TRANSFER_UU },
	};
	struct str s = field;

	while (s.n > 0 && ascii_is_in(s.p[0], " \t\r\n\"'"))
		s = str_sub(s, 1, s.n);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_starts_nocase(s, str_of(names[i].name)))
			return names[i].what;
	return TRANSFER_NONE;
}

/* One line without its newline.  True where the line goes on. */
static bool
qp_line(const char *p, const char *end, char **to)
{
	const char *mark;
	int high, low;

	while (end > p && is_blank(end[-1]))
		end--;
	while ((mark = memchr(p, '=', (size_t)(end - p))) != NULL) {
		memcpy(*to, p, (size_t)(mark - p));
		*to += mark - p;
		if (mark + 1 == end)
			return true;
		high = ascii_hex(mark[1]);
		low = mark + 2 < end ? ascii_hex(mark[2]) : -1;
		if (high >= 0 && low >= 0) {
			*(*to)++ = (char)(high * 16 + low);
			p = mark + 3;
		} else {
			*(*to)++ = '=';
			p = mark + 1;
		}
	}
	memcpy(*to, p, (size_t)(end - p));
	*to += end - p;
	return false;
}

/* Quoted-printable (RFC 2045, 6.7): blanks at the end of a line go, what is no
 * escape stays. */
static void
qp_decode(struct str s, struct buf *out)
{
	const char *p = s.p, *end = s.p + s.n, *newline;
	char *room = buf_room(out, s.n + 1), *to = room;

	if (room == NULL)
		return;
	while (p < end) {
		const char *line_end;

		newline = memchr(p, '\n', (size_t)(end - p));
		line_end = newline == NULL ? end : newline;
		if (!qp_line(p, line_end, &to) && newline != NULL) {
			if (newline > p && newline[-1] == '\r')
				*to++ = '\r';
			*to++ = '\n';
		}
		p = newline == NULL ? end : newline + 1;
	}
	out->n += (size_t)(to - room);
}

/* uuencode */

/* The bytes that a coded line stands for; 0 where it is none, or the last. */
static size_t
uu_count(struct str line)
{
	size_t n, letters;

	while (line.n > 0 && is_blank(line.p[line.n - 1]))
		line.n--;
	if (line.n < 2 || line.p[0] <= ' ' || line.p[0] > '`')
		return 0;
	n = (size_t)(line.p[0] - ' ') & 63;
	letters = (n + 2) / 3 * 4;
	/* Blanks at its end may have got lost; some put a checksum behind. */
	if (n == 0 || line.n > letters + 3 ||
	    line.n + letters / 4 + 4 < letters + 1)
		return 0;
	for (size_t i = 1; i < line.n; i++)
		if (line.p[i] < ' ' || line.p[i] > '`')
			return 0;
	return n;
}

/* "begin 644 name" */
static bool
uu_begins(struct str line, struct str *name)
{
	size_t i = 6;

	if (!str_starts(line, STR("begin ")))
		return false;
	while (i < line.n && line.p[i] >= '0' && line.p[i] <= '7')
		i++;
	if (i < 9 || i > 10 || i + 1 >= line.n || line.p[i] != ' ')
		return false;
	*name = str_trim(str_sub(line, i, line.n));
	return name->n > 0;
}

/* Whether the lines that rest begins with are coded; *rest goes behind them
 * and their "end". */
static bool
uu_lines(struct str *rest, struct str *lines)
{
	const char *from = rest->p, *end = rest->p + rest->n;
	struct str left = *rest, line;
	size_t good = 0;

	while (left.p != NULL) {
		line = str_line(&left);
		if (uu_count(line) > 0) {
			good++;
			*rest = left;
			continue;
		}
		if (str_is(str_trim(line), "end")) {
			*rest = left;
			break;
		}
		line = str_trim(line);
		/* A line of nothing stands before the end. */
		if (line.n > 1 || (line.n == 1 && line.p[0] != '`'))
			break;
		if (good == 0 && line.n == 0)
			break;
	}
	if (rest->p != NULL)
		end = rest->p;
	*lines = str_make(from, (size_t)(end - from));
	return good > 0;
}

/* uuencode at `at`, where "begin " stands. */
static bool
uu_at(struct str text, size_t at, struct inner_file *out)
{
	struct str rest = str_sub(text, at, text.n);

	if (!uu_begins(str_line(&rest), &out->name) || rest.p == NULL ||
	    !uu_lines(&rest, &out->lines))
		return false;
	out->at = at;
	out->n = (rest.p == NULL ? text.n : (size_t)(rest.p - text.p)) - at;
	out->yenc = false;
	return true;
}

/* yEnc at `at`, where "=ybegin " stands. */
static bool
yenc_at(struct str text, size_t at, struct inner_file *out)
{
	struct str rest = str_sub(text, at, text.n), line = str_line(&rest);
	ptrdiff_t name = str_find(line, STR(" name=")), end;

	if (name < 0 || rest.p == NULL || str_find(line, STR(" size=")) < 0)
		return false;
	out->name = str_trim(str_sub(line, (size_t)name + 6, line.n));
	if (str_starts(rest, STR("=ypart ")))
		(void)str_line(&rest);
	if (rest.p == NULL)
		return false;
	end = str_find(rest, STR("\n=yend"));
	out->lines = str_sub(rest, 0, end < 0 ? rest.n : (size_t)end + 1);
	rest = str_sub(rest, out->lines.n, rest.n);
	if (rest.n > 0)
		(void)str_line(&rest);
	out->at = at;
	out->n = (rest.p == NULL ? text.n : (size_t)(rest.p - text.p)) - at;
	out->yenc = true;
	return true;
}

bool
inner_find(struct str text, size_t from, struct inner_file *out)
{
	static const struct str uu = { "begin ", 6 }, yenc = { "=ybegin ", 8 };

	while (from < text.n) {
		ptrdiff_t found =
		    str_find(str_sub(text, from, text.n), STR("begin "));
		size_t at;

		if (found < 0)
			break;
		at = from + (size_t)found;
		from = at + uu.n;
		if (at >= 2 && str_starts(str_sub(text, at - 2, yenc.n), yenc))
			at -= 2;
		if (at > 0 && text.p[at - 1] != '\n')
			continue;
		if (text.p[at] == '=' ? yenc_at(text, at, out)
				      : uu_at(text, at, out))
			return true;
	}
	return false;
}

static unsigned
uu_value(struct str line, size_t i)
{
	return i < line.n ? ((unsigned char)line.p[i] - ' ') & 63U : 0;
}

static void
uu_decode(struct str lines, struct buf *out)
{
	while (lines.p != NULL && lines.n > 0) {
		struct str line = str_line(&lines);
		size_t n = uu_count(line), i = 1;

		if (n == 0)
			continue;
		for (; n > 0; i += 4) {
			unsigned v = uu_value(line, i) << 18 |
				     uu_value(line, i + 1) << 12 |
				     uu_value(line, i + 2) << 6 |
				     uu_value(line, i + 3);
			char bytes[3] = { (char)(v >> 16), (char)(v >> 8),
				(char)v };
			size_t now = n < 3 ? n : 3;

			buf_add(out, bytes, now);
			n -= now;
		}
	}
}

static void
yenc_decode(struct str lines, struct buf *out)
{
	char *room = buf_room(out, lines.n), *to = room;

	if (room == NULL)
		return;
	for (size_t i = 0; i < lines.n; i++) {
		char c = lines.p[i];

		if (c == '\r' || c == '\n')
			continue;
		if (c == '=' && i + 1 < lines.n)
			c = (char)(lines.p[++i] - 64);
		*to++ = (char)(c - 42);
	}
	out->n += (size_t)(to - room);
}

void
inner_decode(const struct inner_file *f, struct buf *out)
{
	if (f->yenc)
		yenc_decode(f->lines, out);
	else
		uu_decode(f->lines, out);
}

void
transfer_decode(struct str s, enum transfer encoding, struct buf *out)
{
	struct inner_file file;
	char *to;

	switch (encoding) {
	case TRANSFER_BASE64:
		to = buf_room(out, BASE64_DECODED(s.n));
		if (to != NULL)
			out->n += base64_decode(s, to);
		break;
	case TRANSFER_QP:
		qp_decode(s, out);
		break;
	case TRANSFER_UU:
		if (inner_find(s, 0, &file))
			inner_decode(&file, out);
		else
			buf_add_str(out, s);
		break;
	case TRANSFER_NONE:
		buf_add_str(out, s);
		break;
	}
}
