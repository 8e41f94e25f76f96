#include "reply/drafting/recipients.h"

#include "core/map.h"
#include "core/vec.h"
#include "core/text/utf8.h"
#include "people/guards.h"
#include "text/unicode.h"

/* Is it this domain, or one below it? */
static bool
is_below(struct str host, struct str domain)
{
	return host.n >= domain.n &&
	       str_eq_nocase(
		   str_sub(host, host.n - domain.n, host.n), domain) &&
	       (host.n == domain.n || host.p[host.n - domain.n - 1] == '.');
}

/* The address of a list by its List-Id, "users.lists.example.org": what stands
 * before the first dot at what stands behind it, or at a domain above that. */
static bool
is_list(struct str address, struct str list_id)
{
	ptrdiff_t dot = str_chr(list_id, '.'), at = str_chr(address, '@');

	return dot > 0 && at > 0 &&
	       str_eq_nocase(str_sub(address, 0, (size_t)at),
		   str_sub(list_id, 0, (size_t)dot)) &&
	       is_below(str_sub(list_id, (size_t)dot + 1, list_id.n),
		   str_sub(address, (size_t)at + 1, address.n));
}

/* low: the address in lower case. */
static bool
reads(struct str low, struct str list_id, const struct workspace *c)
{
	return str_chr(low, '@') > 0 && !is_list(low, list_id) &&
	       (c == NULL || !workspace_our_email(c, low)) &&
	       !guard_no_reply(low) &&
	       guard_key(STR("email"), low) != GUARD_PLACEHOLDER;
}

enum { FEW = 8 }; /* recipients that are compared one by one */

/* Addresses that were met. */
struct known {
	struct str few[FEW];
	size_t n;
	struct map all; /* where there are more */
};

static bool
is_new(struct known *k, struct str address)
{
	bool fresh;

	for (size_t i = 0; i < k->n && i < FEW; i++)
		if (str_eq(k->few[i], address))
			return false;
	if (k->n < FEW) {
		k->few[k->n++] = address;
		return true;
	}
	map_put(&k->all, address, &fresh);
	return fresh;
}

struct party
recipients_reply_to(struct record *r, const struct workspace *c)
{
	struct arena *a = record_arena(r);
	struct json list = json_get(record_get(r, "data"), "replyTo"), v;
	struct str sender =
	    json_str(json_get(record_get(r, "sender"), "email"), a);
	struct json_iter it = json_each(list);

	while (json_next(&it, NULL, &v)) {
		struct party p = { 0 };

		party_read(v, a, &p);
		p.name = utf8_one_line(p.name, a);
		if (json_type(v) == JSON_STRING)
			p.email = json_str(v, a);
		if (p.email.n > 0 && !str_eq_nocase(p.email, sender) &&
		    !workspace_our_email(c, p.email))
			return p;
	}
	return (struct party){ 0 };
}

void
recipients_also(struct record *r, const struct workspace *c,
    const struct party *to, struct json wrote, struct recipients *out)
{
	const struct json lists[] = { record_get(r, "to"), record_get(r, "cc"),
		wrote };
	struct arena *a = record_arena(r);
	struct str list_id =
	    json_str(json_get(record_get(r, "data"), "listId"), a);
	struct str wrote_it, answered;
	struct known known = { 0 };
	struct party p;
	struct json v;

	*out = (struct recipients){ 0 };
	if (!channel_replies_by_mail(channel_named(record_str(r, "channel"))))
		return;
	party_read(record_get(r, "from"), a, &p);
	wrote_it = unicode_lower(p.email, a);
	answered = unicode_lower(to->email, a);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		struct json_iter it = json_each(lists[i]);

		while (json_next(&it, NULL, &v)) {
			struct str low;

			party_read(v, a, &p);
			p.name = utf8_one_line(p.name, a);
			low = unicode_lower(p.email, a);
			if (!str_eq(low, wrote_it) && !str_eq(low, answered) &&
			    reads(low, list_id, c) && is_new(&known, low))
				vec_add_in(a, out, p);
		}
	}
	map_release(&known.all);
}
