#include "route/cases.h"

#include "core/text/nearest.h"
#include "json/write.h"

enum { CASE_BYTES = 256 << 20 };

void
cases_open(struct cases *c, struct rules *rules)
{
	*c = (struct cases){ .rules = rules };
	c->line = json_doc_new();
	c->got = json_doc_new();
	c->record = record_new();
	buf_init(&c->text, CASE_BYTES);
	buf_init(&c->written, CASE_BYTES);
}

void
cases_close(struct cases *c)
{
	if (c->line == NULL)
		return;
	json_doc_free(c->line);
	json_doc_free(c->got);
	record_free(c->record);
	arena_release(&c->arena);
	buf_release(&c->text);
	buf_release(&c->written);
	*c = (struct cases){ 0 };
}

static bool
same_scalar(struct json got, struct json want, struct arena *a)
{
	if (json_type(got) != json_type(want))
		return false;
	if (json_type(got) == JSON_STRING)
		return str_eq(json_str(got, a), json_str(want, a));
	return str_eq(json_raw(got), json_raw(want));
}

/* Got: objects with `rule`; wanted: their names, in order. */
static bool
same_rules(struct json got, struct json want, struct arena *a)
{
	size_t i, n = json_count(want);

	if (json_type(want) != JSON_LIST || json_count(got) != n)
		return false;
	for (i = 0; i < n; i++)
		if (!same_scalar(
			json_get(json_at(got, i), "rule"), json_at(want, i), a))
			return false;
	return true;
}

/* The same strings in the same order; one may stand without brackets. */
static bool
same_list(struct json got, struct json want, struct arena *a)
{
	size_t i, n = json_type(want) == JSON_LIST ? json_count(want) : 1;

	if (json_type(got) != JSON_LIST || json_count(got) != n)
		return false;
	for (i = 0; i < n; i++)
		if (!same_scalar(json_at(got, i),
			json_type(want) == JSON_LIST ? json_at(want, i) : want,
			a))
			return false;
	return true;
}

static void
differ(struct buf *out, const char *name, struct json got, struct json want)
{
	bool none = json_type(got) == JSON_NONE;
	struct str raw = none ? STR("missing") : json_raw(got);

	buf_printf(out, "# %s: got %.*s, expected %.*s\n", name, STR_ARG(raw),
	    STR_ARG(
		json_type(want) == JSON_NULL ? STR("none") : json_raw(want)));
}

/* The differences go to out; their number. */
static size_t
compare(struct cases *c, struct json got, struct json want, struct buf *out)
{
	struct json_iter it = json_each(want);
	struct json key, value, is;
	size_t wrong = 0;
	bool same;

	if (json_type(want) == JSON_NULL || json_type(got) == JSON_NONE) {
		same =
		    json_type(want) == JSON_NULL && json_type(got) == JSON_NONE;
		if (!same)
			differ(out, "route", got, want);
		return !same;
	}
	while (json_next(&it, &key, &value)) {
		struct str name = json_str(key, &c->arena);

		is = json_get_str(got, name);
		if (json_type(value) == JSON_NULL)
			same = json_type(is) == JSON_NONE;
		else if (str_is(name, "rules"))
			same = same_rules(is, value, &c->arena);
		else if (str_is(name, "label"))
			same = same_list(is, value, &c->arena);
		else
			same = same_scalar(is, value, &c->arena);
		if (!same) {
			differ(out, arena_cstr(&c->arena, name), is, value);
			wrong++;
		}
	}
	return wrong;
}

/* Routes the records of a case; the last stays in c->record.  What went wrong
 * on the way goes to why. */
