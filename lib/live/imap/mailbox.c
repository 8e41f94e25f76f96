#include "live/imap/mailbox.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/text/ascii.h"
#include "live/imap/utf7.h"
#include "mail/date.h"
#include "source/mail/mail.h"

enum { PLACE_BYTES = 64 << 10, VALUE_BYTES = 64 << 10, SET_BYTES = 32 << 10 };

/* A mail that is to be read. */
struct wanted {
	uint32_t uid;
	bool got; /* it is in the journal */
	unsigned tries; /* for a hole: how often it was asked for */
	uint64_t size;
};

struct folder {
	struct imap_reading *reading;
	struct VEC(struct wanted) mails, holes;
	uint32_t last; /* UID that is done */
	struct buf place, value, set, label;
	char at[64];
};

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

/* Labels in UTF-8, one behind the other in f->label. */
static void
decode_labels(struct folder *f, struct imap_names *names)
{
	size_t from[IMAP_NAMES + 1];

	buf_reset(&f->label);
	for (size_t i = 0; i < names->n; i++) {
		from[i] = f->label.n;
		utf7_decode(names->v[i], &f->label);
	}
	from[names->n] = f->label.n;
	for (size_t i = 0; i < names->n; i++)
		names->v[i] =
		    str_sub(buf_str(&f->label), from[i], from[i + 1] - from[i]);
}

/* That a mail is new to this session says nothing of the mail. */
static void
drop_recent(struct imap_names *flags)
{
	size_t n = 0;

	for (size_t i = 0; i < flags->n; i++)
		if (!str_eq_nocase(flags->v[i], STR("\\Recent")))
			flags->v[n++] = flags->v[i];
	flags->n = n;
}

static struct str
place_of_mail(struct folder *f, uint64_t uid)
{
	int n = snprintf(f->at, sizeof(f->at), "%" PRIu64 "/%" PRIu64,
	    f->reading->client->box.uid_validity, uid);

	return str_make(f->at, (size_t)n);
}

/* A mail that came, once. */
static int
on_fetched(void *arg, const struct imap_mail *m, struct err *e)
{
	struct folder *f = arg;
	struct ingest *in = &f->reading->ingest;
	struct wanted *w = m->body.p == NULL ? NULL : find(f, m->uid);
	struct imap_names flags = m->flags, labels = m->labels;
	struct mail_given given = { .received = TIME_NONE };

	if (w == NULL || w->got)
		return 0;
	w->got = true;
	given.at = place_of_mail(f, m->uid);
	if (m->body_size > in->max_item || w->size > in->max_item)
		return mail_given_reject(in, given.at,
		    w->size > m->body_size ? w->size : m->body_size,
		    str_sub(m->body, 0, REJECT_HEAD_BYTES), e);
	drop_recent(&flags);
	decode_labels(f, &labels);
	given.bytes = m->body;
	given.flags = flags.v;
	given.flag_count = flags.n;
	given.labels = labels.v;
	given.label_count = labels.n;
	given.thread = m->thread;
	if (m->received.p != NULL &&
	    mailtime_parse(m->received, &given.received) < 0)
		given.received = TIME_NONE;
	return mail_given_item(in, &given, e);
}

/* "4391 17*2 20*1" */
static void
read_value(struct folder *f, struct str value)
{
	struct str word;
	int64_t n;

	if (value.p == NULL)
		return;
	word = str_split(&value, ' ');
	if (str_to_int(word, &n) == 0 && n > 0 && n <= UINT32_MAX)
		f->last = (uint32_t)n;
	while (value.p != NULL) {
		struct str tries;
		int64_t k;

		tries = str_split(&value, ' ');
		word = str_split(&tries, '*');
		if (tries.p != NULL && str_to_int(word, &n) == 0 && n > 0 &&
		    n <= UINT32_MAX && str_to_int(tries, &k) == 0 && k > 0 &&
		    k < 1000)
			vec_add(&f->holes, (struct wanted){ .uid = (uint32_t)n,
					       .tries = (unsigned)k });
	}
}

