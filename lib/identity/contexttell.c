/*
 * What is known of a person, told.
 */
#include "core/alloc.h"
#include "core/time.h"
#include "identity/contextparts.h"
#include "text/unicode.h"

size_t
context_open(const struct context *c, const struct known *k, int64_t as_of,
    uint32_t out[CONTEXT_CONVERSATIONS])
{
	size_t n = 0, waiting = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = k->thread_n; i-- > 0;) {
			const struct thread *h = &c->threads.v[k->threads[i]];
			bool waits = h->waiting_since != TIME_NONE;

			if (waits != (pass == 0))
				continue;
			if (waits || as_of == TIME_NONE ||
			    as_of - h->last <= c->o.open)
				out[n++] = k->threads[i];
			waiting += waits;
		}
	/* Of those that wait the longest first; they are few. */
	for (size_t i = 1; i < waiting; i++)
		for (size_t j = i;
		     j > 0 && c->threads.v[out[j]].waiting_since <
				  c->threads.v[out[j - 1]].waiting_since;
		     j--) {
			uint32_t t = out[j];

			out[j] = out[j - 1];
			out[j - 1] = t;
		}
	return n;
}

static void
write_words(struct writer *w, const char *name, const struct str *v, size_t n)
{
	if (n == 0)
		return;
	write_key(w, name);
	write_list(w);
	for (size_t i = 0; i < n; i++)
		write_str(w, v[i]);
	write_list_end(w);
}

/* Names and ids, as members behind a comma. */
static void
make_who(struct known *k)
{
	struct writer w;
	struct buf b;

	buf_init(&b, 1 << 20);
	write_init(&w, &b);
	write_object(&w);
	write_words(&w, "names", k->names, k->name_n);
	write_words(&w, "ids", k->ids, k->id_n);
	write_object_end(&w);
	k->who_len = (uint32_t)(b.n - 2);
	k->who = xmemdup0(b.p + 1, k->who_len);
	buf_release(&b);
}

/* Members that stand ready as text. */
static void
write_who(struct writer *w, struct known *k)
{
	if (k->who == NULL)
		make_who(k);
	if (k->who_len == 0)
		return;
	if (!w->first)
		buf_add_char(w->out, ',');
	w->first = false;
	buf_add(w->out, k->who, k->who_len);
}

/* Channels that they do not want to be written to on. */
static bool
is_barred(const struct known *k, struct str channel)
{
	for (size_t i = 0; k->deeds != NULL && i < k->deeds->consent_n; i++) {
		const struct consent_kept *x = &k->deeds->consent[i];

		if (x->said != CONSENT_IN &&
		    (str_eq(x->channel, channel) || str_is(x->channel, "all")))
			return true;
	}
	return false;
}

static void
write_preferred(struct writer *w, const struct known *k)
{
	bool barred[CONTEXT_CHANNELS];
	uint8_t best;

	if (k->deeds != NULL && k->deeds->preferred.n > 0 &&
	    !is_barred(k, k->deeds->preferred)) {
		write_member(w, "preferred", k->deeds->preferred);
		write_member(w, "preferredBy", STR("stated"));
		return;
	}
	for (size_t i = 0; i < k->channel_n; i++)
		barred[i] = is_barred(k, k->channels[i].name);
	best = habit_best(&k->habit, barred, k->channel_n);
	if (best == HABIT_NONE)
		return;
	write_member(w, "preferred", k->channels[best].name);
	write_member(w, "preferredBy", STR("learned"));
}

static void
write_channels(struct writer *w, const struct known *k)
{
	if (k->channel_n > 0) {
		write_key(w, "channels");
		write_list(w);
	}
	for (size_t i = 0; i < k->channel_n; i++) {
		const struct channel *ch = &k->channels[i];

		write_object(w);
		write_member(w, "channel", ch->name);
		write_member_int(w, "inbound", ch->inbound);
		write_member_int(w, "outbound", ch->outbound);
		write_member_time(w, "last", ch->last);
		write_object_end(w);
	}
	if (k->channel_n > 0)
		write_list_end(w);
}

