/*
 * recall: what was known of the person by then, beside each record; or, at a
 * prompt, what is known of one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/io/stream.h"
#include "driver/driver.h"
#include "recall/lookup.h"
#include "recall/personpage.h"
#include "recall/recall.h"
#include "record/pipeline.h"

enum { PAGE_BYTES = 1 << 20 };

struct recall {
	bool json, check;
	int64_t as_of;
	struct context_options context;
	const char *segments_path;
	struct segments *segments;
	struct recaller *recaller;
	struct record *record;
	struct pipeline pipeline;
	struct arena arena;
	bool look_up;
	const char *typed; /* of the look-up */
	struct str name; /* without a state: the key or id that it stands for */
	bool found; /* without a state */
	struct str person;
};

static const struct opt opts[] = {
	{ 0, "json", OPT_FLAG, offsetof(struct recall, json), NULL,
	    "look-up: one JSON object instead of a page", 0, 0, NULL },
	{ 0, "as-of", OPT_TIME, offsetof(struct recall, as_of), "TIME",
	    "look-up: only what was known at this time", 0, 0, NULL },
	{ 0, "open", OPT_DURATION, offsetof(struct recall, context.open),
	    "TIME",
	    "how long a conversation that waits for nobody stays open (default 7d)",
	    0, 0, NULL },
	{ 0, "half-life", OPT_DURATION,
	    offsetof(struct recall, context.half_life), "TIME",
	    "when a visit counts half in an interest (default 14d)", 0, 0,
	    NULL },
	{ 0, "present", OPT_DURATION, offsetof(struct recall, context.present),
	    "TIME", "how long the page last seen counts as open (default 15m)",
	    0, 0, NULL },
	{ 0, "segments", OPT_TEXT, offsetof(struct recall, segments_path),
	    "FILE", "put people into the segments of this file", 0, 0, NULL },
	{ 0, "check", OPT_FLAG, offsetof(struct recall, check), NULL,
	    "only check the file of segments", 0, 0, NULL },
	{ 0 },
};

static void
recall_defaults(void *self)
{
	struct recall *t = self;

	t->context = (struct context_options){
		.open = 7 * TIME_DAY,
		.half_life = 14 * TIME_DAY,
		.present = 15 * TIME_MINUTE,
	};
	t->as_of = TIME_NONE;
}

/* An operand is a look-up where it is no file but a name of somebody. */
static int
read_operands(struct run *r, struct recall *t, struct err *e)
{
	const char *first = run_operands(r)[0];

	if (t->check || first == NULL || access(first, F_OK) == 0 ||
	    str_is(str_of(first), "-"))
		return 0;
	t->look_up = true;
	t->typed = first;
	if (run_state(r) != NULL)
		return 0;
	t->name = lookup_name(str_of(first), run_config(r)->region, &t->arena);
	if (t->name.p == NULL)
		return err_set(e,
		    "%s: no such file, and without a state (-S) no address, "
		    "number, key or id of anybody",
		    first);
	return 0;
}

static int
read_segments(struct run *r, struct recall *t, struct err *e)
{
	if (t->segments_path == NULL)
		t->segments_path = run_config(r)->segments;
	if (t->segments_path == NULL)
		return t->check ? err_set(e,
				      "--check: no file of segments: give one "
				      "with --segments FILE, or with "
				      "segments: in the workspace file")
				: 0;
	t->segments = segments_read(t->segments_path, e);
	return t->segments == NULL ? -1 : 0;
}

static int
recall_open(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	if (t->context.half_life <= 0)
		return err_set(e, "--half-life: more than nothing, please");
	if (read_operands(r, t, e) != 0 || read_segments(r, t, e) != 0)
		return -1;
	t->record = record_new();
	t->pipeline.needs = "conversation";
	t->recaller = recaller_new(run_state(r), &t->context, t->segments);
	return 0;
}

static enum stage_result
recall_line(struct run *r, void *self, struct str line, struct err *e)
{
	struct recall *t = self;

	if (record_parse(t->record, line, e) != 0 ||
	    pipeline_see(&t->pipeline, t->record, e) != 0)
		return STAGE_REJECT;
	if (recaller_record(t->recaller, t->record, e) != 0)
		return STAGE_FATAL;
	if (record_write(t->record, run_out(r), e) != 0)
		return STAGE_REJECT;
	return run_commit(r, e) == 0 ? STAGE_OK : STAGE_FATAL;
}

static void
recall_foresee(void *self, struct str next)
{
	recaller_foresee(((struct recall *)self)->recaller, next);
}

/* The look-up. */

static bool
recall_wants_go(void *self)
{
	return ((struct recall *)self)->look_up ||
	       ((struct recall *)self)->check;
}

