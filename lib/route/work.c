#include "route/work.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/file.h"

enum {
	WORK_VERSION = 1,
	SWEEP = 20000, /* records that go at once: whole pages do */
};

/*
 * `given` and `waiting` grow at their ends, since ids are hashes and rows in
 * their order would touch a page each.  work.row is the request that waits.
 */
static const char schema[] =
    "CREATE TABLE work (conversation TEXT PRIMARY KEY,"
    " queue TEXT, team TEXT, assignee TEXT, priority TEXT, stakes TEXT,"
    " reply_on TEXT, human INTEGER, due INTEGER,"
    " waiting_since INTEGER, first_request INTEGER, first_answer INTEGER,"
    " last_request_at INTEGER, last_answer_at INTEGER, row INTEGER)"
    " WITHOUT ROWID;"
    "CREATE TABLE given (row INTEGER PRIMARY KEY, id TEXT UNIQUE,"
    " route TEXT);"
    "CREATE TABLE waiting (row INTEGER PRIMARY KEY, record TEXT NOT NULL);"
    "CREATE TABLE turn (team TEXT PRIMARY KEY, member TEXT) WITHOUT ROWID;";

/* The number of a word among all. */
static size_t
word(struct work *w, struct str s)
{
	bool fresh;
	uint64_t *at = map_put(&w->words, s, &fresh);

	if (fresh)
		*at = w->words.n - 1;
	return *at;
}

static struct str
intern(struct work *w, struct str s)
{
	size_t at;

	if (s.p == NULL)
		return s;
	at = word(w, s); /* first: it may move the entries */
	return w->words.entries[at].key;
}

static void
turn_set(struct work *w, struct str team, struct str member)
{
	size_t number = word(w, member);

	*map_put(&w->turns, team, NULL) = number + 1;
}

