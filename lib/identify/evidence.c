#include "identify/evidence.h"

#include "core/text/ascii.h"
#include "identify/check.h"
#include "identify/mentions.h"
#include "identify/telephone.h"
#include "record/channels.h"
#include "record/consent/consent.h"
#include "text/phone.h"

enum {
	PARTY_MEMBERS = 16,
	TEL_DIGITS = 7, /* that a number has at least */
	DATA_MEMBERS = 64, /* of `data`; in a larger one they are looked up */
};

/* One reading of one record. */
struct finder {
	struct record *r;
	struct arena *a;
	const struct evidence_rules *rules;
	struct evidence_list *out;
	struct str channel;
	const struct channel *row; /* the channel's; NULL: none knows it */
	struct json data;
	struct json_member member[DATA_MEMBERS]; /* of data */
	size_t members;
	bool by_name; /* too many of them, or escapes in their names */
	bool contact; /* what we noted of somebody: a row, a consent */
	bool order;
	bool believed; /* the channel is not spoofable, by the workspace */
	bool unproved; /* by no key of the workspace, which has some for it */
};

/* Most records have few of the names that are asked for. */
static inline struct json
data_get(const struct finder *f, struct str name)
{
	if (f->by_name)
		return json_get_str(f->data, name);
	for (size_t i = f->members; i-- > 0;)
		if (str_eq(f->member[i].name, name))
			return f->member[i].value;
	return JSON_ABSENT;
}

static void
add(struct finder *f, struct str type, struct str value, enum trust trust,
    struct str from)
{
	struct evidence_list *out = f->out;

	if (value.n == 0 || type.n + value.n >= KEY_MAX)
		return;
	if (f->unproved && trust < TRUST_CLAIMED)
		trust = TRUST_CLAIMED;
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

static bool
lists(const struct workspace_list *l, struct str s)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i], s))
			return true;
	return false;
}

/* What the channel vouches for of a sender, unless the workspace says that
 * there, or with keys of that type, anybody can pass for another. */
static enum trust
vouched(const struct finder *f, struct str type, enum trust trust)
{
	return trust == TRUST_PLATFORM &&
		       (!f->believed || lists(&f->rules->spoofable, type))
		   ? TRUST_CLAIMED
		   : trust;
}

static enum trust
email_trust(const struct finder *f)
{
	return vouched(f, STR("email"),
	    channel_vouches_email(f->row) ? TRUST_PLATFORM : TRUST_CLAIMED);
}

static enum trust
tel_trust(const struct finder *f)
{
	return vouched(f, STR("tel"),
	    channel_vouches_tel(f->row) ? TRUST_PLATFORM : TRUST_CLAIMED);
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

/* An address object of a record: its email and tel in normal form, unless it
 * is ours. */
struct party {
	struct str email, tel, uri;
	bool ours;
};

/* Short codes and extensions begin no number of anybody's. */
static bool
is_short(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++)
		digits += ascii_is_digit(s.p[i]);
	return digits < TEL_DIGITS;
}

static struct str
tel_key(struct finder *f, struct str written)
{
	char e164[PHONE_SIZE];

	if (written.p == NULL)
		return written;
	if (key_is_e164(written))
		return telephone_key(written, f->a);
	if (is_short(written))
		return STR_NONE;
	return phone_e164(written, f->rules->config->region, e164)
		   ? telephone_key(arena_dup(f->a, str_of(e164)), f->a)
		   : STR_NONE;
}

/* In their normal forms. */
static bool
is_ours(const struct finder *f, const struct party *p)
{
	const struct ours *o = f->rules->ours;

	return (p->email.p != NULL && ours_email(o, p->email)) ||
	       (p->tel.p != NULL && ours_tel(o, p->tel));
}