static bool
in_number(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Does the number stand in the text, and not within a longer one? */
static bool
names_order(struct str text, struct str number)
{
	size_t from = 0;

	while (number.n > 0 && number.p[0] == '#')
		number = str_sub(number, 1, number.n);
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
is_about(const struct page_seen *p, struct str number)
{
	struct str order = str_of(p->order);

	if (order.n > 0) {
		if (order.p[0] == '#')
			order = str_sub(order, 1, order.n);
		if (number.n > 0 && number.p[0] == '#')
			number = str_sub(number, 1, number.n);
		return str_eq(number, order);
	}
	return names_order(str_of(p->url), number) ||
	       names_order(str_of(p->page), number);
}

static void
write_page_order(struct writer *w, const struct deeds *d)
{
	for (size_t i = d->order_n; i-- > 0;) {
		const struct order_kept *o = &d->orders[i];

		if (o->number == NULL || !is_about(&d->page, str_of(o->number)))
			continue;
		write_key(w, "order");
		write_object(w);
		write_member(w, "number", str_of(o->number));
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
write_now(const struct context *c, const struct known *k, int64_t as_of,
    struct writer *w)
{
	const struct page_seen *p;

	if (k->deeds == NULL)
		return;
	p = &k->deeds->page;
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
	write_page_order(w, k->deeds);
	write_object_end(w);
}

static void
write_conversations(const struct context *c, const struct known *k,
    int64_t as_of, struct writer *w)
{
	uint32_t open[CONTEXT_CONVERSATIONS];
	size_t n = context_open(c, k, as_of, open);

	if (n == 0)
		return;
	write_key(w, "conversations");
	write_list(w);
	for (size_t i = 0; i < n; i++) {
		const struct thread *h = &c->threads.v[open[i]];

		write_object(w);
		write_member(w, "conversation", h->id);
		write_member(w, "subject", utf8_cut(h->subject, CONTEXT_TEXT));
		write_member(w, "channel", h->channel);
		write_member_time(w, "since", h->first);
		write_member_time(w, "last", h->last);
		write_member_time(w, "waitingSince", h->waiting_since);
		write_object_end(w);
	}
	write_list_end(w);
}

static void
write_recent(struct writer *w, const struct known *k)
{
	if (k->recent_n == 0)
		return;
	write_key(w, "recent");
	write_list(w);
	write_raw(w, str_make(k->recent, k->recent_bytes));
	write_list_end(w);
}

static void
write_orders(struct writer *w, const struct deeds *d)
{
	if (d->order_n == 0)
		return;
	write_key(w, "orders");
	write_list(w);
	for (size_t i = d->order_n; i-- > 0;)
		write_raw(w, str_of(d->orders[i].json));
	write_list_end(w);
}

static void
write_consent(struct writer *w, const struct deeds *d)
{
	if (d->consent_n == 0)
		return;
	write_key(w, "consent");
	write_object(w);
	for (size_t i = 0; i < d->consent_n; i++) {
		const struct consent_kept *x = &d->consent[i];

		write_key_str(w, x->channel);
		write_object(w);
		write_member(w, "status", str_of(consent_name(x->said)));
		write_member_time(w, "at", x->at);
		write_member(w, "by", str_of(x->record));
		write_member(w, "words", str_of(x->words));
		write_object_end(w);
	}
	write_object_end(w);
}

static void
write_traits(struct writer *w, const struct deeds *d)
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
    const struct context *c, struct known *k, int64_t as_of, struct writer *w)
{
	write_member_time(w, "asOf", as_of);
	write_who(w, k);
	write_member_time(w, "firstSeen", k->first);
	write_member_time(w, "lastSeen", k->last);
	write_channels(w, k);
	write_preferred(w, k);
	write_now(c, k, as_of, w);
	if (k->deeds != NULL) {
		if (k->deeds->zone.n > 0)
			write_member(w, "zone", k->deeds->zone);
		interests_write(&k->deeds->interests, as_of, c->o.half_life, w);
		write_orders(w, k->deeds);
	}
	write_conversations(c, k, as_of, w);
	write_recent(w, k);
	if (k->deeds != NULL) {
		write_traits(w, k->deeds);
		write_consent(w, k->deeds);
	}
}
