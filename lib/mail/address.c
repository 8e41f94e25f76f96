#include "mail/address.h"

#include "core/text/ascii.h"
#include "mail/encodedword.h"

static bool
is_blank(char c)
{
	return ascii_is_blank(c) || c == '\r' || c == '\n';
}

/* Behind the quotation that begins at i; i + 1 where it does not end. */
static size_t
quotation(struct str s, size_t i)
{
	for (size_t k = i + 1; k < s.n; k++) {
		if (s.p[k] == '\\')
			k++;
		else if (s.p[k] == '"')
			return k + 1;
	}
	return i + 1;
}

/* Behind the comment that begins at i; comments nest. */
static size_t
comment(struct mailaddr_list *l, struct str s, size_t i)
{
	size_t depth = 0;

	for (size_t k = i; k < s.n && !l->no_comments; k++) {
		if (s.p[k] == '\\')
			k++;
		else if (s.p[k] == '(')
			depth++;
		else if (s.p[k] == ')' && --depth == 0)
			return k + 1;
	}
	l->no_comments = true;
	return i + 1;
}

/* Behind what begins at i and is read as one: a quotation, a comment. */
static size_t
token(struct mailaddr_list *l, struct str s, size_t i)
{
	switch (s.p[i]) {
	case '"':
		return quotation(s, i);
	case '(':
		return comment(l, s, i);
	case '\\':
		return i + 2 < s.n ? i + 2 : s.n;
	default:
		return i + 1;
	}
}

/* Behind the angle brackets that begin at i.  A comma ends those that do not
 * close, but for a route's (RFC 5322, 4.4). */
static size_t
angle(struct mailaddr_list *l, struct str s, size_t i)
{
	bool route;

	while (i < s.n && (s.p[i] == '<' || is_blank(s.p[i])))
		i++;
	route = i < s.n && s.p[i] == '@';
	while (i < s.n) {
		char c = s.p[i];

		if (c == '>')
			break;
		if (c == '<' || ((c == ',' || c == ';') && !route))
			return i;
		i = token(l, s, i);
	}
	while (i < s.n && s.p[i] == '>')
		i++;
	return i;
}

/* The first c at or behind from; the end where there is none.  *known is what
 * was found the last time. */
static const char *
ahead(struct str s, const char *from, char c, const char **known)
{
	const char *end = s.p + s.n;

	if (*known == NULL || *known < from) {
		*known = memchr(from, c, (size_t)(end - from));
		if (*known == NULL)
			*known = end;
	}
	return *known;
}

/* A second "@" behind a blank, and no angle brackets that it could be the
 * name of: two addresses with nothing between them. */
static bool
is_second(struct mailaddr_list *l, struct str s, size_t i)
{
	const char *less = ahead(s, s.p + i, '<', &l->less);
	const char *comma = ahead(s, s.p + i, ',', &l->comma);

	return less == s.p + s.n || comma < less;
}

/* Where the address ends that s begins with; *start is behind a group's name.
 */
static size_t
item_end(struct mailaddr_list *l, struct str s, size_t *start)
{
	size_t i = 0, closed = 0, blank = 0;
	bool at = false;

	*start = 0;
	while (i < s.n) {
		switch (s.p[i]) {
		case ',':
		case ';':
			return i;
		case ':':
			if (!at && closed == 0)
				*start = i + 1;
			break;
		case '@':
			if (at && closed == 0 && blank > 0 &&
			    is_second(l, s, i))
				return blank;
			at = true;
			blank = 0;
			break;
		case '<':
			if (closed > 0)
				return closed;
			i = closed = angle(l, s, i);
			continue;
		case '[':
			/* A domain in numbers may hold colons. */
			if (at && closed == 0)
				while (i + 1 < s.n && s.p[i] != ']' &&
				       s.p[i] != ',')
					i++;
			break;
		case ' ':
		case '\t':
		case '\r':
		case '\n':
			/* Blanks around the "@" itself part nothing. */
			if (at && i > 0 && s.p[i - 1] != '@' &&
			    !is_blank(s.p[i - 1]))
				blank = i;
			break;
		default:
			break;
		}
		i = token(l, s, i);
	}
	return s.n;
}

/* An address on its way: the words, what stood in brackets, the comments. */
struct item {
	char *words, *inner, *comments;
	size_t words_n, inner_n, comments_n;
	bool angled;
};

