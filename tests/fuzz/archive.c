/* Archives from any bytes: names are UTF-8 and stay inside, reading ends. */
#include <stdlib.h>

#include "core/io/archive.h"
#include "core/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct unpack_entry entry;
	struct unpacker *z;
	struct err e;
	char got[4096];
	int rc;

	z = unpack_memory(str_make((const char *)p, n), &e);
	while (z != NULL && (rc = unpack_next(z, &entry, &e)) != 0) {
		if (rc < 0)
			continue;
		if (entry.name[0] == '/' || !utf8_is_valid(str_of(entry.name)))
			abort();
		while (unpack_read(z, got, sizeof(got), &e) > 0)
			;
	}
	unpack_close(z);
	return 0;
}

#include "fuzz.h"
