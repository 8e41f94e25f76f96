#ifndef KITH_JQ_LEXER_H
#define KITH_JQ_LEXER_H
/*
 * Within lib/record: the tokens of jq, as far as places in a text, templates
 * and what a program can reach need them.  It takes any text; what is wrong
 * with one, libjq says.
 */
#include "core/str.h"

enum { LEXER_NESTING = 64 }; /* strings within interpolations within strings */

/* Set text, and at where it begins elsewhere than at 0. */
struct lexer {
	struct str text;
	size_t at; /* behind the token */
	size_t start; /* of the token */
	bool in_string;
	int level; /* of nested interpolations */
	int parens[LEXER_NESTING]; /* open within each */
};

/*
 * The next token, text[start..at); false at the end.  A string is an opening
 * quote, pieces of its content, of which those before an interpolation end
 * with \\(, and a closing quote.
 */
bool lexer_next(struct lexer *l);
struct str lexer_token(const struct lexer *l);

#endif
