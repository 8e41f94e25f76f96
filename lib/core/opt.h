#ifndef KITH_CORE_OPT_H
#define KITH_CORE_OPT_H
/*
 * Option tables: one a tool.  A table parses the command line, prints --help,
 * feeds the completions (--completions, one line an option) and is checked
 * against the manual.
 */
#include "core/err.h"
#include "core/vec.h"

enum opt_kind {
	OPT_FLAG, /* bool, set true */
	OPT_COUNT, /* int, one more each time */
	OPT_TEXT, /* const char *, borrowed from argv */
	OPT_LIST, /* struct opt_list: every occurrence, in order */
	OPT_INT, /* int64_t, min..max */
	OPT_SIZE, /* int64_t bytes: 64K, 10M, 2G (powers of 1024) */
	OPT_DURATION, /* int64_t microseconds: 24h, 90m */
	OPT_TIME, /* int64_t instant: RFC 3339 */
	OPT_CHOICE, /* int, index into choices */
	OPT_MAYBE, /* const char *, what stands behind "="; "" without */
};

struct opt_list VEC(const char *);

struct opt {
	char letter; /* 0 where there is no short form */
	const char *name; /* long name without dashes; NULL ends the table */
	enum opt_kind kind;
	size_t at; /* offsetof in the tool's struct */
	const char *arg; /* what --help calls the argument */
	const char *help; /* one line, no final period */
	int64_t min, max; /* OPT_INT, OPT_SIZE; both 0: not checked */
	const char *const *choices; /* OPT_CHOICE: NULL-terminated */
};

/*
 * Parses argv[1..] into the two structs, common and own, each by its table
 * (own may be NULL).  Options and operands may mix; "--" ends options; values
 * stand as --name=value, --name value, -nvalue, -n value; a long name may be
 * cut short where it stays unique.  Operands are moved to argv[1..] and
 * counted in *operands.  On error e has the sentence with the nearest name.
 */
int opt_parse(int argc, char **argv, const struct opt *own, void *own_at,
    const struct opt *common, void *common_at, int *operands, struct err *e);
/* Frees what OPT_LIST grew. */
void opt_release(const struct opt *table, void *at);
/* Writes the help's option lines to standard output. */
void opt_help(const struct opt *table);
/* "letter<TAB>name<TAB>kind<TAB>arg<TAB>choices,..<TAB>help" a line; "-" where
 * there is none. */
void opt_list_lines(const struct opt *table);
/* Sizes as OPT_SIZE reads them; 0 or -1.  For tests, which ask it of many. */
int opt_size(struct str s, int64_t *out);

#endif
