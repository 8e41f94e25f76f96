/*
 * What columns and members are called, and the events.
 */
#include "source/asterisk_cel/cel.h"

static const struct spelling names[] = {
	{ "accountcode", CEL_ACCOUNT },
	{ "amaflags", CEL_AMA },
	{ "appdata", CEL_APP_DATA },
	{ "application", CEL_APP },
	{ "applicationdata", CEL_APP_DATA },
	{ "appname", CEL_APP },
	{ "calleridani", CEL_ANI },
	{ "calleriddnid", CEL_DNID },
	{ "calleridname", CEL_NAME },
	{ "calleridnum", CEL_NUMBER },
	{ "calleridrdnis", CEL_RDNIS },
	{ "channame", CEL_CHANNEL },
	{ "channel", CEL_CHANNEL },
	{ "channelname", CEL_CHANNEL },
	{ "cidani", CEL_ANI },
	{ "ciddnid", CEL_DNID },
	{ "cidname", CEL_NAME },
	{ "cidnum", CEL_NUMBER },
	{ "cidrdnis", CEL_RDNIS },
	{ "context", CEL_CONTEXT },
	{ "eventextra", CEL_EXTRA },
	{ "eventname", CEL_TYPE },
	{ "eventtime", CEL_TIME },
	{ "eventtype", CEL_TYPE },
	{ "exten", CEL_EXTEN },
	{ "extension", CEL_EXTEN },
	{ "extra", CEL_EXTRA },
	{ "linkedid", CEL_LINKED },
	{ "peer", CEL_PEER },
	{ "peeraccount", CEL_PEER_ACCOUNT },
	{ "uniqueid", CEL_UNIQUE },
	{ "userdeftype", CEL_USER_TYPE },
	{ "userfield", CEL_USER },
};

const struct spellings cel_names = SPELLINGS(names);

/* The numbers are those of the enum in Asterisk's source. */
static const struct {
	const char *name;
	int number;
	enum cel_event is;
} events[] = {
	{ "CHAN_START", 1, CEL_CHAN_START },
	{ "CHAN_END", 2, CEL_CHAN_END },
	{ "HANGUP", 3, CEL_HANGUP },
	{ "ANSWER", 4, CEL_ANSWER },
	{ "APP_START", 5, CEL_APP_START },
	{ "APP_END", 6, CEL_OTHER },
	{ "PARK_START", 7, CEL_OTHER },
	{ "PARK_END", 8, CEL_OTHER },
	{ "USER_DEFINED", 9, CEL_OTHER },
	{ "BRIDGE_ENTER", 10, CEL_BRIDGE_ENTER },
	{ "BRIDGE_EXIT", 11, CEL_BRIDGE_EXIT },
	{ "BLINDTRANSFER", 12, CEL_OTHER },
	{ "ATTENDEDTRANSFER", 13, CEL_OTHER },
	{ "PICKUP", 14, CEL_OTHER },
	{ "FORWARD", 15, CEL_OTHER },
	{ "LINKEDID_END", 16, CEL_LINKEDID_END },
	{ "LOCAL_OPTIMIZE", 17, CEL_OTHER },
	{ "LOCAL_OPTIMIZE_BEGIN", 18, CEL_OTHER },
	/* Asterisk 1.8 to 11. */
	{ "BRIDGE_START", -1, CEL_BRIDGE_ENTER },
	{ "BRIDGE_END", -1, CEL_BRIDGE_EXIT },
	{ "BRIDGE_UPDATE", -1, CEL_OTHER },
	{ "CONF_START", -1, CEL_OTHER },
	{ "CONF_ENTER", -1, CEL_BRIDGE_ENTER },
	{ "CONF_EXIT", -1, CEL_BRIDGE_EXIT },
	{ "CONF_END", -1, CEL_OTHER },
	{ "3WAY_START", -1, CEL_OTHER },
	{ "3WAY_END", -1, CEL_OTHER },
	{ "TRANSFER", -1, CEL_OTHER },
	{ "HOOKFLASH", -1, CEL_OTHER },
};

enum { EVENTS = sizeof(events) / sizeof(*events) };

enum cel_event
cel_event_of(struct str type)
{
	int64_t number;
	bool is_number = str_to_int(type, &number) == 0;

	for (size_t i = 0; i < EVENTS; i++)
		if (is_number ? events[i].number == number
			      : str_eq_nocase(type, str_of(events[i].name)))
			return events[i].is;
	return CEL_OTHER;
}

bool
cel_is_event(struct str type)
{
	for (size_t i = 0; i < EVENTS; i++)
		if (str_eq_nocase(type, str_of(events[i].name)))
			return true;
	return false;
}
