/*
 * Plain text, a line an item, for normalize --map: logs and chats that no other
 * format reads.  Any text would fit, so it is never told by content.
 */
#include "source/item.h"

static int
too_long(struct ingest *in, struct str at, struct str line, struct err *e)
{
	char why[96];

	snprintf(why, sizeof(why),
	    "a line of more than %zu bytes; --max-item sets the bound",
	    in->max_item);
	return ingest_reject(in, at, why, line, e);
}

static int
take_line(struct ingest *in, uint64_t offset, struct str line, bool over,
    struct err *e)
{
	char place[STR_COUNT];
	struct str at = str_count(place, '\0', offset);
	struct writer *w;

	line = str_trim_right(line);
	if (over)
		return too_long(in, at, line, e);
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
	struct buf line;
	struct str block;
	uint64_t begin = 0, offset = 0;
	int got = 0, rc = 0;

	buf_init(&line, in->max_item);
	while (rc == 0 && (got = input_block(file, &block, e)) == 1)
		while (rc == 0 && block.n > 0) {
			ptrdiff_t end = str_chr(block, '\n');
			size_t n = end < 0 ? block.n : (size_t)end;

			if (!line.over)
				buf_add_str(&line, str_sub(block, 0, n));
			n += end >= 0;
			offset += n;
			block = str_sub(block, n, block.n);
			if (end < 0)
				continue;
			rc = take_line(in, begin, buf_str(&line), line.over, e);
			buf_reset(&line);
			begin = offset;
		}
	if (rc == 0 && got == 0)
		rc = take_line(in, begin, buf_str(&line), line.over, e);
	buf_release(&line);
	return got < 0 ? -1 : rc;
}

const struct source_format source_lines = {
	.name = "lines",
	.about =
	    "plain text, a line an item, for normalize --map; by name only",
	.read = lines_read,
};
