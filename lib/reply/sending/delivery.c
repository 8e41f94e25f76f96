#include "reply/sending/delivery.h"

#include "core/time.h"
#include "json/write.h"
#include "record/id.h"
#include "reply/draft.h"
#include "reply/lastlook/optedout.h"
#include "text/sms.h"

/* What it takes on a channel that is paid by the segment. */
static void
write_segments(struct writer *w, const struct draft *d)
{
	struct sms x;

	if (d->row == NULL || d->row->unit != IN_SEGMENTS)
		return;
	sms_measure(d->text, &x);
	if (x.segments > 0)
		write_member_int(w, "segments", (int64_t)x.segments);
}

static void
write_remark(struct writer *w, const struct draft *d)
{
	struct buf remark;

	buf_init(&remark, REMARK_BYTES);
	optedout_remark(d, &remark);
	if (remark.n > 0)
		write_member(w, "remark", buf_str(&remark));
	buf_release(&remark);
}

void
delivery_refuse(struct record *draft, const struct draft *d, const char *status,
    struct str reason, int64_t now, int64_t until)
{
	struct writer *w = record_put(draft, "delivery");

	write_object(w);
	write_member(w, "status", str_of(status));
	write_member_time(w, "at", now);
	if (reason.n > 0)
		write_member(w,
		    str_is(str_of(status), "ready") ? "remark" : "reason",
		    reason);
	write_member_time(w, "retryAt", until);
	write_segments(w, d);
	write_object_end(w);
	record_put_end(draft);
}

static void
put_keywords(struct record *r, bool automatic)
{
	struct json_iter it = json_each(record_get(r, "keywords"));
	struct json v;
	struct writer *w;
	size_t left = automatic;

	while (json_next(&it, NULL, &v))
		left += !json_is(v, "draft") && !json_is(v, "automatic");
	if (left == 0) {
		record_drop(r, "keywords");
		return;
	}
	w = record_put(r, "keywords");
	write_list(w);
	if (automatic)
		write_z(w, "automatic");
	it = json_each(record_get(r, "keywords"));
	while (json_next(&it, NULL, &v))
		if (!json_is(v, "draft") && !json_is(v, "automatic"))
			write_raw(w, json_raw(v));
	write_list_end(w);
	record_put_end(r);
}

static void
put_time(struct record *r, const char *name, int64_t t)
{
	char text[TIME_SIZE];

	record_put_str(r, name, str_make(text, time_format(t, text)));
}

/* The ids that the channel's next export gives it. */
static void
put_ids(struct record *r, const struct outbox_entry *entry,
    const struct draft *d, struct str from)
{
	char made[ID_SIZE];
	struct str record = entry->native, message_id = d->message_id;
	struct str native = str_split(&record, '\n');

	if (id_is(record, "m")) {
		message_id = native;
	} else if (!channel_replies_by_mail(d->row) && native.n > 0) {
		message_id = native;
		record_id(made, d->channel, d->account, native);
		record = str_of(made);
	} else {
		draft_id(
		    made, d->channel, d->account, message_id, from, d->key);
		record = str_of(made);
	}
	record_put_str(r, "id", arena_dup(record_arena(r), record));
	if (message_id.n > 0)
		record_put_str(r, "messageId", message_id);
}

/* The message as it now stands at the channel. */
static void
put_message(struct record *r, const struct outbox_entry *entry,
    const struct draft *d, const struct transport *t)
{
	struct str from = t == NULL ? STR_NONE : t->from;
	struct writer *w;

	if (d->from.email.n > 0)
		from = d->from.email;
	if (d->account.n == 0 && t != NULL && t->account.n > 0)
		record_put_str(r, "account", t->account);
	put_ids(r, entry, d, from);
	record_put_str(r, "text", d->text);
	put_keywords(r, d->automatic);
	put_time(r, "sentAt", entry->at);
	if (json_type(record_get(r, "from")) == JSON_NONE && from.n > 0) {
		w = record_put(r, "from");
		write_object(w);
		write_member(w, "name", t == NULL ? STR_NONE : t->from_name);
		write_member(w, str_chr(from, '@') > 0 ? "email" : "uri", from);
		write_object_end(w);
		record_put_end(r);
	}
}

void
delivery_put(struct record *r, const struct outbox_entry *entry,
    const struct transport *t)
{
	struct draft d;
	struct writer *w;

	draft_read(r, &d);
	if (entry->state == OUTBOX_SENT)
		put_message(r, entry, &d, t);
	w = record_put(r, "delivery");
	write_object(w);
	write_member(w, "status", str_of(outbox_words[entry->state]));
	write_member_time(w, "at", entry->at);
	write_member(w, "transport", entry->transport);
	write_member_int(w, "attempts", entry->attempts);
	if (entry->state != OUTBOX_SENT) {
		write_member(w, "reason", entry->reason);
		write_member_time(w, "retryAt", entry->next);
	} else {
		write_remark(w, &d);
	}
	write_segments(w, &d);
	write_object_end(w);
	record_put_end(r);
}

int
delivery_emit(void *sink, struct record *r, struct err *e)
{
	return record_write(r, sink_out(sink), e) < 0 ? -1
						      : sink_commit(sink, e);
}