static struct party
read_party(struct finder *f, struct json v)
{
	const struct workspace *c = f->rules->config;
	struct party p = { 0 };
	struct json_member m[PARTY_MEMBERS];
	size_t n = json_members(v, m, PARTY_MEMBERS);

	for (size_t i = 0; i < n && i < PARTY_MEMBERS; i++) {
		struct str name = m[i].name;

		if (json_name_is(&m[i], STR("email")))
			p.email = json_str(m[i].value, f->a);
		else if (name.n != 4 && json_name_is(&m[i], STR("tel")))
			p.tel = json_str(m[i].value, f->a);
		else if (name.n != 4 && json_name_is(&m[i], STR("uri")))
			p.uri = json_str(m[i].value, f->a);
	}
	/* As they are written first: most of what is ours is in one spelling,
	 * and needs no normal form. */
	p.ours = (p.email.p != NULL && workspace_our_email(c, p.email)) ||
		 (p.uri.p != NULL && ours_uri(f->rules->ours, p.uri));
	if (p.ours)
		return p;
	if (p.email.p != NULL)
		p.email = key_email(p.email, f->a);
	p.tel = tel_key(f, p.tel);
	p.ours = is_ours(f, &p);
	return p;
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
	enum trust number; /* customer and order numbers, where uri is so */
};

/*
 * A key with its type: addresses and numbers in their normal form, and with
 * the trust that such have here, whatever scheme they came with.
 */
static void
add_typed(struct finder *f, struct str type, struct str value,
    const struct trusts *t, struct str at)
{
	enum trust trust = t->uri;
	struct party p = { 0 };

	if (str_eq(type, STR("tel"))) {
		p.tel = tel_key(f, value);
		if (!is_ours(f, &p))
			add(f, type, p.tel, t->tel, at);
		return;
	}
	if (str_eq(type, STR("email")) || str_eq(type, STR("mailto"))) {
		p.email = key_email(value, f->a);
		if (!is_ours(f, &p))
			add(f, STR("email"), p.email, t->email, at);
		return;
	}
	if (trust == TRUST_UNKNOWN) {
		trust = vouched(f, type, key_type_of(type).trust);
		if (trust == TRUST_OPERATOR)
			trust = t->number;
	}
	add(f, type, value, trust, at);
}

static void
add_uri(struct finder *f, struct str uri, const struct trusts *t, struct str at)
{
	struct str type, value;

	if (uri.p != NULL && key_of_uri(uri, &type, &value, f->a) == 0)
		add_typed(f, type, value, t, at);
}

static void
add_party(struct finder *f, const struct party *p, struct place at,
    const struct trusts *t)
{
	if (p->uri.p != NULL)
		add_uri(f, p->uri, t, place_of(f, at, "uri"));
	if (p->email.p != NULL)
		add(f, STR("email"), p->email, t->email,
		    place_of(f, at, "email"));
	if (p->tel.p != NULL)
		add(f, STR("tel"), p->tel, t->tel, place_of(f, at, "tel"));
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
		struct trusts t = { all, all, all, all };
		struct party p;

		if (f->out->n == EVIDENCE_MAX)
			return;
		p = read_party(f, v);
		if (p.ours)
			continue;
		if (first && channel_vouches_tel(f->row))
			t.tel = TRUST_PLATFORM;
		add_party(f, &p, (struct place){ member, i }, &t);
		first = false;
	}
}

/* Who the mail's server has seen: what carried it, where another wrote it. */
static struct json
carrier(struct finder *f, struct json from)
{
	struct json sender = record_get(f->r, "sender");

	return json_type(sender) == JSON_OBJECT ? sender : from;
}

/* Their domain as the mail has it: providers' other names stay. */
static struct str
carrier_domain(struct finder *f, struct json from)
{
	struct str s = json_str(json_get(carrier(f, from), "email"), f->a);
	ptrdiff_t at = str_rchr(s, '@');

	return at < 0 ? STR_NONE
		      : key_domain(str_sub(s, (size_t)at + 1, s.n), f->a);
}

/* A mail with several authors vouches for none of them alone, and what another
 * carried for nobody. */
static bool
has_one_author(struct finder *f)
{
	return json_type(record_get(f->r, "sender")) == JSON_NONE &&
	       json_count(data_get(f, STR("otherFrom"))) == 0;
}

static enum trust
mail_trust(struct finder *f, struct json from, struct auth *auth)
{
	struct json results = data_get(f, STR("authenticationResults"));
	struct verifier *v = f->rules->verifier;
	struct str domain;

	if (f->unproved || (json_type(results) != JSON_LIST && v == NULL))
		return TRUST_CLAIMED;
	domain = carrier_domain(f, from);
	if (domain.p != NULL)
		auth_read(auth, results, domain, f->rules->config, f->a);
	if (v != NULL)
		check_sender(f->r, v, domain, auth);
	return auth->verdict == AUTH_PASS && has_one_author(f)
		   ? TRUST_AUTHENTICATED
		   : TRUST_CLAIMED;
}

