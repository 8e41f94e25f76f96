#include "source/mail/report/receipt.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "mail/address.h"
#include "source/mail/report/reportfields.h"
#include "text/unicode.h"

enum { SAYS_LATE };
#define MEANS(SECTION, n) SAYS_##SECTION
#include "source/mail/words/bounces.h"

enum {
	RECIPIENTS = 100, /* of one status that are kept */
	BLOCKS = 1000, /* of a report that are read */
	ABOUT = 8,
	REASON = 300, /* bytes */
	TOLD = 16 << 10, /* bytes of a bounce's text that are looked through */
};

/* The worse of two counts. */
enum status { NO_STATUS, DELIVERED, READ, DELAYED, FAILED };

static const char *const status_names[] = { NULL, "delivered", "read",
	"delayed", "failed" };

struct receipt {
	enum status status;
	struct str code, reason; /* of the first recipient with this status */
	struct str to[RECIPIENTS];
	size_t to_n;
	struct str about[ABOUT];
	size_t about_n;
};

static void
add_about(struct receipt *x, struct str id)
{
	id = report_id(id);
	for (size_t i = 0; i < x->about_n; i++)
		if (str_eq(x->about[i], id))
			return;
	if (id.n > 0 && x->about_n < ABOUT)
		x->about[x->about_n++] = id;
}

/* The first id in brackets, or the last; absent. */
static struct str
id_in(struct str value, bool last)
{
	ptrdiff_t open = last ? str_rchr(value, '<') : str_chr(value, '<');
	ptrdiff_t close;

	if (open < 0)
		return STR_NONE;
	value = str_sub(value, (size_t)open + 1, value.n);
	close = str_chr(value, '>');
	return close < 0 ? STR_NONE : str_sub(value, 0, (size_t)close);
}

static void
add_recipient(struct receipt *x, struct str email)
{
	for (size_t i = 0; i < x->to_n; i++)
		if (str_eq_nocase(x->to[i], email))
			return;
	if (email.n > 0 && x->to_n < RECIPIENTS)
		x->to[x->to_n++] = email;
}

/* What became of it by another recipient. */
static void
take(struct receipt *x, enum status status, struct str email, struct str code,
    struct str reason)
{
	if (status < x->status)
		return;
	if (status > x->status) {
		x->status = status;
		x->to_n = 0;
		x->code = x->reason = STR_NONE;
	}
	add_recipient(x, email);
	if (x->code.n == 0)
		x->code = code;
	if (x->reason.n == 0)
		x->reason = reason;
}

/* --- the report's fields --- */

/* RFC 3463: 5.1.1; the next in s behind *at, or absent. */
static struct str
next_code(struct str s, size_t *at)
{
	for (; *at + 4 < s.n; ++*at) {
		size_t n = *at + 1, dots = 0;

		if (str_chr(STR("245"), s.p[*at]) < 0 ||
		    (*at > 0 &&
			(ascii_is_alnum(s.p[*at - 1]) || s.p[*at - 1] == '.')))
			continue;
		while (n + 1 < s.n && s.p[n] == '.' &&
		       ascii_is_digit(s.p[n + 1])) {
			size_t digits = 0;

			for (n++; n < s.n && ascii_is_digit(s.p[n]); n++)
				digits++;
			dots += digits <= 3 ? 1 : 9;
		}
		if (dots == 2 && (n == s.n || !ascii_is_alnum(s.p[n]))) {
			struct str code = str_sub(s, *at, n - *at);

			*at = n;
			return code;
		}
	}
	return STR_NONE;
}

static struct str
code_in(struct str s)
{
	size_t at = 0;

	return next_code(s, &at);
}

/* What the code of the report leaves open, the server's words may say. */
static struct str
better_code(struct str code, struct str reply)
{
	struct str other;

	if (code.n > 0 && !str_ends(code, STR(".0.0")))
		return code;
	other = code_in(reply);
	return other.n > 0 && (code.n == 0 || other.p[0] == code.p[0]) ? other
								       : code;
}

static enum status
status_of(struct str action, struct str code)
{
	static const struct {
		struct str word;
		enum status is;
	} words[] = {
		{ { "failed", 6 }, FAILED },
		{ { "failure", 7 }, FAILED },
		{ { "delayed", 7 }, DELAYED },
		{ { "delivered", 9 }, DELIVERED },
		{ { "relayed", 7 }, DELIVERED },
		{ { "expanded", 8 }, DELIVERED },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_starts_nocase(action, words[i].word))
			return words[i].is;
	if (code.n == 0)
		return NO_STATUS;
	return code.p[0] == '2'   ? DELIVERED
	       : code.p[0] == '4' ? DELAYED
				  : FAILED;
}

