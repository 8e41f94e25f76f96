/*
 * What checks of senders read of a mail: its fields, lists of tags, Received,
 * records of SPF.  Canonical forms of DKIM are compared with ones that are made
 * by another way.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "identify/verify/canon.h"
#include "identify/verify/received.h"
#include "identify/verify/spfmacro.h"
#include "identify/verify/spfrecord.h"
#include "identify/verify/taglist.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { MOST = 1 << 24 };

/* RFC 6376, 3.4.3 and 3.4.4, as they are told: line ends, then white space,
 * then the lines at the end. */
static void
plain_body(struct str body, bool relaxed, struct buf *out)
{
	size_t from = out->n, end;

	for (size_t i = 0; i < body.n; i++) {
		char c = body.p[i];

		if (c == '\r' && i + 1 < body.n && body.p[i + 1] == '\n')
			continue;
		if (c == '\r' && i + 1 == body.n)
			continue; /* a line end that was cut */
		if (relaxed && (c == ' ' || c == '\t')) {
			if (out->n == from || out->p[out->n - 1] != ' ')
				buf_add_char(out, ' ');
			continue;
		}
		if (c == '\n') {
			if (relaxed && out->n > from &&
			    out->p[out->n - 1] == ' ')
				buf_cut(out, out->n - 1);
			buf_add_char(out, '\r');
		}
		buf_add_char(out, c);
	}
	if (relaxed && out->n > from && out->p[out->n - 1] == ' ')
		buf_cut(out, out->n - 1);
	if (out->n > from && out->p[out->n - 1] != '\n')
		buf_add(out, "\r\n", 2);
	for (end = out->n; end - from >= 2 && out->p[end - 1] == '\n' &&
			   (end - from == 2 || out->p[end - 3] == '\n');
	     end -= 2)
		;
	buf_cut(out, end);
	if (!relaxed && out->n == from)
		buf_add(out, "\r\n", 2);
}

static void
compare_bodies(struct str body)
{
	struct buf one, other;

	buf_init(&one, MOST);
	buf_init(&other, MOST);
	for (int relaxed = 0; relaxed < 2; relaxed++) {
		buf_reset(&one);
		buf_reset(&other);
		canon_body(body, relaxed ? CANON_RELAXED : CANON_SIMPLE, &one);
		plain_body(body, relaxed, &other);
		if (!one.over && !other.over &&
		    !str_eq(buf_str(&one), buf_str(&other)))
			abort();
	}
	buf_release(&one);
	buf_release(&other);
}

static void
fields(const struct rawmail *m, struct arena *a)
{
	static struct str names[] = { { "mx.us.example", 13 } };
	struct workspace_list servers = { names, 1 };
	struct received found;
	struct taglist tags;
	struct buf out;

	buf_init(&out, MOST);
	for (size_t i = 0; i < m->n; i++) {
		canon_field(&m->v[i], CANON_SIMPLE, &out);
		canon_unsigned(&m->v[i], CANON_SIMPLE, &out);
		canon_unsigned(&m->v[i], CANON_RELAXED, &out);
		if (taglist_read(m->v[i].value, &tags) == 0)
			for (size_t k = 0; k < tags.n; k++)
				(void)taglist_base64(tags.v[k].value, a);
	}
	buf_release(&out);
	if (received_find(m, &servers, a, &found) && found.address.n == 0)
		abort();
}

static void
policy(struct str s, struct arena *a)
{
	struct spf_letters letters = { .sender = STR("x@y.example"),
		.domain = STR("y.example"),
		.address = STR("192.0.2.1") };
	struct str text =
	    arena_printf(a, "v=spf1 %.*s", STR_ARG(str_sub(s, 0, 4096)));
	struct spf_record r;

	if (spf_read_record(text, a, &r) == 0)
		for (size_t i = 0; i < r.n; i++)
			(void)spf_expand(r.v[i].domain, &letters, a);
	if (spf_is_macro_string(s, true))
		(void)spf_expand(str_sub(s, 0, 4096), &letters, a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = { 0 };
	/* Exactly these bytes, so that a step too far shows. */
	struct str s = { malloc(n == 0 ? 1 : n), n };
	struct rawmail m;

	if (n > 0)
		memcpy((char *)(uintptr_t)s.p, p, n);
	compare_bodies(s);
	policy(s, &a);
	if (rawmail_read(s, &a, &m) == 0)
		fields(&m, &a);
	free((char *)(uintptr_t)s.p);
	arena_release(&a);
	return 0;
}

#include "fuzz.h"