static int
replay(struct cases *c, struct json root, struct buf *why, struct err *e)
{
	struct json one = json_get(root, "record");
	struct json list = json_get(root, "records");
	size_t i, n = json_type(one) == JSON_OBJECT ? 1 : json_count(list);
	struct str text = json_str(json_get(root, "now"), &c->arena);
	int64_t now = TIME_NONE;
	struct route rt;
	int rc;

	if (text.p != NULL && time_parse(text, &now) != 0)
		return err_set(e,
		    "now: '%.*s' is no time such as 2026-05-01T12:00:00Z",
		    STR_ARG(text));
	if (n == 0)
		return err_set(e, "a case needs record or records");
	rc = route_open(
	    &rt, c->rules, NULL, &(struct route_when){ .now = now }, e);
	for (i = 0; rc == 0 && i < n; i++) {
		buf_reset(&c->text);
		buf_add_str(&c->text,
		    json_raw(json_type(one) == JSON_OBJECT ? one
							   : json_at(list, i)));
		rc = record_parse(c->record, buf_str(&c->text), e);
		if (rc == 0)
			rc = route_record(&rt, c->record, e);
	}
	if (rc == 0 && rt.failed > 0) {
		buf_printf(why, "# rule %.*s of line %d: its if fails: %s\n",
		    STR_ARG(rt.failed_rule->name), rt.failed_rule->line,
		    rt.failed_why.msg);
	}
	route_close(&rt);
	return rc;
}

/* Only members that a route can have are expected of it. */
static int
check_expected(struct cases *c, struct json want, struct err *e)
{
	static const char *const more[] = { "human", "label", "asks", "due",
		"calendar", "overdue", "handedFrom", "rules" };
	enum { MORE = sizeof(more) / sizeof(*more) };
	const char *names[WHATS + MORE], *near;
	struct json_iter it = json_each(want);
	struct json key, value;
	size_t i;

	memcpy(names, what_names, sizeof(what_names));
	memcpy(names + WHATS, more, sizeof(more));
	while (json_type(want) == JSON_OBJECT && json_next(&it, &key, &value)) {
		struct str name = json_str(key, &c->arena);

		for (i = 0; i < WHATS + MORE && !str_is(name, names[i]); i++)
			;
		if (i < WHATS + MORE)
			continue;
		near = nearest(name, names, WHATS + MORE);
		return err_set(e, "expect: a route has no '%.*s'%s%s%s",
		    STR_ARG(name), near == NULL ? "" : "; did you mean '",
		    near == NULL ? "" : near, near == NULL ? "" : "'?");
	}
	return 0;
}

static int
run(struct cases *c, struct str line, struct buf *out, struct err *e)
{
	struct json root, got, want;
	struct str name;
	struct buf why;
	size_t wrong;

	arena_reset(&c->arena);
	if (json_parse_copy(c->line, line, &root, e) != 0)
		return -1;
	want = json_get(root, "expect");
	if (json_type(want) != JSON_OBJECT && json_type(want) != JSON_NULL)
		return err_set(e, "a case needs expect");
	if (check_expected(c, want, e) != 0)
		return -1;
	name = json_str(json_get(root, "name"), &c->arena);
	buf_init(&why, CASE_BYTES);
	buf_reset(&c->written);
	if (replay(c, root, &why, e) != 0 ||
	    record_write(c->record, &c->written, e) != 0 ||
	    json_parse_copy(c->got, buf_str(&c->written), &got, e) != 0) {
		buf_release(&why);
		return -1;
	}
	wrong = why.n > 0;
	wrong += compare(c, json_get(got, "route"), want, &why);
	buf_printf(out, "%sok %zu - %.*s\n", wrong > 0 ? "not " : "",
	    ++c->count, STR_ARG(name));
	buf_add_str(out, buf_str(&why));
	buf_release(&why);
	c->failed += wrong > 0;
	return 0;
}

enum stage_result
cases_line(struct cases *c, struct sink *out, struct str line, struct err *e)
{
	if (run(c, line, sink_out(out), e) != 0)
		return err_prefix(e, "%s", sink_place(out));
	return sink_commit_text(out, e) != 0 ? STAGE_FATAL : STAGE_OK;
}

int
cases_end(struct cases *c, struct sink *out, struct err *e)
{
	buf_printf(sink_out(out), "1..%zu\n", c->count);
	return sink_commit_text(out, e);
}
