/*
 * kith-hook: a program for the CGI (RFC 3875) of any web server.  It takes what
 * services send by their hooks, when it proves whose it is, and says 200 once
 * it is on disk.  What it means is ingest's: this starts anew for each request,
 * and links next to nothing.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/diag.h"
#include "core/hash.h"
#include "core/io/file.h"
#include "core/opt.h"
#include "core/sandbox/sandbox.h"
#include "core/time.h"
#include "hook/body.h"
#include "hook/challenge.h"
#include "hook/spool.h"
#include "hook/verify.h"

struct hook {
	const char *spool;
	struct hook_request request;
	struct hook_rule rule;
	struct arena arena;
	struct buf conf, body;
	int64_t now;
};

static const char *
variable(void *arg, const char *name)
{
	(void)arg;
	return getenv(name);
}

/* The whole answer; an empty text is an empty body.  Returns the exit code: a
 * server takes another than 0 for a program that failed. */
static int
answer(const char *status, const char *more, struct str text)
{
	bool json = text.n > 0 && text.p[0] == '{';

	printf("Status: %s\r\nContent-Type: %s\r\n"
	       "X-Content-Type-Options: nosniff\r\n"
	       "Cache-Control: no-store\r\n%s\r\n",
	    status, json ? "application/json" : "text/plain; charset=utf-8",
	    more);
	fwrite(text.p == NULL ? "" : text.p, 1, text.n, stdout);
	return fflush(stdout) == 0 ? 0 : 2;
}

static int
plain(const char *status)
{
	return answer(status, "", STR(""));
}

/* Not now: the service keeps it, and sends it again, in half a minute. */
static int
later(const char *why)
{
	diag(DIAG_ERROR, NULL, "%s", why);
	return answer(
	    "503 Service Unavailable", "Retry-After: 30\r\n", STR(""));
}

/* Says in the server's log what was wrong with the request. */
static int
refuse(struct hook *h, const char *status, const char *why)
{
	diag(DIAG_ERROR, NULL, "%.200s: %s",
	    hook_variable(&h->request, "PATH_INFO").p == NULL
		? "no PATH_INFO"
		: getenv("PATH_INFO"),
	    why);
	return plain(status);
}

/* 1, 0 where there is no such source, -1. */
static int
read_conf(struct hook *h, struct err *e)
{
	struct str workspace, path;
	int found;

	h->spool = getenv("KITH_SPOOL");
	if (h->spool == NULL || h->spool[0] != '/')
		return err_set(e, "KITH_SPOOL must be the spool's path from /; "
				  "the web server sets it, see kith-hook(1)");
	path = ARENA_JOIN(&h->arena, str_of(h->spool), STR("/" HOOK_CONF));
	if (file_read_secret(path.p, &h->conf, e) < 0)
		return -1;
	found = hook_conf_read(buf_str(&h->conf), hook_source(&h->request),
	    &h->arena, &h->rule, &workspace, e);
	if (found < 0)
		return err_prefix(e, "%s", path.p);
	return hook_conf_check_age(path.p, workspace, &h->arena, e) < 0 ? -1
									: found;
}

/* What is left to open is in the spool. */
static int
raise_walls(struct hook *h, struct err *e)
{
	struct sandbox s = { 0 };
	unsigned missing;
	const char *why;
	int rc;

	sandbox_allow(&s, h->spool, SANDBOX_WRITE);
	rc = sandbox_raise(&s, &missing, &why, e);
	sandbox_release(&s);
	return rc;
}

/* Is it what is asked there at set-up?  Then *rc is the exit code. */
static bool
challenged(struct hook *h, enum hook_place place, int *rc)
{
	struct str text;

	switch (
	    hook_challenged(&h->rule, &h->request, place, &h->arena, &text)) {
	case HOOK_ANSWERED:
		*rc = answer("200 OK", "", text);
		return true;
	case HOOK_WRONG_WORD:
		*rc = refuse(h, "403 Forbidden",
		    "the challenge's word is not that of challengeFile");
		return true;
	default:
		return false;
	}
}

