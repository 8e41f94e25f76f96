/*
 * kith.yaml into struct workspace.  What is wrong does not end the reading: a
 * file is mended in one go where all of its faults are known.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/io/yaml.h"
#include "core/text/ascii.h"
#include "core/text/nearest.h"
#include "hours/zone.h"
#include "text/unicode.h"
#include "workspace/faults.h"
#include "workspace/sources.h"

struct holder {
	struct workspace workspace; /* first: workspace_free casts */
	struct arena arena;
};

enum kind {
	KIND_US,
	KIND_VCON,
	KIND_RELAYS,
	KIND_SOURCES,
	KIND_LIST,
	KIND_PATHS,
	KIND_FIELDS,
	KIND_ZONE,
	KIND_REGION,
	KIND_WORD,
	KIND_FLAG,
	KIND_PATH,
	KIND_BY_QUEUE
};

struct key {
	const char *name;
	enum kind kind;
	size_t at;
	const char *like; /* a value, for messages */
	char needs; /* a character that every entry must have, or 0 */
	const char *without; /* those that none may have, or NULL */
};

#define AT(member) offsetof(struct workspace, member)

static const struct key top[] = {
	{ "us", KIND_US, 0, "{emails: [support@example.com]}", 0, NULL },
	{ "relays", KIND_RELAYS, AT(relays),
	    "[{domain: forms.example, author: replyTo}]", 0, NULL },
	{ "zone", KIND_ZONE, AT(zone), "Europe/Berlin", 0, NULL },
	{ "region", KIND_REGION, AT(region), "DE", 0, NULL },
	{ "authserv", KIND_LIST, AT(authserv), "mx.example.com", 0, NULL },
	{ "verify", KIND_FLAG, AT(verify), "true", 0, NULL },
	{ "resolver", KIND_WORD, AT(resolver), "127.0.0.1", 0, NULL },
	{ "state", KIND_PATH, AT(state), "state", 0, NULL },
	{ "rules", KIND_PATH, AT(rules), "rules.yaml", 0, NULL },
	{ "links", KIND_PATHS, AT(links), "links.jsonl", 0, NULL },
	{ "acts", KIND_PATHS, AT(acts), "acts.jsonl", 0, NULL },
	{ "link", KIND_WORD, AT(link), "0.9", 0, NULL },
	{ "model", KIND_PATH, AT(model), "model.json", 0, NULL },
	{ "patterns", KIND_PATH, AT(patterns), "patterns.yaml", 0, NULL },
	{ "spoofable", KIND_LIST, AT(spoofable), "voice", 0, NULL },
	{ "verified", KIND_FIELDS, AT(verified), "shopify.email", '.', NULL },
	{ "vcon", KIND_VCON, 0, "{keys: [vcon.pem]}", 0, NULL },
	{ "segments", KIND_PATH, AT(segments), "segments.yaml", 0, NULL },
	{ "transports", KIND_PATH, AT(transports), "transports", 0, NULL },
	{ "templates", KIND_PATH, AT(templates), "templates", 0, NULL },
	{ "approvers", KIND_BY_QUEUE, AT(approvers), "kim", 0, NULL },
	{ "sources", KIND_SOURCES, 0,
	    "{desk: {url: \"imaps://desk@mail.example.com\"}}", 0, NULL },
	{ "spool", KIND_PATH, AT(spool), "spool", 0, NULL },
};

static const struct key us[] = {
	{ "emails", KIND_LIST, AT(emails), "support@example.com", '@',
	    " <>,;*" },
	{ "domains", KIND_LIST, AT(domains), "example.com", 0, "@ <>,;*" },
	{ "tels", KIND_LIST, AT(tels), "\"+4930123456\"", '+', NULL },
	{ "uris", KIND_LIST, AT(uris), "\"slack:T1/U7\"", ':', NULL },
	{ "lists", KIND_LIST, AT(lists), "support.example.com", '.', " <>,;*" },
};

static const struct key vcon[] = {
	{ "keys", KIND_PATHS, AT(vcon_keys), "vcon.pem", 0, NULL },
};

enum {
	TOP = sizeof(top) / sizeof(*top),
	US = sizeof(us) / sizeof(*us),
	VCON = sizeof(vcon) / sizeof(*vcon)
};

