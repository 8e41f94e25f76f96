/*
 * A raw item in JSON: as text where it is text, as base64 (RFC 4648) where it
 * is not; and back.
 */
#include "source/source.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
base64_group(char *to, const unsigned char *p, size_t n)
{
	unsigned v = (unsigned)p[0] << 16 | (n > 1 ? (unsigned)p[1] << 8 : 0) |
		     (n > 2 ? p[2] : 0U);

	to[0] = alphabet[v >> 18];
	to[1] = alphabet[v >> 12 & 63];
	to[2] = n > 1 ? alphabet[v >> 6 & 63] : '=';
	to[3] = n > 2 ? alphabet[v & 63] : '=';
}

static void
write_base64(struct writer *w, struct str s)
{
	size_t groups = s.n / 3 + (s.n % 3 != 0);
	char *to;

	/* The quotes by the writer, which sets its commas; the letters go
	 * between them. */
	write_raw(w, STR("\""));
	to = buf_room(w->out, 4 * groups + 1);
	if (to == NULL)
		return;
	for (size_t i = 0; i < s.n; i += 3, to += 4)
		base64_group(to, (const unsigned char *)s.p + i, s.n - i);
	*to = '"';
	w->out->n += 4 * groups + 1;
}

void
ingest_bytes(struct writer *w, struct str bytes)
{
	bool text =
	    memchr(bytes.p, '\0', bytes.n) == NULL && str_is_utf8(bytes);

	if (text) {
		write_member(w, "text", bytes);
	} else {
		write_key(w, "base64");
		write_base64(w, bytes);
	}
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static int
read_base64(struct str s, struct arena *a, struct str *out)
{
	unsigned v = 0, bits = 0;
	char *to;

	while (s.n > 0 && s.p[s.n - 1] == '=')
		s.n--;
	to = arena_alloc(a, s.n / 4 * 3 + 3);
	*out = str_make(to, 0);
	for (size_t i = 0; i < s.n; i++) {
		int d = base64_value(s.p[i]);

		if (d < 0)
			return -1;
		v = (v << 6 | (unsigned)d) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			to[out->n++] = (char)(v >> bits);
		}
	}
	return 0;
}

int
ingest_bytes_read(
    struct json v, struct arena *a, struct str *out, struct err *e)
{
	struct json text = json_get(v, "text");
	struct json base64 = json_get(v, "base64");

	if (json_type(text) == JSON_STRING)
		*out = json_str(text, a);
	else if (json_type(base64) != JSON_STRING)
		return err_set(
		    e, "native has neither a text nor a base64 member");
	else if (read_base64(json_str(base64, a), a, out) < 0)
		return err_set(e, "native.base64 is no base64");
	return 0;
}
