#ifndef KITH_PEOPLE_ACTS_H
#define KITH_PEOPLE_ACTS_H
/*
 * Files of acts (record/act.h): an operator's, one line each, where empty
 * lines and lines that begin with # are skipped; and DIR/acts.jsonl, which
 * keeps with a state what was decided, in the order in which it came.
 */
#include "core/buf.h"
#include "core/err.h"
#include "record/act.h"

enum { ACTS_MAX = 256 << 20 }; /* bytes of such a file */

/* Told of each act: its line and what it says, until it returns.  0, or -1
 * with the reason, which ends the reading. */
typedef int
acts_each(void *arg, struct str line, const struct act *a, struct err *e);

/* An error names the file and line. */
int acts_read(const char *path, acts_each *each, void *arg, struct err *e);
/* Those of a state; none where it keeps none.  A last line that a run which
 * was killed left unfinished is none. */
int acts_of_state(const char *dir, acts_each *each, void *arg, struct err *e);
/* The same of those behind the first *at bytes, for who looks again; *at becomes
 * where they end.  All of them, where the file is shorter than that by now.
 * While it is as long as *at, that costs a stat(2). */
int acts_of_state_behind(
    const char *dir, size_t *at, acts_each *each, void *arg, struct err *e);
/*
 * Appends to those of a state what is not among them yet, by id, and makes it
 * durable.  lines: each with its newline.  Waits for others that do the same.
 */
int acts_keep(const char *dir, struct str lines, struct err *e);

#endif
