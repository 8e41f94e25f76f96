#include "mail/compose.h"

#include <string.h>

#include "core/hash.h"
#include "core/text/ascii.h"
#include "core/text/base64.h"
#include "core/text/utf8.h"
#include "mail/date.h"

enum {
	WORD_MAX = 75, /* an encoded word, RFC 2047 2 */
	WORD_FRAME = 12, /* =?utf-8?q?...?= */
	WORD_LEAST = 24, /* of content, to be worth a line's rest */
	BODY_LINE = 76, /* an encoded line, RFC 2045 6.7 */
	FILENAME = 255, /* bytes of an attachment's name */
};

bool
mail_header_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* Printable ASCII without space and the angle brackets. */
static bool
plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f || s.p[i] == '<' ||
		    s.p[i] == '>')
			return false;
	return true;
}

bool
mail_address_utf8_ok(struct str a)
{
	ptrdiff_t at = str_rchr(a, '@');
	struct str ascii;
	char copy[255];

	if (at < 1 || a.n > 254 || !utf8_is_valid(a))
		return false;
	memcpy(copy, a.p, a.n);
	for (size_t i = 0; i < (size_t)at; i++)
		if ((unsigned char)copy[i] >= 0x80)
			copy[i] = 'x';
	ascii = str_make(copy, a.n);
	return mail_address_ok(ascii);
}

bool
mail_address_ok(struct str a)
{
	ptrdiff_t at = str_rchr(a, '@');

	if (at < 1 || at > 64 || a.n > 254 || (size_t)at + 1 == a.n ||
	    !plain(a))
		return false;
	for (size_t i = 0; i < (size_t)at; i++)
		if (ascii_is_in(a.p[i], "\",;:()[]\\@"))
			return false;
	for (size_t i = (size_t)at + 1; i < a.n; i++)
		if (ascii_is_in(a.p[i], "\",;()\\@"))
			return false;
	return true;
}

/* Something@something, fit to stand in angle brackets. */
static bool
is_id(struct str id)
{
	ptrdiff_t at = str_chr(id, '@');

	return id.n <= 900 && at > 0 && (size_t)at + 1 < id.n && plain(id);
}

/* Bytes of the character that starts at s[i]: no more than UTF-8 has, where a
 * text is none. */
static size_t
char_length(struct str s, size_t i)
{
	size_t n = 1;

	while (n < 4 && i + n < s.n && utf8_goes_on(s.p[i + n]))
		n++;
	return n;
}

/* Header text on its way out: where the line stands. */
struct folder {
	struct buf *out;
	size_t column;
};

static void
put(struct folder *f, const char *p, size_t n)
{
	buf_add(f->out, p, n);
	f->column += n;
}

/* A space, or a fold where n more bytes would not fit. */
static void
put_space(struct folder *f, size_t n)
{
	if (f->column + 1 + n > MAIL_LINE && f->column > 1) {
		buf_add_z(f->out, "\r\n");
		f->column = 0;
	}
	put(f, " ", 1);
}

static void
start(struct folder *f, struct buf *out, const char *name)
{
	*f = (struct folder){ .out = out };
	put(f, name, strlen(name));
	put(f, ":", 1);
}

static void
put_hex(struct folder *f, const char *frame, unsigned char c)
{
	char three[3] = { *frame, ASCII_HEX_UPPER[c >> 4],
		ASCII_HEX_UPPER[c & 15] };

	put(f, three, 3);
}

/* What may stand as itself in a Q word also within a phrase (RFC 2047 5). */
static bool
q_plain(char c)
{
	return ascii_is_alnum(c) || ascii_is_in(c, "!*+-/");
}

static size_t
q_length(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += q_plain(s.p[i]) || s.p[i] == ' ' ? 1 : 3;
	return n;
}

static void
put_q(struct folder *f, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ')
			put(f, "_", 1);
		else if (q_plain(s.p[i]))
			put(f, s.p + i, 1);
		else
			put_hex(f, "=", (unsigned char)s.p[i]);
}

/* At most a line's worth. */
static void
put_base64(struct folder *f, struct str s)
{
	char letters[BASE64_ENCODED(BODY_LINE)];

	base64_encode(s, letters);
	put(f, letters, BASE64_ENCODED(s.n));
}

