/*
 * Telling the files apart: which are of Messenger and Instagram, of which of the
 * two, and of which chat.
 */
#include "source/messenger/messenger.h"

#include "source/peek.h"

/* Folders of chats. */
static const char *const kinds[] = { "inbox", "archived_threads",
	"filtered_threads", "message_requests", "e2ee_cutover",
	"legacy_threads", "broadcast", NULL };

static const char *const paths[] = { "messages", "conversation",
	"threads/messages", "conversations/messages", NULL };
static const char *const repeat[] = { "participants", "title", "thread_path",
	"thread_type", "joinable_mode", "threadName", NULL };
/* A group of 250 has this many bytes of names. */
const struct items_form messenger_form = {
	.paths = paths, .repeat = repeat, .each = 16 << 10, .whole = true
};

struct str
messenger_thread_folder(struct str path)
{
	struct str rest = path, found = STR_NONE, last = STR_NONE;

	while (rest.p != NULL) {
		struct str part = str_split(&rest, '/');

		for (size_t i = 0; last.p != NULL && kinds[i] != NULL; i++)
			if (str_is(last, kinds[i]) && rest.p != NULL)
				found = part;
		last = part;
	}
	return found;
}

/* The last place of a word in any case, or -1. */
static ptrdiff_t
last_of(struct str path, struct str word)
{
	ptrdiff_t at = -1, next;

	while ((next = str_find_nocase(
		    str_sub(path, (size_t)(at + 1), path.n), word)) >= 0)
		at += 1 + next;
	return at;
}

static bool
says_any(struct str head, const char *const *marks)
{
	for (; *marks != NULL; marks++)
		if (str_find(head, str_of(*marks)) >= 0)
			return true;
	return false;
}

const char *
messenger_channel(struct str path, struct str head)
{
	/* Whoever writes a message cannot write the quotes around these. */
	static const char *const instagram[] = {
		"\":\"your_instagram_activity/",
		"\": \"your_instagram_activity/", "\":\"https://ig.me/j/",
		"\": \"https://ig.me/j/", "\"conversation\"", NULL
	};
	static const char *const messenger[] = { "\"threadName\"",
		"\":\"your_facebook_activity/", "\": \"your_facebook_activity/",
		"\":\"https://m.me/j/", "\": \"https://m.me/j/", NULL };
	struct str folder = messenger_thread_folder(path);
	ptrdiff_t meta, photos;

	if (says_any(head, messenger))
		return "messenger";
	if (says_any(head, instagram))
		return "instagram";
	/* People's names stand from the chat's folder on. */
	if (folder.p != NULL)
		path = str_sub(path, 0, (size_t)(folder.p - path.p));
	photos = last_of(path, STR("instagram"));
	meta = last_of(path, STR("facebook"));
	if (meta < last_of(path, STR("messenger")))
		meta = last_of(path, STR("messenger"));
	return photos > meta ? "instagram" : "messenger";
}

struct look {
	unsigned message, camel, named, unsent, older, chat, camel_chat;
};

static unsigned
is_one(struct str name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (str_is(name, *names))
			return 1;
	return 0;
}

static void
see(void *arg, const struct peeked *p)
{
	static const char *const message[] = { "sender_name", "timestamp_ms",
		NULL };
	static const char *const camel[] = { "senderName", "timestamp",
		"timestampMs", "isUnsent", "reactions", "media", NULL };
	static const char *const older[] = { "sender", "created_at", NULL };
	static const char *const chat[] = { "thread_path", "thread_type",
		"is_still_participant", "magic_words", "participants", NULL };
	struct look *l = arg;

	if (p->within.n == 0) {
		l->chat += is_one(p->name, chat);
		l->camel_chat += str_is(p->name, "threadName") ||
				 str_is(p->name, "participants");
	}
	if (p->within.n == 0 || str_is(p->within, "messages")) {
		l->message += is_one(p->name, message);
		l->camel += is_one(p->name, camel);
		l->named += str_is(p->name, "senderName");
		l->unsent += str_is(p->name, "isUnsent");
	}
	if (str_is(p->within, "messages") && str_is(p->name, "timestamp"))
		l->message += l->message == 1 && l->chat > 0;
	if (str_is(p->within, "conversation"))
		l->older += is_one(p->name, older);
}

int
messenger_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };
	bool of_chat;

	(void)base_name;
	json_peek(head, see, &l);
	of_chat = str_find(head, STR("\"thread_path\"")) >= 0 ||
		  str_find(head, STR("\"magic_words\"")) >= 0;
	if (l.message >= 2)
		return l.chat > 0 || of_chat ? 93 : 88;
	if (l.named > 0 && l.camel >= 2 && (l.unsent > 0 || l.camel_chat == 2))
		return 92;
	/* A chat without messages. */
	if (l.chat >= 3 && str_find(head, STR("\"messages\"")) >= 0)
		return 90;
	return l.older == 2 && l.chat > 0 ? 86 : 0;
}
