#include "source/ticket/ticket.h"

#include "core/text/ascii.h"
#include "record/channels.h"

enum { NAME_BYTES = 64 }; /* of a member */
#define MINUTE (60 * TIME_SECOND)

struct message *
ticket_begin(struct normalize *n, const char *type)
{
	struct message *m = normalize_begin(n);

	m->type = type;
	return m;
}

struct address
ticket_address(
    struct normalize *n, const char *service, const struct ticket_person *p)
{
	struct address a = p->address;

	if (a.uri.p == NULL)
		a.uri = native_uri(n, service, p->id);
	return a;
}

/* The id as a thread's or a message's on the ticket's channel: by mail they are
 * the world's, and so have service and account before them. */
static struct str
ref(struct normalize *n, const struct ticket *t, struct str id)
{
	struct arena *a = &n->message.arena;

	if (id.p == NULL || !channel_is_mail(channel_named(str_of(t->channel))))
		return id;
	return t->account.p == NULL
		   ? ARENA_JOIN(a, str_of(t->service), STR(":"), id)
		   : ARENA_JOIN(a, str_of(t->service), STR(":"), t->account,
			 STR("/"), id);
}

static bool
is_known(const struct address *a)
{
	return a->name.p != NULL || a->email.p != NULL || a->tel.p != NULL ||
	       a->uri.p != NULL;
}

static void
add_to(struct normalize *n, struct address a)
{
	if (is_known(&a))
		message_add_address(&n->message, &n->message.to, a);
}

static void
fill_people(
    struct normalize *n, const struct ticket *t, const struct ticket_part *p)
{
	struct message *m = &n->message;

	m->from = ticket_address(n, t->service, &p->author);
	switch (p->author.role) {
	case TICKET_CUSTOMER:
		m->direction = "inbound";
		add_to(n, t->ours);
		return;
	case TICKET_SYSTEM:
		m->direction = "internal";
		return;
	case TICKET_AGENT:
	case TICKET_BOT:
		m->direction = "outbound";
		break;
	case TICKET_UNKNOWN:
		break;
	}
	if (p->note)
		m->direction = "internal";
	else if (p->author.role != TICKET_UNKNOWN)
		add_to(n, ticket_address(n, t->service, &t->customer));
}

/* The opening words by the ticket; what has no id by what it says. */
static void
fill_ids(
    struct normalize *n, const struct ticket *t, const struct ticket_part *p)
{
	struct message *m = &n->message;
	struct arena *a = &m->arena;
	struct str id;

	if (p->opens && t->id.p != NULL)
		m->native_id =
		    t->created == TIME_NONE
			? ARENA_JOIN(a, STR("ticket/"), t->id)
			: arena_printf(a, "ticket/%.*s/%jd", STR_ARG(t->id),
			      (intmax_t)(t->created / MINUTE));
	else if (p->id.p != NULL)
		m->native_id = ARENA_JOIN(a, str_of(p->kind), STR("/"), p->id);
	id = p->id.p != NULL || !p->opens ? p->id : t->id;
	if (p->placed && id.p != NULL && t->id.p != NULL)
		id = ARENA_JOIN(a, t->id, STR("/"), id);
	m->message_id = ref(n, t, id);
	m->thread_id = ref(n, t, t->id);
}

void
ticket_fill(
    struct normalize *n, const struct ticket *t, const struct ticket_part *p)
{
	struct message *m = &n->message;

	m->channel = t->channel;
	m->account = t->account;
	m->id_scope = t->service;
	m->id_without_account = true;
	m->subject = t->subject;
	fill_ids(n, t, p);
	fill_people(n, t, p);
	if (p->note)
		message_keyword(m, "private");
	if (p->author.role == TICKET_BOT) {
		message_keyword(m, "bot");
		message_keyword(m, "automatic");
	}
}

struct json
ticket_by_id(struct normalize *n, struct json list, struct str id)
{
	struct json_iter it = json_each(list);
	struct json one;

	while (id.p != NULL && json_next(&it, NULL, &one))
		if (str_eq(native_text(n, one, "id"), id))
			return one;
	return JSON_ABSENT;
}

/* -1 where the name tells nothing: one word in small letters. */
static int
spelling_of(struct str name)
{
	bool upper = false, lower = false;

	for (size_t i = 0; i < name.n; i++) {
		upper |= name.p[i] >= 'A' && name.p[i] <= 'Z';
		lower |= name.p[i] >= 'a' && name.p[i] <= 'z';
	}
	if (upper && !lower)
		return name.n > 2 ? TICKET_UPPER : -1;
	if (upper && lower && str_chr(name, '_') < 0 && str_chr(name, ' ') < 0)
		return name.p[0] >= 'A' && name.p[0] <= 'Z' ? TICKET_PASCAL
							    : TICKET_CAMEL;
	return str_chr(name, '_') > 0 ? TICKET_SNAKE : -1;
}

