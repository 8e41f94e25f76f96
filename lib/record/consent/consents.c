#include "record/consent/consents.h"

#include <string.h>

#include "core/alloc.h"
#include "core/time.h"
#include "record/channels.h"

static void
forget(struct consent_kept *k)
{
	free(k->words);
	free(k->who);
	free(k->source);
	*k = (struct consent_kept){ 0 };
}

void
consents_release(struct consents *c)
{
	for (size_t i = 0; i < c->n; i++) {
		forget(&c->v[i].of[PURPOSE_MARKETING]);
		forget(&c->v[i].of[PURPOSE_SERVICE]);
		free(c->v[i].name);
	}
	free(c->v);
	*c = (struct consents){ 0 };
}

static struct consents_channel *
channel_of(const struct consents *c, struct str name)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_is(name, c->v[i].name))
			return &c->v[i];
	return NULL;
}

static struct consents_channel *
add_channel(struct consents *c, struct str name)
{
	struct consents_channel *x = channel_of(c, name);

	if (x != NULL || c->n == CONSENTS_CHANNELS)
		return x;
	c->v = xreallocarray(c->v, c->n + 1, sizeof(*c->v));
	x = &c->v[c->n++];
	*x = (struct consents_channel){ .name = xmemdup0(name.p, name.n) };
	return x;
}

/* Does the word change what stands? */
static bool
counts(const struct consent_kept *k, const struct consent_word *w, int64_t at)
{
	switch (k->said) {
	case CONSENT_UNSAID:
		return true;
	case CONSENT_OUT:
		if (w->said == CONSENT_ASKED)
			return false;
		break;
	case CONSENT_ASKED:
		if (w->said == CONSENT_OUT)
			return true;
		break;
	case CONSENT_IN:
		break;
	}
	return at >= k->last && (w->said != CONSENT_IN || !w->row || k->row);
}

static char *
copy(struct str s)
{
	return s.n == 0 ? NULL : xmemdup0(s.p, s.n);
}

static void
take(struct consent_kept *k, const struct consent_word *w, int64_t at,
    struct str who, struct str record)
{
	if (!counts(k, w, at))
		return;
	if (k->said == w->said) {
		k->last = at > k->last ? at : k->last;
		return;
	}
	forget(k);
	*k = (struct consent_kept){
		.said = w->said,
		.purpose = w->purpose,
		.row = w->row,
		.at = at,
		.last = at,
		.words = copy(w->words),
		.who = copy(who),
		.source = copy(w->source),
	};
	if (record.n > 0 && record.n < sizeof(k->record))
		memcpy(k->record, record.p, record.n);
}

void
consents_say(struct consents *c, const struct consent_word *w, int64_t at,
    struct str who, struct str record)
{
	struct consents_channel *x = add_channel(c, w->channel);

	if (x == NULL)
		return;
	for (enum purpose p = PURPOSE_MARKETING; p <= PURPOSE_SERVICE; p++)
		if (w->purpose == p || w->purpose == PURPOSE_ALL)
			take(&x->of[p], w, at, who, record);
}

static void
add_kept(
    struct consent_kept *to, const struct consent_kept *k, const char *channel)
{
	const struct consent_word w = {
		.said = k->said,
		.purpose = k->purpose,
		.channel = str_of(channel),
		.words = str_of(k->words),
		.source = str_of(k->source),
		.row = k->row,
	};

	if (k->said == CONSENT_UNSAID)
		return;
	take(to, &w, k->at, str_of(k->who), str_of(k->record));
	take(to, &w, k->last, str_of(k->who), str_of(k->record));
}

void
consents_add(struct consents *c, const struct consents *more)
{
	for (size_t i = 0; i < more->n; i++) {
		const struct consents_channel *from = &more->v[i];
		struct consents_channel *to =
		    add_channel(c, str_of(from->name));

		for (int p = 0; to != NULL && p < 2; p++)
			add_kept(&to->of[p], &from->of[p], from->name);
	}
}

static const struct consent_kept *
standing(const struct consents *c, struct str channel, enum purpose purpose)
{
	const struct consents_channel *x = channel_of(c, channel);

	return x == NULL || x->of[purpose].said == CONSENT_UNSAID
		   ? NULL
		   : &x->of[purpose];
}

/* STOP of one kind of short message is STOP of the others. */
static const struct consent_kept *
standing_there(
    const struct consents *c, struct str channel, enum purpose purpose)
{
	const struct consent_kept *k = standing(c, channel, purpose);
	const struct channel *row = channel_named(channel);

	if (row == NULL || !row->stops)
		return k;
	for (row = channels; row->about != NULL; row++) {
		const struct consent_kept *other =
		    row->stops ? standing(c, str_of(row->name), purpose) : NULL;

		if (other == NULL || other->said == CONSENT_IN)
			continue;
		if (k == NULL || k->said == CONSENT_ASKED ||
		    (k->said == CONSENT_IN && k->at <= other->last))
			k = other;
	}
	return k;
}

