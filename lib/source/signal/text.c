/*
 * Chats as text: a message goes on until the next line that begins one.
 */
#include "core/text/ascii.h"
#include "source/signal/signal.h"

enum { NAME_BYTES = 256 };

/* "[dddd-dd-dd, dd:dd]" or with " dd:dd:dd": its bytes, or 0. */
static size_t
stamp(struct str line)
{
	static const char *const shapes[] = { "[dddd-dd-dd, dd:dd] ",
		"[dddd-dd-dd, dd:dd:dd] ", "[dddd-dd-dd dd:dd:dd] ",
		"[dddd-dd-dd dd:dd] ", NULL };

	for (size_t i = 0; shapes[i] != NULL; i++) {
		size_t n = strlen(shapes[i]), k = 0;

		while (k < n && k < line.n &&
		       (shapes[i][k] == 'd' ? ascii_is_digit(line.p[k])
					    : shapes[i][k] == line.p[k]))
			k++;
		if (k == n)
			return n;
	}
	return 0;
}

size_t
signal_line(struct str line, struct str *time, struct str *name)
{
	size_t bom = str_starts(line, STR("\xef\xbb\xbf")) ? 3 : 0, n;
	struct str rest;
	ptrdiff_t colon;

	n = stamp(str_sub(line, bom, line.n));
	if (n == 0)
		return 0;
	*time = str_sub(line, bom + 1, n - 3);
	rest = str_sub(line, bom + n, NAME_BYTES);
	colon = str_find(rest, STR(": "));
	if (colon < 0 && str_ends(str_trim_right(rest), STR(":")))
		colon = str_rchr(rest, ':');
	if (colon <= 0)
		return 0;
	*name = str_trim(str_sub(rest, 0, (size_t)colon));
	n += bom + (size_t)colon + 2;
	return name->n == 0 ? 0 : n > line.n ? line.n : n;
}

struct cutter {
	struct ingest *in;
	struct buf held; /* the message in hand */
	uint64_t at;
	bool begun, over;
};

static int
emit(struct cutter *c, struct err *e)
{
	struct str text = str_trim_right(buf_str(&c->held));
	char place[STR_COUNT];
	struct str at = str_count(place, '\0', c->at);
	struct writer *w;
	int rc;

	if (text.n == 0)
		return 0;
	if (c->held.over || c->over) {
		rc = ingest_reject(c->in, at,
		    "a message that is larger than --max-item", text, e);
	} else if (!c->begun) {
		rc = ingest_reject(c->in, at,
		    "text before the first message of a chat", text, e);
	} else {
		w = ingest_item(c->in, at);
		write_object(w);
		ingest_bytes(w, text);
		write_object_end(w);
		rc = ingest_item_end(c->in, e);
	}
	buf_reset(&c->held);
	c->over = false;
	return rc;
}

int
signal_read_text(struct ingest *in, struct input *file, struct err *e)
{
	struct cutter c = { .in = in };
	struct str line, time, name;
	enum input_result got;
	int rc = 0;

	buf_init(&c.held, in->max_item);
	while (rc == 0 && (got = input_line(file, &line, e)) != INPUT_END) {
		if (got == INPUT_FAIL) {
			rc = -1;
			break;
		}
		if (got == INPUT_LINE && signal_line(line, &time, &name) > 0) {
			rc = emit(&c, e);
			c.at = input_offset(file);
			c.begun = true;
		} else if (c.held.n > 0) {
			buf_add_char(&c.held, '\n');
		}
		c.over |= got == INPUT_LONG;
		buf_add_str(&c.held, line);
	}
	if (rc == 0)
		rc = emit(&c, e);
	buf_release(&c.held);
	return rc;
}
