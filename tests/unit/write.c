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

int
main(void)
{
	buf_init(&out, 1 << 20);
	structure();
	escapes();
	numbers();
	round_trip();
	ceilings();
	buf_release(&out);
	return done();
}