/* How much of s fits into an encoded word of so many bytes; at least one
 * character. */
static size_t
word_fits(struct str s, bool q, size_t room)
{
	size_t n = 0, size = 0;

	while (n < s.n) {
		size_t next = char_length(s, n);

		size = q ? size + q_length(str_sub(s, n, next))
			 : (n + next + 2) / 3 * 4;
		if (size > room && n > 0)
			break;
		n += next;
	}
	return n;
}

/* Encoded words, cut between characters, folded between words. */
static void
put_encoded(struct folder *f, struct str s)
{
	bool q = q_length(s) <= (s.n + 2) / 3 * 4;

	while (s.n > 0) {
		size_t room = WORD_MAX - WORD_FRAME, n;

		/* What is left of the first line, where it is worth it. */
		if (f->column + 1 + WORD_FRAME + WORD_LEAST <= MAIL_LINE &&
		    MAIL_LINE - f->column - 1 < WORD_MAX)
			room = MAIL_LINE - f->column - 1 - WORD_FRAME;
		n = word_fits(s, q, room);
		put_space(f, room + WORD_FRAME);
		put(f, q ? "=?utf-8?q?" : "=?utf-8?b?", 10);
		if (q)
			put_q(f, str_sub(s, 0, n));
		else
			put_base64(f, str_sub(s, 0, n));
		put(f, "?=", 2);
		s = str_sub(s, n, s.n);
	}
}

/* ASCII words with folds at their spaces; a word that no line takes would
 * break the header and asks for encoding. */
static bool
foldable(struct str s)
{
	size_t word = 0;

	if (!str_is_ascii(s) || str_find(s, STR("=?")) >= 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		word = s.p[i] == ' ' ? 0 : word + 1;
		if (word > MAIL_LINE - 2 || s.p[i] == '\t')
			return false;
		if (s.p[i] == ' ' &&
		    (i == 0 || i + 1 == s.n || s.p[i + 1] == ' '))
			return false;
	}
	return true;
}

static void
put_words(struct folder *f, struct str s)
{
	while (s.p != NULL) {
		struct str word = str_split(&s, ' ');

		put_space(f, word.n);
		put(f, word.p, word.n);
	}
}

void
mail_put_text(struct buf *out, const char *name, struct str text)
{
	struct folder f;

	start(&f, out, name);
	if (foldable(text))
		put_words(&f, text);
	else
		put_encoded(&f, text);
	buf_add_z(out, "\r\n");
}

/* A display name: atoms as they are, else quoted, else encoded.  No line ends
 * within quotes, which some readers would show: one that is too long for a line
 * is encoded. */
static void
put_phrase(struct folder *f, struct str name)
{
	bool atoms = true;
	size_t quoted = 2;

	for (size_t i = 0; i < name.n; i++) {
		atoms &= q_plain(name.p[i]) ||
			 ascii_is_in(name.p[i], " '_#$%&=?^`{|}~");
		quoted += 1 + (name.p[i] == '"' || name.p[i] == '\\');
	}
	if (!foldable(name) || (!atoms && quoted >= MAIL_LINE)) {
		put_encoded(f, name);
		return;
	}
	if (atoms) {
		put_words(f, name);
		return;
	}
	put_space(f, name.n + 2);
	put(f, "\"", 1);
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			put(f, "\\", 1);
		put(f, name.p + i, 1);
	}
	put(f, "\"", 1);
}

static void
put_mailbox(struct folder *f, struct str name, struct str address)
{
	if (name.n > 0)
		put_phrase(f, name);
	if (address.n == 0)
		return;
	put_space(f, address.n + 2);
	if (name.n > 0)
		put(f, "<", 1);
	put(f, address.p, address.n);
	if (name.n > 0)
		put(f, ">", 1);
}

static void
mailbox(struct buf *out, const char *field, struct str name, struct str address)
{
	struct folder f;

	start(&f, out, field);
	put_mailbox(&f, name, address);
	buf_add_z(out, "\r\n");
}

void
mail_put_parties(
    struct buf *out, const char *field, const struct mail_party *v, size_t n)
{
	struct folder f;

