/* A calendar from any bytes: adding and counting agree, and time goes on. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "hours/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	int64_t from = time_days(2025, 3, 29) * TIME_DAY, d, t;
	struct calendar *c = NULL;
	struct yaml *y;
	struct err e;

	y = yaml_parse("x", str_make((const char *)p, n), &e);
	if (y != NULL)
		c = calendar_new(y, yaml_root(y), "x", "/nonexistent", &e);
	for (d = TIME_MINUTE; c != NULL && d < 1000 * TIME_HOUR; d *= 7) {
		t = calendar_add(c, from, d);
		if (t != TIME_NONE &&
		    (t < from + d || calendar_between(c, from, t) != d))
			abort();
	}
	calendar_free(c);
	yaml_free(y);
	return 0;
}

#include "fuzz.h"
