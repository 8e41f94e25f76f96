/*
 * The meaning of a WhatsApp message: when, who to whom, and what it says.  The
 * export knows people by the names of the phone's address book, so a name is
 * a key only beside the side that saved it: whatsapp:OURS/NAME.
 */
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/item.h"
#include "source/clock/localtime.h"
#include "source/whatsapp/whatsapp.h"
#include "text/unicode.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct arena *a;
	struct str chat; /* its name, or absent */
	struct str begin;
	struct str senders[WHATSAPP_SENDERS];
	size_t sender_count;
	bool more, group;
	struct str ours; /* our name in the chat, or absent */
	struct str partner; /* the other's in a chat of two, or absent */
	struct civil clock;
	struct whatsapp_line line;
	struct str body; /* unmarked, all lines of it */
};

static struct str
only_digits(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_digit(s.p[i]))
			out[n++] = s.p[i];
	return str_make(out, n);
}

static bool
same_name(struct view *v, struct str a, struct str b)
{
	if (str_eq(a, b))
		return true;
	return whatsapp_is_number(a) && whatsapp_is_number(b) &&
	       str_eq(only_digits(a, v->a), only_digits(b, v->a));
}

static struct str
uri_of(struct view *v, struct str name, bool ours)
{
	if (str_trim(name).n == 0)
		return STR_NONE;
	if (ours || v->m->account.p == NULL)
		return ARENA_JOIN(v->a, STR("whatsapp:"), name);
	return ARENA_JOIN(
	    v->a, STR("whatsapp:"), v->m->account, STR("/"), name);
}

/* Does the workspace say that this name or number is ours? */
static bool
is_ours(struct view *v, struct str name)
{
	const struct workspace *c = v->n->workspace;
	struct address a = { 0 };

	if (name.n == 0)
		return false;
	if (!whatsapp_is_number(name))
		return workspace_our_uri(
		    c, ARENA_JOIN(v->a, STR("whatsapp:"), name));
	message_phone(v->m, &a, name);
	return (a.tel.p != NULL && workspace_our_tel(c, a.tel)) ||
	       (a.uri.p != NULL && workspace_our_uri(c, a.uri));
}

static bool
is_sender(struct view *v, struct str name)
{
	for (size_t i = 0; i < v->sender_count; i++)
		if (same_name(v, v->senders[i], name))
			return true;
	return false;
}

/*
 * Who is who.  The workspace decides; where it is silent, a chat of two that
 * is called after one of them was exported by the other, who is us.
 */
static void
tell_sides(struct view *v)
{
	bool number = whatsapp_is_number(v->chat), named;

	named = v->chat.p != NULL && is_sender(v, v->chat);
	v->group =
	    v->more || v->sender_count > 2 ||
	    (v->sender_count == 2 && v->chat.p != NULL && !named && !number);
	for (size_t i = 0; i < v->sender_count && v->ours.p == NULL; i++)
		if (is_ours(v, v->senders[i]))
			v->ours = v->senders[i];
	if (v->group)
		return;
	v->partner = v->chat;
	for (size_t i = 0; i < v->sender_count; i++) {
		struct str s = v->senders[i];

		if (v->ours.p != NULL && v->partner.p == NULL &&
		    !str_eq(s, v->ours))
			v->partner = s;
		if (v->ours.p == NULL && v->chat.p != NULL &&
		    !same_name(v, s, v->chat) &&
		    (named || v->sender_count == 1))
			v->ours = s;
	}
}

static struct address
address_of(struct view *v, struct str name, bool own_choice)
{
	struct address a = { 0 };
	bool ours =
	    !own_choice &&
	    ((v->ours.p != NULL && str_eq(name, v->ours)) || is_ours(v, name));
	bool partner = !v->group && !ours;

	if (whatsapp_is_number(name)) {
		message_phone(v->m, &a, name);
		return a;
	}
	a.name = name;
	if (partner && whatsapp_is_number(v->chat))
		message_phone(v->m, &a, v->chat);
	else if (partner || !own_choice)
		a.uri = uri_of(v, name, ours);
	return a;
}