/* What the mail's authentication says of its author. */
static enum trust
author_trust(struct finder *f, struct json from, struct auth *auth)
{
	if (f->contact || !channel_is_mail(f->row))
		return email_trust(f);
	return mail_trust(f, from, auth);
}

/* The author's further keys: an address object has one of each. */
static void
add_further(
    struct finder *f, struct str name, struct str type, const struct trusts *t)
{
	struct json list = data_get(f, name), v;
	struct json_iter it;

	if (json_type(list) != JSON_LIST)
		return;
	it = json_each(list);
	for (int i = 0; json_next(&it, NULL, &v); i++) {
		struct str s = json_str(v, f->a);
		struct str at =
		    arena_printf(f->a, "data.%.*s[%d]", STR_ARG(name), i);

		if (f->out->n == EVIDENCE_MAX)
			return;
		if (s.n == 0)
			continue;
		if (type.p != NULL)
			add_typed(f, type, s, t, at);
		else if (!ours_uri(f->rules->ours, s))
			add_uri(f, s, t, at);
	}
}

/* Somebody who was logged in: the site knows them by an id of its own, which
 * not anybody can send. */
static bool
is_logged_in(struct finder *f, const struct party *p)
{
	struct json list = data_get(f, STR("uris")), v;
	struct json_iter it = json_each(list);

	if (vouched(f, STR("user"), TRUST_PLATFORM) != TRUST_PLATFORM)
		return false;
	if (str_starts(p->uri, STR("user:")) ||
	    json_type(data_get(f, STR("userId"))) != JSON_NONE)
		return true;
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &v))
		if (str_starts(json_str(v, f->a), STR("user:")))
			return true;
	return false;
}

/* Of another workspace, whose masters write what they like into the profiles
 * of its people: slack:T2/U1 in an export of T1. */
static bool
is_of_others(struct finder *f, const struct party *p)
{
	struct str uri = p->uri, account = record_str(f->r, "account");
	ptrdiff_t slash = str_rchr(uri, '/');

	if (account.n == 0 || slash < 0)
		return false;
	uri.n = (size_t)slash;
	(void)str_split(&uri, ':');
	return !str_eq(uri, account);
}

/* The buyer is known by more than what was typed into the order. */
static bool
has_account(struct finder *f, const struct party *p)
{
	static const struct str names[] = { { "uris", 4 }, { "userId", 6 },
		{ "anonymousId", 11 }, { "customerId", 10 },
		{ "customerNumber", 14 } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_type(data_get(f, names[i])) > JSON_NULL)
			return true;
	return p->uri.p != NULL && !str_starts(p->uri, STR("tel:")) &&
	       !str_starts(p->uri, STR("mailto:"));
}

/* A text, or a whole number as it is written. */
static struct str
id_text(struct finder *f, struct json v)
{
	int64_t n;

	if (json_type(v) == JSON_NUMBER && json_int(v, &n) == 0)
		return json_raw(v);
	return str_trim(json_str(v, f->a));
}

/*
 * Numbers by which a shop or a site knows people.  Two shops may both have an
 * order 1001: where the record says whose it is, that stands before it.
 */
static void
add_number(
    struct finder *f, struct str name, struct str type, const struct trusts *t)
{
	struct json v = data_get(f, name);
	struct str s, account;

	if (json_type(v) == JSON_NONE)
		return;
	s = id_text(f, v);
	if (s.n == 0 || str_chr(s, '\0') >= 0)
		return;
	if (str_eq(type, STR("order"))) {
		account = record_str(f->r, "account");
		if (s.p[0] == '#')
			s = str_trim(str_sub(s, 1, s.n));
		if (account.n > 0 && s.n > 0)
			s = ARENA_JOIN(f->a, account, STR("/"), s);
	}
	add_typed(f, type, s, t, ARENA_JOIN(f->a, STR("data."), name));
}

static void
add_numbers(struct finder *f, const struct trusts *t)
{
	/* Who is anonymous elsewhere, in a form, was in a browser, too. */
	struct str kind =
	    channel_is_site(f->row) ? channel_scheme(f->row) : STR("cookie");

	add_number(f, STR("userId"), STR("user"), t);
	add_number(f, STR("anonymousId"), kind, t);
	add_number(f, STR("customerId"), STR("customer"), t);
	add_number(f, STR("customerNumber"), STR("customer"), t);
	add_number(f, STR("orderNumber"), STR("order"), t);
	if (f->order)
		add_number(f, STR("number"), STR("order"), t);
}

