#include "reply/drafting/offers.h"

#include "record/channels.h"
#include "reply/draft.h"

struct offers {
	const struct bounced *bounced;
	struct arena *a;
	struct json context;
	struct {
		const struct channel *row;
		struct party to;
	} v[OFFERS_MAX];
	size_t n;
};

/* "tel:+49301234", "slack:T1/U2" as somebody who has that alone. */
static struct party
party_of_key(struct str key)
{
	struct str value = str_sub(key, (size_t)(str_chr(key, ':') + 1), key.n);

	if (str_starts(key, STR("email:")))
		return (struct party){ .email = value };
	if (str_starts(key, STR("tel:")))
		return (struct party){ .tel = value };
	return (struct party){ .uri = key };
}

/* Does the channel reach this address? */
static bool
reaches(const struct channel *row, const struct party *p)
{
	struct str scheme = channel_scheme(row);

	if (party_address(p, row).n == 0)
		return false;
	return p->uri.n == 0 ||
	       (str_starts(p->uri, scheme) && p->uri.n > scheme.n &&
		   p->uri.p[scheme.n] == ':');
}

static bool
may_not(const struct offers *o, const struct channel *row)
{
	struct json consent = json_get(o->context, "consent");

	return row->one_way || row->to == TO_MESSAGE ||
	       json_is(
		   json_get(json_get(consent, row->name), "status"), "out") ||
	       json_is(json_get(json_get(consent, "all"), "status"), "out");
}

static void
offer(struct offers *o, const struct channel *row, const struct party *p)
{
	struct str address = party_address(p, row);

	if (o->n == OFFERS_MAX || may_not(o, row) ||
	    bounced_find(o->bounced, address, o->a) != NULL)
		return;
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].row == row &&
		    str_eq(party_address(&o->v[i].to, row), address))
			return;
	o->v[o->n].row = row;
	o->v[o->n++].to = *p;
}

/* All of their addresses that the channel reaches. */
static void
offer_on(struct offers *o, const struct channel *row)
{
	struct json_iter it = json_each(json_get(o->context, "ids"));
	struct json v;

	while (json_next(&it, NULL, &v)) {
		struct party p = party_of_key(json_str(v, o->a));

		if (reaches(row, &p))
			offer(o, row, &p);
	}
}

/* When they last wrote on a channel; absent where they never did. */
static struct str
wrote(struct offers *o, struct json channel)
{
	int64_t n;

	return json_int(json_get(channel, "inbound"), &n) != 0 || n <= 0
		   ? STR_NONE
		   : json_str(json_get(channel, "last"), o->a);
}

/* The channels that they wrote on, the latest first: RFC 3339 in UTC sorts as
 * it stands.  Gives when that was, before `until`; absent: none is left. */
static struct str
offer_latest(struct offers *o, struct str until)
{
	struct json all = json_get(o->context, "channels"), v;
	struct json_iter it = json_each(all);
	struct str latest = STR_NONE;

	while (json_next(&it, NULL, &v)) {
		struct str at = wrote(o, v);

		if (at.n > 0 && (until.p == NULL || str_cmp(at, until) < 0) &&
		    (latest.p == NULL || str_cmp(at, latest) > 0))
			latest = at;
	}
	it = json_each(all);
	while (latest.p != NULL && json_next(&it, NULL, &v)) {
		const struct channel *row =
		    channel_named(json_str(json_get(v, "channel"), o->a));

		if (row != NULL && str_eq(wrote(o, v), latest))
			offer_on(o, row);
	}
	return latest;
}

/* What a key that they never wrote from may be reached by. */
static const struct channel *
channel_of(const struct party *p)
{
	ptrdiff_t colon = str_chr(p->uri, ':');

	if (p->email.n > 0)
		return channel_named(STR("email"));
	if (p->tel.n > 0)
		return channel_named(STR("sms"));
	return colon <= 0
		   ? NULL
		   : channel_of_scheme(str_sub(p->uri, 0, (size_t)colon));
}

static void
gather(struct offers *o)
{
	struct json_iter it = json_each(json_get(o->context, "ids"));
	struct str until = STR_NONE;
	struct json v;

	do
		until = offer_latest(o, until);
	while (until.p != NULL);
	while (json_next(&it, NULL, &v)) {
		struct party p = party_of_key(json_str(v, o->a));
		const struct channel *row = channel_of(&p);

		if (row != NULL && reaches(row, &p))
			offer(o, row, &p);
	}
}

void
offers_write(struct writer *w, struct record *r, const struct bounced *b,
    struct arena *a)
{
	struct offers o = {
		.bounced = b, .a = a, .context = record_get(r, "context")
	};

	gather(&o);
	if (o.n == 0)
		return;
	write_key(w, "offers");
	write_list(w);
	for (size_t i = 0; i < o.n; i++) {
		const struct party *p = &o.v[i].to;

		write_object(w);
		write_member(w, "channel", str_of(o.v[i].row->name));
		write_key(w, "to");
		write_object(w);
		write_member(w, "email", p->email);
		write_member(w, "tel", p->tel);
		write_member(w, "uri", p->uri);
		write_object_end(w);
		write_object_end(w);
	}
	write_list_end(w);
}
