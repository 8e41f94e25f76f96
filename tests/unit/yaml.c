#include "core/io/yaml.h"

#include "core/buf.h"
#include "tap.h"

static struct yaml *
good(const char *text)
{
	struct err e = { 0 };
	struct yaml *y = yaml_parse("t.yaml", str_of(text), &e);

	if (!ok(y != NULL, "is read"))
		printf("# %s\n", e.msg);
	return y;
}

static void
bad_str(struct str text, const char *want)
{
	struct err e = { 0 };
	struct yaml *y = yaml_parse("t.yaml", text, &e);

	ok(y == NULL, "is refused");
	is_str(str_of(e.msg), want, want);
	yaml_free(y);
}

static void
bad(const char *text, const char *want)
{
	bad_str(str_of(text), want);
}

static void
tree(void)
{
	struct yaml *y =
	    good("version: 1\n"
		 "teams:\n"
		 "  billing: {members: [ada, 'ben'], zone: \"a b\"}\n"
		 "text: |\n  one\n  two\n"
		 "none:\n");
	const struct yaml_node *r = yaml_root(y), *n;
	struct err e;

	is_int(yaml_kind(r), YAML_MAP, "a map");
	is_int((int64_t)yaml_count(r), 4, "of four");
	is_str(yaml_text(yaml_get(r, "version")), "1", "scalar");
	ok(yaml_plain(yaml_get(r, "version")), "plain");
	n = yaml_get(yaml_get(yaml_get(r, "teams"), "billing"), "members");
	is_int(yaml_kind(n), YAML_LIST, "a list");
	is_int(yaml_line(n), 3, "line");
	is_int(yaml_column(n), 22, "column");
	is_str(yaml_text(yaml_at(n, 1)), "ben", "item");
	ok(!yaml_plain(yaml_at(n, 1)), "quoted");
	is_str(yaml_text(yaml_get(r, "text")), "one\ntwo\n", "block");
	is_str(yaml_text(yaml_get(r, "none")), "", "nothing");
	is_str(yaml_text(yaml_key(r, 1)), "teams", "key");
	is_int(yaml_line(yaml_key(r, 2)), 4, "line of a key");
	ok(yaml_get(r, "x") == NULL && yaml_get(NULL, "x") == NULL, "missing");
	ok(yaml_at(n, 2) == NULL && yaml_count(NULL) == 0, "past the end");
	is_str(yaml_text(n), NULL, "a list has no text");
	yaml_fail(&e, y, yaml_at(n, 1), "no %s", "good");
	is_str(str_of(e.msg), "t.yaml:3:28: no good", "place of an error");
	yaml_free(y);
}

static void
aliases(void)
{
	struct yaml *y = good("a: &x [1, 2]\nb: *x\n");
	const struct yaml_node *r = yaml_root(y);

	ok(yaml_get(r, "a") == yaml_get(r, "b"), "an alias shares the node");
	yaml_free(y);
	bad("a: *x\n", "t.yaml:1:4: no such anchor stands above");
	bad("a: &x [1, *x]\n",
	    "t.yaml:1:11: an alias inside of what it stands for");
	bad("a: &a [x,x,x,x,x,x,x,x,x]\n"
	    "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
	    "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
	    "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
	    "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
	    "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
	    "t.yaml:6:14: the file has too many nodes once its aliases are "
	    "followed (at most 262144)");
}

static void
refused(void)
{
	struct yaml *y = good("");
	struct buf b;
	int i;

	ok(yaml_root(y) == NULL, "empty");
	yaml_free(y);
	y = good("# nothing\n");
	ok(yaml_root(y) == NULL, "only a comment");
	yaml_free(y);
	bad("a: 1\nb: 2\na: 3\n", "t.yaml:3:1: the key 'a' stands twice");
	bad("[a, b]: 1\n", "t.yaml:1:1: a key must be a word");
	bad("--- 1\n--- 2\n",
	    "t.yaml:2:1: a second document; one file holds one");
	bad("a: \xff\n", "t.yaml: not text in UTF-8");
	bad_str(STR("a: \0\n"), "t.yaml: not text in UTF-8");
	bad("a: [1, 2\nb: 3\n",
	    "t.yaml:3:1: not YAML: flow sequence without a closing bracket");
	bad("a: 'x\n",
	    "t.yaml:1:5: not YAML: single-quoted scalar without closing quote");
	bad("a: b: c\n",
	    "t.yaml:1:5: not YAML: invalid nested block mapping on the same line");
	buf_init(&b, 1 << 20);
	for (i = 0; i < 70; i++)
		buf_add_z(&b, "- ");
	bad(buf_cstr(&b), "t.yaml:1:129: nested too deep (at most 64 levels)");
	buf_reset(&b);
	for (i = 0; i < 60; i++)
		buf_add_z(&b, "- ");
	y = good(buf_cstr(&b));
	yaml_free(y);
	buf_release(&b);
}

static void
files(void)
{
	struct err e = { 0 };

	ok(yaml_read("/nonexistent/x.yaml", &e) == NULL, "no file");
	is_str(str_of(e.msg), "/nonexistent/x.yaml: No such file or directory",
	    "says so");
}

int
main(void)
{
	tree();
	aliases();
	refused();
	files();
	return done();
}