static void
put_blank(char *to, size_t *n)
{
	if (*n > 0 && to[*n - 1] != ' ')
		to[(*n)++] = ' ';
}

static void
put_comment(struct item *it, struct str s)
{
	put_blank(it->comments, &it->comments_n);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		if (is_blank(s.p[i]))
			put_blank(it->comments, &it->comments_n);
		else
			it->comments[it->comments_n++] = s.p[i];
	}
}

/* s into words and comments; brackets: without blanks. */
static void
put_words(struct mailaddr_list *l, struct item *it, struct str s, bool brackets)
{
	char *to = brackets ? it->inner : it->words;
	size_t *n = brackets ? &it->inner_n : &it->words_n;

	for (size_t i = 0, end; i < s.n; i = end) {
		end = token(l, s, i);
		if (s.p[i] == '(' && end > i + 1) {
			put_comment(it, str_sub(s, i + 1, end - i - 2));
			if (!brackets && end < s.n && s.p[end] != '@' &&
			    s.p[end] != '.')
				put_blank(to, n);
		} else if (is_blank(s.p[i])) {
			if (!brackets)
				put_blank(to, n);
		} else {
			for (; i < end; i++)
				if (s.p[i] != '\r' && s.p[i] != '\n')
					to[(*n)++] = s.p[i];
		}
	}
}

static void
take_apart(struct mailaddr_list *l, struct item *it, struct str s)
{
	size_t i = 0, end;

	while (i < s.n && s.p[i] != '<')
		i = token(l, s, i);
	put_words(l, it, str_sub(s, 0, i), false);
	if (i >= s.n)
		return;
	end = angle(l, s, i);
	it->angled = true;
	put_blank(it->words, &it->words_n);
	put_words(l, it, str_sub(s, end, s.n), false);
	while (i < end && (s.p[i] == '<' || is_blank(s.p[i])))
		i++;
	while (end > i && s.p[end - 1] == '>')
		end--;
	put_words(l, it, str_sub(s, i, end - i), true);
}

/* Without the quotes and backslashes, in place. */
static struct str
unquoted(char *p, size_t n)
{
	size_t to = 0, end = 0;
	bool open = false; /* a quote did not close: none does */

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"' && i >= end && !open) {
			end = quotation(str_make(p, n), i);
			open = end == i + 1;
			continue;
		}
		if (p[i] == '"' && i + 1 == end)
			continue;
		if (p[i] == '\\' && i + 1 < end && i + 1 < n)
			i++;
		p[to++] = p[i];
	}
	return str_trim(str_make(p, to));
}

/* The first "@" that is not quoted, or the length. */
static size_t
find_at(struct str s)
{
	size_t i = 0, end;
	bool open = false; /* a quote did not close: none does */

	while (i < s.n && s.p[i] != '@') {
		end = i + 1;
		if (s.p[i] == '"' && !open) {
			end = quotation(s, i);
			open = end == i + 1;
		}
		i = end;
	}
	return i;
}

/* Takes the address around `at` out of the words. */
static struct str
cut_bare(struct item *it, size_t at, struct arena *a)
{
	char *p = it->words;
	size_t from = at, end = at + 1, n = 0;
	char *out;

	while (from > 0 && p[from - 1] == ' ')
		from--;
	if (from > 0 && p[from - 1] == '"') {
		for (from--; from > 0 && p[from - 1] != '"';)
			from--;
		from -= from > 0;
	}
	while (from > 0 && p[from - 1] != ' ')
		from--;
	while (end < it->words_n && p[end] == ' ')
		end++;
	while (end < it->words_n &&
	       (p[end] != ' ' || p[end - 1] == '.' ||
		   (end + 1 < it->words_n && p[end + 1] == '.')))
		end++;
	out = arena_alloc(a, end - from + 1);
	for (size_t i = from; i < end; i++)
		if (p[i] != ' ' || (i < at && p[from] == '"'))
			out[n++] = p[i];
	memmove(p + from, p + end, it->words_n - end);
	it->words_n -= end - from;
	return str_make(out, n);
}

static struct str
inner_address(struct item *it)
{
	struct str s = str_make(it->inner, it->inner_n);
	ptrdiff_t colon;

	if (str_starts_nocase(s, STR("mailto:")))
		s = str_sub(s, 7, s.n);
	if (s.n > 0 && s.p[0] == '@' && (colon = str_chr(s, ':')) > 0)
		s = str_sub(s, (size_t)colon + 1, s.n);
	return s;
}

