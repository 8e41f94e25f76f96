#include "core/text/percent.h"

#include "core/text/ascii.h"

struct str
percent_decode(struct str s, bool form, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int high = -1, low = -1;

		if (s.p[i] == '%' && i + 2 < s.n) {
			high = ascii_hex(s.p[i + 1]);
			low = ascii_hex(s.p[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			out[n++] = (char)(high * 16 + low);
			i += 2;
		} else {
			out[n++] = form && s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	return str_make(out, n);
}

void
percent_encode(struct buf *out, struct str s, const char *safe)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_alnum(s.p[i]) || ascii_is_in(s.p[i], safe))
			buf_add_char(out, s.p[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)s.p[i]);
}

void
percent_field(struct buf *out, struct str name, struct str value)
{
	if (out->n > 0 && out->p[out->n - 1] != '?' &&
	    out->p[out->n - 1] != '&')
		buf_add_char(out, '&');
	percent_encode(out, name, "-._~");
	buf_add_char(out, '=');
	percent_encode(out, value, "-._~");
}