static void
add_to(struct view *v, struct str name)
{
	if (name.n > 0)
		message_add_address(
		    v->m, &v->m->to, address_of(v, name, false));
}

/* What one of ours writes into a group goes to the customer in it, where
 * there is one; the group stands last. */
static void
add_group(struct view *v, bool outbound)
{
	struct address a = { .name = v->chat };
	struct str customer = STR_NONE;
	size_t others = 0;

	for (size_t i = 0; i < v->sender_count; i++)
		if (!is_ours(v, v->senders[i])) {
			customer = v->senders[i];
			others++;
		}
	if (outbound && others == 1 && !v->more)
		add_to(v, customer);
	if (v->chat.n == 0)
		return;
	a.uri = uri_of(v, ARENA_JOIN(v->a, v->chat, STR("@g.us")), true);
	message_add_address(v->m, &v->m->to, a);
}

static void
set_parties(struct view *v, struct str sender, bool own_choice)
{
	struct message *m = v->m;
	/* "~ Name" is what a stranger chose to be called: maybe as we are. */
	bool outbound =
	    !own_choice && ((v->ours.p != NULL && str_eq(sender, v->ours)) ||
			       is_ours(v, sender));

	m->from = address_of(v, sender, own_choice);
	m->direction = outbound ? "outbound" : "inbound";
	if (v->group) {
		add_group(v, outbound);
	} else if (outbound) {
		add_to(v, v->partner);
	} else if (v->ours.p != NULL) {
		add_to(v, v->ours);
	} else {
		for (size_t i = 0; i < v->sender_count; i++)
			if (!str_eq(v->senders[i], sender))
				add_to(v, v->senders[i]);
	}
}

static void
set_account(struct view *v)
{
	struct address a;

	if (v->ours.p == NULL)
		return;
	a = address_of(v, v->ours, false);
	v->m->account = a.tel.p != NULL ? a.tel : v->ours;
}

/* Two exports of one chat agree on all of this, whatever the clock's form. */
static void
set_id(struct view *v, struct str sender, int64_t again)
{
	const struct civil *c = &v->clock;
	struct str chat = v->chat.p != NULL      ? v->chat
			  : v->partner.p != NULL ? v->partner
						 : v->begin;

	if (whatsapp_is_number(chat))
		chat = only_digits(chat, v->a);
	v->m->id_without_account = true;
	v->m->native_id =
	    ARENA_JOIN(v->a, arena_printf(v->a, "%zu:", chat.n), chat,
		arena_printf(v->a, "/%04d-%02d-%02dT%02d:%02d/%zu:", c->year,
		    c->month, c->day, c->hour, c->minute, sender.n),
		sender, arena_printf(v->a, "/%zu:", v->body.n), v->body,
		arena_printf(v->a, "/%jd", (intmax_t)again));
}

static void
write_data(struct view *v, const struct whatsapp_body *b)
{
	struct writer w;

	if (v->chat.p == NULL && !v->group && b->omitted.p == NULL &&
	    b->disposition == NULL)
		return;
	write_init(&w, &v->n->scratch);
	write_object(&w);
	if (v->chat.p != NULL || v->group) {
		write_key(&w, "chat");
		write_object(&w);
		write_member(&w, "name", v->chat);
		if (v->group) {
			write_key(&w, "group");
			write_bool(&w, true);
		}
		write_object_end(&w);
	}
	write_member(&w, "disposition", str_of(b->disposition));
	write_member(&w, "omitted", b->omitted);
	write_object_end(&w);
	v->m->data = buf_str(&v->n->scratch);
}

