/*
 * Memory that cannot be missing, for libraries too: few of them look at what
 * malloc gives them, C++ throws where nobody catches, and what some do instead
 * is worse.  This malloc stands in front of libc's, for all of a program.
 *
 * More than any object may have is no lack of memory, and libc's answer to it
 * stays: NULL.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"

_Noreturn void
alloc_die(size_t n)
{
	char text[128];
	int len = snprintf(text, sizeof(text),
	    "%.40s: fatal: out of memory (%zu bytes wanted)\n",
	    program_invocation_short_name, n);

	/* Nothing else is run: it may be any library's code that asked. */
	if (write(STDERR_FILENO, text, (size_t)len) < 0)
		_exit(2);
	_exit(2);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

/* Sanitizers have a malloc of their own, and end a program by it. */
#if defined(__GLIBC__) && !defined(SANITIZED)

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);
void *memalign(size_t alignment, size_t n);

static void *
gone(size_t n)
{
	if (n <= PTRDIFF_MAX)
		alloc_die(n);
	errno = ENOMEM;
	return NULL;
}

void *
malloc(size_t n)
{
	void *p = __libc_malloc(n);

	return __builtin_expect(p == NULL, 0) ? gone(n) : p;
}

void *
calloc(size_t n, size_t size)
{
	void *p = __libc_calloc(n, size);
	size_t total;

	if (__builtin_expect(p != NULL, 1))
		return p;
	return gone(__builtin_mul_overflow(n, size, &total) ? SIZE_MAX : total);
}

/* Of no bytes it is free. */
void *
realloc(void *p, size_t n)
{
	void *q = __libc_realloc(p, n);

	if (__builtin_expect(q == NULL, 0) && (p == NULL || n > 0))
		return gone(n);
	return q;
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		return gone(SIZE_MAX);
	return realloc(p, total);
}

void *
memalign(size_t alignment, size_t n)
{
	void *p = __libc_memalign(alignment, n);

	return p == NULL ? gone(n) : p;
}

void *
aligned_alloc(size_t alignment, size_t n)
{
	return memalign(alignment, n);
}

int
posix_memalign(void **out, size_t alignment, size_t n)
{
	void *p;

	if (alignment % sizeof(void *) != 0 || alignment == 0 ||
	    (alignment & (alignment - 1)) != 0)
		return EINVAL;
	p = memalign(alignment, n);
	if (p == NULL)
		return ENOMEM;
	*out = p;
	return 0;
}

#endif

#ifdef SANITIZED

const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_options(void)
{
	return "print_suppressions=0";
}

/*
 * Memory that libraries lose: libjq 1.6 the strings of a program that it cannot
 * parse, libfyaml 0.7 its tables where a text is no YAML.  Here and in no file:
 * some runtimes read that when they find the first leak, behind the walls.
 */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libjq\nleak:libfyaml\n";
}

#endif
