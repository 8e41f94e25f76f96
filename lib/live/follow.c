/*
 * Sources that are read as long as the process lives: each waits for its
 * server's word (IDLE) or for its time, and where it fails it is tried again,
 * after longer and longer pauses.  Several have a thread each (readers.c), so that
 * a server which does not answer holds up its own alone.  What is read beside them
 * is looked at meanwhile; one thing is written after the other.  A hook that is a
 * hint hastens the next poll.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "core/diag.h"
#include "core/time.h"
#include "live/parts.h"

enum {
	PAUSE_MOST = 300, /* seconds between two tries */
	LOOK_MS = 1000, /* between looks for a signal, which end a wait, too */
	HINT_REST = 1000, /* milliseconds from a poll to that of a hint */
	HINTS = 64, /* places, and then all are read */
};

/* A handler of signals gets nothing but their number. */
static volatile sig_atomic_t stopped;

static void
on_signal(int number)
{
	stopped = number;
}

/* Without SA_RESTART: a wait ends. */
static void
catch_signals(void)
{
	struct sigaction a = { .sa_handler = on_signal };

	sigemptyset(&a.sa_mask);
	(void)sigaction(SIGTERM, &a, NULL);
	(void)sigaction(SIGINT, &a, NULL);
}

/* While a server is waited for: it ends by a signal, and where what is beside
 * it cannot go on. */
static int
look_beside(void *arg, struct err *e)
{
	struct live *l = ((struct live_one *)arg)->live;

	/* Of several the one who follows them looks. */
	if (stopped == 0 && l->beside != NULL && !l->several)
		l->failed = l->beside->look(l->beside->arg, &l->why) < 0;
	l->cut = stopped != 0 || l->failed || l->ending;
	return l->cut ? err_again(e, "stopped") : 0;
}

/* When it is its turn again. */
static void
plan(struct live_one *o)
{
	int seconds = 0;
	struct err e;

	if (o->kind == LIVE_POP3)
		seconds = POP3_POLL_SECONDS;
	else if (o->kind == LIVE_API)
		seconds = (int)o->service->poll.every;
	/* The next poll says whether it is gone. */
	else if (!o->failing && imap_account_wait(&o->imap, &seconds, &e) < 0)
		seconds = 1;
	if (o->failing) {
		o->pause = o->pause == 0 ? 1 : o->pause * 2;
		if (o->pause > PAUSE_MOST)
			o->pause = PAUSE_MOST;
		seconds = o->pause;
	} else {
		o->pause = 0;
	}
	o->due = time_steady_ms() + (int64_t)seconds * 1000;
}

bool
live_hint(struct live *l, struct str source, struct str place)
{
	for (size_t i = 0; i < l->ones.n; i++) {
		struct live_one *o = l->ones.v[i];
		struct live_hints *h = &o->hints;

		if (o->kind != LIVE_API ||
		    !str_eq(str_of(o->source->name), source))
			continue;
		for (size_t k = 0; k < h->places.n; k++)
			if (str_eq(h->places.v[k], place))
				return true;
		if (place.n == 0 || h->places.n == HINTS)
			h->all = true;
		else
			vec_add(&h->places, arena_dup(&h->arena, place));
		return true;
	}
	return false;
}

/* One that fails has its time. */
static bool
is_hinted(const struct live_one *o)
{
	return !o->failing && (o->hints.all || o->hints.places.n > 0);
}

/* The places of the hints, or all.  What is hinted at meanwhile, while a server
 * is waited for, is for the next poll. */
static int
ask(struct live *l, struct live_one *o, bool all, struct err *e)
{
	struct live_hints taken = o->hints;
	int rc;

	o->hints = (struct live_hints){ 0 };
	if (!all) {
		o->api.only = taken.places.v;
		o->api.only_count = taken.places.n;
	}
	rc = live_poll_one(l, o, e);
	o->api.only = NULL;
	o->api.only_count = 0;
	live_hints_release(&taken);
	if (rc < 0)
		return -1;
	if (l->failed) {
		*e = l->why;
		return -1;
	}
	o->rest = time_steady_ms() + HINT_REST;
	if (o->hopeless)
		o->due = INT64_MAX;
	else if (all || o->failing)
		plan(o);
	return 0;
}

