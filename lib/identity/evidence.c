#include "identity/evidence.h"

#include "core/escape.h"
#include "record/fields.h"
#include "record/write.h"

/* One reading of one record. */
struct finder {
	struct record *r;
	struct arena *a;
	const struct config *c;
	struct evidence_list *out;
	struct str channel;
	struct json data;
	bool contact;
};

static void
add(struct finder *f, struct str type, struct str value, enum trust trust,
    struct str from)
{
	struct evidence_list *out = f->out;

	if (value.p == NULL || type.n + value.n >= KEY_MAX)
		return;
	for (size_t i = 0; i < out->n; i++) {
		struct evidence *old = &out->v[i];

		if (!str_eq(old->value, value) || !str_eq(old->type, type))
			continue;
		if (trust < old->trust) {
			old->trust = trust;
			old->from = from;
		}
		return;
	}
	if (out->n < EVIDENCE_MAX)
		out->v[out->n++] =
		    (struct evidence){ type, value, trust, from };
}

/* Channels on which the network vouches for a number. */
static bool
carries_numbers(struct str channel)
{
	static const char *const names[] = { "sms", "mms", "whatsapp", "voice",
		"signal", "telegram" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_is(channel, names[i]))
			return true;
	return false;
}

/* Channels whose profiles hold mail addresses that the platform checked; the
 * numbers there are what the users typed. */
static bool
checks_profiles(struct str channel)
{
	return str_is(channel, "slack") || str_is(channel, "teams");
}

static enum trust
email_trust(const struct finder *f)
{
	return checks_profiles(f->channel) ? TRUST_PLATFORM : TRUST_CLAIMED;
}

static enum trust
tel_trust(const struct finder *f)
{
	return carries_numbers(f->channel) ? TRUST_PLATFORM : TRUST_CLAIMED;
}

/* "to[3].email". */
static struct str
path(struct finder *f, const char *member, int index, const char *leaf)
{
	size_t m = strlen(member), l = strlen(leaf), n = m;
	char *p;

	if (index > 9)
		return arena_printf(f->a, "%s[%d].%s", member, index, leaf);
	p = arena_alloc(f->a, m + 4 + l);
	memcpy(p, member, m);
	p[n++] = '[';
	p[n++] = (char)('0' + index);
	p[n++] = ']';
	p[n++] = '.';
	memcpy(p + n, leaf, l);
	return str_make(p, n + l);
}

/* An address object of a record. */
struct party {
	struct str email, tel, uri;
};

enum { PARTY_MEMBERS = 16 };

static struct party
read_party(struct json v, struct arena *a)
{
	struct party p = { 0 };
	struct json_member m[PARTY_MEMBERS];
	size_t n = json_members(v, m, PARTY_MEMBERS);

	for (size_t i = 0; i < n && i < PARTY_MEMBERS; i++) {
		struct str name = m[i].name;

		if (json_name_is(&m[i], STR("email")))
			p.email = json_str(m[i].value, a);
		else if (name.n != 4 && json_name_is(&m[i], STR("tel")))
			p.tel = json_str(m[i].value, a);
		else if (name.n != 4 && json_name_is(&m[i], STR("uri")))
			p.uri = json_str(m[i].value, a);
	}
	return p;
}

static bool
is_ours(const struct finder *f, const struct party *p)
{
	const struct config *c = f->c;

	return (p->email.p != NULL && config_our_email(c, p->email)) ||
	       (p->tel.p != NULL && config_our_tel(c, p->tel)) ||
	       (p->uri.p != NULL && config_our_uri(c, p->uri));
}

/* Where a party stands: index -1 is `from`. */
struct place {
	const char *member;
	int index;
};

static struct str
place_of(struct finder *f, struct place at, const char *leaf)
{
	if (at.index >= 0)
		return path(f, at.member, at.index, leaf);
	return leaf[0] == 'e'   ? STR("from.email")
	       : leaf[0] == 't' ? STR("from.tel")
				: STR("from.uri");
}