static int
post(struct hook *h)
{
	struct err e;
	const char *status;
	struct spooled s = { .source = h->rule.source,
		.type = hook_variable(&h->request, "CONTENT_TYPE"),
		.at = h->now };
	int rc;

	if (challenged(h, HOOK_IN_POST, &rc))
		return rc;
	status = hook_body(&h->request, &h->body);
	if (status != NULL)
		return refuse(h, status, "its body cannot be taken");
	if (challenged(h, HOOK_UNSIGNED, &rc))
		return rc;
	if (hook_verify(&h->rule, &h->request, h->now, &e) < 0)
		return refuse(h, "401 Unauthorized", e.msg);
	if (challenged(h, HOOK_IN_JSON, &rc))
		return rc;
	s.body = h->request.body;
	return spooled_write(h->spool, &s, &e) < 0 ? later(e.msg)
						   : plain("200 OK");
}

static int
serve(struct hook *h)
{
	struct str method = hook_variable(&h->request, "REQUEST_METHOD");
	struct err e;
	int rc, found = read_conf(h, &e);

	if (found < 0 || raise_walls(h, &e) < 0)
		return later(e.msg);
	if (found == 0)
		return refuse(h, "404 Not Found", "no source of that name");
	if (str_is(method, "POST"))
		return post(h);
	/* Intercom asks so whether anybody is there. */
	if (str_is(method, "HEAD"))
		return plain("200 OK");
	if (str_is(method, "GET") && challenged(h, HOOK_IN_QUERY, &rc))
		return rc;
	return answer("405 Method Not Allowed", "Allow: POST\r\n", STR(""));
}

struct usage {
	bool help, version, completions;
};

static const struct opt opts[] = {
	{ 'h', "help", OPT_FLAG, offsetof(struct usage, help), NULL,
	    "show this", 0, 0, NULL },
	{ 'V', "version", OPT_FLAG, offsetof(struct usage, version), NULL,
	    "show the version", 0, 0, NULL },
	{ 0, "completions", OPT_FLAG, offsetof(struct usage, completions), NULL,
	    "list the options, one a line with tabs", 0, 0, NULL },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

/* By a person, not by a server. */
static int
command_line(int argc, char **argv)
{
	struct usage u = { 0 };
	struct err e;
	int operands;

	if (opt_parse(argc, argv, opts, &u, opts, &u, &operands, &e) < 0) {
		diag(DIAG_FATAL, NULL, "%s", e.msg);
		return 2;
	}
	if (u.version)
		puts("kith-hook " KITH_VERSION);
	else if (u.completions)
		opt_list_lines(opts);
	else if (u.help)
		puts("usage: kith-hook\n"
		     "take what services send by their hooks, for a web "
		     "server\n\nOptions:");
	else
		diag(DIAG_FATAL, NULL,
		    "a web server starts this, see "
		    "kith-hook(1)");
	if (u.help)
		opt_help(opts);
	return u.help || u.version || u.completions ? 0 : 2;
}

int
main(int argc, char **argv)
{
	struct hook h = { .request = { .variable = variable } };
	struct str now = str_of(getenv("KITH_NOW"));
	int rc;

	diag_init("kith-hook");
	/* A server may have words of the query as arguments (RFC 3875, 4.4):
	 * they are none of ours. */
	if (getenv("REQUEST_METHOD") == NULL)
		return command_line(argc, argv);
	if (now.p == NULL || time_parse(now, &h.now) < 0)
		h.now = time_clock();
	hash_alone();
	buf_init(&h.conf, HOOK_CONF_MAX);
	buf_init(&h.body, HOOK_BODY + 1);
	rc = serve(&h);
	buf_release(&h.conf);
	buf_release(&h.body);
	arena_release(&h.arena);
	return rc;
}
