#include "route/rules/check.h"

#include "core/io/yaml.h"
#include "route/work/work.h"

/* Who has left, at the line of `teams`. */
static int
check_state(
    const struct rules *r, const char *state, struct issues *is, struct err *e)
{
	const struct yaml_node *root = yaml_root(r->yaml), *at = root;
	struct map carried = { 0 };
	int rc = work_carried(state, &carried, e);

	for (size_t i = 0; i < yaml_count(root); i++)
		if (str_is(yaml_text(yaml_key(root, i)), "teams"))
			at = yaml_key(root, i);
	for (size_t i = 0; rc == 0 && i < carried.n; i++) {
		const struct map_entry *who = &carried.entries[i];
		struct err said;

		if (roster_has(&r->roster, who->key))
			continue;
		work_say_left(who->key, who->value, &said);
		issues_add_text(
		    is, false, yaml_line(at), yaml_column(at), said.msg);
	}
	map_release(&carried);
	return rc;
}

static void
write_issues(const char *path, const struct issues *is, struct buf *out)
{
	for (size_t i = 0; i < is->n; i++)
		buf_printf(out, "%s:%d:%d: %s: %s\n", path, is->v[i].line,
		    is->v[i].column, is->v[i].error ? "error" : "warning",
		    is->v[i].text);
	if (is->errors + is->warnings > is->n)
		buf_printf(out, "%s: %zu more\n", path,
		    is->errors + is->warnings - is->n);
}

int
check(const char *path, const char *state, struct sink *out, struct err *e)
{
	struct issues is = { 0 };
	struct rules *r = rules_read(path, &is, e);
	int rc;

	if (r != NULL) {
		rules_lint(r, &is);
		if (state != NULL && check_state(r, state, &is, e) != 0) {
			rules_free(r);
			issues_release(&is);
			return -1;
		}
	}
	write_issues(path, &is, sink_out(out));
	if (sink_commit_text(out, e) != 0)
		rc = -1;
	else if (is.errors > 0)
		rc = err_set(e, "%s: %zu error%s", path, is.errors,
		    is.errors == 1 ? "" : "s");
	else
		rc = is.warnings > 0;
	rules_free(r);
	issues_release(&is);
	return rc;
}
