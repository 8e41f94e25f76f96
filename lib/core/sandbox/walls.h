#ifndef KITH_CORE_SANDBOX_WALLS_H
#define KITH_CORE_SANDBOX_WALLS_H
/*
 * The two walls, each for itself; only sandbox.c calls them.
 */
#include "core/sandbox/sandbox.h"

/* 1 it stands, 0 this kernel has none, -1 a path could not be looked at. */
int landlock_raise(const struct sandbox *s, struct err *e);
/* Whether it stands. */
bool seccomp_raise(const struct sandbox *s);

#endif