/* Two letters each, as text/phone.h knows them. */
static const char regions[] =
    "ACADAEAFAGAIALAMAOARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBWBYBZ"
    "CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFM"
    "FOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGTGUGWGYHKHNHRHTHUIDIEILIMINIOIQIRISITJE"
    "JMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMN"
    "MOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPRPSPT"
    "PWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTATCTDTGTHTJTK"
    "TLTMTNTOTRTTTVTWTZUAUGUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

static void read_map(struct reader *r, const struct yaml_node *n,
    const struct key *keys, size_t count, const struct key *of);

/* "+49 30 123456" as records have it, "+4930123456"; absent where it is none. */
static struct str
international(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	if (s.n == 0 || s.p[0] != '+' || str_find(s, STR("(0)")) >= 0)
		return STR_NONE;
	to[n++] = '+';
	for (size_t i = 1; i < s.n; i++) {
		if (ascii_is_digit(s.p[i]))
			to[n++] = s.p[i];
		else if (str_chr(STR(" -./()"), s.p[i]) < 0)
			return STR_NONE;
	}
	return n < 4 ? STR_NONE : str_make(to, n);
}

/* Of mail, or the domain of such. */
static bool
is_address(const struct key *k)
{
	return k->needs == '@' || k->needs == '.' ||
	       (k->without != NULL && strchr(k->without, '@') != NULL);
}

static void
entry(struct reader *r, const struct key *k, const struct yaml_node *n,
    struct str *out)
{
	struct str s = yaml_text(n);

	/* Records may have the other form of a domain. */
	*out = k->needs == '+' ? international(s, r->arena)
	       : is_address(k) ? arena_dup(r->arena, idna_address(s, r->arena))
			       : arena_dup(r->arena, s);
	if (s.n == 0)
		workspace_fault(r, n, "%s: an entry must be a text such as %s",
		    k->name, k->like);
	else if (k->needs == '+' && out->n == 0)
		workspace_fault(r, n,
		    "%s: '%.*s' is no international number; write %s", k->name,
		    STR_ARG(s), k->like);
	else if (k->needs != 0 && str_chr(s, k->needs) < 0)
		workspace_fault(r, n,
		    "%s: '%.*s' has no '%c'; write such as %s", k->name,
		    STR_ARG(s), k->needs, k->like);
	else if (k->without != NULL)
		for (const char *c = k->without; *c != 0; c++)
			if (str_chr(s, *c) >= 0) {
				workspace_fault(r, n,
				    "%s: '%.*s' has a '%c'; write such as %s",
				    k->name, STR_ARG(s), *c, k->like);
				break;
			}
	if (k->kind == KIND_PATHS)
		*out = workspace_path(r, s);
}

/* A list, or one text that stands for a list of one. */
static void
read_list_to(struct reader *r, const struct key *k, const struct yaml_node *n,
    struct workspace_list *l)
{
	bool list = yaml_kind(n) == YAML_LIST;
	size_t count = list ? yaml_count(n) : 1;

	if (yaml_kind(n) == YAML_MAP) {
		workspace_fault(
		    r, n, "%s must be a list such as [%s]", k->name, k->like);
		return;
	}
	if (count > CONFIG_LIST_MAX) {
		workspace_fault(r, n, "%s must not have more than %d entries",
		    k->name, (int)CONFIG_LIST_MAX);
		return;
	}
	l->v = arena_calloc(r->arena, count + 1, sizeof(*l->v));
	for (l->n = 0; l->n < count; l->n++)
		entry(r, k, list ? yaml_at(n, l->n) : n, &l->v[l->n]);
}

/* What sources vouch for: SOURCE.FIELD. */
static void
read_fields(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	static const char *const names[] = { ".email", ".tel", ".number" };
	struct workspace_list *l = (void *)((char *)r->workspace + k->at);

	read_list_to(r, k, n, l);
	for (size_t i = 0; i < l->n; i++) {
		bool known = false;

		for (size_t j = 0; j < sizeof(names) / sizeof(*names); j++)
			known |= l->v[i].n > strlen(names[j]) &&
				 str_ends(l->v[i], str_of(names[j]));
		if (!known && str_chr(l->v[i], '.') >= 0)
			workspace_fault(r,
			    yaml_kind(n) == YAML_LIST ? yaml_at(n, i) : n,
			    "%s: '%.*s' must end with .email, .tel or .number",
			    k->name, STR_ARG(l->v[i]));
	}
}

