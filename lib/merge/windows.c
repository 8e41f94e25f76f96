#include "merge/windows.h"

#include "core/time.h"

/*
 * Who writes a letter waits for days, who types into a chat's window for
 * minutes; a call is about what was written before it.
 */
static const struct window defaults[] = {
	{ "*", "*", 7 * TIME_DAY },
	{ "email", "email", 21 * TIME_DAY },
	{ "email", "form", 21 * TIME_DAY },
	{ "email", "ticket", 21 * TIME_DAY },
	{ "ticket", "ticket", 30 * TIME_DAY },
	{ "sms", "sms", 3 * TIME_DAY },
	{ "voice", "voice", 3 * TIME_DAY },
	{ "sms", "voice", 3 * TIME_DAY },
	{ "chat", "chat", TIME_DAY },
};

static void
forget(struct windows *w)
{
	for (size_t i = 0; i < WINDOWS_CHANNELS; i++)
		for (size_t j = 0; j < WINDOWS_CHANNELS; j++)
			w->pairs[i][j] = -1;
}

void
windows_default(struct windows *w)
{
	*w = (struct windows){ .n = sizeof(defaults) / sizeof(*defaults) };
	memcpy(w->v, defaults, sizeof(defaults));
	w->channel_n = 1; /* "": none */
	forget(w);
}

static int
put_name(char out[WINDOWS_NAME], struct str name)
{
	if (name.n == 0 || name.n >= WINDOWS_NAME)
		return -1;
	memset(out, 0, WINDOWS_NAME);
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
		w->v[0] = *to;
		w->n = 0;
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

uint8_t
windows_channel(struct windows *w, struct str name)
{
	for (size_t i = 0; i < w->channel_n; i++)
		if (str_is(name, w->channels[i]))
			return (uint8_t)i;
	if (w->channel_n == WINDOWS_CHANNELS ||
	    put_name(w->channels[w->channel_n], name) != 0)
		return 0;
	return (uint8_t)w->channel_n++;
}

static bool
fits(const char *want, const char *name)
{
	return strcmp(want, "*") == 0 || strcmp(want, name) == 0;
}

int64_t
windows_of(struct windows *w, uint8_t a, uint8_t b)
{
	const char *x = w->channels[a], *y = w->channels[b];
	int64_t *at = &w->pairs[a][b];

	for (size_t i = w->n; *at < 0 && i-- > 0;)
		if ((fits(w->v[i].a, x) && fits(w->v[i].b, y)) ||
		    (fits(w->v[i].a, y) && fits(w->v[i].b, x)))
			*at = w->v[i].time;
	return *at;
}
