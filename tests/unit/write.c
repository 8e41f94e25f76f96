#include "core/text/utf8.h"
#include "json/write.h"

#include <math.h>

#include "core/time.h"
#include "json/json.h"
#include "tap.h"

static struct buf out;

static struct str
escaped(struct str s)
{
	buf_reset(&out);
	write_escaped(&out, s);
	return buf_str(&out);
}

static struct str
real(double v)
{
	struct writer w;

	buf_reset(&out);
	write_init(&w, &out);
	write_real(&w, v);
	return buf_str(&out);
}

static void
structure(void)
{
	struct writer w;

	buf_reset(&out);
	write_init(&w, &out);
	write_object(&w);
	write_key(&w, "a");
	write_list(&w);
	write_int(&w, INT64_MIN);
	write_bool(&w, true);
	write_z(&w, "x");
	write_raw(&w, STR("{ }"));
	write_list(&w);
	write_list_end(&w);
	write_object(&w);
	write_object_end(&w);
	write_list_end(&w);
	write_key_str(&w, STR("b\"c"));
	write_str(&w, STR(""));
	write_member(&w, "none", STR_NONE);
	write_member_time(&w, "never", TIME_NONE);
	write_member_raw(&w, "raw", STR_NONE);
	write_member(&w, "s", STR("t"));
	write_member_time(&w, "at", 1500000);
	write_member_int(&w, "n", 7);
	write_member_raw(&w, "r", STR("[1]"));
	write_key(&w, "time");
	write_time(&w, 0);
	write_object_end(&w);
	is_str(buf_str(&out),
	    "{\"a\":[-9223372036854775808,true,\"x\",{ },[],{}],"
	    "\"b\\\"c\":\"\",\"s\":\"t\",\"at\":\"1970-01-01T00:00:01.500Z\","
	    "\"n\":7,\"r\":[1],\"time\":\"1970-01-01T00:00:00Z\"}",
	    "commas and colons");
}

static void
escapes(void)
{
	is_str(escaped(STR("plain \x7f Stra\xc3\x9f"
			   "e \xf0\x9f\x98\x80")),
	    "plain \x7f Stra\xc3\x9f"
	    "e \xf0\x9f\x98\x80",
	    "what stands for itself");
	is_str(escaped(STR("\"\\\b\f\n\r\t\v\x01\x1f")),
	    "\\\"\\\\\\b\\f\\n\\r\\t\\u000b\\u0001\\u001f", "escapes");
	is_str(escaped(STR("a\0b")), "a\\u0000b", "a NUL");
	is_str(escaped(STR("\xff|\xc3|\xed\xa0\x80|\xc0\x80|\xf0\x9f\x98")),
	    "\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|"
	    "\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
	    "malformed UTF-8");
}

static void
numbers(void)
{
	is_str(real(0.1), "0.1", "0.1");
	is_str(real(1.0 / 3), "0.3333333333333333", "a third");
	is_str(real(5e-324), "4.94065645841247e-324", "the least");
	is_str(real(12), "12", "a whole number");
	is_str(real(-2.5), "-2.5", "below zero");
	is_str(real(NAN), "null", "no number");
	is_str(real(INFINITY), "null", "past all numbers");
}

/* Whatever bytes go in: JSON comes out, and the same text where it was one. */
static void
round_trip(void)
{
	struct json_doc *doc = json_doc_new();
	struct arena a = { 0 };
	uint64_t seed = 7;
	bool good = true, same = true;

	for (int i = 0; i < 20000; i++) {
		char text[40];
		size_t n;
		struct str in;
		struct writer w;
		struct json v;
		struct err e;

		for (n = 0; n < sizeof(text); n++) {
			seed = seed * UINT64_C(6364136223846793005) + 1;
			text[n] = (char)(seed >> 56);
			if (i % 2 == 0)
				text[n] &= 0x7f;
		}
		in = str_make(text, (size_t)i % sizeof(text));
		buf_reset(&out);
		write_init(&w, &out);
		write_str(&w, in);
		arena_reset(&a);
		good &= json_parse(doc, buf_str(&out), &v, &e) == 0;
		if (utf8_is_valid(in))
			same &= str_eq(json_str(v, &a), in);
	}
	ok(good, "random bytes give JSON");
	ok(same, "and read back the same");
	arena_release(&a);
	json_doc_free(doc);
}

static void
ceilings(void)
{
	struct buf small;
	struct writer w;

	buf_init(&small, 8);
	write_init(&w, &small);
	write_str(&w, STR("0123456789"));
	ok(small.over, "past the ceiling");
	buf_release(&small);
	buf_reset(&out);
	write_init(&w, &out);
	for (int i = 0; i <= WRITE_DEPTH; i++)
		write_list(&w);
	ok(out.over, "past the depth");
}

/* A byte or character after the other, without any cleverness. */
static struct str
slowly(struct str s, struct buf *to)
{
	static const char names[] = "\bb\tt\nn\ff\rr\"\"\\\\";

	buf_reset(to);
	while (s.n > 0) {
		unsigned char c = (unsigned char)s.p[0];
		size_t n = utf8_length(s);
		ptrdiff_t at = str_chr(str_make(names, 14), s.p[0]);

		if (at >= 0 && at % 2 == 0) {
			buf_add_char(to, '\\');
			buf_add_char(to, names[at | 1]);
		} else if (c < 0x20) {
			buf_printf(to, "\\u%04x", c);
		} else if (n == 0) {
			buf_add_z(to, "\xef\xbf\xbd");
		} else {
			buf_add(to, s.p, n);
		}
		s = str_sub(s, n == 0 ? 1 : n, s.n);
	}
	return buf_str(to);
}

/* Short and long ones, each kind of byte at each place, and all ceilings. */
static void
escapes_of_any(void)
{
	static const char *const odd[] = { "\"", "\\", "\n", "\x01", "\x1f",
		"\x7f", "\x80", "\xff", "\xc3\xa4", "\xe2\x82\xac",
		"\xf0\x9f\x98\x80", "\xf0\x9f", "#!]", "\"\"\"\"" };
	char text[3000];
	struct buf slow, tight;
	size_t differ = 0, beyond = 0;

	buf_init(&slow, 1 << 20);
	for (size_t n = 0; n < sizeof(text); n += n < 90 ? 1 : 970)
		for (size_t at = 0; at < n; at += n < 90 ? 1 : 7)
			for (size_t i = 0; i < sizeof(odd) / sizeof(*odd);
			     i++) {
				size_t m = strlen(odd[i]);

				memset(text, 'a', n);
				memcpy(
				    text + at, odd[i], m < n - at ? m : n - at);
				differ += !str_eq(escaped(str_make(text, n)),
				    slowly(str_make(text, n), &slow));
			}
	is_int((int64_t)differ, 0, "escapes at every place");
	memset(text, '\"', 40);
	memset(text + 40, 'b', 60);
	for (size_t max = 1; max < 160; max++) {
		buf_init(&tight, max);
		write_escaped(&tight, str_make(text, 100));
		beyond += tight.over != (max < 140) || tight.n > max;
		buf_release(&tight);
	}
	is_int((int64_t)beyond, 0, "and under every ceiling");
	buf_release(&slow);
}

int
main(void)
{
	buf_init(&out, 1 << 20);
	structure();
	escapes();
	escapes_of_any();
	numbers();
	round_trip();
	ceilings();
	buf_release(&out);
	return done();
}