/* What a party's keys have earned. */
struct trusts {
	enum trust email, tel, uri; /* uri UNKNOWN: what its type says */
};

static void
add_uri(struct finder *f, struct str uri, enum trust t, struct str at)
{
	struct str type, value;

	if (uri.p == NULL || key_of_uri(uri, &type, &value, f->a) < 0)
		return;
	add(f, type, value, t == TRUST_UNKNOWN ? key_type_of(type)->trust : t,
	    at);
}

static void
add_email(struct finder *f, struct str email, enum trust t, struct str at)
{
	if (email.p != NULL)
		add(f, STR("email"), key_email(email, f->a), t, at);
}

static void
add_tel(struct finder *f, struct str tel, enum trust t, struct str at)
{
	if (tel.p != NULL && key_is_e164(tel))
		add(f, STR("tel"), tel, t, at);
}

static void
add_party(struct finder *f, const struct party *p, struct place at,
    const struct trusts *t)
{
	if (p->uri.p != NULL)
		add_uri(f, p->uri, t->uri, place_of(f, at, "uri"));
	if (p->email.p != NULL)
		add_email(f, p->email, t->email, place_of(f, at, "email"));
	if (p->tel.p != NULL)
		add_tel(f, p->tel, t->tel, place_of(f, at, "tel"));
}

/*
 * Recipients.  Whom one of ours wrote to first is as sure as an agent is;
 * all others are names on an envelope that anybody can write.
 */
static void
add_list(struct finder *f, const char *member, bool outbound)
{
	struct json_iter it = json_each(record_get(f->r, member));
	struct json v;
	bool first = outbound;

	for (int i = 0; json_next(&it, NULL, &v); i++) {
		enum trust all = first ? TRUST_OPERATOR : TRUST_MENTIONED;
		struct trusts t = { all, all, all };
		struct party p;

		if (f->out->n == EVIDENCE_MAX)
			return;
		p = read_party(v, f->a);
		if (is_ours(f, &p))
			continue;
		if (first && carries_numbers(f->channel))
			t.tel = TRUST_PLATFORM;
		add_party(f, &p, (struct place){ member, i }, &t);
		first = false;
	}
}

/* The author's domain as the mail has it: providers' other names stay. */
static struct str
author_domain(struct finder *f, struct json from)
{
	struct str s = json_str(json_get(from, "email"), f->a);
	ptrdiff_t at = str_rchr(s, '@');

	return at < 0 ? STR_NONE
		      : key_domain(str_sub(s, (size_t)at + 1, s.n), f->a);
}

/* A mail with several authors vouches for none of them alone. */
static bool
has_one_author(struct finder *f)
{
	return json_count(json_get(f->data, "otherFrom")) == 0;
}

static enum trust
mail_trust(struct finder *f, struct json from, struct auth *auth)
{
	struct json results = json_get(f->data, "authenticationResults");
	struct str domain;

	if (json_type(results) != JSON_LIST)
		return TRUST_CLAIMED;
	domain = author_domain(f, from);
	if (domain.p == NULL)
		return TRUST_CLAIMED;
	auth_read(auth, results, domain, f->c, f->a);
	return auth->verdict == AUTH_PASS && has_one_author(f)
		   ? TRUST_AUTHENTICATED
		   : TRUST_CLAIMED;
}

/* What the mail's authentication says of its author. */
static enum trust
author_trust(struct finder *f, struct json from, struct auth *auth)
{
	if (f->contact || !str_is(f->channel, "email"))
		return email_trust(f);
	return mail_trust(f, from, auth);
}

