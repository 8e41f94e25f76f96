#include "live/imap/folder.h"

#include <inttypes.h>

#include "live/imap/utf7.h"
#include "mail/date.h"
#include "source/mail/mail.h"

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

struct str
folder_place_of(struct folder *f, uint64_t uid)
{
	int n = snprintf(f->at, sizeof(f->at), "%" PRIu64 "/%" PRIu64,
	    f->reading->client->box.uid_validity, uid);

	return str_make(f->at, (size_t)n);
}

/*
 * Had the server a mail that is new in this folder before the last poll?  Then it
 * was in another, by which it may be known, and is what it is here: junk, or no
 * more.
 */
static bool
is_moved(const struct folder *f, int64_t received)
{
	int64_t last = f->reading->store->status.success;

	return f->known && received != TIME_NONE && last != TIME_NONE &&
	       received < last - last % TIME_SECOND;
}

int
folder_give(struct folder *f, const struct imap_mail *m, int64_t flags_at,
    struct err *e)
{
	struct imap_names flags = m->flags, labels = m->labels;
	struct mail_given given = { .received = TIME_NONE,
		.flags_at = flags_at };

	given.at = folder_place_of(f, m->uid);
	if (f->reading->client->box.modseq != 0)
		vec_add(&f->now, (struct told_mail){
				     (uint32_t)m->uid, told_marks(&m->flags) });
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
	if (is_moved(f, given.received))
		given.flags_at = f->reading->now;
	return mail_given_item(&f->reading->ingest, &given, e);
}

/* "4391 m715 17*2 20*1 =8:3,7" */
void
folder_read_value(struct folder *f, struct str value)
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
		if (str_starts(tries, STR("m")) &&
		    str_to_int(str_sub(tries, 1, tries.n), &n) == 0 && n > 0)
			f->modseq = (uint64_t)n;
		if (str_starts(tries, STR("=")))
			told_read(&f->told, tries);
		word = str_split(&tries, '*');
		if (tries.p != NULL && str_to_int(word, &n) == 0 && n > 0 &&
		    n <= UINT32_MAX && str_to_int(tries, &k) == 0 && k > 0 &&
		    k < 1000)
			vec_add(&f->holes, (struct wanted){ .uid = (uint32_t)n,
					       .tries = (unsigned)k });
	}
	told_sort(&f->told);
}

int
folder_settle(struct folder *f, uint32_t last, struct err *e)
{
	struct imap_reading *r = f->reading;

	f->last = last;
	buf_reset(&f->value);
	buf_printf(&f->value, "%" PRIu32, last);
	if (f->modseq != 0)
		buf_printf(&f->value, " m%" PRIu64, f->modseq);
	for (size_t i = 0; i < f->holes.n; i++)
		buf_printf(&f->value, " %" PRIu32 "*%u", f->holes.v[i].uid,
		    f->holes.v[i].tries);
	told_take(&f->told, &f->now);
	told_write(&f->told, &f->value);
	cursor_set(&r->store->cursor, buf_str(&f->place), buf_str(&f->value));
	if (live_store_settle(r->store, e) < 0)
		return -1;
	return live_store_give(r->store, r->out, e);
}

enum imap_answer
folder_fetch(struct folder *f, struct str set, uint64_t most, struct err *e)
{
	struct imap *c = f->reading->client;

	if (set.n == 0)
		return IMAP_OK;
	if (imap_fetch(c, set, most, e) < 0)
		return IMAP_BROKEN;
	return imap_fetched(c, c->tag, e);
}

bool
folder_is_stopped(const struct folder *f)
{
	const struct imap_reading *r = f->reading;

	return r->signalled != NULL && *r->signalled != 0;
}
