#include "core/text/ascii.h"
#include "source/discord/discord.h"
#include "source/native.h"

struct str
discord_name(struct normalize *n, struct json user)
{
	static const char *const names[] = { "nickname", "nick", "global_name",
		"name", "username", NULL };

	return native_any(n, user, names);
}

enum { MENTIONS = 256 }; /* of a message: the service lets in 100 */

static struct str
name_of(struct normalize *n, struct json mentions, struct str id)
{
	struct json_iter it = json_each(mentions);
	struct json one;

	for (int i = 0; i < MENTIONS && json_next(&it, NULL, &one); i++)
		if (str_eq(native_text(n, one, "id"), id))
			return discord_name(n, one);
	return STR_NONE;
}

/* Writes what stands between "<" and ">" as people see it; false where that is
 * nothing of Discord's. */
static bool
write_mark(
    struct normalize *n, struct buf *out, struct str mark, struct json mentions)
{
	bool moves = str_starts(mark, STR("a:"));
	struct str rest = str_sub(mark, moves ? 2 : 1, mark.n), name;

	if (str_starts(mark, STR("@"))) {
		if (str_starts(rest, STR("!")))
			rest = str_sub(rest, 1, rest.n);
		name = name_of(n, mentions, rest);
		if (name.p == NULL || !str_is_digits(rest))
			return false;
		buf_add_char(out, '@');
		return buf_add_str(out, name) == 0;
	}
	if (!moves && !str_starts(mark, STR(":")))
		return false;
	name = str_split(&rest, ':');
	if (rest.p == NULL || !str_is_digits(rest) || name.n == 0)
		return false;
	buf_add_char(out, ':');
	buf_add_str(out, name);
	return buf_add_char(out, ':') == 0;
}

struct str
discord_text(struct normalize *n, struct str s, struct json mentions)
{
	struct buf out;

	if (str_chr(s, '<') < 0)
		return s;
	buf_init(&out, NORMALIZE_SCRATCH);
	while (s.n > 0) {
		ptrdiff_t open = str_chr(s, '<'), end;
		size_t to = open < 0 ? s.n : (size_t)open;
		enum { MARK = 80 }; /* bytes of the longest */

		buf_add_str(&out, str_sub(s, 0, to));
		s = str_sub(s, to, s.n);
		end = str_chr(str_sub(s, 0, MARK), '>');
		if (end > 0 && write_mark(n, &out,
				   str_sub(s, 1, (size_t)end - 1), mentions)) {
			s = str_sub(s, (size_t)end + 1, s.n);
		} else if (s.n > 0) {
			buf_add_char(&out, '<');
			s = str_sub(s, 1, s.n);
		}
	}
	s = arena_dup(&n->message.arena, buf_str(&out));
	buf_release(&out);
	return s;
}

static void
add_line(struct buf *out, struct str s)
{
	if (s.n == 0)
		return;
	if (out->n > 0)
		buf_add_char(out, '\n');
	buf_add_str(out, s);
}

struct str
discord_embeds(struct normalize *n, struct json embeds)
{
	struct json_iter it = json_each(embeds), fields;
	struct str text = STR_NONE;
	struct json one, field;
	struct buf out;

	if (json_count(embeds) == 0)
		return text;
	buf_init(&out, NORMALIZE_SCRATCH);
	while (json_next(&it, NULL, &one)) {
		add_line(&out, native_text(n, one, "title"));
		add_line(&out, native_text(n, one, "description"));
		fields = json_each(json_get(one, "fields"));
		while (json_next(&fields, NULL, &field)) {
			add_line(&out, native_text(n, field, "name"));
			add_line(&out, native_text(n, field, "value"));
		}
	}
	if (out.n > 0)
		text = arena_dup(&n->message.arena, buf_str(&out));
	buf_release(&out);
	return text;
}

struct str
discord_kind(struct normalize *n, struct json type)
{
	/* As DiscordChatExporter writes them, and like them those that it
	 * writes as numbers. */
	static const char *const names[] = { "Default", "RecipientAdd",
		"RecipientRemove", "Call", "ChannelNameChange",
		"ChannelIconChange", "ChannelPinnedMessage", "GuildMemberJoin",
		"GuildBoost", "GuildBoostTier1", "GuildBoostTier2",
		"GuildBoostTier3", "ChannelFollowAdd", NULL,
		"GuildDiscoveryDisqualified", "GuildDiscoveryRequalified",
		"GuildDiscoveryGracePeriodInitialWarning",
		"GuildDiscoveryGracePeriodFinalWarning", "ThreadCreated",
		"Reply", "ChatInputCommand", "ThreadStarterMessage",
		"GuildInviteReminder", "ContextMenuCommand",
		"AutoModerationAction", "RoleSubscriptionPurchase",
		"InteractionPremiumUpsell", "StageStart", "StageEnd",
		"StageSpeaker", NULL, "StageTopic",
		"GuildApplicationPremiumSubscription", NULL, NULL, NULL,
		"GuildIncidentAlertModeEnabled",
		"GuildIncidentAlertModeDisabled", "GuildIncidentReportRaid",
		"GuildIncidentReportFalseAlarm", NULL, NULL, NULL, NULL,
		"PurchaseNotification", NULL, "PollResult" };
	struct str s = native_value(n, type);
	int64_t i;

	if (!str_is_digits(s) || str_to_int(s, &i) < 0 || i < 0 ||
	    i >= (int64_t)(sizeof(names) / sizeof(*names)) || names[i] == NULL)
		return s;
	return str_of(names[i]);
}