/* The author's further keys: an address object has one of each. */
static void
add_further(struct finder *f, const char *name, const struct trusts *t)
{
	struct json list = json_get(f->data, name), v;
	struct json_iter it = json_each(list);

	if (json_type(list) != JSON_LIST)
		return;
	for (int i = 0; json_next(&it, NULL, &v); i++) {
		struct str s = json_str(v, f->a);
		struct party p = { s, s, s };
		struct str at = arena_printf(f->a, "data.%s[%d]", name, i);

		if (f->out->n == EVIDENCE_MAX || is_ours(f, &p))
			continue;
		if (name[0] == 'e')
			add_email(f, s, t->email, at);
		else if (name[0] == 't')
			add_tel(f, s, t->tel, at);
		else
			add_uri(f, s, t->uri, at);
	}
}

/* Somebody who was logged in: the site knows them by an id of its own. */
static bool
is_logged_in(struct finder *f, const struct party *p)
{
	struct json list = json_get(f->data, "uris"), v;
	struct json_iter it = json_each(list);

	if (str_starts(p->uri, STR("user:")))
		return true;
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &v))
		if (str_starts(json_str(v, f->a), STR("user:")))
			return true;
	return false;
}

/*
 * Contact rows are an operator's, but what somebody typed into a page is
 * theirs unless they were logged in.  An order's confirmation goes to its mail
 * address; the number on it is what the buyer typed.
 */
static struct trusts
author_trusts(struct finder *f, const struct party *p, enum trust email)
{
	struct trusts t = { email, tel_trust(f), TRUST_UNKNOWN };
	bool site = str_is(f->channel, "web") || str_is(f->channel, "app");

	if (f->contact && checks_profiles(f->channel)) {
		t.email = t.uri = TRUST_PLATFORM;
	} else if (site && !is_logged_in(f, p)) {
		return t;
	} else if (f->contact) {
		t.email = t.tel = TRUST_OPERATOR;
		t.uri = site ? TRUST_UNKNOWN : TRUST_OPERATOR;
	} else if (record_is(f->r, "type", "order")) {
		t.email = TRUST_OPERATOR;
	}
	return t;
}

static void
add_author(struct finder *f, struct json from, enum trust email)
{
	struct party p = read_party(from, f->a);
	struct trusts t;

	if (is_ours(f, &p))
		return;
	t = author_trusts(f, &p, email);
	add_party(f, &p, (struct place){ "from", -1 }, &t);
	add_further(f, "uris", &t);
	add_further(f, "emails", &t);
	add_further(f, "tels", &t);
}

void
evidence_find(struct record *r, const struct config *c,
    struct evidence_list *out, struct auth *auth)
{
	struct finder f = {
		.r = r,
		.a = record_arena(r),
		.c = c,
		.out = out,
		.channel = record_str(r, "channel"),
		.data = record_get(r, "data"),
		.contact = record_is(r, "type", "contact"),
	};
	struct json from = record_get(r, "from");
	bool outbound = record_is(r, "direction", "outbound");
	enum trust t;

	out->n = 0;
	*auth = (struct auth){ 0 };
	/* Also of what says to be from us: a forger may say that too. */
	t = author_trust(&f, from, auth);
	if (record_is(r, "direction", "internal"))
		return;
	if (!outbound)
		add_author(&f, from, t);
	add_list(&f, "to", outbound && auth->verdict != AUTH_FAIL);
	add_list(&f, "cc", false);
}

static char *
piece(char *p, const char *s, size_t n)
{
	memcpy(p, s, n);
	return p + n;
}
#define PIECE(p, lit) piece((p), "" lit, sizeof(lit) - 1)

/* Results are words in the grammar's sense, but a server may write anything. */
static void
put_word(struct buf *out, const char *name, size_t n, struct str v, bool *first)
{
	char *p;

	if (v.p == NULL)
		return;
	p = buf_room(out, n + 2);
	if (p == NULL)
		return;
	*p++ = *first ? '{' : ',';
	memcpy(p, name, n);
	out->n += n + 1;
	*first = false;
	json_escape(out, v);
	buf_add_char(out, '"');
}
#define PUT_WORD(out, name, v, first) \
	put_word((out), "\"" name "\":\"", sizeof(name) + 3, (v), (first))

