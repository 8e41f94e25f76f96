/*
 * normalize --map: what a jq program says of an item, completed and checked.
 */
#include "source/mapping/map.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"
#include "core/io/file.h"
#include "core/map.h"
#include "jq/expr.h"
#include "record/fields.h"
#include "source/mapping/mapback.h"
#include "source/mapping/mapsplit.h"
#include "source/native.h"

enum {
	MAPPING_PROGRAM = 1 << 20, /* bytes of a program */
	MAPPING_RESULTS = 256 << 20, /* bytes that an item may give */
};

struct mapping {
	struct expr *program;
	struct buf results; /* a line each, with BUF_PAD behind */
	struct buf done; /* the records, a line each */
	struct buf text; /* the line with its bytes as text */
	struct buf back; /* the line with its item where it stood */
	struct record *record; /* the part that the program gave */
	struct record *check; /* the whole */
};

struct mapping *
mapping_open(const char *path, struct err *e)
{
	struct mapping *m = xcalloc(1, sizeof(*m));
	struct buf text;

	buf_init(&text, MAPPING_PROGRAM);
	buf_init(&m->results, MAPPING_RESULTS);
	buf_init(&m->done, MAPPING_RESULTS);
	buf_init(&m->text, MAPPING_RESULTS);
	buf_init(&m->back, MAPPING_RESULTS);
	m->record = record_new();
	m->check = record_new();
	if (file_read(path, &text, e) == 0)
		m->program = expr_new(path, 0, 0, buf_str(&text), e);
	buf_release(&text);
	if (m->program == NULL) {
		mapping_close(m);
		return NULL;
	}
	return m;
}

void
mapping_close(struct mapping *m)
{
	if (m == NULL)
		return;
	expr_free(m->program);
	buf_release(&m->results);
	buf_release(&m->done);
	buf_release(&m->text);
	buf_release(&m->back);
	record_free(m->record);
	record_free(m->check);
	free(m);
}

/* A string or number that the program gave. */
static struct str
text_of(struct record *r, const char *name)
{
	struct json v = record_get(r, name);

	return json_type(v) == JSON_NUMBER ? json_raw(v)
					   : json_str(v, record_arena(r));
}

/*
 * The id: of what the program calls `id`, else of messageId, else of all that
 * it gave, always with channel and account, so that the same item has the
 * same id wherever it is exported.
 */
static struct str
make_id(struct record *r, char out[ID_SIZE])
{
	struct str own = text_of(r, "id"), line = record_line(r);
	struct str account = record_str(r, "account");
	struct str parts[3] = { record_str(r, "channel"),
		account.p == NULL ? STR("") : account, own };

	if (id_is(own, "m"))
		return own;
	if (parts[2].n == 0)
		parts[2] = text_of(r, "messageId");
	if (parts[2].n == 0)
		parts[2] = line;
	id_make(out, 'm', parts, 3);
	return str_of(out);
}

static void
read_address(struct message *m, struct json v, struct address *out)
{
	*out = (struct address){
		.name = json_str(json_get(v, "name"), &m->arena),
		.email = json_str(json_get(v, "email"), &m->arena),
		.tel = json_str(json_get(v, "tel"), &m->arena),
		.uri = json_str(json_get(v, "uri"), &m->arena),
	};
}

static void
read_addresses(struct message *m, struct json v, struct address_list *out)
{
	struct json_iter it = json_each(v);
	struct address a;
	struct json item;

	while (json_next(&it, NULL, &item)) {
		read_address(m, item, &a);
		message_add_address(m, out, a);
	}
}

/* Decided from `us` as for every format. */
static const char *
direction_of(struct normalize *n, struct record *r)
{
	struct message *m = normalize_begin(n);

	read_address(m, record_get(r, "from"), &m->from);
	read_addresses(m, record_get(r, "to"), &m->to);
	read_addresses(m, record_get(r, "cc"), &m->cc);
	return message_direction(m);
}

/* Is there anything in it but nulls? */
static bool
says_something(struct json v)
{
	struct json_iter it = json_each(v);
	struct json item;

	if (json_type(v) != JSON_OBJECT && json_type(v) != JSON_LIST)
		return json_type(v) > JSON_NULL;
	while (json_next(&it, NULL, &item))
		if (says_something(item))
			return true;
	return false;
}

