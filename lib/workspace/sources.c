/*
 * `sources` of kith.yaml: live sources by name.
 */
#include "core/text/ascii.h"
#include "core/text/nearest.h"
#include "workspace/sources.h"

enum { SOURCE_NAME_MAX = 64 /* bytes: it is the name of files, too */ };

enum kind { KIND_TEXT, KIND_URL, KIND_PATH, KIND_TEXTS, KIND_PATHS };

struct member {
	const char *name;
	enum kind kind;
	size_t at;
	const char *like;
};

#define AT(member) offsetof(struct workspace_source, member)

static const struct member members[] = {
	{ "url", KIND_URL, AT(url), "imaps://desk@mail.example.com" },
	{ "service", KIND_TEXT, AT(service), "slack" },
	{ "hook", KIND_URL, AT(hook), "https://www.example.com/hook/team" },
	{ "account", KIND_TEXT, AT(account), "T1" },
	{ "passwordFile", KIND_PATH, AT(password_file), "desk.pw" },
	{ "tokenFile", KIND_PATH, AT(token_file), "team.token" },
	{ "challengeFile", KIND_PATH, AT(challenge_file), "page.word" },
	{ "secretFile", KIND_PATHS, AT(secret_files), "team.secret" },
	{ "folders", KIND_TEXTS, AT(folders), "INBOX" },
	{ "places", KIND_TEXTS, AT(places), "C1" },
};

enum { MEMBERS = sizeof(members) / sizeof(*members) };

/* It stands in the address of a hook, and files are named by it. */
static bool
is_name(struct str s)
{
	if (s.n == 0 || s.n > SOURCE_NAME_MAX || !ascii_is_alnum(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !ascii_is_in(s.p[i], "-_."))
			return false;
	return true;
}

static void
check_url(struct reader *r, const struct yaml_node *n, const struct member *m)
{
	struct str s = yaml_text(n);
	ptrdiff_t scheme = str_find(s, STR("://"));
	struct str host = str_sub(s, (size_t)(scheme + 3), s.n);
	ptrdiff_t at;

	if (scheme <= 0 || host.n == 0) {
		workspace_fault(
		    r, n, "%s must be such as %s", m->name, m->like);
		return;
	}
	host = str_split(&host, '/');
	at = str_rchr(host, '@');
	if (at >= 0 && str_chr(str_sub(host, 0, (size_t)at), ':') >= 0)
		workspace_fault(r, n,
		    "%s must have no password; put it into a file and write "
		    "passwordFile",
		    m->name);
}

/* One text of the file, or a path. */
static bool
text(struct reader *r, const struct yaml_node *n, const struct member *m,
    struct str *out)
{
	struct str s = yaml_text(n);
	bool path = m->kind == KIND_PATH || m->kind == KIND_PATHS;

	/* A NUL would end it where it is used. */
	if (s.n == 0 || str_chr(s, '\0') >= 0) {
		workspace_fault(
		    r, n, "%s must be a text such as %s", m->name, m->like);
		return false;
	}
	*out = path ? workspace_path(r, s) : arena_dup(r->arena, s);
	return true;
}

static void
texts(struct reader *r, const struct yaml_node *n, const struct member *m,
    struct workspace_list *l)
{
	bool list = yaml_kind(n) == YAML_LIST;
	size_t count = list ? yaml_count(n) : 1;

	if (count > CONFIG_LIST_MAX) {
		workspace_fault(r, n, "%s must not have more than %d entries",
		    m->name, (int)CONFIG_LIST_MAX);
		return;
	}
	l->v = arena_calloc(r->arena, count + 1, sizeof(*l->v));
	for (size_t i = 0; i < count; i++)
		if (text(r, list ? yaml_at(n, i) : n, m, &l->v[l->n]))
			l->n++;
}

static void
unknown(struct reader *r, const struct yaml_node *key)
{
	const char *names[MEMBERS], *near;

	for (size_t i = 0; i < MEMBERS; i++)
		names[i] = members[i].name;
	near = nearest(yaml_text(key), names, MEMBERS);
	workspace_fault(r, key, "unknown key '%.*s' of a source; %s%s%s",
	    STR_ARG(yaml_text(key)),
	    near == NULL ? "there are url, service, hook, account, "
			   "passwordFile, tokenFile, challengeFile, "
			   "secretFile, folders, places"
			 : "did you mean '",
	    near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static void
member(struct reader *r, const struct yaml_node *n, const struct member *m,
    struct workspace_source *out)
{
	void *at = (char *)out + m->at;
	struct str s;

	if (m->kind == KIND_TEXTS || m->kind == KIND_PATHS) {
		texts(r, n, m, at);
		return;
	}
	if (!text(r, n, m, &s))
		return;
	*(const char **)at = s.p;
	if (m->kind == KIND_URL)
		check_url(r, n, m);
}

static void
read_source(struct reader *r, const struct yaml_node *key,
    const struct yaml_node *n, struct workspace_source *out)
{
	struct str name = yaml_text(key);
	size_t before = r->faults;

	out->name = arena_cstr(r->arena, name);
	if (!is_name(name) || str_is(name, "all"))
		workspace_fault(r, key,
		    "sources: '%.*s' is no name for a source; it has letters, "
		    "digits, '-', '_' and '.', and is not 'all'",
		    STR_ARG(name));
	if (yaml_kind(n) != YAML_MAP) {
		workspace_fault(r, n,
		    "sources: a source is such as %.*s: {service: slack, "
		    "secretFile: team.secret}",
		    STR_ARG(name));
		return;
	}
	for (size_t i = 0; i < yaml_count(n); i++) {
		size_t j = 0;

		while (j < MEMBERS &&
		       !str_is(yaml_text(yaml_key(n, i)), members[j].name))
			j++;
		if (j == MEMBERS)
			unknown(r, yaml_key(n, i));
		else
			member(r, yaml_at(n, i), &members[j], out);
	}
	if (r->faults == before && out->url == NULL && out->service == NULL)
		workspace_fault(r, key,
		    "sources: %.*s needs a url or a service", STR_ARG(name));
}

void
workspace_sources_read(struct reader *r, const struct yaml_node *n)
{
	struct workspace_sources *l = &r->workspace->sources;
	size_t count = yaml_count(n);

	if (yaml_kind(n) != YAML_MAP) {
		workspace_fault(r, n,
		    "sources must be a map such as {desk: {url: "
		    "\"imaps://desk@mail.example.com\"}}");
		return;
	}
	if (count > CONFIG_LIST_MAX) {
		workspace_fault(r, n,
		    "sources must not have more than %d entries",
		    (int)CONFIG_LIST_MAX);
		return;
	}
	l->v = arena_calloc(r->arena, count + 1, sizeof(*l->v));
	for (l->n = 0; l->n < count; l->n++)
		read_source(
		    r, yaml_key(n, l->n), yaml_at(n, l->n), &l->v[l->n]);
}
