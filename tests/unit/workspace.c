#include "workspace/workspace.h"

#include <stdio.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/text/nearest.h"
#include "tap.h"
#include "text/phone.h"

static char folder[] = "/tmp/kith-config-XXXXXX";
static char path[64];

static void
put(const char *text)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
}

static void
whole(void)
{
	struct err e = { 0 };
	struct workspace *c;
	char want[128];

	put("us:\n"
	    "  emails: [Support@example.com]\n"
	    "  domains: [example.org]\n"
	    "  tels: [\"+49 (30) 123-456\"]\n"
	    "  uris: [\"slack:T1/U7\"]\n"
	    "zone: Europe/Berlin\n"
	    "region: DE\n"
	    "authserv: mx.example.com\n"
	    "state: state\n"
	    "vcon: {keys: [keys/pbx.pem, /etc/desk.pem]}\n"
	    "relays:\n"
	    "  - {domain: forms.example, author: replyTo}\n"
	    "  - {address: Web@agency.example, author: body}\n"
	    "rules: /etc/rules.yaml\n");
	c = workspace_read(path, NULL, NULL, &e);
	if (!ok(c != NULL, "is read"))
		printf("# %s\n", e.msg);
	is_str(str_of(c->zone), "Europe/Berlin", "zone");
	is_int((int64_t)c->authserv.n, 1, "one word is a list of one");
	snprintf(want, sizeof(want), "%s/state", folder);
	is_str(str_of(c->state), want, "beside the file");
	is_str(str_of(c->rules), "/etc/rules.yaml", "absolute");
	snprintf(want, sizeof(want), "%s/keys/pbx.pem", folder);
	is_str(c->vcon_keys.v[0], want, "a key beside the file");
	is_str(c->vcon_keys.v[1], "/etc/desk.pem", "and an absolute one");
	ok(c->links.n == 0, "not given");
	ok(workspace_our_email(c, STR("support@EXAMPLE.com")), "our address");
	ok(workspace_our_email(c, STR("any@Example.ORG")), "our domain");
	ok(!workspace_our_email(c, STR("any@example.com")), "not ours");
	ok(!workspace_our_email(c, STR("a@sub.example.org")), "nor below");
	ok(!workspace_our_email(c, STR("example.org")), "no address");
	ok(!workspace_our_email(c, STR_NONE), "none");
	ok(workspace_relay_of(c, STR("x@eu.Forms.example")) == &c->relays.v[0],
	    "a relay, below its domain");
	ok(workspace_relay_of(c, STR("x@myforms.example")) == NULL,
	    "another domain");
	ok(workspace_relay_of(c, STR("web@agency.example"))->author ==
		RELAY_BODY,
	    "a relay by its address");
	ok(workspace_relay_of(c, STR("info@agency.example")) == NULL,
	    "not its neighbour");
	ok(workspace_our_tel(c, STR("+4930123456")), "our number");
	ok(!workspace_our_tel(c, STR("+49301234567")), "not ours");
	ok(workspace_our_uri(c, STR("slack:T1/U7")), "our id");
	ok(!workspace_our_uri(c, STR("slack:t1/u7")), "case counts there");
	workspace_free(c);
}

static void
bad(const char *text, const char *want)
{
	struct err e = { 0 };
	char full[512];

	put(text);
	snprintf(full, sizeof(full), "%s:%s", path, want);
	ok(workspace_read(path, NULL, NULL, &e) == NULL, "is refused");
	is_str(str_of(e.msg), full, want);
}

