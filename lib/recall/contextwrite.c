/*
 * What is known of a person, told.
 */
#include "core/alloc.h"
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "core/time.h"
#include "recall/profile.h"
#include "text/unicode.h"

/* The person's conversations that are open then, by their numbers: the longest
 * waiting first, at most CONTEXT_CONVERSATIONS. */
static size_t
open_conversations(const struct context *c, const struct profile *k,
    int64_t as_of, uint32_t out[CONTEXT_CONVERSATIONS])
{
	size_t n = 0, waiting = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = k->standing_n; i-- > 0;) {
			const struct standing *h =
			    &c->standings.v[k->standings[i]];
			bool waits = standing_waits(h, as_of);

			if (waits != (pass == 0) || h->joined != 0)
				continue;
			if (waits || as_of == TIME_NONE ||
			    as_of - h->last <= c->o.open)
				out[n++] = k->standings[i];
			waiting += waits;
		}
	/* Of those that wait the longest first; they are few. */
	for (size_t i = 1; i < waiting; i++)
		for (size_t j = i;
		     j > 0 && c->standings.v[out[j]].waiting_since <
				  c->standings.v[out[j - 1]].waiting_since;
		     j--) {
			uint32_t t = out[j];

			out[j] = out[j - 1];
			out[j - 1] = t;
		}
	return n;
}

/* What all records have is written as bytes: names with their signs, and
 * values.  A name stands for itself, with its comma. */
#define PUT(out, lit) buf_add((out), "" lit, sizeof(lit) - 1)

static void
put_time(struct buf *out, struct context *c, int64_t t)
{
	char *p = buf_room(out, TIME_SIZE);

	if (p != NULL)
		out->n += time_quote(&c->times, t, p);
}

static void
put_text(struct buf *out, struct str s)
{
	buf_add_char(out, '"');
	write_escaped(out, s);
	buf_add_char(out, '"');
}

static void
put_count(struct buf *out, uint32_t n)
{
	char text[10], *p = text + sizeof(text);

	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	buf_add(out, p, (size_t)(text + sizeof(text) - p));
}

/* Behind a key; what stands in between is added to w->out. */
static inline void
begin_list(struct writer *w)
{
	w->after_key = false;
	buf_add_char(w->out, '[');
}

static void
put_words(struct writer *w, size_t n, struct profile_walk *words)
{
	begin_list(w);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_char(w->out, ',');
		put_text(w->out, profile_next(words));
	}
	buf_add_char(w->out, ']');
}

/* Channels that they do not want to be written to on, whatever it is about. */
static bool
is_barred(const struct profile *k, struct str channel)
{
	const struct consent_kept *x =
	    k->activities == NULL ? NULL
				  : consents_find(&k->activities->consents,
					channel, PURPOSE_SERVICE);

	return x != NULL && x->said != CONSENT_IN;
}

static struct str
channel_name(const struct context *c, const struct profile *k, size_t i)
{
	return context_word_at(c, profile_channels(k)[i].name);
}

static void
write_preferred(
    struct writer *w, const struct context *c, const struct profile *k)
{
	bool barred[CONTEXT_CHANNELS];
	uint8_t best;

	if (k->activities != NULL && k->activities->preferred.n > 0 &&
	    !is_barred(k, k->activities->preferred)) {
		write_member(w, "preferred", k->activities->preferred);
		write_member(w, "preferredBy", STR("stated"));
		return;
	}
	for (size_t i = 0; i < k->channel_n; i++)
		barred[i] = is_barred(k, channel_name(c, k, i));
	best = habit_best(&k->habit, barred, k->channel_n);
	if (best == HABIT_NONE)
		return;
	write_member(w, "preferred", channel_name(c, k, best));
	write_member(w, "preferredBy", STR("learned"));
}

