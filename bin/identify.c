/*
 * identify: who may have taken part in a record, as keys with the trust that
 * each has earned.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "driver/driver.h"
#include "identify/authserv.h"
#include "identify/evidence.h"
#include "identify/numbers.h"
#include "identify/verify/verify.h"
#include "record/channels.h"
#include "record/pipeline.h"

struct identify {
	struct opt_list authserv; /* --authserv */
	struct opt_list spoofable; /* --spoofable */
	const char *patterns; /* --patterns */
	const char *resolver; /* --resolver */
	bool verify, keep_native; /* --verify, --keep-native */
	struct workspace config; /* the workspace's, with these */
	bool said; /* it has a word on what is spoofable */
	struct evidence_rules rules;
	struct ours ours;
	struct us us;
	struct authserv servers;
	struct numbers numbers;
	struct record *record, *ahead;
	struct evidence_list *list;
};

static const struct opt opts[] = {
	{ 0, "authserv", OPT_LIST, offsetof(struct identify, authserv), "NAME",
	    "believe the Authentication-Results of this server", 0, 0, NULL },
	{ 'k', "keep-native", OPT_FLAG, offsetof(struct identify, keep_native),
	    NULL, "with --verify: keep the raw mail in the record", 0, 0,
	    NULL },
	{ 0, "patterns", OPT_TEXT, offsetof(struct identify, patterns), "FILE",
	    "find keys in texts by the patterns of this file", 0, 0, NULL },
	{ 0, "resolver", OPT_TEXT, offsetof(struct identify, resolver), "ADDR",
	    "ask this server of the DNS, not the system's", 0, 0, NULL },
	{ 0, "spoofable", OPT_LIST, offsetof(struct identify, spoofable),
	    "CHANNEL",
	    "senders prove nothing on this channel, or by this type of key", 0,
	    0, NULL },
	{ 0, "verify", OPT_FLAG, offsetof(struct identify, verify), NULL,
	    "check who sent a mail: SPF, DKIM, ARC and DMARC by the DNS", 0, 0,
	    NULL },
	{ 0 },
};

/* The workspace's entries and those of the option; freed with free. */
static struct workspace_list
joined(const struct workspace_list *of, const struct opt_list *more)
{
	struct workspace_list l = { 0 };

	l.v = xcalloc(of->n + more->n + 1, sizeof(*l.v));
	for (size_t i = 0; i < of->n; i++)
		l.v[l.n++] = of->v[i];
	for (size_t i = 0; i < more->n; i++)
		l.v[l.n++] = str_of(more->v[i]);
	return l;
}

/* Our own checks, where they are asked for. */
static int
open_verifier(struct run *r, struct identify *t, struct err *e)
{
	struct verifier_settings s = { .config = &t->config,
		.resolver =
		    t->resolver == NULL ? t->config.resolver : t->resolver,
		.state = run_state(r),
		.now = run_now(r) };

	if (!t->verify && !t->config.verify)
		return t->resolver == NULL && !t->keep_native
			   ? 0
			   : err_set(e, "--resolver and --keep-native go with "
					"--verify");
	run_allow(r, s.state, SANDBOX_WRITE);
	run_allow_network(r);
	t->ahead = record_new();
	t->rules.verifier = verifier_open(&s, e);
	return t->rules.verifier == NULL ? -1 : 0;
}

/* One that is misspelt would leave believed what was to be doubted. */
static int
check_spoofable(const struct workspace_list *l, struct err *e)
{
	for (size_t i = 0; i < l->n; i++)
		if (!str_is(l->v[i], "tel") && channel_named(l->v[i]) == NULL &&
		    !trust_joins(key_type_of(l->v[i]).trust))
			return err_set(e,
			    "spoofable: '%.*s' is no channel (kith normalize "
			    "--list-channels), nor tel for all of them",
			    STR_ARG(l->v[i]));
	return 0;
}

