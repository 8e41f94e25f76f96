/*
 * What look-ups ask.
 */
#include <string.h>

#include "people/store/sqlite.h"

int
sqlite_timeline(struct store *store, struct str person,
    const struct store_cursor *after, const struct store_cursor *until,
    size_t most, void (*each)(void *arg, const struct store_message *m),
    void *arg, struct err *e)
{
	struct sqlite *s = sqlite_of(store);
	int shared = sqlite_any(s, Q_ANY_SHARED, e);
	struct store_message m;
	struct stmt *st;
	int rc;

	if (shared < 0)
		return -1;
	st = sqlite_query(s, shared ? Q_TIMELINE_SHARED : Q_TIMELINE, e);
	if (st == NULL)
		return -1;
	stmt_text(st, 1, person);
	stmt_int(st, 2, after->time);
	stmt_text(st, 3, str_of(after->id));
	stmt_int(st, 4, until->time);
	stmt_text(st, 5, str_of(until->id));
	stmt_int(st, 6, (int64_t)most);
	while ((rc = stmt_step(st, e)) == 1) {
		sqlite_read_message(st, &m);
		if (shared)
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
	rc = sqlite_find_text(s, Q_KEY, key, &s->arena, &person, e);
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
