#ifndef KITH_TESTS_JQ_REGEX_H
#define KITH_TESTS_JQ_REGEX_H
/* test, capture, sub and gsub, for expressions that PCRE2 and jq's Oniguruma
 * read alike, as all of the tests' are. */
#include "eval.h"

jv regex_test(jv in, const jv *args);
jv regex_test_flags(jv in, const jv *args);
/* The named groups of the first match, as an object. */
jv regex_capture(jv in, const jv *args);
/* sub(EXPRESSION; TEXT) and gsub. */
bool regex_sub(const struct node *n, const struct env *e, struct val in,
    emit *f, void *to);

#endif
