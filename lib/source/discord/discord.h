#ifndef KITH_SOURCE_DISCORD_DISCORD_H
#define KITH_SOURCE_DISCORD_DISCORD_H
/*
 * Discord's messages: what both stages know of them.
 */
#include "source/item.h"

/* What people see instead of "<@123>", where `mentions` has that user, and
 * instead of "<:wave:456>". */
struct str
discord_text(struct normalize *n, struct str s, struct json mentions);
/* What a user is called: here, everywhere, or by name. */
struct str discord_name(struct normalize *n, struct json user);
/* The text of a program's boxes, one behind the other; absent. */
struct str discord_embeds(struct normalize *n, struct json embeds);

/* What a message's type is called, also where it is a number; absent where it
 * is none. */
struct str discord_kind(struct normalize *n, struct json type);

/* A row of DiscordChatExporter's table, of which n->message is begun. */
enum stage_result
discord_row(struct normalize *n, struct json native, struct err *e);
enum stage_result
discord_normalize(struct normalize *n, struct json native, struct err *e);

#endif
