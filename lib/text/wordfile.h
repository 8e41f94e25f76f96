#ifndef KITH_TEXT_WORDFILE_H
#define KITH_TEXT_WORDFILE_H
/*
 * The text files that lists of words are kept in (core/text/wordlist.h), in one form
 * for all of them, so that who speaks a language can add its words:
 *
 *	# a comment
 *	%form folded
 *	[closing]
 *	best regards	en
 *	mit besten grüssen	de	old mails write ss
 *
 * A line is ENTRY, LANGUAGE, and maybe a SOURCE or remark, with one TAB between
 * them.  Above it, [meaning] says what its entries mean.  Blanks of an entry
 * count at its ends, too.  LANGUAGE is a tag of BCP 47 or some with commas
 * between; und is of none or of many.  In a section, entries stand in the order
 * of their bytes (LC_ALL=C sort) and each one once.
 *
 * Lines of % stand before the sections:
 *	%form exact	any UTF-8 without control characters (the default)
 *	%form lower	no capitals of ASCII
 *	%form folded	as unicode_fold leaves it: lower case, NFKC, ss
 *	%form letters	folded, and only letters count: "e-mail" is "email"
 *	%once		an entry has one meaning
 *	%phrases	an entry is words; they are folded, and looked for
 *			without marks (unicode_plain): "arrêt" is "arret".
 *			Blanks and signs between them count as one blank, a last
 *			word with * at its end stands for all that begin so, and
 *			the list knows its languages
 *	%scan NAME ...	of such a list: the sections that texts are scanned for
 *	%common NAME ...	and those of words that many texts have
 */
#include "core/arena.h"
#include "core/err.h"
#include "core/text/wordlist.h"

enum { WORDFILE_LONGEST = 250 }; /* bytes of an entry */

enum wordfile_form {
	WORDFILE_EXACT,
	WORDFILE_LOWER,
	WORDFILE_FOLDED,
	WORDFILE_LETTERS,
	WORDFILE_PHRASES
};

struct wordfile_section {
	struct str name;
	unsigned line;
};

struct wordfile_entry {
	struct str word; /* as it stands in the file */
	struct str key; /* as it is looked for */
	struct str language; /* with commas */
	unsigned line, section;
};

/* Slices point into the file's text or the arena. */
struct wordfile {
	enum wordfile_form form;
	bool once;
	struct str scan, common; /* names of sections, blanks between */
	struct wordfile_section sections[WORDLIST_MEANINGS];
	size_t sections_n;
	struct wordfile_entry *v;
	size_t n;
};

/*
 * Reads the text of a file, which name says where errors are.  Borrows text,
 * which must outlive out; takes memory of a.  -1 at the first line that is
 * wrong, with the file, the line and the mend in e.
 */
int wordfile_read(struct str text, const char *name, struct arena *a,
    struct wordfile *out, struct err *e);

/*
 * The list of a file, with *n entries, whose meanings are its sections'
 * numbers.  Memory is a's.
 */
void wordfile_list(
    const struct wordfile *f, struct arena *a, struct wordlist *out, size_t *n);

#endif
