#include "recall/recall.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/time.h"
#include "core/vec.h"
#include "people/timeline.h"
#include "recall/lookup.h"
#include "record/consent/consent.h"
#include "record/fields.h"

enum {
	RECORD_BYTES = 1 << 20,
	PERSON_WITHIN = 96, /* bytes of the end of a line */
};

struct recaller {
	struct context *context;
	struct context_options o;
	const char *folder; /* of the state; borrowed, NULL without one */
	struct store *store; /* opened when it is needed */
	struct record *stored; /* for what the state holds */
	struct segments *segments; /* borrowed, or NULL */
	struct buf line, told;
};

struct recaller *
recaller_new(
    const char *state, const struct context_options *o, struct segments *s)
{
	struct recaller *rc = xcalloc(1, sizeof(*rc));

	rc->o = *o;
	rc->context = context_new(o);
	rc->stored = record_new();
	buf_init(&rc->line, RECORD_BYTES);
	buf_init(&rc->told, RECORD_BYTES);
	rc->folder = state;
	rc->segments = s;
	return rc;
}

/* When the first record is there, so is what merge kept before it. */
static int
open_store(struct recaller *rc, struct err *e)
{
	const struct store_options o = { .dir = rc->folder };

	if (rc->store == NULL)
		rc->store = store_open(&o, e);
	return rc->store == NULL ? -1 : 0;
}

void
recaller_free(struct recaller *rc)
{
	if (rc == NULL)
		return;
	context_free(rc->context);
	store_close(rc->store);
	record_free(rc->stored);
	buf_release(&rc->line);
	buf_release(&rc->told);
	free(rc);
}

struct context *
recaller_context(struct recaller *rc)
{
	return rc->context;
}

static void
learn_stored(void *arg, const struct store_message *m)
{
	struct recaller *rc = arg;
	struct err e;

	buf_reset(&rc->line);
	timeline_record(m, &rc->line);
	if (rc->line.over ||
	    record_parse(rc->stored, buf_str(&rc->line), &e) != 0)
		return;
	if (m->beside.p != NULL)
		context_beside(rc->context, rc->stored, m->beside, m->known);
	else
		context_add(rc->context, rc->stored, m->known);
}

struct keys_until {
	struct recaller *rc;
	struct str person;
	int64_t until;
};

static void
learn_key(void *arg, struct str key, int64_t since)
{
	struct keys_until *k = arg;

	/* What somebody claims to be stands behind a "?". */
	if (key.n > 0 && key.p[0] == '?')
		key = str_sub(key, 1, key.n);
	if (since < k->until || since == TIME_NONE)
		context_add_id(k->rc->context, k->person, key);
}

/* Was the state read past this record, as it comes late or again? */
static bool
is_past(struct profile *k, int64_t time, struct str id)
{
	const struct store_cursor *c = context_cursor(k);

	return c->time != time ? c->time > time
			       : str_cmp(str_of(c->id), id) >= 0;
}

/* Reads what the state has of the person up to (time, id). */
static int
catch_up(struct recaller *rc, struct profile *k, int64_t time, struct str id,
    struct err *e)
{
	struct store_cursor until = { .time = time };
	struct keys_until keys = { rc, context_person(k), time };

	memcpy(until.id, id.p, id.n < ID_SIZE ? id.n : ID_SIZE - 1);
	if (store_timeline(rc->store, context_person(k), context_cursor(k),
		&until, RECALL_MOST, learn_stored, rc, e) != 0)
		return -1;
	/* A person may have thousands, and each record asks. */
	if (context_ids_full(k))
		return 0;
	return store_keys(rc->store, context_person(k), learn_key, &keys, e);
}

/*
 * The object with its segments.  Of a record whose person is new they are
 * asked too: k may be NULL.  False where there is nothing to tell.
 */
static bool
tell(struct recaller *rc, struct str record, struct profile *k, int64_t at,
    struct writer *w)
{
	size_t from = w->out->n;
	bool known = k != NULL && context_is_known(k), held = false;

	write_object(w);
	if (known)
		context_members(rc->context, k, at, w);
	else
		write_member_time(w, "asOf", at);
	if (rc->segments != NULL) {
		struct str so_far = buf_str(w->out);

		held = segments_ask(
		    rc->segments, record, str_sub(so_far, from, so_far.n));
		segments_write(rc->segments, w);
	}
	write_object_end(w);
	return known || held;
}

static void
put(struct recaller *rc, struct record *r, struct profile *k, int64_t at)
{
	struct str line = record_line(r);

	if (rc->segments == NULL && (k == NULL || !context_is_known(k))) {
		record_drop(r, "context");
		return;
	}
	if (!tell(rc, line, k, at, record_put(r, "context"))) {
		record_put_end(r);
		record_drop(r, "context");
	}
	record_put_end(r);
}