static int
prepare(struct work *w, struct err *e)
{
	struct {
		struct stmt **at;
		const char *sql;
	} all[] = {
		{ &w->get,
		    "SELECT queue, team, assignee, priority, stakes, reply_on,"
		    " human, due, waiting_since, first_request, first_answer,"
		    " last_request_at, last_answer_at, row FROM work"
		    " WHERE conversation = ?1" },
		{ &w->put,
		    "INSERT OR REPLACE INTO work VALUES (?1, ?2, ?3, ?4, ?5,"
		    " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)" },
		{ &w->seen, "SELECT route FROM given WHERE id = ?1" },
		{ &w->see, "INSERT INTO given VALUES (?1, ?2, ?3)" },
		{ &w->hold, "INSERT INTO waiting VALUES (?1, ?2)" },
		{ &w->drop, "DELETE FROM waiting WHERE row = ?1" },
		{ &w->turn, "INSERT OR REPLACE INTO turn VALUES (?1, ?2)" },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		if ((*all[i].at = db_prepare(w->db, all[i].sql, e)) == NULL)
			return -1;
	return 0;
}

static int
load(struct work *w, struct err *e)
{
	struct stmt *s;
	int rc;

	s = db_prepare(w->db,
	    "SELECT assignee, count(*) FROM work WHERE waiting_since IS NOT "
	    "NULL AND assignee IS NOT NULL GROUP BY assignee",
	    e);
	if (s == NULL)
		return -1;
	while ((rc = stmt_step(s, e)) > 0)
		*map_put(&w->loads, stmt_col(s, 0), NULL) =
		    (uint64_t)stmt_col_int(s, 1);
	if (rc < 0)
		return -1;
	s = db_prepare(w->db, "SELECT team, member FROM turn", e);
	if (s == NULL)
		return -1;
	while ((rc = stmt_step(s, e)) > 0)
		turn_set(w, stmt_col(s, 0), stmt_col(s, 1));
	if (rc < 0)
		return -1;
	s = db_prepare(w->db, "SELECT max(row) FROM given", e);
	if (s == NULL || stmt_step(s, e) < 0)
		return -1;
	w->last_row = stmt_col_int(s, 0);
	stmt_reset(s);
	return 0;
}

int
work_open(struct work *w, const char *dir, bool keep, struct err *e)
{
	struct arena a = { 0 };
	int rc = 0;

	*w = (struct work){ .lock = -1, .keep = keep };
	if (dir == NULL)
		return 0;
	w->lock = file_lock(dir, "work", e);
	if (w->lock < 0)
		return -1;
	w->db = db_open(arena_printf(&a, "%s/work.db", dir).p, DB_WRITE, e);
	arena_release(&a);
	if (w->db == NULL || db_schema(w->db, WORK_VERSION, schema, e) != 0 ||
	    prepare(w, e) != 0 || load(w, e) != 0)
		rc = -1;
	return rc;
}

void
work_close(struct work *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		free(w->places[i].record);
	free(w->places);
	free(w->old);
	threads_release(&w->threads);
	map_release(&w->words);
	map_release(&w->loads);
	map_release(&w->turns);
	db_close(w->db);
	if (w->lock >= 0)
		close(w->lock);
	*w = (struct work){ .lock = -1 };
}

/* Before the first write since the last commit. */
static int
begin(struct work *w, struct err *e)
{
	if (w->begun)
		return 0;
	if (db_begin(w->db, e) != 0)
		return -1;
	w->begun = true;
	return 0;
}

int
work_commit(struct work *w, struct err *e)
{
	if (!w->begun)
		return 0;
	if (db_commit(w->db, e) != 0)
		return -1;
	w->begun = false;
	return 0;
}

/* Places for threads that came since. */
static struct place *
place_of(struct work *w, const struct thread *t)
{
	size_t at = (size_t)(t - w->threads.v);

	if (at >= w->cap) {
		w->cap = w->threads.cap;
		w->places =
		    xreallocarray(w->places, w->cap, sizeof(*w->places));
	}
	for (; w->n <= at; w->n++)
		w->places[w->n] = (struct place){ .due = TIME_NONE };
	return &w->places[at];
}

static int64_t
time_col(struct stmt *s, int i)
{
	return stmt_col(s, i).p == NULL ? TIME_NONE : stmt_col_int(s, i);
}

static int
load_thread(struct work *w, struct thread *t, struct place *p, struct err *e)
{
	int i, rc;

	stmt_text(w->get, 1, t->id);
	rc = stmt_step(w->get, e);
	if (rc <= 0)
		return rc;
	for (i = 0; i < WHATS; i++)
		p->is.what[i] = intern(w, stmt_col(w->get, i));
	p->is.human = stmt_col_int(w->get, 6) != 0 ? TRI_YES : TRI_ANY;
	p->due = time_col(w->get, 7);
	t->waiting_since = time_col(w->get, 8);
	t->first_request = time_col(w->get, 9);
	t->first_answer = time_col(w->get, 10);
	t->last_request_at = time_col(w->get, 11);
	t->last_answer_at = time_col(w->get, 12);
	p->row = stmt_col_int(w->get, 13);
	p->counted = t->waiting_since != TIME_NONE &&
		     p->is.what[WHAT_ASSIGNEE].p != NULL;
	stmt_reset(w->get);
	return 0;
}

static void
load_soon(const void *p, size_t n)
{
	for (size_t i = 0; i < n; i += 64)
		__builtin_prefetch((const char *)p + i, 1);
}

void
work_soon(const struct work *w, uint64_t hash, enum map_piece piece)
{
	size_t i = map_soon(&w->threads.index, hash, piece);

	if (piece != MAP_ENTRY || i >= w->n)
		return;
	load_soon(&w->threads.v[i], sizeof(*w->threads.v));
	load_soon(&w->places[i], sizeof(*w->places));
}

int
work_find(struct work *w, struct str conversation, struct thread **t,
    struct place **p, struct err *e)
{
	size_t had = w->threads.n;

	*t = threads_put(&w->threads, conversation);
	*p = place_of(w, *t);
	if (w->db == NULL || w->threads.n == had)
		return 0;
	return load_thread(w, *t, *p, e);
}

struct thread *
work_add(
    struct work *w, struct record *r, const struct said *k, struct place **p)
{
	struct thread *t = threads_take(&w->threads, r, k);

	*p = t == NULL ? NULL : place_of(w, t);
	return t;
}

static void
count(struct work *w, struct str assignee, int64_t add)
{
	uint64_t *at = map_put(&w->loads, assignee, NULL);

	*at = (uint64_t)((int64_t)*at + add);
}

void
work_assign(struct work *w, struct place *p, struct str assignee)
{
	if (p->counted && str_eq(p->is.what[WHAT_ASSIGNEE], assignee))
		return;
	if (p->counted)
		count(w, p->is.what[WHAT_ASSIGNEE], -1);
	p->is.what[WHAT_ASSIGNEE] = assignee;
	p->counted = assignee.p != NULL;
	if (p->counted)
		count(w, assignee, 1);
}

/* The record in the state waits no more. */
static void
let_go(struct work *w, const struct place *p)
{
	if (p->row == 0)
		return;
	if (w->n_old == w->cap_old) {
		w->cap_old = w->cap_old == 0 ? 64 : w->cap_old * 2;
		w->old = xreallocarray(w->old, w->cap_old, sizeof(*w->old));
	}
	w->old[w->n_old++] = p->row;
}

void
work_done(struct work *w, struct place *p)
{
	if (p->counted)
		count(w, p->is.what[WHAT_ASSIGNEE], -1);
	p->counted = false;
	p->due = TIME_NONE;
	let_go(w, p);
	p->row = 0;
	free(p->record);
	p->record = NULL;
}

static void
bind_time(struct stmt *s, int i, int64_t t)
{
	if (t == TIME_NONE)
		stmt_null(s, i);
	else
		stmt_int(s, i, t);
}

int
work_save(struct work *w, const struct thread *t, const struct place *p,
    struct err *e)
{
	int i;

	if (w->db == NULL)
		return 0;
	if (begin(w, e) != 0)
		return -1;
	stmt_text(w->put, 1, t->id);
	for (i = 0; i < WHATS; i++)
		stmt_text(w->put, i + 2, p->is.what[i]);
	stmt_int(w->put, 8, p->is.human == TRI_YES);
	bind_time(w->put, 9, p->due);
	bind_time(w->put, 10, t->waiting_since);
	bind_time(w->put, 11, t->first_request);
	bind_time(w->put, 12, t->first_answer);
	bind_time(w->put, 13, t->last_request_at);
	bind_time(w->put, 14, t->last_answer_at);
	stmt_int(w->put, 15, p->row);
	return stmt_run(w->put, e);
}

static uint64_t
load_of(const struct work *w, const struct member *m)
{
	const uint64_t *at = map_get(&w->loads, m->name);

	return at == NULL ? 0 : *at;
}

/* Who had the last turn; n where nobody had. */
static size_t
last_turn(const struct work *w, const struct team *t)
{
	const uint64_t *at = map_get(&w->turns, t->is.name);
	size_t i;

	if (at == NULL)
		return t->n;
	for (i = 0; i < t->n; i++)
		if (str_eq(t->members[i].name, w->words.entries[*at - 1].key))
			break;
	return i;
}

/* a carries less of what they can than b; without bounds, less. */
static bool
lighter(const struct member *a, uint64_t a_carries, const struct member *b,
    uint64_t b_carries)
{
	if (a->capacity > 0 && b->capacity > 0)
		return a_carries * (uint64_t)b->capacity <
		       b_carries * (uint64_t)a->capacity;
	return a_carries < b_carries;
}

struct str
work_next(struct work *w, const struct team *t)
{
	bool by_turns = t->assign == ASSIGN_ROUND_ROBIN;
	size_t last, i, at, best = t->n;
	uint64_t carries = 0, least = 0;
	const struct member *m;

	if (t->n == 0 || t->assign == ASSIGN_NOBODY)
		return STR_NONE;
	last = last_turn(w, t);
	for (i = 0; i < t->n && (best == t->n || !by_turns); i++) {
		at = last == t->n ? i : (last + 1 + i) % t->n;
		m = &t->members[at];
		if (m->capacity >= 0 || !by_turns)
			carries = load_of(w, m);
		if (m->capacity >= 0 && carries >= (uint64_t)m->capacity)
			continue;
		if (best == t->n ||
		    lighter(m, carries, &t->members[best], least)) {
			best = at;
			least = carries;
		}
	}
	if (best == t->n)
		return STR_NONE;
	turn_set(w, t->is.name, t->members[best].name);
	return t->members[best].name;
}

int
work_keep_turn(struct work *w, const struct team *t, struct err *e)
{
	const uint64_t *at;

	if (w->db == NULL || (at = map_get(&w->turns, t->is.name)) == NULL)
		return 0;
	if (begin(w, e) != 0)
		return -1;
	stmt_text(w->turn, 1, t->is.name);
	stmt_text(w->turn, 2, w->words.entries[*at - 1].key);
	return stmt_run(w->turn, e);
}

int
work_seen(struct work *w, struct str id, struct str *route, struct err *e)
{
	int rc;

	if (w->db == NULL || id.n == 0)
		return 0;
	stmt_reset(w->seen);
	stmt_text(w->seen, 1, id);
	rc = stmt_step(w->seen, e);
	if (rc > 0)
		*route = stmt_col(w->seen, 0);
	return rc;
}

/* Without a state: what waits is kept in memory, where somebody asks. */
static void
hold(struct work *w, struct str record, struct place *p)
{
	if (!w->keep || p == NULL || record.p == NULL)
		return;
	free(p->record);
	p->record = xmemdup0(record.p, record.n);
	p->record_bytes = record.n;
}

int
work_see(struct work *w, struct str id, struct str route, struct str record,
    struct place *p, struct err *e)
{
	if (w->db == NULL) {
		hold(w, record, p);
		return 0;
	}
	if (begin(w, e) != 0)
		return -1;
	stmt_int(w->see, 1, ++w->last_row);
	stmt_text(w->see, 2, id.n == 0 ? STR_NONE : id);
	stmt_text(w->see, 3, route);
	if (stmt_run(w->see, e) != 0)
		return -1;
	if (p == NULL || record.p == NULL)
		return 0;
	let_go(w, p);
	p->row = w->last_row;
	stmt_int(w->hold, 1, p->row);
	stmt_text(w->hold, 2, record);
	return stmt_run(w->hold, e);
}

int
work_sweep(struct work *w, bool all, struct err *e)
{
	size_t i;

	if (w->n_old == 0 || (!all && w->n_old < SWEEP))
		return 0;
	if (begin(w, e) != 0)
		return -1;
	for (i = 0; i < w->n_old; i++) {
		stmt_int(w->drop, 1, w->old[i]);
		if (stmt_run(w->drop, e) != 0)
			return -1;
	}
	w->n_old = 0;
	return 0;
}

static int
by_due(const void *a, const void *b)
{
	const struct late *x = a, *y = b;

	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return str_cmp(x->conversation, y->conversation);
}

static int
overdue_kept(struct work *w, int64_t now, struct arena *a, struct late **out,
    size_t *n, struct err *e)
{
	struct late *v = NULL;
	size_t cap = 0;
	struct stmt *s;
	int rc;

	s = db_prepare(w->db,
	    "SELECT conversation, due, record FROM work JOIN waiting USING "
	    "(row) WHERE waiting_since IS NOT NULL AND due < ?1",
	    e);
	if (s == NULL)
		return -1;
	stmt_int(s, 1, now);
	while ((rc = stmt_step(s, e)) > 0) {
		if (*n == cap) {
			cap = cap == 0 ? 64 : cap * 2;
			v = xreallocarray(v, cap, sizeof(*v));
		}
		v[(*n)++] = (struct late){ arena_dup(a, stmt_col(s, 0)),
			arena_dup(a, stmt_col(s, 2)), stmt_col_int(s, 1) };
	}
	*out = arena_calloc(a, *n + 1, sizeof(*v));
	if (*n > 0)
		memcpy(*out, v, *n * sizeof(*v));
	free(v);
	return rc;
}

int
work_overdue(struct work *w, int64_t now, struct arena *a, struct late **out,
    size_t *n, struct err *e)
{
	size_t i;

	*n = 0;
	if (w->db != NULL) {
		if (overdue_kept(w, now, a, out, n, e) != 0)
			return -1;
	} else {
		*out = arena_calloc(a, w->n + 1, sizeof(**out));
		for (i = 0; i < w->n; i++) {
			const struct place *p = &w->places[i];

			if (p->record == NULL || p->due == TIME_NONE ||
			    p->due >= now)
				continue;
			(*out)[(*n)++] = (struct late){ w->threads.v[i].id,
				str_make(p->record, p->record_bytes), p->due };
		}
	}
	qsort(*out, *n, sizeof(**out), by_due);
	return 0;
}