static void
finish(struct item *it, struct arena *a, struct mailaddr *out)
{
	struct str comments = str_make(it->comments, it->comments_n), name;
	size_t at;

	*out = (struct mailaddr){ 0 };
	if (it->angled)
		out->email = inner_address(it);
	if (find_at(out->email) == out->email.n) {
		at = find_at(str_make(it->words, it->words_n));
		if (at < it->words_n)
			out->email = cut_bare(it, at, a);
	}
	if (out->email.n == 0)
		out->email = STR_NONE;
	name = unquoted(it->words, it->words_n);
	/* Outlook: 'Lund, Uma' <uma@ridge.example>. */
	if (name.n > 2 && name.p[0] == '\'' && name.p[name.n - 1] == '\'')
		name = str_trim(str_sub(name, 1, name.n - 2));
	if (name.n > 0 && comments.n > 0 && out->email.p != NULL)
		out->name = ARENA_JOIN(a, name, STR(" ("), comments, STR(")"));
	else if (name.n > 0 || comments.n > 0)
		out->name = name.n > 0 ? name : comments;
}

void
mailaddr_init(struct mailaddr_list *l, struct str value)
{
	*l = (struct mailaddr_list){ .rest = value };
}

/* Words and nothing else: no address, no quote, no group. */
static bool
is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_in(s.p[i], "@<>:\"("))
			return false;
	return str_trim(s).n > 0;
}

/*
 * "Novak, Jan <jan@x.org>", "Joe Foo, PhD <joe@x.org>": words before a comma
 * are part of the name of the address in brackets that comes next.  Where it
 * ends; `end` where nothing of the kind does.  What was found holds for the
 * words in between too: none of them is asked about again.
 */
static size_t
joined_end(struct mailaddr_list *l, size_t end)
{
	size_t at = end;
	bool joined = false;

	if (l->parted != NULL && l->rest.p + end < l->parted)
		return end;
	while (
	    at < l->rest.n && (l->rest.p[at] == ',' || l->rest.p[at] == ';')) {
		struct str next = str_sub(l->rest, at + 1, l->rest.n), s;
		size_t start, length = item_end(l, next, &start);

		if (start > 0)
			break;
		s = str_sub(next, 0, length);
		at += 1 + length;
		if (is_plain(s))
			continue;
		joined =
		    str_chr(s, '<') >= 0 &&
		    (str_chr(s, '@') >= 0 || str_find(s, STR(" at ")) >= 0);
		break;
	}
	l->parted = l->rest.p + at;
	return joined ? at : end;
}

/* Behind a word ("at", "dot"), alone or in brackets, with blanks around, that s
 * holds at i; 0 where it does not. */
static size_t
spelt(struct str s, size_t i, struct str word)
{
	size_t from = i;
	char close = '\0';

	while (i < s.n && is_blank(s.p[i]))
		i++;
	if (i < s.n && ascii_is_in(s.p[i], "([{")) {
		close = s.p[i] == '(' ? ')' : s.p[i] == '[' ? ']' : '}';
		i++;
	} else if (i == from)
		return 0;
	if (!str_starts_nocase(str_sub(s, i, s.n), word))
		return 0;
	i += word.n;
	if (close != '\0' && (i >= s.n || s.p[i++] != close))
		return 0;
	from = i;
	while (i < s.n && is_blank(s.p[i]))
		i++;
	return i == s.n || (i == from && close == '\0') ? 0 : i;
}

enum { HIDDEN_AT, HIDDEN_DOT };
#define MEANS(SECTION, n) HIDDEN_##SECTION
#include "mail/words/hidden.h"

/* The same for any of the words that mean it. */
static size_t
spelt_as(struct str s, size_t i, unsigned what)
{
	size_t behind = 0;

	for (size_t k = 0;
	     behind == 0 && k < wordlist_count(&words_hidden, what); k++)
		behind = spelt(s, i, wordlist_of(&words_hidden, what, k));
	return behind;
}

static size_t
atom(struct str s, size_t i)
{
	static const char marks[] = "!#$%&'*+-/=?^_`{|}~.";

	while (
	    i < s.n && (ascii_is_letter(s.p[i]) || ascii_is_digit(s.p[i]) ||
			   (s.p[i] & 0x80) != 0 || ascii_is_in(s.p[i], marks)))
		i++;
	return i;
}

