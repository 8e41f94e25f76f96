/*
 * Who a vCard is: a record of the type contact.
 */
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "record/native.h"
#include "source/contact.h"
#include "source/clock/localtime.h"
#include "source/vcard/vcard.h"
#include "source/clock/when.h"
#include "text/unicode.h"

enum {
	OTHER_BYTES = 64 << 10, /* of a value without a member of its own */
	OTHER_MAX = 1000, /* such values; `truncated` where there are more */
};

/* Pictures, keys, and what programs write for themselves. */
static const char *const skipped[] = { "BEGIN", "END", "VERSION", "PRODID",
	"PHOTO", "LOGO", "SOUND", "KEY", "SORT-STRING", "CLASS",
	"X-MS-OL-DESIGN", "X-ABUID", "X-ABADR", "X-ABLABEL", "X-ABSHOWAS",
	"X-MS-OL-DEFAULT-POSTAL-ADDRESS", "PROFILE", "NAME", "SOURCE",
	"CLIENTPIDMAP", "AGENT", "X-COUCHDB-APPLICATION-ANNOTATIONS", NULL };

/* Names on other networks. */
static const struct {
	const char *property, *scheme;
} networks[] = { { "X-JABBER", "xmpp" }, { "X-SKYPE", "skype" },
	{ "X-SKYPE-USERNAME", "skype" }, { "X-AIM", "aim" }, { "X-ICQ", "icq" },
	{ "X-MSN", "msn" }, { "X-YAHOO", "yahoo" }, { "X-QQ", "qq" },
	{ "X-GTALK", "xmpp" }, { "X-GOOGLE-TALK", "xmpp" },
	{ "X-TELEGRAM", "telegram" } };

struct view {
	struct contact c;
	struct arena *a;
	size_t other_n;
	struct str label; /* of an address */
};

static bool
is_skipped(const struct vcard_property *p)
{
	for (size_t i = 0; skipped[i] != NULL; i++)
		if (vcard_is(p, skipped[i]))
			return true;
	return p->binary;
}

/* Under its name, and " (2)" behind it where that was there. */
static void
add_other(struct view *v, struct str name, struct str value)
{
	struct str own = name;
	size_t again = 1;

	if (value.n == 0)
		return;
	if (value.n > OTHER_BYTES || v->other_n == OTHER_MAX) {
		message_keyword(v->c.m, "truncated");
		return;
	}
	for (size_t i = 0; i < v->c.other.n; i++)
		if (str_eq(v->c.other.v[i].name, own)) {
			own = arena_printf(
			    v->a, "%.*s (%zu)", STR_ARG(name), ++again);
			i = (size_t)-1;
		}
	contact_other(&v->c, own, value);
	v->other_n++;
}

