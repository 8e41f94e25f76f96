/*
 * A mail of ours from whatever a customer wrote: refused, or its header has the
 * fields that we gave it, each once, its lines are as long as they may be, and
 * nobody finds other recipients in it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/text/ascii.h"
#include "mail/compose.h"
#include "mail/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { LONGEST = 998 }; /* bytes of a line, RFC 5322 2.1.1 */

static const char *const fields[] = { "From", "To", "Cc", "Subject", "Date",
	"Message-ID", "In-Reply-To", "References", "List-Unsubscribe",
	"List-Unsubscribe-Post", "Auto-Submitted", "X-Auto-Response-Suppress",
	"MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	"Content-Disposition" };
enum { FIELDS = sizeof(fields) / sizeof(*fields) };

static void
check(bool right, const char *what, struct str mail)
{
	if (right)
		return;
	fprintf(stderr, "%s: %.*s\n", what, STR_ARG(mail));
	abort();
}

static void
check_fields(const struct mime *m, struct str mail)
{
	int seen[FIELDS] = { 0 };

	for (size_t i = 0; i < mime_field_count(m); i++) {
		struct str name, value;
		size_t k = 0;

		mime_field(m, i, &name, &value);
		while (k < FIELDS && !str_is(name, fields[k]))
			k++;
		check(k < FIELDS, "a field of somebody else", mail);
		check(seen[k]++ == 0, "a field twice", mail);
	}
}

static void
check_lines(struct str mail)
{
	size_t from = 0;

	for (size_t i = 0; i < mail.n; i++) {
		bool end = mail.p[i] == '\n';

		check(end == (i > 0 && mail.p[i - 1] == '\r'),
		    "a line end that is none", mail);
		check(mail.p[i] != '\0', "a NUL", mail);
		if (!end)
			continue;
		check(i - 1 - from <= LONGEST, "a long line", mail);
		from = i + 1;
	}
}

/* The next piece of what the input has, which NULs separate. */
static struct str
piece(struct str *rest)
{
	return rest->p == NULL ? STR_NONE : str_split(rest, '\0');
}

/* Types were looked at before (reply/attach.c). */
static bool
is_type(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !ascii_is_in(s.p[i], "/.+-"))
			return false;
	return s.n <= 127;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct mime *mime;
	static struct arena a;
	static struct buf out;
	struct str rest = { n == 0 ? "" : (const char *)p, n };
	struct mail_file file = { .bytes = STR("PDF") };
	struct mail_party cc;
	struct mail m = { .from = STR("care@us.example"),
		.message_id = STR("1@us.example"),
		.files = &file,
		.cc = &cc,
		.automatic = n % 2 != 0,
		.utf8 = n % 3 == 0,
		.date = 1772704800000000 };
	struct str refers;
	struct err e;

	if (mime == NULL) {
		mime = mime_new();
		buf_init(&out, 64 << 20);
	}
	buf_reset(&out);
	arena_reset(&a);
	m.to = piece(&rest);
	m.subject = piece(&rest);
	m.body = piece(&rest);
	m.to_name = piece(&rest);
	refers = piece(&rest);
	cc.name = piece(&rest);
	cc.address = piece(&rest);
	file.name = piece(&rest);
	file.type = piece(&rest);
	if (!is_type(file.type))
		file.type = STR_NONE;
	m.unsubscribe = piece(&rest);
	m.html = piece(&rest);
	if (m.to.n == 0)
		m.to = STR("ana@riba.example");
	if (m.body.p == NULL)
		m.body = STR("");
	m.in_reply_to = m.references = &refers;
	m.in_reply_to_count = m.reference_count = refers.n > 0;
	m.cc_count = cc.address.n > 0;
	m.file_count = file.name.n > 0;
	if (mail_compose(&m, &out, &e) != 0)
		return 0;
	check_lines(buf_str(&out));
	check(mime_parse(mime, buf_str(&out), &a, &e) == 0, "no mail",
	    buf_str(&out));
	check_fields(mime, buf_str(&out));
	return 0;
}

#include "fuzz.h"