static int
identify_open(struct run *r, void *self, struct err *e)
{
	struct identify *t = self;
	const struct workspace *c = run_workspace(r);
	const char *patterns = t->patterns == NULL ? c->patterns : t->patterns;

	t->config = *c;
	t->config.verify |= t->verify;
	t->config.authserv = joined(&c->authserv, &t->authserv);
	t->config.spoofable = joined(&c->spoofable, &t->spoofable);
	t->said = c->spoofable.v != NULL;
	if (check_spoofable(&t->config.spoofable, e) != 0)
		return -1;
	if (patterns != NULL &&
	    (t->rules.patterns = extract_read(patterns, e)) == NULL)
		return -1;
	ours_init(&t->ours, &t->config);
	us_init(&t->us, c);
	t->rules.config = &t->config;
	t->rules.ours = &t->ours;
	t->rules.spoofable = t->config.spoofable;
	t->record = record_new();
	t->list = xcalloc(1, sizeof(*t->list));
	return open_verifier(r, t, e);
}

static bool
identify_prepare(void *self, struct str line)
{
	struct identify *t = self;
	struct err e;

	if (t->rules.verifier == NULL || verifier_is_offline(t->rules.verifier))
		return false;
	if (record_parse(t->ahead, line, &e) == 0)
		evidence_prepare(t->ahead, &t->rules);
	return true;
}

static enum stage_result
identify_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct identify *t = self;
	struct auth auth;

	if (record_parse(t->record, line, e) != 0 ||
	    pipeline_check(t->record, e) != 0)
		return STAGE_REJECT;
	us_see(&t->us, t->record);
	authserv_see(&t->servers, t->record, &t->config);
	evidence_find(t->record, &t->rules, t->list, &auth);
	authserv_unsure(&t->servers, auth.unsure);
	numbers_see(&t->numbers, t->record, t->list);
	evidence_put(t->record, t->list, &auth);
	if (t->rules.verifier != NULL && !t->keep_native)
		record_drop(t->record, "native");
	if (record_write(t->record, sink_out(out), e) != 0)
		return STAGE_REJECT;
	return sink_commit(out, e) == 0 ? STAGE_OK : STAGE_FATAL;
}

static int
identify_end(void *self, struct sink *out, struct err *e)
{
	struct identify *t = self;
	const char *place;
	size_t n;

	(void)out;
	(void)e;
	us_warn(&t->us);
	authserv_warn(&t->servers, &t->config);
	if (t->rules.verifier != NULL)
		verifier_warn(t->rules.verifier);
	if (t->spoofable.n == 0 && !t->said)
		numbers_warn(&t->numbers, &t->config);
	if (t->rules.patterns == NULL)
		return 0;
	n = extract_given_up(t->rules.patterns, &place);
	if (n > 0)
		diag(DIAG_WARN, place,
		    "%zu searches were given up, this pattern's last: it "
		    "takes too long; make it simpler",
		    n);
	return 0;
}

static void
identify_close(void *self)
{
	struct identify *t = self;

	struct err e;

	if (verifier_close(t->rules.verifier, &e) != 0)
		diag(DIAG_WARN, NULL, "%s: what the DNS said is not kept",
		    e.msg);
	if (t->record != NULL)
		record_free(t->record);
	if (t->ahead != NULL)
		record_free(t->ahead);
	us_release(&t->us);
	ours_release(&t->ours);
	extract_free(t->rules.patterns);
	free(t->config.authserv.v);
	free(t->config.spoofable.v);
	free(t->list);
}

static const struct mode modes[] = {
	{ .line = identify_line,
	    .prepare = identify_prepare,
	    .end = identify_end },
};

const struct tool tool = {
	.name = "identify",
	.about = "find who took part: keys, and how far each can be trusted",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct identify),
	.stateless = true,
	.modes = modes,
	.open = identify_open,
	.close = identify_close,
};
