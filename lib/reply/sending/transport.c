#include "reply/sending/transport.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "core/io/yaml.h"
#include "core/text/ascii.h"
#include "core/time.h"
#include "json/write.h"
#include "reply/draft.h"

enum key_kind {
	KEY_TEXT, /* struct str */
	KEY_FLAG, /* bool */
	KEY_COUNT, /* int64_t, from 1 to max */
	KEY_TIME, /* int64_t, a duration */
	KEY_PACE, /* int64_t: "50/s" */
	KEY_CHOICE, /* int: index into choices */
	KEY_TEMPLATE, /* struct transport_text */
	KEY_PROGRAM, /* struct expr * */
	KEY_HEADERS,
	KEY_SECRET, /* the name of a file with it */
};

/* Bits by the kind of transport. */
enum { SMTP = 1 << TRANSPORT_SMTP, HTTP = 1 << TRANSPORT_HTTP };

static const char *const kinds[] = { "smtp", "http", NULL };
static const char *const tls_words[] = { "required", "opportunistic", "none",
	NULL };
static const char *const idempotency_words[] = { "none", "header", "body",
	NULL };

#define AT(member) offsetof(struct transport, member)

static const struct key {
	const char *name;
	enum key_kind kind;
	unsigned of;
	size_t at;
	int64_t max;
	const char *const *choices;
} keys[] = {
	{ "kind", KEY_CHOICE, SMTP | HTTP, AT(kind), 0, kinds },
	{ "channel", KEY_TEXT, SMTP | HTTP, AT(channel), 0, NULL },
	{ "account", KEY_TEXT, SMTP | HTTP, AT(account), 0, NULL },
	{ "service", KEY_TEXT, HTTP, AT(service), 0, NULL },
	{ "from", KEY_TEXT, SMTP | HTTP, AT(from), 0, NULL },
	{ "name", KEY_TEXT, SMTP | HTTP, AT(from_name), 0, NULL },
	{ "url", KEY_TEMPLATE, SMTP | HTTP, AT(url), 0, NULL },
	{ "unsubscribe", KEY_TEMPLATE, SMTP, AT(unsubscribe), 0, NULL },
	{ "caFile", KEY_TEXT, SMTP | HTTP, AT(ca_file), 0, NULL },
	{ "timeout", KEY_TIME, SMTP | HTTP, AT(timeout), 0, NULL },
	{ "maxChars", KEY_COUNT, SMTP | HTTP, AT(max_chars), 1 << 24, NULL },
	{ "maxSegments", KEY_COUNT, HTTP, AT(max_segments), 255, NULL },
	{ "markup", KEY_CHOICE, HTTP, AT(markup), 0, markup_words },
	{ "parallel", KEY_COUNT, SMTP | HTTP, AT(parallel), TRANSPORT_PARALLEL,
	    NULL },
	{ "pace", KEY_PACE, SMTP | HTTP, AT(pace), 0, NULL },
	{ "recipientPace", KEY_PACE, SMTP | HTTP, AT(recipient_pace), 0, NULL },
	{ "paceBy", KEY_PROGRAM, SMTP | HTTP, AT(pace_by), 0, NULL },
	{ "idempotencyFor", KEY_TIME, HTTP, AT(idempotent_for), 0, NULL },
	{ "signatureHeader", KEY_TEXT, HTTP, AT(sign_header), 0, NULL },
	{ "user", KEY_TEXT, SMTP, AT(user), 0, NULL },
	{ "passwordFile", KEY_SECRET, SMTP, AT(secret), 0, NULL },
	{ "smtputf8", KEY_FLAG, SMTP, AT(smtputf8), 0, NULL },
	{ "tls", KEY_CHOICE, SMTP, AT(tls), 0, tls_words },
	{ "secretFile", KEY_SECRET, HTTP, AT(secret), 0, NULL },
	{ "insecure", KEY_FLAG, HTTP, AT(insecure), 0, NULL },
	{ "private", KEY_FLAG, SMTP | HTTP, AT(private), 0, NULL },
	{ "attachments", KEY_FLAG, HTTP, AT(attachments), 0, NULL },
	{ "cc", KEY_FLAG, HTTP, AT(cc), 0, NULL },
	{ "method", KEY_TEXT, HTTP, AT(method), 0, NULL },
	{ "idempotency", KEY_CHOICE, HTTP, AT(idempotency), 0,
	    idempotency_words },
	{ "headers", KEY_HEADERS, HTTP, 0, 0, NULL },
	{ "body", KEY_PROGRAM, HTTP, AT(body), 0, NULL },
	{ "success", KEY_PROGRAM, HTTP, AT(success), 0, NULL },
	{ "id", KEY_PROGRAM, HTTP, AT(id), 0, NULL },
	{ "record", KEY_PROGRAM, HTTP, AT(record), 0, NULL },
	{ "reason", KEY_PROGRAM, HTTP, AT(reason), 0, NULL },
	{ "retryAfter", KEY_PROGRAM, HTTP, AT(retry_after), 0, NULL },
	{ "temporary", KEY_PROGRAM, HTTP, AT(temporary), 0, NULL },
	{ "ambiguous", KEY_PROGRAM, HTTP, AT(ambiguous), 0, NULL },
	{ NULL, KEY_TEXT, 0, 0, 0, NULL },
};

