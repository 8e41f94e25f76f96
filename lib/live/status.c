/*
 * What an operator asks of live sources beside their items: that what left is
 * done, and how they are.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "core/time.h"
#include "live/parts.h"
#include "live/spool.h"

struct wanted {
	char *const *operands;
	bool *found;
};

static int
done_one(void *arg, const char *folder, const char *name, struct err *e)
{
	const struct wanted *w = arg;
	bool all = w->operands[0] == NULL;

	for (size_t i = 0; w->operands[i] != NULL; i++) {
		const char *o = w->operands[i];

		if (strcmp(o, "@all") == 0 ||
		    strcmp(o[0] == '@' ? o + 1 : o, name) == 0)
			w->found[i] = all = true;
	}
	return all ? journal_done(folder, e) : 0;
}

int
live_done(const char *state, char *const *operands, struct err *e)
{
	struct wanted w = { operands, NULL };
	size_t n = 0;
	int rc;

	while (operands[n] != NULL)
		n++;
	w.found = xcalloc(n + 1, sizeof(*w.found));
	rc = live_each(state, done_one, &w, e);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (!w.found[i])
			rc = err_set(e,
			    "%s: nothing was read of it with the state %s",
			    operands[i], state);
	free(w.found);
	return rc;
}

struct showing {
	int64_t now;
	struct buf *out;
	bool *failing;
};

static int
count(void *arg, enum journal_kind kind, struct str text, struct err *e)
{
	(void)kind;
	(void)text;
	(void)e;
	++*(uint64_t *)arg;
	return 0;
}

/* Entries behind the mark; false where somebody has the journal. */
static bool
waiting(const char *folder, uint64_t *n)
{
	struct journal j;
	struct err e;
	bool good;

	*n = 0;
	good = journal_open(&j, folder, &e) == 0 &&
	       journal_read(&j, j.mark, count, n, &e) == 0;
	journal_close(&j);
	return good;
}

static void
add_age(struct buf *out, int64_t now, int64_t t)
{
	char text[TIME_SIZE];

	if (t == TIME_NONE) {
		buf_add_z(out, "never");
		return;
	}
	duration_format(now > t ? now - t : 0, text);
	buf_printf(out, "%s ago", text);
}

static int
show_one(void *arg, const char *folder, const char *name, struct err *e)
{
	const struct showing *s = arg;
	bool url = str_find(str_of(name), STR("://")) > 0;
	struct live_status status;
	uint64_t n;

	if (live_status_read(folder, &status, e) < 0)
		return -1;
	buf_printf(s->out, "%s%s\t", url ? "" : "@", name);
	add_age(s->out, s->now, status.success);
	if (waiting(folder, &n))
		buf_printf(s->out, "\t%" PRIu64, n);
	else
		buf_add_z(s->out, "\tbeing read");
	buf_printf(s->out, "\t%" PRIu64 "\t", status.holes);
	if (status.error[0] != '\0') {
		add_age(s->out, s->now, status.failure);
		buf_printf(s->out, ": %s", status.error);
		*s->failing = true;
	}
	buf_add_char(s->out, '\n');
	return 0;
}

/* Nobody but who calls a hook knows when it should have been called; how long
 * the oldest waits tells whether somebody takes them. */
static int
show_spool(const struct showing *s, const char *path, struct err *e)
{
	struct live_spool_count n;

	if (live_spool_count(path, &n, e) < 0)
		return -1;
	buf_printf(s->out, "%s\t-\t%" PRIu64 "\t0\t", path, n.waiting);
	if (n.oldest != TIME_NONE) {
		buf_add_z(s->out, "the oldest came ");
		add_age(s->out, s->now, n.oldest);
	}
	if (n.aside > 0) {
		buf_printf(s->out,
		    "%s%" PRIu64 " that are no items: %s/*.aside",
		    n.oldest != TIME_NONE ? "; " : "", n.aside, path);
		*s->failing = true;
	}
	buf_add_char(s->out, '\n');
	return 0;
}

int
live_show_status(const char *state, const char *spool, int64_t now,
    struct buf *out, bool *failing, struct err *e)
{
	struct showing s = { now, out, failing };

	*failing = false;
	buf_add_z(out, "SOURCE\tREAD\tWAITING\tHOLES\tERROR\n");
	if (state != NULL && live_each(state, show_one, &s, e) < 0)
		return -1;
	return spool == NULL ? 0 : show_spool(&s, spool, e);
}
