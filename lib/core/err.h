#ifndef KITH_CORE_ERR_H
#define KITH_CORE_ERR_H
/*
 * An error on its way to the caller: one full sentence with the place and,
 * where there is one, the mend.  The library fills it and returns -1; it
 * never prints and never exits.
 */
#include "core/str.h"

enum err_code {
	ERR_ITEM = 1, /* what was being read; what comes behind it is good */
	ERR_FAIL = 2, /* usage, configuration, input or output */
	ERR_AGAIN = 75, /* try again later: network, lock (EX_TEMPFAIL) */
};

struct err {
	enum err_code code;
	char msg[1024]; /* NUL-terminated, no newline, no final period */
};

/* Sets code ERR_FAIL and the message; longer ones are cut.  Returns -1. */
int err_set(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The same with code ERR_AGAIN. */
int err_again(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* As err_set, with ": " and strerror(errnum) behind.  Returns -1. */
int err_sys(struct err *e, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts the text and ": " before the message that stands.  Returns -1. */
int err_prefix(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
