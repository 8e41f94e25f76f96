/* Holidays from any bytes: what is read can be asked for, in any year. */
#include <stddef.h>
#include <stdint.h>

#include "core/time.h"
#include "hours/ics.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct holidays *h = holidays_new();
	struct err e;
	int year;

	if (ics_parse(h, "x", str_make((const char *)p, n), NULL, &e) == 0)
		for (year = 1; year < 9999; year += 499)
			holidays_has(h, time_days(year, 2, 28));
	holidays_free(h);
	return 0;
}

#include "fuzz.h"
