#include "live/imap/mailbox.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/text/ascii.h"
#include "live/imap/folder.h"
#include "source/mail/mail.h"

enum { PLACE_BYTES = 64 << 10, VALUE_BYTES = 4 << 20, SET_BYTES = 32 << 10 };

static int
by_uid(const void *a, const void *b)
{
	uint32_t x = ((const struct wanted *)a)->uid,
		 y = ((const struct wanted *)b)->uid;

	return x < y ? -1 : x > y;
}

/* What UID FETCH lists. */
static int
on_listed(void *arg, const struct imap_mail *m, struct err *e)
{
	struct folder *f = arg;

	(void)e;
	if (m->uid > f->last && m->uid <= UINT32_MAX)
		vec_add(&f->mails, (struct wanted){ .uid = (uint32_t)m->uid,
				       .size = m->size });
	return 0;
}

static void
sort_mails(struct folder *f)
{
	size_t n = 0;

	if (f->mails.n == 0)
		return;
	qsort(f->mails.v, f->mails.n, sizeof(*f->mails.v), by_uid);
	for (size_t i = 0; i < f->mails.n; i++)
		if (n == 0 || f->mails.v[n - 1].uid != f->mails.v[i].uid)
			f->mails.v[n++] = f->mails.v[i];
	f->mails.n = n;
}

static struct wanted *
find(struct folder *f, uint64_t uid)
{
	struct wanted key = { .uid = (uint32_t)uid };

	for (size_t i = 0; i < f->holes.n; i++)
		if (f->holes.v[i].uid == uid)
			return &f->holes.v[i];
	return uid > UINT32_MAX || f->mails.n == 0
		   ? NULL
		   : bsearch(&key, f->mails.v, f->mails.n, sizeof(*f->mails.v),
			 by_uid);
}

/* A mail that came, once. */
static int
on_fetched(void *arg, const struct imap_mail *m, struct err *e)
{
	struct folder *f = arg;
	struct ingest *in = &f->reading->ingest;
	struct wanted *w = m->body.p == NULL ? NULL : find(f, m->uid);

	if (w == NULL || w->got)
		return 0;
	w->got = true;
	if (m->body_size > in->max_item || w->size > in->max_item)
		return mail_given_reject(in, folder_place_of(f, m->uid),
		    w->size > m->body_size ? w->size : m->body_size,
		    str_sub(m->body, 0, REJECT_HEAD_BYTES), e);
	return folder_give(f, m, TIME_NONE, e);
}

/* What of a batch is still to be fetched whole, as a set of UIDs.  All that is
 * there is listed: what stands between two that follow each other is gone. */
static struct str
set_of(struct folder *f, size_t from, size_t to)
{
	size_t max = f->reading->ingest.max_item;
	size_t i = from;

	buf_reset(&f->set);
	while (i < to) {
		size_t first = i;

		while (
		    i < to && !f->mails.v[i].got && f->mails.v[i].size <= max)
			i++;
		if (i > first)
			buf_printf(&f->set, "%s%" PRIu32,
			    f->set.n > 0 ? "," : "", f->mails.v[first].uid);
		if (i > first + 1)
			buf_printf(&f->set, ":%" PRIu32, f->mails.v[i - 1].uid);
		if (i == first)
			i++;
	}
	return buf_str(&f->set);
}

/* Does the server refuse it for a while only?  RFC 5530. */
static bool
is_for_now(const struct imap *c)
{
	return str_starts_nocase(c->code, STR("UNAVAILABLE")) ||
	       str_starts_nocase(c->code, STR("INUSE")) ||
	       str_starts_nocase(c->code, STR("LIMIT")) ||
	       str_starts_nocase(c->code, STR("SERVERBUG")) ||
	       str_starts_nocase(c->code, STR("THROTTLED"));
}

/*
 * One mail that did not come with the others.  Where the server refuses it and
 * has it, 1: a hole.
 */
static int
fetch_one(struct folder *f, struct wanted *w, struct err *e)
{
	struct imap *c = f->reading->client;
	size_t max = f->reading->ingest.max_item;
	char uid[STR_COUNT];
	struct err other;
	enum imap_answer rc = folder_fetch(f, str_count(uid, '\0', w->uid),
	    w->size > max ? REJECT_HEAD_BYTES : 0, e);

	if (rc == IMAP_BROKEN)
		return -1;
	if (rc == IMAP_OK || w->got)
		return 0;
	if (is_for_now(c)) {
		other = *e;
		return err_again(e, "%s", other.msg);
	}
	return 1;
}

static int
add_hole(struct folder *f, const struct wanted *w, struct err *e)
{
	if (f->holes.n == HOLES_MOST)
		return err_again(e,
		    "the server does not give %d mails of the folder, such as "
		    "UID %" PRIu32,
		    HOLES_MOST, w->uid);
	vec_add(&f->holes, (struct wanted){ .uid = w->uid, .tries = 1 });
	return 0;
}

