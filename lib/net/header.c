#include "net/header.h"

#include "core/text/ascii.h"
#include "core/time.h"

void
header_add(struct buf *header, struct str line)
{
	ptrdiff_t colon = str_chr(line, ':');

	if (str_starts(line, STR("HTTP/")))
		buf_reset(header);
	else if (colon > 0) {
		for (ptrdiff_t i = 0; i < colon; i++)
			buf_add_char(header, ascii_lower(line.p[i]));
		buf_add_z(header, ": ");
		buf_add_str(
		    header, str_trim(str_sub(line, (size_t)colon + 1, line.n)));
		buf_add_char(header, '\n');
	}
}

struct str
header_get(struct str header, const char *name)
{
	while (header.n > 0) {
		struct str value = str_split(&header, '\n');

		if (str_is(str_split(&value, ':'), name))
			return str_trim(value);
	}
	return STR_NONE;
}

void
header_write(struct str header, struct writer *w)
{
	write_object(w);
	while (header.n > 0) {
		struct str value = str_split(&header, '\n');

		write_key_str(w, str_split(&value, ':'));
		write_str(w, str_trim(value));
	}
	write_object_end(w);
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).  0, or -1 for any other. */
static int
parse_date(struct str s, int64_t *out)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const char form[] = "Aaa, 00 Aaa 0000 00:00:00 GMT";
	static const uint8_t at[] = { 5, 12, 14, 17, 20, 23 };
	struct civil c = { 0 };
	int n[6];
	ptrdiff_t month;

	if (s.n != sizeof(form) - 1)
		return -1;
	for (size_t i = 0; i < s.n; i++)
		if (form[i] == '0'   ? !ascii_is_digit(s.p[i])
		    : form[i] == 'A' ? !ascii_is_upper(s.p[i])
		    : form[i] == 'a' ? !ascii_is_lower(s.p[i])
				     : s.p[i] != form[i])
			return -1;
	for (size_t i = 0; i < 6; i++)
		n[i] = (s.p[at[i]] - '0') * 10 + s.p[at[i] + 1] - '0';
	month = str_find(str_of(months), str_sub(s, 8, 3));
	if (month < 0 || month % 3 != 0)
		return -1;
	c = (struct civil){ .year = n[1] * 100 + n[2],
		.month = (int)month / 3 + 1,
		.day = n[0],
		.hour = n[3],
		.minute = n[4],
		.second = n[5] };
	return time_from_civil(&c, out);
}

int64_t
header_retry_after(struct str header, int64_t now)
{
	struct str after = header_get(header, "retry-after");
	int64_t n, date;

	if (str_is_digits(after))
		return str_to_int(after, &n) < 0 || n > HEADER_AFTER
			   ? HEADER_AFTER
			   : n;
	if (parse_date(after, &date) < 0)
		return -1;
	if (parse_date(header_get(header, "date"), &n) < 0)
		n = now;
	/* Both are whole seconds: what is nearly over is over. */
	n = date > n ? (date - n + TIME_SECOND - 1) / TIME_SECOND : 0;
	return n > HEADER_AFTER ? HEADER_AFTER : n;
}