static void
write_channels(struct writer *w, struct context *c, const struct profile *k)
{
	struct buf *out = w->out;

	if (k->channel_n == 0)
		return;
	WRITE_KEY(w, "channels");
	begin_list(w);
	for (size_t i = 0; i < k->channel_n; i++) {
		const struct channel_kept *ch = &profile_channels(k)[i];

		if (i > 0)
			buf_add_char(out, ',');
		PUT(out, "{\"channel\":");
		put_text(out, channel_name(c, k, i));
		PUT(out, ",\"inbound\":");
		put_count(out, ch->inbound);
		PUT(out, ",\"outbound\":");
		put_count(out, ch->outbound);
		if (ch->last != TIME_NONE) {
			PUT(out, ",\"last\":");
			put_time(out, c, ch->last);
		}
		buf_add_char(out, '}');
	}
	buf_add_char(w->out, ']');
}

static bool
in_number(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* "LQ-3002" without what the shop sets before all its numbers; STR_NONE where
 * little is left, or a year. */
static struct str
bare_number(struct str number)
{
	size_t from = number.n;

	while (from > 0 && ascii_is_digit(number.p[from - 1]))
		from--;
	for (size_t i = 0; i < from; i++)
		if (ascii_is_digit(number.p[i]))
			return STR_NONE;
	number = str_sub(number, from, number.n);
	return number.n < 4 ||
		       (number.n == 4 && (str_starts(number, STR("19")) ||
					     str_starts(number, STR("20"))))
		   ? STR_NONE
		   : number;
}

/* Does the number stand in the text, and not within a longer one? */
static bool
stands_in(struct str text, struct str number)
{
	size_t from = 0;

	while (number.n >= 3) {
		ptrdiff_t at = str_find(str_sub(text, from, text.n), number);
		size_t here = from + (size_t)at, end = here + number.n;

		if (at < 0)
			return false;
		if ((here == 0 || !in_number(text.p[here - 1])) &&
		    (end == text.n || !in_number(text.p[end])))
			return true;
		from = here + 1;
	}
	return false;
}

static bool
names_order(struct str text, struct str number)
{
	return stands_in(text, number) || stands_in(text, bare_number(number));
}

static bool
is_about(const struct last_page *p, struct str number)
{
	struct str order = str_of(p->order);

	if (order.n > 0) {
		if (order.p[0] == '#')
			order = str_sub(order, 1, order.n);
		if (number.n > 0 && number.p[0] == '#')
			number = str_sub(number, 1, number.n);
		return str_eq(number, order);
	}
	while (number.n > 0 && number.p[0] == '#')
		number = str_sub(number, 1, number.n);
	return names_order(str_of(p->url), number) ||
	       names_order(str_of(p->page), number);
}

/* Was it, at this time, still to be changed into what we know? */
static bool
is_before(const struct order_kept *o, int64_t at)
{
	return o->before != NULL && at != TIME_NONE && at < o->changed;
}

static void
write_page_order(struct writer *w, const struct activities *d, int64_t at)
{
	for (size_t i = d->order_n; i-- > 0;) {
		const struct order_kept *o = &d->orders[i];

		if (o->number == NULL || !is_about(&d->page, str_of(o->number)))
			continue;
		write_key(w, "order");
		write_object(w);
		write_member(w, "number", str_of(o->number));
		if (!is_before(o, at))
			write_member(w, "status", str_of(o->status));
		write_object_end(w);
		return;
	}
	if (d->page.order == NULL)
		return;
	write_key(w, "order");
	write_object(w);
	write_member(w, "number", str_of(d->page.order));
	write_object_end(w);
}

/* The page that is open now, as far as one can tell. */
static void
write_now(const struct context *c, const struct profile *k, int64_t as_of,
    struct writer *w)
{
	const struct last_page *p;

	if (k->activities == NULL)
		return;
	p = &k->activities->page;
	if (p->at == TIME_NONE || as_of == TIME_NONE || as_of < p->at ||
	    as_of - p->at > c->o.present)
		return;
	write_key(w, "now");
	write_object(w);
	write_member_time(w, "at", p->at);
	write_member(w, "channel", p->channel);
	write_member(w, "url", str_of(p->url));
	write_member(w, "page", str_of(p->page));
	write_member(w, "product", str_of(p->product));
	write_member(w, "category", str_of(p->category));
	write_page_order(w, k->activities, as_of);
	write_object_end(w);
}

static void
put_conversation(
    struct buf *out, struct context *c, const struct standing *h, int64_t as_of)
{
	PUT(out, "{\"conversation\":");
	put_text(out, h->id);
	if (h->subject.p != NULL) {
		PUT(out, ",\"subject\":");
		put_text(out, utf8_cut(h->subject, CONTEXT_TEXT));
	}
	if (h->channel.p != NULL) {
		PUT(out, ",\"channel\":");
		put_text(out, h->channel);
	}
	if (h->first != TIME_NONE) {
		PUT(out, ",\"since\":");
		put_time(out, c, h->first);
	}
	if (h->last != TIME_NONE) {
		PUT(out, ",\"last\":");
		put_time(out, c, h->last);
	}
	if (h->waiting_since != TIME_NONE) {
		PUT(out, ",\"waitingSince\":");
		put_time(out, c, h->waiting_since);
	}
	if (h->waiting_since != TIME_NONE && !standing_waits(h, as_of)) {
		PUT(out, ",\"snoozedUntil\":");
		put_time(out, c, h->snoozed);
	}
	buf_add_char(out, '}');
}

static void
write_conversations(
    struct context *c, const struct profile *k, int64_t as_of, struct writer *w)
{
	uint32_t open[CONTEXT_CONVERSATIONS];
	size_t n = open_conversations(c, k, as_of, open);

	if (n == 0)
		return;
	WRITE_KEY(w, "conversations");
	begin_list(w);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_char(w->out, ',');
		put_conversation(w->out, c, &c->standings.v[open[i]], as_of);
	}
	buf_add_char(w->out, ']');
}