static bool
is_lost(const struct live_one *o)
{
	return !o->failing && o->kind == LIVE_IMAP &&
	       o->imap.connection == NULL;
}

static int
turn(struct live *l, struct err *e)
{
	int64_t now = time_steady_ms();

	for (size_t i = 0; i < l->ones.n && stopped == 0; i++) {
		struct live_one *o = l->ones.v[i];
		bool news, hinted;

		if (o->busy)
			continue;
		news = is_lost(o) || imap_account_look(&o->imap, e) != 0 ||
		       o->due <= now;
		hinted = is_hinted(o) && o->rest <= now;
		if ((news || hinted) && (l->several ? readers_begin : ask)(
					    l, o, news || o->hints.all, e) < 0)
			return -1;
	}
	if (l->failed)
		*e = l->why;
	return l->failed ? -1 : 0;
}

/* Until one has news, or the next is due, or so many milliseconds. */
static void
wait_for_news(struct live *l, struct pollfd *fds, int64_t most)
{
	int64_t next = INT64_MAX, now = time_steady_ms();
	nfds_t n = 0;
	struct err e;

	for (size_t i = 0; i < l->ones.n; i++) {
		struct live_one *o = l->ones.v[i];

		if (o->busy)
			continue;
		if (o->due < next)
			next = o->due;
		if (is_hinted(o) && o->rest < next)
			next = o->rest;
		/* What TLS has taken off the socket does not show there. */
		if (o->imap.waiting && imap_account_look(&o->imap, &e) != 0)
			return;
		if (o->imap.waiting)
			fds[n++] = (struct pollfd){ .fd = connection_socket(
							o->imap.connection),
				.events = POLLIN };
	}
	if (next <= now || stopped != 0)
		return;
	if (next - now < most)
		most = next - now;
	if (l->several)
		readers_wait(l, fds, n, (int)most);
	else
		(void)poll(fds, n, (int)most);
}

static bool
all_hopeless(const struct live *l)
{
	for (size_t i = 0; i < l->ones.n; i++)
		if (l->ones.v[i]->due != INT64_MAX)
			return false;
	return true;
}

static void
prepare(struct live *l, const struct live_beside *beside)
{
	l->following = true;
	l->beside = beside;
	l->several = l->ones.n > 1;
	for (size_t i = 0; i < l->ones.n; i++) {
		struct live_one *o = l->ones.v[i];

		o->live = l;
		o->wait = (struct net_wait){ .look = look_beside,
			.arg = o,
			.pause = beside == NULL ? LOOK_MS : beside->pause };
		o->imap.signalled = o->pop3.signalled = o->api.api.signalled =
		    &stopped;
		o->imap.login.wait = o->pop3.login.wait = o->oauth.wait =
		    o->api.api.wait = &o->wait;
	}
}

int
live_follow(struct live *l, const struct live_beside *beside, struct err *e)
{
	struct pollfd *fds = xcalloc(l->ones.n + 1, sizeof(*fds));
	int rc;

	catch_signals();
	prepare(l, beside);
	rc = l->several ? readers_open(l, ask, e) : 0;
	l->several &= rc == 0;
	while (stopped == 0 && rc == 0) {
		ptrdiff_t n = 0;

		if (beside != NULL)
			n = beside->look(beside->arg, e);
		rc = n < 0 ? -1 : turn(l, e);
		if (rc == 0 && beside == NULL && all_hopeless(l))
			break;
		if (rc == 0 && n == 0)
			wait_for_news(
			    l, fds, beside == NULL ? 60000 : beside->pause);
	}
	if (l->several)
		readers_close(l);
	if (rc == 0 && l->failed) {
		*e = l->why;
		rc = -1;
	}
	free(fds);
	/* What could not be reached for a while is no news at the end. */
	l->again = false;
	return rc;
}
