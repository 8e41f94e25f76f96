#include "source/mail/received.h"

#include "core/text/ascii.h"

/* Digits, dots, hexadecimal and colons: an address of either kind. */
static bool
is_address(struct str s)
{
	size_t marks = 0;

	for (size_t i = 0; i < s.n; i++) {
		marks += s.p[i] == '.' || s.p[i] == ':';
		if (ascii_hex(s.p[i]) < 0 && s.p[i] != '.' && s.p[i] != ':')
			return false;
	}
	return marks > 1;
}

/* Of a comment's content: what stands in its first brackets, or all of it. */
static struct str
address_in(struct str comment)
{
	ptrdiff_t open = str_chr(comment, '['), close;
	struct str s = str_trim(comment);

	if (open >= 0) {
		s = str_sub(comment, (size_t)open + 1, comment.n);
		close = str_chr(s, ']');
		s = str_sub(s, 0, close < 0 ? 0 : (size_t)close);
	}
	if (str_starts_nocase(s, STR("IPv6:")))
		s = str_sub(s, 5, s.n);
	return is_address(s) ? s : STR_NONE;
}

/* From its "(" past its end; comments nest. */
static size_t
comment_end(struct str s, size_t i)
{
	unsigned depth = 0;

	for (; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return s.n;
}

static size_t
word_end(struct str s, size_t i)
{
	while (i < s.n && !ascii_is_in(s.p[i], " \t\r\n(;"))
		i++;
	return i;
}

/* The clause that begins with this word: where its value goes. */
static struct str *
clause(struct str word, struct received *out)
{
	struct str *to = str_eq_nocase(word, STR("from"))   ? &out->from
			 : str_eq_nocase(word, STR("by"))   ? &out->by
			 : str_eq_nocase(word, STR("with")) ? &out->with
							    : NULL;

	return to == NULL || to->p != NULL ? NULL : to;
}

void
received_read(struct str s, struct received *out)
{
	struct str *to = NULL, word;
	size_t i = 0, end;

	*out = (struct received){ 0 };
	while (i < s.n && s.p[i] != ';') {
		if (s.p[i] == '(') {
			end = comment_end(s, i);
			/* The sender names itself outside of comments. */
			if (out->address.p == NULL && out->from.p != NULL &&
			    out->by.p == NULL && end > i + 1)
				out->address =
				    address_in(str_sub(s, i + 1, end - i - 2));
			i = end;
			continue;
		}
		end = word_end(s, i);
		if (end == i) {
			i++;
			continue;
		}
		word = str_sub(s, i, end - i);
		i = end;
		if (to != NULL) {
			*to = word;
			to = NULL;
		} else {
			to = clause(word, out);
		}
	}
}
