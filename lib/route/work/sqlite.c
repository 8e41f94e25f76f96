/*
 * Open work in DIR/work.db.
 */
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/vec.h"
#include "core/io/db.h"
#include "core/io/file.h"
#include "route/work/parts.h"

enum {
	WORK_VERSION = 5,
	SWEEP = 20000, /* records that go at once: whole pages do */
	ANSWERS_MOST = 1 << 16, /* bytes of a conversation's: at most 17 KB */
};

struct work_file {
	struct db *db;
	int lock;
	int64_t last_row;
	struct rows VEC(int64_t) old; /* of records that wait no more */
	struct stmt *get, *put, *seen, *see, *hold, *held, *drop, *turn, *early;
	struct stmt *rest, *wake, *expire, *expired;
	struct buf answers; /* of one conversation, packed */
};

/*
 * `given` and `waiting` grow at their ends, since ids are hashes and rows in
 * their order would touch a page each.  work.row is the request that waits, or,
 * as long as it stands in `resting`, the one that was answered,
 * work.answers what standing_pack wrote, so that an answer of an earlier run is
 * taken back, too; NULL where there is none.  `failed` has what came back before
 * it came.
 */
static const char schema[] =
    "CREATE TABLE work (conversation TEXT PRIMARY KEY,"
    " queue TEXT, team TEXT, assignee TEXT, priority TEXT, stakes TEXT,"
    " reply_on TEXT, human INTEGER, due INTEGER,"
    " waiting_since INTEGER, first_request INTEGER, first_answer INTEGER,"
    " last_request_at INTEGER, last_answer_at INTEGER, row INTEGER,"
    " answers BLOB, labels TEXT, service TEXT, matter_since INTEGER,"
    " outside INTEGER, joined TEXT, gave TEXT, gave_at INTEGER)"
    " WITHOUT ROWID;"
    "CREATE TABLE failed (name INTEGER PRIMARY KEY);"
    "CREATE TABLE given (row INTEGER PRIMARY KEY, id TEXT UNIQUE,"
    " route TEXT);"
    "CREATE TABLE waiting (row INTEGER PRIMARY KEY, record TEXT NOT NULL);"
    "CREATE TABLE resting (row INTEGER PRIMARY KEY, at INTEGER);"
    "CREATE TABLE turn (team TEXT PRIMARY KEY, member TEXT) WITHOUT ROWID;";

static int
prepare(struct work_file *f, struct err *e)
{
	struct {
		struct stmt **at;
		const char *sql;
	} all[] = {
		{ &f->get,
		    "SELECT queue, team, assignee, priority, stakes, reply_on,"
		    " human, due, waiting_since, first_request, first_answer,"
		    " last_request_at, last_answer_at, row, answers, labels,"
		    " service, matter_since, outside, joined, gave, gave_at"
		    " FROM work"
		    " WHERE conversation = ?1" },
		{ &f->put,
		    "INSERT OR REPLACE INTO work VALUES (?1, ?2, ?3, ?4, ?5,"
		    " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
		    " ?17, ?18, ?19, ?20, ?21, ?22, ?23)" },
		{ &f->seen, "SELECT route FROM given WHERE id = ?1" },
		{ &f->see, "INSERT INTO given VALUES (?1, ?2, ?3)" },
		{ &f->hold, "INSERT INTO waiting VALUES (?1, ?2)" },
		{ &f->drop, "DELETE FROM waiting WHERE row = ?1" },
		{ &f->held,
		    "SELECT at FROM waiting LEFT JOIN resting USING (row)"
		    " WHERE row = ?1" },
		{ &f->rest, "INSERT OR REPLACE INTO resting VALUES (?1, ?2)" },
		{ &f->wake, "DELETE FROM resting WHERE row = ?1" },
		{ &f->expire, "DELETE FROM waiting WHERE row IN"
			      " (SELECT row FROM resting WHERE at < ?1)" },
		{ &f->expired, "DELETE FROM resting WHERE at < ?1" },
		{ &f->early, "INSERT OR IGNORE INTO failed VALUES (?1)" },
		{ &f->turn, "INSERT OR REPLACE INTO turn VALUES (?1, ?2)" },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		if ((*all[i].at = db_prepare(f->db, all[i].sql, e)) == NULL)
			return -1;
	return 0;
}

/* Who has open work, how much, and how much of it because they were in a team
 * when they got it. */
static const char loads[] =
    "SELECT assignee, count(*), sum(NOT outside) FROM work WHERE "
    "waiting_since IS NOT NULL AND assignee IS NOT NULL GROUP BY assignee";

static int
load_loads(struct work *w, struct err *e)
{
	struct stmt *s = db_prepare(w->file->db, loads, e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = stmt_step(s, e)) > 0) {
		struct str who = stmt_col(s, 0);
		uint64_t n = (uint64_t)stmt_col_int(s, 2);

		*map_put(&w->loads, who, NULL) = (uint64_t)stmt_col_int(s, 1);
		if (n > 0 && !roster_has(&w->rules->roster, who))
			*map_put(&w->left, who, NULL) = n;
	}
	return rc;
}

