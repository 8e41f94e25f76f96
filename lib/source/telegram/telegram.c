/*
 * Telegram Desktop's result.json: one chat, or all of an account in
 * chats.list and left_chats.list.  A chat may be of any size: its messages are
 * the items, and what tells of the chat goes with each.
 */
#include "source/json/items.h"
#include "source/peek.h"
#include "source/sent.h"
#include "source/telegram/telegram.h"

struct look {
	unsigned chat, message, row;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const of_message[] = { "from_id", "date_unixtime",
		"text_entities", "actor_id", "date", "from", NULL };
	static const char *const of_row[] = { "sender_id", "message.id",
		"reply_to_id", NULL };
	struct look *l = arg;

	l->row += p->within.n == 0 && str_is_one_of(p->name, of_row);

	if (str_is(p->name, "type") && p->within.n == 0 &&
	    telegram_chat(p->text) != TELEGRAM_NO_CHAT)
		l->chat++;
	if (!str_is(p->within, "messages"))
		return;
	l->message += str_is_one_of(p->name, of_message);
}

/* A chat's kind is a word of its own; what only parts of an account have is
 * looked for below it. */
static int
telegram_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };
	bool entities = str_find(head, STR("\"date_unixtime\"")) >= 0 ||
			str_find(head, STR("\"text_entities\"")) >= 0;
	bool list = str_find(head, STR("\"messages\"")) >= 0;

	(void)base_name;
	json_peek(head, see, &l);
	if (l.chat > 0 && list)
		return 92;
	return entities && list ? 88 : l.message >= 4 || l.row == 3 ? 82 : 0;
}

static int
telegram_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "messages", "chats/list/messages",
		"chats/messages", "left_chats/list/messages", "list/messages",
		NULL };
	/* Of the chat, and of whose account it is. */
	static const char *const repeat[] = { "name", "type", "id", "account",
		"personal_information", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 4096, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

static const struct source_sent sent[] = { { "result.json", "chats" },
	{ "result.json", "files" }, { "result.json", "photos" },
	{ "result.json", "images" }, { "result.json", "video_files" },
	{ "result.json", "voice_messages" },
	{ "result.json", "round_video_messages" },
	{ "result.json", "stickers" }, { "result.json", "contacts" },
	{ "result.json", "animations" }, { "result.json", "stories" },
	{ "result.json", "profile_pictures" }, { NULL, NULL } };

const struct source_format source_telegram = {
	.name = "telegram",
	.about = "Telegram Desktop's result.json, of a chat or an account",
	.sniff = telegram_sniff,
	.read = telegram_read,
	.sent = sent,
	.normalize = telegram_normalize,
};
