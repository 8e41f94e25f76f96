/*
 * The walls of --sandbox around a run: raised when all that the operator wrote
 * was read (options, workspace, rules, secrets), before the first byte of what
 * customers wrote.  What may still be opened is what options, operands and the
 * workspace name, the state, and what libraries need.
 */
#include <stdlib.h>
#include <string.h>

#include "core/diag.h"
#include "core/io/archive.h"
#include "core/io/file.h"
#include "core/io/sort.h"
#include "core/sandbox/program.h"
#include "driver/run.h"

static void
allow_option(struct run *r, const struct opt *o, const void *at)
{
	const struct opt_list *l = at;

	if (o->kind == OPT_TEXT) {
		run_allow(r, *(const char *const *)at, SANDBOX_READ);
		return;
	}
	for (size_t i = 0; i < l->n; i++)
		run_allow(r, l->v[i], SANDBOX_READ);
}

static void
allow_options(struct run *r)
{
	for (const struct opt *o = r->tool->opts; o != NULL && o->name != NULL;
	     o++)
		if (opt_takes_path(o))
			allow_option(r, o, (const char *)r->self + o->at);
}

static void
allow_workspace(struct run *r)
{
	const struct workspace *c = r->config;
	const char *const paths[] = { c->rules, c->patterns, c->segments,
		c->transports, c->templates };
	const struct workspace_list *const lists[] = { &c->links, &c->acts };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		run_allow(r, paths[i], SANDBOX_READ);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		for (size_t k = 0; k < lists[i]->n; k++)
			run_allow(r, lists[i]->v[k].p, SANDBOX_READ);
}

static void
allow_folder(struct run *r, const char *path, unsigned rights)
{
	const char *slash = path == NULL ? NULL : strrchr(path, '/');
	char *folder;

	if (slash == NULL || slash == path) {
		run_allow(r, slash == NULL ? "." : "/", rights);
		return;
	}
	folder = xmemdup0(path, (size_t)(slash - path));
	run_allow(r, folder, rights);
	free(folder);
}

/* The folder of an operand: for standard input it is the current one. */
static void
allow_beside(struct run *r, const char *path)
{
	allow_folder(r, path, SANDBOX_READ);
}

void
run_allow_beside(struct run *r, const char *path)
{
	if (path != NULL)
		allow_folder(r, path, SANDBOX_WRITE);
}

static void
allow_input(struct run *r)
{
	if (r->mode->beside && r->operands[0] == NULL)
		allow_beside(r, NULL);
	run_allow(r, r->only, SANDBOX_READ);
	for (char *const *o = r->operands; *o != NULL; o++) {
		run_allow(r, *o, SANDBOX_READ);
		if (r->mode->beside)
			allow_beside(r, *o);
	}
}

/*
 * The state, and where merge sorts and SQLite puts what does not fit into
 * memory.  A state that is not there may be made by the tool before this one
 * in the pipe any moment, and a folder that is made later would lie behind the
 * wall: so it is made now.
 */
static void
allow_writing(struct run *r)
{
	const char *state = run_state(r), *dir = getenv("TMPDIR");
	struct err e;

	if (state != NULL &&
	    (r->mode->keeps || (r->mode->line != NULL && !r->not_operands)))
		(void)file_make_dir(state, &e); /* who needs it says so */
	run_allow(r, state, SANDBOX_WRITE);
	run_allow(r, sort_folder(), SANDBOX_WRITE);
	run_allow(r, getenv("SQLITE_TMPDIR"), SANDBOX_WRITE);
	if (dir == NULL || *dir == '\0')
		run_allow(r, "/var/tmp", SANDBOX_WRITE);
}

/* Names of hosts, and whose certificates are believed. */
static void
allow_network(struct run *r)
{
	static const char *const paths[] = { "/etc/resolv.conf", "/etc/hosts",
		"/etc/nsswitch.conf", "/etc/gai.conf", "/etc/host.conf",
		"/etc/services", "/etc/protocols", "/etc/localtime", "/etc/ssl",
		"/etc/pki", "/usr/lib/ssl", "/usr/share/ca-certificates",
		"/usr/local/share/ca-certificates", "/run/systemd/resolve" };
	static const char *const names[] = { "SSL_CERT_FILE", "SSL_CERT_DIR" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		run_allow(r, paths[i], SANDBOX_READ);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		run_allow(r, getenv(names[i]), SANDBOX_READ);
}

/* Which zone a time is in stands in the input. */
static void
allow_zones(struct sandbox *s)
{
	sandbox_allow(s, getenv("TZDIR"), SANDBOX_READ);
	sandbox_allow(s, "/usr/share/zoneinfo", SANDBOX_READ);
}

/* What it writes goes to a folder beside what is sorted. */
static void
allow_program(struct run *r)
{
	char *path =
	    r->mode->program == NULL ? NULL : program_find(r->mode->program);

	if (path == NULL)
		return;
	r->sandbox.programs = true;
	sandbox_allow_program(&r->sandbox, path);
	run_allow(r, sort_folder(), SANDBOX_WRITE);
	free(path);
}

static void
allow(struct run *r)
{
	allow_input(r);
	allow_options(r);
	allow_workspace(r);
	if (!r->tool->stateless)
		allow_writing(r);
	r->sandbox.network |= r->mode->network;
	r->sandbox.processes = true; /* workers */
	if (r->sandbox.network)
		allow_network(r);
	allow_program(r);
	allow_zones(&r->sandbox);
	sandbox_allow_libraries(&r->sandbox);
}

int
walls_raise(struct run *r, struct err *e)
{
	unsigned missing;
	const char *why;

	if (r->common.sandbox == SANDBOX_OFF || r->mode->free)
		return 0;
	unpack_by_workers(r->common.sandbox == SANDBOX_REQUIRE);
	program_behind_walls(r->common.sandbox == SANDBOX_REQUIRE);
	allow(r);
	if (sandbox_raise(&r->sandbox, &missing, &why, e) < 0)
		return err_prefix(e, "--sandbox");
	if (missing == 0)
		return 0;
	if (r->common.sandbox == SANDBOX_REQUIRE)
		return err_set(e, "--sandbox=require: %s", why);
	diag(DIAG_INFO, NULL, "--sandbox: %s", why);
	return 0;
}

void
walls_of_worker(struct sandbox *s)
{
	*s = (struct sandbox){ .worker = true };
	allow_zones(s);
}
