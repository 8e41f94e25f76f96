/*
 * Plain text, a line an item, for normalize --map: logs and chats that no other
 * format reads.  Any text would fit, so it is never told by content.
 */
#include "source/item.h"

/* line: its first bytes, where it is over the bound. */
static int
take_line(struct ingest *in, uint64_t offset, struct str line, bool over,
    struct err *e)
{
	char place[STR_COUNT], why[96];
	struct str at = str_count(place, '\0', offset);
	struct writer *w;

	line = str_trim_right(line);
	if (over) {
		snprintf(why, sizeof(why),
		    "a line of more than %zu bytes; --max-item sets the bound",
		    in->max_item);
		return ingest_reject(in, at, why, line, e);
	}
	if (line.n == 0)
		return 0;
	w = ingest_item(in, at);
	write_object(w);
	ingest_bytes(w, line);
	write_object_end(w);
	return ingest_item_end(in, e);
}

static int
lines_read(struct ingest *in, struct input *file, struct err *e)
{
	enum input_result got;
	struct str line;

	while ((got = input_line(file, &line, e)) > 0)
		if (take_line(
			in, input_offset(file), line, got == INPUT_LONG, e) < 0)
			return -1;
	return got == INPUT_FAIL ? -1 : 0;
}

const struct source_format source_lines = {
	.name = "lines",
	.about =
	    "plain text, a line an item, for normalize --map; by name only",
	.read = lines_read,
};
