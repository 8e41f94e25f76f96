/*
 * What became of mails that were read: their flags are others now, or they are
 * gone.
 */
#include <inttypes.h>

#include "live/imap/folder.h"

enum {
	AGAIN_MAILS = 100, /* that are fetched once more at a time */
	GONE_MOST = 1 << 20, /* ranges that are kept */
};

int
folder_on_change(void *arg, const struct imap_mail *m, struct err *e)
{
	struct folder *f = arg;

	(void)e;
	if (m->has_flags && m->uid > 0 && m->uid <= UINT32_MAX)
		vec_add(&f->changed, (struct told_mail){ (uint32_t)m->uid,
					 told_marks(&m->flags) });
	return 0;
}

int
folder_on_gone(void *arg, uint64_t from, uint64_t to, struct err *e)
{
	struct folder *f = arg;

	(void)e;
	if (f->gone.n < GONE_MOST)
		vec_add(&f->gone, (struct gone_range){ from, to });
	return 0;
}

/* What is gone is not asked for, and has no flags; nothing else changes. */
static void
drop_gone(struct folder *f)
{
	for (size_t i = 0; i < f->gone.n; i++) {
		const struct gone_range *g = &f->gone.v[i];
		size_t n = 0;

		told_drop(&f->told, g->from, g->to);
		for (size_t k = 0; k < f->holes.n; k++)
			if (f->holes.v[k].uid < g->from ||
			    f->holes.v[k].uid > g->to)
				f->holes.v[n++] = f->holes.v[k];
		f->holes.n = n;
	}
	f->gone.n = 0;
}

static bool
is_hole(const struct folder *f, uint32_t uid)
{
	for (size_t i = 0; i < f->holes.n; i++)
		if (f->holes.v[i].uid == uid)
			return true;
	return false;
}

/* Does a mail have other flags than was told?  Of a hole nothing was. */
static bool
is_news(const struct folder *f, const struct told_mail *m)
{
	return m->uid <= f->last && m->marks != told_get(&f->told, m->uid) &&
	       !is_hole(f, m->uid);
}

/* Of what the server says of flags what is news, each mail once. */
static void
choose(struct folder *f)
{
	struct imap_told *c = &f->changed;
	size_t n = 0;

	told_sort(c);
	for (size_t i = 0; i < c->n; i++)
		if (is_news(f, &c->v[i]) &&
		    (n == 0 || c->v[n - 1].uid != c->v[i].uid))
			c->v[n++] = c->v[i];
	c->n = n;
}

static int
on_again(void *arg, const struct imap_mail *m, struct err *e)
{
	struct folder *f = arg;
	struct told_mail now = { (uint32_t)m->uid, told_marks(&m->flags) };

	/* What was too large was never given. */
	if (m->body.p == NULL || m->uid == 0 || m->uid > f->last ||
	    m->body_size > f->reading->ingest.max_item || !is_news(f, &now))
		return 0;
	return folder_give(f, m, f->reading->now, e);
}

/* Some of them as a set of UIDs. */
static struct str
set_of(struct folder *f, size_t from, size_t to)
{
	buf_reset(&f->set);
	for (size_t i = from; i < to; i++)
		buf_printf(&f->set, "%s%" PRIu32, i > from ? "," : "",
		    f->changed.v[i].uid);
	return buf_str(&f->set);
}

/* *refused: the server does not give some of them for now. */
static enum imap_answer
give_again(struct folder *f, bool *refused, struct err *e)
{
	struct imap *c = f->reading->client;

	c->on_mail = on_again;
	for (size_t i = 0; i < f->changed.n; i += AGAIN_MAILS) {
		size_t to = i + AGAIN_MAILS;
		enum imap_answer rc;

		if (to > f->changed.n)
			to = f->changed.n;
		rc = folder_fetch(f, set_of(f, i, to), 0, e);
		if (rc == IMAP_BROKEN)
			return rc;
		*refused |= rc == IMAP_NO;
		if (folder_settle(f, f->last, e) < 0)
			return IMAP_BROKEN;
		if (folder_is_stopped(f)) {
			*refused = true;
			break;
		}
	}
	return IMAP_OK;
}

/*
 * Asks for flags.  Where nobody knows how they were, since it was read by a kith
 * that did not look, they are taken as told.
 */
static enum imap_answer
ask(struct folder *f, struct err *e)
{
	struct imap *c = f->reading->client;
	bool unknown = f->modseq == 0;
	enum imap_answer rc;

	f->changed.n = f->gone.n = 0;
	if (c->box.modseq == f->modseq)
		return IMAP_OK;
	c->on_mail = folder_on_change;
	/* A server whose count went back has forgotten since when. */
	rc = imap_flags(
	    c, f->last, c->box.modseq < f->modseq ? 0 : f->modseq, e);
	if (rc == IMAP_OK && unknown) {
		choose(f);
		told_take(&f->now, &f->changed);
	}
	return rc;
}

enum imap_answer
folder_read_changes(struct folder *f, bool resynced, struct err *e)
{
	const struct imap *c = f->reading->client;
	enum imap_answer rc = IMAP_OK;
	bool refused = false;

	/* It does not count changes (NOMODSEQ), for now at least. */
	if (c->box.modseq == 0)
		return IMAP_OK;
	if (f->last == 0) {
		f->modseq = c->box.modseq;
		return IMAP_OK;
	}
	if (!resynced)
		rc = ask(f, e);
	if (rc != IMAP_OK)
		return rc == IMAP_NO ? IMAP_OK : rc;
	drop_gone(f);
	choose(f);
	rc = give_again(f, &refused, e);
	if (rc != IMAP_OK || refused || c->box.modseq == f->modseq)
		return rc;
	f->modseq = c->box.modseq;
	return folder_settle(f, f->last, e) < 0 ? IMAP_BROKEN : IMAP_OK;
}
