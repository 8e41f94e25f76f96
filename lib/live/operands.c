#include "live/operands.h"

#include "core/diag.h"
#include "core/io/file.h"
#include "live/setup.h"
#include "live/sources.h"
#include "live/spool.h"

/* What was written leaves; 1 where it is on disk. */
static int
leave(void *arg, struct err *e)
{
	struct run *r = arg;

	if (sink_flush(run_sink(r), e) < 0)
		return -1;
	if (!run_out_is_file(r))
		return 0;
	return run_sync_out(r, e) < 0 ? -1 : 1;
}

/* The workspace's, where it is one. */
static const char *
spool_of(struct run *r)
{
	const char *path = run_workspace(r)->spool;

	return path != NULL && live_is_spool(path) ? path : NULL;
}

static int64_t
clock_of(void *arg)
{
	return run_clock(arg);
}

/* A state, and walls around it. */
static int
open_state(struct run *r, struct err *e)
{
	if (run_state(r) == NULL)
		return err_set(e,
		    "live sources need a state, which keeps what came until "
		    "it has left: -S DIR");
	if (file_make_dir(run_state(r), e) < 0)
		return -1;
	run_allow(r, run_state(r), SANDBOX_WRITE);
	return 0;
}

int
live_open_status(struct run *r, struct err *e)
{
	if (spool_of(r) != NULL)
		run_allow(r, spool_of(r), SANDBOX_READ);
	return run_state(r) == NULL && spool_of(r) != NULL ? 0
							   : open_state(r, e);
}

int
live_open_done(struct run *r, struct err *e)
{
	char *const *o = run_operands(r);
	const char *spool = o[0] == NULL ? spool_of(r) : NULL;
	bool state = o[0] == NULL && (spool == NULL || run_state(r) != NULL);

	if (spool != NULL)
		run_allow(r, spool, SANDBOX_WRITE);
	for (; *o != NULL; o++)
		if (live_is_spool(*o))
			run_allow(r, *o, SANDBOX_WRITE);
		else
			state = true;
	return state ? open_state(r, e) : 0;
}

/* Operands that are spools: what stands in descriptions is read before the
 * walls are raised. */
static int
open_spools(struct live_operands *l, struct run *r,
    const struct live_reading *how, struct err *e)
{
	char *const *o = run_operands(r);

	for (; *o != NULL; o++) {
		if (live_is(*o) || !live_is_spool(*o))
			continue;
		if (how->follow && l->spool != NULL)
			return err_set(e, "--follow takes one spool alone");
		l->spool = *o;
		run_allow(r, *o, SANDBOX_WRITE);
		if (l->take == NULL)
			l->take = live_take_new(how->source, e);
		if (l->take == NULL)
			return -1;
	}
	return 0;
}

/* Operands that are live sources, with their secrets. */
static int
open_live(struct live_operands *l, struct run *r,
    const struct live_reading *how, struct err *e)
{
	struct live_run run = {
		.source = how->source,
		.state = run_state(r),
		.password_file = how->password_file,
		.max_item = how->max_item,
		.sink = run_sink(r),
		.arg = r,
		.clock = clock_of,
		.leave = leave,
	};
	const char *path;
	bool written;

	for (char *const *o = run_operands(r); *o != NULL; o++)
		l->sources += live_is(*o);
	if (how->follow && l->sources == 0 && l->take == NULL)
		return err_set(e,
		    "--follow goes with live sources, or with a spool of "
		    "hooks");
	l->live = live_new(&run);
	for (char *const *o = run_operands(r); *o != NULL; o++)
		if (live_is(*o) && live_add(l->live, *o, e) < 0)
			return -1;
	if (l->sources == 0)
		return 0;
	run_allow_network(r);
	if (open_state(r, e) < 0)
		return -1;
	for (size_t i = 0; (path = live_path(l->live, i, &written)) != NULL;
	     i++)
		run_allow(r, path, written ? SANDBOX_WRITE : SANDBOX_READ);
	return 0;
}

