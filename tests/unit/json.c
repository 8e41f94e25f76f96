/*
 * JSON read in place: verdicts written by hand, then thousands of mutated
 * texts against a small recursive checker that was written for this test.
 */
#include "core/text/utf8.h"
#include "json/json.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "tap.h"

static struct json_doc *doc;
static struct arena arena;

static struct json
parse(struct str text)
{
	struct json root;
	struct err e;

	return json_parse_copy(doc, text, &root, &e) == 0 ? root : JSON_ABSENT;
}

static struct json
parse_z(const char *text)
{
	return parse(str_of(text));
}

/* --- the reference: RFC 8259 by recursive descent, nothing clever --- */

struct ref {
	const char *p, *end;
};

static void
ref_space(struct ref *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' ||
				    *r->p == '\n' || *r->p == '\r'))
		r->p++;
}

static bool
ref_char(struct ref *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static bool
ref_word(struct ref *r, struct str s)
{
	if ((size_t)(r->end - r->p) < s.n || memcmp(r->p, s.p, s.n) != 0)
		return false;
	r->p += s.n;
	return true;
}

static bool
ref_set(struct ref *r, const char *set)
{
	if (r->p == r->end || *r->p == '\0' || strchr(set, *r->p) == NULL)
		return false;
	r->p++;
	return true;
}

static bool
ref_string(struct ref *r)
{
	const char *hex = "0123456789abcdefABCDEF";

	if (!ref_char(r, '"'))
		return false;
	while (r->p < r->end) {
		if (ref_char(r, '"'))
			return true;
		if ((unsigned char)*r->p < ' ')
			return false;
		if (!ref_char(r, '\\')) {
			r->p++;
			continue;
		}
		if (ref_set(r, "\"\\/bfnrt"))
			continue;
		if (!ref_char(r, 'u') || !ref_set(r, hex) || !ref_set(r, hex) ||
		    !ref_set(r, hex) || !ref_set(r, hex))
			return false;
	}
	return false;
}

static bool
ref_digits(struct ref *r)
{
	const char *from = r->p;

	while (ref_set(r, "0123456789"))
		;
	return r->p > from;
}

static bool
ref_number(struct ref *r)
{
	ref_char(r, '-');
	if (!ref_char(r, '0') && !ref_digits(r))
		return false;
	if (ref_char(r, '.') && !ref_digits(r))
		return false;
	if (ref_set(r, "eE")) {
		ref_set(r, "+-");
		return ref_digits(r);
	}
	return true;
}

static bool
ref_value(struct ref *r, int depth)
{
	bool object;

	ref_space(r);
	if (r->p == r->end)
		return false;
	if (*r->p == '"')
		return ref_string(r);
	if (*r->p != '{' && *r->p != '[')
		return ref_word(r, STR("true")) || ref_word(r, STR("false")) ||
		       ref_word(r, STR("null")) || ref_number(r);
	if (depth == JSON_DEPTH)
		return false;
	object = *r->p++ == '{';
	ref_space(r);
	if (ref_char(r, object ? '}' : ']'))
		return true;
	for (;;) {
		if (object) {
			ref_space(r);
			if (!ref_string(r))
				return false;
			ref_space(r);
			if (!ref_char(r, ':'))
				return false;
		}
		if (!ref_value(r, depth + 1))
			return false;
		ref_space(r);
		if (ref_char(r, object ? '}' : ']'))
			return true;
		if (!ref_char(r, ','))
			return false;
	}
}

static bool
reference(struct str text)
{
	struct ref r = { text.p, text.p + text.n };

	if (!utf8_is_valid(text) || !ref_value(&r, 0))
		return false;
	ref_space(&r);
	return r.p == r.end;
}

/* --- the tests --- */

static void
verdicts(void)
{
	static const struct {
		struct str text;
		bool good;
	} cases[] = {
		{ STR("{}"), true },
		{ STR(" { } "), true },
		{ STR("[]"), true },
		{ STR("[1,2]"), true },
		{ STR("{\"a\":{\"b\":[1,{\"c\":null}]},\"d\":true}"), true },
		{ STR("0"), true },
		{ STR("-0"), true },
		{ STR("-0.5e+10"), true },
		{ STR("1E5"), true },
		{ STR("123456789012345678901234567890"), true },
		{ STR("\"\""), true },
		{ STR("\"a\\u00e9\\n\\/\""), true },
		{ STR("\"\\ud800\""), true },
		{ STR("\"\\\\\""), true },
		{ STR("true"), true },
		{ STR(" null "), true },
		{ STR("{\"a\":1,\"a\":2}"), true },
		{ STR("\"\x7f\""), true },
		{ STR("[\"\xe2\x80\xa8\"]"), true },
		{ STR("\t\r\n[\t\r\n1\t]\r\n"), true },
		{ STR(""), false },
		{ STR("   "), false },
		{ STR("01"), false },
		{ STR("-01"), false },
		{ STR("1."), false },
		{ STR(".5"), false },
		{ STR("+1"), false },
		{ STR("-"), false },
		{ STR("1e"), false },
		{ STR("1e+"), false },
		{ STR("0x10"), false },
		{ STR("NaN"), false },
		{ STR("nan"), false },
		{ STR("-Infinity"), false },
		{ STR("tru"), false },
		{ STR("truee"), false },
		{ STR("true false"), false },
		{ STR("True"), false },
		{ STR("[tru]"), false },
		{ STR("[truefalse]"), false },
		{ STR("{\"a\":1,}"), false },
		{ STR("[1,]"), false },
		{ STR("[,1]"), false },
		{ STR("[1 2]"), false },
		{ STR("[1,,2]"), false },
		{ STR("{,}"), false },
		{ STR("{\"a\"}"), false },
		{ STR("{\"a\":}"), false },
		{ STR("{\"a\" 1}"), false },
		{ STR("{\"a\":1 \"b\":2}"), false },
		{ STR("{a:1}"), false },
		{ STR("{1:1}"), false },
		{ STR("{'a':1}"), false },
		{ STR("{[]:1}"), false },
		{ STR("{\"a\":1]"), false },
		{ STR("[1}"), false },
		{ STR("["), false },
		{ STR("{"), false },
		{ STR("]"), false },
		{ STR("}"), false },
		{ STR(","), false },
		{ STR(":"), false },
		{ STR("[[]"), false },
		{ STR("{\"a\":{}"), false },
		{ STR("{\"a\":1"), false },
		{ STR("{\"a\":1}}"), false },
		{ STR("{} {}"), false },
		{ STR("{}x"), false },
		{ STR("[]1"), false },
		{ STR("\"a"), false },
		{ STR("\"a\\\""), false },
		{ STR("\""), false },
		{ STR("\"a\"b"), false },
		{ STR("\"a\"\"b\""), false },
		{ STR("[\"a\"\"b\"]"), false },
		{ STR("[1\"a\"]"), false },
		{ STR("[12\"a,b\"]"), false },
		{ STR("\"\\x\""), false },
		{ STR("\"\\u12\""), false },
		{ STR("\"\\u12g4\""), false },
		{ STR("\"\\u\""), false },
		{ STR("[\"\\u00\"]"), false },
		{ STR("\"\\'\""), false },
		{ STR("\"\n\""), false },
		{ STR("\"\t\""), false },
		{ STR("\"a\0b\""), false },
		{ STR("\0"), false },
		{ STR("{}\0"), false },
		{ STR("{\0}"), false },
		{ STR("1\0"), false },
		{ STR("[\\n]"), false },
		{ STR("\\"), false },
		{ STR("[\"a\",\\\"b\"]"), false },
		{ STR("\xef\xbb\xbf{}"), false },
		{ STR("\"\xff\""), false },
		{ STR("\"\xc3\""), false },
		{ STR("\"\xc0\x80\""), false },
		{ STR("\"\xed\xa0\x80\""), false },
		{ STR("\"\xf4\x90\x80\x80\""), false },
		{ STR("[1]\xc2\xa0"), false },
		{ STR("[1,\f2]"), false },
		{ STR("[1,\v2]"), false },
		{ STR("/* */ 1"), false },
		{ STR("[1] // x"), false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool got = parse(cases[i].text).doc != NULL;
		bool good = got == cases[i].good &&
			    reference(cases[i].text) == cases[i].good;

		if (!good || i % 10 == 0)
			ok(good, cases[i].text.p);
	}
}

/* A text whose padding would complete it must still be refused. */
static void
padding(void)
{
	static const struct str all[] = { STR("{\"a\":1}"), STR("[1,[2]]"),
		STR("true"), STR("\"abc\""), STR("[{},{}]"), STR("1234") };
	bool good = true;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		char text[256] = "";
		struct json root;
		struct err e;

		memcpy(text, all[i].p, all[i].n);
		for (size_t n = 0; n <= all[i].n; n++)
			good &= (json_parse(doc, str_make(text, n), &root,
				     &e) == 0) == reference(str_make(text, n));
		memset(text, '[', sizeof(text));
		memcpy(text, all[i].p, all[i].n);
		for (size_t n = 0; n <= all[i].n; n++)
			good &= (json_parse(doc, str_make(text, n), &root,
				     &e) == 0) == reference(str_make(text, n));
	}
	ok(good, "what stands behind the text is not read as part of it");
}

static void
depth(void)
{
	char text[2 * (JSON_DEPTH + 1)];

	memset(text, '[', JSON_DEPTH);
	memset(text + JSON_DEPTH, ']', JSON_DEPTH);
	ok(parse(str_make(text, 2 * JSON_DEPTH)).doc != NULL,
	    "depth at the bound");
	memset(text, '[', JSON_DEPTH + 1);
	memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	ok(parse(str_make(text, sizeof(text))).doc == NULL,
	    "depth past the bound");
}

static uint64_t seed = 20240301;

static uint32_t
chance(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(seed >> 33) % n;
}

static void
mutate(struct buf *b)
{
	static const char bytes[] =
	    "{}[]:,\"\\ \t\n01.eE+-tfnulrase/b\x01\x00\xc3\xa9\xf0xX";
	size_t at = b->n == 0 ? 0 : chance((uint32_t)b->n);
	char c = bytes[chance(sizeof(bytes) - 1)];

	switch (chance(4)) {
	case 0:
		if (b->n > 0)
			b->p[at] = c;
		break;
	case 1:
		buf_add_char(b, c);
		memmove(b->p + at + 1, b->p + at, b->n - at - 1);
		b->p[at] = c;
		break;
	case 2:
		if (b->n > 0) {
			memmove(b->p + at, b->p + at + 1, b->n - at - 1);
			b->n--;
		}
		break;
	default:
		/* Two equal bytes in a row: quotes, brackets, commas. */
		if (b->n > 0) {
			c = b->p[at];
			buf_add_char(b, c);
			memmove(b->p + at + 1, b->p + at, b->n - at - 1);
		}
	}
}

static void
mutations(void)
{
	static const char *const seeds[] = {
		"{\"id\":\"m1\",\"from\":{\"name\":\"Anna \\u00fc\"},\"n\":-1.5e3}",
		"[true,false,null,\"a\\\\b\",{},[],0,12]",
		"{ \"a\" : [ 1 , { \"b\" : \"x\\\"y\" } ] , \"c\" : \"\" }",
		"\"Stra\xc3\x9f"
		"e \\ud83d\\ude00 \xf0\x9f\x98\x80\"",
		"{\"k\":[[[[{\"z\":[\"\\n\\t\\/\"]}]]]],\"long\":\"0123456789"
		"012345678901234567890123456789012345678901234567890123456789\"}",
	};
	size_t wrong = 0, good = 0;
	struct buf b;

	buf_init(&b, 4096);
	for (int i = 0; i < 200000; i++) {
		bool want;

		buf_reset(&b);
		buf_add_z(&b, seeds[chance(5)]);
		for (uint32_t n = 1 + chance(3); n > 0; n--)
			mutate(&b);
		want = reference(buf_str(&b));
		good += want;
		if ((parse(buf_str(&b)).doc != NULL) != want && wrong++ < 5)
			printf("# %s: %.*s\n", want ? "refused" : "taken",
			    STR_ARG(buf_str(&b)));
	}
	is_int((int64_t)wrong, 0, "200000 mutated texts: same verdicts");
	ok(good > 10000, "many of them are good");
	buf_release(&b);
}

static void
reading(void)
{
	struct json v = parse_z(
	    "{\"id\":\"m1\",\"n\":42,\"r\":-2.5,\"t\":true,\"z\":null , "
	    "\"l\":[1,[2,3],{\"x\":\"y\"}, \"s\" ],\"o\":{ \"a\" : 1 },"
	    "\"a\\u0062c\":\"e\\u0073c\",\"id\":\"m2\",\"e\":{},\"f\":[]}");
	struct json key, value;
	struct json_iter it;
	int64_t i = 0;
	double r = 0;

	is_str(json_str(json_get(v, "id"), &arena), "m2",
	    "of doubled names the last");
	ok(json_int(json_get(v, "n"), &i) == 0 && i == 42, "an integer");
	ok(json_real(json_get(v, "r"), &r) == 0 && r == -2.5, "a real");
	ok(json_int(json_get(v, "r"), &i) == -1, "a real is no integer");
	ok(json_true(json_get(v, "t")), "true");
	is_int(json_type(json_get(v, "z")), JSON_NULL, "null");
	is_int(json_type(json_get(v, "none")), JSON_NONE, "no such member");
	is_int(json_type(json_get(json_get(v, "none"), "x")), JSON_NONE,
	    "look-ups chain");
	is_int(json_type(json_get(json_get(v, "l"), "x")), JSON_NONE,
	    "a list has no members");
	is_str(json_raw(json_get(v, "l")), "[1,[2,3],{\"x\":\"y\"}, \"s\" ]",
	    "a list as it stands");
	is_str(json_raw(json_get(v, "z")), "null", "a scalar as it stands");
	is_str(json_raw(json_at(json_get(v, "l"), 3)), "\"s\"",
	    "a string as it stands");
	is_str(json_raw(json_get(json_get(v, "o"), "a")), "1",
	    "a member's member");
	is_int((int64_t)json_count(json_get(v, "l")), 4, "items of a list");
	is_int((int64_t)json_count(v), 11, "members of an object");
	is_int((int64_t)json_count(json_get(v, "e")), 0, "no members");
	is_int((int64_t)json_count(json_get(v, "f")), 0, "no items");
	is_int(
	    json_type(json_at(json_get(v, "l"), 4)), JSON_NONE, "past the end");
	is_str(json_str(json_get(json_at(json_get(v, "l"), 2), "x"), &arena),
	    "y", "into an item");
	ok(json_is(json_get(v, "abc"), "esc"), "names compare decoded");
	ok(!json_is(json_get(v, "abc"), "e\\u0073c"), "not as written");
	it = json_each(json_get(v, "o"));
	ok(json_next(&it, &key, &value) && json_is(key, "a") &&
		!json_next(&it, &key, &value),
	    "walking an object");
	it = json_each(json_get(v, "n"));
	ok(!json_next(&it, NULL, &value), "a scalar has no items");
}

static void
strings(void)
{
	static const char *const cases[][2] = {
		{ "\"\"", "" },
		{ "\"plain\"", "plain" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
		{ "\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac" },
		{ "\"\\ud83d\\ude00!\"", "\xf0\x9f\x98\x80!" },
		{ "\"\\ud83d\"", "\xef\xbf\xbd" },
		{ "\"\\ud83dx\"", "\xef\xbf\xbdx" },
		{ "\"\\ude00\\ud83d\\u0041\"", "\xef\xbf\xbd\xef\xbf\xbd"
					       "A" },
		{ "\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80" },
	};
	struct str s;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct json v = parse_z(cases[i][0]);

		is_str(json_str(v, &arena), cases[i][1], cases[i][0]);
		ok(json_is(v, cases[i][1]), "the same by json_is");
	}
	s = json_str(parse_z("\"a\\u0000b\""), &arena);
	ok(s.n == 3 && memcmp(s.p, "a\0b", 3) == 0, "a NUL");
	ok(json_str(parse_z("12"), &arena).p == NULL, "a number is no string");
}

static void
numbers(void)
{
	char big[600];
	struct json v;
	int64_t i;
	double r;

	ok(json_int(parse_z("9223372036854775807"), &i) == 0 && i == INT64_MAX,
	    "the greatest integer");
	ok(json_int(parse_z("9223372036854775808"), &i) == -1, "one more");
	ok(json_int(parse_z("1e3"), &i) == -1, "an exponent is no integer");
	ok(json_real(parse_z("1e999"), &r) == -1, "past a double");
	memset(big, '0', sizeof(big));
	memcpy(big, "1.", 2);
	v = parse(str_make(big, sizeof(big)));
	ok(json_real(v, &r) == 0 && r == 1.0, "600 digits");
	is_int((int64_t)json_raw(v).n, 600, "they stay as written");
}

static void
errors(void)
{
	static const char *const cases[][2] = {
		{ "", "no JSON: the text is empty" },
		{ "{\"a\":\"\xff\"}", "no JSON: byte 6: malformed UTF-8" },
		{ "{\"a\":\"x\ty\"}",
		    "no JSON: byte 7: a control character within a string" },
		{ "{\"a", "no JSON: the last string has no end" },
		{ "{\"a\":1 x}", "no JSON: byte 7: neither comma nor }" },
		{ "{\"a\":x}", "no JSON: byte 5: no value" },
		{ "{\"a\":[1,2}", "no JSON: byte 9: neither comma nor ]" },
		{ "{\"a\":1", "no JSON: byte 6: the text ends within a value" },
		{ "[\"\\x\"]", "no JSON: byte 2: no such escape" },
		{ "{} {}", "no JSON: byte 3: something behind the value" },
		{ "{1:2}", "no JSON: byte 1: no member's name" },
		{ "{\"a\",2}",
		    "no JSON: byte 1: no colon behind a member's name" },
	};
	struct json root;
	struct err e;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_parse_copy(doc, str_of(cases[i][0]), &root, &e);
		is_str(str_of(e.msg), cases[i][1], cases[i][1]);
	}
}

int
main(void)
{
	doc = json_doc_new();
	verdicts();
	padding();
	depth();
	mutations();
	reading();
	strings();
	numbers();
	errors();
	arena_release(&arena);
	json_doc_free(doc);
	return done();
}