static void
set_body(struct view *v, const struct whatsapp_body *b)
{
	struct message *m = v->m;
	struct attachment file = {
		.name = b->file,
		.type = str_of(b->media_type),
		.size = -1,
	};

	if (b->text.n > 0)
		m->text = b->text;
	if ((b->kind == WHATSAPP_FILE || b->kind == WHATSAPP_OMITTED) &&
	    (file.name.p != NULL || file.type.p != NULL))
		message_add_attachment(m, file);
	if (b->kind == WHATSAPP_DELETED)
		message_keyword(m, "deleted");
	if (b->edited)
		message_keyword(m, "edited");
	m->type = b->kind == WHATSAPP_CALL     ? "call"
		  : b->kind == WHATSAPP_NOTICE ? "event"
					       : "message";
	write_data(v, b);
}

static int
read_text(struct view *v, struct json native, struct str *out, struct err *e)
{
	if (normalize_text(v->n, native, out, e) < 0)
		return -1;
	*out = normalize_lines(v->n, *out);
	return 0;
}

static void
read_chat(struct view *v, struct json native)
{
	struct json chat = json_get(native, "chat"), s;
	struct json_iter it = json_each(json_get(chat, "senders"));

	v->chat = whatsapp_plain(json_str(json_get(chat, "name"), v->a), v->a);
	v->begin = json_str(json_get(chat, "begin"), v->a);
	v->more = json_true(json_get(chat, "more"));
	while (v->sender_count < WHATSAPP_SENDERS && json_next(&it, NULL, &s)) {
		struct str name = whatsapp_plain(json_str(s, v->a), v->a);

		if (name.n > 0)
			v->senders[v->sender_count++] = name;
	}
}

static enum whatsapp_order
order_of(struct json native)
{
	struct json order = json_get(native, "order");

	return json_is(order, "mdy")   ? WHATSAPP_MDY
	       : json_is(order, "ymd") ? WHATSAPP_YMD
				       : WHATSAPP_DMY;
}

static int
read_line(struct view *v, struct json native, struct err *e)
{
	struct str text, first;
	size_t at;

	if (read_text(v, native, &text, e) < 0)
		return -1;
	first = str_trim_right(str_sub(text, 0,
	    str_chr(text, '\n') < 0 ? text.n : (size_t)str_chr(text, '\n')));
	if (!whatsapp_line(first, v->chat, &v->line))
		return err_set(e, "native.text begins no message of WhatsApp");
	if (whatsapp_civil(&v->line.stamp, order_of(native), &v->clock) < 0)
		return err_set(e, "native.text: there is no such day");
	at = (size_t)(v->line.body.p - text.p);
	v->line.bare &= str_trim(str_sub(text, first.n, text.n)).n == 0;
	v->line.body = str_sub(text, at, text.n);
	v->body = str_trim(whatsapp_unmarked(v->line.body, v->a));
	return 0;
}

enum stage_result
whatsapp_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n) };
	struct whatsapp_body body;
	struct str sender = STR_NONE;
	int64_t again = 0;
	bool own_choice = false;

	v.a = &v.m->arena;
	v.m->channel = "whatsapp";
	read_chat(&v, native);
	if (read_line(&v, native, e) < 0)
		return STAGE_REJECT;
	(void)json_int(json_get(native, "again"), &again);
	tell_sides(&v);
	v.m->sent = local_instant(n->clock, &v.clock);
	set_account(&v);
	if (v.line.sender.p != NULL)
		sender = whatsapp_name(v.line.sender, v.a, &own_choice);
	whatsapp_body(v.line.body, sender.n > 0, v.a, &body);
	if (sender.n > 0 && v.line.bare) {
		/* What disappears is not exported: only its place is. */
		body = (struct whatsapp_body){ .kind = WHATSAPP_NOTICE };
	}
	set_id(&v, sender, again);
	set_body(&v, &body);
	if (sender.n == 0 && body.kind == WHATSAPP_CALL)
		sender = v.partner;
	if (sender.n > 0 && !(v.group && body.kind == WHATSAPP_NOTICE &&
				str_eq(sender, v.chat)))
		set_parties(&v, sender, own_choice);
	else
		v.m->direction = "internal";
	return message_emit(v.m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}
