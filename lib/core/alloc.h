#ifndef KITH_CORE_ALLOC_H
#define KITH_CORE_ALLOC_H
/*
 * Memory that cannot be missing.  Out of memory is the one error that ends
 * the program where it happens (exit 2, with a line that says so): every
 * other error is returned.  The same holds for what libraries allocate
 * (core/malloc.c).
 */
#include <stddef.h>

/* Each returns memory that the caller frees with free(); never NULL. */
void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
/* n * size bytes; ends the program when the product overflows. */
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
/* A copy of n bytes with a NUL behind them. */
char *xmemdup0(const void *p, size_t n);

/* Says that memory is out and exits 2, at once: nothing is flushed, and what
 * exit(3) runs is not run. */
_Noreturn void alloc_die(size_t n);

#endif