static int
settle(struct folder *f, uint32_t last, struct err *e)
{
	struct imap_reading *r = f->reading;

	f->last = last;
	buf_reset(&f->value);
	buf_printf(&f->value, "%" PRIu32, last);
	for (size_t i = 0; i < f->holes.n; i++)
		buf_printf(&f->value, " %" PRIu32 "*%u", f->holes.v[i].uid,
		    f->holes.v[i].tries);
	cursor_set(&r->store->cursor, buf_str(&f->place), buf_str(&f->value));
	if (live_store_settle(r->store, e) < 0)
		return -1;
	return live_store_give(r->store, r->out, e);
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

/* Asks, and waits.  IMAP_OK where there is nothing to ask for. */
static enum imap_answer
fetch(struct folder *f, struct str set, uint64_t most, struct err *e)
{
	struct imap *c = f->reading->client;

	if (set.n == 0)
		return IMAP_OK;
	if (imap_fetch(c, set, most, e) < 0)
		return IMAP_BROKEN;
	return imap_fetched(c, c->tag, e);
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
	enum imap_answer rc = fetch(f, str_count(uid, '\0', w->uid),
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
		rc = fetch(f, set_of(f, from, to), 0, e);
		if (rc == IMAP_BROKEN)
			return -1;
		refused = rc == IMAP_NO;
	}
	if (!refused || to - from == 1)
		return repair_ones(f, from, to, refused, e);
	for (int i = 0; i < 2; i++) {
		size_t begin = i == 0 ? from : half, end = i == 0 ? half : to;

		rc = fetch(f, set_of(f, begin, end), 0, e);
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

static bool
is_stopped(const struct imap_reading *r)
{
	return r->signalled != NULL && *r->signalled != 0;
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
		if (settle(f, f->mails.v[now.to - 1].uid, e) < 0)
			return -1;
		if (last)
			return 0;
		if (is_stopped(f->reading))
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
		if (ingest_reject(&r->ingest, place_of_mail(f, w.uid), e->msg,
			STR(""), e) < 0)
			return -1;
	}
	f->holes.n = n;
	return 0;
}

/* Was the folder read under another UIDVALIDITY? */
static bool
was_read(const struct cursor *c, struct str shown)
{
	for (size_t i = 0; i < c->places.n; i++) {
		struct str name = str_of(c->places.v[i].name);

		(void)str_split(&name, ' ');
		if (name.p != NULL && str_eq(name, shown))
			return true;
	}
	return false;
}

static enum imap_answer
read_open(struct folder *f, struct str shown, struct err *e)
{
	struct imap_reading *r = f->reading;
	struct imap *c = r->client;
	struct cursor *cursor = &r->store->cursor;
	struct str value;
	bool known;

	buf_printf(&f->place, "%" PRIu64 " ", c->box.uid_validity);
	buf_add_str(&f->place, shown);
	value = cursor_get(cursor, buf_str(&f->place));
	known = value.p != NULL;
	if (!known && was_read(cursor, shown))
		r->anew = "its UIDVALIDITY is another: all of it is read "
			  "again, and what is known by its Message-ID is "
			  "written once by merge";
	read_value(f, value);
	c->arg = f;
	c->on_mail = on_fetched;
	if (f->holes.n > 0 &&
	    (fill_holes(f, e) < 0 || settle(f, f->last, e) < 0))
		return IMAP_BROKEN;
	c->on_mail = on_listed;
	if (c->box.exists > 0 &&
	    (c->box.uid_next == 0 || c->box.uid_next > (uint64_t)f->last + 1)) {
		enum imap_answer rc = imap_uids(c, (uint64_t)f->last + 1, e);

		if (rc != IMAP_OK)
			return rc;
	}
	sort_mails(f);
	c->on_mail = on_fetched;
	if (read_batches(f, e) < 0)
		return IMAP_BROKEN;
	/* That it was read, and is empty, is known too. */
	return known || f->mails.n > 0 || settle(f, f->last, e) == 0
		   ? IMAP_OK
		   : IMAP_BROKEN;
}

enum imap_answer
imap_read_folder(struct imap_reading *r, struct str name, struct str shown,
    const char *where, uint64_t *holes, struct err *e)
{
	struct folder f = { .reading = r };
	enum imap_answer rc;

	r->anew = NULL;
	r->ingest.file = where;
	buf_init(&f.place, PLACE_BYTES);
	buf_init(&f.value, VALUE_BYTES);
	buf_init(&f.set, SET_BYTES);
	buf_init(&f.label, IMAP_LINE);
	rc = imap_examine(r->client, name, e);
	if (rc == IMAP_OK)
		rc = read_open(&f, shown, e);
	r->client->on_mail = NULL;
	*holes += f.holes.n;
	buf_release(&f.place);
	buf_release(&f.value);
	buf_release(&f.set);
	buf_release(&f.label);
	vec_release(&f.mails);
	vec_release(&f.holes);
	return rc;
}
