#include "jq/expr.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "tap.h"

static struct buf out;
static struct err e;

static const char *
run(const char *program, const char *input)
{
	struct expr *x = expr_new("rules.yaml", 9, 4, str_of(program), &e);
	ptrdiff_t n = -1;

	buf_reset(&out);
	if (x != NULL)
		n = expr_run(x, str_of(input), &out, &e);
	expr_free(x);
	return n < 0 ? e.msg : buf_cstr(&out);
}

static void
results(void)
{
	static const char *const cases[][3] = {
		{ ".a", "{\"a\":{\"b\":[1,2.5,\"x\"]}}",
		    "{\"b\":[1,2.5,\"x\"]}\n" },
		{ ".[]", "[1,2]", "1\n2\n" },
		{ "empty", "1", "" },
		{ ".a # a comment", "{\"a\":1}", "1\n" },
		{ "$ENV", "1", "{}\n" },
		{ "env", "1", "{}\n" },
		{ "[env.HOME, $ENV.HOME]", "1", "[null,null]\n" },
		{ ". as $ENV | $ENV", "1", "1\n" },
		{ "def f: $ENV; [f | length], env", "1", "[0]\n{}\n" },
		{ "{now: 1, input: 2, import: 3, stderr}", "{\"stderr\":4}",
		    "{\"now\":1,\"input\":2,\"import\":3,\"stderr\":4}\n" },
		{ ".now + .input", "{\"now\":1,\"input\":2}", "3\n" },
		{ "def input: 7; input", "1", "7\n" },
		{ "\"now\"", "1", "\"now\"\n" },
		/* The same with a libjq that keeps the digits, and without. */
		{ ".a == 9007199254740992", "{\"a\":9007199254740993}",
		    "true\n" },
		{ "[.a, 9007199254740993, 1.50, .5e1]",
		    "{\"a\":9007199254740993}",
		    "[9007199254740992,9007199254740992,1.5,5]\n" },
		{ "\"\\(9007199254740993 - 0) \\(1.50)\"", "1",
		    "\"9007199254740992 1.5\"\n" },
		{ "{a: 9007199254740993} | tojson", "1",
		    "\"{\\\"a\\\":9007199254740992}\"\n" },
		{ "map(tonumber? // fromjson)",
		    "[\"9007199254740993\",\"[9007199254740993]\"]",
		    "[9007199254740992,[9007199254740992]]\n" },
		{ "\"\\(.a) now\"", "{\"a\":1}", "\"1 now\"\n" },
		{ "test(\"r.fund\"; \"i\")", "\"a ReFund\"", "true\n" },
		{ ".", "12345678901234567890", "12345678901234567000\n" },
		{ "error(\"no\")", "1", "rules.yaml: no" },
		{ "error({a:1})", "1", "rules.yaml: {\"a\":1}" },
		{ ".a.b", "{\"a\":1}",
		    "rules.yaml: Cannot index number with string \"b\"" },
		{ ".", "{",
		    "rules.yaml: the input is no JSON to jq: "
		    "Unfinished JSON term at EOF at line 1, column 1 "
		    "(while parsing '{')" },
		{ "[now]", "1", "rules.yaml:10:6: a program sees no clock" },
		{ "[1, now, 2]", "1",
		    "rules.yaml: now: a program sees no clock" },
		{ "range(200000)", "1",
		    "rules.yaml: more than 100000 results" },
		{ "reduce range(300) as $i (1; [.])", "1",
		    "rules.yaml: a result is nested deeper than 256" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_str(str_of(run(cases[i][0], cases[i][1])), cases[i][2],
		    cases[i][0]);
}

/* libjq 1.6 lets blanks stand behind the sign, 1.7 does not. */
static void
apart(void)
{
	struct str got = str_of(run("$ ENV.HOME", "1"));

	ok(str_is(got, "null\n") ||
		str_eq(got, STR("rules.yaml:10:7: unexpected ENV")),
	    "no environment behind a blank either");
}

static void
compile_errors(void)
{
	static const char *const cases[][2] = {
		{ ".a |", "10:9: the program ends too early" },
		{ ".a |\n ", "11:2: the program ends too early" },
		{ "foo", "10:5: foo/0 is not defined" },
		{ ".foo and\n  (.b | foo(1))", "11:9: foo/1 is not defined" },
		{ ".a + $x", "10:10: $x is not defined" },
		{ "1 + * 2", "10:9: unexpected *" },
		{ ".a ==\n== 2", "11:1: unexpected ==" },
		{ "if .a then 1", "10:17: the program ends too early" },
		{ "{\"a\":1", "10:11: the program ends too early" },
		{ "\"abc", "10:9: the program ends too early" },
		{ "\"abc\\(1 2)\"", "10:13: unexpected 2" },
		{ ".a)", "10:7: unexpected )" },
		{ "import \"a\" as a; .", "10:5: a program sees no files" },
		{ ".a |\n input", "11:2: a program sees no input but its own" },
		{ "break $out", "10:11: $*label-out is not defined" },
		{ "\"\\(now)\"", "10:8: a program sees no clock" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *msg = run(cases[i][0], "1");
		struct str got = str_of(msg), file = STR("rules.yaml:");

		if (str_starts(got, file))
			got = str_sub(got, file.n, got.n);
		is_str(got, cases[i][1], cases[i][0]);
	}
	ok(expr_new("x", 0, 0, STR(".\0."), &e) == NULL, "a NUL");
	is_str(str_of(e.msg), "x:1:2: a NUL in the program", "where it is");
}

static void
bounds(void)
{
	struct expr *x = expr_new("x", 0, 0,
	    STR("if . == 1 then def f: f; f elif . == 2 then "
		"[range(1000000000)] | length else . end"),
	    &e);

	ok(x != NULL, "a program that may not end");
	is_int(expr_run(x, STR("1"), &out, &e), -1, "it is stopped");
	is_str(str_of(e.msg), "x: the program took longer than 2000 ms",
	    "and says so");
	buf_reset(&out);
	is_int(expr_run(x, STR("3"), &out, &e), 1, "and runs again");
	is_str(buf_str(&out), "3\n", "as it should");
	expr_free(x);
}

/* Another thread asks for the environment all the while. */
static void *
ask(void *arg)
{
	atomic_int *state = arg;
	int lost = 0;

	while (atomic_load(state) != 2)
		lost += getenv("SECRET") == NULL ||
			!str_ends(str_of(getenv("HOME")), STR("/home"));
	atomic_store(state, lost > 0 ? -1 : 1);
	return NULL;
}

/* Nothing comes from ~/.jq, and nobody's environment is touched. */
static void
home(void)
{
	char dir[] = "/tmp/kith-jq.XXXXXX", path[64];
	atomic_int state = 0;
	pthread_t thread;
	FILE *f;

	ok(mkdtemp(dir) != NULL && chdir(dir) == 0 && mkdir("home", 0700) == 0,
	    "a home");
	snprintf(path, sizeof(path), "%s/home", dir);
	f = fopen("home/.jq", "w");
	fputs("def length: 99; def ours: 1;", f);
	fclose(f);
	setenv("HOME", path, 1);
	ok(pthread_create(&thread, NULL, ask, &state) == 0, "a thread");
	is_str(str_of(run("length", "[1]")), "1\n", "no definition replaced");
	is_str(str_of(run("ours", "[1]")),
	    "rules.yaml:10:5: ours/0 is not defined", "none added");
	is_str(str_of(run("env, $ENV", "1")), "{}\n{}\n", "no environment");
	atomic_store(&state, 2);
	pthread_join(thread, NULL);
	is_int(atomic_load(&state), 1, "the environment is everybody's");
	snprintf(path, sizeof(path), "rm -r %s", dir);
	ok(system(path) == 0, "cleaned up");
}

static void
tests(void)
{
	static const struct {
		const char *program;
		int want;
	} cases[] = { { "true", 1 }, { "false", 0 }, { "null", 0 }, { "0", 1 },
		{ "empty", 0 }, { "false, true", 0 }, { "error(\"x\")", -1 } };
	struct expr *x;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		x = expr_new("x", 0, 0, str_of(cases[i].program), &e);
		is_int(expr_test(x, STR("1"), &e), cases[i].want,
		    cases[i].program);
		is_int(expr_test(x, STR("1"), &e), cases[i].want, "again");
		expr_free(x);
	}
	x = expr_later("x", 0, 0, false, STR("$a.b == . and $c == \"d\""),
	    (const char *[]){ "a", "{\"b\":1}", "c", "\"d\"", NULL }, &e);
	ok(x != NULL && expr_test(x, STR("1"), &e) == 1, "bound names");
	expr_free(x);
	x = expr_later(
	    "x", 0, 0, false, STR("."), (const char *[]){ "a", "{", NULL }, &e);
	ok(x == NULL, "a bound value that is no JSON");
}

static void
inputs(void)
{
	static const struct str programs[] = { { ".a == 1", 7 },
		{ ".a |= 2 | .a == 2", 17 }, { "error(\"no\")", 11 },
		{ "def f: .a; f == 1 # a", 21 } };
	static const struct str bad[][2] = { { { "1) , (2", 7 }, { "1", 1 } },
		{ { "1 (", 3 }, { ") 2", 3 } }, { { "1", 1 }, { "now", 3 } },
		{ { "1; def f: 2", 11 }, { "f", 1 } } };
	struct expr_input *in = expr_input_new();
	struct expr *x = expr_new_many("x", programs, 4, &e);
	struct json_doc *doc = json_doc_new();
	struct json v;

	expr_input_for(in, x);
	json_parse_copy(doc, STR("{\"a\":1}"), &v, &e);
	expr_input_set(in, v);
	is_int(expr_test_in(x, 0, in, &e), 1, "a shared input");
	is_int(expr_test_in(x, 1, in, &e), 1, "another program");
	is_int(expr_test_in(x, 0, in, &e), 1, "sees it as it came");
	is_int(expr_test_in(x, 2, in, &e), -1, "one that fails");
	is_str(str_of(e.msg), "x: no", "what it said");
	is_int(expr_test_in(x, 3, in, &e), 1, "one with a definition");
	json_parse_copy(doc, STR("{\"a\":2}"), &v, &e);
	expr_input_set(in, v);
	is_int(expr_test_in(x, 0, in, &e), 0, "the next one");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(expr_new_many("x", bad[i], 2, &e) == NULL,
		    "not whole by itself");
	expr_free(x);
	expr_input_free(in);
	json_doc_free(doc);
}

/* What a program says must not depend on how much of its input it is given. */
static void
same_of_part(struct expr *all, size_t i, struct str program,
    struct expr_input *whole, struct json v)
{
	struct expr_input *part = expr_input_new();
	struct expr *x = expr_new("x", 0, 0, program, &e);
	struct err why = { 0 }, other = { 0 };
	int want = expr_test_in(all, i, whole, &why);

	expr_input_for(part, x);
	expr_input_set(part, v);
	is_int(expr_test_in(all, i, part, &other), want, program.p);
	if (want < 0)
		is_str(str_of(other.msg), why.msg, program.p);
	expr_free(x);
	expr_input_free(part);
}

static void
parts(void)
{
	static const char *const programs[] = { ".a.b == 1", ".a.c.d",
		".t | length > 3", ".a[\"b\"] + .n > 2", ".l[.n]",
		".l[1:.n] | length == 1", "select(.n > 5) | .t == \"text\"",
		"has(\"n\") and (has(\"zz\") | not)", "length == 6", "{n} | .n",
		".n as $x | .l[$x]", ". as $x | $x.n", "any(.l[]; . == 3)",
		"if .n then .t else .a end", "\"\\(.t)\" == \"text\"",
		"\"\\(.)\" | length > 50", "getpath([\"a\",\"b\"])",
		".a |= 3 | .a", ".t.x", ".t.x? // .n", ".zz // .a | .b",
		"(. | .n)", ".[\"n\"]", "first(.l[]) == 1",
		"reduce .l[] as $i (0; . + $i) | . == 6", "def f: .n; f",
		"def f(x): x; f(.n)",
		"[.l | .[] | . * 2] | length == 3 and .[0] == 2",
		"(.l | length) > .n", ".n | . as $x | $x == 1", ".d == 2",
		"[limit(1; .l[])] == [1]", ".l | map(. + 1) | .[0]",
		"(.n and .t) | not", ".t | test(\"EX\"; \"i\")",
		"try .t.x catch .", "error(.t)", ".a # .t\n.b" };
	enum { COUNT = sizeof(programs) / sizeof(*programs) };
	struct expr_input *whole = expr_input_new();
	struct json_doc *doc = json_doc_new();
	struct str all[COUNT + 1];
	struct expr *x;
	struct json v;

	for (size_t i = 0; i < COUNT; i++)
		all[i] = str_of(programs[i]);
	all[COUNT] = STR("length");
	json_parse_copy(doc,
	    STR("{\"a\":{\"b\":1,\"c\":{\"d\":true}},\"n\":1,"
		"\"t\":\"text\",\"l\":[1,2,3],\"u\":null,\"d\":1,\"d\":2}"),
	    &v, &e);
	x = expr_new_many("x", all, COUNT + 1, &e);
	expr_input_for(whole, x);
	expr_input_set(whole, v);
	for (size_t i = 0; i < COUNT; i++)
		same_of_part(x, i, all[i], whole, v);
	expr_free(x);
	expr_input_free(whole);
	json_doc_free(doc);
}

static void
templates(void)
{
	static const char *const cases[][2] = {
		{ "Hello \\(.n),\nyour \"order\" \\n \\x 100%",
		    "Hello Anna,\nyour \"order\" \\n \\x 100%" },
		{ "\\(.n | ascii_upcase + \")\\(1+1)\" )!", "ANNA)2!" },
		{ "\\\\(.n) and \\(.o)", "\\(.n) and 12" },
		{ "", "" },
		{ "\\(.l[])", "t.md: the template gives more than one text" },
		{ "\\(empty)", "t.md: the template gives no text" },
		{ "a\nb \\(.n", "t.md:3:3: a \\( without its )" },
		{ "a\nb \\(.n |) c", "t.md:3:9: unexpected )" },
		{ "a\nb \"q\" \\(foo) c", "t.md:3:9: foo/0 is not defined" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct expr *x =
		    expr_template("t.md", 1, str_of(cases[i][0]), &e);
		int n = -1;

		buf_reset(&out);
		if (x != NULL)
			n = expr_render(x,
			    STR("{\"n\":\"Anna\",\"o\":12,\"l\":[1,2]}"), &out,
			    &e);
		is_str(n == 0 ? buf_str(&out) : str_of(e.msg), cases[i][1],
		    cases[i][0]);
		expr_free(x);
	}
}

/* Paths are filled in without libjq: with the same text as by it. */
static void
paths(void)
{
	static const char *const texts[] = {
		"Re: \\(.subject // \"your message\")",
		"\\(.from.name // \"there\"),\n\\( .from.name )",
		"\\(.from.name) \\( .n//\"\xc3\xa4\" ) \\\\(.n)",
		"\\(.from.name // .n) \\(.subject // \"a\\tb\")",
		"\\(._a9.and // \"\")|",
		"no hole",
	};
	static const char *const inputs[] = {
		"{\"subject\":\"a \\\"b\\\" \\u00e4\",\"from\":{\"name\":\"Ana\"}}",
		"{\"subject\":\"\",\"from\":\"x\",\"n\":12.50}",
		"{\"subject\":null,\"from\":{\"name\":false},\"n\":[1,2]}",
		"{\"subject\":{\"a\":1},\"from\":null,\"_a9\":{\"and\":\"y\"}}",
		"{\"from\":[1],\"subject\":\"a\",\"subject\":\"b\"}",
		"{}",
	};
	struct json_doc *d = json_doc_new();
	struct buf own;

	buf_init(&own, 1 << 20);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (size_t k = 0; k < sizeof(inputs) / sizeof(*inputs); k++) {
			struct expr_input *in = expr_input_new();
			struct expr *x =
			    expr_template("t.md", 0, str_of(texts[i]), &e);
			struct expr *other =
			    expr_template("t.md", 0, str_of(texts[i]), &e);
			struct json root;
			struct err jq;
			int n, m;

			if (x == NULL || other == NULL) {
				is_str(str_of(e.msg), "", texts[i]);
				continue;
			}
			expr_input_for(in, x);
			json_parse_copy(d, str_of(inputs[k]), &root, &e);
			expr_input_set(in, root);
			buf_reset(&own);
			buf_reset(&out);
			n = expr_render_in(x, in, &own, &e);
			m = expr_render(other, str_of(inputs[k]), &out, &jq);
			is_str(n == 0 ? buf_str(&own) : str_of(e.msg),
			    m == 0 ? buf_cstr(&out) : jq.msg, inputs[k]);
			expr_free(x);
			expr_free(other);
			expr_input_free(in);
		}
	buf_release(&own);
	json_doc_free(d);
}

int
main(void)
{
	setenv("SECRET", "s", 1);
	buf_init(&out, 64 << 20);
	results();
	apart();
	compile_errors();
	/* Two seconds of nothing else. */
	if (getenv("KITH_WHOLE") != NULL)
		bounds();
	home();
	tests();
	inputs();
	parts();
	templates();
	paths();
	buf_release(&out);
	return done();
}
