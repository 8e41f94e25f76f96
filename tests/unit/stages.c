/*
 * Stages keep no state of the process: two that take turns in one write what
 * each writes alone.
 */
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "identify/evidence.h"
#include "merge/output.h"
#include "recall/recall.h"
#include "reply/drafting/drafting.h"
#include "route/route.h"
#include "source/source.h"
#include "tap.h"

/* A sink in memory. */
struct memory {
	struct sink sink;
	struct buf out;
};

static int
stay(struct sink *s, struct err *e)
{
	(void)s, (void)e;
	return 0;
}

static int
refuse(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	(void)s, (void)file, (void)at, (void)bytes;
	return err_set(e, "rejected: %s", why);
}

static const struct sink_owner owner = { .flush = stay, .reject = refuse };

static void
memory_init(struct memory *m)
{
	buf_init(&m->out, 1 << 24);
	m->sink = (struct sink){
		.owner = &owner,
		.out = &m->out,
		.block = SIZE_MAX,
	};
}

/* A normalize stage. */
struct normalizer {
	struct memory memory;
	struct source_context *source;
	struct normalize n;
	struct record *record;
};

static void
normalizer_init(struct normalizer *s, const struct workspace *workspace)
{
	*s = (struct normalizer){ .record = record_new() };
	memory_init(&s->memory);
	s->source = source_new(workspace);
	normalize_init(&s->n, s->source, &s->memory.sink);
}

static bool
normalizer_line(struct normalizer *s, struct str line)
{
	struct err e;
	struct json source;

	if (record_parse(s->record, line, &e) != 0)
		return false;
	source = record_get(s->record, "source");
	s->n.line = line;
	s->n.root = record_root(s->record);
	s->n.source = json_raw(source);
	return source_normalize(&s->n,
		   source_format_named(json_str(
		       json_get(source, "format"), record_arena(s->record))),
		   record_get(s->record, "native"), &e) == STAGE_OK;
}

static void
normalizer_release(struct normalizer *s)
{
	normalize_release(&s->n);
	source_free(s->source);
	buf_release(&s->memory.out);
	record_free(s->record);
}

/* Wall clocks, national numbers, columns and mails. */
static const char *const native[] = {
	"{\"source\":{\"format\":\"asterisk-cdr\",\"file\":\"a.csv\",\"at\":\"0\"},"
	"\"native\":{\"rows\":[{\"Call ID\":\"1\",\"Start Time\":\"2026-03-04 10:00:00\","
	"\"Caller\":\"030 123456\",\"Callee\":\"030 654321\","
	"\"Direction\":\"inbound\",\"Duration\":\"60\"}]}}",
	"{\"source\":{\"format\":\"contacts-csv\",\"file\":\"c.csv\","
	"\"at\":\"0\"},\"native\":{\"Name\":\"Anna Keller\","
	"\"Phone\":\"030 123456\",\"Created\":\"2026-03-04 10:00\"}}",
	"{\"source\":{\"format\":\"contacts-csv\",\"file\":\"c.csv\","
	"\"at\":\"1\"},\"native\":{\"Vorname\":\"Ben\",\"E-Mail\":"
	"\"ben@example.org\",\"Telefon\":\"0170 1234567\"}}",
	"{\"source\":{\"format\":\"mail\",\"file\":\"m\",\"at\":\"0\"},"
	"\"native\":{\"text\":\"From: a@example.org\\nTo: b@example.com\\n"
	"Date: Wed, 4 Mar 2026 10:00:00 +0100\\nSubject: one\\n\\nhello\\n\"}}",
	"{\"source\":{\"format\":\"mail\",\"file\":\"m\",\"at\":\"9\"},"
	"\"native\":{\"text\":\"From: c@example.org\\nTo: b@example.com\\n"
	"Date: Wed, 4 Mar 2026 11:00:00 +0100\\nSubject: two\\n\\nbye\\n\"}}",
};

enum { NATIVE = sizeof(native) / sizeof(*native) };

static struct str
alone(const struct workspace *workspace, struct arena *a, bool *good)
{
	struct normalizer s;
	struct str out;

	normalizer_init(&s, workspace);
	for (size_t i = 0; i < NATIVE; i++)
		*good &= normalizer_line(&s, str_of(native[i]));
	out = arena_dup(a, buf_str(&s.memory.out));
	normalizer_release(&s);
	return out;
}

