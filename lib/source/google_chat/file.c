#include "source/google_chat/google_chat.h"
#include "source/json/items.h"
#include "source/peek.h"

/* The file's object, with more members at its beginning. */
struct taker {
	struct input *file;
	struct str before, block;
	bool begun;
};

static ptrdiff_t
take(void *arg, void *p, size_t n, struct err *e)
{
	struct taker *t = arg;
	struct str *from;

	while (t->before.n == 0 && t->block.n == 0) {
		int got = input_block(t->file, &t->block, e);

		if (got <= 0)
			return got;
	}
	from = t->before.n > 0 ? &t->before : &t->block;
	if (n > from->n)
		n = from->n;
	memcpy(p, from->p, n);
	*from = str_sub(*from, n, from->n);
	return (ptrdiff_t)n;
}

/* Behind the first bracket, if there is something else than another. */
static bool
skip_bracket(struct taker *t, struct err *e)
{
	struct str rest;

	if (input_block(t->file, &t->block, e) <= 0)
		return false;
	rest = t->block;
	rest = peek_unmarked(rest);
	if (rest.n == 0 || rest.p[0] != '{')
		return false;
	rest = str_sub(rest, 1, rest.n);
	if (str_trim(rest).n == 0 || str_trim(rest).p[0] != '"')
		return false;
	t->block = str_sub(t->block, (size_t)(rest.p - t->block.p), t->block.n);
	return true;
}

int
google_chat_read_file(
    struct ingest *in, struct input *file, struct str before, struct err *e)
{
	static const char *const paths[] = { "messages", "conversations/events",
		"conversation_state/conversation_state/event", NULL };
	static const char *const repeat[] = { "group", "owner", "conversation",
		NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 32768, .whole = true
	};
	struct taker t = { .file = file };
	struct input *from;
	int rc;

	if (before.n == 0)
		return items_form_read(in, file, &form, e);
	e->msg[0] = '\0';
	if (skip_bracket(&t, e))
		t.before = before;
	else if (e->msg[0] != '\0')
		return -1;
	from = input_from(input_name(file), take, &t, in->max_item, e);
	if (from == NULL)
		return -1;
	input_over(from, file);
	rc = items_form_read(in, from, &form, e);
	input_close(from);
	return rc;
}