/* The team, where it gives its work to somebody. */
static const struct team *
queue_of(const struct work *w, struct str name)
{
	const struct team *team = rules_team(w->rules, name);

	return team == NULL || team->n == 0 || team->assign == ASSIGN_NOBODY
		   ? NULL
		   : team;
}

/* What waits and nobody has. */
static int
load_backlog(struct work *w, struct err *e)
{
	struct stmt *s = db_prepare(w->file->db,
	    "SELECT conversation, team, waiting_since FROM work WHERE "
	    "waiting_since IS NOT NULL AND assignee IS NULL",
	    e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = stmt_step(s, e)) > 0) {
		const struct team *team = queue_of(w, stmt_col(s, 1));

		if (team != NULL)
			backlog_add(&w->backlog, team->is.number,
			    work_word(w, stmt_col(s, 0)), stmt_col_int(s, 2));
	}
	return rc;
}

static int
load_turns(struct work *w, struct err *e)
{
	struct stmt *s =
	    db_prepare(w->file->db, "SELECT team, member FROM turn", e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = stmt_step(s, e)) > 0)
		work_set_turn(w, stmt_col(s, 0), stmt_col(s, 1));
	return rc;
}

static int
load_last_row(struct work *w, struct err *e)
{
	struct work_file *f = w->file;
	struct stmt *s = db_prepare(f->db, "SELECT max(row) FROM given", e);

	if (s == NULL || stmt_step(s, e) < 0)
		return -1;
	f->last_row = stmt_col_int(s, 0);
	w->known = f->last_row > 0;
	stmt_reset(s);
	return 0;
}

int
work_newest(struct work *w, int64_t until, int64_t *out, struct err *e)
{
	struct stmt *s;

	*out = TIME_NONE;
	if (w->file == NULL)
		return 0;
	s = db_prepare(w->file->db,
	    "SELECT max(at) FROM (SELECT last_request_at AS at FROM work"
	    " UNION ALL SELECT last_answer_at FROM work) WHERE at <= ?1",
	    e);
	if (s == NULL)
		return -1;
	stmt_int(s, 1, until);
	if (stmt_step(s, e) < 0)
		return -1;
	*out = stmt_col_time(s, 0);
	stmt_reset(s);
	return 0;
}

static int
load_early(struct work *w, struct err *e)
{
	struct stmt *s = db_prepare(w->file->db, "SELECT name FROM failed", e);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = stmt_step(s, e)) > 0)
		idset_add(&w->standings.early, (uint64_t)stmt_col_int(s, 0));
	return rc;
}

