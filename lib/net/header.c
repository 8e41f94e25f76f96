#include "net/header.h"

#include "core/text/ascii.h"

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
