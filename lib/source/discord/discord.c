/*
 * Messages of Discord: channels as DiscordChatExporter writes them (JSON, also
 * in parts), messages as the service's interface and gateway answer them, and
 * those of one's own in the data package.
 */
#include "source/desk/desk.h"
#include "source/discord/discord.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/sent.h"

struct look {
	unsigned place, range, message, exported, api, package, channel_id;
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
see_message(struct look *l, struct str name)
{
	static const char *const message[] = { "author", "timestamp", "content",
		NULL };
	static const char *const exported[] = { "timestampEdited",
		"callEndedTimestamp", "isPinned", "inlineEmojis", NULL };
	static const char *const api[] = { "edited_timestamp",
		"mention_everyone", "tts", "mention_roles", NULL };

	l->message += is_one(name, message);
	l->exported += is_one(name, exported);
	l->api += is_one(name, api);
	l->channel_id += str_is(name, "channel_id");
}

static void
see(void *arg, const struct peeked *p)
{
	static const char *const places[] = { "guild", "channel", NULL };
	static const char *const range[] = { "dateRange", "exportedAt",
		"messageCount", NULL };
	static const char *const package[] = { "ID", "Timestamp", "Contents",
		"Attachments", NULL };
	static const char *const lists[] = { "", "messages", "d", NULL };
	struct look *l = arg;

	if (p->within.n == 0) {
		l->place += p->first == '{' && is_one(p->name, places);
		l->range += is_one(p->name, range);
		l->package += is_one(p->name, package);
	}
	if (is_one(p->within, lists))
		see_message(l, p->name);
}

/* DiscordChatExporter's table, and the older data package's. */
static int
sniff_table(struct str head)
{
	if (desk_columns(head, "author_id") == 1 &&
	    desk_columns(head, "author|date|content|attachments") == 4)
		return 92;
	return desk_columns(head, "id|timestamp|contents|attachments") == 4 &&
		       str_starts(peek_unmarked(head), STR("ID"))
		   ? 84
		   : 0;
}

static int
discord_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };

	(void)base_name;
	if (!json_peek_is(head))
		return sniff_table(head);
	json_peek(head, see, &l);
	if (l.place == 2 && (l.range > 0 || l.message == 3))
		return 92;
	if (l.message >= 2 && l.exported >= 2)
		return 90;
	if (l.message >= 2 && l.api >= 2 && l.channel_id > 0)
		return 90;
	return l.package == 4 ? 86 : 0;
}

static int
discord_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "messages", "d", NULL };
	static const char *const repeat[] = { "guild", "channel", NULL };
	static const struct items_form form = { .paths = paths,
		.repeat = repeat,
		.each = 16 << 10,
		.whole = true };

	return items_or_table_read(in, file, &form, e);
}

static const struct source_sent sent[] = { { "*", "*_Files" }, { NULL, NULL } };

const struct source_format source_discord = {
	.name = "discord",
	.about = "Discord: DiscordChatExporter's, the API's, the data package",
	.sniff = discord_sniff,
	.read = discord_read,
	.sent = sent,
	.normalize = discord_normalize,
};