/* A file on its way in. */
struct reading {
	struct transports *all;
	struct transport *t;
	const char *path;
	const struct yaml *yaml;
	bool secrets;
	struct buf secret_json; /* what programs see as $secret */
};

static const struct key *
find_key(struct str name)
{
	for (const struct key *k = keys; k->name != NULL; k++)
		if (str_is(name, k->name))
			return k;
	return NULL;
}

static int
program(struct reading *in, const struct yaml_node *v, bool template,
    struct expr **out, struct err *e)
{
	const char *const vars[] = { "secret", buf_cstr(&in->secret_json),
		NULL };

	*out = expr_later(in->t->path, yaml_line(v) - 1,
	    template ? 0 : yaml_column(v) - 1, template,
	    arena_dup(&in->all->arena, yaml_text(v)), vars, e);
	return *out == NULL ? -1 : 0;
}

static int
text_template(struct reading *in, const struct yaml_node *v,
    struct transport_text *out, struct err *e)
{
	out->text = arena_dup(&in->all->arena, yaml_text(v));
	if (str_find(out->text, STR("\\(")) < 0)
		return 0;
	return program(in, v, true, &out->program, e);
}

static int
headers(struct reading *in, const struct yaml_node *v, struct err *e)
{
	struct transport *t = in->t;

	for (size_t i = 0; i < yaml_count(v); i++) {
		struct str name = yaml_text(yaml_key(v, i));

		if (t->header_count == TRANSPORT_HEADERS)
			return yaml_fail(e, in->yaml, v, "more than %d headers",
			    TRANSPORT_HEADERS);
		if (name.n == 0 || str_find(name, STR(":")) >= 0)
			return yaml_fail(
			    e, in->yaml, yaml_key(v, i), "not a header's name");
		t->headers[t->header_count].name =
		    arena_dup(&in->all->arena, name);
		if (text_template(in, yaml_at(v, i),
			&t->headers[t->header_count].value, e) < 0)
			return -1;
		t->header_count++;
	}
	return 0;
}

/* "50/s", "10/m", "500/h", "1/6s": the time between two starts. */
static int
pace(struct str s, int64_t *out)
{
	struct str count = str_split(&s, '/');
	int64_t n, unit = str_is(s, "s")   ? TIME_SECOND
			  : str_is(s, "m") ? TIME_MINUTE
			  : str_is(s, "h") ? TIME_HOUR
					   : 0;

	if (unit == 0 && duration_parse(s, &unit) < 0)
		return -1;
	if (unit <= 0 || str_to_int(count, &n) < 0 || n < 1)
		return -1;
	*out = unit / n;
	return 0;
}

/*
 * Where a relative name of a secret is looked for: in the folder of
 * credentials that the service manager gives, else beside the transport file.
 */
static const char *
secret_path(struct reading *in, struct str name)
{
	struct arena *a = &in->all->arena;
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	ptrdiff_t slash = str_rchr(str_of(in->path), '/');
	struct stat st;

	if (name.n > 0 && name.p[0] == '/')
		return arena_cstr(a, name);
	if (dir != NULL && *dir != '\0') {
		struct str path = ARENA_JOIN(a, str_of(dir), STR("/"), name);

		if (stat(path.p, &st) == 0)
			return path.p;
	}
	return arena_printf(
	    a, "%.*s%.*s", (int)slash + 1, in->path, STR_ARG(name))
	    .p;
}