static void
write_recent(struct writer *w, const struct profile *k)
{
	struct str said[CONTEXT_RECENT];
	size_t n = profile_recent(k, said);

	if (n == 0)
		return;
	WRITE_KEY(w, "recent");
	begin_list(w);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_char(w->out, ',');
		buf_add_str(w->out, said[i]);
	}
	buf_add_char(w->out, ']');
}

static void
write_orders(struct writer *w, const struct activities *d, int64_t at)
{
	if (d->order_n == 0)
		return;
	write_key(w, "orders");
	write_list(w);
	for (size_t i = d->order_n; i-- > 0;)
		write_raw(w,
		    str_of(is_before(&d->orders[i], at) ? d->orders[i].before
							: d->orders[i].json));
	write_list_end(w);
}

static void
write_traits(struct writer *w, const struct activities *d)
{
	if (d->trait_n == 0)
		return;
	write_key(w, "traits");
	write_object(w);
	for (size_t i = 0; i < d->trait_n; i++) {
		write_key_str(w, d->traits[i].name);
		write_raw(w, str_of(d->traits[i].value));
	}
	write_object_end(w);
}

void
context_members(
    struct context *c, const struct profile *k, int64_t as_of, struct writer *w)
{
	struct profile_walk words = profile_words(k);

	if (as_of != TIME_NONE) {
		WRITE_KEY(w, "asOf");
		w->after_key = false;
		put_time(w->out, c, as_of);
	}
	if (k->name_n > 0) {
		WRITE_KEY(w, "names");
		put_words(w, k->name_n, &words);
	}
	if (k->id_n > 0) {
		WRITE_KEY(w, "ids");
		put_words(w, k->id_n, &words);
	}
	if (k->first != TIME_NONE) {
		WRITE_KEY(w, "firstSeen");
		w->after_key = false;
		put_time(w->out, c, k->first);
	}
	if (k->last != TIME_NONE) {
		WRITE_KEY(w, "lastSeen");
		w->after_key = false;
		put_time(w->out, c, k->last);
	}
	write_channels(w, c, k);
	write_preferred(w, c, k);
	write_now(c, k, as_of, w);
	if (k->activities != NULL) {
		if (k->activities->zone.n > 0)
			write_member(w, "zone", k->activities->zone);
		interests_write(
		    &k->activities->interests, as_of, c->o.half_life, w);
		write_orders(w, k->activities, as_of);
	}
	write_conversations(c, k, as_of, w);
	write_recent(w, k);
	if (k->activities != NULL) {
		write_traits(w, k->activities);
		if (k->activities->consents.n > 0) {
			write_key(w, "consent");
			consents_write(&k->activities->consents, w);
		}
	}
}