/* On one line. */
static struct str
one_line(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] > ' ')
			to[n++] = s.p[i];
		else if (n > 0 && to[n - 1] != ' ')
			to[n++] = ' ';
	}
	return str_trim(str_make(to, n));
}

static struct str
reason_of(struct str s, struct arena *a)
{
	return str_trim(utf8_cut(one_line(s, a), REASON));
}

static void
take_block(struct receipt *x, struct str block, struct arena *a)
{
	struct str to =
	    report_address(report_value(block, "Final-Recipient", a), a);
	struct str first =
	    report_address(report_value(block, "Original-Recipient", a), a);
	struct str code = code_in(report_value(block, "Status", a));
	struct str action = report_value(block, "Action", a);
	struct str reply =
	    report_typed(report_value(block, "Diagnostic-Code", a));
	enum status status;

	if (to.n == 0 && first.n == 0 && action.n == 0)
		return;
	code = better_code(code, reply);
	status = status_of(action, code);
	/* Both: we wrote to one of them, and know it by that. */
	take(x, status, first, code, reason_of(reply, a));
	take(x, status, to, code, reason_of(reply, a));
}

static void
take_report(struct receipt *x, struct str content, struct arena *a)
{
	/* The first block is of the mail, each other of a recipient; some
	 * programs leave the line between the two out. */
	for (int i = 0; i < BLOCKS && content.n > 0; i++)
		take_block(x, report_block(&content), a);
}

/* --- a bounce in words --- */

/* What stands behind the name of a field at the line's beginning; absent. */
static struct str
field_in(struct str line, struct str name)
{
	line = str_trim(line);
	while (line.n > 0 && (line.p[0] == '>' || line.p[0] == ' '))
		line = str_sub(line, 1, line.n);
	return str_starts_nocase(line, name) ? str_sub(line, name.n, line.n)
					     : STR_NONE;
}

/* What is told, without the mail that came back behind it, whose id is taken
 * where there is none yet. */
static struct str
told(struct receipt *x, struct str text)
{
	static const struct str heads[] = { { "Return-Path:", 12 },
		{ "Received:", 9 }, { "Message-ID:", 11 } };
	struct str rest = str_sub(text, 0, TOLD), said = rest, id;
	bool cut = false;

	while (rest.p != NULL && (!cut || x->about_n == 0)) {
		size_t at = (size_t)(rest.p - text.p);
		struct str line = str_line(&rest);

		for (size_t i = 0; i < 3 && !cut; i++)
			if (field_in(line, heads[i]).p != NULL) {
				said = str_sub(text, 0, at);
				cut = true;
			}
		id = field_in(line, heads[2]);
		if (id.p == NULL || x->about_n > 0)
			continue;
		/* It may be folded. */
		if (str_trim(id).n == 0 && rest.p != NULL)
			id = str_line(&rest);
		add_about(x, id_in(id, false));
	}
	return said;
}

/* The mail that it answers: of what that one answers we know more than its
 * writer. */
static void
take_answered(struct receipt *x, const struct mime *m)
{
	struct str name, value, last = STR_NONE, first = STR_NONE;

	for (size_t i = 0; i < mime_field_count(m); i++) {
		mime_field(m, i, &name, &value);
		if (str_eq_nocase(name, STR("In-Reply-To")))
			first = id_in(value, false);
		if (str_eq_nocase(name, STR("References")))
			last = id_in(value, true);
	}
	add_about(x, first.n > 0 ? first : last);
}

/* All addresses of the fields of that name. */
static void
addresses_of(const struct mime *m, struct str field, struct address_list *out,
    struct arena *a)
{
	struct str name, value;

	for (size_t i = 0; i < mime_field_count(m); i++) {
		mime_field(m, i, &name, &value);
		if (str_eq_nocase(name, field))
			mailaddr_read(value, a, out);
	}
}

static bool
in_address(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c >= 0x80 ||
	       ascii_is_in(c, ".!#$%&'*+/=?^_`{|}~-@");
}

/* The first address of a line, and what stands behind it; absent. */
static struct str
address_in(struct str line, struct str *behind)
{
	for (size_t i = 1; i + 1 < line.n; i++) {
		size_t from = i, to = i + 1;

		if (line.p[i] != '@')
			continue;
		while (from > 0 && in_address(line.p[from - 1]))
			from--;
		while (to < line.n && in_address(line.p[to]))
			to++;
		while (to > i && ascii_is_in(line.p[to - 1], ".'"))
			to--;
		while (from < i && line.p[from] == '\'')
			from++;
		if (from == i || to == i + 1)
			continue;
		*behind = str_sub(line, to, line.n);
		return str_sub(line, from, to - from);
	}
	return STR_NONE;
}

