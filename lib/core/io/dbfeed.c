#include "core/io/dbfeed.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "core/alloc.h"

/* The table; and a walk through it. */
struct feed_table {
	sqlite3_vtab base;
	const struct db_feed *const *current;
};

struct feed_cursor {
	sqlite3_vtab_cursor base;
	const struct db_feed *feed;
	sqlite3_int64 row;
	bool ended;
};

static int
feed_connect(sqlite3 *h, void *arg, int n, const char *const *words,
    sqlite3_vtab **out, char **why)
{
	struct feed_table *t;
	int rc = sqlite3_declare_vtab(h,
	    "CREATE TABLE feed(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10,"
	    " c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23,"
	    " c24)");

	(void)n, (void)words, (void)why;
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_vtab_config(h, SQLITE_VTAB_DIRECTONLY);
	t = xcalloc(1, sizeof(*t));
	t->current = arg;
	*out = &t->base;
	return SQLITE_OK;
}

static int
feed_disconnect(sqlite3_vtab *t)
{
	free(t);
	return SQLITE_OK;
}

static int
feed_plan(sqlite3_vtab *t, sqlite3_index_info *plan)
{
	(void)t;
	plan->estimatedCost = 1000;
	return SQLITE_OK;
}

static int
feed_open(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
	struct feed_cursor *c = xcalloc(1, sizeof(*c));

	(void)t;
	*out = &c->base;
	return SQLITE_OK;
}

static int
feed_close(sqlite3_vtab_cursor *c)
{
	free(c);
	return SQLITE_OK;
}

static int
feed_next(sqlite3_vtab_cursor *base)
{
	struct feed_cursor *c = (struct feed_cursor *)base;

	c->row++;
	c->ended = c->feed == NULL || !c->feed->next(c->feed->arg);
	return SQLITE_OK;
}

static int
feed_filter(sqlite3_vtab_cursor *base, int plan, const char *name, int n,
    sqlite3_value **values)
{
	struct feed_cursor *c = (struct feed_cursor *)base;

	(void)plan, (void)name, (void)n, (void)values;
	c->feed = *((const struct feed_table *)base->pVtab)->current;
	return feed_next(base);
}

static int
feed_eof(sqlite3_vtab_cursor *base)
{
	return ((const struct feed_cursor *)base)->ended;
}

static int
feed_column(sqlite3_vtab_cursor *base, sqlite3_context *to, int i)
{
	const struct feed_cursor *c = (const struct feed_cursor *)base;
	struct db_cell v = { DB_NULL, 0, STR_NONE };

	c->feed->cell(c->feed->arg, i, &v);
	if (v.kind == DB_INT)
		sqlite3_result_int64(to, v.number);
	else if (v.kind == DB_TEXT && v.text.p != NULL)
		sqlite3_result_text64(
		    to, v.text.p, v.text.n, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_result_null(to);
	return SQLITE_OK;
}

static int
feed_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = ((const struct feed_cursor *)base)->row;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xConnect = feed_connect,
	.xDisconnect = feed_disconnect,
	.xBestIndex = feed_plan,
	.xOpen = feed_open,
	.xClose = feed_close,
	.xFilter = feed_filter,
	.xNext = feed_next,
	.xEof = feed_eof,
	.xColumn = feed_column,
	.xRowid = feed_rowid,
};

int
dbfeed_register(struct sqlite3 *h, const struct db_feed *const *current)
{
	return sqlite3_create_module_v2(
	    h, "feed", &module, (void *)(uintptr_t)current, NULL);
}
