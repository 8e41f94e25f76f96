/*
 * Zendesk's tables: those of pipelines, whose columns are the API's members,
 * and the one that agents export, in their language.
 */
#include "core/text/ascii.h"
#include "source/table/table.h"
#include "source/ticket/tables.h"
#include "source/zendesk/zendesk.h"
#include "text/unicode.h"

/* Columns of the agents' table, by the words' sections. */
enum listed_column {
	LISTED_ID,
	LISTED_SUBJECT,
	LISTED_REQUESTER,
	LISTED_REQUESTER_EMAIL,
	LISTED_REQUESTER_ID,
	LISTED_CREATED_AT,
	LISTED_STATUS,
	LISTED_VIA,
	LISTED_ASSIGNEE,
	LISTED_GROUP,
	LISTED_PRIORITY,
	LISTED_TAGS,
	LISTED_ZENDESK,
	LISTED_COLUMNS,
};
#define MEANS(SECTION, n) LISTED_##SECTION
#include "source/zendesk/words/columns.h"

enum {
	NAME_BYTES = 120, /* of a column */
	COLUMNS = 512, /* that are looked at */
};

/* What the agents' column is: a bit of LISTED_..., 0 where it is none. */
static uint64_t
column_of(struct str name, struct arena *a)
{
	char *plain;
	size_t n = 0;

	if (name.n > NAME_BYTES)
		return 0;
	name = unicode_fold(name, a);
	plain = arena_alloc(a, name.n + 1);
	for (size_t i = 0; i < name.n; i++)
		if (ascii_is_letter(name.p[i]) ||
		    (unsigned char)name.p[i] >= 0x80)
			plain[n++] = name.p[i];
	return wordlist_means(&words_columns, str_make(plain, n));
}

static bool
has_all(const struct str *names, size_t n, const char *const *wanted)
{
	for (; *wanted != NULL; wanted++)
		if (!tickets_column(names, n, *wanted))
			return false;
	return true;
}

static unsigned
count_of(const struct str *names, size_t n, const char *const *wanted)
{
	unsigned found = 0;

	for (; *wanted != NULL; wanted++)
		found += tickets_column(names, n, *wanted);
	return found;
}

/* Who asked, and what, and when; and a column that is Zendesk's alone, or who
 * asked by mail address. */
static bool
is_listed(const struct str *names, size_t n)
{
	const uint64_t wanted =
	    UINT64_C(1) << LISTED_ID | UINT64_C(1) << LISTED_SUBJECT |
	    UINT64_C(1) << LISTED_REQUESTER | UINT64_C(1) << LISTED_CREATED_AT;
	const uint64_t sure = UINT64_C(1) << LISTED_ZENDESK |
			      UINT64_C(1) << LISTED_REQUESTER_EMAIL |
			      UINT64_C(1) << LISTED_REQUESTER_ID;
	struct arena a = { 0 };
	uint64_t have = 0;

	for (size_t i = 0; i < n && i < COLUMNS; i++)
		have |= column_of(names[i], &a);
	arena_release(&a);
	return (have & wanted) == wanted && (have & sure) != 0;
}

/* Tables of pipelines that hold no message, by what each alone has. */
static bool
is_silent(const struct str *names, size_t n)
{
	static const char *const alone[][5] = {
		{ "tag", "ticket_id", NULL },
		{ "schedule_id", "ticket_id", NULL },
		{ "sla_policy_id", "metric", "target", NULL },
		{ "sla_policy_id", "policy_applied_at", NULL },
		{ "end_user_visible", "display_name", "active", NULL },
		{ "domain_name", "organization_id", NULL },
		{ "change_description", "source_type", "actor_id", NULL },
		{ "chat_id", "visitor_id", "initiator", NULL },
		{ "ticket_form_id", "ticket_field_id", NULL },
		{ "reply_time_in_minutes_calendar", NULL },
		{ "time_zone", "start_time_utc", "end_time_utc", NULL },
	};

	for (size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++)
		if (has_all(names, n, alone[i]))
			return true;
	return has_all(
		   names, n, (const char *const[]){ "tag", "user_id", NULL }) &&
	       n <= 4;
}

static enum tickets_table
tell(const struct str *names, size_t n)
{
	static const char *const ticket[] = { "id", "requester_id",
		"submitter_id", NULL };
	static const char *const comment[] = { "id", "ticket_id", "body",
		"public", NULL };
	static const char *const of_comment[] = { "voice_comment", "tweet",
		"facebook_comment", "author_id", "user_id", "html_body",
		"plain_body", "audit_id", "via_channel", NULL };
	static const char *const of_user[] = { "locale_id", "shared_agent",
		"restricted_agent", "two_factor_auth_enabled", "chat_only",
		"ticket_restriction", "only_private_comments", "moderator",
		"role", "time_zone", NULL };
	static const char *const organization[] = { "id", "name",
		"shared_comments", "shared_tickets", NULL };
	static const char *const change[] = { "field_name", "ticket_id",
		"updated", "value", NULL };
	static const char *const chat[] = { "chat_id", "actor_id", "message",
		"type", NULL };
	static const char *const rating[] = { "score", "ticket_id",
		"requester_id", "assignee_id", NULL };

	if (has_all(names, n, ticket))
		return TICKETS_TICKETS;
	if (has_all(names, n, comment) && count_of(names, n, of_comment) >= 2)
		return TICKETS_PARTS;
	if (tickets_column(names, n, "id") && count_of(names, n, of_user) >= 4)
		return TICKETS_PEOPLE;
	if (has_all(names, n, organization) || has_all(names, n, change) ||
	    has_all(names, n, chat) || has_all(names, n, rating) ||
	    is_listed(names, n))
		return TICKETS_ROWS;
	return is_silent(names, n) ? TICKETS_SILENT : TICKETS_FOREIGN;
}