/* Does the record tell whose the name is? */
static bool
names_it(struct recall *t, struct record *r)
{
	struct evidence_list list;

	if (str_eq(record_str(r, "person"), t->name) ||
	    str_eq(record_str(r, "conversation"), t->name) ||
	    str_eq(record_str(r, "id"), t->name))
		return true;
	if (record_get(r, "quarantine").doc != NULL)
		return false;
	evidence_read(r, &list);
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].trust != TRUST_MENTIONED &&
		    str_eq(key_notation(list.v[i].type, list.v[i].value,
			       record_arena(r)),
			t->name))
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
read_line(struct run *r, struct recall *t, struct input *in,
    enum input_result got, struct str line, struct err *e)
{
	struct err why;
	char at[24];

	if (line.n == 0)
		return 0;
	run_count_in(r);
	if (got == INPUT_LONG)
		err_set(&why, "longer than --max-line");
	else if (record_parse(t->record, line, &why) == 0) {
		take(t, t->record);
		return 0;
	}
	snprintf(at, sizeof(at), "%" PRIu64, input_lines(in));
	return run_reject(
	    r, str_of(input_name(in)), str_of(at), why.msg, line, e);
}

static int
read_stream(struct run *r, struct recall *t, const char *path, struct err *e)
{
	struct input *in = input_open(path, run_max_line(r), e);
	enum input_result got = INPUT_FAIL;
	struct str line;

	while (in != NULL && (got = input_line(in, &line, e)) > 0)
		if (read_line(r, t, in, got, line, e) < 0) {
			got = INPUT_FAIL;
			break;
		}
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
		return recaller_find(t->recaller, str_of(t->typed),
		    run_config(r)->region, t->as_of, out, e);
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
	recaller_members(t->recaller, k, as_of, &w);
	write_object_end(&w);
}

static void
write_page(struct run *r, struct recall *t, struct known *k,
    const struct str *aliases, size_t n, int64_t now)
{
	struct writer w;
	struct buf b;

	buf_init(&b, PAGE_BYTES);
	write_init(&w, &b);
	write_object(&w);
	recaller_members(t->recaller, k, now, &w);
	write_object_end(&w);
	person_page_write(run_out(r), &(struct person_page){ buf_str(&b),
					  context_person(k), aliases, n, now });
	buf_release(&b);
}

static void
tell_nobody(struct run *r, const struct recall *t)
{
	bool national = run_config(r)->region == NULL &&
			lookup_is_national(str_of(t->typed));

	diag(DIAG_NOTE, NULL, "%s: nobody is known by that%s", t->typed,
	    national ? "; for a national number, name its country with region: "
		       "in the workspace file (-C), or write it with + and "
		       "the country's code"
		     : "");
	run_gate(r);
}

static int
look_up(struct run *r, struct recall *t, struct err *e)
{
	int64_t now = t->as_of != TIME_NONE ? t->as_of : run_now(r);
	struct str *aliases;
	struct known *k;
	size_t n;

	if (find(r, t, &k, e) != 0)
		return -1;
	if (k == NULL) {
		tell_nobody(r, t);
		return 0;
	}
	if (recaller_aliases(t->recaller, context_person(k), &t->arena,
		&aliases, &n, e) != 0)
		return -1;
	if (t->json) {
		write_json(r, t, k, aliases, n, now);
		return run_commit(r, e);
	}
	write_page(r, t, k, aliases, n, now);
	return run_commit_text(r, e);
}

static int
recall_go(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	if (!t->check)
		return look_up(r, t, e);
	buf_printf(run_out(r), "%s: %zu segments, all good\n", t->segments_path,
	    segments_count(t->segments));
	return run_commit_text(r, e);
}

/* Conditions that raised errors did not hold: once each, with how often. */
static int
recall_end(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;
	struct segment_trouble x;
	size_t next = 0;

	(void)r, (void)e;
	if (pipeline_lacks(&t->pipeline))
		diag(DIAG_WARN, NULL,
		    "no record has a conversation: run them through "
		    "kith identify and kith merge first");
	while (t->segments != NULL && segments_trouble(t->segments, &next, &x))
		diag(DIAG_WARN, t->segments_path,
		    "segment %.*s did not hold for %" PRIu64
		    " records because its condition fails: %s",
		    STR_ARG(x.name), x.count, x.what);
	return 0;
}

static void
recall_close(void *self)
{
	struct recall *t = self;

	recaller_free(t->recaller);
	segments_free(t->segments);
	record_free(t->record);
	arena_release(&t->arena);
}

const struct tool tool = {
	.name = "recall",
	.about = "add what was known of the person by then; look people up",
	.operands = "[FILE ...] | WHO [FILE ...]",
	.opts = opts,
	.size = sizeof(struct recall),
	.defaults = recall_defaults,
	.open = recall_open,
	.line = recall_line,
	.foresee = recall_foresee,
	.go = recall_go,
	.end = recall_end,
	.close = recall_close,
	.wants_go = recall_wants_go,
};
