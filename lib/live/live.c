#include "live/live.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/diag.h"
#include "core/time.h"
#include "live/parts.h"

void
live_hints_release(struct live_hints *h)
{
	vec_release(&h->places);
	arena_release(&h->arena);
}

static void
one_free(struct live_one *o)
{
	imap_account_close(&o->imap);
	if (o->open)
		live_store_close(&o->store);
	if (o->kind == LIVE_API)
		api_close(&o->api.api);
	live_service_free(o->service);
	buf_release(&o->secret);
	oauth_release(&o->oauth);
	live_hints_release(&o->hints);
	free(o);
}

void
live_free(struct live *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->ones.n; i++)
		one_free(l->ones.v[i]);
	vec_release(&l->ones);
	for (size_t i = 0; i < l->selected.n; i++) {
		live_release(l->selected.v[i]);
		free(l->selected.v[i]);
	}
	vec_release(&l->selected);
	arena_release(&l->arena);
	free(l);
}

static const char *const imaps[] = { "imaps", "imap", NULL };
static const char *const pop3s[] = { "pop3s", "pop3", NULL };

/* ~/.netrc, where it is. */
static const char *
find_netrc(struct live *l)
{
	const char *home = getenv("HOME");

	if (l->netrc == NULL && home != NULL && *home != '\0')
		l->netrc = arena_printf(&l->arena, "%s/.netrc", home).p;
	return l->netrc == NULL || file_is_missing(l->netrc) ? NULL : l->netrc;
}

/* The folder is written to when a refresh token is replaced. */
static int
take_token(struct live *l, struct live_one *o, struct err *e)
{
	struct str path = str_of(o->source->token_file);
	ptrdiff_t slash = str_rchr(path, '/');

	if (oauth_read(&o->oauth, o->source->token_file, e) < 0)
		return -1;
	o->oauth.ca_file = getenv("SSL_CERT_FILE");
	o->imap.oauth = &o->oauth;
	o->token_folder =
	    slash < 0 ? "."
		      : arena_cstr(&l->arena,
			    str_sub(path, 0, slash == 0 ? 1 : (size_t)slash));
	return 0;
}

/*
 * Of a source in the workspace the file that it names; of a url the option's,
 * else what curl(1) would take, ~/.netrc.
 */
static int
take_password(
    struct live *l, struct live_one *o, const struct live_url *u, struct err *e)
{
	const char *file = o->source->password_file;
	bool named = o->source->name != o->source->url;

	if (o->source->token_file != NULL)
		return take_token(l, o, e);
	if (file == NULL && !named)
		file = l->run.password_file;
	if (file != NULL) {
		if (live_secret(file, &o->secret, e) < 0)
			return -1;
		o->imap.login.password = buf_cstr(&o->secret);
		return 0;
	}
	o->imap.login.netrc = find_netrc(l);
	if (o->imap.login.netrc != NULL) {
		/* For which libcurl knows a user of the url alone. */
		o->imap.login.url = u->account;
		o->imap.login.user = NULL;
		return 0;
	}
	return err_set(e,
	    "%s: no password: %s, or ~/.netrc has it for the server", o->name,
	    named ? "passwordFile (or tokenFile) in the workspace file names a "
		    "file that holds it"
		  : "--password-file names a file that holds it");
}

static int
add_mailbox(struct live *l, struct live_one *o, struct err *e)
{
	const struct workspace_source *source = o->source;
	struct live_url u;

	if (live_url_read(&u, source->url, &l->arena, e) < 0)
		return -1;
	o->kind =
	    str_is_one_of(str_of(u.scheme), pop3s) ? LIVE_POP3 : LIVE_IMAP;
	if (o->kind == LIVE_IMAP && !str_is_one_of(str_of(u.scheme), imaps))
		return err_set(e,
		    "%s: '%s' is none of the kinds of live sources: imaps, "
		    "imap, pop3s and pop3",
		    o->name, u.scheme);
	if (o->kind == LIVE_POP3 && (u.folder != NULL || source->folders.n > 0))
		return err_set(e, "%s: POP3 has no folders", o->name);
	o->imap = (struct imap_account){
		.login = { .url = u.server,
		    .user = u.user,
		    .ca_file = getenv("SSL_CERT_FILE") },
		.url = u.account,
		.name = o->name,
		.patterns = &source->folders,
		.folder = source->folders.n > 0 ? NULL : u.folder,
		.max_item = l->run.max_item,
	};
	if (take_password(l, o, &u, e) < 0)
		return -1;
	o->pop3 = (struct pop3_account){
		.login = o->imap.login,
		.oauth = o->imap.oauth,
		.url = u.account,
		.max_item = l->run.max_item,
	};
	return 0;
}

