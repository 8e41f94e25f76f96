#include "source/google_chat/google_chat.h"

#include "source/peek.h"

struct look {
	unsigned message, answer, members, user, hangouts;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const of_message[] = { "creator", "created_date",
		"topic_id", "message_id", NULL };
	struct look *l = arg;
	struct str in = p->within;

	for (size_t i = 0; of_message[i] != NULL; i++)
		l->message += (in.n == 0 || str_is(in, "messages")) &&
			      str_is(p->name, of_message[i]);
	if (str_is(p->name, "name") && str_starts(p->text, STR("spaces/")))
		l->answer |= 1;
	if (str_is(p->name, "createTime"))
		l->answer |= 2;
	if (str_is(p->name, "sender") || str_is(p->name, "thread"))
		l->answer |= 4;
	if (str_is(p->name, "user_type"))
		l->members |= str_is(in, "members") ? 1 : 2;
	if (str_is(p->name, "membership_info"))
		l->user = 1;
	l->hangouts +=
	    str_is(in, "conversations") &&
	    (str_is(p->name, "conversation") || str_is(p->name, "events"));
	l->hangouts += 2 * (str_is(in, "conversation_state") &&
			       str_is(p->name, "conversation_state"));
}

static int
google_chat_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };

	json_peek(head, see, &l);
	if (l.message >= 3 || l.answer == 7)
		return 92;
	if (l.message >= 2 && str_find(head, STR("\"user_type\"")) >= 0)
		return 90;
	if (l.hangouts > 0 &&
	    str_find(head, STR("\"self_conversation_state\"")) >= 0)
		return 92;
	/* A message in what a hook was sent. */
	if (l.answer == 1 && str_find(head, STR("\"createTime\"")) >= 0 &&
	    str_find(head, STR("/messages/")) >= 0)
		return 86;
	if (l.user && (l.members & 2) != 0)
		return 86;
	return (l.members & 1) != 0 &&
		       str_is(str_of(base_name), "group_info.json")
		   ? 86
		   : 0;
}

static int
google_chat_read(struct ingest *in, struct input *file, struct err *e)
{
	return google_chat_read_file(in, file, STR_NONE, e);
}

const struct source_format source_google_chat = {
	.name = "google-chat",
	.about = "Google Chat: Takeout's folder or messages.json, and answers",
	.sniff = google_chat_sniff,
	.read = google_chat_read,
	.sniff_tree = google_chat_sniff_tree,
	.read_tree = google_chat_read_tree,
	.release_tree = google_chat_release_tree,
	.normalize = google_chat_normalize,
};