static void
ask_segments(struct recaller *rc, struct profile *k, int64_t as_of)
{
	struct writer all;

	buf_reset(&rc->told);
	write_init(&all, &rc->told);
	tell(rc, STR_NONE, k, as_of, &all);
}

void
recaller_members(
    struct recaller *rc, struct profile *k, int64_t as_of, struct writer *w)
{
	context_members(rc->context, k, as_of, w);
	if (rc->segments == NULL)
		return;
	ask_segments(rc, k, as_of);
	segments_write(rc->segments, w);
}

bool
recaller_is_in(
    struct recaller *rc, struct profile *k, int64_t as_of, ptrdiff_t segment)
{
	ask_segments(rc, k, as_of);
	return segments_holds(rc->segments, segment);
}

void
recaller_learn(struct recaller *rc, struct record *r)
{
	context_add(rc->context, r, record_known(r));
}

/* merge writes a record's person at the end. */
void
recaller_foresee(struct recaller *rc, struct str line)
{
	static const struct str key = { "\"person\":\"", 10 };
	size_t from = line.n < PERSON_WITHIN ? 0 : line.n - PERSON_WITHIN;
	struct str tail = str_sub(line, from, line.n);
	ptrdiff_t at = str_find(tail, key), end;

	if (at < 0)
		return;
	tail = str_sub(tail, (size_t)at + key.n, tail.n);
	end = str_chr(tail, '"');
	if (end > 0)
		context_foresee(rc->context, str_sub(tail, 0, (size_t)end));
}

int
recaller_record(struct recaller *rc, struct record *r, struct err *e)
{
	struct str person = record_str(r, "person"), id = record_str(r, "id");
	struct profile *k = NULL;
	struct said said;
	bool past;

	if (open_store(rc, e) != 0)
		return -1;
	if (person.p != NULL) {
		if (store_stands_now(rc->store, &person, e) != 0)
			return -1;
		k = context_make(rc->context, person);
		/* Its role depends on it, and what is learned. */
		consent_look(r);
	}
	said = said_of(r);
	said.at = record_known(r);
	if (person.p == NULL || id.p == NULL ||
	    record_get(r, "quarantine").doc != NULL) {
		record_drop(r, "context");
		context_add(rc->context, r, record_known(r));
		return 0;
	}
	if (catch_up(rc, k, said.at, id, e) != 0)
		return -1;
	put(rc, r, k, said.at);
	past = is_past(k, said.at, id);
	context_foresee_more(rc->context, false);
	/* A later version of what was learned already teaches nothing. */
	if (!past || !record_has_keyword(r, "updated"))
		context_learn(rc->context, k, r, &said);
	context_foresee_more(rc->context, true);
	if (!past)
		store_pass(rc->store, context_cursor(k), said.at, id);
	return 0;
}

int
recaller_find(struct recaller *rc, struct str typed, const char *region,
    int64_t as_of, struct profile **out, struct err *e)
{
	char person[ID_SIZE] = "";
	int found;

	*out = NULL;
	if (open_store(rc, e) != 0)
		return -1;
	found = lookup_find(rc->store, typed, region, person, e);
	if (found != 1)
		return found;
	return recaller_person(rc, str_of(person), as_of, out, e);
}

int
recaller_person(struct recaller *rc, struct str id, int64_t as_of,
    struct profile **out, struct err *e)
{
	*out = NULL;
	if (open_store(rc, e) != 0)
		return -1;
	*out = context_make(rc->context, id);
	/* Ids begin with a letter before "~". */
	return catch_up(
	    rc, *out, as_of == TIME_NONE ? INT64_MAX : as_of, STR("~"), e);
}

int
recaller_next(struct recaller *rc, char id[ID_SIZE], struct err *e)
{
	struct arena a = { 0 };
	struct str next;
	int got = -1;

	if (open_store(rc, e) == 0)
		got = store_next_person(rc->store, str_of(id), &a, &next, e);
	if (got == 1)
		snprintf(id, ID_SIZE, "%.*s", STR_ARG(next));
	arena_release(&a);
	return got;
}

void
recaller_forget(struct recaller *rc)
{
	context_free(rc->context);
	rc->context = context_new(&rc->o);
}

struct alias_list {
	struct arena *a;
	struct str *v;
	size_t n, cap;
};

static void
add_alias(void *arg, struct str id)
{
	struct alias_list *l = arg;

	vec_add_in(l->a, l, arena_dup(l->a, id));
}

int
recaller_aliases(struct recaller *rc, struct str person, struct arena *a,
    struct str **out, size_t *n, struct err *e)
{
	struct alias_list l = { .a = a };
	int found;

	if (open_store(rc, e) != 0)
		return -1;
	found = store_aliases(rc->store, person, add_alias, &l, e);
	*out = l.v;
	*n = l.n;
	return found;
}
