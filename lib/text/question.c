#include "text/question.h"

#include <string.h>

#include "core/text/utf8.h"

static bool
is_mark(uint32_t c)
{
	/* Spanish, Greek, Armenian, Arabic, Ethiopic, double ones,
	 * Coptic, medieval, Vai, Bamum, full width, as emoji. */
	static const uint32_t marks[] = { 0xbf, 0x37e, 0x55e, 0x61f, 0x1367,
		0x2047, 0x2048, 0x2049, 0x2cfa, 0x2cfb, 0x2e2e, 0xa60f, 0xa6f7,
		0xff1f, 0x2753, 0x2754 };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (marks[i] == c)
			return true;
	return false;
}

/* From i on the first byte that is not ASCII, or s.n. */
static size_t
beyond_ascii(struct str s, size_t i)
{
	uint64_t word;

	for (; i + sizeof(word) <= s.n; i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i;
}

bool
text_has_question(struct str s)
{
	bool greek = false;
	size_t n;

	if (str_chr(s, '?') >= 0)
		return true;
	for (size_t i = 0; (i = beyond_ascii(s, i)) < s.n; i += n) {
		struct str rest = str_sub(s, i, s.n);
		uint32_t c = utf8_first(rest);

		if (is_mark(c))
			return true;
		greek |= c >= 0x370 && c <= 0x3ff;
		n = utf8_length(rest);
		n += n == 0;
	}
	return greek && str_chr(s, ';') >= 0;
}
