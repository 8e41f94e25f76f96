#ifndef KITH_TESTS_GMIME_H
#define KITH_TESTS_GMIME_H
/*
 * GMime as an oracle: a mail taken apart by lib/mail and by it, both as text,
 * a line a part: depth, type, name, bytes of content.  And sound mails of any
 * structure, made up by chance().
 */
#include <gmime/gmime.h>
#include <stdlib.h>

#include "core/buf.h"
#include "mail/mime.h"

static struct buf ours, theirs;

static void
put(struct buf *out, unsigned depth, struct str type, struct str name,
    struct str bytes)
{
	unsigned sum = 0;

	for (size_t i = 0; i < bytes.n; i++)
		sum = sum * 31 + (unsigned char)bytes.p[i];
	buf_printf(out, "%*s%.*s '%.*s'", (int)depth, "", STR_ARG(type),
	    STR_ARG(name));
	buf_printf(out, " %zu %08x\n", bytes.n, sum);
}

/* Ours */

static void
put_ours(struct mime *m, size_t from, size_t end, unsigned depth)
{
	for (size_t i = from; i < end; i = mime_part(m, i)->end) {
		const struct mime_part *p = mime_part(m, i);
		bool leaf = !p->multipart;

		put(&ours, depth, p->type, leaf ? p->name : STR(""),
		    leaf ? p->content : STR(""));
		put_ours(m, i + 1, p->end, depth + 1);
	}
}

static void
take_ours(struct str mail)
{
	static struct mime *m;
	static struct arena a;
	struct err e;

	buf_reset(&ours);
	arena_reset(&a);
	if (m == NULL)
		m = mime_new();
	if (mime_parse(m, mail, &a, &e) == 0)
		put_ours(m, 0, mime_part_count(m), 0);
}

/* Theirs */

static void put_theirs(GMimeObject *o, unsigned depth);

static struct str
content_of(GMimeObject *o)
{
	static GMimeStream *mem;
	GMimeDataWrapper *w = NULL;
	GByteArray *bytes;

	if (mem != NULL)
		g_object_unref(mem);
	mem = g_mime_stream_mem_new();
	if (GMIME_IS_PART(o))
		w = g_mime_part_get_content(GMIME_PART(o));
	if (w != NULL) {
		GMimeStream *s = g_mime_data_wrapper_get_stream(w);

		g_mime_stream_reset(s);
		g_mime_stream_write_to_stream(s, mem);
	}
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
	return str_make(bytes->len == 0 ? "" : (char *)bytes->data, bytes->len);
}

static void
put_multipart(GMimeMultipart *m, unsigned depth)
{
	for (int i = 0; i < g_mime_multipart_get_count(m); i++)
		put_theirs(g_mime_multipart_get_part(m, i), depth + 1);
}

static void
put_theirs(GMimeObject *o, unsigned depth)
{
	GMimeContentType *type = g_mime_object_get_content_type(o);
	char *name = g_mime_content_type_get_mime_type(type);
	bool multipart = GMIME_IS_MULTIPART(o);
	char *small;

	if (multipart && g_mime_multipart_get_count(GMIME_MULTIPART(o)) == 0) {
		g_free(name);
		name = g_strdup("text/plain");
		multipart = false;
	}
	small = g_ascii_strdown(name, -1);
	put(&theirs, depth, str_of(small),
	    GMIME_IS_PART(o) ? str_of(g_mime_part_get_filename(GMIME_PART(o)))
			     : STR(""),
	    content_of(o));
	g_free(name);
	g_free(small);
	if (multipart)
		put_multipart(GMIME_MULTIPART(o), depth);
}

static void
take_theirs(struct str mail)
{
	GMimeStream *s = g_mime_stream_mem_new_with_buffer(mail.p, mail.n);
	GMimeParser *p = g_mime_parser_new_with_stream(s);
	GMimeObject *o = g_mime_parser_construct_part(p, NULL);

	buf_reset(&theirs);
	if (o != NULL) {
		put_theirs(o, 0);
		g_object_unref(o);
	}
	g_object_unref(p);
	g_object_unref(s);
}

/* Mails that are made up */

/* Less than n: what the includer chooses by. */
static unsigned chance(unsigned n);

static const char *line_end;

static void
put_line(struct buf *b, const char *s)
{
	buf_add_z(b, s);
	buf_add_z(b, line_end);
}

static void
put_text(struct buf *b)
{
	static const char *const lines[] = { "", "hello", "-- ", "--", "--b",
		"--b0 x", "From me", "Name: value", " blank", "----", ">quoted",
		"=C3=A4", "SGVsbG8=", ".", "--b1x", "a--b1" };

	for (unsigned n = chance(6); n > 0; n--)
		put_line(b, lines[chance(sizeof(lines) / sizeof(*lines))]);
	if (chance(4) > 0)
		buf_add_z(b, "last");
}

/* The header and what follows it, of the part at that depth. */
static void
put_part(struct buf *b, unsigned depth)
{
	static const char *const multiparts[] = { "mixed", "alternative",
		"related", "report; report-type=x", "signed" };
	static const char *const leaves[] = {
		"Content-Type: text/plain; charset=utf-8",
		"Content-Type: text/html; charset=\"iso-8859-1\"",
		"Content-Type: application/octet-stream; name=\"a b.pdf\"",
		"Content-Disposition: attachment; filename=x.txt",
		"Content-Type: message/delivery-status",
		"Content-Type: image/png;\n name*0=long;\n name*1=.png",
		"Content-Transfer-Encoding: quoted-printable",
		"X-Other: none",
	};
	unsigned boundary = depth * 10 + chance(3);

	if (depth < 4 && chance(3) == 0) {
		buf_printf(b,
		    chance(2) ? "Content-Type: multipart/%s; boundary=b%u"
			      : "Content-Type: multipart/%s; boundary=\"b%u\"",
		    multiparts[chance(5)], boundary);
		put_line(b, "");
		put_line(b, "");
		if (chance(3) == 0)
			put_line(b, "prologue");
		for (unsigned n = 1 + chance(4); n > 0; n--) {
			buf_printf(b, "--b%u%s%s", boundary,
			    chance(8) == 0 ? " " : "", line_end);
			put_part(b, depth + 1);
			put_line(b, "");
		}
		buf_printf(b, "--b%u--%s", boundary, line_end);
		if (chance(3) == 0)
			put_line(b, "epilogue");
		return;
	}
	put_line(b, leaves[chance(8)]);
	put_line(b, "");
	put_text(b);
}

/* A whole mail, with LF or CRLF. */
static void
make_mail(struct buf *b)
{
	buf_reset(b);
	line_end = chance(2) ? "\r\n" : "\n";
	put_line(b, "From: a@b.example");
	put_part(b, 0);
}

static bool
differs(struct str mail)
{
	static bool begun;

	if (!begun) {
		g_mime_init();
		buf_init(&ours, 64 << 20);
		buf_init(&theirs, 64 << 20);
	}
	begun = true;
	take_ours(mail);
	take_theirs(mail);
	return !str_eq(buf_str(&ours), buf_str(&theirs));
}

#endif