static void
refused(void)
{
	bad("zone: UTC\nregoin: DE\n",
	    "2:1: unknown key 'regoin'; did you mean 'region'?");
	bad("us:\n  email: [a@b]\n",
	    "2:3: unknown key 'email' in us; did you mean 'emails'?");
	bad("fruit: 1\n",
	    "1:1: unknown key 'fruit'; there are us, relays, zone, region, "
	    "authserv, verify, resolver, state, rules, links, acts, link, model, patterns, spoofable, verified, vcon, segments, "
	    "transports, templates, approvers, sources, spool");
	bad("vcon: pbx.pem\n",
	    "1:7: keys are missing in vcon; write such as vcon: {keys: "
	    "[vcon.pem]}");
	bad("relays: {domain: a}\n",
	    "1:9: relays must be a list such as [{domain: forms.example, "
	    "author: replyTo}]");
	bad("relays: [{domain: a.example, author: me}]\n",
	    "1:10: relays: author must be replyTo, xOriginalFrom or body");
	bad("relays: [{author: body}]\n",
	    "1:10: relays: an entry needs an address with its '@', or a domain "
	    "without one");
	bad("us: {emails: [nobody]}\n",
	    "1:15: emails: 'nobody' has no '@'; write such as "
	    "support@example.com");
	bad("us: {emails: [\"Care <care@b.example>\"]}\n",
	    "1:15: emails: 'Care <care@b.example>' has a ' '; write such as "
	    "support@example.com");
	bad("us: {domains: [\"*.b.example\"]}\n",
	    "1:16: domains: '*.b.example' has a '*'; write such as "
	    "example.com");
	bad("us: {tels: [\"030 1\"]}\n",
	    "1:13: tels: '030 1' is no international number; write "
	    "\"+4930123456\"");
	bad("us: {tels: [\"+49 (0)30 1\", \"+49 x 1\"]}\n",
	    "1:28: tels: '+49 x 1' is no international number; write "
	    "\"+4930123456\"");
	bad("region: de\n",
	    "1:9: region: 'de' is no country with telephone numbers; write "
	    "two capitals such as DE");
	bad("zone: [a]\n", "1:7: zone must be a text such as Europe/Berlin");
	bad("us: 3\n",
	    "1:5: keys are missing in us; write such as us: {emails: "
	    "[support@example.com]}");
	bad("- 3\n", "1:1: keys are missing; write such as us: {emails: "
		     "[support@example.com]}");
	bad("authserv: [[a]]\n",
	    "1:12: authserv: an entry must be a text such as "
	    "mx.example.com");
	bad("us: {domains: [\"@example.com\"]}\n",
	    "1:16: domains: '@example.com' has a '@'; write such as "
	    "example.com");
	bad("zone: Europe/Berln\n",
	    "1:7: zone: no time zone is called 'Europe/Berln'; give an IANA "
	    "name such as Europe/Berlin");
	bad("region: XX\n",
	    "1:9: region: 'XX' is no country with telephone numbers; write "
	    "two capitals such as DE");
}

/* Live sources, and all that may be wrong with them. */
static void
sources(void)
{
	struct err e = { 0 };
	struct workspace *c;
	const struct workspace_source *s;
	char want[128];

	put("sources:\n"
	    "  desk: {url: \"imaps://desk@mail.example.com\", passwordFile: "
	    "desk.pw, folders: [INBOX, Sent]}\n"
	    "  team-2: {service: slack, secretFile: [new, /etc/old], account: "
	    "T1, places: C1, hook: \"https://a.example/hook/team-2\"}\n"
	    "spool: in\n");
	c = workspace_read(path, NULL, NULL, &e);
	if (!ok(c != NULL, "sources are read")) {
		printf("# %s\n", e.msg);
		return;
	}
	is_int((int64_t)c->sources.n, 2, "two");
	snprintf(want, sizeof(want), "%s/in", folder);
	is_str(str_of(c->spool), want, "the spool beside the file");
	s = workspace_source(c, STR("desk"));
	is_str(str_of(s->url), "imaps://desk@mail.example.com", "a url");
	snprintf(want, sizeof(want), "%s/desk.pw", folder);
	is_str(str_of(s->password_file), want, "a file beside");
	is_int((int64_t)s->folders.n, 2, "folders");
	ok(s->service == NULL && s->secret_files.n == 0, "not given");
	s = workspace_source(c, STR("team-2"));
	is_str(s->secret_files.v[1], "/etc/old", "two secrets");
	is_str(s->places.v[0], "C1", "one word is a list of one");
	ok(workspace_source(c, STR("tea")) == NULL, "no such source");
	workspace_free(c);
	bad("sources: [a]\n",
	    "1:10: sources must be a map such as {desk: {url: "
	    "\"imaps://desk@mail.example.com\"}}");
	bad("sources: {all: {service: slack}}\n",
	    "1:11: sources: 'all' is no name for a source; it has letters, "
	    "digits, '-', '_' and '.', and is not 'all'");
	bad("sources: {../x: {service: slack}}\n",
	    "1:11: sources: '../x' is no name for a source; it has letters, "
	    "digits, '-', '_' and '.', and is not 'all'");
	bad("sources: {a: slack}\n",
	    "1:14: sources: a source is such as a: {service: slack, "
	    "secretFile: team.secret}");
	bad("sources: {a: {account: x}}\n",
	    "1:11: sources: a needs a url or a service");
	bad("sources: {a: {service: x, paswordFile: y}}\n",
	    "1:27: unknown key 'paswordFile' of a source; did you mean "
	    "'passwordFile'?");
	bad("sources: {a: {url: \"imaps://u:pw@h/\"}}\n",
	    "1:20: url must have no password; put it into a file and write "
	    "passwordFile");
	bad("sources: {a: {url: mail.example.com}}\n",
	    "1:20: url must be such as imaps://desk@mail.example.com");
	bad("sources: {a: {service: [x]}}\n",
	    "1:24: service must be a text such as slack");
}

