#ifndef KITH_TEXT_TRUNKS_H
#define KITH_TEXT_TRUNKS_H
/*
 * Trunk prefixes (E.164, operational bulletins; Mexico's until its plan of
 * 2019): data that libphonenumber forgets when a plan changes, and people do
 * not.
 */
#include "core/str.h"

/* The digits that are dialled before a national number, or were until lately, by
 * its country's code ("52"): a blank between two; "0" where none is named. */
static inline const char *
phone_trunks(struct str code)
{
	static const struct {
		const char *code, *trunks; /* a blank between two */
	} all[] = {
		{ "1", "1" },
		{ "36", "06" },
		{ "370", "8 0" },
		{ "375", "80 8 0" },
		{ "52", "01 044 045 1" },
		{ "7", "8" },
		{ "976", "01 02 0" },
		{ "992", "8" },
		{ "993", "8" },
		{ "998", "8 0" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (str_is(code, all[i].code))
			return all[i].trunks;
	return "0";
}

#endif