static void
normalizers(void)
{
	static char berlin[] = "Europe/Berlin", york[] = "America/New_York";
	static char de[] = "DE", us[] = "US";
	static struct str ours = { "example.com", 11 };
	const struct workspace here = {
		.zone = berlin,
		.region = de,
		.domains = { &ours, 1 },
	};
	const struct workspace there = { .zone = york, .region = us };
	struct arena a = { 0 };
	struct normalizer one, two;
	bool good = true;
	struct str first = alone(&here, &a, &good);
	struct str second = alone(&there, &a, &good);

	normalizer_init(&one, &here);
	normalizer_init(&two, &there);
	for (size_t i = 0; i < NATIVE; i++) {
		good &= normalizer_line(&one, str_of(native[i]));
		good &= normalizer_line(&two, str_of(native[i]));
	}
	ok(good, "each item is a record");
	ok(!str_eq(first, second), "two workspaces mean two things");
	ok(str_eq(buf_str(&one.memory.out), first), "the first as alone");
	ok(str_eq(buf_str(&two.memory.out), second), "the second as alone");
	normalizer_release(&two);
	one.memory.out.n = one.memory.sink.mark = 0;
	for (size_t i = 0; i < NATIVE; i++)
		good &= normalizer_line(&one, str_of(native[i]));
	ok(good, "it goes on when the other has ended");
	ok(str_eq(buf_str(&one.memory.out), first), "and says the same");
	normalizer_release(&one);
	arena_release(&a);
}

/* An identify stage. */
struct identifier {
	struct evidence_rules rules;
	struct ours ours;
	struct record *record;
	struct evidence_list *list;
	struct buf out;
};

static void
identifier_init(struct identifier *s, const struct workspace *workspace)
{
	*s = (struct identifier){ .record = record_new() };
	ours_init(&s->ours, workspace);
	s->rules.config = workspace;
	s->rules.ours = &s->ours;
	s->rules.spoofable = workspace->spoofable;
	s->list = xcalloc(1, sizeof(*s->list));
	buf_init(&s->out, 1 << 20);
}

static bool
identifier_line(struct identifier *s, struct str line)
{
	struct auth auth;
	struct err e;

	if (record_parse(s->record, line, &e) != 0)
		return false;
	evidence_find(s->record, &s->rules, s->list, &auth);
	evidence_put(s->record, s->list, &auth);
	return record_write(s->record, &s->out, &e) == 0 &&
	       buf_add_char(&s->out, '\n') == 0;
}

static void
identifier_release(struct identifier *s)
{
	ours_release(&s->ours);
	record_free(s->record);
	free(s->list);
	buf_release(&s->out);
}

static void
identifiers(void)
{
	static struct str voice = { "voice", 5 }, ours = { "example.com", 11 };
	static struct str theirs = { "example.org", 11 };
	static char de[] = "DE", fr[] = "FR";
	const struct workspace spaces[2] = {
		{ .region = de,
		    .domains = { &ours, 1 },
		    .spoofable = { &voice, 1 } },
		{ .region = fr, .domains = { &theirs, 1 } },
	};
	static const char *const lines[] = {
		"{\"id\":\"m1\",\"type\":\"call\",\"channel\":\"voice\","
		"\"direction\":\"inbound\",\"from\":{\"tel\":\"+4930123456\"},"
		"\"text\":\"call 030 654321\"}",
		"{\"id\":\"m2\",\"type\":\"message\",\"channel\":\"email\","
		"\"direction\":\"inbound\",\"from\":{\"email\":"
		"\"a@example.org\"},\"to\":[{\"email\":\"b@example.com\"}],"
		"\"text\":\"write to c@example.com, 06 12 34 56 78\"}",
	};
	struct identifier alone[2], turns[2];
	bool good = true;

	for (int i = 0; i < 2; i++) {
		identifier_init(&alone[i], &spaces[i]);
		identifier_init(&turns[i], &spaces[i]);
		for (int k = 0; k < 2; k++)
			good &= identifier_line(&alone[i], str_of(lines[k]));
	}
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < 2; i++)
			good &= identifier_line(&turns[i], str_of(lines[k]));
	ok(good, "each line is a record");
	ok(!str_eq(buf_str(&alone[0].out), buf_str(&alone[1].out)),
	    "two workspaces find different keys");
	for (int i = 0; i < 2; i++) {
		ok(str_eq(buf_str(&turns[i].out), buf_str(&alone[i].out)),
		    "as alone");
		identifier_release(&alone[i]);
		identifier_release(&turns[i]);
	}
}

