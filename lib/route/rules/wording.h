#ifndef KITH_ROUTE_RULES_WORDING_H
#define KITH_ROUTE_RULES_WORDING_H
/*
 * Within lib/triage: a rule's words and expressions in Hyperscan's language,
 * with letters and blanks beyond ASCII for \w and \s.
 *
 * Letters are some dozens of byte sequences to an automaton, and as many
 * again for each time that they repeat: twenty expressions with \w{8} take
 * 0.3 s to compile.  So there is a loose writing as well, in which every
 * character beyond ASCII is a letter and counted repeats have no bound.  It
 * is found wherever the exact one is, and perhaps elsewhere: who finds it asks
 * the exact one.
 */
#include "core/buf.h"

/* A word, without the borders at its ends. */
void wording_word(struct str s, struct buf *out);
/* An expression, without its slashes. */
void wording_exact(struct str s, struct buf *out);
/*
 * The loose writing.  False, with something in out, where the exact one has
 * no letters, so that nothing is won, or is so long that only its compiling
 * tells whether there is room for it.
 */
bool wording_loose(struct str s, struct buf *out);

#endif