/* A list of names by queue, or one for all of them. */
static void
read_by_queue(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	struct workspace *c = r->workspace;
	size_t count = yaml_kind(n) == YAML_MAP ? yaml_count(n) : 1;

	c->approvers = arena_calloc(r->arena, count + 1, sizeof(*c->approvers));
	c->approver_count = count;
	if (yaml_kind(n) != YAML_MAP) {
		c->approvers[0].queue = STR("*");
		read_list_to(r, k, n, &c->approvers[0].names);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		c->approvers[i].queue =
		    arena_dup(r->arena, yaml_text(yaml_key(n, i)));
		read_list_to(r, k, yaml_at(n, i), &c->approvers[i].names);
	}
}

static void
check_zone(struct reader *r, const struct yaml_node *n, const char *name)
{
	struct err e;
	struct zone *z = zone_open(name, &e);

	if (z == NULL)
		workspace_fault(r, n, "zone: %s", e.msg);
	zone_free(z);
}

static void
check_region(struct reader *r, const struct yaml_node *n, struct str s)
{
	for (size_t i = 0; i + 2 < sizeof(regions); i += 2)
		if (str_eq(s, str_make(regions + i, 2)))
			return;
	workspace_fault(r, n,
	    "region: '%.*s' is no country with telephone numbers; write two "
	    "capitals such as DE",
	    STR_ARG(s));
}

static void
read_word(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	const char **at = (void *)((char *)r->workspace + k->at);
	struct str s = yaml_text(n);

	if (s.n == 0) {
		workspace_fault(
		    r, n, "%s must be a text such as %s", k->name, k->like);
		return;
	}
	if (k->kind == KIND_PATH)
		s = workspace_path(r, s);
	*at = arena_cstr(r->arena, s);
	if (k->kind == KIND_ZONE)
		check_zone(r, n, *at);
	else if (k->kind == KIND_REGION)
		check_region(r, n, s);
}

static void
read_flag(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	bool *at = (bool *)((char *)r->workspace + k->at);
	struct str s = yaml_text(n);

	*at = str_is(s, "true");
	if (!*at && !str_is(s, "false"))
		workspace_fault(r, n, "%s must be true or false", k->name);
}

/* The keys of a relay, and which of its words author is. */
static void
read_author(
    struct reader *r, const struct yaml_node *n, struct workspace_relay *out)
{
	static const char *const words[] = { [RELAY_REPLY_TO] = "replyTo",
		[RELAY_ORIGINAL_FROM] = "xOriginalFrom",
		[RELAY_BODY] = "body" };
	struct str author = yaml_text(yaml_get(n, "author"));
	size_t i = 0;

	for (size_t k = 0; k < yaml_count(n); k++) {
		struct str key = yaml_text(yaml_key(n, k));

		if (!str_is(key, "address") && !str_is(key, "domain") &&
		    !str_is(key, "author"))
			workspace_fault(r, yaml_key(n, k),
			    "unknown key '%.*s' of a relay; it has address or "
			    "domain, and author",
			    STR_ARG(key));
	}
	while (i < 3 && !str_is(author, words[i]))
		i++;
	if (i == 3)
		workspace_fault(r, n,
		    "relays: author must be replyTo, xOriginalFrom or body");
	else
		out->author = (enum relay_author)i;
}

/* In the form that entry gives it. */
static struct str
address_at(struct reader *r, const struct yaml_node *n, const char *key)
{
	struct arena *a = r->arena;

	return arena_dup(a, idna_address(yaml_text(yaml_get(n, key)), a));
}

static void
read_relay(
    struct reader *r, const struct yaml_node *n, struct workspace_relay *out)
{
	if (yaml_kind(n) != YAML_MAP) {
		workspace_fault(r, n,
		    "relays: an entry is such as {domain: forms.example, "
		    "author: replyTo}");
		return;
	}
	read_author(r, n, out);
	out->address = address_at(r, n, "address");
	out->domain = address_at(r, n, "domain");
	if ((out->address.n == 0) == (out->domain.n == 0) ||
	    (out->address.n > 0 && str_chr(out->address, '@') <= 0) ||
	    str_chr(out->domain, '@') >= 0)
		workspace_fault(r, n,
		    "relays: an entry needs an address with its '@', or a "
		    "domain without one");
}