/*
 * Stages that read files of their own.  Each begins with its sink, so that
 * one loop serves all kinds: two of a kind, opened one after the other, take
 * turns line by line, and write what each writes alone.
 */
struct kind {
	const char *name;
	void *(*open)(int which); /* 0 or 1: by its files */
	bool (*line)(void *stage, struct str line);
	bool (*end)(void *stage); /* may be NULL */
	void (*close)(void *stage); /* but for the sink */
};

/* What the stages' files are called. */
static const char *const left[] = { "a.yaml", "b.yaml", "a.jsonl", "b.jsonl",
	"a.md", "b.md" };

static char folder[] = "/tmp/kith-stages-XXXXXX";

/* A file of the folder; its name lives until the next call. */
static const char *
file(const char *name, const char *text)
{
	static char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		exit(2);
	return path;
}

static void *
stage_new(size_t size)
{
	struct memory *m = xcalloc(1, size);

	memory_init(m);
	return m;
}

static void
stage_free(const struct kind *kind, void *stage)
{
	struct memory *m = stage;

	kind->close(stage);
	buf_release(&m->out);
	free(stage);
}

static void *
opened(const struct kind *kind, int which)
{
	void *stage = kind->open(which);

	if (!ok(stage != NULL, kind->name))
		exit(1);
	return stage;
}

static struct str
output(const void *stage)
{
	return buf_str(&((const struct memory *)stage)->out);
}

/* Customers of two kinds of rules and segments, by mail and SMS. */
static const char *const lines[] = {
	"{\"id\":\"m1\",\"type\":\"message\",\"channel\":\"email\","
	"\"direction\":\"inbound\",\"sentAt\":\"2026-03-04T07:00:00Z\","
	"\"from\":{\"email\":\"ana@oak.example\"},\"text\":\"A refund, please\","
	"\"ids\":[{\"type\":\"email\",\"value\":\"ana@oak.example\","
	"\"trust\":\"authenticated\",\"from\":\"from\"}],"
	"\"person\":\"p1\",\"conversation\":\"c1\"}",
	"{\"id\":\"m2\",\"type\":\"message\",\"channel\":\"sms\","
	"\"direction\":\"inbound\",\"sentAt\":\"2026-03-04T09:00:00Z\","
	"\"from\":{\"tel\":\"+4917112345678\"},\"text\":\"The invoice?\","
	"\"data\":{\"total\":200},"
	"\"ids\":[{\"type\":\"tel\",\"value\":\"+4917112345678\","
	"\"trust\":\"platform\",\"from\":\"from\"}],"
	"\"person\":\"p2\",\"conversation\":\"c2\"}",
	"{\"id\":\"m3\",\"type\":\"message\",\"channel\":\"email\","
	"\"direction\":\"outbound\",\"sentAt\":\"2026-03-04T12:00:00Z\","
	"\"from\":{\"email\":\"care@linden.example\"},"
	"\"to\":[{\"email\":\"ana@oak.example\"}],\"text\":\"Done\","
	"\"ids\":[{\"type\":\"email\",\"value\":\"ana@oak.example\","
	"\"trust\":\"authenticated\",\"from\":\"to\"}],"
	"\"person\":\"p1\",\"conversation\":\"c1\"}",
	"{\"id\":\"m4\",\"type\":\"message\",\"channel\":\"email\","
	"\"direction\":\"inbound\",\"sentAt\":\"2026-03-06T18:30:00Z\","
	"\"from\":{\"email\":\"ana@oak.example\"},"
	"\"text\":\"And the invoice? It is still open\","
	"\"ids\":[{\"type\":\"email\",\"value\":\"ana@oak.example\","
	"\"trust\":\"authenticated\",\"from\":\"from\"}],"
	"\"person\":\"p1\",\"conversation\":\"c1\"}",
};

enum { LINES = sizeof(lines) / sizeof(*lines) };

/* The records' parser wants bytes behind a line. */
static struct str
padded(size_t i, struct buf *room)
{
	buf_reset(room);
	buf_add_z(room, lines[i]);
	return buf_str(room);
}

static const char *
run_alone(const struct kind *kind, int which, struct buf *room, struct arena *a)
{
	void *stage = opened(kind, which);
	bool good = true;
	const char *out;

	for (size_t i = 0; i < LINES; i++)
		good &= kind->line(stage, padded(i, room));
	ok(good && (kind->end == NULL || kind->end(stage)), "a run alone");
	out = arena_cstr(a, output(stage));
	stage_free(kind, stage);
	return out;
}

