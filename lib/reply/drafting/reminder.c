#include "reply/drafting/reminder.h"

#include "json/write.h"
#include "record/act.h"

static void
write_from(struct writer *w, struct record *r, const char *name)
{
	struct json to = json_at(record_get(r, "to"), 0), key, v;
	struct json_iter it = json_each(to);
	bool named = false;

	if (to.doc == NULL)
		return;
	write_key(w, "from");
	write_object(w);
	while (json_next(&it, &key, &v)) {
		named |= json_is(key, "name");
		write_key_str(w, json_str(key, record_arena(r)));
		write_raw(w, json_raw(v));
	}
	if (!named && name != NULL)
		write_member(w, "name", str_of(name));
	write_object_end(w);
}

void
reminder_line(
    struct record *r, const char *name, struct str subject, struct buf *out)
{
	static const char *const members[] = { "id", "type", "channel",
		"account", "sentAt", "receivedAt", "cc", "text", "messageId",
		"inReplyTo", "references", "threadId", "person", "conversation",
		"context" };
	struct json from = record_get(r, "from");
	struct writer w;

	write_init(&w, out);
	write_object(&w);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct json v = record_get(r, members[i]);

		if (v.doc != NULL)
			write_member_raw(&w, members[i], json_raw(v));
	}
	write_member(&w, "direction", STR("inbound"));
	write_member(
	    &w, "subject", subject.n > 0 ? subject : record_str(r, "subject"));
	write_from(&w, r, name);
	if (from.doc != NULL) {
		write_key(&w, "to");
		write_list(&w);
		write_raw(&w, json_raw(from));
		write_list_end(&w);
	}
	write_object_end(&w);
}

void
reminder_done(struct str conversation, int64_t now, struct buf *out)
{
	const struct act_words act = { .kind = ACT_DONE,
		.what = &conversation,
		.n = 1,
		.note = STR("no answer to two reminders"),
		.by = STR("kith reply"),
		.at = now,
		.until = TIME_NONE };

	act_write(out, &act);
}
