#include "reply/others.h"

#include "people/guards.h"
#include "text/unicode.h"

/* The address of a list by its List-Id, "users.lists.example.org": what stands
 * before the first dot at what stands behind it, or at a domain above that. */
static bool
is_list(struct str address, struct str list_id)
{
	ptrdiff_t dot = str_chr(list_id, '.'), at = str_chr(address, '@');
	struct str host, domain;

	if (dot < 1 || at < 1)
		return false;
	host = str_sub(list_id, (size_t)dot + 1, list_id.n);
	domain = str_sub(address, (size_t)at + 1, address.n);
	return str_eq_nocase(str_sub(address, 0, (size_t)at),
		   str_sub(list_id, 0, (size_t)dot)) &&
	       host.n >= domain.n &&
	       str_eq_nocase(str_sub(host, host.n - domain.n, host.n), domain);
}

/* RFC 2142 6 and what list programs made of it. */
static bool
runs_list(struct str address)
{
	static const char *const ends[] = { "-request", "-owner", "-bounces",
		"-bounce", "-join", "-leave", "-subscribe", "-unsubscribe",
		"-admin", NULL };
	ptrdiff_t at = str_chr(address, '@');
	struct str local = str_sub(address, 0, at < 0 ? 0 : (size_t)at);

	for (int i = 0; ends[i] != NULL; i++)
		if (str_ends(local, str_of(ends[i])))
			return true;
	return str_starts(local, STR("owner-")) ||
	       str_is(local, "mailer-daemon") || str_is(local, "postmaster") ||
	       str_is(local, "listserv") || str_is(local, "majordomo");
}

static bool
reads(struct str address, struct record *r, const struct workspace *c)
{
	struct str list_id = json_str(
	    json_get(record_get(r, "data"), "listId"), record_arena(r));
	struct str low = unicode_lower(address, record_arena(r));

	if (str_chr(address, '@') < 1 || runs_list(low) ||
	    is_list(address, list_id))
		return false;
	if (c != NULL && workspace_our_email(c, address))
		return false;
	return guard_key(STR("email"), low) == GUARD_NONE ||
	       str_is(str_of(guard_why(STR("email"), low)), "a role address");
}

static bool
stands_there(const struct others *o, struct str address)
{
	for (size_t i = 0; i < o->n; i++)
		if (str_eq_nocase(o->v[i].email, address))
			return true;
	return false;
}

void
others_of(struct record *r, const struct workspace *c, const struct party *to,
    struct others *out)
{
	static const char *const lists[] = { "to", "cc" };
	struct party from;
	struct json v;

	out->n = 0;
	if (!channel_replies_by_mail(channel_named(record_str(r, "channel"))))
		return;
	party_read(record_get(r, "from"), record_arena(r), &from);
	for (size_t i = 0; i < 2; i++) {
		struct json_iter it = json_each(record_get(r, lists[i]));

		while (out->n < DRAFT_CC && json_next(&it, NULL, &v)) {
			struct party *p = &out->v[out->n];

			party_read(v, record_arena(r), p);
			if (!str_eq_nocase(p->email, to->email) &&
			    !str_eq_nocase(p->email, from.email) &&
			    !stands_there(out, p->email) &&
			    reads(p->email, r, c))
				out->n++;
		}
	}
}