static void
in_turns(const struct kind *kind)
{
	struct arena a = { 0 };
	struct buf room;
	const char *alone[2];
	void *turns[2];
	bool good = true;

	buf_init(&room, 1 << 16);
	for (int k = 0; k < 2; k++)
		alone[k] = run_alone(kind, k, &room, &a);
	ok(strcmp(alone[0], alone[1]) != 0, "two files mean two things");
	for (int k = 0; k < 2; k++)
		turns[k] = opened(kind, k);
	for (size_t i = 0; i < LINES; i++)
		for (int k = 0; k < 2; k++)
			good &= kind->line(turns[k], padded(i, &room));
	for (int k = 0; k < 2; k++) {
		ok(good && (kind->end == NULL || kind->end(turns[k])),
		    "a run in turns");
		is_str(output(turns[k]), alone[k], "as alone");
		stage_free(kind, turns[k]);
	}
	buf_release(&room);
	arena_release(&a);
}

/* --- route: calendars, teams, patterns and programs */

struct router {
	struct memory memory;
	struct rules *rules;
	struct route route;
	struct record *record;
};

static const char *const rule_files[2] = {
	"version: 1\n"
	"calendars:\n"
	"  office: {zone: Europe/Berlin, hours: {mon-fri: '09:00-17:00'}}\n"
	"teams: {care: {members: [ada, ben], capacity: 1, calendar: office}}\n"
	"service: {normal: {first: 4h, next: 1h}, high: {first: 1h}}\n"
	"defaults: {team: care}\n"
	"rules:\n"
	"  - {match: refund*, then: {queue: money}}\n"
	"  - {if: '.data.total > 100', then: {stakes: high, priority: high}}\n",
	"version: 1\n"
	"calendars:\n"
	"  shop: {zone: Asia/Tokyo, hours: {mon-sat: '10:00-20:00'}}\n"
	"teams: {desk: {members: [eve], calendar: shop}}\n"
	"service: {normal: {first: 2h, next: 2h}}\n"
	"defaults: {team: desk, queue: all}\n"
	"rules:\n"
	"  - {match: [invoice, open], then: {queue: bills}}\n"
	"  - {if: '.channel == \"sms\"', then: {queue: phones, human: false}}\n",
};

static void *
router_open(int which)
{
	struct router *s = stage_new(sizeof(*s));
	struct err e;

	s->rules = rules_open(
	    file(which == 0 ? "a.yaml" : "b.yaml", rule_files[which]), &e);
	s->record = record_new();
	if (s->rules != NULL &&
	    route_open(&s->route, s->rules, NULL,
		&(struct route_when){ .now = TIME_NONE }, &e) == 0)
		return s;
	printf("# %s\n", e.msg);
	return NULL;
}

static bool
router_line(void *stage, struct str line)
{
	struct router *s = stage;
	struct err e;

	return record_parse(s->record, line, &e) == 0 &&
	       route_record(&s->route, s->record, &e) == 0 &&
	       record_write(s->record, &s->memory.out, &e) == 0 &&
	       buf_add_char(&s->memory.out, '\n') == 0;
}

static void
router_close(void *stage)
{
	struct router *s = stage;

	route_close(&s->route);
	rules_free(s->rules);
	record_free(s->record);
}

/* --- recall --segments */

struct recalling {
	struct memory memory;
	struct segments *segments;
	struct recaller *recaller;
	struct record *record;
};

static const char *const segment_files[2] = {
	"segments:\n"
	"  new: .context.firstSeen == null\n"
	"  by mail: .record.channel == \"email\"\n",
	"segments:\n"
	"  known: .context.firstSeen != null\n"
	"  waits: .context.conversations // [] | any(.waitingSince != null)\n",
};

static void *
recalling_open(int which)
{
	struct recalling *s = stage_new(sizeof(*s));
	const struct context_options o = {
		.open = which == 0 ? TIME_DAY : 7 * TIME_DAY,
		.half_life = 14 * TIME_DAY,
		.present = 15 * TIME_MINUTE,
	};
	struct err e;

	if (segments_open(
		file(which == 0 ? "a.yaml" : "b.yaml", segment_files[which]),
		true, &s->segments, &e) != 0) {
		printf("# %s\n", e.msg);
		return NULL;
	}
	s->recaller = recaller_new(NULL, &o, s->segments);
	s->record = record_new();
	return s;
}