	if (n == 0)
		return;
	start(&f, out, field);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			put(&f, ",", 1);
		put_mailbox(&f, v[i].name, v[i].address);
	}
	buf_add_z(out, "\r\n");
}

/* Ids of strangers may be anything: those that are no ids are left out. */
static void
ids(struct buf *out, const char *field, const struct str *v, size_t n)
{
	size_t skip = n > MAIL_REFERENCES ? n - MAIL_REFERENCES : 0,
	       written = 0;
	struct folder f = { .out = out };

	for (size_t i = 0; i < n; i++) {
		if (!is_id(v[i]) || (i >= 1 && i <= skip))
			continue;
		if (written++ == 0)
			start(&f, out, field);
		put_space(&f, v[i].n + 2);
		put(&f, "<", 1);
		put(&f, v[i].p, v[i].n);
		put(&f, ">", 1);
	}
	if (written > 0)
		buf_add_z(out, "\r\n");
}

/* By https one click is enough: RFC 8058. */
static void
list_unsubscribe(struct buf *out, struct str url)
{
	buf_printf(out, "List-Unsubscribe: <%.*s>\r\n", STR_ARG(url));
	if (str_starts(url, STR("https://")))
		buf_add_z(out,
		    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

/* True where the body may go as it is: ASCII in short lines, none of which a
 * mailbox file would take for the start of another mail. */
static bool
seven_bit(struct str body)
{
	while (body.p != NULL) {
		struct str line = str_line(&body);

		if (line.n > MAIL_LINE || str_starts(line, STR("From ")) ||
		    str_starts(line, STR(".")) || !str_is_ascii(line) ||
		    !mail_header_ok(line))
			return false;
		if (line.n > 0 && ascii_is_blank(line.p[line.n - 1]))
			return false;
	}
	return true;
}

static bool
qp_plain(struct str line, size_t i)
{
	unsigned char c = (unsigned char)line.p[i];

	if (c == '.' && i == 0)
		return false;
	if (c == 'F' && i == 0 && str_starts(line, STR("From ")))
		return false;
	if (c == ' ' || c == '\t')
		return i + 1 < line.n;
	return c > ' ' && c < 0x7f && c != '=';
}

static size_t
qp_length(struct str body)
{
	size_t n = 0;

	for (size_t i = 0; i < body.n; i++) {
		unsigned char c = (unsigned char)body.p[i];

		n += c >= 0x7f || c == '=' || (c < ' ' && c != '\n') ? 3 : 1;
	}
	return n;
}

/* One line, with soft breaks that never part a character's bytes. */
static void
qp_line(struct folder *f, struct str line)
{
	f->column = 0;
	for (size_t i = 0; i < line.n;) {
		size_t n = char_length(line, i), size = 0;

		for (size_t k = i; k < i + n; k++)
			size += qp_plain(line, k) ? 1 : 3;
		if (f->column + size > BODY_LINE - 1) {
			buf_add_z(f->out, "=\r\n");
			f->column = 0;
		}
		for (; n > 0; n--, i++)
			if (qp_plain(line, i))
				put(f, line.p + i, 1);
			else
				put_hex(f, "=", (unsigned char)line.p[i]);
	}
	buf_add_z(f->out, "\r\n");
}

static void
body_lines(struct buf *out, struct str body, bool encode)
{
	struct folder f = { .out = out };

	while (body.p != NULL) {
		struct str line = str_line(&body);

		if (encode) {
			qp_line(&f, line);
			continue;
		}
		buf_add_str(out, line);
		buf_add_z(out, "\r\n");
	}
}

/* Text in base64 has CRLF line ends within (RFC 2045 6.8). */
static void
body_base64(struct buf *out, struct str body)
{
	struct buf text;
	struct folder f = { .out = out };
	struct str rest;

	buf_init(&text, out->max);
	body_lines(&text, body, false);
	for (rest = buf_str(&text); rest.n > 0;
	     rest = str_sub(rest, BODY_LINE / 4 * 3, rest.n)) {
		put_base64(&f, str_sub(rest, 0, BODY_LINE / 4 * 3));
		buf_add_z(out, "\r\n");
	}
	buf_release(&text);
}

void
mail_put_part(struct buf *out, const char *type, struct str text)
{
	bool seven = seven_bit(text);
	bool qp = seven || qp_length(text) <= (text.n + 2) / 3 * 4;

	buf_printf(out,
	    "Content-Type: %s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: %s\r\n\r\n",
	    type,
	    seven ? "7bit"
	    : qp  ? "quoted-printable"
		  : "base64");
	if (qp)
		body_lines(out, text, !seven);
	else
		body_base64(out, text);
}

/* The boundary is made of what it divides, and stands in none of it: "=_" is
 * in no encoded text, and who could foresee the hash? */
static void
alternative(struct buf *out, const struct mail *m)
{
	struct str parts[] = { m->message_id, m->body, m->html };
	char boundary[ID_SIZE];
	struct buf page;

	id_make(boundary, 'b', parts, sizeof(parts) / sizeof(*parts));
	buf_init(&page, out->max);
	buf_add_z(&page, "<!DOCTYPE html>\n<html>\n<head>\n"
			 "<meta charset=\"utf-8\">\n</head>\n<body>\n");
	buf_add_str(&page, m->html);
	buf_add_z(&page, "</body>\n</html>");
	buf_printf(out,
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"=_%s\"\r\n\r\n--=_%s\r\n",
	    boundary, boundary);
	mail_put_part(out, "text/plain", m->body);
	buf_printf(out, "--=_%s\r\n", boundary);
	mail_put_part(out, "text/html", buf_str(&page));
	buf_printf(out, "--=_%s--\r\n", boundary);
	buf_release(&page);
}

static void
words(struct buf *out, const struct mail *m)
{
	if (m->html.n > 0)
		alternative(out, m);
	else
		mail_put_part(out, "text/plain", m->body);
}

/* As it is where a quoted string takes it, else by RFC 2231 4. */
static void
put_filename(struct buf *out, struct str name)
{
	bool as_it_is = str_is_ascii(name) && mail_header_ok(name);

	for (size_t i = 0; i < name.n; i++)
		as_it_is &= !ascii_is_in(name.p[i], "\"\\%\t");
	if (as_it_is) {
		buf_printf(out, ";\r\n filename=\"%.*s\"", STR_ARG(name));
		return;
	}
	buf_add_z(out, ";\r\n filename*=utf-8''");
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (ascii_is_alnum(name.p[i]) || c == '.' || c == '-' ||
		    c == '_') {
			buf_add_char(out, name.p[i]);
			continue;
		}
		buf_add_char(out, '%');
		buf_add_char(out, ASCII_HEX_UPPER[c >> 4]);
		buf_add_char(out, ASCII_HEX_UPPER[c & 15]);
	}
}

/* Of a long name its end, where the kind of file stands: encoded it must fit
 * into a line of RFC 5322 2.1.1. */
static struct str
name_end(struct str name)
{
	size_t from = name.n > FILENAME ? name.n - FILENAME : 0;

	while (from > 0 && from < name.n && utf8_goes_on(name.p[from]))
		from++;
	return str_sub(name, from, name.n);
}

void
mail_put_disposition(struct buf *out, const struct mail_file *f)
{
	buf_printf(
	    out, "Content-Disposition: %s", f->shown ? "inline" : "attachment");
	if (f->name.n > 0)
		put_filename(out, name_end(f->name));
	buf_add_z(out, "\r\n");
	if (f->id.n > 0)
		buf_printf(out, "Content-ID: <%.*s>\r\n", STR_ARG(f->id));
}

/* What is a message or has parts may not be in base64 (RFC 2046 5.1, 5.2). */
static struct str
type_in_base64(struct str type)
{
	if (type.n == 0 || str_starts_nocase(type, STR("message/")) ||
	    str_starts_nocase(type, STR("multipart/")))
		return STR("application/octet-stream");
	return type;
}

void
mail_put_file(struct buf *out, const struct mail_file *f)
{
	struct folder lines = { .out = out };

	buf_printf(out,
	    "Content-Type: %.*s\r\n"
	    "Content-Transfer-Encoding: base64\r\n",
	    STR_ARG(type_in_base64(f->type)));
	mail_put_disposition(out, f);
	buf_add_z(out, "\r\n");
	for (struct str rest = f->bytes; rest.n > 0 && !out->over;
	     rest = str_sub(rest, BODY_LINE / 4 * 3, rest.n)) {
		put_base64(&lines, str_sub(rest, 0, BODY_LINE / 4 * 3));
		buf_add_z(out, "\r\n");
	}
}

static void
body(struct buf *out, const struct mail *m)
{
	struct str parts[] = { m->message_id, m->body };
	char boundary[ID_SIZE];

	buf_add_z(out, "MIME-Version: 1.0\r\n");
	if (m->file_count == 0) {
		words(out, m);
		return;
	}
	id_make(boundary, 'x', parts, sizeof(parts) / sizeof(*parts));
	buf_printf(out,
	    "Content-Type: multipart/mixed;\r\n"
	    " boundary=\"=_%s\"\r\n\r\n--=_%s\r\n",
	    boundary, boundary);
	words(out, m);
	for (size_t i = 0; i < m->file_count; i++) {
		buf_printf(out, "--=_%s\r\n", boundary);
		mail_put_file(out, &m->files[i]);
	}
	buf_printf(out, "--=_%s--\r\n", boundary);
}

static bool
address_ok(const struct mail *m, struct str address)
{
	return m->utf8 ? mail_address_utf8_ok(address)
		       : mail_address_ok(address);
}

static int
check(const struct mail *m, struct err *e)
{
	if (!address_ok(m, m->from))
		return err_set(e, "from: '%.*s' is not a mail address",
		    STR_ARG(str_sub(m->from, 0, 254)));
	if (!address_ok(m, m->to))
		return err_set(e, "to: '%.*s' is not a mail address",
		    STR_ARG(str_sub(m->to, 0, 254)));
	if (!mail_header_ok(m->from_name) || !mail_header_ok(m->to_name))
		return err_set(e, "a name holds a control character");
	for (size_t i = 0; i < m->cc_count; i++)
		if (!address_ok(m, m->cc[i].address) ||
		    !mail_header_ok(m->cc[i].name))
			return err_set(e, "cc: '%.*s' is not a mail address",
			    STR_ARG(str_sub(m->cc[i].address, 0, 254)));
	for (size_t i = 0; i < m->file_count; i++)
		if (!mail_header_ok(m->files[i].name) ||
		    !mail_header_ok(m->files[i].type))
			return err_set(e,
			    "an attachment's name or type holds a control "
			    "character");
	if (!mail_header_ok(m->subject))
		return err_set(e, "the subject holds a control character");
	if (!is_id(m->message_id))
		return err_set(e, "messageId: '%.*s' is not a message id",
		    STR_ARG(str_sub(m->message_id, 0, 254)));
	if (m->unsubscribe.n > 900 || !plain(m->unsubscribe))
		return err_set(e, "unsubscribe: '%.*s' is not a URL",
		    STR_ARG(str_sub(m->unsubscribe, 0, 254)));
	return 0;
}

int
mail_compose(const struct mail *m, struct buf *out, struct err *e)
{
	if (check(m, e) < 0)
		return -1;
	buf_add_z(out, "Date: ");
	mailtime_write(m->date, out);
	buf_add_z(out, "\r\n");
	mailbox(out, "From", m->from_name, m->from);
	mailbox(out, "To", m->to_name, m->to);
	mail_put_parties(out, "Cc", m->cc, m->cc_count);
	if (m->subject.n > 0)
		mail_put_text(out, "Subject", m->subject);
	ids(out, "Message-ID", &m->message_id, 1);
	ids(out, "In-Reply-To", m->in_reply_to, m->in_reply_to_count);
	ids(out, "References", m->references, m->reference_count);
	if (m->automatic)
		buf_add_z(out, "Auto-Submitted: auto-replied\r\n"
			       "X-Auto-Response-Suppress: All\r\n");
	if (m->unsubscribe.n > 0)
		list_unsubscribe(out, m->unsubscribe);
	body(out, m);
	if (out->over)
		return err_set(
		    e, "the mail is longer than %zu bytes", out->max);
	return 0;
}
