/*
 * What a POP3 server may say.  The first byte tells how large the pieces are in
 * which it comes, the second how much of a mail there is room for; whatever
 * pieces it comes in, the same is read.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live/pop3/client.h"
#include "../script.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static int
on_line(void *arg, uint64_t number, struct str word, struct err *e)
{
	struct buf *out = arg;

	(void)e;
	buf_printf(out, "%llu:", (unsigned long long)number);
	buf_add_str(out, word);
	return 0;
}

static void
visit(struct str says, size_t step, size_t room, struct buf *out)
{
	struct script server = { .says = says, .step = step };
	struct live_stream stream = { script_send, script_recv, &server };
	struct pop3 c;
	struct err e = { 0 };
	struct buf mail;
	uint64_t size;
	int rc;

	buf_reset(out);
	buf_init(&mail, room);
	pop3_init(&c, &stream);
	rc = pop3_list(&c, "UIDL", on_line, out, &e);
	while (rc >= 0) {
		buf_reset(&mail);
		rc = pop3_retr(&c, 1, false, &mail, &size, &e);
		buf_printf(out, "%d %llu:", rc, (unsigned long long)size);
		buf_add_str(out, buf_str(&mail));
	}
	buf_add_z(out, e.msg);
	pop3_release(&c);
	buf_release(&mail);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct buf whole, pieces;
	struct str s;

	if (n < 2)
		return 0;
	s = str_make((const char *)p + 2, n - 2);
	if (whole.max == 0) {
		buf_init(&whole, 64 << 20);
		buf_init(&pieces, 64 << 20);
	}
	visit(s, 1 << 20, 1U + p[1], &whole);
	visit(s, 1 + p[0] % 61, 1U + p[1], &pieces);
	if (!str_eq(buf_str(&whole), buf_str(&pieces))) {
		fprintf(stderr, "whole: %.*s\npieces: %.*s\n",
		    STR_ARG(buf_str(&whole)), STR_ARG(buf_str(&pieces)));
		abort();
	}
	return 0;
}

#include "fuzz.h"
