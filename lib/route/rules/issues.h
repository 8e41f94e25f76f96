#ifndef KITH_ROUTE_RULES_ISSUES_H
#define KITH_ROUTE_RULES_ISSUES_H
/*
 * What is wrong with a rule file, in the order of its lines.
 */
#include <stdbool.h>
#include <stddef.h>

enum { RULES_ISSUES = 200 /* that are kept */ };

struct issue {
	bool error;
	int line, column;
	char *text; /* without the place */
};

struct issues {
	struct issue *v;
	size_t n, cap;
	size_t errors, warnings; /* all, also those that were not kept */
};

/* A zeroed struct issues is ready too. */
void issues_release(struct issues *is);
void issues_add(struct issues *is, bool error, int line, int column,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* text is copied. */
void issues_add_text(
    struct issues *is, bool error, int line, int column, const char *text);

#endif
