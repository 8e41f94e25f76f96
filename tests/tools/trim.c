/*
 * Trims the text on standard input and prints a part of it: text (default),
 * quoted, signature, all (each with a form feed behind it), or html (the input
 * as HTML turned to text, untrimmed).
 */
#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "text/markup/html.h"
#include "text/trim.h"

static int
print(struct str s)
{
	if (s.n > 0)
		fwrite(s.p, 1, s.n, stdout);
	if (s.n > 0)
		putchar('\n');
	return fflush(stdout) == 0 ? 0 : 2;
}

int
main(int argc, char **argv)
{
	const char *part = argc > 1 ? argv[1] : "text";
	struct buf in, out;
	struct arena a = { 0 };
	struct trimmed t;
	struct err e;
	char *at;
	int rc;

	buf_init(&in, 1 << 30);
	buf_init(&out, 1 << 30);
	while ((at = buf_room(&in, 1 << 16)) != NULL) {
		size_t n = fread(at, 1, 1 << 16, stdin);

		in.n += n;
		if (n == 0)
			break;
	}
	if (strcmp(part, "html") == 0) {
		rc = html_to_text(buf_str(&in), &out, &e) < 0
			 ? 1
			 : print(buf_str(&out));
	} else if (strcmp(part, "all") == 0) {
		text_trim(buf_str(&in), false, &a, &t);
		rc = print(t.text) | (puts("\f") < 0);
		rc |= print(t.quoted) | (puts("\f") < 0);
		rc |= print(t.signature) | (puts("\f") < 0);
	} else {
		text_trim(buf_str(&in), false, &a, &t);
		rc = print(strcmp(part, "quoted") == 0      ? t.quoted
			   : strcmp(part, "signature") == 0 ? t.signature
							    : t.text);
	}
	arena_release(&a);
	buf_release(&in);
	buf_release(&out);
	return rc;
}
