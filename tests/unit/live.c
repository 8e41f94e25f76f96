#include "live/sources.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char folder[] = "/tmp/kith-live-XXXXXX";
static char path[64];

static void
put(const char *text, unsigned mode)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
	chmod(path, mode);
}

static void
operands(void)
{
	ok(live_is("@team") && live_is("@all"), "by name");
	ok(live_is("imaps://a@b/"), "by url");
	ok(!live_is("a.mbox") && !live_is("./@team") && !live_is("-"),
	    "files are none");
	ok(!live_is("://x"), "nor what has no scheme");
}

static void
chosen(void)
{
	struct err e = { 0 };
	struct workspace *c;
	struct live_sources s = { 0 };

	put("sources: {desk: {url: \"imaps://a@b\"}, team: {service: x}}\n",
	    0600);
	c = workspace_read(path, NULL, NULL, &e);
	ok(c != NULL && live_select(&s, c, "@team", &e) == 0, "one of them");
	is_str(str_of(s.list.v[0]->service), "x", "that one");
	live_release(&s);
	s = (struct live_sources){ 0 };
	ok(live_select(&s, c, "@all", &e) == 0 && s.list.n == 1,
	    "all that a server has");
	is_str(str_of(s.list.v[0]->name), "desk",
	    "what services send is no source");
	live_release(&s);
	s = (struct live_sources){ 0 };
	ok(live_select(&s, c, "imaps://x@y/", &e) == 0, "a url");
	is_str(str_of(s.list.v[0]->url), "imaps://x@y/", "is one by itself");
	ok(live_select(&s, c, "@tean", &e) < 0, "none");
	is_str(str_sub(str_of(e.msg), strlen("@tean: ") + strlen(path), 99),
	    " has no source of that name; did you mean '@team'?",
	    "with the nearest");
	live_release(&s);
	workspace_free(c);
	c = workspace_read(NULL, NULL, NULL, &e);
	s = (struct live_sources){ 0 };
	ok(live_select(&s, c, "@all", &e) < 0, "no workspace");
	is_str(str_of(e.msg),
	    "@all: the workspace file names no sources; write 'sources:' into "
	    "it, and give it by -C",
	    "with the mend");
	live_release(&s);
	workspace_free(c);
}

static void
secrets(void)
{
	struct err e = { 0 };
	struct buf b;

	buf_init(&b, LIVE_SECRET_MAX);
	put("s3cret \n", 0600);
	ok(live_secret(path, &b, &e) == 0, "a secret");
	is_str(buf_str(&b), "s3cret ", "without its newline");
	buf_reset(&b);
	put("\n", 0600);
	ok(live_secret(path, &b, &e) < 0, "an empty one");
	put("open\n", 0644);
	buf_reset(&b);
	ok(live_secret(path, &b, &e) < 0, "one that all can read");
	buf_release(&b);
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		return 2;
	snprintf(path, sizeof(path), "%s/kith.yaml", folder);
	operands();
	chosen();
	secrets();
	unlink(path);
	rmdir(folder);
	return done();
}
