#include "live/setup.h"

#include <errno.h>
#include <stdlib.h>

#include "core/io/file.h"
#include "core/text/ascii.h"
#include "core/text/base64.h"
#include "live/service/service.h"
#include "live/sources.h"

struct setup {
	const struct workspace *workspace;
	void (*tell)(void *arg, const char *fault);
	void *arg;
	struct err *e; /* the last fault */
	size_t faults, hooks;
	struct buf out;
	struct buf secret;
	struct arena arena;
};

/* The one before is told only now, since the last stays in s->e. */
static void
fault(struct setup *s, const struct workspace_source *of, const struct err *why)
{
	if (s->faults++ > 0 && s->tell != NULL)
		s->tell(s->arg, s->e->msg);
	err_set(s->e, "@%s: %s", of->name, why->msg);
}

/* Base64 or hex into bytes, in the arena.  0, or -1 where it is none. */
static int
decode(struct setup *s, enum hook_coding coding, struct str *secret)
{
	char *to = arena_alloc(&s->arena, BASE64_DECODED(secret->n) + 1);
	size_t n;

	if (coding == HOOK_TEXT) {
		*secret = arena_dup(&s->arena, *secret);
		return 0;
	}
	if (coding == HOOK_BASE64) {
		if (!base64_is(*secret))
			return -1;
		*secret = str_make(to, base64_decode(*secret, to));
		return secret->n == 0 ? -1 : 0;
	}
	for (n = 0; n < secret->n / 2; n++) {
		int high = ascii_hex(secret->p[2 * n]);
		int low = ascii_hex(secret->p[2 * n + 1]);

		if (high < 0 || low < 0)
			return -1;
		to[n] = (char)(high * 16 + low);
	}
	if (secret->n % 2 != 0)
		return -1;
	*secret = str_make(to, n);
	return 0;
}

/* Is it written in one way, whoever writes JSON? */
static bool
is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !ascii_is_in(s.p[i], "-._~"))
			return false;
	return s.n > 0;
}

static int
add_secret(
    struct setup *s, struct hook_rule *rule, const char *path, struct err *e)
{
	struct str secret;

	if (rule->secret_count == HOOK_SECRETS)
		return err_set(
		    e, "secretFile has more than %d files", (int)HOOK_SECRETS);
	buf_reset(&s->secret);
	if (live_secret(path, &s->secret, e) < 0)
		return -1;
	secret = buf_str(&s->secret);
	if (str_starts(secret, rule->key_prefix))
		secret = str_sub(secret, rule->key_prefix.n, secret.n);
	if (decode(s, rule->key, &secret) < 0 ||
	    (rule->algorithm == HOOK_ED25519 && secret.n != 32))
		return err_set(e, "%s: the secret must be %s%s", path,
		    hook_codings[rule->key],
		    rule->algorithm == HOOK_ED25519 ? " of 32 bytes" : "");
	if (rule->member.n > 0 && !is_plain(secret))
		return err_set(e,
		    "%s: the secret must be letters, digits and -._~ alone: "
		    "all else may be written in several ways in JSON",
		    path);
	rule->secrets[rule->secret_count++] = secret;
	return 0;
}

static int
add_word(struct setup *s, struct hook_rule *rule,
    const struct workspace_source *of, struct err *e)
{
	if (of->challenge_file == NULL)
		return err_set(e, "challengeFile is missing: the word that "
				  "was given to the service with our address");
	buf_reset(&s->secret);
	if (live_secret(of->challenge_file, &s->secret, e) < 0)
		return -1;
	rule->word = arena_dup(&s->arena, buf_str(&s->secret));
	return 0;
}

static int
add_source(struct setup *s, const struct workspace_source *of,
    const struct live_service *service, struct err *e)
{
	struct hook_rule rule = service->rule;

	rule.source = str_of(of->name);
	rule.service = str_of(of->service);
	if (service->url && of->hook == NULL)
		return err_set(e,
		    "hook is missing: our address as %s calls "
		    "it, such as https://www.example.com/hook/%s",
		    of->service, of->name);
	if (service->url && !str_starts(str_of(of->hook), STR("https://")) &&
	    !str_starts(str_of(of->hook), STR("http://")))
		return err_set(e, "hook must begin with https://");
	if (of->hook != NULL)
		rule.url = str_of(of->hook);
	if (of->secret_files.n == 0)
		return err_set(e, "secretFile is missing: the file of what "
				  "signs its hooks");
	for (size_t i = 0; i < of->secret_files.n; i++)
		if (add_secret(s, &rule, of->secret_files.v[i].p, e) < 0)
			return -1;
	if (service->word && add_word(s, &rule, of, e) < 0)
		return -1;
	hook_conf_add(&s->out, &rule);
	s->hooks++;
	return 0;
}

static void
take_source(struct setup *s, const struct workspace_source *of)
{
	struct live_service *service;
	struct err why;

	if (of->service == NULL)
		return;
	service = live_service_read(
	    s->workspace, of, SERVICE_ITEMS | SERVICE_POLL, &why);
	if (service == NULL ||
	    (service->hooks && add_source(s, of, service, &why) < 0))
		fault(s, of, &why);
	live_service_free(service);
}

static int
write_conf(struct setup *s)
{
	const char *spool = s->workspace->spool;
	struct str path =
	    ARENA_JOIN(&s->arena, str_of(spool), STR("/" HOOK_CONF));

	if (s->out.over)
		return err_set(s->e, "%s: more than %d bytes of hooks", path.p,
		    (int)HOOK_CONF_MAX);
	return file_make_dir(spool, s->e) < 0 ||
		       file_write_durable(
			   path.p, buf_str(&s->out), 0600, s->e) < 0
		   ? -1
		   : 0;
}

int
live_hook_setup(const struct workspace *c,
    void (*tell)(void *arg, const char *fault), void *arg, size_t *hooks,
    struct err *e)
{
	struct setup s = { .workspace = c, .tell = tell, .arg = arg, .e = e };
	char *path;
	int rc = -1;

	if (c->spool == NULL)
		return err_set(e, "the workspace file names no spool; write "
				  "'spool: spool' into it, and give it by -C");
	path = realpath(c->path, NULL);
	if (path == NULL)
		return err_sys(e, errno, "%s", c->path);
	buf_init(&s.out, HOOK_CONF_MAX);
	buf_init(&s.secret, LIVE_SECRET_MAX);
	hook_conf_begin(&s.out, str_of(path));
	for (size_t i = 0; i < c->sources.n; i++)
		take_source(&s, &c->sources.v[i]);
	hook_conf_end(&s.out);
	if (s.faults == 0)
		rc = write_conf(&s);
	*hooks = s.hooks;
	free(path);
	buf_release(&s.out);
	buf_release(&s.secret);
	arena_release(&s.arena);
	return rc;
}