/* Those that are fetched by themselves: too large, or refused alone. */
static int
repair_ones(
    struct folder *f, size_t from, size_t to, bool refused, struct err *e)
{
	size_t max = f->reading->ingest.max_item;

	for (size_t i = from; i < to; i++) {
		struct wanted *w = &f->mails.v[i];
		int rc;

		if (w->got || (!refused && w->size <= max))
			continue;
		rc = fetch_one(f, w, e);
		if (rc < 0 || (rc > 0 && add_hole(f, w, e) < 0))
			return -1;
	}
	return 0;
}

/*
 * What a batch still lacks.  Where it was not refused it is asked for once more:
 * what does not come then was expunged.  Where it was, by halves, since one
 * that is gone may keep a server (Exchange) from giving any.
 */
static int
repair(struct folder *f, size_t from, size_t to, bool refused, struct err *e)
{
	size_t half = from + (to - from) / 2;
	enum imap_answer rc;

	if (!refused) {
		rc = folder_fetch(f, set_of(f, from, to), 0, e);
		if (rc == IMAP_BROKEN)
			return -1;
		refused = rc == IMAP_NO;
	}
	if (!refused || to - from == 1)
		return repair_ones(f, from, to, refused, e);
	for (int i = 0; i < 2; i++) {
		size_t begin = i == 0 ? from : half, end = i == 0 ? half : to;

		rc = folder_fetch(f, set_of(f, begin, end), 0, e);
		if (rc == IMAP_BROKEN)
			return -1;
		if (rc == IMAP_NO ? repair(f, begin, end, true, e) < 0
				  : repair_ones(f, begin, end, false, e) < 0)
			return -1;
	}
	return 0;
}

/* Behind the batch that begins at i. */
static size_t
batch_end(const struct folder *f, size_t i)
{
	size_t max = f->reading->ingest.max_item, bytes = 0, n = 0;

	while (i < f->mails.n && n < BATCH_MAILS && bytes < BATCH_BYTES) {
		if (f->mails.v[i].size <= max)
			bytes += (size_t)f->mails.v[i].size;
		i++;
		n++;
	}
	return i;
}

struct batch {
	size_t from, to;
	uint64_t tag; /* 0: not asked for, since nothing is fetched whole */
	bool under_way, refused;
};

static int
ask_batch(struct folder *f, struct batch *b, size_t from, struct err *e)
{
	struct imap *c = f->reading->client;
	struct str set;

	*b = (struct batch){ .from = from, .to = batch_end(f, from) };
	set = set_of(f, b->from, b->to);
	if (set.n == 0)
		return 0;
	if (imap_fetch(c, set, 0, e) < 0)
		return -1;
	b->tag = c->tag;
	b->under_way = true;
	return 0;
}

static int
await_batch(struct folder *f, struct batch *b, struct err *e)
{
	enum imap_answer rc;

	if (!b->under_way)
		return 0;
	rc = imap_fetched(f->reading->client, b->tag, e);
	b->under_way = false;
	b->refused = rc == IMAP_NO;
	return rc == IMAP_BROKEN ? -1 : 0;
}

static bool
is_whole(const struct folder *f, const struct batch *b)
{
	for (size_t i = b->from; i < b->to; i++)
		if (!f->mails.v[i].got)
			return false;
	return true;
}

static int
read_batches(struct folder *f, struct err *e)
{
	struct batch now, next;

	if (f->mails.n == 0)
		return 0;
	if (ask_batch(f, &now, 0, e) < 0)
		return -1;
	for (;;) {
		bool last = now.to == f->mails.n;

		if (!last && ask_batch(f, &next, now.to, e) < 0)
			return -1;
		if (await_batch(f, &now, e) < 0)
			return -1;
		if (!is_whole(f, &now)) {
			/* What is asked for now is answered in its turn. */
			if (!last && await_batch(f, &next, e) < 0)
				return -1;
			if (repair(f, now.from, now.to, now.refused, e) < 0)
				return -1;
		}
		if (folder_settle(f, f->mails.v[now.to - 1].uid, e) < 0)
			return -1;
		if (last)
			return 0;
		if (folder_is_stopped(f))
			return await_batch(f, &next, e);
		now = next;
	}
}

/* Those of earlier times. */
static int
fill_holes(struct folder *f, struct err *e)
{
	struct imap_reading *r = f->reading;
	size_t n = 0;

	for (size_t i = 0; i < f->holes.n; i++) {
		struct wanted w = f->holes.v[i];
		int rc = fetch_one(f, &f->holes.v[i], e);

		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		w.tries++;
		if (w.tries < HOLE_TRIES) {
			f->holes.v[n++] = w;
			continue;
		}
		if (ingest_reject(&r->ingest, folder_place_of(f, w.uid), e->msg,
			STR(""), e) < 0)
			return -1;
	}
	f->holes.n = n;
	return 0;
}

