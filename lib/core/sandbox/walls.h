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

/* Sanitizers read /proc, and look for leaks from a process of their own that
 * traces this one. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_SANITIZED 1
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

#endif