/* Addresses and files without their nulls, which programs give for what they
 * do not find: absent is how a record says that. */
static void
write_known(struct writer *w, struct json v, struct arena *a)
{
	struct json_iter it = json_each(v);
	bool object = json_type(v) == JSON_OBJECT;
	struct json key, item;

	if (!object && json_type(v) != JSON_LIST) {
		write_raw(w, json_raw(v));
		return;
	}
	if (object)
		write_object(w);
	else
		write_list(w);
	while (json_next(&it, object ? &key : NULL, &item)) {
		if (!says_something(item))
			continue;
		if (object)
			write_key_str(w, json_str(key, a));
		write_known(w, item, a);
	}
	if (object)
		write_object_end(w);
	else
		write_list_end(w);
}

/* Members that are or hold objects of ours. */
static bool
is_ours_inside(struct json key)
{
	static const char *const names[] = { "from", "sender", "to", "cc",
		"attachments" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (json_is(key, names[i]))
			return true;
	return false;
}

/* A time in any form that formats read is written in UTC: what has no zone is
 * a clock in the workspace's. */
static void
write_value(struct normalize *n, struct record *r, struct writer *w,
    struct json key, struct json v)
{
	int64_t t;

	if ((json_is(key, "sentAt") || json_is(key, "receivedAt")) &&
	    native_time(n, v, &t) == 0)
		write_time(w, t);
	else if (is_ours_inside(key))
		write_known(w, v, record_arena(r));
	else
		write_raw(w, json_raw(v));
}

/* id, type and channel first as everywhere; then what the program gave. */
static void
write_record(struct normalize *n, struct record *r, struct buf *out)
{
	static const char *const ours[] = { "id", "type", "channel", "account",
		"direction", "source", "native", NULL };
	struct json_iter it = json_each(record_root(r));
	struct json key, v;
	struct writer w;
	char id[ID_SIZE];

	write_init(&w, out);
	write_object(&w);
	write_member(&w, "id", make_id(r, id));
	write_key(&w, "type");
	v = record_get(r, "type");
	write_raw(
	    &w, json_type(v) == JSON_NONE ? STR("\"message\"") : json_raw(v));
	for (size_t i = 2; i < 5; i++) {
		v = record_get(r, ours[i]);
		if (json_type(v) > JSON_NULL)
			write_member_raw(&w, ours[i], json_raw(v));
		else if (i == 4)
			write_member(&w, ours[i], str_of(direction_of(n, r)));
	}
	while (json_next(&it, &key, &v)) {
		bool is_ours = json_type(v) == JSON_NULL ||
			       (is_ours_inside(key) && !says_something(v));

		for (size_t i = 0; ours[i] != NULL; i++)
			is_ours |= json_is(key, ours[i]);
		if (is_ours)
			continue;
		write_key_str(&w, json_str(key, record_arena(r)));
		write_value(n, r, &w, key, v);
	}
	write_member_raw(&w, "source", n->source);
	write_member_raw(&w, "native", n->native);
	write_object_end(&w);
}

/* One result into one record at the end of out. */
static int
complete(struct mapping *m, struct normalize *n, struct str result,
    struct buf *out, struct err *e)
{
	struct str whole;
	size_t from = out->n;

	if (record_parse(m->record, result, e) < 0)
		return err_set(e,
		    "the map gave %.*s where a record (an object) is due",
		    (int)(result.n < 60 ? result.n : 60), result.p);
	if (record_str(m->record, "channel").n == 0)
		return err_set(e, "the map gave no channel");
	write_record(n, m->record, out);
	if (out->over || buf_add_char(out, '\n') < 0)
		return err_set(e, "records of more than %d bytes of one item",
		    MAPPING_RESULTS);
	whole = str_sub(buf_str(out), from, out->n - from - 1);
	if (record_parse(m->check, whole, e) < 0 ||
	    fields_check(m->check, e) < 0)
		return err_prefix(e, "the map gave a wrong record");
	us_see(&n->us, m->check);
	return 0;
}

struct attempt {
	struct mapping *m;
	struct normalize *n;
	ptrdiff_t results; /* of the last run */
};

/* A line into records behind each other in out; -1. */
static int
map_line(void *arg, struct str line, struct buf *out, struct err *e)
{
	struct attempt *a = arg;
	struct str rest;

	buf_reset(&a->m->results);
	a->results = expr_run(a->m->program, line, &a->m->results, e);
	if (a->results < 0)
		return -1;
	rest = buf_str(&a->m->results);
	while (rest.n > 0)
		if (complete(a->m, a->n, str_split(&rest, '\n'), out, e) < 0)
			return -1;
	return 0;
}

/* The records, each once: parts may repeat what stands beside the list. */
static int
emit_all(struct mapping *m, struct normalize *n, bool parted, struct err *e)
{
	struct str rest = buf_str(&m->done), line;
	struct map seen = { 0 };
	bool fresh = true;
	int rc = 0;

	while (rc == 0 && rest.n > 0) {
		line = str_split(&rest, '\n');
		if (parted)
			map_put(&seen, line, &fresh);
		if (!fresh)
			continue;
		buf_add_str(sink_out(n->sink), line);
		rc = sink_commit(n->sink, e);
	}
	map_release(&seen);
	return rc;
}

static int
reject_bad(struct normalize *n, const struct mapsplit *s, struct err *e)
{
	struct json source = json_get(n->root, "source");
	struct arena *a = &n->message.arena;
	struct str file = json_str(json_get(source, "file"), a);
	struct str at = json_str(json_get(source, "at"), a);
	int rc = 0;

	for (struct mapsplit_reject *r = s->first; rc == 0 && r != NULL;
	     r = r->next)
		rc = sink_reject(n->sink, file, ARENA_JOIN(a, at, r->at),
		    r->why, r->bytes, e);
	return rc;
}

/*
 * The line as the program gets it: bytes that are no UTF-8 stand in `native` as
 * base64, which no program can read.  They come as `text`, decoded from the
 * charset that they look like.
 */
static struct str
readable(struct mapping *m, struct normalize *n)
{
	struct json native = json_get(n->root, "native"), key, v;
	struct json_iter it = json_each(n->root);
	struct writer w;
	struct str text;
	struct err e;

	(void)normalize_begin(n);
	if (json_type(json_get(native, "base64")) != JSON_STRING ||
	    json_type(json_get(native, "text")) != JSON_NONE ||
	    normalize_text(n, native, &text, &e) < 0)
		return n->line;
	buf_reset(&m->text);
	write_init(&w, &m->text);
	write_object(&w);
	while (json_next(&it, &key, &v)) {
		write_key_str(&w, json_str(key, &n->message.arena));
		if (!json_is(key, "native")) {
			write_raw(&w, json_raw(v));
			continue;
		}
		write_object(&w);
		write_member(&w, "text", text);
		write_object_end(&w);
	}
	write_object_end(&w);
	return m->text.over ? n->line : buf_str(&m->text);
}

/*
 * What the program makes of the line; or, where it fails, of the file that the
 * item was cut out of: it may be older than the cutting.  -1 with what it says
 * of the latter, then.
 */
static int
map_either(struct attempt *a, struct str line, struct err *e)
{
	struct mapping *m = a->m;
	struct normalize *n = a->n;

	if (map_line(a, line, &m->done, e) == 0)
		return 0;
	buf_reset(&m->done);
	if (!mapback_line(n, &n->message.arena, &m->back))
		return -1;
	return map_line(a, buf_str(&m->back), &m->done, e);
}

enum stage_result
mapping_run(struct mapping *m, struct normalize *n, struct err *e)
{
	struct attempt a = { .m = m, .n = n };
	struct mapsplit split = { .run = map_line, .arg = &a };
	struct str line = readable(m, n);
	bool parted = false;
	int rc;

	buf_reset(&m->done);
	rc = map_either(&a, line, e);
	if (rc < 0) {
		buf_reset(&m->done);
		parted = mapsplit_line(&split, line, &m->done);
		if (!parted) {
			if (split.left == 0)
				err_prefix(e,
				    "its lists are too long to find what is "
				    "bad in them: cut them with kith ingest "
				    "--items");
			mapsplit_release(&split);
			return STAGE_REJECT;
		}
	} else if (a.results == 0) {
		sink_sum(n->sink, "left out by the map", 1);
	}
	rc = emit_all(m, n, parted, e);
	if (rc == 0 && parted)
		rc = reject_bad(n, &split, e);
	mapsplit_release(&split);
	return rc < 0 ? STAGE_FATAL : STAGE_OK;
}
