/* RTF, and what is compressed of it: nothing but UTF-8 out of any bytes, and no
 * more than it may be. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/text/utf8.h"
#include "source/msg/lzfu.h"
#include "source/msg/rtf.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str s = { (const char *)p, n };
	struct buf rtf, out;
	struct err e;

	buf_init(&rtf, 1 << 20);
	buf_init(&out, 1 << 20);
	if (str_starts(s, STR("{")))
		(void)rtf_read(s, &out);
	else if (lzfu_decode(s, &rtf, &e) == 0)
		(void)rtf_read(buf_str(&rtf), &out);
	if (!out.over && !utf8_is_valid(buf_str(&out)))
		abort();
	buf_release(&rtf);
	buf_release(&out);
	return 0;
}

#include "fuzz.h"