/* Shopify's orders have the account's own address, too, and normalize says where
 * that is another (data.unverified). */
static bool
tells_own(struct finder *f)
{
	return json_is(
	    json_get(record_get(f->r, "source"), "format"), "shopify");
}

/* Does the workspace say that the record's source verifies such a field? */
static bool
verifies(struct finder *f, const char *field)
{
	const struct workspace_list *l = &f->rules->config->verified;
	struct str format;

	if (l->n == 0)
		return false;
	format = json_str(json_get(record_get(f->r, "source"), "format"), f->a);
	return format.n > 0 &&
	       lists(l, arena_printf(f->a, "%.*s.%s", STR_ARG(format), field));
}

/* The source itself says that nobody verified it, or whose it is not. */
static bool
is_unverified(struct finder *f, const char *field)
{
	struct json list = data_get(f, STR("unverified")), v;
	struct json_iter it;

	if (json_type(list) != JSON_LIST)
		return false;
	it = json_each(list);
	while (json_next(&it, NULL, &v))
		if (json_is_str(v, str_of(field)))
			return true;
	return false;
}

static void
weigh(struct finder *f, enum trust *t, const char *field)
{
	if (*t < TRUST_OPERATOR)
		return;
	if (*t < TRUST_CLAIMED && is_unverified(f, field))
		*t = TRUST_CLAIMED;
	if (verifies(f, field))
		*t = TRUST_OPERATOR;
}

/* What customers typed is theirs, until somebody verified it. */
static void
weigh_typed(struct finder *f, struct trusts *t)
{
	weigh(f, &t->email, "email");
	weigh(f, &t->tel, "tel");
	weigh(f, &t->number, "number");
}

/*
 * Contact rows are an operator's, but what somebody typed into a page is
 * theirs, and where they were logged in it is their profile's; an order of
 * which a page tells has any number that its visitor likes.  So is the mail
 * address that a buyer typed: it is where the order went, but says nothing of
 * whose account bought, unless the shop has it as the account's own.  Where no
 * account is named it is all that the order is of.  Nothing in a mail is surer
 * than the mail.
 */
static struct trusts
author_trusts(struct finder *f, const struct party *p, enum trust email)
{
	struct trusts t = { email, tel_trust(f), TRUST_UNKNOWN, TRUST_CLAIMED };
	bool site = channel_is_site(f->row);
	bool mail = channel_is_mail(f->row);

	if (channel_vouches_email(f->row) && is_of_others(f, p)) {
		t.email = TRUST_CLAIMED;
	} else if (f->contact && channel_vouches_email(f->row)) {
		t.email = t.uri = vouched(f, STR("email"), TRUST_PLATFORM);
	} else if (mail && !f->contact) {
		t.uri = TRUST_CLAIMED;
	} else if (site && !is_logged_in(f, p)) {
		t.number = TRUST_CLAIMED;
	} else if (f->contact && site) {
		t.email = t.tel = t.number = TRUST_PROFILE;
	} else if (f->contact) {
		t.email = t.tel = t.number = t.uri = TRUST_OPERATOR;
	} else if (f->order && !site) {
		t.number = TRUST_OPERATOR;
		if (!has_account(f, p) || tells_own(f))
			t.email = TRUST_OPERATOR;
	}
	if (!mail)
		weigh_typed(f, &t);
	return t;
}

static void
add_author(struct finder *f, struct json from, enum trust email)
{
	struct party p = read_party(f, from);
	struct trusts t;

	if (p.ours)
		return;
	t = author_trusts(f, &p, email);
	add_party(f, &p, (struct place){ "from", -1 }, &t);
	if (f->members == 0)
		return;
	/* The mail's server vouches for the From field alone. */
	if (t.email == TRUST_AUTHENTICATED)
		t.email = TRUST_CLAIMED;
	add_further(f, STR("uris"), STR_NONE, &t);
	add_further(f, STR("emails"), STR("email"), &t);
	add_further(f, STR("tels"), STR("tel"), &t);
	add_numbers(f, &t);
}

/* What stands in the texts. */

