#include "mail/entity.h"

#include "core/text/ascii.h"
#include "mail/encodedword.h"

bool
entity_is_multipart(struct str type)
{
	return str_starts_nocase(str_trim(type), STR("multipart/"));
}

/* Apple Mail keeps files beside mails, Thunderbird detaches and deletes them:
 * the part stays, without them. */
static bool
is_left_out(struct str name)
{
	return str_eq_nocase(name, STR("X-Apple-Content-Length")) ||
	       str_eq_nocase(name, STR("X-Mozilla-External-Attachment-URL")) ||
	       str_eq_nocase(name, STR("X-Mozilla-Altered"));
}

struct str *
entity_value(struct entity *e, struct str name)
{
	if (!str_starts_nocase(name, STR("Content-")))
		return is_left_out(name) && e->left_out.p == NULL ? &e->left_out
								  : NULL;
	name = str_sub(name, 8, name.n);
	if (str_eq_nocase(name, STR("Type")))
		return e->type.p == NULL || entity_is_multipart(e->type)
			   ? &e->type
			   : NULL;
	if (str_eq_nocase(name, STR("Disposition")))
		return e->disposition.p == NULL ? &e->disposition : NULL;
	if (str_eq_nocase(name, STR("Transfer-Encoding")))
		return e->encoding.p == NULL ? &e->encoding : NULL;
	return NULL;
}

static bool
is_token(char c)
{
	return c > ' ' && c < 127 && !ascii_is_in(c, "()<>@,;:\\\"/[]?=");
}

struct str
entity_type(struct str field, struct arena *a)
{
	size_t n = 0, slash = 0;
	struct str s;
	char *p;

	field = str_trim(field);
	if (str_starts_nocase(field, STR("text/plain")) && field.n == 10)
		return STR("text/plain");
	while (n < field.n &&
	       (is_token(field.p[n]) || (field.p[n] == '/' && slash == 0))) {
		if (field.p[n] == '/')
			slash = n;
		n++;
	}
	if (slash == 0 || slash + 1 == n)
		return STR("text/plain");
	s = arena_dup(a, str_sub(field, 0, n));
	p = (char *)s.p;
	for (size_t i = 0; i < n; i++)
		p[i] = ascii_lower(p[i]);
	/* Some programs have them the wrong way round. */
	return str_is(s, "plain/text")  ? STR("text/plain")
	       : str_is(s, "html/text") ? STR("text/html")
					: s;
}

/* Up to the first blank or comment. */
static struct str
first_word(struct str s)
{
	size_t n = 0;

	while (n < s.n && !ascii_is_in(s.p[n], " \t(;,"))
		n++;
	return n == 0 ? STR_NONE : str_sub(s, 0, n);
}

static enum mime_disposition
disposition(struct str field)
{
	field = str_trim(field);
	if (field.n == 0)
		return MIME_NO_DISPOSITION;
	return str_starts_nocase(field, STR("attachment")) ? MIME_ATTACHMENT
							   : MIME_INLINE;
}

/* Thunderbird's fields stand where it has changed the part; Apple's number
 * also where the content is whole. */
static bool
is_elsewhere(struct str field, struct str content)
{
	return field.n > 0 &&
	       (!ascii_is_digit(field.p[0]) || str_trim(content).n == 0);
}

void
entity_describe(struct mime_part *p, const struct entity *e, struct arena *a)
{
	p->disposition = disposition(e->disposition);
	p->encoding = transfer_of(e->encoding);
	p->charset = first_word(words_parameter(e->type, "charset", a));
	if (str_is(p->type, "text/plain")) {
		p->flowed = str_eq_nocase(
		    words_parameter(e->type, "format", a), STR("flowed"));
		p->delsp = str_eq_nocase(
		    words_parameter(e->type, "delsp", a), STR("yes"));
	}
	p->left_out = is_elsewhere(str_trim(e->left_out), p->content);
	p->name = words_parameter(e->disposition, "filename", a);
	if (p->name.p == NULL)
		p->name = words_parameter(e->type, "name", a);
}
