/*
 * Mailboxes.  Any bytes are cut alike whatever blocks they come in, and nothing
 * of them is lost; a mailbox that is sound is cut where a splitter of a few
 * lines cuts it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "source/mail/mbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const struct str from_ = { "From ", 5 };

/* All of the items; -1 where one is past the ceiling. */
static int
cut(struct str s, size_t block, size_t most, struct buf *out)
{
	struct mbox_item item;
	struct mbox m;
	bool over = false;

	buf_reset(out);
	mbox_init(&m, s, most);
	while (s.n > 0) {
		mbox_feed(&m, str_sub(s, 0, block));
		s = str_sub(s, block, s.n);
		if (s.n == 0)
			mbox_finish(&m);
		while (mbox_next(&m, &item) == 1) {
			over |= item.over;
			buf_printf(out,
			    "%llu %zu %zu:", (unsigned long long)item.at,
			    item.envelope.n, item.bytes.n);
			buf_add_str(out, item.envelope);
			buf_add_str(out, item.bytes);
		}
	}
	mbox_release(&m);
	return over ? -1 : 0;
}

/* Any bytes. */
static void
cut_any(struct str s)
{
	static struct buf whole, pieces;

	if (whole.max == 0) {
		buf_init(&whole, 64 << 20);
		buf_init(&pieces, 64 << 20);
	}
	if (cut(s, 1 << 16, 1 << 16, &whole) == 0 &&
	    cut(s, 1 + s.n % 61, 1 << 16, &pieces) == 0 &&
	    !str_eq(buf_str(&whole), buf_str(&pieces))) {
		fprintf(stderr, "whole: %.*s\npieces: %.*s\n",
		    STR_ARG(buf_str(&whole)), STR_ARG(buf_str(&pieces)));
		abort();
	}
	(void)cut(s, 1 + s.n % 61, 200, &pieces);
}

/* Is it a From_ line behind any number of ">"? */
static bool
is_from(struct str line)
{
	while (line.n > 0 && line.p[0] == '>')
		line = str_sub(line, 1, line.n);
	return str_starts(line, from_);
}

/* A mail of these bytes into a mailbox, quoted as mboxrd does, and without a
 * From_ line as it has to come out. */
static void
put_mail(struct str body, struct buf *box, struct buf *want)
{
	static const char envelope[] =
	    "From ana@riba.example Thu Mar  5 10:00:00 2026\n";
	static const char header[] = "Subject: lamp\n\nLamp\n>From it\n";

	buf_add_z(box, envelope);
	/* A line with ">>From " tells that the quoting can be undone. */
	buf_add_z(box, "Subject: lamp\n\nLamp\n>>From it\n");
	buf_add_z(want, header);
	while (body.p != NULL && body.n > 0) {
		struct str line = str_split(&body, '\n');

		if (is_from(line))
			buf_add_char(box, '>');
		buf_add_str(box, line);
		buf_add_str(want, line);
		buf_add_char(box, '\n');
		buf_add_char(want, '\n');
	}
	buf_add_char(box, '\n');
	buf_add_z(want, "\n|");
}

/* A mail for each piece between bytes of 0xff. */
static void
cut_sound(struct str s)
{
	static struct buf box, want, got;
	struct mbox_item item;
	struct mbox m;

	if (box.max == 0) {
		buf_init(&box, 64 << 20);
		buf_init(&want, 64 << 20);
		buf_init(&got, 64 << 20);
	}
	buf_reset(&box);
	buf_reset(&want);
	buf_reset(&got);
	do
		put_mail(str_split(&s, '\xff'), &box, &want);
	while (s.p != NULL);
	mbox_init(&m, buf_str(&box), 1 << 20);
	for (size_t i = 0; i < box.n; i += 1 << 16) {
		mbox_feed(&m, str_sub(buf_str(&box), i, 1 << 16));
		if (i + (1 << 16) >= box.n)
			mbox_finish(&m);
		while (mbox_next(&m, &item) == 1) {
			buf_add_str(&got, item.bytes);
			buf_add_char(&got, '|');
		}
	}
	mbox_release(&m);
	if (!str_eq(buf_str(&got), buf_str(&want))) {
		fprintf(stderr, "want: %.*s\ngot: %.*s\n",
		    STR_ARG(buf_str(&want)), STR_ARG(buf_str(&got)));
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str s = { n == 0 ? "" : (const char *)p, n };

	cut_any(s);
	cut_sound(s);
	return 0;
}

#include "fuzz.h"