static int
read_secret(struct reading *in, const struct yaml_node *v, struct err *e)
{
	struct str name = yaml_text(v), secret;
	struct buf bytes;
	struct writer w;
	int rc = 0;

	if (name.n == 0)
		return yaml_fail(e, in->yaml, v, "the name of a file is meant");
	buf_init(&bytes, TRANSPORT_SECRET);
	if (in->secrets)
		rc = file_read_secret(secret_path(in, name), &bytes, e);
	secret = str_trim_right(buf_str(&bytes));
	for (size_t i = 0; rc == 0 && i < secret.n; i++)
		if ((unsigned char)secret.p[i] < ' ')
			rc = yaml_fail(e, in->yaml, v,
			    "the secret holds a control character");
	if (rc == 0 && in->secrets && secret.n == 0)
		rc = yaml_fail(e, in->yaml, v, "the secret's file is empty");
	if (rc == 0) {
		in->t->secret = arena_dup(&in->all->arena, secret);
		buf_reset(&in->secret_json);
		write_init(&w, &in->secret_json);
		write_str(&w, secret);
	}
	if (bytes.p != NULL)
		explicit_bzero(bytes.p, bytes.cap);
	buf_release(&bytes);
	return rc;
}

static int
choice(struct str word, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		if (str_is(word, words[i]))
			return i;
	return -1;
}

static int
simple(struct reading *in, const struct key *k, const struct yaml_node *v,
    struct err *e)
{
	char *at = (char *)in->t + k->at;
	struct str s = yaml_text(v);
	int i;

	switch (k->kind) {
	case KEY_FLAG:
		if (!str_is(s, "true") && !str_is(s, "false"))
			break;
		*(bool *)at = str_is(s, "true");
		return 0;
	case KEY_COUNT:
		if (str_to_int(s, (int64_t *)at) < 0 || *(int64_t *)at < 1 ||
		    *(int64_t *)at > k->max)
			return yaml_fail(e, in->yaml, v,
			    "%s: a number from 1 to %d is meant", k->name,
			    (int)k->max);
		return 0;
	case KEY_TIME:
		if (duration_parse(s, (int64_t *)at) < 0 || *(int64_t *)at <= 0)
			break;
		return 0;
	case KEY_PACE:
		if (pace(s, (int64_t *)at) < 0)
			break;
		return 0;
	case KEY_CHOICE:
		if ((i = choice(s, k->choices)) < 0)
			break;
		*(int *)at = i;
		return 0;
	default:
		*(struct str *)at = arena_dup(&in->all->arena, s);
		return 0;
	}
	return yaml_fail(e, in->yaml, v, "%s: '%.*s' is not understood",
	    k->name, STR_ARG(str_sub(s, 0, 80)));
}

static int
value(struct reading *in, const struct key *k, const struct yaml_node *v,
    struct err *e)
{
	void *at = (char *)in->t + k->at;

	if (k->kind == KEY_HEADERS)
		return yaml_kind(v) == YAML_MAP
			   ? headers(in, v, e)
			   : yaml_fail(e, in->yaml, v,
				 "headers: names and values are meant");
	if (yaml_kind(v) != YAML_SCALAR)
		return yaml_fail(
		    e, in->yaml, v, "%s: one value is meant", k->name);
	switch (k->kind) {
	case KEY_TEMPLATE:
		return text_template(in, v, at, e);
	case KEY_PROGRAM:
		return program(in, v, false, at, e);
	case KEY_SECRET:
		return 0; /* read before all others */
	default:
		return simple(in, k, v, e);
	}
}

/* The part of a URL between the scheme and the path. */
static struct str
url_host(struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"));
	struct str rest = str_sub(url, at < 0 ? url.n : (size_t)at + 3, url.n);

	for (size_t i = 0; i < rest.n; i++)
		if (ascii_is_in(rest.p[i], "/?#"))
			return str_sub(rest, 0, i);
	return rest;
}

static bool
is_loopback(struct str host)
{
	ptrdiff_t colon = str_rchr(host, ':');

	if (str_starts(host, STR("[::1]")))
		return host.n == 5 || host.p[5] == ':';
	if (colon >= 0)
		host = str_sub(host, 0, (size_t)colon);
	return str_is(host, "localhost") || str_is(host, "127.0.0.1");
}

