/* Archives from any bytes: names are UTF-8 and stay inside, reading ends. */
#include <stdlib.h>

#include "core/io/archive.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct inflate_entry entry;
	struct inflate *z;
	struct err e;
	char got[4096];
	int rc;

	z = inflate_memory(str_make((const char *)p, n), &e);
	while (z != NULL && (rc = inflate_next(z, &entry, &e)) != 0) {
		if (rc < 0)
			continue;
		if (entry.name[0] == '/' || !utf8_is_valid(str_of(entry.name)))
			abort();
		while (inflate_read(z, got, sizeof(got), &e) > 0)
			;
	}
	inflate_close(z);
	return 0;
}

#include "fuzz.h"
