#ifndef KITH_SOURCE_ASTERISK_CEL_CEL_H
#define KITH_SOURCE_ASTERISK_CEL_CEL_H
/*
 * Asterisk's channel event logging: a row for each thing that a channel does.
 * asterisk_cel.c joins those of a call, normalize.c makes of them the row that
 * call detail records would have had.
 */
#include "source/item.h"
#include "source/desk/spelling.h"

enum cel_field {
	CEL_TYPE,
	CEL_TIME,
	CEL_NAME,
	CEL_NUMBER,
	CEL_ANI,
	CEL_RDNIS,
	CEL_DNID,
	CEL_EXTEN,
	CEL_CONTEXT,
	CEL_CHANNEL,
	CEL_APP,
	CEL_APP_DATA,
	CEL_AMA,
	CEL_ACCOUNT,
	CEL_UNIQUE,
	CEL_LINKED,
	CEL_PEER,
	CEL_USER,
	CEL_USER_TYPE,
	CEL_EXTRA,
	CEL_PEER_ACCOUNT,
	CEL_FIELDS
};

extern const struct spellings cel_names;

enum cel_event {
	CEL_OTHER,
	CEL_CHAN_START,
	CEL_ANSWER,
	CEL_APP_START,
	CEL_BRIDGE_ENTER,
	CEL_BRIDGE_EXIT,
	CEL_HANGUP,
	CEL_CHAN_END,
	CEL_LINKEDID_END,
};

/* By its name, or by the number that databases may have. */
enum cel_event cel_event_of(struct str type);
/* Is it the name of any event that Asterisk has? */
bool cel_is_event(struct str type);

enum stage_result
cel_normalize(struct normalize *n, struct json native, struct err *e);

#endif
