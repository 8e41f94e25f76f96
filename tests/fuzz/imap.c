/*
 * What an IMAP server may say.  The first byte tells how large the pieces are
 * in which it comes, the second how much of a mail is kept; whatever pieces it
 * comes in, the same is read.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live/imap/client.h"
#include "live/imap/utf7.h"
#include "../script.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static int
on_mail(void *arg, const struct imap_mail *m, struct err *e)
{
	struct buf *out = arg;

	(void)e;
	buf_printf(out, "%llu %llu %llu:", (unsigned long long)m->uid,
	    (unsigned long long)m->size, (unsigned long long)m->body_size);
	for (size_t i = 0; i < m->flags.n; i++)
		buf_add_str(out, m->flags.v[i]);
	for (size_t i = 0; i < m->labels.n; i++)
		utf7_decode(m->labels.v[i], out);
	buf_add_str(out, m->received);
	buf_add_str(out, m->thread);
	buf_add_str(out, m->body);
	return 0;
}

static int
on_folder(void *arg, const struct imap_folder *f, struct err *e)
{
	struct buf *out = arg;

	(void)e;
	buf_printf(out, "%u%c:", f->attributes, f->delimiter);
	utf7_decode(f->name, out);
	return 0;
}

static int
on_gone(void *arg, uint64_t from, uint64_t to, struct err *e)
{
	(void)e;
	buf_printf(arg, "-%llu:%llu", (unsigned long long)from,
	    (unsigned long long)to);
	return 0;
}

/* A whole visit, whatever is answered. */
static void
visit(struct str says, size_t step, size_t keep, struct buf *out)
{
	struct script server = { .says = says, .step = step };
	struct live_stream stream = { script_send, script_recv, &server };
	struct imap c;
	const struct imap_known known = { 1, 2, 3 };
	struct err e = { 0 };
	int rc;

	buf_reset(out);
	imap_init(&c, &stream, keep);
	c.on_mail = on_mail;
	c.on_folder = on_folder;
	c.on_gone = on_gone;
	c.arg = out;
	rc = imap_ask_capabilities(&c, &e);
	if (rc >= 0)
		rc = imap_list(&c, STR("*"), &e);
	if (rc >= 0)
		rc = imap_enable(&c, &e);
	if (rc >= 0)
		rc = imap_examine(&c, STR("\xc3\xa4"), &known, &e);
	if (rc >= 0)
		rc = imap_uids(&c, 1, &e);
	if (rc >= 0)
		rc = imap_fetch(&c, STR("1:*"), 0, &e);
	while (rc >= 0)
		rc = imap_fetched(&c, c.tag++, &e);
	buf_printf(out, "%d %u %llu %llu %s", rc, c.capabilities,
	    (unsigned long long)c.box.uid_validity,
	    (unsigned long long)c.box.exists, e.msg);
	imap_release(&c);
}

/* A name that is read comes back from what is written of it. */
static void
name(struct str s)
{
	struct buf utf8, utf7, again;

	buf_init(&utf8, 1 << 20);
	buf_init(&utf7, 1 << 20);
	buf_init(&again, 1 << 20);
	utf7_decode(str_sub(s, 0, 1000), &utf8);
	utf7_encode(buf_str(&utf8), &utf7);
	utf7_decode(buf_str(&utf7), &again);
	if (!str_eq(buf_str(&utf8), buf_str(&again)))
		abort();
	buf_release(&utf8);
	buf_release(&utf7);
	buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct buf whole, pieces;
	struct str s = { (const char *)p + 2, n - 2 };
	size_t keep;

	if (n < 2)
		return 0;
	if (whole.max == 0) {
		buf_init(&whole, 64 << 20);
		buf_init(&pieces, 64 << 20);
	}
	keep = 1 + p[1];
	visit(s, 1 << 20, keep, &whole);
	visit(s, 1 + p[0] % 61, keep, &pieces);
	if (!str_eq(buf_str(&whole), buf_str(&pieces))) {
		fprintf(stderr, "whole: %.*s\npieces: %.*s\n",
		    STR_ARG(buf_str(&whole)), STR_ARG(buf_str(&pieces)));
		abort();
	}
	name(s);
	return 0;
}

#include "fuzz.h"