/*
 * "uma at ridge.example (Uma Lund)", "Uma <uma at ridge dot example>": how
 * list archives hide addresses.  s with the address as it was; s itself where
 * it is no such thing.
 */
static struct str
unhidden(struct str s, struct arena *a)
{
	ptrdiff_t less = str_chr(s, '<');
	size_t from = less < 0 ? 0 : (size_t)less + 1;
	size_t at = atom(s, from), i, end, next;
	char *to;
	size_t n;

	if (at == from || str_chr(s, '@') >= 0)
		return s;
	i = spelt_as(s, at, HIDDEN_AT);
	if (i == 0)
		return s;
	to = arena_alloc(a, s.n);
	memcpy(to, s.p, at);
	n = at;
	to[n++] = '@';
	for (bool dotted = false;; i = next, dotted = true, to[n++] = '.') {
		end = atom(s, i);
		memcpy(to + n, s.p + i, end - i);
		n += end - i;
		dotted = dotted || memchr(s.p + i, '.', end - i) != NULL;
		next = end == i ? 0 : spelt_as(s, end, HIDDEN_DOT);
		if (next > 0)
			continue;
		if (end == i || !dotted ||
		    (end < s.n && !is_blank(s.p[end]) && s.p[end] != '>' &&
			s.p[end] != '('))
			return s;
		break;
	}
	memcpy(to + n, s.p + end, s.n - end);
	return str_make(to, n + s.n - end);
}

bool
mailaddr_next(struct mailaddr_list *l, struct arena *a, struct mailaddr *out)
{
	while (l->rest.n > 0) {
		size_t start, end = item_end(l, l->rest, &start);
		struct item it = { 0 };
		struct str s;

		if (start == 0 && is_plain(str_sub(l->rest, 0, end)))
			end = joined_end(l, end);
		s = str_trim(str_sub(l->rest, start, end - start));
		l->rest = str_sub(l->rest, end, l->rest.n);
		if (l->rest.n > 0 &&
		    (l->rest.p[0] == ',' || l->rest.p[0] == ';'))
			l->rest = str_sub(l->rest, 1, l->rest.n);
		if (s.n == 0)
			continue;
		s = unhidden(s, a);
		it.words = arena_alloc(a, 3 * (s.n + 2));
		it.inner = it.words + s.n + 2;
		it.comments = it.inner + s.n + 2;
		take_apart(l, &it, s);
		finish(&it, a, out);
		if (out->name.p != NULL || out->email.p != NULL)
			return true;
	}
	return false;
}

/*
 * One quote too many would swallow addresses: where their number is odd, one
 * that opens a quotation with an address in it, or none, goes.
 */
static struct str
without_stray_quotes(struct str s, struct arena *a)
{
	size_t to = 0, quotes = 0;
	bool open = false; /* one did not close: none does */
	char *out;

	for (size_t i = 0; i < s.n; i++)
		quotes += s.p[i] == '"' && (i == 0 || s.p[i - 1] != '\\');
	if (quotes % 2 == 0)
		return s;
	out = arena_alloc(a, s.n);
	for (size_t i = 0; i < s.n; i++) {
		size_t end = i + 1;

		if (s.p[i] != '"') {
			out[to++] = s.p[i];
			continue;
		}
		if (!open)
			end = quotation(s, i);
		open = end == i + 1;
		if (open || memchr(s.p + i, '<', end - i) != NULL)
			continue;
		memcpy(out + to, s.p + i, end - i);
		to += end - i;
		i = end - 1;
	}
	return str_make(out, to);
}

void
mailaddr_read(struct str value, struct arena *a, struct address_list *out)
{
	struct mailaddr_list list, inner;
	struct mailaddr one, coded;

	mailaddr_init(&list, without_stray_quotes(value, a));
	while (mailaddr_next(&list, a, &one)) {
		if (str_find(one.name, STR("=?")) >= 0)
			one.name = words_decode(one.name, a);
		/* Some programs encode the address with the name. */
		if (one.email.p == NULL && str_chr(one.name, '@') > 0) {
			mailaddr_init(&inner, one.name);
			if (mailaddr_next(&inner, a, &coded))
				one = coded;
		}
		vec_add_in(a, out,
		    (struct address){ .name = one.name, .email = one.email });
	}
}
