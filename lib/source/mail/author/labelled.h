#ifndef KITH_SOURCE_MAIL_AUTHOR_LABELLED_H
#define KITH_SOURCE_MAIL_AUTHOR_LABELLED_H
/*
 * Whom a program's text tells of: "E-mail: lena@vogt.example", in a line, a
 * row of a table, or on two lines, in the languages of words/labelled; where
 * there are several labels an address alone needs no word that is known.
 */
#include "record/address.h"
#include "workspace/workspace.h"

/* What was read, each the first that is not ours; absent where there is none.
 * Slices of the text or the arena. */
struct labelled {
	struct str email, tel, name;
	struct str given, family; /* of which name is, where it is given so */
	size_t labels; /* how many of them */
};

/* Reads the first lines of a text. */
void labelled_read(const struct workspace *c, struct str text, struct arena *a,
    struct labelled *out);
/* As an address has it, which has room for a mail address or a number. */
void labelled_set(const struct labelled *l, struct address *who);
/* A mail address alone, or in brackets, maybe with "mailto:"; absent. */
struct str labelled_email(struct str value, struct arena *a);
/* The first telephone number that is not ours; absent. */
struct str
labelled_tel(const struct workspace *c, struct str text, struct arena *a);
/* The only mail address in the first lines that is a person's and not ours;
 * absent where there are two. */
struct str labelled_only_email(
    const struct workspace *c, struct str text, struct arena *a);

#endif