/* The last place of the folder, under whatever UIDVALIDITY; NULL where it was
 * never read. */
static const struct cursor_place *
last_place(const struct cursor *c, struct str shown)
{
	for (size_t i = c->places.n; i-- > 0;) {
		struct str name = str_of(c->places.v[i].name);

		(void)str_split(&name, ' ');
		if (name.p != NULL && str_eq(name, shown))
			return &c->places.v[i];
	}
	return NULL;
}

/* What of it is known before it is open; false where nothing is. */
static bool
know(const struct cursor *c, struct str shown, struct imap_known *out)
{
	const struct cursor_place *p = last_place(c, shown);
	struct folder f = { 0 };
	struct str name;
	int64_t n = 0;

	if (p == NULL)
		return false;
	name = str_of(p->name);
	if (str_to_int(str_split(&name, ' '), &n) < 0 || n <= 0)
		return false;
	folder_read_value(&f, str_of(p->value));
	*out = (struct imap_known){ (uint64_t)n, f.modseq, f.last };
	vec_release(&f.holes);
	vec_release(&f.told);
	return out->modseq != 0 && out->last != 0;
}

/* Where it stands by its cursor. */
static void
find_place(struct folder *f, struct str shown, bool *known)
{
	struct imap_reading *r = f->reading;
	const struct imap *c = r->client;
	const struct cursor *cursor = &r->store->cursor;
	struct str value;

	buf_printf(&f->place, "%" PRIu64 " ", c->box.uid_validity);
	buf_add_str(&f->place, shown);
	value = cursor_get(cursor, buf_str(&f->place));
	*known = value.p != NULL;
	if (!*known && last_place(cursor, shown) != NULL)
		r->anew = "its UIDVALIDITY is another: all of it is read "
			  "again, and what is known by its Message-ID is "
			  "written once by merge";
	folder_read_value(f, value);
}

static enum imap_answer
read_new(struct folder *f, struct err *e)
{
	struct imap *c = f->reading->client;
	enum imap_answer rc;

	c->on_mail = on_listed;
	if (c->box.exists > 0 &&
	    (c->box.uid_next == 0 || c->box.uid_next > (uint64_t)f->last + 1)) {
		rc = imap_uids(c, (uint64_t)f->last + 1, e);
		if (rc != IMAP_OK)
			return rc;
	}
	sort_mails(f);
	c->on_mail = on_fetched;
	return read_batches(f, e) < 0 ? IMAP_BROKEN : IMAP_OK;
}

/* before: what was known of it when it was opened, or NULL. */
static enum imap_answer
read_open(struct folder *f, struct str shown, const struct imap_known *before,
    struct err *e)
{
	struct imap *c = f->reading->client;
	enum imap_answer rc;
	bool known;

	find_place(f, shown, &known);
	f->known = known;
	rc = folder_read_changes(f,
	    c->qresync && before != NULL &&
		before->uid_validity == c->box.uid_validity,
	    e);
	if (rc != IMAP_OK)
		return rc;
	c->on_mail = on_fetched;
	if (f->holes.n > 0 &&
	    (fill_holes(f, e) < 0 || folder_settle(f, f->last, e) < 0))
		return IMAP_BROKEN;
	rc = read_new(f, e);
	if (rc != IMAP_OK)
		return rc;
	/* That it was read, and is empty, is known too. */
	return known || f->mails.n > 0 || folder_settle(f, f->last, e) == 0
		   ? IMAP_OK
		   : IMAP_BROKEN;
}

enum imap_answer
imap_read_folder(struct imap_reading *r, struct str name, struct str shown,
    const char *where, uint64_t *holes, struct err *e)
{
	struct folder f = { .reading = r };
	struct imap_known known;
	bool is_known = know(&r->store->cursor, shown, &known);
	enum imap_answer rc;

	r->anew = NULL;
	r->ingest.file = where;
	buf_init(&f.place, PLACE_BYTES);
	buf_init(&f.value, VALUE_BYTES);
	buf_init(&f.set, SET_BYTES);
	buf_init(&f.label, IMAP_LINE);
	r->client->arg = &f;
	r->client->on_mail = folder_on_change;
	r->client->on_gone = folder_on_gone;
	rc = imap_examine(r->client, name, is_known ? &known : NULL, e);
	if (rc == IMAP_OK)
		rc = read_open(&f, shown, is_known ? &known : NULL, e);
	r->client->on_mail = NULL;
	r->client->on_gone = NULL;
	*holes += f.holes.n;
	buf_release(&f.place);
	buf_release(&f.value);
	buf_release(&f.set);
	buf_release(&f.label);
	vec_release(&f.mails);
	vec_release(&f.holes);
	vec_release(&f.told);
	vec_release(&f.now);
	vec_release(&f.changed);
	vec_release(&f.gone);
	return rc;
}
