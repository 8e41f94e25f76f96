#include "live/oauth.h"

#include "core/io/file.h"
#include "core/text/ascii.h"
#include "core/text/percent.h"
#include "core/time.h"
#include "json/json.h"
#include "json/write.h"
#include "net/http.h"

enum {
	FILE_BYTES = 64 << 10,
	ANSWER_BYTES = 64 << 10,
	SPARE_SECONDS = 60, /* in which a token is used */
	USUAL_SECONDS = 300, /* where the server does not say how long */
};

/* What stands in the file, while it is looked at. */
struct settings {
	struct json_doc *doc;
	struct arena arena;
	struct json root;
};

static int
settings_open(struct settings *s, const struct oauth *o, struct err *e)
{
	*s = (struct settings){ .doc = json_doc_new() };
	return json_parse_copy(s->doc, buf_str(&o->file), &s->root, e);
}

static struct str
setting(struct settings *s, const char *name)
{
	return json_str(json_get(s->root, name), &s->arena);
}

static void
settings_close(struct settings *s)
{
	json_doc_free(s->doc);
	arena_release(&s->arena);
}

/* Without a refresh token the program itself is who has access (RFC 6749,
 * section 4.4). */
static bool
is_client(struct settings *s)
{
	return setting(s, "refresh_token").n == 0 &&
	       setting(s, "client_secret").n > 0;
}

static int
check(struct oauth *o, struct err *e)
{
	static const char *const needed[] = { "token_endpoint", "client_id",
		"refresh_token" };
	struct settings s;
	struct err why;
	int rc = 0;

	if (settings_open(&s, o, &why) < 0)
		rc = err_set(e, "%s: must be JSON: %s", o->path, why.msg);
	for (size_t i = 0; rc == 0 && i < (is_client(&s) ? 2U : 3U); i++)
		if (setting(&s, needed[i]).n == 0)
			rc = err_set(e,
			    "%s: has no %s; kith-live(7) shows what must "
			    "stand in it",
			    o->path, needed[i]);
	if (rc == 0 && !http_is_private(setting(&s, "token_endpoint")))
		rc = err_set(
		    e, "%s: token_endpoint must begin with https://", o->path);
	settings_close(&s);
	return rc;
}

int
oauth_read(struct oauth *o, const char *path, struct err *e)
{
	*o = (struct oauth){ .path = path };
	buf_init(&o->file, FILE_BYTES);
	buf_init(&o->token, ANSWER_BYTES);
	return file_read_secret(path, &o->file, e) < 0 ? -1 : check(o, e);
}

void
oauth_release(struct oauth *o)
{
	buf_release(&o->file);
	buf_release(&o->token);
}

/* As a form writes it. */
static void
add_field(struct buf *b, const char *name, struct str value)
{
	if (value.n > 0)
		percent_field(b, str_of(name), value);
}

/* The file with this refresh token, on disk. */
static int
rotate(struct oauth *o, struct settings *s, struct str refresh, struct err *e)
{
	struct json_iter it = json_each(s->root);
	struct json name, value;
	struct writer w;
	struct buf b;
	int rc;

	buf_init(&b, FILE_BYTES);
	write_init(&w, &b);
	write_object(&w);
	while (json_next(&it, &name, &value)) {
		write_key_str(&w, json_str(name, &s->arena));
		if (json_is(name, "refresh_token"))
			write_str(&w, refresh);
		else
			write_raw(&w, json_raw(value));
	}
	write_object_end(&w);
	buf_add_char(&b, '\n');
	rc = b.over ? err_set(e, "%s: more than %d bytes", o->path, FILE_BYTES)
		    : file_write_durable(o->path, buf_str(&b), 0600, e);
	if (rc == 0) {
		buf_reset(&o->file);
		buf_add_str(&o->file, buf_str(&b));
	}
	buf_release(&b);
	return rc;
}

