/*
 * Stages keep no state of the process: two that take turns in one write what
 * each writes alone.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "identify/evidence.h"
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

int
main(void)
{
	diag_init("stages");
	normalizers();
	identifiers();
	return done();
}