static int
sqlite_save_early(struct work *w, uint64_t name, struct err *e)
{
	struct work_file *f = w->file;

	if (db_begin(f->db, e) != 0)
		return -1;
	stmt_int(f->early, 1, (int64_t)name);
	return stmt_run(f->early, e);
}

/* What a conversation is part of, or a part of what it was. */
static struct str
link_of(struct work *w, int column)
{
	struct str id = stmt_col(w->file->get, column);

	return id.p == NULL ? id : work_word(w, id);
}

static int
sqlite_commit(struct work *w, struct err *e)
{
	return db_commit(w->file->db, e);
}

static int
sqlite_load(struct work *w, struct standing *t, struct assignment *p,
    struct work_links *links, struct err *e)
{
	struct work_file *f = w->file;
	int i, rc;

	stmt_text(f->get, 1, t->id);
	rc = stmt_step(f->get, e);
	if (rc <= 0)
		return rc;
	for (i = 0; i < WHAT_SERVICE; i++)
		p->is.what[i] = work_word(w, stmt_col(f->get, i));
	p->is.what[WHAT_SERVICE] = work_word(w, stmt_col(f->get, 16));
	p->is.human = stmt_col_int(f->get, 6) != 0 ? TRI_YES : TRI_ANY;
	p->due = stmt_col_time(f->get, 7);
	t->waiting_since = stmt_col_time(f->get, 8);
	t->first_request = stmt_col_time(f->get, 9);
	t->first_answer = stmt_col_time(f->get, 10);
	t->last_request_at = stmt_col_time(f->get, 11);
	t->last_answer_at = stmt_col_time(f->get, 12);
	t->answered.asked = t->waiting_since;
	t->answered.settled = t->last_answer_at;
	if (stmt_col(f->get, 14).p != NULL)
		standing_unpack(&w->standings, t, stmt_col(f->get, 14));
	p->row = stmt_col_int(f->get, 13);
	p->labels = work_word(w, stmt_col(f->get, 15));
	p->matter_since = stmt_col_time(f->get, 17);
	p->outside = stmt_col_int(f->get, 18) != 0;
	p->counted = t->waiting_since != TIME_NONE &&
		     p->is.what[WHAT_ASSIGNEE].p != NULL;
	/* load_backlog has what somebody will get. */
	p->queued = p->counted || queue_of(w, p->is.what[WHAT_TEAM]) == NULL
			? TIME_NONE
			: t->waiting_since;
	links->joined = link_of(w, 19);
	links->gave = link_of(w, 20);
	t->gave_at = stmt_col_time(f->get, 21);
	stmt_reset(f->get);
	return 0;
}

/* The id of what has that number, plus one. */
static struct str
id_of(const struct work *w, uint32_t number)
{
	return number == 0 ? STR_NONE : w->standings.v[number - 1].id;
}

static int
sqlite_save(struct work *w, const struct standing *t,
    const struct assignment *p, struct err *e)
{
	struct work_file *f = w->file;
	int i;

	if (db_begin(f->db, e) != 0)
		return -1;
	stmt_text(f->put, 1, t->id);
	for (i = 0; i < WHAT_SERVICE; i++)
		stmt_text(f->put, i + 2, p->is.what[i]);
	stmt_int(f->put, 8, p->is.human == TRI_YES);
	stmt_time(f->put, 9, p->due);
	stmt_time(f->put, 10, t->waiting_since);
	stmt_time(f->put, 11, t->first_request);
	stmt_time(f->put, 12, t->first_answer);
	stmt_time(f->put, 13, t->last_request_at);
	stmt_time(f->put, 14, t->last_answer_at);
	stmt_int(f->put, 15, p->row);
	buf_reset(&f->answers);
	if (t->answered.n > 0)
		standing_pack(&w->standings, t, &f->answers);
	stmt_text(
	    f->put, 16, t->answered.n > 0 ? buf_str(&f->answers) : STR_NONE);
	stmt_text(f->put, 17, p->labels);
	stmt_text(f->put, 18, p->is.what[WHAT_SERVICE]);
	stmt_time(f->put, 19, p->matter_since);
	stmt_int(f->put, 20, p->outside);
	stmt_text(f->put, 21, id_of(w, t->joined));
	stmt_text(f->put, 22, id_of(w, t->gave));
	stmt_time(f->put, 23, t->gave == 0 ? TIME_NONE : t->gave_at);
	return stmt_run(f->put, e);
}

