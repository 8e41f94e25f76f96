/* HTML to text: no crash, nothing but UTF-8 out of any bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/text/utf8.h"
#include "text/markup/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buf out;
	struct err e;

	buf_init(&out, 64 << 20);
	if (html_to_text(str_make((const char *)p, n), &out, &e) == 0 &&
	    !utf8_is_valid(buf_str(&out)))
		abort();
	buf_release(&out);
	return 0;
}

#include "fuzz.h"
