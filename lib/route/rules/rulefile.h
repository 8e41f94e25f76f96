#ifndef KITH_ROUTE_RULES_RULEFILE_H
#define KITH_ROUTE_RULES_RULEFILE_H
/*
 * What the readers of the rule file's parts stand on: keys, values and names.
 * Each reports to the issues and goes on, so that one run of --check shows
 * all.
 */
#include "route/rules/rules.h"

struct rulefile {
	struct rules *rules;
	struct issues *is;
};

/* An error or a warning at a node. */
void rulefile_error(struct rulefile *f, const struct yaml_node *n,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void rulefile_warn(struct rulefile *f, const struct yaml_node *n,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* An error whose sentence begins with "file:line:column: ", or does not. */
void
rulefile_passed(struct rulefile *f, const struct yaml_node *n, const char *msg);

/* Which of the names key i of n is; -1 after an error with the nearest one. */
int rulefile_key(struct rulefile *f, const struct yaml_node *n, size_t i,
    const char *const *names, size_t count, const char *where);
/* The entry of that name, which is used now; NULL after an error. */
struct named *rulefile_named(
    struct rulefile *f, const struct yaml_node *n, enum section section);
/* The service level of that name, in either section. */
void rulefile_service(struct rulefile *f, const struct yaml_node *n);
/* -1 after an error. */
int rulefile_choice(struct rulefile *f, const struct yaml_node *n,
    const char *what, const char *const *names, size_t count);
enum tri
rulefile_bool(struct rulefile *f, const struct yaml_node *n, const char *what);
int64_t rulefile_duration(
    struct rulefile *f, const struct yaml_node *n, const char *what);
/* A text that is not empty; STR_NONE after an error. */
struct str
rulefile_text(struct rulefile *f, const struct yaml_node *n, const char *what);
/* A list of texts, or one text as a list of one. */
struct words
rulefile_words(struct rulefile *f, const struct yaml_node *n, const char *what);
/* Node i of a list, or n itself where it is no list. */
const struct yaml_node *rulefile_item(const struct yaml_node *n, size_t i);

#endif