/* A token that stands there as it is, or what gets one (OAuth). */
static int
take_secret(struct live *l, struct live_one *o, struct err *e)
{
	const char *file = o->source->token_file != NULL
			       ? o->source->token_file
			       : o->source->password_file;

	if (file == NULL)
		return !api_has_secret(&o->api.api)
			   ? 0
			   : err_set(e,
				 "%s: no secret: tokenFile in the workspace "
				 "file names a file that holds it",
				 o->name);
	if (live_secret(file, &o->secret, e) < 0)
		return -1;
	if (o->secret.p[0] == '{') {
		if (take_token(l, o, e) < 0)
			return -1;
		o->api.api.oauth = &o->oauth;
		return 0;
	}
	o->api.api.secret = buf_str(&o->secret);
	return 0;
}

static int
add_service(struct live *l, struct live_one *o, struct err *e)
{
	const struct workspace_source *source = o->source;

	o->kind = LIVE_API;
	o->service = live_service_read(
	    l->run.source->workspace, source, SERVICE_POLL, e);
	if (o->service == NULL)
		return err_prefix(e, "%s", o->name);
	o->api = (struct api_account){
		.api = { .service = o->service,
		    .source = source,
		    .ca_file = getenv("SSL_CERT_FILE") },
		.name = o->name,
		.context = l->run.source,
		.max_item = l->run.max_item,
	};
	if (!o->service->polls)
		return err_set(e,
		    "%s: %s cannot be asked for what is new: what it sends is "
		    "read of the spool of hooks, and its exports as files",
		    o->name, source->service);
	if (source->url == NULL && o->service->poll.base.p == NULL)
		return err_set(e, "%s: the source needs a url: where %s is",
		    o->name, source->service);
	return take_secret(l, o, e);
}

static int
add_one(struct live *l, const struct workspace_source *source, struct err *e)
{
	struct live_one *o = xcalloc(1, sizeof(*o));

	vec_add(&l->ones, o);
	buf_init(&o->secret, LIVE_SECRET_MAX);
	o->source = source;
	o->name = source->name == source->url
		      ? source->name
		      : arena_printf(&l->arena, "@%s", source->name).p;
	if (source->service != NULL)
		return add_service(l, o, e);
	if (source->url == NULL)
		return err_set(e,
		    "%s: the source names neither a url nor a service",
		    o->name);
	return add_mailbox(l, o, e);
}

struct live *
live_new(const struct live_run *run)
{
	struct live *l = xcalloc(1, sizeof(*l));

	l->run = *run;
	return l;
}

int
live_add(struct live *l, const char *operand, struct err *e)
{
	struct live_sources *s = xcalloc(1, sizeof(*s));

	vec_add(&l->selected, s);
	if (l->run.state == NULL)
		return err_set(e,
		    "%s: a live source needs a state, which keeps what came "
		    "until it has left: -S DIR",
		    operand);
	if (live_select(s, l->run.source->workspace, operand, e) < 0)
		return -1;
	for (size_t i = 0; i < s->list.n; i++)
		if (add_one(l, s->list.v[i], e) < 0)
			return -1;
	return 0;
}

const char *
live_path(const struct live *l, size_t i, bool *written)
{
	*written = false;
	for (size_t k = 0; k < l->ones.n; k++)
		if (l->ones.v[k]->token_folder != NULL && i-- == 0) {
			*written = true;
			return l->ones.v[k]->token_folder;
		}
	return i == 0 ? l->netrc : NULL;
}

bool
live_again(const struct live *l)
{
	return l->again;
}

/* What came before leaves first.  1 where another run has the store. */
static int
open_store(struct live *l, struct live_one *o, struct err *e)
{
	bool lost;

	if (live_store_open(&o->store, l->run.state, o->source->name, e) < 0) {
		live_store_close(&o->store);
		return e->code == ERR_AGAIN ? 1 : -1;
	}
	o->open = true;
	lost = o->store.lost;
	if (live_store_give(&o->store, l->run.sink, e) < 0)
		return -1;
	if (lost || o->store.lost)
		diag(DIAG_WARN, o->name,
		    "the journal in %s lacks what was read: all is read again",
		    o->store.folder);
	return 0;
}

