#include "core/text/contentline.h"

#include "core/buf.h"
#include "core/text/ascii.h"

void
content_init(
    struct content *c, struct str text, struct arena *arena, size_t max)
{
	*c = (struct content){
		.rest = text, .arena = arena, .max = max, .next = 1
	};
	if (text.n == 0)
		c->rest = STR_NONE;
}

/* The next line, which may go on with the one before. */
static struct str
take(struct content *c)
{
	struct str line = str_split(&c->rest, '\n');

	c->next++;
	while (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

struct str
content_take(struct content *c)
{
	c->at = c->next;
	return take(c);
}

static bool
begins_blank(struct str s)
{
	return s.n > 0 && ascii_is_blank(s.p[0]);
}

struct str
content_unfold(struct content *c, struct str line, bool keeps_blank)
{
	struct buf whole;

	if (!begins_blank(c->rest))
		return line;
	buf_init(&whole, c->max);
	buf_add_str(&whole, line);
	while (begins_blank(c->rest)) {
		line = take(c);
		if (!keeps_blank)
			line = str_sub(line, 1, line.n);
		buf_add_str(&whole, line);
	}
	c->over = c->over || whole.over;
	line = arena_dup(c->arena, buf_str(&whole));
	buf_release(&whole);
	return line;
}

bool
content_next(struct content *c, struct str *line)
{
	if (c->rest.p == NULL)
		return false;
	*line = content_unfold(c, content_take(c), false);
	return true;
}

static bool
is_name_byte(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

size_t
content_name(struct str line)
{
	size_t n = 0;

	while (n < line.n && is_name_byte(line.p[n]))
		n++;
	return n < line.n && (line.p[n] == ':' || line.p[n] == ';') ? n : 0;
}

size_t
content_value(struct str line, size_t from)
{
	bool quoted = false;
	ptrdiff_t at;

	for (size_t i = from; i < line.n; i++) {
		if (line.p[i] == '"')
			quoted = !quoted;
		else if (line.p[i] == ':' && !quoted)
			return i + 1;
	}
	at = str_chr(str_sub(line, from, line.n), ':');
	return at < 0 ? 0 : from + (size_t)at + 1;
}
