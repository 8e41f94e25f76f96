/*
 * Who wrote to whom.  A handle is an address as iMessage knows it: a number in
 * E.164, a mail address, a short code or sender's name of SMS, or a business
 * (urn:biz:...).  Our own side has no row: it is an address of each message.
 */
#include "source/imessage/view.h"

enum { GROUP_STYLE = 43, ALONE_STYLE = 45, MEMBERS = 256 };

/* "+34600000001(smsfp)": how a number was reached stands behind it. */
static struct str
without_mark(struct str id)
{
	ptrdiff_t open = str_rchr(id, '(');

	return id.n > 0 && open > 0 && id.p[id.n - 1] == ')'
		   ? str_sub(id, 0, (size_t)open)
		   : id;
}

/* "E:ana@riba.example", "P:+34600000001", "tel:...", "mailto:..." */
static struct str
without_kind(struct str s)
{
	static const char *const kinds[] = {
		"e:", "p:", "tel:", "mailto:", NULL
	};

	for (size_t i = 0; kinds[i] != NULL; i++)
		if (str_starts_nocase(s, str_of(kinds[i])))
			return str_sub(s, strlen(kinds[i]), s.n);
	return s;
}

static struct address
address_of(struct imessage_view *v, struct str id)
{
	struct address a = { 0 };

	id = without_mark(without_kind(id));
	if (id.n == 0)
		return a;
	if (str_starts_nocase(id, STR("urn:")))
		a.uri = native_uri(v->n, "imessage", id);
	else if (str_chr(id, '@') > 0)
		a.email = id;
	else
		message_phone(v->m, &a, id);
	return a;
}

struct address
imessage_handle(struct imessage_view *v, struct json handle)
{
	return address_of(v, native_text(v->n, handle, "id"));
}

static bool
is_someone(const struct address *a)
{
	return a->email.p != NULL || a->tel.p != NULL || a->uri.p != NULL;
}

static bool
is_same(const struct address *a, const struct address *b)
{
	return str_eq(a->email, b->email) && str_eq(a->tel, b->tel) &&
	       str_eq(a->uri, b->uri);
}

static void
add(struct imessage_view *v, struct address a)
{
	if (is_someone(&a) || a.name.p != NULL)
		message_add_address(v->m, &v->m->to, a);
}

/* Our address: that which it came to or left from; else the account's. */
static struct address
own(struct imessage_view *v)
{
	static const char *const columns[] = { "destination_caller_id",
		"account", NULL };
	struct address a = address_of(v, native_any(v->n, v->row, columns));

	if (!is_someone(&a))
		a = address_of(
		    v, native_text(v->n, v->chat, "last_addressed_handle"));
	v->m->account = a.tel.p != NULL     ? a.tel
			: a.email.p != NULL ? a.email
					    : a.uri;
	return a;
}

/* All in the chat but who wrote. */
static void
add_members(struct imessage_view *v)
{
	struct json_iter it = json_each(json_get(v->chat, "participants"));
	struct json one;

	for (int i = 0; i < MEMBERS && json_next(&it, NULL, &one); i++) {
		struct address a = imessage_handle(v, one);

		if (v->ours || !is_same(&a, &v->m->from))
			add(v, a);
	}
}

/* A group has a place of its own; on the telephone's channels it is the
 * numbers in it. */
static void
add_group(struct imessage_view *v)
{
	struct address a = { .name =
				 native_text(v->n, v->chat, "display_name") };
	struct str id = native_text(v->n, v->chat, "chat_identifier");

	if (v->m->channel[0] == 's') {
		add_members(v);
		return;
	}
	a.uri = native_uri(v->n, "imessage", id);
	add(v, a);
}

static bool
is_group(struct imessage_view *v)
{
	struct json people = json_get(v->chat, "participants");
	int64_t style;

	if (json_int(json_get(v->chat, "style"), &style) == 0 &&
	    (style == GROUP_STYLE || style == ALONE_STYLE))
		return style == GROUP_STYLE;
	return json_count(people) > 1 ||
	       imessage_text(v, "cache_roomnames").p != NULL;
}

void
imessage_people(struct imessage_view *v)
{
	struct address us = own(v);
	struct address them = imessage_handle(v, json_get(v->item, "handle"));

	v->group = is_group(v);
	if (v->ours) {
		v->m->direction = "outbound";
		v->m->from = us;
		if (v->group)
			add_group(v);
		else if (is_someone(&them))
			add(v, them);
		else
			add_members(v);
		return;
	}
	v->m->from = them;
	if (v->group)
		add_group(v);
	if (!v->group || v->m->channel[0] == 's')
		add(v, us);
}