int
live_operands_open(struct live_operands *l, struct run *r,
    const struct live_reading *how, struct err *e)
{
	return open_spools(l, r, how, e) < 0 ? -1 : open_live(l, r, how, e);
}

/* Hints hasten what is followed beside the spool; else a poll comes anyhow. */
static void
hint(void *arg, struct str source, struct str place)
{
	struct live_operands *l = arg;

	if (live_hint(l->live, source, place) || l->told)
		return;
	diag(DIAG_NOTE, NULL,
	    "@%.*s has news, and is not followed beside the spool",
	    STR_ARG(source));
	l->told = true;
}

static struct live_take_run
taking(struct live_operands *l, struct run *r, const struct live_reading *how)
{
	return (struct live_take_run){ .sink = run_sink(r),
		.max_item = how->max_item,
		.arg = r,
		.leave = leave,
		.hint = how->follow ? hint : NULL,
		.hint_arg = l };
}

int
live_operand(struct live_operands *l, struct run *r, const char *path,
    const struct live_reading *how, struct err *e)
{
	struct live_take_run run = taking(l, r, how);

	if (live_is(path))
		return 1;
	if (!live_is_spool(path))
		return 0;
	if (how->follow)
		return 1;
	return live_take_all(l->take, path, &run, e) < 0 ? -1 : 1;
}

struct following {
	struct live_take *take;
	struct live_take_run run;
};

static ptrdiff_t
look(void *arg, struct err *e)
{
	struct following *f = arg;

	return live_take_some(f->take, &f->run, e);
}

static int
follow(struct live_operands *l, struct run *r, const struct live_reading *how,
    struct err *e)
{
	struct following f = { l->take, taking(l, r, how) };
	struct live_beside beside = { look, &f, LIVE_PAUSE };

	if (l->spool == NULL)
		return live_follow(l->live, NULL, e);
	return live_take_open(l->take, l->spool, e) < 0
		   ? -1
		   : live_follow(l->live, &beside, e);
}

int
live_operands_end(struct live_operands *l, struct run *r,
    const struct live_reading *how, struct err *e)
{
	int rc = 0;

	if (how->follow)
		rc = follow(l, r, how, e);
	else if (l->sources > 0)
		rc = live_poll(l->live, e);
	if (live_again(l->live))
		run_again(r);
	return rc;
}

void
live_operands_close(struct live_operands *l)
{
	live_free(l->live);
	live_take_free(l->take);
}

int
live_mode_done(struct run *r, void *self, struct err *e)
{
	char *const *o = run_operands(r);
	const char *spool = o[0] == NULL ? spool_of(r) : NULL;
	struct VEC(char *) sources = { 0 };
	int rc = spool != NULL ? live_spool_done(spool, e) : 0;
	bool all = o[0] == NULL && run_state(r) != NULL;

	(void)self;
	for (; rc == 0 && *o != NULL; o++)
		if (live_is_spool(*o))
			rc = live_spool_done(*o, e);
		else
			vec_add(&sources, *o);
	if (rc == 0 && (all || sources.n > 0)) {
		vec_add(&sources, NULL);
		rc = live_done(run_state(r), sources.v, e);
	}
	vec_release(&sources);
	return rc;
}

int
live_mode_status(struct run *r, void *self, struct err *e)
{
	bool failing;

	(void)self;
	if (live_show_status(run_state(r), spool_of(r), run_clock(r),
		sink_out(run_sink(r)), &failing, e) < 0)
		return -1;
	if (failing)
		run_gate(r);
	return sink_commit_text(run_sink(r), e);
}

static void
tell(void *arg, const char *fault)
{
	(void)arg;
	diag(DIAG_ERROR, NULL, "%s", fault);
}

int
live_mode_setup(struct run *r, void *self, struct err *e)
{
	size_t hooks;

	(void)self;
	if (live_hook_setup(run_workspace(r), tell, NULL, &hooks, e) < 0)
		return -1;
	diag(DIAG_INFO, NULL, "%s: hooks of %zu sources",
	    run_workspace(r)->spool, hooks);
	return 0;
}
