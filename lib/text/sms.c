#include "core/text/utf8.h"
#include "core/text/ascii.h"
#include "text/sms.h"

/* What stands in the basic table besides ASCII, in the order of code. */
static const uint16_t basic[] = { 0xa1, 0xa3, 0xa4, 0xa5, 0xa7, 0xbf, 0xc4,
	0xc5, 0xc6, 0xc7, 0xc9, 0xd1, 0xd6, 0xd8, 0xdc, 0xdf, 0xe0, 0xe4, 0xe5,
	0xe6, 0xe8, 0xe9, 0xec, 0xf1, 0xf2, 0xf6, 0xf8, 0xf9, 0xfc, 0x393,
	0x394, 0x398, 0x39b, 0x39e, 0x3a0, 0x3a3, 0x3a6, 0x3a8, 0x3a9 };

/* The septets of a code point in the GSM alphabet: 1, 2, or 0 where it has no
 * place there. */
static unsigned
septets(uint32_t c)
{
	if (c == '\n' || c == '\r')
		return 1;
	if (c == '\f' || c == 0x20ac)
		return 2;
	if (c < ' ' || c == 0x7f || c == '`')
		return 0;
	if (c < 0x80)
		return ascii_is_in(c, "^{}\\[~]|") ? 2 : 1;
	for (size_t i = 0; i < sizeof(basic) / sizeof(*basic); i++)
		if (basic[i] == c)
			return 1;
	return 0;
}

/* The code point that s begins with, and its bytes; a stray byte is U+FFFD. */
static uint32_t
decode(struct str s, size_t *n)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint32_t c;

	*n = utf8_length(s);
	switch (*n) {
	case 1:
		return p[0];
	case 2:
		c = p[0] & 0x1fU;
		break;
	case 3:
		c = p[0] & 0x0fU;
		break;
	case 4:
		c = p[0] & 0x07U;
		break;
	default:
		*n = 1;
		return 0xfffd;
	}
	for (size_t i = 1; i < *n; i++)
		c = c << 6 | (p[i] & 0x3fU);
	return c;
}

static size_t
width(bool ucs2, uint32_t c)
{
	return !ucs2 ? septets(c) : c > 0xffff ? 2 : 1;
}

static size_t
room(const struct sms *x)
{
	if (x->ucs2)
		return x->units <= SMS_SINGLE_UCS2 ? SMS_SINGLE_UCS2
						   : SMS_PART_UCS2;
	return x->units <= SMS_SINGLE_GSM ? SMS_SINGLE_GSM : SMS_PART_GSM;
}

struct str
sms_segment(const struct sms *x, struct str *rest)
{
	struct str s = *rest, head;
	size_t at = 0, used = 0, n;

	while (at < s.n) {
		size_t w = width(x->ucs2, decode(str_sub(s, at, s.n), &n));

		if (used + w > room(x))
			break;
		used += w;
		at += n;
	}
	head = str_sub(s, 0, at);
	*rest = at == s.n ? STR_NONE : str_sub(s, at, s.n);
	return head;
}

void
sms_measure(struct str text, struct sms *out)
{
	struct str rest = text;
	size_t n, utf16 = 0;

	*out = (struct sms){ 0 };
	for (size_t at = 0; at < text.n; at += n) {
		uint32_t c = decode(str_sub(text, at, text.n), &n);

		out->ucs2 |= septets(c) == 0;
		out->units += septets(c);
		utf16 += c > 0xffff ? 2 : 1;
	}
	if (out->ucs2)
		out->units = utf16;
	while (rest.p != NULL && rest.n > 0) {
		sms_segment(out, &rest);
		out->segments++;
	}
}
