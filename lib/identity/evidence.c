#include "identity/evidence.h"

#include <stdio.h>

#include "record/fields.h"
#include "record/write.h"
#include "text/unicode.h"

/* One reading of one record. */
struct finder {
	struct record *r;
	struct arena *a;
	const struct config *c;
	struct evidence_list *out;
	struct str channel;
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

/* Channels whose profiles hold mail addresses that the platform checked. */
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

static void
add_email(struct finder *f, struct json v, enum trust t, const char *member,
    int index)
{
	struct str s = json_str(json_get(v, "email"), f->a);

	if (s.p != NULL)
		add(f, STR("email"), key_email(s, f->a), t,
		    index < 0 ? STR("from.email")
			      : path(f, member, index, "email"));
}

static void
add_tel(struct finder *f, struct json v, enum trust t, const char *member,
    int index)
{
	struct str s = json_str(json_get(v, "tel"), f->a);

	if (s.p != NULL && key_is_e164(s))
		add(f, STR("tel"), s, t,
		    index < 0 ? STR("from.tel")
			      : path(f, member, index, "tel"));
}

/* t TRUST_UNKNOWN: what the key's type says. */
static void
add_uri(struct finder *f, struct json v, enum trust t, const char *member,
    int index)
{
	struct str s = json_str(json_get(v, "uri"), f->a), type, value;

	if (s.p == NULL || key_of_uri(s, &type, &value, f->a) != 0)
		return;
	add(f, type, value, t == TRUST_UNKNOWN ? key_type_of(type)->trust : t,
	    index < 0 ? STR("from.uri") : path(f, member, index, "uri"));
}

static bool
is_ours(const struct finder *f, struct json v)
{
	const struct config *c = f->c;
	struct str s;

	if ((s = json_str(json_get(v, "email"), f->a)).p != NULL &&
	    config_our_email(c, s))
		return true;
	if ((s = json_str(json_get(v, "tel"), f->a)).p != NULL &&
	    config_our_tel(c, s))
		return true;
	return (s = json_str(json_get(v, "uri"), f->a)).p != NULL &&
	       config_our_uri(c, s);
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
		enum trust t = TRUST_MENTIONED;

		if (f->out->n == EVIDENCE_MAX)
			return;
		if (json_type(v) != JSON_OBJECT || is_ours(f, v))
			continue;
		if (first)
			t = TRUST_OPERATOR;
		add_email(f, v, t, member, i);
		add_tel(f, v,
		    first && carries_numbers(f->channel) ? TRUST_PLATFORM : t,
		    member, i);
		add_uri(f, v, t, member, i);
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
		      : idna_ascii(str_sub(s, (size_t)at + 1, s.n), f->a);
}

/* The authors beside `from`, where a mail has several. */
static bool
has_one_author(struct finder *f)
{
	struct json all = json_get(record_get(f->r, "data"), "authors");

	return json_type(all) != JSON_LIST || json_count(all) <= 1;
}

static enum trust
mail_trust(struct finder *f, struct json from, struct auth *auth)
{
	struct json results =
	    json_get(record_get(f->r, "data"), "authenticationResults");
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

static void
add_author(struct finder *f, struct json from, enum trust t)
{
	enum trust tel = tel_trust(f), uri = TRUST_UNKNOWN;

	if (json_type(from) != JSON_OBJECT || is_ours(f, from))
		return;
	if (f->contact)
		t = tel = uri = checks_profiles(f->channel) ? TRUST_PLATFORM
							    : TRUST_OPERATOR;
	add_uri(f, from, uri, "from", -1);
	add_email(f, from, t, "from", -1);
	add_tel(f, from, tel, "from", -1);
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

static void
put_auth(struct record *r, const struct auth *auth)
{
	struct writer *w;

	if (auth->by.p == NULL) {
		record_drop(r, "auth");
		return;
	}
	w = record_put(r, "auth");
	write_object(w);
	write_member(w, "spf", auth->spf);
	write_member(w, "dkim", auth->dkim);
	write_member(w, "dmarc", auth->dmarc);
	write_member(w, "arc", auth->arc);
	write_member(w, "by", auth->by);
	write_object_end(w);
	record_put_end(r);
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
	for (size_t i = 0; i < list->n; i++) {
		write_object(w);
		write_member(w, "type", list->v[i].type);
		write_member(w, "value", list->v[i].value);
		write_member(w, "trust", str_of(trust_name(list->v[i].trust)));
		write_member(w, "from", list->v[i].from);
		write_object_end(w);
	}
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
