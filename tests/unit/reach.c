#include "jq/reach.h"

#include "core/buf.h"

#include "tap.h"

static struct buf out;

static void
show(const struct reach *r, struct str before, struct arena *a)
{
	for (const struct reach *m = r->below; m != NULL; m = m->next) {
		struct str path = arena_printf(
		    a, "%.*s.%.*s", STR_ARG(before), STR_ARG(m->name));

		if (m->all)
			buf_printf(&out, "%.*s ", STR_ARG(path));
		else
			show(m, path, a);
	}
}

static void
sees(const char *program, const char *want)
{
	struct reach r = { 0 };
	struct arena a = { 0 };

	buf_reset(&out);
	reach_add(&r, str_of(program), true, &a);
	if (r.all)
		buf_add_z(&out, "all");
	else
		show(&r, STR(""), &a);
	is_str(str_trim(buf_str(&out)), want, program);
	arena_release(&a);
}

int
main(void)
{
	char deep[2001];

	buf_init(&out, 1 << 20);
	sees(".a", ".a");
	sees(".data.total > 500", ".data.total");
	sees(".context.orders | length > 3", ".context.orders");
	sees("(.context.orders | length) > 3 and .text",
	    ".context.orders .text");
	sees(".a[0].b", ".a");
	sees(".a[\"b\"].c", ".a.b.c");
	sees(".\"a b\".c?.d", ".a b.c.d");
	sees(".a[.i]", ".a .i");
	sees(".a[.i:.j]", ".a .i .j");
	sees(".a, .a.b", ".a");
	sees(".a.b // .c", ".a.b .c");
	sees("\"x \\(.a | tostring) \\\\(.b)\" == .c", ".a .c");
	sees("select(.a) | .b", ".a .b");
	sees(".a | select(.b) | .c", ".a");
	sees("any(.a[]; .b == 1) or .c", ".a .c");
	sees("if .a then .b elif .c then .d else .e end", ".a .b .c .d .e");
	sees("[.a[] | select(.x)] | length", ".a");
	sees("has(\"a\") and (.b | not)", ".a .b");
	sees(".a as $x | .b > $x", ".a .b");
	sees(".a as [$x, $y] | .b", ".a .b");
	sees("1 + 1", "");
	sees(".a # .b", ".a");
	sees(".a | if . then .b else .c end | .d", ".a");
	/* What is not understood sees all. */
	sees(".", "");
	sees("..", "all");
	sees(".[]", "all");
	sees("(.).a", "all");
	sees("select(.a).b", "all");
	sees("length", "all");
	sees("{a}", "all");
	sees(". as $x | .a", "all");
	sees("def f: .; f", "all");
	sees(".a |= 1", "all");
	sees(".a | {b: 1}", "all");
	sees("keys | .[0]", "all");
	sees("has(.a)", "all");
	sees("any(. > 1)", "all");
	sees("\"\\(.)\"", "all");
	sees("[.]", "all");
	sees("(., .a) | .b", ".a .b");
	sees("(., .a) == 1", "all");
	sees("try .a", "all");
	sees(".a )", "all");
	sees("", "all");
	sees("\"", "all");
	memset(deep, '(', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	sees(deep, "all");
	buf_release(&out);
	return done();
}
