/*
 * recall: what was known of the person by then, beside each record; or, at a
 * prompt, what is known of one.
 */
#include <inttypes.h>
#include <unistd.h>

#include "core/diag.h"
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
	struct run *run;
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
static bool
asks_for_somebody(const struct run *r, const void *self)
{
	const char *first = run_operands(r)[0];

	(void)self;
	return first != NULL && access(first, F_OK) != 0 &&
	       !str_is(str_of(first), "-");
}

static bool
asks_the_state(const struct run *r, const void *self)
{
	return asks_for_somebody(r, self) && run_state(r) != NULL;
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
	if (read_segments(r, t, e) != 0)
		return -1;
	t->run = r;
	t->record = record_new();
	t->pipeline.needs = "conversation";
	t->recaller = recaller_new(run_state(r), &t->context, t->segments);
	return 0;
}

static enum stage_result
recall_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct recall *t = self;

	if (record_parse(t->record, line, e) != 0 ||
	    pipeline_see(&t->pipeline, t->record, e) != 0)
		return STAGE_REJECT;
	if (recaller_record(t->recaller, t->record, e) != 0)
		return STAGE_FATAL;
	if (record_write(t->record, sink_out(out), e) != 0)
		return STAGE_REJECT;
	return sink_commit(out, e) == 0 ? STAGE_OK : STAGE_FATAL;
}

static void
recall_foresee(void *self, struct str next)
{
	recaller_foresee(((struct recall *)self)->recaller, next);
}

/* The look-up. */

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

static enum stage_result
stream_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct recall *t = self;

	(void)out;
	if (record_parse(t->record, line, e) != 0)
		return STAGE_REJECT;
	take(t, t->record);
	return STAGE_OK;
}

static void
write_json(struct recall *t, struct sink *out, struct known *k,
    const struct str *aliases, size_t n, int64_t as_of)
{
	struct writer w;

	write_init(&w, sink_out(out));
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
write_page(struct recall *t, struct sink *out, struct known *k,
    const struct str *aliases, size_t n, int64_t now)
{
	struct writer w;
	struct buf b;

	buf_init(&b, PAGE_BYTES);
	write_init(&w, &b);
	write_object(&w);
	recaller_members(t->recaller, k, now, &w);
	write_object_end(&w);
	person_page_write(
	    sink_out(out), &(struct person_page){ buf_str(&b),
			       context_person(k), aliases, n, now });
	buf_release(&b);
}

static void
tell_nobody(const struct recall *t)
{
	bool national = run_config(t->run)->region == NULL &&
			lookup_is_national(str_of(t->typed));

	diag(DIAG_NOTE, NULL, "%s: nobody is known by that%s", t->typed,
	    national ? "; for a national number, name its country with region: "
		       "in the workspace file (-C), or write it with + and "
		       "the country's code"
		     : "");
	run_gate(t->run);
}

static int
write_known(struct recall *t, struct sink *out, struct known *k, struct err *e)
{
	int64_t now = t->as_of != TIME_NONE ? t->as_of : run_now(t->run);
	struct str *aliases;
	size_t n;

	if (k == NULL) {
		tell_nobody(t);
		return 0;
	}
	if (recaller_aliases(t->recaller, context_person(k), &t->arena,
		&aliases, &n, e) != 0)
		return -1;
	if (t->json) {
		write_json(t, out, k, aliases, n, now);
		return sink_commit(out, e);
	}
	write_page(t, out, k, aliases, n, now);
	return sink_commit_text(out, e);
}

/* Conditions that raised errors did not hold: once each, with how often. */
static int
recall_end(void *self, struct sink *out, struct err *e)
{
	struct recall *t = self;
	struct segment_trouble x;
	size_t next = 0;

	(void)out, (void)e;
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

/* WHO, from a stream. */
static int
stream_open(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	t->typed = run_take_operand(r);
	t->name =
	    lookup_name(str_of(t->typed), run_config(r)->region, &t->arena);
	if (t->name.p == NULL)
		return err_set(e,
		    "%s: no such file, and without a state (-S) no address, "
		    "number, key or id of anybody",
		    t->typed);
	return 0;
}

static int
stream_end(void *self, struct sink *out, struct err *e)
{
	struct recall *t = self;
	struct known *k =
	    t->person.p == NULL
		? NULL
		: context_get(recaller_context(t->recaller), t->person);

	if (write_known(t, out, k, e) != 0)
		return -1;
	return recall_end(t, out, e);
}

/* WHO, from the state. */
static int
state_go(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;
	struct known *k;

	t->typed = run_take_operand(r);
	if (recaller_find(t->recaller, str_of(t->typed), run_config(r)->region,
		t->as_of, &k, e) != 0)
		return -1;
	return write_known(t, run_sink(r), k, e);
}

static int
check_go(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	buf_printf(sink_out(run_sink(r)), "%s: %zu segments, all good\n",
	    t->segments_path, segments_count(t->segments));
	return sink_commit_text(run_sink(r), e);
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

static const struct mode modes[] = {
	{ .option = "check", .go = check_go },
	{ .when = asks_the_state, .go = state_go, .end = recall_end },
	{ .when = asks_for_somebody,
	    .open = stream_open,
	    .line = stream_line,
	    .end = stream_end },
	{ .line = recall_line, .foresee = recall_foresee, .end = recall_end },
};

const struct tool tool = {
	.name = "recall",
	.about = "add what was known of the person by then; look people up",
	.operands = "[FILE ...] | WHO [FILE ...]",
	.opts = opts,
	.size = sizeof(struct recall),
	.modes = modes,
	.defaults = recall_defaults,
	.open = recall_open,
	.close = recall_close,
};