static void
read_relays(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	struct workspace_relays *l = &r->workspace->relays;
	size_t count = yaml_count(n);

	if (yaml_kind(n) != YAML_LIST) {
		workspace_fault(
		    r, n, "relays must be a list such as %s", k->like);
		return;
	}
	if (count > CONFIG_LIST_MAX) {
		workspace_fault(r, n,
		    "relays must not have more than %d entries",
		    (int)CONFIG_LIST_MAX);
		return;
	}
	l->v = arena_calloc(r->arena, count + 1, sizeof(*l->v));
	for (l->n = 0; l->n < count; l->n++)
		read_relay(r, yaml_at(n, l->n), &l->v[l->n]);
}

/* With the name that was meant, or else all that there are. */
static void
unknown(struct reader *r, const struct yaml_node *key, const struct key *keys,
    size_t count, const struct key *of)
{
	const char *names[TOP + US], *near;
	char all[256] = "";
	int n = 0;

	for (size_t i = 0; i < count; i++) {
		names[i] = keys[i].name;
		if (n < (int)sizeof(all))
			n += snprintf(all + n, sizeof(all) - (size_t)n, "%s%s",
			    i == 0 ? "" : ", ", names[i]);
	}
	near = nearest(yaml_text(key), names, count);
	workspace_fault(r, key, "unknown key '%.*s'%s%s; %s%s%s",
	    STR_ARG(yaml_text(key)), of == NULL ? "" : " in ",
	    of == NULL ? "" : of->name,
	    near == NULL ? "there are " : "did you mean '",
	    near == NULL ? all : near, near == NULL ? "" : "'?");
}

static void
read_value(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	switch (k->kind) {
	case KIND_US:
		read_map(r, n, us, US, k);
		break;
	case KIND_VCON:
		read_map(r, n, vcon, VCON, k);
		break;
	case KIND_RELAYS:
		read_relays(r, k, n);
		break;
	case KIND_LIST:
	case KIND_PATHS:
		read_list_to(r, k, n, (void *)((char *)r->workspace + k->at));
		break;
	case KIND_FIELDS:
		read_fields(r, k, n);
		break;
	case KIND_SOURCES:
		workspace_sources_read(r, n);
		break;
	case KIND_BY_QUEUE:
		read_by_queue(r, k, n);
		break;
	case KIND_FLAG:
		read_flag(r, k, n);
		break;
	default:
		read_word(r, k, n);
	}
}

/* of: the key whose value it is, NULL for the file itself. */
static void
read_map(struct reader *r, const struct yaml_node *n, const struct key *keys,
    size_t count, const struct key *of)
{
	if (yaml_kind(n) != YAML_MAP) {
		workspace_fault(r, n,
		    "keys are missing%s%s; write such as %s: %s",
		    of == NULL ? "" : " in ", of == NULL ? "" : of->name,
		    of == NULL ? top[0].name : of->name,
		    of == NULL ? top[0].like : of->like);
		return;
	}
	for (size_t i = 0; i < yaml_count(n); i++) {
		const struct yaml_node *key = yaml_key(n, i);
		size_t j = 0;

		while (j < count && !str_is(yaml_text(key), keys[j].name))
			j++;
		if (j == count)
			unknown(r, key, keys, count, of);
		else
			read_value(r, &keys[j], yaml_at(n, i));
	}
}

struct workspace *
workspace_read(const char *path, void (*tell)(void *arg, const char *fault),
    void *arg, struct err *e)
{
	struct holder *h = xcalloc(1, sizeof(*h));
	struct reader r = { .workspace = &h->workspace,
		.arena = &h->arena,
		.e = e,
		.tell = tell,
		.arg = arg };
	ptrdiff_t slash;

	if (path == NULL)
		return &h->workspace;
	r.y = yaml_read(path, e);
	if (r.y == NULL) {
		workspace_free(&h->workspace);
		return NULL;
	}
	slash = str_rchr(str_of(path), '/');
	r.folder = str_sub(str_of(path), 0, (size_t)(slash + 1));
	h->workspace.path = arena_cstr(&h->arena, str_of(path));
	if (yaml_root(r.y) != NULL)
		read_map(&r, yaml_root(r.y), top, TOP, NULL);
	yaml_free(r.y);
	if (r.faults == 0)
		return &h->workspace;
	workspace_free(&h->workspace);
	return NULL;
}

void
workspace_free(struct workspace *c)
{
	struct holder *h = (struct holder *)c;

	if (c == NULL)
		return;
	arena_release(&h->arena);
	free(h);
}