static int
refused(const struct oauth *o, long status, struct json root, struct err *e)
{
	struct arena a = { 0 };
	struct str error = json_str(json_get(root, "error"), &a);
	struct str text = json_str(json_get(root, "error_description"), &a);
	int rc;

	if (status == 429 || status >= 500 || error.n == 0)
		rc = err_again(
		    e, "%s: the token endpoint answers %ld", o->path, status);
	else if (str_is(error, "invalid_grant"))
		rc = err_set(e,
		    "%s: the refresh token is no good any more: get a new one, "
		    "as kith-live(7) shows (%.*s)",
		    o->path, STR_ARG(text));
	else
		rc = err_set(e, "%s: the token endpoint refuses: %.*s %.*s",
		    o->path, STR_ARG(error), STR_ARG(text));
	arena_release(&a);
	return rc;
}

/* An answer that has a token. */
static int
take(struct oauth *o, struct settings *s, struct json root, struct err *e)
{
	struct str token = json_str(json_get(root, "access_token"), &s->arena);
	struct str refresh =
	    json_str(json_get(root, "refresh_token"), &s->arena);
	int64_t seconds;

	if (token.n == 0 || memchr(token.p, '\0', token.n) != NULL)
		return err_again(
		    e, "%s: the token endpoint gives no access_token", o->path);
	if (refresh.n > 0 && !is_client(s) &&
	    !str_eq(refresh, setting(s, "refresh_token")) &&
	    rotate(o, s, refresh, e) < 0)
		return -1;
	if (json_int(json_get(root, "expires_in"), &seconds) < 0 ||
	    seconds < 0 || seconds > 365 * 86400)
		seconds = USUAL_SECONDS;
	buf_reset(&o->token);
	buf_add_str(&o->token, token);
	o->until = time_steady_ms() / 1000 + seconds - SPARE_SECONDS;
	return 0;
}

static int
ask(struct oauth *o, struct settings *s, struct http_answer *answer,
    struct err *e)
{
	struct json_doc *doc = json_doc_new();
	struct json root = JSON_ABSENT;
	struct err why;
	struct http_question q = { .headers = NULL };
	struct http *http = http_new(o->ca_file, o->wait, e);
	struct buf form;
	int rc = -1;

	buf_init(&form, FILE_BYTES * 4);
	add_field(&form, "grant_type",
	    is_client(s) ? STR("client_credentials") : STR("refresh_token"));
	add_field(&form, "refresh_token", setting(s, "refresh_token"));
	add_field(&form, "client_id", setting(s, "client_id"));
	add_field(&form, "client_secret", setting(s, "client_secret"));
	add_field(&form, "scope", setting(s, "scope"));
	q.url = arena_cstr(&s->arena, setting(s, "token_endpoint"));
	q.body = buf_str(&form);
	if (http != NULL)
		rc = http_ask(http, &q, answer, e);
	if (rc < 0 && e->code == ERR_ITEM)
		e->code = ERR_AGAIN; /* it is no item's */
	if (rc < 0)
		err_prefix(e, "%s: the token endpoint", o->path);
	if (rc == 0 &&
	    json_parse_copy(doc, buf_str(&answer->body), &root, &why) < 0)
		root = JSON_ABSENT;
	if (rc == 0)
		rc = answer->status == 200
			 ? take(o, s, root, e)
			 : refused(o, answer->status, root, e);
	http_free(http);
	buf_release(&form);
	json_doc_free(doc);
	return rc;
}

const char *
oauth_token(struct oauth *o, bool another, struct err *e)
{
	struct http_answer answer;
	struct settings s;
	int rc;

	if (!another && o->token.n > 0 && time_steady_ms() / 1000 < o->until)
		return buf_cstr(&o->token);
	http_answer_init(&answer, ANSWER_BYTES);
	rc = settings_open(&s, o, e);
	if (rc == 0)
		rc = ask(o, &s, &answer, e);
	settings_close(&s);
	http_answer_release(&answer);
	return rc < 0 ? NULL : buf_cstr(&o->token);
}

struct connection *
oauth_connect(struct oauth *o, struct connection_login *login, struct err *e)
{
	struct connection *c = NULL;

	if (o == NULL)
		return connection_open(login, e);
	for (int i = 0; i < 2 && c == NULL; i++) {
		login->token = oauth_token(o, i > 0, e);
		if (login->token == NULL)
			return NULL;
		c = connection_open(login, e);
		if (c == NULL && e->code == ERR_AGAIN)
			return NULL;
	}
	return c;
}