static int
sqlite_save_turn(
    struct work *w, struct str team, struct str member, struct err *e)
{
	struct work_file *f = w->file;

	if (db_begin(f->db, e) != 0)
		return -1;
	stmt_text(f->turn, 1, team);
	stmt_text(f->turn, 2, member);
	return stmt_run(f->turn, e);
}

static int
sqlite_seen(struct work *w, struct str id, struct str *route, struct err *e)
{
	struct work_file *f = w->file;
	int rc;

	if (id.n == 0)
		return 0;
	stmt_reset(f->seen);
	stmt_text(f->seen, 1, id);
	rc = stmt_step(f->seen, e);
	if (rc > 0)
		*route = stmt_col(f->seen, 0);
	return rc;
}

/* The record in the state waits no more. */
static void
sqlite_drop(struct work *w, struct assignment *p)
{
	struct work_file *f = w->file;

	if (p->row == 0)
		return;
	vec_add(&f->old, p->row);
	p->row = 0;
}

static int
sqlite_see(struct work *w, struct str id, struct str route, struct str record,
    struct assignment *p, struct err *e)
{
	struct work_file *f = w->file;

	if (db_begin(f->db, e) != 0)
		return -1;
	stmt_int(f->see, 1, ++f->last_row);
	stmt_text(f->see, 2, id.n == 0 ? STR_NONE : id);
	stmt_text(f->see, 3, route);
	if (stmt_run(f->see, e) != 0)
		return -1;
	if (p == NULL || record.p == NULL)
		return 0;
	sqlite_drop(w, p);
	p->row = f->last_row;
	stmt_int(f->hold, 1, p->row);
	stmt_text(f->hold, 2, record);
	return stmt_run(f->hold, e);
}

static void
sqlite_rest(struct work *w, struct assignment *p, int64_t at)
{
	vec_add(&w->rest, ((struct resting){ p->row, at }));
}

static int
keep_resting(struct work *w, struct err *e)
{
	struct stmt *s = w->file->rest;

	for (size_t i = 0; i < w->rest.n; i++) {
		stmt_int(s, 1, w->rest.v[i].row);
		stmt_int(s, 2, w->rest.v[i].at);
		if (stmt_run(s, e) != 0)
			return -1;
	}
	w->rest.n = 0;
	return 0;
}

static int
sqlite_wake(struct work *w, struct assignment *p, struct err *e)
{
	struct work_file *f = w->file;
	int64_t row = p->row, at;
	int rc;

	if (db_begin(f->db, e) != 0 || keep_resting(w, e) != 0)
		return -1;
	stmt_int(f->held, 1, row);
	rc = stmt_step(f->held, e);
	if (rc < 0)
		return -1;
	at = rc == 0 ? TIME_NONE : stmt_col_time(f->held, 0);
	stmt_reset(f->held);
	/* As good as gone: what the runs before were makes no difference. */
	if (rc == 0 || work_is_over(w, at))
		sqlite_drop(w, p);
	stmt_int(f->wake, 1, row);
	return stmt_run(f->wake, e);
}

