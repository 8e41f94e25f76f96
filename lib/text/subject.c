#include "text/subject.h"

#include <string.h>

#include "core/buf.h"
#include "core/text/wordlist.h"
#include "core/text/ascii.h"
#include "text/unicode.h"

enum {
	MARK_BYTES = 48, /* of a mark before its colon */
	TAG_BYTES = 40, /* of a tag that is looked behind */
};
enum { SUBJECT_ANSWER };
#define MEANS(SECTION, n) SUBJECT_##SECTION
#include "text/words/subjects.h"

/* "Re[2]", "Re(2)", "Re^2", "Re2" without what counts. */
static struct str
uncounted(struct str s)
{
	struct str all = s;

	if (s.n > 0 && (s.p[s.n - 1] == ']' || s.p[s.n - 1] == ')'))
		s.n--;
	while (s.n > 0 && s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9')
		s.n--;
	if (s.n < all.n && s.n > 0 && ascii_is_in(s.p[s.n - 1], "[(^*"))
		s.n--;
	return str_trim(s);
}

/* Blanks of the scripts that write full-width colons, too. */
static struct str
trim_wide(struct str s)
{
	s = str_trim(s);
	while (str_starts(s, STR("\xe3\x80\x80")) ||
	       str_starts(s, STR("\xc2\xa0")))
		s = str_trim(str_sub(s, s.p[0] == '\xe3' ? 3 : 2, s.n));
	return s;
}

static struct str
trim_right_wide(struct str s)
{
	s = str_trim(s);
	while (str_ends(s, STR("\xc2\xa0")))
		s = str_trim(str_sub(s, 0, s.n - 2));
	return s;
}

/* The mark of an earlier answer that s begins with, in the languages that mail
 * programs write them in, taken off with its colon. */
static bool
take_mark(struct str *s, struct arena *a)
{
	/* No more is looked at: a subject may be nothing but marks. */
	struct str head = str_sub(*s, 0, MARK_BYTES + 3);
	ptrdiff_t colon = str_chr(head, ':');
	ptrdiff_t wide = str_find(head, STR("\xef\xbc\x9a"));
	size_t width = 1;
	struct str mark;

	if (wide >= 0 && (colon < 0 || wide < colon)) {
		colon = wide;
		width = 3;
	}
	if (colon < 1 || colon > MARK_BYTES)
		return false;
	mark = uncounted(trim_right_wide(str_sub(*s, 0, (size_t)colon)));
	/* "Antw.:", "Réf. :" */
	if (mark.n > 1 && mark.p[mark.n - 1] == '.')
		mark = str_trim(str_sub(mark, 0, mark.n - 1));
	if (!wordlist_is(
		&words_subjects, unicode_fold(mark, a), SUBJECT_ANSWER))
		return false;
	*s = trim_wide(str_sub(*s, (size_t)colon + width, s->n));
	return true;
}

/* "[EXT]", "[users]": what gateways and lists put before a subject. */
static bool
take_tag(struct str *s)
{
	struct str head = str_sub(*s, 0, TAG_BYTES + 1);
	ptrdiff_t end = s->n > 0 && *s->p == '[' ? str_chr(head, ']') : -1;

	if (end < 2)
		return false;
	*s = trim_wide(str_sub(*s, (size_t)end + 1, s->n));
	return true;
}

struct str
subject_bare(struct str s, struct arena *a, int *count)
{
	struct str bare = trim_wide(s), rest = bare;
	struct buf tags;

	buf_init(&tags, SIZE_MAX / 4);
	for (*count = 0;;) {
		const char *from = rest.p;

		if (take_mark(&rest, a)) {
			/* What stood before it were tags. */
			struct str before =
			    str_trim(str_make(bare.p, (size_t)(from - bare.p)));

			++*count;
			bare = rest;
			if (before.n > 0)
				buf_printf(&tags, "%.*s ", STR_ARG(before));
		} else if (!take_tag(&rest)) {
			break;
		}
	}
	buf_add_str(&tags, bare);
	s = arena_dup(a, buf_str(&tags));
	buf_release(&tags);
	return s;
}
