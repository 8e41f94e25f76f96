/*
 * What the name of a log tells: network, channel, day.
 * "irc.libera.#kith.weechatlog", "libera-#kith.log", "#kith_20260302.log",
 * "libera/#kith/2026-03-02.log".
 */
#include "core/text/ascii.h"
#include "source/irc/irc.h"

static bool
is_sign(char c)
{
	return c == '_' || c == '-' || c == '.';
}

static struct str
without_ending(struct str s)
{
	static const char *const endings[] = { ".weechatlog", ".gz", ".xz",
		".zst", ".bz2", ".log", ".txt", NULL };

	for (int i = 0; i < 3; i++)
		for (size_t k = 0; endings[k] != NULL; k++)
			if (str_ends(s, str_of(endings[k])))
				s = str_sub(s, 0, s.n - strlen(endings[k]));
	return s;
}

/* "#kith_20260302": what goes on with digits and dashes is the day. */
static struct str
without_day(struct str s)
{
	size_t n = s.n;

	while (n > 0 && (ascii_is_digit(s.p[n - 1]) || is_sign(s.p[n - 1])))
		n--;
	return s.n - n >= 9 && n > 0 && is_sign(s.p[n]) ? str_sub(s, 0, n) : s;
}

/* What stands before the channel: its last part, "irc" aside. */
static struct str
network_of(struct str s)
{
	size_t from;

	while (s.n > 0 && is_sign(s.p[s.n - 1]))
		s.n--;
	from = s.n;
	while (from > 0 && s.p[from - 1] != '_' && s.p[from - 1] != '.')
		from--;
	s = str_sub(s, from, s.n);
	return s.n == 0 || str_is(s, "irc") ? STR_NONE : s;
}

void
irc_place_of(const char *file, struct irc_place *out)
{
	struct str path = str_of(file), rest = path, base = STR_NONE;
	struct civil day;

	*out = (struct irc_place){ .day = STR_NONE };
	while (rest.p != NULL) {
		struct str part = str_split(&rest, '/');

		if (rest.p == NULL)
			base = part;
		else if (irc_is_channel(part))
			out->channel = part;
	}
	for (size_t i = 0; i < base.n; i++) {
		struct str s =
		    without_day(without_ending(str_sub(base, i, base.n)));

		if (!ascii_is_in(base.p[i], "#&") || !irc_is_channel(s))
			continue;
		out->channel = s;
		out->network = network_of(str_sub(base, 0, i));
		break;
	}
	if (irc_day_of(base, &day))
		out->day = base;
}
