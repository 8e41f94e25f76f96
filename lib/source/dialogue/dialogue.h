#ifndef KITH_SOURCE_DIALOGUE_DIALOGUE_H
#define KITH_SOURCE_DIALOGUE_DIALOGUE_H
/*
 * Collections of dialogues: who may speak in them.
 */
#include "source/item.h"

enum dialogue_speaker {
	DIALOGUE_NOBODY, /* what the table has no word for */
	DIALOGUE_CUSTOMER,
	DIALOGUE_AGENT,
	DIALOGUE_BOT,
	DIALOGUE_SYSTEM, /* an agent where people speak, else instructions */
	DIALOGUE_TOOL, /* what a program did or gave: no speech */
};

enum dialogue_speaker dialogue_speaker(struct str word);
/* Members that hold a dialogue's turns; ends with a NULL. */
extern const char *const dialogue_turns[];

enum stage_result
dialogue_normalize(struct normalize *n, struct json native, struct err *e);

#endif