static struct str
upper(struct view *v, struct str s)
{
	char *out = arena_alloc(v->a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_upper(s.p[i]);
	return str_make(out, s.n);
}

/* Several given names, prefixes: "Dr.,Prof." */
static struct str
spaced(struct view *v, struct str s)
{
	struct str parts[VCARD_PARTS], all = STR_NONE;
	size_t n = vcard_split(s, ',', v->a, parts, VCARD_PARTS);

	for (size_t i = 0; i < n; i++)
		if (parts[i].n > 0)
			all = all.n == 0
				  ? parts[i]
				  : ARENA_JOIN(v->a, all, STR(" "), parts[i]);
	return all;
}

/* The raw parts of a structured value, still escaped. */
static size_t
raw_parts(struct str value, struct str *out, size_t max)
{
	size_t from = 0, n = 0;

	for (size_t i = 0; i <= value.n && n < max; i++) {
		if (i < value.n && value.p[i] == '\\') {
			i++;
			continue;
		}
		if (i < value.n && value.p[i] != ';')
			continue;
		out[n++] = str_sub(value, from, i - from);
		from = i + 1;
	}
	return n;
}

static void
take_name(struct view *v, const struct vcard_property *p)
{
	struct str parts[7] = { 0 };
	struct str *const to[] = { &v->c.family, &v->c.given, &v->c.middle,
		&v->c.prefix, &v->c.suffix };
	size_t n = raw_parts(p->value, parts, 7);

	for (size_t i = 0; i < n; i++)
		if (i < 5 && to[i]->n == 0)
			*to[i] = spaced(v, parts[i]);
		else /* a second surname or a generation, by RFC 9554 */
			add_other(v, STR("N"), spaced(v, parts[i]));
}

/* A card within a card (AGENT) is somebody else. */
static void
take_agent(struct view *v, const struct vcard_property *p)
{
	if (!p->binary && !vcard_is(p, "VERSION"))
		add_other(v, ARENA_JOIN(v->a, STR("AGENT "), upper(v, p->name)),
		    vcard_text(p->value, v->a));
}

static void
take_org(struct view *v, const struct vcard_property *p)
{
	struct str parts[VCARD_PARTS];
	size_t n = vcard_split(p->value, ';', v->a, parts, VCARD_PARTS);

	if (v->c.org.n > 0) {
		add_other(v, STR("ORG"), vcard_text(p->value, v->a));
		return;
	}
	v->c.org = parts[0];
	for (size_t i = 1; i < n; i++)
		if (parts[i].n > 0)
			v->c.department =
			    v->c.department.n == 0
				? parts[i]
				: ARENA_JOIN(v->a, v->c.department, STR(", "),
				      parts[i]);
}

/* What an address or number is for, in a word. */
static struct str
use_of(const struct vcard_property *p)
{
	static const char *const uses[] = { "home", "work", "cell", "other",
		NULL };

	for (size_t i = 0; uses[i] != NULL; i++)
		if (vcard_has_type(p, uses[i]))
			return str_of(uses[i]);
	return STR_NONE;
}

static void
take_address(struct view *v, const struct vcard_property *p)
{
	struct str parts[7] = { 0 };
	struct contact_address *a;

	if (vcard_split(p->value, ';', v->a, parts, 7) == 0)
		return;
	a = contact_address(&v->c, STR_NONE);
	a->label = use_of(p);
	a->street = parts[2];
	for (size_t i = 0; i < 2; i++)
		if (parts[i].n > 0)
			a->street = a->street.n == 0
					? parts[i]
					: ARENA_JOIN(v->a, parts[i], STR(", "),
					      a->street);
	a->city = parts[3];
	a->region = parts[4];
	a->code = parts[5];
	a->country = parts[6];
}

/* A fax or pager is a machine that many share: no key to a person. */
static void
take_tel(struct view *v, const struct vcard_property *p)
{
	struct str s = vcard_text(p->value, v->a);
	bool fax = vcard_has_type(p, "FAX") || vcard_has_type(p, "PAGER");
	ptrdiff_t semicolon;

	if (str_starts_nocase(s, STR("tel:"))) {
		s = str_sub(s, 4, s.n);
		semicolon = str_chr(s, ';');
		if (semicolon > 0)
			s = str_sub(s, 0, (size_t)semicolon);
	}
	if (fax)
		add_other(
		    v, vcard_has_type(p, "FAX") ? STR("FAX") : STR("PAGER"), s);
	else if (!contact_tel(&v->c, s, vcard_preferred(p)))
		add_other(v, STR("TEL"), s);
}

static void
take_email(struct view *v, const struct vcard_property *p)
{
	struct str s = vcard_text(p->value, v->a), rest = s;
	bool all = true;

	if (contact_email(&v->c, s, vcard_preferred(p)))
		return;
	/* Two in one, which no version allows. */
	while (rest.n > 0) {
		size_t n = 0;

		while (n < rest.n && !ascii_is_in(rest.p[n], ",; "))
			n++;
		all = (n == 0 ||
			  contact_email(&v->c, str_sub(rest, 0, n), false)) &&
		      all;
		rest = str_sub(rest, n + 1, rest.n);
	}
	if (!all)
		add_other(v, STR("EMAIL"), s);
}

static void
take_labels(struct view *v, const struct vcard_property *p)
{
	struct str parts[VCARD_PARTS];
	size_t n = vcard_split(p->value, ',', v->a, parts, VCARD_PARTS);

	for (size_t i = 0; i < n; i++)
		if (parts[i].n > 0)
			message_add_str(v->c.m, &v->c.labels, parts[i]);
}

/* "20120305T131933Z" and "2012-03-05T13:19:33Z". */
static int64_t
time_of(struct view *v, struct str s)
{
	int64_t t;

	s = str_trim(s);
	if (s.n >= 15 && s.p[8] == 'T')
		s = arena_printf(v->a, "%.4s-%.2s-%.2sT%.2s:%.2s:%.*s", s.p,
		    s.p + 4, s.p + 6, s.p + 9, s.p + 11, (int)s.n - 13,
		    s.p + 13);
	return when_parse(v->c.n->clock, s, &t) < 0 ? TIME_NONE : t;
}

/* scheme:name of a network that is known; others' may be anything. */
static void
take_impp(struct view *v, const struct vcard_property *p)
{
	static const struct {
		const char *written, *scheme;
	} schemes[] = { { "xmpp", "xmpp" }, { "skype", "skype" },
		{ "aim", "aim" }, { "icq", "icq" }, { "msn", "msn" },
		{ "msnim", "msn" }, { "ymsgr", "yahoo" }, { "sip", "sip" },
		{ "sips", "sip" }, { "matrix", "matrix" },
		{ "telegram", "telegram" }, { "tg", "telegram" },
		{ "facebook", "facebook" } };
	struct str s = vcard_text(p->value, v->a), rest = s;
	struct str scheme = str_split(&rest, ':');

	if (rest.p != NULL &&
	    (str_eq_nocase(scheme, STR("whatsapp")) ||
		str_eq_nocase(scheme, STR("tel")) ||
		str_eq_nocase(scheme, STR("sms"))) &&
	    contact_tel(&v->c, rest, false))
		return;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (rest.p != NULL &&
		    str_eq_nocase(scheme, str_of(schemes[i].written))) {
			contact_uri(&v->c, schemes[i].scheme, rest);
			return;
		}
	add_other(v, STR("IMPP"), s);
}

static void
take_once(struct view *v, const struct vcard_property *p, struct str *to)
{
	struct str s = vcard_text(p->value, v->a);

	if (to->n == 0)
		*to = s;
	else if (!str_eq(*to, s))
		add_other(v, upper(v, p->name), s);
}

/* True for a name on another network. */
static bool
take_network(struct view *v, const struct vcard_property *p)
{
	for (size_t i = 0; i < sizeof(networks) / sizeof(*networks); i++)
		if (vcard_is(p, networks[i].property)) {
			contact_uri(&v->c, networks[i].scheme,
			    vcard_text(p->value, v->a));
			return true;
		}
	return false;
}

static void
take_rest(struct view *v, const struct vcard_property *p)
{
	struct str s = vcard_text(p->value, v->a);

	if (vcard_is(p, "REV"))
		v->c.updated = time_of(v, s);
	else if (vcard_is(p, "CREATED") || vcard_is(p, "X-CREATED"))
		v->c.created = time_of(v, s);
	else if (vcard_is(p, "LABEL"))
		/* The address once more, as it is printed. */
		v->label = v->label.n == 0 ? s : v->label;
	else if (vcard_is(p, "URL")) {
		if (s.n > 0)
			message_add_str(v->c.m, &v->c.urls, s);
	} else if (!take_network(v, p))
		add_other(v, upper(v, p->name), s);
}

static void
take_property(struct view *v, const struct vcard_property *p)
{
	static const struct {
		const char *name;
		void (*take)(struct view *, const struct vcard_property *);
	} own[] = { { "N", take_name }, { "ORG", take_org },
		{ "ADR", take_address }, { "TEL", take_tel },
		{ "X-WHATSAPP", take_tel }, { "EMAIL", take_email },
		{ "CATEGORIES", take_labels }, { "IMPP", take_impp } };
	const struct {
		const char *name;
		struct str *to;
	} once[] = { { "FN", &v->c.name }, { "NICKNAME", &v->c.nickname },
		{ "TITLE", &v->c.title }, { "BDAY", &v->c.birthday },
		{ "NOTE", &v->c.note }, { "LANG", &v->c.language },
		{ "X-EVOLUTION-FILE-AS", &v->c.file_as } };

	if (is_skipped(p))
		return;
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (vcard_is(p, own[i].name)) {
			own[i].take(v, p);
			return;
		}
	for (size_t i = 0; i < sizeof(once) / sizeof(*once); i++)
		if (vcard_is(p, once[i].name)) {
			take_once(v, p, once[i].to);
			return;
		}
	take_rest(v, p);
}

/* The view is begun, text in its arena. */
static enum stage_result
take_card(struct view *v, struct str text, bool cut, struct err *e)
{
	struct vcard card;
	struct vcard_property p;
	int depth = 0;

	vcard_begin(&card, text, v->a);
	while (vcard_next(&card, &p)) {
		if (vcard_is(&p, "BEGIN"))
			depth++;
		else if (vcard_is(&p, "END"))
			depth--;
		else if (depth <= 1)
			take_property(v, &p);
		else
			take_agent(v, &p);
	}
	if (v->c.addresses.n == 0)
		add_other(v, STR("LABEL"), v->label);
	if (cut)
		message_keyword(v->c.m, "truncated");
	return contact_emit(&v->c, text, e);
}

enum stage_result
vcard_contact(struct normalize *n, struct str text, bool cut, struct err *e)
{
	struct view v = { 0 };

	contact_begin(&v.c, n);
	v.a = v.c.a;
	return take_card(&v, arena_dup(v.a, text), cut, e);
}

enum stage_result
vcard_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { 0 };
	struct str text;

	contact_begin(&v.c, n);
	v.a = v.c.a;
	if (native_bytes(native, v.a, &text, e) < 0)
		return STAGE_REJECT;
	if (str_chr(text, '\0') >= 0) {
		buf_reset(&n->scratch);
		utf8_clean(text, &n->scratch);
		text = arena_dup(v.a, buf_str(&n->scratch));
	}
	return take_card(&v, text, json_true(json_get(native, "cut")), e);
}