static void
add_patterns(struct finder *f)
{
	struct extracted found[EXTRACT_KEYS];
	size_t n = extract_find(f->rules->patterns, f->r, found);

	for (size_t i = 0; i < n; i++) {
		enum trust all = found[i].trust;
		struct trusts t = { all, all, all, all };

		add_typed(f, found[i].type, found[i].value, &t, found[i].field);
	}
}

/* Adds at most max and returns how many it took. */
static size_t
add_mentions(struct finder *f, const char *member, size_t max)
{
	struct json v = record_get(f->r, member);
	struct trusts t = { TRUST_MENTIONED, TRUST_MENTIONED, TRUST_MENTIONED,
		TRUST_MENTIONED };
	struct mention found[MENTIONS_MAX];
	size_t n;

	if (max == 0 || json_type(v) != JSON_STRING ||
	    !mentions_likely(json_raw(v), json_has_codes(v)))
		return 0;
	n = mentions_find(json_str(v, f->a), f->rules->config->region,
	    member[0] == 's', found, max, f->a);
	for (size_t i = 0; i < n; i++)
		add_typed(f, found[i].tel ? STR("tel") : STR("email"),
		    found[i].value, &t, str_of(member));
	return n;
}

static void
add_texts(struct finder *f, bool outbound)
{
	size_t n = 0;

	if (f->rules->patterns != NULL)
		add_patterns(f);
	/* Under what we wrote stands our own signature. */
	if (!outbound)
		n = add_mentions(f, "signature", MENTIONS_MAX);
	add_mentions(f, "text", MENTIONS_MAX - n);
}

/*
 * A vCon says of whom it is what whoever wrote it likes.  Where the workspace
 * names whose signatures count, what has none of theirs is a claim: else who
 * takes the signature away would be believed as much.
 */
static bool
is_unproved(const struct finder *f)
{
	return f->rules->config->vcon_keys.n > 0 &&
	       json_is(
		   json_get(record_get(f->r, "source"), "format"), "vcon") &&
	       !json_is(
		   json_get(data_get(f, STR("signed")), "status"), "verified");
}

/* Member by member: f is too large to be zeroed for each record. */
static void
begin(struct finder *f, struct record *r, const struct evidence_rules *rules,
    struct evidence_list *out)
{
	struct json type = record_get(r, "type");

	f->r = r;
	f->a = record_arena(r);
	f->rules = rules;
	f->out = out;
	f->channel = record_str(r, "channel");
	f->row = channel_named(f->channel);
	f->data = record_get(r, "data");
	f->members = json_members(f->data, f->member, DATA_MEMBERS);
	f->believed = !lists(&rules->spoofable, f->channel);
	f->by_name = f->members > DATA_MEMBERS;
	for (size_t i = 0; !f->by_name && i < f->members; i++)
		f->by_name = json_escaped(f->member[i].name);
	f->contact = json_is(type, "contact") ||
		     (json_is(type, "event") &&
			 json_is(json_get(f->data, "act"), CONSENT_ACT));
	f->order = json_is(type, "order");
	out->n = 0;
	f->unproved = is_unproved(f);
}

void
evidence_find(struct record *r, const struct evidence_rules *rules,
    struct evidence_list *out, struct auth *auth)
{
	struct finder f;
	struct json from = record_get(r, "from");
	struct json direction = record_get(r, "direction");
	bool outbound = json_is(direction, "outbound");
	enum trust t;

	begin(&f, r, rules, out);
	*auth = (struct auth){ 0 };
	/* Also of what says to be from us: a forger may say that too. */
	t = author_trust(&f, from, auth);
	if (auth->by.p == NULL && channel_is_mail(f.row) && !f.unproved &&
	    !json_is(direction, "inbound"))
		auth_of_ours(auth, data_get(&f, STR("received")),
		    data_get(&f, STR("authenticationResults")),
		    carrier_domain(&f, from), rules->config, f.a);
	if (json_is(direction, "internal"))
		return;
	if (!outbound)
		add_author(&f, from, t);
	add_list(&f, "to", outbound && auth_is_ours(auth));
	add_list(&f, "cc", false);
	add_texts(&f, outbound);
}

void
evidence_prepare(struct record *r, const struct evidence_rules *rules)
{
	struct evidence_list none;
	struct finder f;

	begin(&f, r, rules, &none);
	if (!f.contact && channel_is_mail(f.row))
		check_prepare(r, rules->verifier,
		    carrier_domain(&f, record_get(r, "from")));
}
