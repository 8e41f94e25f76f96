/*
 * Facebook's and Instagram's downloads in JSON: message_1.json and so on of a
 * chat, the files of Messenger's encrypted chats, and Instagram's older
 * messages.json.  The messages are the items, and what tells of the chat goes
 * with each.
 */
#include "source/messenger/messenger.h"
#include "source/sent.h"

static int
messenger_read(struct ingest *in, struct input *file, struct err *e)
{
	struct items_form form = messenger_form;
	struct str head;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	if (*messenger_channel(str_of(in->file), head) == 'i')
		form.about = STR("{\"channel\":\"instagram\"}");
	return items_form_read(in, file, &form, e);
}

static const struct source_sent sent[] = { { "message_1.json", "photos" },
	{ "message_1.json", "files" }, { "message_1.json", "audio" },
	{ "message_1.json", "videos" }, { "message_1.json", "gifs" },
	{ "message_1.json", "stickers_used" }, { NULL, NULL } };

const struct source_format source_messenger = {
	.name = "messenger",
	.about = "downloads of Messenger and Instagram in JSON, a file or all",
	.sniff = messenger_sniff,
	.read = messenger_read,
	.sniff_tree = messenger_sniff_tree,
	.read_tree = messenger_read_tree,
	.release_tree = messenger_release_tree,
	.sent = sent,
	.normalize = messenger_normalize,
};
