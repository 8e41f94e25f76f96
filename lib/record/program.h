#ifndef KITH_RECORD_PROGRAM_H
#define KITH_RECORD_PROGRAM_H
/*
 * The text of a jq program on its way to libjq: what is put before it, what
 * it may not use, and from which place of which file each byte comes, since
 * libjq's messages name a line and never a column.
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
	const char *through; /* a filter for each \(...) of a template, or NULL
			      */
	uint32_t *from; /* for each byte of text its place in source */
	size_t mapped;
};

void program_init(struct program *p, const char *name, int line0, int column0);
void program_release(struct program *p);
/* An expression as it stands; -1 where it uses what programs may not. */
int program_expression(struct program *p, struct str source, struct err *e);
/*
 * A text with \(...) in it, as a jq string.  \\( stands for the two
 * characters \( themselves; any other backslash stands for itself.
 */
int program_template(struct program *p, struct str source, struct err *e);

/* Fills e with "name:line:column: what" for a place in text.  Returns -1. */
int program_fail(
    const struct program *p, struct err *e, size_t at, struct str what);
/* Where in text a name stands that libjq calls f/2, $x or $*label-x. */
size_t program_find_name(const struct program *p, struct str name);
/* The token that begins at a place in text, or STR_NONE. */
struct str program_token(const struct program *p, size_t at);
/*
 * Where in text the first token is that the grammar refuses, given a test
 * which tells whether a text could begin a program.
 */
size_t program_find_error(
    const struct program *p, bool (*begins)(void *, struct str), void *arg);

#endif
