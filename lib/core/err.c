#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int
set(struct err *e, enum err_code code, const char *fmt, va_list ap)
{
	e->code = code;
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	return -1;
}

int
err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, ERR_FAIL, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_again(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, ERR_AGAIN, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_sys(struct err *e, int errnum, const char *fmt, ...)
{
	size_t n;
	va_list ap;

	va_start(ap, fmt);
	set(e, ERR_FAIL, fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", strerror(errnum));
	return -1;
}

int
err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->msg)];
	size_t n;
	va_list ap;

	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", old);
	return -1;
}