static void
put_auth(struct record *r, const struct auth *auth)
{
	struct buf *out;
	bool first = true;

	if (auth->by.p == NULL) {
		record_drop(r, "auth");
		return;
	}
	out = record_put(r, "auth")->out;
	PUT_WORD(out, "spf", auth->spf, &first);
	PUT_WORD(out, "dkim", auth->dkim, &first);
	PUT_WORD(out, "dmarc", auth->dmarc, &first);
	PUT_WORD(out, "arc", auth->arc, &first);
	PUT_WORD(out, "by", auth->by, &first);
	buf_add_char(out, '}');
	record_put_end(r);
}

/* One entry; all but the value are words of ours, which need no escapes. */
static void
put_entry(struct buf *out, const struct evidence *e, bool first)
{
	const char *trust = trust_name(e->trust);
	size_t t = strlen(trust);
	char *p = buf_room(out, e->type.n + 32), *from = p;

	if (p == NULL)
		return;
	p = first ? PIECE(p, "{\"type\":\"") : PIECE(p, ",{\"type\":\"");
	p = piece(p, e->type.p, e->type.n);
	p = PIECE(p, "\",\"value\":\"");
	out->n += (size_t)(p - from);
	json_escape(out, e->value);
	p = from = buf_room(out, t + e->from.n + 32);
	if (p == NULL)
		return;
	p = PIECE(p, "\",\"trust\":\"");
	p = piece(p, trust, t);
	p = PIECE(p, "\",\"from\":\"");
	p = piece(p, e->from.p, e->from.n);
	p = PIECE(p, "\"}");
	out->n += (size_t)(p - from);
}

void
evidence_put(
    struct record *r, const struct evidence_list *list, const struct auth *auth)
{
	struct writer *w;

	put_auth(r, auth);
	if (list->n == 0) {
		record_drop(r, "ids");
		return;
	}
	w = record_put(r, "ids");
	write_list(w);
	for (size_t i = 0; i < list->n; i++)
		put_entry(w->out, &list->v[i], i == 0);
	write_list_end(w);
	record_put_end(r);
}

void
evidence_read(struct record *r, struct evidence_list *out)
{
	struct arena *a = record_arena(r);
	struct json_iter it = json_each(record_get(r, "ids"));
	struct json v;

	out->n = 0;
	while (out->n < EVIDENCE_MAX && json_next(&it, NULL, &v)) {
		struct evidence *e = &out->v[out->n];

		e->type = json_str(json_get(v, "type"), a);
		e->value = json_str(json_get(v, "value"), a);
		e->trust = trust_of(json_str(json_get(v, "trust"), a));
		e->from = STR_NONE;
		if (e->type.n > 0 && e->value.n > 0 &&
		    e->type.n + e->value.n < KEY_MAX &&
		    e->trust != TRUST_UNKNOWN)
			out->n++;
	}
}

bool
evidence_failed(struct record *r, struct str *why)
{
	struct arena *a = record_arena(r);
	struct json v = record_get(r, "auth");
	struct str spf, dkim, dmarc, by;

	if (json_type(v) != JSON_OBJECT)
		return false;
	spf = json_str(json_get(v, "spf"), a);
	dkim = json_str(json_get(v, "dkim"), a);
	dmarc = json_str(json_get(v, "dmarc"), a);
	by = json_str(json_get(v, "by"), a);
	if (!auth_words_fail(spf, dkim, dmarc))
		return false;
	if (str_is(dmarc, "fail") || dkim.p == NULL)
		*why = arena_printf(
		    a, "dmarc=%.*s at %.*s", STR_ARG(dmarc), STR_ARG(by));
	else
		*why = arena_printf(a, "dkim=%.*s and spf=%.*s at %.*s",
		    STR_ARG(dkim), STR_ARG(spf), STR_ARG(by));
	return true;
}
