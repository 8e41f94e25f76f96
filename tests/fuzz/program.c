/*
 * A program of jq, or a text with such in it, on its way to libjq: taken or
 * refused with a sentence, and every place of what libjq gets is one of what
 * was written.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "jq/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static bool
begins(struct str s)
{
	return s.n % 2 != 0;
}

static void
take(struct str text, bool template)
{
	static const char *const said[] = {
		"syntax error, unexpected INVALID_CHARACTER at <top-level>, "
		"line 1:\n. a",
		"x/0 is not defined at <top-level>, line 2:\n",
		"syntax error, unexpected $end (Unix shell quoting issues?)",
	};
	struct program p;
	struct err e = { 0 };
	int rc;

	program_init(&p, "f", 3, 7, text.n % 2 != 0);
	rc = template ? program_template(&p, text, &e)
		      : program_expression(&p, text, &e);
	if (rc != 0 && e.msg[0] == '\0')
		abort();
	for (size_t i = 0; rc == 0 && i < p.text.n; i++)
		if (p.from[i] > text.n)
			abort();
	for (size_t i = 0; rc == 0 && i < sizeof(said) / sizeof(*said); i++)
		(void)program_explain(&p, str_of(said[i]), begins, &e);
	program_release(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str text = { n == 0 ? "" : (const char *)p, n }, rest = text;
	struct str many[8];
	struct program all;
	struct err e;
	size_t count = 0;

	take(text, false);
	take(text, true);
	while (rest.p != NULL && count < 8)
		many[count++] = str_split(&rest, '\n');
	program_init(&all, "f", 1, 0, n % 2 != 0);
	(void)program_many(&all, many, count, &e);
	program_release(&all);
	return 0;
}

#include "fuzz.h"