/* Behind "<anna@example.org>:" to the end of the paragraph. */
static struct str
reason_behind(struct str behind, struct str rest, struct arena *a)
{
	const char *end = behind.p + behind.n;

	while (behind.n > 0 && ascii_is_in(behind.p[0], ">:) \t'"))
		behind = str_sub(behind, 1, behind.n);
	while (rest.p != NULL) {
		struct str line = str_line(&rest);

		if (str_trim(line).n == 0)
			break;
		end = line.p + line.n;
	}
	return reason_of(str_make(behind.p, (size_t)(end - behind.p)), a);
}

/* Whom it did not reach, and why. */
static void
take_said(struct receipt *x, struct str said, const struct address_list * not,
    struct arena *a)
{
	struct str rest = said, behind = STR_NONE;

	while (rest.p != NULL) {
		struct str email = address_in(str_line(&rest), &behind);
		bool known = email.n == 0;

		for (size_t i = 0; i < not ->n; i++)
			known |= str_eq_nocase(email, not ->v[i].email);
		if (known)
			continue;
		if (x->to_n == 0)
			add_recipient(x, arena_dup(a, email));
		x->reason = reason_behind(behind, rest, a);
		if (x->reason.n > 0)
			break;
	}
	x->code = code_in(x->reason);
	if (x->code.n == 0)
		x->code = code_in(said);
}

static bool
says_late(struct str said, struct arena *a)
{
	struct str low = unicode_fold(one_line(said, a), a);
	size_t n = wordlist_count(&words_bounces, SAYS_LATE);

	for (size_t i = 0; i < n; i++)
		if (str_find(low, wordlist_of(&words_bounces, SAYS_LATE, i)) >=
		    0)
			return true;
	return false;
}

static void
take_words(
    struct receipt *x, const struct mime *m, struct str said, struct arena *a)
{
	struct address_list failed = { 0 }, ends = { 0 };

	addresses_of(m, STR("X-Failed-Recipients"), &failed, a);
	for (size_t i = 0; i < failed.n; i++)
		add_recipient(x, failed.v[i].email);
	addresses_of(m, STR("From"), &ends, a);
	addresses_of(m, STR("To"), &ends, a);
	take_said(x, said, &ends, a);
	x->status = says_late(said, a) ? DELAYED : FAILED;
}

/* --- */

static void
take_read(struct receipt *x, struct str content, struct arena *a)
{
	struct str block = report_block(&content);
	struct str how = report_typed(report_value(block, "Disposition", a));
	struct str to =
	    report_address(report_value(block, "Final-Recipient", a), a);

	/* Deleted, dispatched, denied: nobody is known to have read it. */
	if (str_starts_nocase(how, STR("displayed")))
		take(x, READ, to, STR_NONE, STR_NONE);
}

static void
write_receipt(struct writer *w, const struct receipt *x)
{
	write_member(w, "act", STR("receipt"));
	write_member(w, "status", str_of(status_names[x->status]));
	write_member_strs(w, "about", x->about, x->about_n);
	if (x->code.n > 0)
		write_member(w, "code", x->code);
	if (x->reason.n > 0)
		write_member(w, "reason", x->reason);
	write_member_strs(w, "recipients", x->to, x->to_n);
}

/* The part of the kind, decoded; absent. */
static struct str
content_of(const struct mime *m, const char *const types[2],
    struct buf *scratch, struct arena *a)
{
	const struct mime_part *p = NULL;

	for (size_t i = 0; i < 2 && p == NULL; i++)
		p = report_part(m, types[i]);
	return p == NULL ? STR_NONE : arena_dup(a, mime_content(p, scratch));
}

void
mail_receipt(struct writer *w, const struct mime *m, bool bounce,
    struct str text, struct buf *scratch, struct arena *a)
{
	static const char *const reports[] = { "message/delivery-status",
		"message/global-delivery-status" };
	static const char *const receipts[] = {
		"message/disposition-notification",
		"message/global-disposition-notification"
	};
	struct str report =
	    content_of(m, bounce ? reports : receipts, scratch, a);
	struct receipt *x;
	struct str said;

	if (!bounce && (report.p == NULL ||
			   !str_is(mime_part(m, 0)->type, "multipart/report")))
		return;
	x = arena_calloc(a, 1, sizeof(*x));
	if (bounce)
		take_report(x, report, a);
	else
		take_read(x, report, a);
	add_about(x, report_original_id(m, report, scratch, a));
	said = told(x, text);
	if (x->about_n == 0)
		take_answered(x, m);
	if (bounce && x->status == NO_STATUS)
		take_words(x, m, said, a);
	if (x->status != NO_STATUS && x->about_n + x->to_n > 0)
		write_receipt(w, x);
}
