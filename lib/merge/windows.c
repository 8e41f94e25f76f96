#include "merge/windows.h"

#include "core/time.h"

enum { ANY = 7 * TIME_DAY };

/*
 * Who writes a letter waits for days, who types into a chat's window for
 * minutes; a call is about what was written before it.  Pairs of classes that
 * are not here have ANY.
 */
static const struct {
	enum window_class a, b;
	int64_t time;
} defaults[] = {
	{ WINDOW_LETTER, WINDOW_LETTER, 21 * TIME_DAY },
	{ WINDOW_LETTER, WINDOW_FORM, 21 * TIME_DAY },
	{ WINDOW_LETTER, WINDOW_TICKET, 21 * TIME_DAY },
	{ WINDOW_TICKET, WINDOW_TICKET, 30 * TIME_DAY },
	{ WINDOW_PHONE, WINDOW_PHONE, 3 * TIME_DAY },
	{ WINDOW_LIVE, WINDOW_LIVE, TIME_DAY },
};

static void
forget(struct windows *w)
{
	for (size_t i = 0; i < CHANNEL_SET; i++)
		for (size_t j = 0; j < CHANNEL_SET; j++)
			w->pairs[i][j] = -1;
}

void
windows_default(struct windows *w)
{
	*w = (struct windows){ .all = -1 };
	forget(w);
}

static int
put_name(char out[CHANNEL_NAME], struct str name)
{
	if (name.n == 0 || name.n >= CHANNEL_NAME)
		return -1;
	memset(out, 0, CHANNEL_NAME);
	memcpy(out, name.p, name.n);
	return 0;
}

static int
set_one(struct windows *w, struct str text, struct err *e)
{
	ptrdiff_t eq = str_rchr(text, '=');
	struct str pair = str_sub(text, 0, eq < 0 ? 0 : (size_t)eq);
	struct str time = str_sub(text, (size_t)(eq + 1), text.n);
	ptrdiff_t comma = str_chr(pair, ',');
	struct str a = comma < 0 ? pair : str_sub(pair, 0, (size_t)comma);
	struct str b =
	    comma < 0 ? STR("*") : str_sub(pair, (size_t)comma + 1, pair.n);
	struct window *to = &w->v[w->n];

	if (w->n == WINDOWS_MAX)
		return err_set(e, "--window: more than %d pairs", WINDOWS_MAX);
	if (eq < 0)
		a = b = STR("*");
	if (str_chr(b, ',') >= 0 || put_name(to->a, a) != 0 ||
	    put_name(to->b, b) != 0)
		return err_set(e,
		    "--window: '%.*s': give a time, or channels and a time "
		    "such as email,slack=3d",
		    STR_ARG(text));
	if (duration_parse(time, &to->time) != 0)
		return err_set(e,
		    "--window: '%.*s' is not a duration such as 90m, 24h or "
		    "7d",
		    STR_ARG(time));
	/* A time for all takes the place of what is known of any. */
	if (eq < 0) {
		w->all = to->time;
		w->n = 0;
		return 0;
	}
	w->n++;
	return 0;
}

int
windows_set(struct windows *w, struct str text, struct err *e)
{
	struct str rest = text;
	bool any = false;

	forget(w);
	while (rest.p != NULL) {
		struct str one = str_split(&rest, ' ');

		if (one.n == 0)
			continue;
		any = true;
		if (set_one(w, one, e) != 0)
			return -1;
	}
	return any ? 0 : set_one(w, text, e);
}

static bool
fits(const char *want, const char *name)
{
	return strcmp(want, "*") == 0 || strcmp(want, name) == 0;
}

static enum window_class
class_of(uint8_t number)
{
	return number == 0 || number > CHANNELS_MAX
		   ? WINDOW_MESSAGE
		   : channels[number - 1].window;
}

static int64_t
time_of(const struct windows *w, uint8_t a, uint8_t b)
{
	const char *x = channel_set_name(&w->channels, a),
		   *y = channel_set_name(&w->channels, b);
	enum window_class m = class_of(a), n = class_of(b);

	for (size_t i = w->n; i-- > 0;)
		if ((fits(w->v[i].a, x) && fits(w->v[i].b, y)) ||
		    (fits(w->v[i].a, y) && fits(w->v[i].b, x)))
			return w->v[i].time;
	if (w->all >= 0)
		return w->all;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++)
		if ((defaults[i].a == m && defaults[i].b == n) ||
		    (defaults[i].a == n && defaults[i].b == m))
			return defaults[i].time;
	return ANY;
}

int64_t
windows_of(struct windows *w, uint8_t a, uint8_t b)
{
	int64_t *at = &w->pairs[a][b];

	if (*at < 0)
		*at = time_of(w, a, b);
	return *at;
}

/* Where the answer to what is written on a channel is looked for: its number. */
static uint8_t
answered_on(uint8_t number)
{
	const struct channel *c;

	if (number == 0 || number > CHANNELS_MAX)
		return number;
	c = &channels[number - 1];
	return c->answered[0] == 0 ? number
				   : (uint8_t)channel_number(
					 channel_named(str_of(c->answered)));
}

uint64_t
windows_line(struct windows *w, uint8_t channel)
{
	uint64_t *at = &w->lines[channel];

	if (*at != 0)
		return *at;
	*at = channel_bit(channel);
	for (uint8_t i = 0; channels[i].name[0] != '\0'; i++)
		if (answered_on(i + 1) == answered_on(channel))
			*at |= channel_bit(i + 1);
	return *at;
}
