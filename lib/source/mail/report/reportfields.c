#include "source/mail/report/reportfields.h"

#include "mail/address.h"
#include "mail/encodedword.h"
#include "mail/repair.h"

const struct mime_part *
report_part(const struct mime *m, const char *type)
{
	for (size_t i = 0; i < mime_part_count(m); i++)
		if (str_is(mime_part(m, i)->type, type))
			return mime_part(m, i);
	return NULL;
}

struct str
report_value(struct str block, const char *name, struct arena *a)
{
	struct str key, value;

	for (size_t left = 0; block.n != left;) {
		left = block.n;
		if (mail_header_next(&block, &key, &value) &&
		    str_eq_nocase(key, str_of(name)))
			return value.n == 0 ? STR_NONE : words_decode(value, a);
	}
	return STR_NONE;
}

struct str
report_block(struct str *rest)
{
	struct str left, block;

	while (rest->n > 0 && (rest->p[0] == '\n' || rest->p[0] == '\r'))
		*rest = str_sub(*rest, 1, rest->n);
	block = left = *rest;
	while (left.n > 0) {
		*rest = left;
		if (str_line(&left).n == 0)
			break;
		*rest = left;
	}
	if (rest->p != NULL)
		block.n = (size_t)(rest->p - block.p);
	return block;
}

struct str
report_typed(struct str s)
{
	ptrdiff_t semicolon = str_chr(s, ';');

	return semicolon < 0 ? s
			     : str_trim(str_sub(s, (size_t)semicolon + 1, s.n));
}

struct str
report_address(struct str s, struct arena *a)
{
	struct mailaddr_list l;
	struct mailaddr one;

	mailaddr_init(&l, report_typed(s));
	return s.n > 0 && mailaddr_next(&l, a, &one) ? one.email : STR_NONE;
}

struct str
report_id(struct str s)
{
	while (s.n > 0 && (s.p[0] == '<' || s.p[0] == ' '))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == '>' || s.p[s.n - 1] == ' '))
		s.n--;
	return s.n == 0 ? STR_NONE : s;
}

struct str
report_original_id(const struct mime *m, struct str report, struct buf *scratch,
    struct arena *a)
{
	/* The latter two by RFC 6533. */
	static const char *const mails[] = { "message/rfc822",
		"text/rfc822-headers", "message/global",
		"message/global-headers" };
	const struct mime_part *p = NULL;
	struct str id =
	    report_value(report_block(&report), "Original-Message-ID", a);

	for (size_t i = 0; i < 4 && p == NULL; i++)
		p = report_part(m, mails[i]);
	if (id.p == NULL && p != NULL) {
		report = mime_content(p, scratch);
		id = report_value(report_block(&report), "Message-ID", a);
	}
	return report_id(id);
}
