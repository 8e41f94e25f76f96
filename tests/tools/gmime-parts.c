/*
 * gmime-parts FILE ...: takes each mail apart with lib/mail and with GMime, and
 * prints both where they differ.
 * gmime-parts --sound N, --hostile N: the same with N mails that are made up,
 * the hostile ones with bytes cut, doubled, put in and changed.  The same N
 * makes the same mails.  Exit 1 where sound mails differ.
 */
#include "../gmime.h"

#include <stdio.h>

#include "core/io/file.h"

static uint64_t seed;

static unsigned
chance(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

/* Some bytes of b are spoilt. */
static void
spoil(struct buf *b)
{
	static const char *const odd[] = { "--b0", "--b0--", "--b10", "--",
		"----", "\r\n", "\n", "\n\n", " ", ":", "\"", "--b0\r",
		"Content-Type: multipart/mixed\n", "boundary", "\t", ";" };
	size_t at = chance((unsigned)b->n + 1), n = chance(40);
	struct buf out;

	buf_init(&out, 64 << 20);
	buf_add(&out, b->p, at);
	switch (chance(4)) {
	case 0: /* cut */
		at = at + n < b->n ? at + n : b->n;
		break;
	case 1: /* doubled */
		buf_add_str(&out, str_sub(buf_str(b), at, n));
		break;
	case 2: /* put in */
		buf_add_z(&out, odd[chance(sizeof(odd) / sizeof(*odd))]);
		break;
	default: /* another byte */
		if (at < b->n)
			b->p[at] = (char)chance(256);
		break;
	}
	buf_add(&out, b->p + at, b->n - at);
	buf_reset(b);
	buf_add_str(b, buf_str(&out));
	buf_release(&out);
}

static bool
show(struct str mail, const char *what)
{
	if (!differs(mail))
		return false;
	printf("# %s\n# ours\n%.*s# GMime's\n%.*s", what,
	    STR_ARG(buf_str(&ours)), STR_ARG(buf_str(&theirs)));
	return true;
}

/* How many of n mails differ. */
static unsigned
made_up(unsigned n, bool hostile)
{
	unsigned bad = 0;
	char what[32];
	struct buf b;

	buf_init(&b, 64 << 20);
	for (unsigned i = 0; i < n; i++) {
		seed = i;
		make_mail(&b);
		for (unsigned k = hostile ? 1 + chance(3) : 0; k > 0; k--)
			spoil(&b);
		snprintf(what, sizeof(what), "mail %u", i);
		if (!show(buf_str(&b), what))
			continue;
		bad++;
		printf("# the mail\n%.*s\n", STR_ARG(buf_str(&b)));
	}
	buf_release(&b);
	printf("%u of %u differ\n", bad, n);
	return bad;
}

/* How many of those files differ. */
static unsigned
files(char **paths, int n)
{
	unsigned bad = 0;
	struct buf b;
	struct err e;

	buf_init(&b, 64 << 20);
	for (int i = 0; i < n; i++) {
		buf_reset(&b);
		if (file_read(paths[i], &b, &e) == 0)
			bad += show(buf_str(&b), paths[i]);
	}
	buf_release(&b);
	printf("%u of %d differ\n", bad, n);
	return bad;
}

int
main(int argc, char **argv)
{
	unsigned n = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	if (argc == 3 && strcmp(argv[1], "--sound") == 0)
		return made_up(n, false) > 0;
	if (argc == 3 && strcmp(argv[1], "--hostile") == 0)
		made_up(n, true);
	else
		files(argv + 1, argc - 1);
	return 0;
}
