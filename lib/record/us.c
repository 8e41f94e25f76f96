#include "record/us.h"

#include "core/diag.h"
#include "core/text/ascii.h"
#include "record/channels.h"
#include "record/fields.h"

/* Of a channel's number, which begins with 1. */
#define BIT(n) (UINT64_C(1) << ((n)-1))
_Static_assert((int)CHANNELS_MAX <= 64, "a bit for each channel");

enum { LISTED = 64 /* addresses of a list that are looked at */ };

void
us_init(struct us *u, const struct workspace *c)
{
	*u = (struct us){ 0 };
	if (c != NULL && c->emails.n + c->domains.n + c->tels.n + c->uris.n > 0)
		u->config = c;
}

void
us_release(struct us *u)
{
	map_release(&u->recipients);
	*u = (struct us){ 0 };
}

/* Does it name anybody by a kind of address that the channel has? */
static bool
concerns(const struct workspace *c, const struct channel *of)
{
	return (of->email != NO_ADDRESS && c->emails.n + c->domains.n > 0) ||
	       (of->tel != NO_ADDRESS && c->tels.n > 0) ||
	       (of->uri != NO_ADDRESS && c->uris.n > 0);
}

/* The channel's number, or 0 where nothing is left to be asked. */
static unsigned
asked_of(struct us *u, struct str name, const struct channel **c)
{
	unsigned n;

	*c = channel_named(name);
	n = channel_number(*c);
	if (n == 0 || (u->settled & BIT(n)) != 0)
		return 0;
	if (concerns(u->config, *c))
		return n;
	u->settled |= BIT(n);
	u->fits = true;
	return 0;
}

static bool
is_us(const struct workspace *c, const struct address *a)
{
	return (a->email.n > 0 && (workspace_our_email(c, a->email) ||
				      workspace_our_list(c, a->email))) ||
	       workspace_our_tel(c, a->tel) || workspace_our_uri(c, a->uri);
}

static bool
has_us(const struct workspace *c, const struct address_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (is_us(c, &list->v[i]))
			return true;
	return false;
}

/* What somebody would write into `us`: no room, no short code. */
static struct str
identifier(const struct channel *c, const struct address *a)
{
	struct str scheme = channel_scheme(c), id = a->uri;

	if (c->email != NO_ADDRESS && a->email.n > 0)
		return a->email;
	if (c->tel != NO_ADDRESS && a->tel.n > 1 && a->tel.p[0] == '+' &&
	    str_is_digits(str_sub(a->tel, 1, a->tel.n)))
		return a->tel;
	if (c->uri == NO_ADDRESS || !str_eq(str_split(&id, ':'), scheme) ||
	    !channel_id_is_person(c, id))
		return STR_NONE;
	return a->uri;
}

static void
count(
    struct us *u, unsigned n, const struct channel *c, const struct address *a)
{
	char key[512];
	struct str id = identifier(c, a);
	uint64_t *at;

	if (id.n == 0 || id.n >= sizeof(key))
		return;
	key[0] = (char)n;
	for (size_t i = 0; i < id.n; i++)
		key[1 + i] = a->uri.p == id.p ? id.p[i] : ascii_lower(id.p[i]);
	id = str_make(key, id.n + 1);
	at = u->recipients.n < US_RECIPIENTS ? map_put(&u->recipients, id, NULL)
					     : map_get(&u->recipients, id);
	if (at != NULL)
		(*at)++;
}

static void
see(struct us *u, unsigned n, const struct channel *c,
    const struct us_parties *p)
{
	if (p->outbound || is_us(u->config, &p->from) ||
	    is_us(u->config, &p->sender) || has_us(u->config, &p->to) ||
	    has_us(u->config, &p->cc)) {
		u->settled |= BIT(n);
		u->fits = true;
		return;
	}
	for (size_t i = 0; i < p->to.n; i++)
		count(u, n, c, &p->to.v[i]);
}

void
us_see_parties(struct us *u, const struct us_parties *p)
{
	const struct channel *c;
	unsigned n = u->config == NULL ? 0 : asked_of(u, p->channel, &c);

	if (n > 0)
		see(u, n, c, p);
}

static struct address
address_of(struct json v, struct arena *a)
{
	return (struct address){
		.email = json_str(json_get(v, "email"), a),
		.tel = json_str(json_get(v, "tel"), a),
		.uri = json_str(json_get(v, "uri"), a),
	};
}

static void
read_list(struct json v, struct arena *a, struct address_list *out)
{
	struct json_iter it = json_each(v);
	struct json item;

	while (out->n < LISTED && json_next(&it, NULL, &item))
		vec_add_in(a, out, address_of(item, a));
}

void
us_see(struct us *u, struct record *r)
{
	struct arena *a = record_arena(r);
	const struct channel *c;
	struct us_parties p = { 0 };
	unsigned n;

	if (u->config == NULL)
		return;
	n = asked_of(u, record_str(r, "channel"), &c);
	if (n == 0 ||
	    (!record_is(r, "type", "message") && !record_is(r, "type", "call")))
		return;
	p.outbound = record_is(r, "direction", "outbound");
	p.from = address_of(record_get(r, "from"), a);
	p.sender = address_of(record_get(r, "sender"), a);
	read_list(record_get(r, "to"), a, &p.to);
	read_list(record_get(r, "cc"), a, &p.cc);
	see(u, n, c, &p);
}

bool
us_misfits(const struct us *u, struct buf *out)
{
	const struct map_entry *most = NULL;

	for (size_t i = 0; i < u->recipients.n; i++) {
		const struct map_entry *m = &u->recipients.entries[i];

		if ((u->settled & BIT((unsigned char)m->key.p[0])) == 0 &&
		    (most == NULL || m->value > most->value))
			most = m;
	}
	if (most == NULL)
		return false;
	buf_add_z(out, "no record ");
	if (u->fits)
		buf_printf(out, "of the channel %s ",
		    channels[(unsigned char)most->key.p[0] - 1].name);
	buf_add_z(out, "is from us; ");
	buf_add_count(out, most->value);
	buf_printf(out, " %s to %.*s: is that you?",
	    most->value == 1 ? "was" : "were",
	    STR_ARG(str_sub(most->key, 1, most->key.n)));
	return true;
}

void
us_warn(const struct us *u)
{
	struct buf text;

	buf_init(&text, 1024);
	if (us_misfits(u, &text))
		diag(DIAG_WARN, u->config->path, "%s", buf_cstr(&text));
	buf_release(&text);
}
