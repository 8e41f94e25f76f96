#include "record/channelset.h"

_Static_assert(CHANNEL_SET <= 64, "a set of channels has 64 bits");

uint8_t
channel_set_number(struct channel_set *s, struct str name)
{
	const struct channel *c = channel_named(name);
	size_t i = 0;

	if (c != NULL)
		return (uint8_t)channel_number(c);
	while (i < s->n && !str_is(name, s->others[i]))
		i++;
	if (i == s->n) {
		if (i == CHANNEL_OTHERS || name.n == 0 ||
		    name.n >= CHANNEL_NAME)
			return 0;
		memcpy(s->others[s->n++], name.p, name.n);
	}
	return (uint8_t)(1 + CHANNELS_MAX + i);
}

const char *
channel_set_name(const struct channel_set *s, uint8_t number)
{
	if (number == 0)
		return "";
	return number > CHANNELS_MAX ? s->others[number - 1 - CHANNELS_MAX]
				     : channels[number - 1].name;
}
