#include "route/actline.h"

#include "core/time.h"
#include "core/hash.h"
#include "people/acts.h"
#include "people/links.h"
#include "record/act.h"

enum { ONE = 1, MANY = 2 };

/* What each act is about, and how many of them. */
static const struct {
	const char *prefixes, *what;
	int n;
} about[ACT_KINDS] = {
	[ACT_DONE] = { "c", "a conversation", ONE },
	[ACT_REOPEN] = { "c", "a conversation", ONE },
	[ACT_SNOOZE] = { "c", "a conversation", ONE },
	[ACT_ASSIGN] = { "c", "a conversation", ONE },
	[ACT_LET_IN] = { "m", "a record", ONE },
	[ACT_SAME] = { NULL, "keys or ids of people or messages", MANY },
	[ACT_DIFFERENT] = { NULL, "keys or ids of people or messages", MANY },
	[ACT_JOIN] = { "c", "conversations", MANY },
	[ACT_PART] = { "c", "conversations", MANY },
	[ACT_SEEN] = { "", "an alert", ONE },
};

static enum act_kind
kind_of(const char *typed, struct err *e)
{
	enum act_kind kind = act_named(str_of(typed));

	if (kind == ACT_NONE)
		err_set(e,
		    "--act must be one of done, reopen, snooze, assign, "
		    "letIn, same, different, join, part, seen; it is \"%s\"",
		    typed);
	return kind;
}

static int
read_what(enum act_kind kind, struct str typed, struct arena *a,
    struct str *out, struct err *e)
{
	const char *prefixes = about[kind].prefixes;
	struct link_name name;

	*out = typed;
	if (prefixes == NULL) {
		if (link_name_read(typed, &name, a) != 0)
			return err_set(e,
			    "%.*s is no key such as email:a@example.org, and "
			    "no id of a person or message",
			    STR_ARG(typed));
		*out = name.s;
		return 0;
	}
	if (*prefixes != '\0' && !id_is(typed, prefixes))
		return err_set(e, "%.*s is not the id of %s", STR_ARG(typed),
		    kind == ACT_LET_IN ? "a record (m...)"
				       : "a conversation (c...)");
	return 0;
}

/* Are there those options that it needs, and no others? */
static int
check_options(const struct actline *o, enum act_kind kind, struct err *e)
{
	const char *name = act_name(kind);

	if ((kind == ACT_SNOOZE) != (o->until != 0))
		return err_set(e,
		    kind == ACT_SNOOZE
			? "--act %s needs --until TIME: when it waits again"
			: "--act %s has no --until",
		    name);
	if (kind == ACT_SNOOZE && o->until <= o->now)
		return err_set(e, "--until must be later than now");
	if ((kind == ACT_ASSIGN) != (o->assignee != NULL || o->team != NULL))
		return err_set(e,
		    kind == ACT_ASSIGN
			? "--act %s needs --assignee NAME or --team NAME"
			: "--act %s has no --assignee and no --team",
		    name);
	return 0;
}

static struct str
given(const char *s)
{
	return s == NULL ? STR_NONE : str_of(s);
}

static int
write_line(
    const struct actline *o, char *const *what, struct buf *out, struct err *e)
{
	struct act_words w = { .kind = kind_of(o->act, e),
		.assignee = given(o->assignee),
		.team = given(o->team),
		.note = given(o->note),
		.by = given(o->by),
		.at = o->now,
		.until = o->until == 0 ? TIME_NONE : o->until };
	struct arena a = { 0 };
	struct str *list;
	int rc = 0;

	if (w.kind == ACT_NONE || check_options(o, w.kind, e) != 0)
		return -1;
	while (what[w.n] != NULL)
		w.n++;
	if (w.n < (size_t)about[w.kind].n ||
	    (about[w.kind].n == ONE && w.n > 1) || w.n > ACT_NAMES)
		return err_set(e, "--act %s needs %s%s", o->act,
		    about[w.kind].n == ONE ? "the id of " : "two or more ",
		    about[w.kind].what);
	list = arena_calloc(&a, w.n, sizeof(*list));
	for (size_t i = 0; rc == 0 && i < w.n; i++)
		rc = read_what(w.kind, str_of(what[i]), &a, &list[i], e);
	w.what = list;
	if (rc == 0) {
		act_write(out, &w);
		buf_add_char(out, '\n');
	}
	arena_release(&a);
	return rc;
}

int
actline_give(const struct actline *o, char *const *what, const char *state,
    struct sink *out, struct err *e)
{
	struct buf *line = sink_out(out);

	if (write_line(o, what, line, e) != 0 ||
	    (state != NULL && acts_keep(state, buf_str(line), e) != 0))
		return -1;
	return sink_commit_text(out, e);
}
