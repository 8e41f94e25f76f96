/*
 * What look-ups ask.
 */
#include <string.h>

#include "people/store/sqlite.h"

/* What the file has for anybody: asked once for each of its versions. */
static int
find_has(struct sqlite *s, struct err *e)
{
	int shared, beside;

	do {
		s->has.version = db_version(s->db);
		shared = sqlite_any(s, Q_ANY_SHARED, e);
		beside = sqlite_any(s, Q_ANY_BESIDE, e);
		if (shared < 0 || beside < 0)
			return -1;
	} while (s->has.version != db_version(s->db));
	s->has.shared = shared == 1;
	s->has.beside = beside == 1;
	s->has.known = true;
	return 0;
}

/* Of a person, between two moments. */
struct stretch {
	struct str person;
	const struct store_cursor *after, *until;
};

static struct stmt *
query_of(struct sqlite *s, enum query q, const struct stretch *x, struct err *e)
{
	struct stmt *st = sqlite_query(s, q, e);

	if (st == NULL)
		return NULL;
	stmt_text(st, 1, x->person);
	stmt_int(st, 2, x->after->time);
	stmt_text(st, 3, str_of(x->after->id));
	stmt_int(st, 4, x->until->time);
	stmt_text(st, 5, str_of(x->until->id));
	return st;
}

/* The statement that finds all there is: those for more take longer. */
static int
choose(
    struct sqlite *s, const struct stretch *x, enum query *out, struct err *e)
{
	struct stmt *st;
	int rc = 0;

	if (!s->has.known && find_has(s, e) != 0)
		return -1;
	*out = Q_TIMELINE_SHARED;
	if (s->has.shared)
		return 0;
	if (s->has.beside) {
		st = query_of(s, Q_BESIDE, x, e);
		rc = st == NULL ? -1 : stmt_step(st, e);
		if (rc == 1)
			stmt_reset(st);
	}
	*out = rc == 1 ? Q_TIMELINE : Q_TIMELINE_PLAIN;
	return rc < 0 ? -1 : 0;
}

/* The first row: 1, 0, -1.  Where another has written meanwhile the choice is
 * made anew. */
static int
first_row(struct sqlite *s, const struct stretch *x, size_t most,
    struct stmt **st, struct err *e)
{
	enum query q;
	int rc;

	for (;;) {
		if (choose(s, x, &q, e) != 0 ||
		    (*st = query_of(s, q, x, e)) == NULL)
			return -1;
		stmt_int(*st, 6, (int64_t)most);
		rc = stmt_step(*st, e);
		if (rc < 0 || s->has.version == db_version(s->db))
			return rc;
		if (rc == 1)
			stmt_reset(*st);
		s->has.known = false;
	}
}

int
sqlite_timeline(struct store *store, struct str person,
    const struct store_cursor *after, const struct store_cursor *until,
    size_t most, void (*each)(void *arg, const struct store_message *m),
    void *arg, struct err *e)
{
	const struct stretch x = { person, after, until };
	struct sqlite *s = sqlite_of(store);
	struct store_message m;
	struct stmt *st;
	int rc = first_row(s, &x, most, &st, e);

	for (; rc == 1; rc = stmt_step(st, e)) {
		sqlite_read_message(st, &m);
		if (s->has.shared)
			m.beside = stmt_col(st, STORE_COLUMNS);
		each(arg, &m);
	}
	return rc;
}

/* The person of a key, as it stands now. */
static int
person_of_key(
    struct sqlite *s, struct str key, char out[ID_SIZE], struct err *e)
{
	struct str person;
	int rc;

	arena_reset(&s->arena);
	rc = sqlite_find_text(s, Q_KEY_PERSON, key, &s->arena, &person, e);
	if (rc == 1)
		sqlite_copy_id(out, person);
	return rc;
}

int
sqlite_who(
    struct store *store, struct str name, char out[ID_SIZE], struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct arena a = { 0 };
	struct str key = name;
	int rc = 1;

	if (name.n == ID_SIZE - 1 && name.p[0] == 'p')
		rc = sqlite_key_of_person(s, name, &a, &key, e);
	else if (name.n == ID_SIZE - 1 && name.p[0] == 'c')
		rc = sqlite_key_of_conversation(s, name, &a, &key, e);
	else if (name.n == ID_SIZE - 1 && name.p[0] == 'm')
		rc = sqlite_message_key(store, name, &a, &key, e);
	if (rc == 1)
		rc = key.p == NULL ? 0 : person_of_key(s, key, out, e);
	arena_release(&a);
	return rc;
}

int
sqlite_keys(struct store *store, struct str person,
    void (*each)(void *arg, struct str key, int64_t since), void *arg,
    struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_KEYS, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, person);
	while ((rc = stmt_step(st, e)) == 1)
		each(arg, stmt_col(st, 0), stmt_col_int(st, 1));
	return rc;
}

int
sqlite_next_key(struct store *store, struct str from, struct arena *a,
    struct str *out, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	return sqlite_find_text(s, Q_NEXT_KEY, from, a, out, e);
}

int
sqlite_next_person(struct store *store, struct str behind, struct arena *a,
    struct str *out, struct err *e)
{
	return sqlite_find_text(
	    sqlite_of(store), Q_NEXT_PERSON, behind, a, out, e);
}

int
sqlite_next_ref(struct store *store, struct str from, struct arena *a,
    struct str *out, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	return sqlite_find_text(s, Q_NEXT_REF, from, a, out, e);
}

int
sqlite_aliases(struct store *store, struct str person,
    void (*each)(void *arg, struct str id), void *arg, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_ALIASES, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, person);
	while ((rc = stmt_step(st, e)) == 1)
		each(arg, stmt_col(st, 0));
	return rc;
}

int
sqlite_ref_message(
    struct store *store, struct str ref, char out[ID_SIZE], struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	struct stmt *st = sqlite_query(s, Q_REF, e);
	int rc;

	if (st == NULL)
		return -1;
	stmt_text(st, 1, ref);
	rc = stmt_step(st, e);
	if (rc != 1)
		return rc;
	sqlite_copy_id(out, stmt_col(st, 1));
	rc = out[0] != '\0' && (stmt_col_int(st, 2) & 1) == 0;
	stmt_reset(st);
	return rc;
}

int
sqlite_stands_now(struct store *store, struct str *person, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	char id[ID_SIZE] = "";
	uint64_t *at = map_get(&s->now, *person);
	struct str kept;
	int rc;

	if (at != NULL) {
		*person = str_of((const char *)(uintptr_t)*at);
		return 0;
	}
	rc = sqlite_who(store, *person, id, e);
	if (rc < 0)
		return -1;
	kept = arena_dup(&s->now_ids, rc == 1 ? str_of(id) : *person);
	*map_put(&s->now, *person, NULL) = (uint64_t)(uintptr_t)kept.p;
	*person = kept;
	return 0;
}
