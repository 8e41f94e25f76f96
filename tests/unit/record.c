#include "record/record.h"

#include <stdio.h>

#include "json/write.h"
#include "tap.h"

static struct record *r;
static struct buf line, out;
static struct err e;

static int
parse(const char *text)
{
	buf_reset(&line);
	buf_add_z(&line, text);
	return record_parse(r, buf_str(&line), &e);
}

static struct str
written(void)
{
	buf_reset(&out);
	return record_write(r, &out, &e) == 0 ? buf_str(&out) : str_of(e.msg);
}

static void
reading(void)
{
	ok(parse("{\"id\":\"m1\",\"n\":1,\"i\\u0064\":\"m\\u0032\"}") == 0,
	    "a record");
	is_str(record_str(r, "id"), "m2", "of doubled names the last, decoded");
	is_str(record_str(r, "n"), NULL, "no string");
	is_str(record_str(r, "x"), NULL, "no such member");
	is_str(record_line(r),
	    "{\"id\":\"m1\",\"n\":1,\"i\\u0064\":\"m\\u0032\"}", "the line");
	ok(json_is(json_get(record_root(r), "id"), "m2"), "the root");
	is_int(parse("[1]"), -1, "a list is no record");
	is_str(str_of(e.msg),
	    "not a JSON object: exports go through kith ingest first",
	    "and says so");
	ok(record_get(r, "id").doc == NULL, "nothing is left of the last one");
	is_int(parse("{\"a\":1"), -1, "no JSON");
}

/* op: "name=JSON" puts, "-name" drops, several with spaces between. */
static void
apply(const char *ops)
{
	static char names[8][16];
	struct str rest = str_of(ops);

	for (int i = 0; rest.p != NULL; i++) {
		struct str op = str_split(&rest, ' ');
		bool drop = str_starts(op, STR("-"));
		ptrdiff_t eq = str_chr(op, '=');
		struct str name =
		    drop ? str_sub(op, 1, op.n) : str_sub(op, 0, (size_t)eq);

		snprintf(names[i], sizeof(names[i]), "%.*s", STR_ARG(name));
		if (drop)
			record_drop(r, names[i]);
		else
			record_put_raw(
			    r, names[i], str_sub(op, (size_t)eq + 1, op.n));
	}
}

