/*
 * messages.json of Skype's and Teams's personal data: conversations, and in each
 * its messages.  Parts of it, too: a conversation, or messages alone, as the
 * service itself answers.
 */
#include "source/skype/skype.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/sent.h"

struct look {
	unsigned head, list, message;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const of_message[] = { "originalarrivaltime",
		"messagetype", "conversationid", "conversationLink",
		"composetime", NULL };
	struct look *l = arg;

	if (p->within.n == 0)
		l->head +=
		    str_is(p->name, "userId") || str_is(p->name, "exportDate");
	l->list += str_is(p->name, "MessageList");
	if (p->within.n > 0 && !str_is(p->within, "messages") &&
	    !str_is(p->within, "MessageList"))
		return;
	l->message += str_is_one_of(p->name, of_message);
}

static int
skype_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };
	bool list = str_find(head, STR("\"MessageList\"")) >= 0;

	(void)base_name;
	json_peek(head, see, &l);
	if (l.message >= 3 || (l.list > 0 && l.head == 2))
		return 93;
	return (l.head == 2 && list) || (l.list > 0 && l.message > 0) ||
		       (list &&
			   str_find(head, STR("\"originalarrivaltime\"")) >= 0)
		   ? 90
		   : 0;
}

static int
skype_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "conversations/MessageList",
		"MessageList", "messages", NULL };
	/* Of the conversation, and of whose account it is. */
	static const char *const repeat[] = { "id", "displayName", "userId",
		"threadProperties", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 4096, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

static const struct source_sent sent[] = { { "messages.json", "media" },
	{ NULL, NULL } };

const struct source_format source_skype = {
	.name = "skype",
	.about = "Skype's and Teams's export of one's own data, messages.json",
	.sniff = skype_sniff,
	.read = skype_read,
	.sent = sent,
	.normalize = skype_normalize,
	.release = skype_release,
};
