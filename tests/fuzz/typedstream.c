/*
 * What stands in blobs of chat.db: NSArchiver's streams and binary property
 * lists.  What they give lies within their bytes.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "source/imessage/imessage.h"
#include "source/imessage/plist.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { MOST = 64, DEEP = 4 };

static void
check(struct str all, struct str part)
{
	if (part.p != NULL &&
	    (part.p < all.p || part.p + part.n > all.p + all.n))
		abort();
}

static void
look(const struct plist *p, uint64_t object, int depth)
{
	double number;
	struct str key;

	check(p->bytes, plist_bytes(p, object));
	(void)plist_number(p, object, &number);
	(void)plist_get(p, object, "ec");
	for (size_t i = 0; i < MOST && depth < DEEP; i++) {
		uint64_t value = plist_at(p, object, i, &key);

		if (value == PLIST_NONE)
			return;
		look(p, value, depth + 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str all = { (const char *)p, n };
	struct plist list;

	check(all, typedstream_text(all));
	if (plist_open(&list, all) == 0)
		look(&list, plist_top(&list), 0);
	return 0;
}

#include "fuzz.h"