static int
sqlite_sweep(struct work *w, bool all, struct err *e)
{
	struct work_file *f = w->file;
	size_t i, n = f->old.n + w->rest.n;

	if (n == 0 || (!all && n < SWEEP))
		return 0;
	if (db_begin(f->db, e) != 0)
		return -1;
	for (i = 0; i < f->old.n; i++) {
		stmt_int(f->drop, 1, f->old.v[i]);
		if (stmt_run(f->drop, e) != 0)
			return -1;
	}
	f->old.n = 0;
	if (keep_resting(w, e) != 0)
		return -1;
	stmt_int(f->expire, 1, w->standings.latest - WORK_RETURNS);
	stmt_int(f->expired, 1, w->standings.latest - WORK_RETURNS);
	return stmt_run(f->expire, e) != 0 || stmt_run(f->expired, e) != 0 ? -1
									   : 0;
}

static int
sqlite_overdue(struct work *w, int64_t now, struct arena *a, struct late **out,
    size_t *n, struct err *e)
{
	struct work_file *f = w->file;
	struct lates VEC(struct late) all = { 0 };
	struct stmt *s;
	int rc;

	s = db_prepare(f->db,
	    "SELECT conversation, due, record, waiting_since FROM work "
	    "JOIN waiting USING "
	    "(row) WHERE waiting_since IS NOT NULL AND due < ?1",
	    e);
	if (s == NULL)
		return -1;
	stmt_int(s, 1, now);
	while ((rc = stmt_step(s, e)) > 0)
		vec_add_in(a, &all,
		    (struct late){
			.conversation = arena_dup(a, stmt_col(s, 0)),
			.record = arena_dup(a, stmt_col(s, 2)),
			.due = stmt_col_int(s, 1),
			.since = stmt_col_int(s, 3),
		    });
	*n = all.n;
	*out = all.v;
	return rc;
}

static void
sqlite_close(struct work *w)
{
	struct work_file *f = w->file;

	db_close(f->db);
	if (f->lock >= 0)
		close(f->lock);
	vec_release(&f->old);
	buf_release(&f->answers);
	free(f);
}

static const struct work_ops ops = {
	.close = sqlite_close,
	.commit = sqlite_commit,
	.load = sqlite_load,
	.save = sqlite_save,
	.save_early = sqlite_save_early,
	.save_turn = sqlite_save_turn,
	.seen = sqlite_seen,
	.see = sqlite_see,
	.drop = sqlite_drop,
	.rest = sqlite_rest,
	.wake = sqlite_wake,
	.sweep = sqlite_sweep,
	.overdue = sqlite_overdue,
};

int
work_sqlite(struct work *w, const char *dir, struct err *e)
{
	struct work_file *f = xcalloc(1, sizeof(*f));
	struct arena a = { 0 };

	w->ops = &ops;
	w->file = f;
	buf_init(&f->answers, ANSWERS_MOST);
	f->lock = file_lock(dir, "work", e);
	if (f->lock < 0)
		return -1;
	f->db = db_open(arena_printf(&a, "%s/work.db", dir).p, DB_WRITE, e);
	arena_release(&a);
	if (f->db == NULL || db_schema(f->db, WORK_VERSION, schema, e) != 0 ||
	    prepare(f, e) != 0 || load_loads(w, e) != 0 ||
	    load_backlog(w, e) != 0 || load_turns(w, e) != 0 ||
	    load_early(w, e) != 0 || load_last_row(w, e) != 0)
		return -1;
	return 0;
}

int
work_carried(const char *dir, struct map *out, struct err *e)
{
	struct arena a = { 0 };
	struct str path = arena_printf(&a, "%s/work.db", dir);
	struct stmt *s = NULL;
	struct db *db = NULL;
	int rc = -1;

	if (file_is_missing(path.p))
		rc = 0;
	else if ((db = db_open(path.p, DB_READ, e)) != NULL &&
		 db_schema(db, WORK_VERSION, schema, e) == 0)
		s = db_prepare(db, loads, e);
	while (s != NULL && (rc = stmt_step(s, e)) > 0)
		if (stmt_col_int(s, 2) > 0)
			*map_put(out, stmt_col(s, 0), NULL) =
			    (uint64_t)stmt_col_int(s, 2);
	db_close(db);
	arena_release(&a);
	return rc;
}
