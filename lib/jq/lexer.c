#include "jq/lexer.h"

#include <string.h>

#include "core/text/ascii.h"

static bool
is_word(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

static size_t
skip_words(struct str s, size_t i)
{
	while (i < s.n && (is_word(s.p[i]) ||
			      (s.p[i] == ':' && i + 2 < s.n &&
				  s.p[i + 1] == ':' && is_word(s.p[i + 2]))))
		i += s.p[i] == ':' ? 2 : 1;
	return i;
}

static size_t
skip_number(struct str s, size_t i)
{
	while (i < s.n && (ascii_is_digit(s.p[i]) || s.p[i] == '.'))
		i++;
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		size_t j = i + 1;

		if (j < s.n && (s.p[j] == '+' || s.p[j] == '-'))
			j++;
		if (j < s.n && ascii_is_digit(s.p[j]))
			for (i = j; i < s.n && ascii_is_digit(s.p[i]);)
				i++;
	}
	return i;
}

static size_t
operator_length(struct str rest)
{
	static const char *const longer[] = { "?//=", "?//", "//=", "|=", "+=",
		"-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", ".." };

	for (size_t i = 0; i < sizeof(longer) / sizeof(*longer); i++)
		if (str_starts(rest, str_of(longer[i])))
			return strlen(longer[i]);
	return 1;
}

/* A piece of a string's content, or what ends it. */
static void
lex_string(struct lexer *l)
{
	struct str s = l->text;

	if (s.p[l->at] == '"') {
		l->in_string = false;
		l->at++;
		return;
	}
	while (l->at < s.n && s.p[l->at] != '"') {
		if (s.p[l->at] != '\\') {
			l->at++;
		} else if (l->at + 1 < s.n && s.p[l->at + 1] == '(') {
			l->at += 2;
			l->in_string = false;
			if (l->level < LEXER_NESTING)
				l->parens[l->level] = 0;
			l->level++;
			return;
		} else {
			l->at += l->at + 1 < s.n ? 2 : 1;
		}
	}
}

static void
skip_blank(struct lexer *l)
{
	struct str s = l->text;

	for (; l->at < s.n; l->at++) {
		if (s.p[l->at] == '#')
			while (l->at < s.n && s.p[l->at] != '\n')
				l->at++;
		else if (!ascii_is_space(s.p[l->at]))
			return;
	}
	if (l->at > s.n)
		l->at = s.n;
}

static void
lex_paren(struct lexer *l, char c)
{
	int *open;

	if (l->level == 0 || l->level > LEXER_NESTING)
		return;
	open = &l->parens[l->level - 1];
	if (c == '(') {
		++*open;
	} else if (*open > 0) {
		--*open;
	} else {
		l->level--;
		l->in_string = true;
	}
}

bool
lexer_next(struct lexer *l)
{
	struct str s = l->text;
	bool more;
	char c;

	if (!l->in_string)
		skip_blank(l);
	l->start = l->at;
	if (l->at >= s.n)
		return false;
	if (l->in_string) {
		lex_string(l);
		return true;
	}
	c = s.p[l->at];
	more = l->at + 1 < s.n;
	if (c == '"') {
		l->in_string = true;
		l->at++;
	} else if (ascii_is_digit(c) ||
		   (c == '.' && more && ascii_is_digit(s.p[l->at + 1]))) {
		l->at = skip_number(s, l->at);
	} else if (is_word(c) || ((c == '.' || c == '$' || c == '@') && more &&
				     is_word(s.p[l->at + 1]))) {
		l->at = skip_words(s, l->at + 1);
	} else {
		if (c == '(' || c == ')')
			lex_paren(l, c);
		l->at += operator_length(str_sub(s, l->at, 4));
	}
	return true;
}

struct str
lexer_token(const struct lexer *l)
{
	return str_sub(l->text, l->start, l->at - l->start);
}
