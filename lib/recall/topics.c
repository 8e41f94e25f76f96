#include "recall/topics.h"

#include "core/text/ascii.h"
#include "text/unicode.h"

static bool
is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* "hoops" and "hoop", "boxes" and "boxe" are as near as they need be. */
static void
end_word(struct buf *out, size_t from)
{
	size_t n = out->n - from;

	if (n > 3 && out->p[out->n - 1] == 's' && out->p[out->n - 2] != 's')
		buf_cut(out, out->n - 1);
	if (n > 0)
		buf_add_char(out, ' ');
}

void
topic_words(struct buf *out, struct str s)
{
	struct arena a = { 0 };
	size_t from;

	if (!str_is_ascii(s))
		s = unicode_fold(s, &a);
	if (out->n == 0)
		buf_add_char(out, ' ');
	from = out->n;
	for (size_t i = 0; i < s.n; i++) {
		char c = ascii_lower(s.p[i]);

		if (is_word((unsigned char)c)) {
			buf_add_char(out, c);
		} else if (c != '\'' && out->n > from) {
			end_word(out, from);
			from = out->n;
		}
	}
	if (out->n > from)
		end_word(out, from);
	if (out->n == 1)
		buf_reset(out);
	arena_release(&a);
}

bool
topic_within(struct str words, struct str text)
{
	size_t at = 1;

	if (words.n < 3 || text.n == 0)
		return false;
	while (at < words.n) {
		struct str rest = str_sub(words, at, words.n);
		size_t n = (size_t)str_chr(rest, ' ');
		struct str one = str_sub(words, at - 1, n + 2);

		if (!str_is_ascii(one))
			one = str_sub(one, 1, n);
		if (str_find(text, one) < 0)
			return false;
		at += n + 1;
	}
	return true;
}

/* " > ", " | " and their like part a title from its site. */
static struct str
first_part(struct str s)
{
	static const char *const marks[] = { " | ", " \xe2\x80\x93 ",
		" \xe2\x80\x94 ", " - ", " \xc2\xb7 ", " :: " };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		ptrdiff_t at = str_find(s, str_of(marks[i]));

		if (at > 0)
			s = str_sub(s, 0, (size_t)at);
	}
	return str_trim(s);
}

/* "Sport > Hoops" is about hoops. */
static struct str
last_part(struct str s)
{
	ptrdiff_t at = str_rchr(s, '>');

	if (at < 0)
		at = str_rchr(s, '/');
	if (at >= 0 && (size_t)at + 1 < s.n)
		s = str_sub(s, (size_t)at + 1, s.n);
	return str_trim(s);
}

enum { PAGE_PAGE };
#define MEANS(SECTION, n) PAGE_##SECTION
#include "recall/words/pages.h"

/* Pages that everybody passes, and one's own, as topic_words folds their
 * names; numbers behind them do not matter. */
static bool
is_plain_page(struct str words)
{
	while (words.n > 2 && ascii_is_digit(words.p[words.n - 2])) {
		ptrdiff_t at = str_rchr(str_sub(words, 0, words.n - 1), ' ');

		words.n = (size_t)at + 1;
	}
	if (words.n < 3)
		return true;
	return wordlist_is(
	    &words_pages, str_sub(words, 1, words.n - 2), PAGE_PAGE);
}

/* The path of a URL without scheme, host, query, fragment. */
static struct str
path_of(struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"));

	if (at >= 0) {
		url = str_sub(url, (size_t)at + 3, url.n);
		at = str_chr(url, '/');
		url = at < 0 ? STR("") : str_sub(url, (size_t)at, url.n);
	}
	at = str_chr(url, '?');
	if (at >= 0)
		url = str_sub(url, 0, (size_t)at);
	at = str_chr(url, '#');
	return at >= 0 ? str_sub(url, 0, (size_t)at) : url;
}

static bool
says_something(struct str part)
{
	size_t letters = 0;

	for (size_t i = 0; i < part.n; i++)
		letters += is_word((unsigned char)ascii_lower(part.p[i])) &&
			   !ascii_is_digit(part.p[i]);
	return letters > 2;
}

/* Parts of paths that lead to products, and say nothing themselves. */
static bool
is_way(struct str words)
{
	return str_is(words, " product ") || str_is(words, " collection ") ||
	       str_is(words, " shop ");
}

/* "account", "cart": what stands behind it is one's own. */
static bool
is_own_page(struct str url, struct buf *words)
{
	struct str rest = path_of(url);

	while (rest.p != NULL) {
		struct str part = str_split(&rest, '/');

		buf_reset(words);
		topic_words(words, part);
		if (words->n > 0 && says_something(part) &&
		    is_plain_page(buf_str(words)) && !is_way(buf_str(words)))
			return true;
	}
	return false;
}

static struct str
without_extension(struct str part)
{
	ptrdiff_t dot = str_rchr(part, '.');

	return dot > 0 ? str_sub(part, 0, (size_t)dot) : part;
}

/* The last two parts of a path that say something. */
static void
topic_of_path(struct str url, struct buf *out, struct buf *words)
{
	struct str rest = path_of(url), kept[2] = { STR_NONE, STR_NONE };

	while (rest.p != NULL) {
		struct str part = without_extension(str_split(&rest, '/'));

		buf_reset(words);
		topic_words(words, part);
		if (!says_something(part) || is_way(buf_str(words)))
			continue;
		kept[0] = kept[1];
		kept[1] = part;
	}
	for (int i = 0; i < 2; i++) {
		if (out->n > 0)
			buf_add_char(out, ' ');
		for (size_t j = 0; j < kept[i].n; j++)
			buf_add_char(out, ascii_is_in(kept[i].p[j], "-_+")
					      ? ' '
					      : kept[i].p[j]);
	}
}

bool
topic_of(const struct visit *v, struct buf *topic, struct buf *words)
{
	struct str t = STR_NONE;

	buf_reset(topic);
	buf_reset(words);
	if (v->category.n > 0)
		t = last_part(v->category);
	else if (v->product.n > 0)
		t = v->product;
	else if (is_own_page(v->url.p == NULL ? STR("") : v->url, words))
		return false;
	else if (v->page.n > 0 && v->page.p[0] != '/')
		t = first_part(v->page);
	if (t.n > 0)
		buf_add_str(topic, t);
	else
		topic_of_path(v->page.n > 0 ? v->page : v->url, topic, words);
	buf_reset(words);
	topic_words(words, buf_str(topic));
	return words->n > 0 && !is_plain_page(buf_str(words));
}