enum ticket_spelling
ticket_spelling(struct json object)
{
	struct json_iter it = json_each(object);
	struct json key, v;

	while (json_type(object) == JSON_OBJECT && json_next(&it, &key, &v)) {
		struct str raw = json_raw(key);
		int how = spelling_of(str_sub(raw, 1, raw.n - 2));

		if (how >= 0)
			return (enum ticket_spelling)how;
	}
	return TICKET_SNAKE;
}

/* "CollaboratorIds" and "collaboratorIds" for "collaborator_ids". */
bool
ticket_is_name(struct str s, const char *name)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (*name == '_' && c != '_')
			name++;
		else if (*name == '\0')
			return false;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if (c != *name++)
			return false;
	}
	return *name == '\0';
}

bool
ticket_is_among(struct str s, const char *const *names)
{
	for (; *names != NULL; names++)
		if (ticket_is_name(s, *names))
			return true;
	return false;
}

void
ticket_count(
    const struct ticket_mark *marks, size_t n, struct str name, unsigned *seen)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; marks[i].members[k] != NULL; k++)
			seen[i] += ticket_is_name(name, marks[i].members[k]);
}

struct json
ticket_get(enum ticket_spelling how, struct json object, const char *name)
{
	char spelled[NAME_BYTES];
	bool up = how == TICKET_PASCAL;
	size_t n = 0;

	if (how == TICKET_SNAKE)
		return json_get(object, name);
	for (; *name != '\0' && n < sizeof(spelled); name++) {
		if (how != TICKET_UPPER && *name == '_') {
			up = true;
			continue;
		}
		spelled[n++] =
		    up || how == TICKET_UPPER ? ascii_upper(*name) : *name;
		up = false;
	}
	return json_get_str(object, str_make(spelled, n));
}

struct str
ticket_text(struct normalize *n, struct str s)
{
	char *to;
	size_t at = 0;

	s = str_trim(s);
	if (s.n == 0)
		return STR_NONE;
	if (str_chr(s, '\r') < 0)
		return s;
	to = arena_alloc(&n->message.arena, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r')
			to[at++] = s.p[i];
		else if (i + 1 < s.n && s.p[i + 1] != '\n')
			to[at++] = '\n';
	return str_make(to, at);
}

void
ticket_attach(struct normalize *n, enum ticket_spelling how, struct json list)
{
	static const char *const names[] = { "file_name", "name", "filename",
		"title", NULL };
	static const char *const types[] = { "content_type", "mime_type",
		"contentType", "type", NULL };
	static const char *const sizes[] = { "size", "filesize", "file_size",
		NULL };
	struct json_iter it = json_each(list);
	struct json one;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct attachment a = { .size = -1 };
		struct str size = STR_NONE;

		for (size_t i = 0; names[i] != NULL && a.name.p == NULL; i++)
			a.name =
			    native_value(n, ticket_get(how, one, names[i]));
		for (size_t i = 0; types[i] != NULL && a.type.p == NULL; i++)
			a.type =
			    native_value(n, ticket_get(how, one, types[i]));
		for (size_t i = 0; sizes[i] != NULL && size.p == NULL; i++)
			size = native_value(n, ticket_get(how, one, sizes[i]));
		if (size.p == NULL || str_to_int(size, &a.size) < 0)
			a.size = -1;
		if (a.name.p != NULL || a.type.p != NULL || a.size >= 0)
			message_add_attachment(&n->message, a);
	}
}

enum stage_result
ticket_rate(struct normalize *n, const struct ticket *t,
    const struct ticket_rating *r, struct err *e)
{
	struct ticket_part part = { .kind = "rating",
		.id = r->id.p != NULL ? r->id : t->id,
		.author = t->customer };
	struct message *m = &n->message;
	struct writer *w;

	part.author.role = TICKET_CUSTOMER;
	ticket_fill(n, t, &part);
	m->message_id = STR_NONE;
	m->sent = r->at;
	w = native_data(n);
	write_member(w, "act", STR("rating"));
	write_member_int(w, "score", r->score);
	write_member_int(w, "of", r->of);
	write_member(w, "word", r->word);
	write_member(w, "comment", r->comment);
	write_member(w, "thread", m->thread_id);
	write_member(w, "agent", native_uri(n, t->service, r->agent));
	return native_data_end(n, e) < 0 ? STAGE_REJECT : native_emit(n, e);
}