/* "mx" or "mx:2525". */
static int
check_mx(struct reading *in, const struct yaml_node *v, struct err *e)
{
	struct transport *t = in->t;
	struct str port = t->url.text;

	(void)str_split(&port, ':');
	t->mx = true;
	t->mx_port = 25;
	if (port.p != NULL && (str_to_int(port, &t->mx_port) < 0 ||
				  t->mx_port < 1 || t->mx_port > 65535))
		return yaml_fail(e, in->yaml, v, "url: mx or mx:PORT is meant");
	if (t->user.p != NULL)
		return yaml_fail(e, in->yaml, v,
		    "url: a login goes with a server that is named");
	return 0;
}

static int
check_url(struct reading *in, const struct yaml_node *v, struct err *e)
{
	struct transport *t = in->t;
	struct str url = t->url.text, host = url_host(url);

	if (t->kind == TRANSPORT_SMTP &&
	    (str_is(url, "mx") || str_starts(url, STR("mx:"))))
		return check_mx(in, v, e);
	if (t->kind == TRANSPORT_SMTP && t->private)
		return yaml_fail(e, in->yaml, v, "private goes with 'url: mx'");
	if (host.n == 0 || str_find(host, STR("\\")) >= 0)
		return yaml_fail(e, in->yaml, v,
		    "url: the host must stand as it is, without \\(...)");
	if (str_chr(host, '@') >= 0)
		return yaml_fail(e, in->yaml, v,
		    "url: a password in a URL is seen by many; use %s",
		    t->kind == TRANSPORT_SMTP ? "user and passwordFile"
					      : "secretFile");
	if (t->kind == TRANSPORT_SMTP) {
		if (!str_starts(url, STR("smtp://")) &&
		    !str_starts(url, STR("smtps://")))
			return yaml_fail(e, in->yaml, v,
			    "url: smtp:// or smtps:// is meant");
		if (t->user.p != NULL && t->tls != TLS_REQUIRED &&
		    !str_starts(url, STR("smtps://")) && !is_loopback(host))
			return yaml_fail(
			    e, in->yaml, v, "a password needs 'tls: required'");
		return 0;
	}
	if (str_starts(url, STR("https://")))
		return 0;
	if (str_starts(url, STR("http://")) && t->insecure && is_loopback(host))
		return 0;
	return yaml_fail(e, in->yaml, v,
	    "url: https:// is meant (http:// only to this machine, "
	    "with 'insecure: true')");
}

static bool
has_word(struct str s, struct str word)
{
	for (ptrdiff_t at; (at = str_find(s, word)) >= 0;) {
		size_t end = (size_t)at + word.n;

		if ((at == 0 || !ascii_is_alnum(s.p[at - 1])) &&
		    (end == s.n || !ascii_is_alnum(s.p[end])))
			return true;
		s = str_sub(s, end, s.n);
	}
	return false;
}

/* Does what makes the request name this member of the draft? */
static bool
sends(const struct transport *t, struct str body, const char *member)
{
	struct str word = str_of(member);

	if (has_word(body, word) || has_word(t->url.text, word))
		return true;
	for (size_t i = 0; i < t->header_count; i++)
		if (has_word(t->headers[i].value.text, word))
			return true;
	return false;
}

/* What the file says that its programs send, they do. */
static int
check_promises(struct reading *in, const struct yaml_node *root, struct err *e)
{
	const struct transport *t = in->t;
	struct str body = yaml_text(yaml_get(root, "body"));

	if (t->idempotency == IDEMPOTENCY_BODY &&
	    !sends(t, body, "idempotencyKey"))
		return yaml_fail(e, in->yaml, yaml_get(root, "idempotency"),
		    "neither body nor url sends .reply.idempotencyKey");
	if (t->cc && t->channel.n > 0 &&
	    !channel_replies_by_mail(channel_named(t->channel)))
		return yaml_fail(
		    e, in->yaml, yaml_get(root, "cc"), "cc goes by mail only");
	if (t->cc && !sends(t, body, "cc"))
		return yaml_fail(e, in->yaml, yaml_get(root, "cc"),
		    "neither body nor url sends .cc");
	return 0;
}