static void
keep(void *arg, const char *fault)
{
	struct buf *all = arg;

	buf_printf(all, "%s|", fault + strlen(path) + 1);
}

/* What is wrong is said in one go, in the order of the file. */
static void
all_faults(void)
{
	struct err e = { 0 };
	struct buf all;

	buf_init(&all, 1 << 16);
	put("zone: Europe/Berln\nus:\n  emails: [a, b@c.example, d]\n"
	    "  domain: x\nregion: [DE]\nrelays: [{author: me, from: x}]\n");
	ok(workspace_read(path, keep, &all, &e) == NULL, "eight faults");
	keep(&all, e.msg);
	is_str(buf_str(&all),
	    "1:7: zone: no time zone is called 'Europe/Berln'; give an IANA "
	    "name such as Europe/Berlin|"
	    "3:12: emails: 'a' has no '@'; write such as "
	    "support@example.com|"
	    "3:28: emails: 'd' has no '@'; write such as "
	    "support@example.com|"
	    "4:3: unknown key 'domain' in us; did you mean 'domains'?|"
	    "5:9: region must be a text such as DE|"
	    "6:23: unknown key 'from' of a relay; it has address or domain, "
	    "and author|"
	    "6:10: relays: author must be replyTo, xOriginalFrom or body|"
	    "6:10: relays: an entry needs an address with its '@', or a "
	    "domain without one|",
	    "each with its place and its mend");
	buf_release(&all);
}

/* Thousands of faults are counted. */
static void
many_faults(void)
{
	struct err e = { 0 };
	struct buf text, all;
	size_t lines = 0;

	buf_init(&text, 1 << 16);
	buf_init(&all, 1 << 16);
	buf_add_z(&text, "us:\n  emails:\n");
	for (int i = 0; i < 1000; i++)
		buf_add_z(&text, "  - x\n");
	put(buf_cstr(&text));
	ok(workspace_read(path, keep, &all, &e) == NULL, "a thousand faults");
	for (size_t i = 0; i < all.n; i++)
		lines += all.p[i] == '|';
	is_int((int64_t)lines, 50, "fifty are told");
	is_str(str_sub(str_of(e.msg), strlen(path), sizeof(e.msg)),
	    ": 1000 faults in all", "and all counted");
	buf_release(&text);
	buf_release(&all);
}

/* Countries are those of libphonenumber. */
static void
countries(void)
{
	char text[32], region[3] = "";
	struct err e;
	int wrong = 0;

	for (int i = 0; i < 26 * 26; i++) {
		struct workspace *c;

		region[0] = (char)('A' + i / 26);
		region[1] = (char)('A' + i % 26);
		snprintf(text, sizeof(text), "region: \"%s\"\n", region);
		put(text);
		c = workspace_read(path, NULL, NULL, &e);
		if ((c != NULL) != phone_region_known(region))
			printf("# %s %d\n", region, wrong++);
		workspace_free(c);
	}
	is_int(wrong, 0, "countries");
}

