#include "core/io/newline.h"

static ptrdiff_t
read_turned(void *arg, void *p, size_t max, struct err *e)
{
	struct newline *n = arg;
	char *out = p;
	size_t done;

	if (n->left.n == 0) {
		int got = input_block(n->file, &n->left, e);

		if (got <= 0) {
			n->left = STR("");
			return got;
		}
	}
	done = n->left.n < max ? n->left.n : max;
	for (size_t i = 0; i < done; i++)
		out[i] = n->left.p[i] == '\r' ? '\n' : n->left.p[i];
	n->left = str_sub(n->left, done, n->left.n);
	return (ptrdiff_t)done;
}

void
newline_open(
    struct newline *n, struct input *file, struct str head, size_t max_line)
{
	*n = (struct newline){ .input = file, .file = file };
	/* The last byte's newline may be yet to come; what holds a NUL is no
	 * text. */
	if (head.n < 2 || memchr(head.p, '\n', head.n) != NULL ||
	    memchr(head.p, '\0', head.n) != NULL ||
	    memchr(head.p, '\r', head.n - 1) == NULL)
		return;
	n->input = input_from(input_name(file), read_turned, n, max_line, NULL);
	input_over(n->input, file);
}

void
newline_close(struct newline *n)
{
	if (n->input != n->file)
		input_close(n->input);
}