static bool
recalling_line(void *stage, struct str line)
{
	struct recalling *s = stage;
	struct err e;

	return record_parse(s->record, line, &e) == 0 &&
	       recaller_record(s->recaller, s->record, &e) == 0 &&
	       record_write(s->record, &s->memory.out, &e) == 0 &&
	       buf_add_char(&s->memory.out, '\n') == 0;
}

static void
recalling_close(void *stage)
{
	struct recalling *s = stage;

	recaller_free(s->recaller);
	segments_free(s->segments);
	record_free(s->record);
}

/* --- merge: links files and windows */

struct merging {
	struct memory memory;
	struct merger *merger;
};

static const char *const link_files[2] = {
	"{\"same\":[\"email:ana@oak.example\",\"tel:+4917112345678\"]}\n",
	"{\"different\":[\"email:ana@oak.example\",\"tel:+4917112345678\"]}\n",
};

static void *
merging_open(int which)
{
	static struct str links[2];
	struct merging *s = stage_new(sizeof(*s));
	struct merger_options o = { .memory = 1 << 20, .degree = GRAPH_DEGREE };
	struct err e;

	links[which] =
	    str_of(file(which == 0 ? "a.jsonl" : "b.jsonl", link_files[which]));
	o.links = (struct workspace_list){ &links[which], 1 };
	limits_default(&o.limits);
	windows_default(&o.windows);
	if (windows_set(&o.windows, str_of(which == 0 ? "1h" : "30d"), &e) == 0)
		s->merger = merger_open(&o, &e);
	if (s->merger != NULL)
		return s;
	printf("# %s\n", e.msg);
	return NULL;
}

static bool
merging_line(void *stage, struct str line)
{
	struct err e;

	return merger_add(((struct merging *)stage)->merger, line, &e) == 0;
}

static bool
merging_end(void *stage)
{
	struct merging *s = stage;
	struct err e;

	return merger_learn(s->merger, NULL, &e) == 0 &&
	       merger_write(s->merger, &s->memory.sink, &e) == 0;
}

static void
merging_close(void *stage)
{
	merger_close(((struct merging *)stage)->merger);
}

/* --- reply --draft: templates and workspaces */

struct drafter {
	struct memory memory;
	struct transports transports;
	struct drafting *drafting;
	struct record *record;
};

static const char *const template_files[2] = {
	"subject: We have it\n\nHello {{ .from.name // \"you\" }}, soon.\n",
	"subject: About {{ .channel }}\nautomatic: yes\n\nPlease wait.\n",
};

static void *
drafter_open(int which)
{
	static char de[] = "DE", us[] = "US";
	static struct str ours[] = { { "care@linden.example", 19 },
		{ "help@linden.example", 19 } };
	static const struct workspace spaces[2] = {
		{ .region = de, .emails = { &ours[0], 1 } },
		{ .region = us, .emails = { &ours[1], 1 } },
	};
	struct drafter *s = stage_new(sizeof(*s));
	struct err e;

	s->record = record_new();
	s->drafting = drafting_open(
	    file(which == 0 ? "a.md" : "b.md", template_files[which]),
	    &spaces[which], &s->transports, INT64_C(1772900000) * TIME_SECOND,
	    -1, -1, &e);
	if (s->drafting != NULL)
		return s;
	printf("# %s\n", e.msg);
	return NULL;
}

static bool
drafter_line(void *stage, struct str line)
{
	struct drafter *s = stage;
	struct err e;

	if (record_parse(s->record, line, &e) != 0)
		return false;
	drafting_add(s->drafting, s->record);
	return true;
}

static bool
drafter_end(void *stage)
{
	struct drafter *s = stage;
	struct err e;

	if (drafting_finish(s->drafting, &s->memory.sink, &e) == 0)
		return true;
	printf("# %s\n", e.msg);
	return false;
}

static void
drafter_close(void *stage)
{
	struct drafter *s = stage;

	drafting_free(s->drafting);
	transports_release(&s->transports);
	record_free(s->record);
}

static const struct kind kinds[] = {
	{ "route", router_open, router_line, NULL, router_close },
	{ "recall", recalling_open, recalling_line, NULL, recalling_close },
	{ "merge", merging_open, merging_line, merging_end, merging_close },
	{ "reply --draft", drafter_open, drafter_line, drafter_end,
	    drafter_close },
};

int
main(void)
{
	diag_init("stages");
	if (mkdtemp(folder) == NULL)
		return 2;
	normalizers();
	identifiers();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		in_turns(&kinds[i]);
	for (size_t i = 0; i < sizeof(left) / sizeof(*left); i++)
		unlink(file(left[i], ""));
	rmdir(folder);
	return done();
}
