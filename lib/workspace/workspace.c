#include "workspace/workspace.h"

#include "core/arena.h"
#include "core/text/ascii.h"
#include "text/unicode.h"

enum { CONFIG_ADDRESS = 512 /* bytes of an address that may be ours */ };

static bool
listed(const struct workspace_list *l, struct str s)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (str_eq_nocase(l->v[i], s))
			return true;
	return false;
}

/* care+t4711@ is care@: what stands behind the plus is the sender's. */
static struct str
untagged(struct str address, ptrdiff_t at, char *room)
{
	ptrdiff_t plus = str_chr(str_sub(address, 0, (size_t)at), '+');
	size_t rest = address.n - (size_t)at;

	if (plus <= 0 || (size_t)plus + rest > CONFIG_ADDRESS)
		return STR_NONE;
	memcpy(room, address.p, (size_t)plus);
	memcpy(room + plus, address.p + at, rest);
	return str_make(room, (size_t)plus + rest);
}

/* Is it the domain, or one below it? */
static bool
is_below(struct str domain, struct str above)
{
	size_t more = domain.n - above.n;

	return above.n > 0 && domain.n >= above.n &&
	       str_eq_nocase(str_sub(domain, more, domain.n), above) &&
	       (more == 0 || domain.p[more - 1] == '.');
}

/* Entries have their domains in the form of ASCII (read.c); so does address. */
static bool
is_our_email(const struct workspace *c, struct str address)
{
	char room[CONFIG_ADDRESS];
	ptrdiff_t at;

	if (address.n == 0)
		return false;
	at = str_rchr(address, '@');
	if (listed(&c->emails, address))
		return true;
	return at >= 0 && (listed(&c->domains,
			       str_sub(address, (size_t)at + 1, address.n)) ||
			      listed(&c->emails, untagged(address, at, room)));
}

bool
workspace_our_email(const struct workspace *c, struct str address)
{
	struct arena a = { 0 };
	bool ours;

	/* Most that are ours are written as they are listed. */
	if (address.n > 0 && listed(&c->emails, address))
		return true;
	ours = is_our_email(c, idna_address(address, &a));
	arena_release(&a);
	return ours;
}

struct str
workspace_account(
    const struct workspace *c, struct str address, struct arena *a)
{
	char room[CONFIG_ADDRESS], *to;
	struct str plain;
	ptrdiff_t at;

	address = idna_address(address, a);
	at = str_rchr(address, '@');
	if (at >= 0 && !listed(&c->emails, address) &&
	    (plain = untagged(address, at, room)).p != NULL)
		address = plain;
	to = arena_alloc(a, address.n + 1);
	for (size_t i = 0; i < address.n; i++)
		to[i] = ascii_lower(address.p[i]);
	return str_make(to, address.n);
}

/* A List-Id is its list's address with a dot for the @ (RFC 2919). */
static bool
list_named(const struct workspace *c, struct str name)
{
	char room[CONFIG_ADDRESS];

	if (name.n > sizeof(room))
		return false;
	for (size_t i = 0; i < c->lists.n; i++) {
		struct str l = c->lists.v[i];

		if (l.n != name.n)
			continue;
		for (size_t k = 0; k < l.n; k++)
			room[k] =
			    l.p[k] == '@' && name.p[k] == '.' ? '.' : l.p[k];
		if (str_eq_nocase(str_make(room, l.n), name))
			return true;
	}
	return false;
}

static bool
is_our_list(const struct workspace *c, struct str name)
{
	ptrdiff_t at = str_rchr(name, '@');
	struct str domain =
	    at < 0 ? name : str_sub(name, (size_t)at + 1, name.n);

	if (name.n == 0)
		return false;
	if (list_named(c, name) || (at > 0 && is_our_email(c, name)))
		return true;
	for (size_t i = 0; i < c->domains.n; i++)
		if (is_below(domain, c->domains.v[i]))
			return true;
	for (size_t i = 0; i < c->emails.n; i++) {
		struct str e = c->emails.v[i];

		at = str_rchr(e, '@');
		if (is_below(domain, str_sub(e, (size_t)at + 1, e.n)))
			return true;
	}
	return false;
}

bool
workspace_our_list(const struct workspace *c, struct str name)
{
	struct arena a = { 0 };
	bool ours = is_our_list(c, idna_address(name, &a));

	arena_release(&a);
	return ours;
}

static const struct workspace_relay *
relay_of(const struct workspace *c, struct str address)
{
	ptrdiff_t at = str_rchr(address, '@');
	struct str host =
	    at < 0 ? STR_NONE : str_sub(address, (size_t)at + 1, address.n);

	for (size_t i = 0; at >= 0 && i < c->relays.n; i++) {
		const struct workspace_relay *v = &c->relays.v[i];

		if (v->address.n > 0 ? str_eq_nocase(v->address, address)
				     : is_below(host, v->domain))
			return v;
	}
	return NULL;
}

const struct workspace_relay *
workspace_relay_of(const struct workspace *c, struct str address)
{
	struct arena a = { 0 };
	const struct workspace_relay *r =
	    relay_of(c, idna_address(address, &a));

	arena_release(&a);
	return r;
}

bool
workspace_our_tel(const struct workspace *c, struct str tel)
{
	return tel.n > 0 && listed(&c->tels, tel);
}

bool
workspace_our_uri(const struct workspace *c, struct str uri)
{
	size_t i;

	for (i = 0; uri.n > 0 && i < c->uris.n; i++)
		if (str_eq(c->uris.v[i], uri))
			return true;
	return false;
}

bool
workspace_approves(const struct workspace *c, struct str queue, struct str name)
{
	const struct workspace_approvers *all = NULL;

	if (c->approvers == NULL)
		return true;
	for (size_t i = 0; i < c->approver_count; i++) {
		if (str_is(c->approvers[i].queue, "*"))
			all = &c->approvers[i];
		else if (queue.n > 0 && str_eq(c->approvers[i].queue, queue))
			return listed(&c->approvers[i].names, name);
	}
	return all != NULL && listed(&all->names, name);
}

struct workspace_list
workspace_paths(const struct workspace_list *l, const struct opt_list *given,
    struct arena *a)
{
	struct workspace_list out = { .n = given->n };

	if (given->n == 0)
		return *l;
	out.v = arena_calloc(a, out.n, sizeof(*out.v));
	for (size_t i = 0; i < out.n; i++)
		out.v[i] = str_of(given->v[i]);
	return out;
}

const struct workspace_source *
workspace_source(const struct workspace *c, struct str name)
{
	for (size_t i = 0; i < c->sources.n; i++)
		if (str_is(name, c->sources.v[i].name))
			return &c->sources.v[i];
	return NULL;
}