static const char *const parts[] = { "ticket_comment", "ticket_comments",
	"zendesk_ticket_comment", "zendesk_ticket_comments",
	"stg_zendesk__ticket_comment", NULL };
static const struct tickets_form form = { .tell = tell,
	.ticket = "ticket",
	.people = "users",
	.ticket_id = "ticket_id",
	.words = "description",
	.says = "body",
	.parts = parts };

int
zendesk_sniff_table(struct str head)
{
	enum tickets_table is = tickets_sniff(&form, head);

	/* Groups, brands and macros have the API's own address of each. */
	return is != TICKETS_FOREIGN                            ? 86
	       : str_find(head, STR("zendesk.com/api/v2/")) > 0 ? 84
								: 0;
}

int
zendesk_read_table(struct ingest *in, struct input *file, struct err *e)
{
	return tickets_read(in, file, &form, e);
}

int
zendesk_sniff_tree(const char *const *names, size_t n)
{
	return tickets_sniff_tree(&form, names, n);
}

int
zendesk_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	return tickets_read_tree(in, tree, &form, kept, other, e);
}

void
zendesk_release_tree(void *kept)
{
	tickets_release_tree(kept);
}

/* The agents' table. */

struct listed {
	struct str v[LISTED_COLUMNS];
};

static bool
read_listed(struct zendesk *z, struct listed *l)
{
	struct json_iter it = json_each(z->item);
	struct arena *a = &z->n->message.arena;
	struct json key, v;

	*l = (struct listed){ 0 };
	while (json_next(&it, &key, &v)) {
		uint64_t is = column_of(json_str(key, a), a);
		struct str s = native_value(z->n, v);

		if (is == 0 || s.p == NULL)
			continue;
		is = (uint64_t)__builtin_ctzll(is);
		if (l->v[is].p == NULL)
			l->v[is] = s;
	}
	return l->v[LISTED_ID].p != NULL && l->v[LISTED_CREATED_AT].p != NULL;
}

static const char *
channel_listed(struct str via)
{
	static const struct {
		const char *via, *channel;
	} channels[] = {
		{ "mail", "email" },
		{ "email", "email" },
		{ "e-mail", "email" },
		{ "web form", "form" },
		{ "webformular", "form" },
		{ "chat", "chat" },
		{ "messaging", "chat" },
		{ "text message", "sms" },
		{ "twitter", "x" },
		{ "facebook", "messenger" },
		{ "whatsapp", "whatsapp" },
	};

	for (size_t i = 0; i < sizeof(channels) / sizeof(*channels); i++)
		if (str_eq_nocase(via, str_of(channels[i].via)))
			return channels[i].channel;
	return "ticket";
}

/* No words, but who asked for what, and when: the id is that of the words that
 * opened the ticket, which other exports have. */
enum stage_result
zendesk_listed(struct zendesk *z, struct err *e)
{
	struct ticket t = { .service = "zendesk" };
	struct ticket_part part = { .kind = "comment", .opens = true };
	struct message *m = ticket_begin(z->n, "message");
	struct listed l;
	struct writer *w;

	if (!read_listed(z, &l))
		return native_reject(e, "neither a ticket of Zendesk nor a "
					"comment, user, audit or chat");
	if (native_time_text(z->n, l.v[LISTED_CREATED_AT], &m->sent) < 0)
		return native_reject(
		    e, "a ticket of Zendesk whose time is none");
	t.created = m->sent;
	t.channel = channel_listed(l.v[LISTED_VIA]);
	t.id = l.v[LISTED_ID];
	if (str_starts(t.id, STR("#")))
		t.id = str_sub(t.id, 1, t.id.n);
	t.subject = l.v[LISTED_SUBJECT];
	t.customer = (struct ticket_person){ .id = l.v[LISTED_REQUESTER_ID],
		.role = TICKET_CUSTOMER };
	t.customer.address.name = l.v[LISTED_REQUESTER];
	native_email(z->n, &t.customer.address, l.v[LISTED_REQUESTER_EMAIL]);
	part.author = t.customer;
	ticket_fill(z->n, &t, &part);
	w = native_data(z->n);
	write_member(w, "via", l.v[LISTED_VIA]);
	write_member(w, "status", l.v[LISTED_STATUS]);
	write_member(w, "priority", l.v[LISTED_PRIORITY]);
	write_member(w, "tags", l.v[LISTED_TAGS]);
	write_member(w, "group", l.v[LISTED_GROUP]);
	write_member(w, "assignee", l.v[LISTED_ASSIGNEE]);
	return native_data_end(z->n, e) < 0 ? STAGE_REJECT
					    : native_emit(z->n, e);
}
