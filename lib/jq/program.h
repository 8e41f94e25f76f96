#ifndef KITH_JQ_PROGRAM_H
#define KITH_JQ_PROGRAM_H
/*
 * The text of a jq program on its way to libjq: what is put before it, what
 * it may not use, and from which place of which file each byte comes, since
 * libjq's messages name a line and never a column.  To a program the
 * environment is empty: its head binds env and $ENV.
 */
#include "core/buf.h"
#include "core/err.h"

enum { PROGRAM_BYTES = 1 << 20 };

struct program {
	const char *name; /* borrowed: what messages call the file */
	int line0, column0;
	struct buf text; /* what libjq gets */
	size_t head, tail; /* bytes of text before and behind the source */
	struct str source; /* borrowed: what the user wrote */
	/* A template's text before each \(...) and behind the last one. */
	struct buf literal;
	size_t *ends; /* of the pieces within it; holes + 1 of them */
	struct str *asked; /* in each hole, of the source */
	size_t holes;
	bool doubles;
	uint32_t *from; /* for each byte of text its place in source */
	size_t mapped;
};

/*
 * doubles, where libjq keeps numbers as they were written (from 1.7): the
 * program's own numbers, and those that it makes of strings, become doubles,
 * so that a program means the same with any libjq.
 */
void program_init(
    struct program *p, const char *name, int line0, int column0, bool doubles);
void program_release(struct program *p);
/* An expression as it stands; -1 where it uses what programs may not. */
int program_expression(struct program *p, struct str source, struct err *e);
/*
 * Many expressions as one: its input is the number of the one that is asked
 * and what it is asked about.  -1 where one of them is no whole expression.
 */
int program_many(
    struct program *p, const struct str *sources, size_t n, struct err *e);
/*
 * A text with \(...) in it, as a program that gives [number, result] for each
 * result of each of them.  \\( stands for the two characters \( themselves; any
 * other backslash stands for itself.
 */
int program_template(struct program *p, struct str source, struct err *e);

/* Does libjq's message say that the text ends too early? */
bool program_ends_early(struct str message);
/*
 * Fills e from libjq's message about text: "name:line:column: what".  begins
 * tells whether a text could be the beginning of a program.  Returns -1.
 */
int program_explain(const struct program *p, struct str message,
    bool (*begins)(struct str), struct err *e);

#endif
