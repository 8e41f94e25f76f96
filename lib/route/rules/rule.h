#ifndef KITH_ROUTE_RULES_RULE_H
#define KITH_ROUTE_RULES_RULE_H
/*
 * One rule of the rule file: its conditions and what it decides.  Faults go to
 * f->is.
 */
#include "route/rules/rulefile.h"

/* `then` of a rule, or `defaults`; stop is NULL for the latter. */
void rule_read_outcome(struct rulefile *f, const struct yaml_node *n,
    struct outcome *out, bool *stop, const char *where);
/* One rule of the list; rule is zeroed and stands in f->rules->v. */
void
rule_read(struct rulefile *f, const struct yaml_node *n, struct rule *rule);
/* Compiles the programs of all rules, after the last one was read; an error
 * for each that jq does not take. */
void rule_compile_programs(struct rulefile *f);

#endif