/* What was written leaves, and the journal learns of it. */
static int
leave(struct live *l, struct live_one *o, struct err *e)
{
	int rc = l->run.leave(l->run.arg, e);

	if (rc < 0)
		return -1;
	return rc > 0 ? journal_set_mark(&o->store.journal, o->store.given, e)
		      : journal_note(&o->store.journal, o->store.given, e);
}

/* How loud that is: who follows reads on. */
static enum diag_level
level(const struct live *l, const struct live_one *o, const struct err *e)
{
	if (l->following && !o->hopeless)
		return DIAG_WARN;
	return e->code == ERR_AGAIN ? DIAG_ERROR : DIAG_FATAL;
}

/* Says once that it fails, and once that it is well again. */
static void
tell(struct live *l, struct live_one *o, bool failed, const struct err *e)
{
	o->hopeless = failed && e->code != ERR_AGAIN &&
		      o->store.status.success == TIME_NONE;
	if (failed && (!o->failing || strcmp(o->said, e->msg) != 0)) {
		diag(level(l, o, e), o->name, "%s", e->msg);
		snprintf(o->said, sizeof(o->said), "%s", e->msg);
	}
	if (!failed && o->failing)
		diag(DIAG_NOTE, o->name, "reads again");
	o->failing = failed;
	l->again |= failed && e->code == ERR_AGAIN;
}

static int
ask_one(struct live *l, struct live_one *o, struct err *e)
{
	const struct workspace *c = l->run.source->workspace;

	switch (o->kind) {
	case LIVE_POP3:
		return pop3_account_poll(
		    &o->pop3, &o->store, c, l->run.sink, e);
	case LIVE_API:
		return api_account_poll(&o->api, &o->store, l->run.sink, e);
	case LIVE_IMAP:
		break;
	}
	o->imap.now = l->run.clock(l->run.arg);
	return imap_account_poll(&o->imap, &o->store, c, l->run.sink, e);
}

/* 1 where another run has it, which is said. */
static int
open_one(struct live *l, struct live_one *o, struct err *e)
{
	struct err why = { .code = ERR_FAIL };
	int rc = o->open ? 0 : open_store(l, o, &why);

	if (rc > 0)
		tell(l, o, true, &why);
	if (rc >= 0)
		return rc;
	*e = why;
	return err_prefix(e, "%s", o->name);
}

int
live_poll_one(struct live *l, struct live_one *o, struct err *e)
{
	struct err why = { .code = ERR_FAIL };
	int rc = open_one(l, o, e);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = ask_one(l, o, &why);
	if (rc < 0 && (o->store.broken || o->store.journal.failed)) {
		*e = why;
		return err_prefix(e, "%s", o->name);
	}
	/* That it was cut off says nothing of the source. */
	if (rc < 0 && l->cut)
		return leave(l, o, e);
	tell(l, o, rc < 0, &why);
	if (leave(l, o, e) < 0 ||
	    live_status_note(&o->store, l->run.clock(l->run.arg),
		rc < 0 ? why.msg : NULL, e) < 0)
		return err_prefix(e, "%s", o->name);
	return 0;
}

static bool
failed_last(const struct live_one *o)
{
	const struct live_status *s = &o->store.status;

	return s->failure != TIME_NONE &&
	       (s->success == TIME_NONE || s->failure > s->success);
}

/* 1 where it waits for its turn: one that failed the last time keeps none
 * waiting that did not. */
static int
poll_once(struct live *l, struct live_one *o, bool last, struct err *e)
{
	int rc = open_one(l, o, e);

	if (rc == 0 && failed_last(o) && !last) {
		live_store_close(&o->store);
		o->open = false;
		return 1;
	}
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (live_poll_one(l, o, e) < 0)
		return -1;
	imap_account_close(&o->imap);
	if (o->open)
		live_store_close(&o->store);
	o->open = false;
	return 0;
}

int
live_poll(struct live *l, struct err *e)
{
	struct VEC(struct live_one *) later = { 0 };
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < l->ones.n; i++) {
		rc = poll_once(l, l->ones.v[i], false, e);
		if (rc > 0)
			vec_add(&later, l->ones.v[i]);
	}
	for (size_t i = 0; rc >= 0 && i < later.n; i++)
		rc = poll_once(l, later.v[i], true, e);
	vec_release(&later);
	return rc < 0 ? -1 : 0;
}
