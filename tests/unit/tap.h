#ifndef KITH_TESTS_TAP_H
#define KITH_TESTS_TAP_H
/*
 * Unit tests print TAP.  A test is a function of statements ok(), is_str(),
 * is_int(); main calls the tests and returns done().
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/str.h"

/* gcc says so by itself. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

static int tap_count, tap_failed;

static inline bool
tap_ok(bool good, const char *what, const char *file, int line)
{
	/* A line of TAP is one line. */
	printf("%sok %d - %.*s\n", good ? "" : "not ", ++tap_count,
	    (int)strcspn(what, "\n"), what);
	if (!good) {
		tap_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	fflush(stdout);
	return good;
}

static inline bool
tap_str(struct str got, struct str want, const char *what, const char *file,
    int line)
{
	bool good = (got.p == NULL) == (want.p == NULL) && str_eq(got, want);

	tap_ok(good, what, file, line);
	if (!good)
		printf("#  got: %.*s\n# want: %.*s\n", STR_ARG(got),
		    STR_ARG(want));
	return good;
}

static inline bool
tap_int(int64_t got, int64_t want, const char *what, const char *file, int line)
{
	bool good = got == want;

	tap_ok(good, what, file, line);
	if (!good)
		printf("#  got: %" PRId64 "\n# want: %" PRId64 "\n", got, want);
	return good;
}

#define ok(good, what) tap_ok((good), (what), __FILE__, __LINE__)
/* got: struct str; want: C string or NULL for an absent one. */
#define is_str(got, want, what) \
	tap_str((got), str_of(want), (what), __FILE__, __LINE__)
#define is_int(got, want, what) \
	tap_int((got), (want), (what), __FILE__, __LINE__)

static inline int
done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed == 0 ? 0 : 1;
}

#endif