static int
check(struct reading *in, const struct yaml_node *root, struct err *e)
{
	struct transport *t = in->t;
	const struct yaml_node *body = yaml_get(root, "body");

	if (t->channel.n == 0 && t->service.n == 0)
		return yaml_fail(e, in->yaml, root, "'channel' is missing");
	if (t->record != NULL && t->service.n == 0)
		return yaml_fail(e, in->yaml, yaml_get(root, "record"),
		    "'record' needs 'service'");
	if (t->url.text.n == 0)
		return yaml_fail(e, in->yaml, root, "'url' is missing");
	if (check_url(in, yaml_get(root, "url"), e) < 0)
		return -1;
	if (t->kind == TRANSPORT_SMTP)
		return (t->user.p == NULL) == (t->secret.p == NULL)
			   ? 0
			   : yaml_fail(e, in->yaml, root,
				 "'user' and 'passwordFile' belong together");
	if (body == NULL)
		return yaml_fail(e, in->yaml, root, "'body' is missing");
	if (t->sign_header.n > 0 && yaml_get(root, "secretFile") == NULL)
		return yaml_fail(e, in->yaml, yaml_get(root, "signatureHeader"),
		    "a signature needs 'secretFile'");
	for (size_t i = 0; i < t->sign_header.n; i++)
		if (t->sign_header.p[i] <= ' ' || t->sign_header.p[i] == ':' ||
		    t->sign_header.p[i] == 0x7f)
			return yaml_fail(e, in->yaml,
			    yaml_get(root, "signatureHeader"),
			    "not a header's name");
	return check_promises(in, root, e);
}

static int
read_keys(struct reading *in, const struct yaml_node *root, struct err *e)
{
	const struct yaml_node *kind = yaml_get(root, "kind"), *secret;
	int i = choice(yaml_text(kind), kinds);

	if (root == NULL || yaml_kind(root) != YAML_MAP)
		return yaml_fail(e, in->yaml, root, "a map is meant");
	if (i < 0)
		return yaml_fail(e, in->yaml, kind == NULL ? root : kind,
		    "'kind' is smtp or http");
	secret =
	    yaml_get(root, i == TRANSPORT_SMTP ? "passwordFile" : "secretFile");
	if (secret != NULL && read_secret(in, secret, e) < 0)
		return -1;
	in->t->markup =
	    channel_markup(channel_named(yaml_text(yaml_get(root, "channel"))));
	for (size_t at = 0; at < yaml_count(root); at++) {
		const struct yaml_node *name = yaml_key(root, at);
		const struct key *k = find_key(yaml_text(name));

		if (k == NULL || (k->of & 1U << i) == 0)
			return yaml_fail(e, in->yaml, name,
			    "'%.*s' is not known for %s",
			    STR_ARG(str_sub(yaml_text(name), 0, 80)), kinds[i]);
		if (value(in, k, yaml_at(root, at), e) < 0)
			return -1;
	}
	return check(in, root, e);
}

/* All that there are; returns how many. */
static size_t
programs_of(const struct transport *t, struct expr **out)
{
	struct expr *all[] = { t->url.program, t->unsubscribe.program, t->body,
		t->success, t->id, t->record, t->reason, t->retry_after,
		t->temporary, t->ambiguous, t->pace_by };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] != NULL)
			out[n++] = all[i];
	for (size_t i = 0; i < t->header_count; i++)
		if (t->headers[i].value.program != NULL)
			out[n++] = t->headers[i].value.program;
	return n;
}

static void
transport_free(struct transport *t)
{
	struct expr *programs[TRANSPORT_PROGRAMS];
	size_t n = programs_of(t, programs);

	while (n > 0)
		expr_free(programs[--n]);
	/* The arena gives the bytes back; the secret shall not stay in them. */
	if (t->secret.n > 0)
		explicit_bzero((void *)(uintptr_t)t->secret.p, t->secret.n);
	free(t);
}

static struct transport *
transport_new(struct transports *all, const char *path)
{
	struct transport *t = xcalloc(1, sizeof(*t));
	struct str name = str_of(path);
	ptrdiff_t slash = str_rchr(name, '/');

	t->path = arena_cstr(&all->arena, name);
	if (slash >= 0)
		name = str_sub(name, (size_t)slash + 1, name.n);
	if (str_ends(name, STR(".yaml")))
		name.n -= 5;
	t->name = arena_cstr(&all->arena, name);
	t->method = STR("POST");
	t->parallel = 8;
	return t;
}

int
transports_add(
    struct transports *all, const char *path, bool secrets, struct err *e)
{
	struct reading in = { .all = all, .path = path, .secrets = secrets };
	struct yaml *yaml;
	int rc;

