/* A reply's body in a markup that its length chooses, and its segments: no crash, and the parts
 * of an SMS are the whole. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "reply/markdown.h"
#include "text/sms.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str text = { (const char *)p, n }, rest = text;
	static struct buf out;
	enum markup m = (enum markup)(n % (MARKUP_DISCORD + 1));
	struct err e;
	struct sms x;
	size_t parts = 0, bytes = 0;

	if (out.max == 0)
		buf_init(&out, 64 << 20);
	buf_reset(&out);
	markdown_render(text, m, &out, &e);
	markup_escape(text, m, &out);
	sms_measure(text, &x);
	while (rest.p != NULL && rest.n > 0) {
		bytes += sms_segment(&x, &rest).n;
		parts++;
	}
	if (bytes != n || parts != x.segments)
		abort();
	return 0;
}

#include "fuzz.h"
