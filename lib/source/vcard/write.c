/*
 * Lines of vCard 4.0 (RFC 6350), for cards that came in another writing.
 */
#include "core/text/ascii.h"
#include "source/vcard/vcard.h"

void
vcard_escape(struct buf *out, struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '\n')
			buf_add_str(out, STR("\\n"));
		else if (c == '\\' || c == ',' || c == ';')
			buf_add_char(out, '\\'), buf_add_char(out, c);
		else if (!ascii_is_control(c))
			buf_add_char(out, c);
	}
}

static bool
is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return s.n > 0;
}

static void
add_upper(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(out, ascii_upper(s.p[i]));
}

void
vcard_add_param(struct buf *out, struct str name, struct str value)
{
	if (!is_name(name) || value.n == 0)
		return;
	buf_add_char(out, ';');
	add_upper(out, name);
	buf_add_str(out, STR("=\""));
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != '"' && !ascii_is_control(value.p[i]))
			buf_add_char(out, value.p[i]);
	buf_add_char(out, '"');
}

bool
vcard_add_name(struct buf *out, struct str group, struct str name)
{
	if (!is_name(name))
		return false;
	if (is_name(group)) {
		buf_add_str(out, group);
		buf_add_char(out, '.');
	}
	add_upper(out, name);
	return true;
}