	if (all->n == TRANSPORT_MAX)
		return err_set(
		    e, "%s: more than %d transports", path, TRANSPORT_MAX);
	yaml = yaml_read(path, e);
	if (yaml == NULL)
		return -1;
	in.yaml = yaml;
	in.t = transport_new(all, path);
	buf_init(&in.secret_json, 8 * TRANSPORT_SECRET);
	buf_add_z(&in.secret_json, "\"\"");
	rc = read_keys(&in, yaml_root(yaml), e);
	if (in.t->timeout == 0)
		in.t->timeout = in.t->kind == TRANSPORT_SMTP ? 600 * TIME_SECOND
							     : TIME_MINUTE;
	if (rc == 0)
		all->v[all->n++] = in.t;
	else
		transport_free(in.t);
	explicit_bzero(in.secret_json.p, in.secret_json.n);
	buf_release(&in.secret_json);
	yaml_free(yaml);
	return rc;
}

static int
is_yaml(const struct dirent *d)
{
	return d->d_name[0] != '.' && str_ends(str_of(d->d_name), STR(".yaml"));
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return str_cmp(str_of((*a)->d_name), str_of((*b)->d_name));
}

/* Every *.yaml of a folder, in the order of their names. */
static int
add_folder(struct transports *all, const char *dir, bool secrets, struct err *e)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_yaml, by_name), rc = 0;

	/* A workspace may name the folder before there is any transport. */
	if (n < 0)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s", dir);
	for (int i = 0; i < n; i++) {
		struct str path =
		    arena_printf(&all->arena, "%s/%s", dir, names[i]->d_name);

		if (rc == 0)
			rc = transports_add(all, path.p, secrets, e);
		free(names[i]);
	}
	free(names);
	return rc;
}

/* Do the programs of all that was read compile?  They are not ready by that:
 * few of the transports of a workspace send in one run. */
static int
check_programs(const struct transports *all, struct err *e)
{
	struct expr *programs[TRANSPORT_MAX * TRANSPORT_PROGRAMS];
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += programs_of(all->v[i], programs + n);
	return exprs_check(programs, n, e);
}

int
transport_ready(const struct transport *t, struct err *e)
{
	struct expr *programs[TRANSPORT_PROGRAMS];
	size_t n = programs_of(t, programs);

	for (size_t i = 0; i < n; i++)
		if (expr_ready(programs[i], e) < 0)
			return -1;
	return 0;
}

int
transports_open(struct transports *t, const char *const *files, size_t n,
    const char *dir, bool secrets, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (transports_add(t, files[i], secrets, e) < 0)
			return -1;
	if (dir != NULL && add_folder(t, dir, secrets, e) < 0)
		return -1;
	return check_programs(t, e);
}

void
transports_release(struct transports *all)
{
	for (size_t i = 0; i < all->n; i++)
		transport_free(all->v[i]);
	all->n = 0;
	arena_release(&all->arena);
}

/* How well it fits; 0: it does not. */
static int
fits(const struct transport *t, struct str channel, struct str account,
    struct str service)
{
	int fit = t->service.n == 0 ? 2 : 1;

	if (t->service.n > 0 && str_eq(t->service, service))
		fit = 3;
	else if (t->service.n > 0 && service.n > 0)
		return 0;
	if (t->channel.n == 0 ? fit != 3 : !str_eq(t->channel, channel))
		return 0;
	if (t->account.p == NULL)
		return 2 * fit;
	return account.p != NULL && str_eq_nocase(t->account, account)
		   ? 2 * fit + 1
		   : 0;
}

struct transport *
transports_find(const struct transports *all, struct str channel,
    struct str account, struct str service)
{
	struct transport *best = NULL;
	int most = 0;

	for (size_t i = 0; i < all->n; i++) {
		int fit = fits(all->v[i], channel, account, service);

		if (fit > most) {
			most = fit;
			best = all->v[i];
		}
	}
	return best;
}

void
transport_redact(const struct transport *t, char *text)
{
	size_t n = t->secret.n;
	char *at;

	if (n == 0)
		return;
	while ((at = memmem(text, strlen(text), t->secret.p, n)) != NULL) {
		size_t keep = n < 3 ? n : 3;

		memset(at, '*', keep);
		memmove(at + keep, at + n, strlen(at + n) + 1);
		text = at + keep;
	}
}