static void
empty(void)
{
	struct err e = { 0 };
	struct workspace *c = workspace_read(NULL, NULL, NULL, &e);

	ok(c != NULL && c->path == NULL && c->emails.n == 0, "no file");
	workspace_free(c);
	put("");
	c = workspace_read(path, NULL, NULL, &e);
	ok(c != NULL && c->path != NULL, "an empty file");
	workspace_free(c);
	ok(workspace_read("/nonexistent/kith.yaml", NULL, NULL, &e) == NULL,
	    "missing");
	workspace_free(NULL);
}

static void
tagged(void)
{
	struct err e = { 0 };
	struct arena a = { 0 };
	struct workspace *c;

	put("us: {emails: [care@example.com, Care+VIP@example.com]}\n");
	c = workspace_read(path, NULL, NULL, &e);
	if (ok(c != NULL, "is read")) {
		ok(workspace_our_email(c, STR("Care+t4711@example.com")),
		    "a tag does not count");
		ok(!workspace_our_email(c, STR("+care@example.com")) &&
			!workspace_our_email(c, STR("care+t@example.org")),
		    "but for the rest");
		is_str(workspace_account(c, STR("Care+t1@example.com"), &a),
		    "care@example.com", "its account");
		is_str(workspace_account(c, STR("care+vip@example.com"), &a),
		    "care+vip@example.com", "but for one that is named");
	}
	workspace_free(c);
	arena_release(&a);
}

/* A domain has two forms: the file and a record may have either. */
static void
unicode(void)
{
	static const char *const files[] = {
		"us:\n"
		"  emails: [info@BÜCHER.example]\n"
		"  domains: [straße.example]\n"
		"  lists: [gäste.bücher.example]\n"
		"relays: [{domain: bücher.example, author: replyTo}]\n",
		"us:\n"
		"  emails: [info@xn--bcher-kva.example]\n"
		"  domains: [xn--strae-oqa.example]\n"
		"  lists: [xn--gste-qoa.xn--bcher-kva.example]\n"
		"relays: [{domain: xn--bcher-kva.example, author: replyTo}]\n",
	};
	static const char *const ours[] = { "info@bücher.example",
		"Info+t1@Bücher.example", "INFO@xn--bcher-kva.EXAMPLE",
		"a@straße.example", "a@xn--strae-oqa.example" };

	for (size_t f = 0; f < 2; f++) {
		struct arena a = { 0 };
		struct err e = { 0 };
		struct workspace *c;

		put(files[f]);
		c = workspace_read(path, NULL, NULL, &e);
		if (!ok(c != NULL, "is read"))
			return;
		for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
			ok(workspace_our_email(c, str_of(ours[i])), ours[i]);
		ok(!workspace_our_email(c, STR("info@bucher.example")),
		    "another domain is not");
		ok(workspace_our_list(c, STR("gäste.bücher.example")) &&
			workspace_our_list(
			    c, STR("xn--gste-qoa.xn--bcher-kva.example")),
		    "a list");
		ok(workspace_relay_of(c, STR("f@bücher.example")) != NULL &&
			workspace_relay_of(c, STR("f@xn--bcher-kva.example")) !=
			    NULL,
		    "a relay");
		is_str(workspace_account(c, STR("Info@Bücher.example"), &a),
		    "info@xn--bcher-kva.example", "one account");
		workspace_free(c);
		arena_release(&a);
	}
}

static void
near(void)
{
	static const char *const names[] = { "queue", "team", "priority" };

	is_str(str_of(nearest(STR("prioriyt"), names, 3)), "priority", "swap");
	is_str(str_of(nearest(STR("tem"), names, 3)), "team", "one left out");
	is_str(str_of(nearest(STR("queues"), names, 3)), "queue", "one more");
	is_str(str_of(nearest(STR("colour"), names, 3)), NULL, "none near");
	is_str(str_of(nearest(STR(""), names, 3)), NULL, "nothing");
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		return 2;
	snprintf(path, sizeof(path), "%s/kith.yaml", folder);
	whole();
	refused();
	sources();
	all_faults();
	many_faults();
	countries();
	empty();
	tagged();
	unicode();
	near();
	unlink(path);
	rmdir(folder);
	return done();
}
