/*
 * recall: what was known of the person by then, beside each record; or, at a
 * prompt, what is known of one.
 */
#include <stdio.h>
#include <unistd.h>

#include "core/driver.h"
#include "core/stream.h"
#include "identity/page.h"
#include "identity/recaller.h"

struct recall {
	bool json;
	int64_t as_of, open;
	struct recaller *recaller;
	struct record *record;
	struct arena arena;
	bool look_up;
	struct link_name name; /* of the look-up */
	bool found; /* without a state */
	struct str person;
};

static const struct opt opts[] = {
	{ 0, "json", OPT_FLAG, offsetof(struct recall, json), NULL,
	    "look-up: one JSON object instead of a page", 0, 0, NULL },
	{ 0, "as-of", OPT_TIME, offsetof(struct recall, as_of), "TIME",
	    "look-up: only what was known at this time", 0, 0, NULL },
	{ 0, "open", OPT_DURATION, offsetof(struct recall, open), "TIME",
	    "how long a conversation that waits for nobody stays open (7d)", 0,
	    0, NULL },
	{ 0 },
};

static void
recall_defaults(void *self)
{
	struct recall *t = self;

	t->open = 7 * TIME_DAY;
	t->as_of = TIME_NONE;
}

static bool
is_id(struct str s, char prefix)
{
	return s.n == ID_SIZE - 1 && s.p[0] == prefix && str_chr(s, '.') < 0;
}

/* An operand is a look-up where it is no file but a name of somebody. */
static int
read_operands(struct run *r, struct recall *t, struct err *e)
{
	const char *first = run_operands(r)[0];

	if (first == NULL || access(first, F_OK) == 0 ||
	    str_is(str_of(first), "-"))
		return 0;
	t->look_up = true;
	if (is_id(str_of(first), 'c')) {
		t->name = (struct link_name){ LINK_MESSAGE, str_of(first) };
		return 0;
	}
	if (link_name_read(str_of(first), &t->name, &t->arena) != 0)
		return err_set(e,
		    "%s: no such file, and no address, key or id of anybody",
		    first);
	return 0;
}

static int
recall_open(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	if (read_operands(r, t, e) != 0)
		return -1;
	t->record = record_new();
	t->recaller = recaller_new(run_state(r), t->open);
	return 0;
}

static enum stage_result
recall_line(struct run *r, void *self, struct str line, struct err *e)
{
	struct recall *t = self;

	if (record_parse(t->record, line, e) != 0)
		return STAGE_REJECT;
	if (recaller_record(t->recaller, t->record, e) != 0)
		return STAGE_FATAL;
	if (record_write(t->record, run_out(r), e) != 0)
		return STAGE_REJECT;
	return run_commit(r, e) == 0 ? STAGE_OK : STAGE_FATAL;
}

/* The look-up. */

static bool
recall_wants_go(void *self)
{
	return ((struct recall *)self)->look_up;
}

/* Does the record tell whose the name is? */
static bool
names_it(struct recall *t, struct record *r)
{
	struct evidence_list list;

	if (str_eq(record_str(r, "person"), t->name.s) ||
	    str_eq(record_str(r, "conversation"), t->name.s) ||
	    str_eq(record_str(r, "id"), t->name.s))
		return true;
	if (t->name.kind != LINK_KEY || record_get(r, "quarantine").doc != NULL)
		return false;
	evidence_read(r, &list);
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].trust != TRUST_MENTIONED &&
		    str_eq(key_notation(list.v[i].type, list.v[i].value,
			       record_arena(r)),
			t->name.s))
			return true;
	return false;
}

/* One record of a stream without a state. */
static void
take(struct recall *t, struct record *r)
{
	struct str person = record_str(r, "person");
	int64_t at = record_time(r);
	struct evidence_list list;
	bool proven = false;

	if (person.p == NULL ||
	    (t->as_of != TIME_NONE && at != TIME_NONE && at > t->as_of))
		return;
	recaller_learn(t->recaller, r);
	if (!names_it(t, r))
		return;
	evidence_read(r, &list);
	for (size_t i = 0; i < list.n; i++)
		proven |= trust_joins(list.v[i].trust);
	/* Who has the key comes before who only claims it. */
	if (t->person.p == NULL || (proven && !t->found))
		t->person = arena_dup(&t->arena, person);
	t->found |= proven;
}

static int
read_stream(struct run *r, struct recall *t, const char *path, struct err *e)
{
	struct input *in = input_open(path, run_max_line(r), e);
	enum input_result got = INPUT_FAIL;
	struct str line;
	struct err why;

	while (in != NULL && (got = input_line(in, &line, e)) > 0)
		if (got == INPUT_LINE &&
		    record_parse(t->record, line, &why) == 0)
			take(t, t->record);
	input_close(in);
	return got == INPUT_END ? 0 : -1;
}

static int
read_streams(struct run *r, struct recall *t, struct err *e)
{
	char *const *files = run_operands(r) + 1;

	if (*files == NULL)
		return read_stream(r, t, "-", e);
	for (; *files != NULL; files++)
		if (read_stream(r, t, *files, e) != 0)
			return -1;
	return 0;
}

static int
find(struct run *r, struct recall *t, struct known **out, struct err *e)
{
	if (run_state(r) != NULL)
		return recaller_find(t->recaller, t->name, t->as_of, out, e);
	*out = NULL;
	if (read_streams(r, t, e) != 0)
		return -1;
	if (t->person.p != NULL)
		*out = context_get(recaller_context(t->recaller), t->person);
	return 0;
}

static void
write_json(struct run *r, struct recall *t, struct known *k,
    const struct str *aliases, size_t n, int64_t as_of)
{
	struct writer w;

	write_init(&w, run_out(r));
	write_object(&w);
	write_member(&w, "person", context_person(k));
	if (n > 0) {
		write_key(&w, "aliases");
		write_list(&w);
		for (size_t i = 0; i < n; i++)
			write_str(&w, aliases[i]);
		write_list_end(&w);
	}
	context_members(recaller_context(t->recaller), k, as_of, &w);
	write_object_end(&w);
}

static int
recall_go(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;
	int64_t now = t->as_of != TIME_NONE ? t->as_of : run_now(r);
	struct str *aliases;
	struct known *k;
	size_t n;

	if (find(r, t, &k, e) != 0)
		return -1;
	if (k == NULL) {
		run_gate(r);
		return 0;
	}
	if (recaller_aliases(t->recaller, context_person(k), &t->arena,
		&aliases, &n, e) != 0)
		return -1;
	if (t->json) {
		write_json(r, t, k, aliases, n, now);
		return run_commit(r, e);
	}
	person_page_write(
	    run_out(r), recaller_context(t->recaller), k, aliases, n, now, now);
	return run_commit_text(r, e);
}

static void
recall_close(void *self)
{
	struct recall *t = self;

	recaller_free(t->recaller);
	record_free(t->record);
	arena_release(&t->arena);
}

const struct tool tool = {
	.name = "recall",
	.about = "what was known of the person by then",
	.operands = "[FILE ...] | KEY|PERSON|CONVERSATION|MESSAGE [FILE ...]",
	.opts = opts,
	.size = sizeof(struct recall),
	.defaults = recall_defaults,
	.open = recall_open,
	.line = recall_line,
	.go = recall_go,
	.close = recall_close,
	.wants_go = recall_wants_go,
};