static void
splicing(void)
{
	static const char *const cases[][3] = {
		{ "{\"a\":1,\"b\":2}", "c=3", "{\"a\":1,\"b\":2,\"c\":3}" },
		{ "{\"a\":1,\"b\":2}", "a=3", "{\"a\":3,\"b\":2}" },
		{ "{\"a\":1,\"b\":2}", "b=\"x\" a={}",
		    "{\"a\":{},\"b\":\"x\"}" },
		{ "{\"a\":1,\"b\":2}", "-a", "{\"b\":2}" },
		{ "{\"a\":1,\"b\":2}", "-b", "{\"a\":1}" },
		{ "{\"a\":1,\"b\":2}", "-a -b", "{}" },
		{ "{\"a\":1,\"b\":2}", "-a -b c=3", "{\"c\":3}" },
		{ "{\"a\":1,\"b\":2,\"c\":3}", "-b", "{\"a\":1,\"c\":3}" },
		{ "{\"a\":1,\"b\":2,\"c\":3}", "-a -b", "{\"c\":3}" },
		{ "{\"a\":1,\"b\":2,\"c\":3}", "-a -c", "{\"b\":2}" },
		{ "{\"a\":1,\"b\":2,\"c\":3}", "-b -c d=4",
		    "{\"a\":1,\"d\":4}" },
		{ "{}", "a=1", "{\"a\":1}" },
		{ "{ }", "a=1", "{\"a\":1 }" },
		{ "{ }", "-a", "{ }" },
		{ " { \"a\" : 1 , \"b\" : [ 2 ] } ", "a=9",
		    " { \"a\" : 9 , \"b\" : [ 2 ] } " },
		{ " { \"a\" : 1 , \"b\" : [ 2 ] } ", "b=9",
		    " { \"a\" : 1 , \"b\" : 9 } " },
		{ " { \"a\" : 1 , \"b\" : [ 2 ] } ", "c=9",
		    " { \"a\" : 1 , \"b\" : [ 2 ],\"c\":9 } " },
		{ " { \"a\" : 1 , \"b\" : [ 2 ] } ", "-a",
		    " { \"b\" : [ 2 ] } " },
		{ " { \"a\" : 1 , \"b\" : [ 2 ] } ", "-b", " { \"a\" : 1 } " },
		{ " { \"a\" : 1 } ", "-a c=2", " { \"c\":2 } " },
		{ "{\"a\":1,\"b\":2,\"a\":3}", "a=4", "{\"b\":2,\"a\":4}" },
		{ "{\"a\":1,\"b\":2,\"a\":3}", "-a", "{\"b\":2}" },
		{ "{\"a\":1,\"b\":2,\"\\u0061\":3}", "a=4",
		    "{\"b\":2,\"\\u0061\":4}" },
		{ "{\"b\":1}", "a=1 a=2", "{\"b\":1,\"a\":2}" },
		{ "{\"a\":1}", "-a a=2", "{\"a\":2}" },
		{ "{\"a\":1}", "a=2 -a", "{}" },
		{ "{\"b\":1}", "a=2 -a", "{\"b\":1}" },
		{ "{\"b\":1}", "a=2 -a a=3", "{\"b\":1,\"a\":3}" },
		{ "{\"n\":1.0e+00,\"s\":\"\\u00e9\\/\"}", "a=1",
		    "{\"n\":1.0e+00,\"s\":\"\\u00e9\\/\",\"a\":1}" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char name[160];

		snprintf(
		    name, sizeof(name), "%s with %s", cases[i][0], cases[i][1]);
		parse(cases[i][0]);
		apply(cases[i][1]);
		is_str(written(), cases[i][2], name);
		parse(cases[i][2]);
		apply(cases[i][1]);
		is_str(written(), cases[i][2], "a second pass is the same");
	}
}

static void
writing(void)
{
	struct writer *w;

	parse("{\"id\":\"m1\"}");
	is_str(written(), "{\"id\":\"m1\"}", "no change");
	w = record_put(r, "route");
	write_object(w);
	write_member(w, "queue", STR("billing"));
	write_object_end(w);
	record_put_end(r);
	record_put_str(r, "na\"me", STR("a\nb"));
	is_str(written(),
	    "{\"id\":\"m1\",\"route\":{\"queue\":\"billing\"},"
	    "\"na\\\"me\":\"a\\nb\"}",
	    "puts with the writer");
	is_str(record_put_get(r, "route"), "{\"queue\":\"billing\"}",
	    "what stands put");
	is_str(record_put_get(r, "id"), NULL, "nothing put");
	is_str(record_str(r, "route"), NULL, "reading shows the line");
}

static void
bounds(void)
{
	static char names[RECORD_PUTS + 1][8];
	struct buf small;

	buf_reset(&line);
	for (int i = 0; i <= RECORD_MEMBERS; i++) {
		buf_add_z(&line, i == 0 ? "{" : ",");
		buf_printf(&line, "\"m%d\":%d", i, i);
	}
	buf_add_z(&line, "}");
	is_int(record_parse(r, buf_str(&line), &e), -1, "too many members");
	is_str(str_of(e.msg),
	    "no record: more than 1024 members at the top level",
	    "and says so");
	parse("{\"a\":1}");
	for (int i = 0; i <= RECORD_PUTS; i++) {
		snprintf(names[i], sizeof(names[i]), "p%d", i);
		record_put_raw(r, names[i], STR("1"));
	}
	is_str(written(), "more than 32 members are put", "too many puts");
	parse("{\"a\":1}");
	buf_init(&small, 10);
	record_put_raw(r, "name", STR("1"));
	is_int(record_write(r, &small, &e), -1, "past the output's ceiling");
	buf_release(&small);
}

int
main(void)
{
	r = record_new();
	buf_init(&line, 1 << 20);
	buf_init(&out, 1 << 20);
	reading();
	splicing();
	writing();
	bounds();
	buf_release(&line);
	buf_release(&out);
	record_free(r);
	return done();
}