const struct consent_kept *
consents_find(
    const struct consents *c, struct str channel, enum purpose purpose)
{
	const struct consent_kept *own = standing_there(c, channel, purpose);
	const struct consent_kept *all = standing(c, STR("all"), purpose);

	if (own == NULL || all == NULL)
		return own == NULL ? all : own;
	if (own->said == CONSENT_OUT || all->said == CONSENT_IN)
		return own;
	/* They asked for it on this channel since. */
	if (own->said == CONSENT_IN && own->at > all->last && !own->row)
		return own;
	return all->said == CONSENT_OUT || own->said == CONSENT_IN ? all : own;
}

const struct consent_kept *
consents_stricter(
    const struct consent_kept *proved, const struct consent_kept *claimed)
{
	if (proved == NULL || claimed == NULL)
		return proved == NULL ? claimed : proved;
	if (claimed->said == CONSENT_IN || proved->said == CONSENT_OUT)
		return proved;
	return proved->said == CONSENT_IN && !proved->row &&
		       proved->at > claimed->last
		   ? proved
		   : claimed;
}

bool
consents_agree(const struct consents_channel *x)
{
	const struct consent_kept *a = &x->of[PURPOSE_MARKETING];
	const struct consent_kept *b = &x->of[PURPOSE_SERVICE];

	return a->purpose == PURPOSE_ALL && b->purpose == PURPOSE_ALL &&
	       a->said == b->said && a->at == b->at && a->last == b->last;
}

static void
write_kept(struct writer *w, const struct consent_kept *k, enum purpose purpose)
{
	write_member(w, "status", str_of(consent_name(k->said)));
	write_member(w, "purpose", str_of(purpose_name(purpose)));
	write_member_time(w, "at", k->at);
	if (k->last != k->at)
		write_member_time(w, "last", k->last);
	if (*k->record != '\0')
		write_member(w, "by", str_of(k->record));
	write_member(w, "who", str_of(k->who));
	write_member(w, "words", str_of(k->words));
	write_member(w, "source", str_of(k->source));
}

static void
write_channel(struct writer *w, const struct consents_channel *x)
{
	const struct consent_kept *marketing = &x->of[PURPOSE_MARKETING];
	const struct consent_kept *service = &x->of[PURPOSE_SERVICE];

	write_key(w, x->name);
	write_object(w);
	if (consents_agree(x))
		write_kept(w, marketing, PURPOSE_ALL);
	else if (marketing->said == CONSENT_UNSAID)
		write_kept(w, service, PURPOSE_SERVICE);
	else
		write_kept(w, marketing, PURPOSE_MARKETING);
	if (!consents_agree(x) && marketing->said != CONSENT_UNSAID &&
	    service->said != CONSENT_UNSAID) {
		write_key(w, "service");
		write_object(w);
		write_kept(w, service, PURPOSE_SERVICE);
		write_object_end(w);
	}
	write_object_end(w);
}

void
consents_write(const struct consents *c, struct writer *w)
{
	write_object(w);
	for (size_t i = 0; i < c->n; i++)
		write_channel(w, &c->v[i]);
	write_object_end(w);
}

static int64_t
time_in(struct json v, const char *name, struct arena *a, int64_t otherwise)
{
	struct str s = json_str(json_get(v, name), a);
	int64_t t;

	return s.p == NULL || time_parse(s, &t) != 0 ? otherwise : t;
}

/* Without a purpose it is what an opt-out is there: of short messages of all,
 * else of marketing. */
static void
read_kept(
    struct json v, struct str channel, struct arena *a, struct consents *out)
{
	const struct channel *c = channel_named(channel);
	bool object = json_type(v) == JSON_OBJECT;
	struct consent_word w = {
		.said = consent_of_value(object ? json_get(v, "status") : v, a),
		.purpose = purpose_named(json_str(json_get(v, "purpose"), a),
		    c != NULL && c->stops ? PURPOSE_ALL : PURPOSE_MARKETING),
		.channel = channel,
		.words = json_str(json_get(v, "words"), a),
		.source = json_str(json_get(v, "source"), a),
		.row = str_starts(
		    json_str(json_get(v, "source"), a), STR(CONSENT_TABLE)),
	};
	int64_t at = time_in(v, "at", a, TIME_NONE);
	int64_t last = time_in(v, "last", a, at);
	struct str who = json_str(json_get(v, "who"), a);
	struct str by = json_str(json_get(v, "by"), a);

	if (w.said == CONSENT_UNSAID || channel.n == 0)
		return;
	consents_say(out, &w, at, who, by);
	if (last > at)
		consents_say(out, &w, last, who, by);
}

void
consents_read(struct json v, struct arena *a, struct consents *out)
{
	struct json_iter it = json_each(v);
	struct json key, x;

	if (json_type(v) != JSON_OBJECT)
		return;
	while (json_next(&it, &key, &x)) {
		struct str channel = json_str(key, a);

		read_kept(x, channel, a, out);
		if (json_type(json_get(x, "service")) == JSON_OBJECT)
			read_kept(json_get(x, "service"), channel, a, out);
	}
}
