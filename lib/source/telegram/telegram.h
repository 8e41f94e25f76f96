#ifndef KITH_SOURCE_TELEGRAM_TELEGRAM_H
#define KITH_SOURCE_TELEGRAM_TELEGRAM_H
/*
 * Telegram's exports: what both stages know of them.
 */
#include "source/item.h"

enum telegram_chat {
	TELEGRAM_NO_CHAT,
	TELEGRAM_PERSON, /* two people, or one and a bot */
	TELEGRAM_OWN, /* saved messages, answers to the account */
	TELEGRAM_GROUP,
	TELEGRAM_CHANNEL,
};

/* A chat's `type`. */
enum telegram_chat telegram_chat(struct str type);

enum stage_result
telegram_normalize(struct normalize *n, struct json native, struct err *e);

#endif
