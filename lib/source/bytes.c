/*
 * A raw item in JSON: as text where it is text, as base64 where it is not;
 * and its text back.
 */
#include "core/text/base64.h"
#include "core/text/utf8.h"
#include "record/native.h"
#include "source/item.h"
#include "text/unicode.h"

static void
write_base64(struct writer *w, struct str s)
{
	size_t n = BASE64_ENCODED(s.n);
	char *to;

	/* The quotes by the writer, which sets its commas; the letters go
	 * between them. */
	write_raw(w, STR("\""));
	to = buf_room(w->out, n + 1);
	if (to == NULL)
		return;
	base64_encode(s, to);
	to[n] = '"';
	w->out->n += n + 1;
}

void
ingest_bytes(struct writer *w, struct str bytes)
{
	bool text =
	    memchr(bytes.p, '\0', bytes.n) == NULL && utf8_is_valid(bytes);

	if (text) {
		write_member(w, "text", bytes);
	} else {
		write_key(w, "base64");
		write_base64(w, bytes);
	}
}

int
normalize_text(
    struct normalize *n, struct json native, struct str *out, struct err *e)
{
	struct arena *a = &n->message.arena;
	struct buf *b = &n->scratch;

	if (native_bytes(native, a, out, e) < 0)
		return -1;
	if (!utf8_is_valid(*out)) {
		buf_reset(b);
		charset_decode(*out, str_of(charset_guess(*out)), b);
		*out = arena_dup(a, buf_str(b));
	}
	if (str_chr(*out, '\0') >= 0) {
		buf_reset(b);
		utf8_clean(*out, b);
		*out = arena_dup(a, buf_str(b));
	}
	buf_reset(b);
	return 0;
}

struct str
normalize_lines(struct normalize *n, struct str s)
{
	char *out;
	size_t kept = 0;

	if (str_find(s, STR("\r\n")) < 0)
		return s;
	out = arena_alloc(&n->message.arena, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r' || i + 1 == s.n || s.p[i + 1] != '\n')
			out[kept++] = s.p[i];
	return str_make(out, kept);
}
