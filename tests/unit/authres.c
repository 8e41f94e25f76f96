#include <stdio.h>

#include "core/buf.h"
#include "identify/authres.h"
#include "json/write.h"
#include "tap.h"

static struct arena a;
static struct authres f;

static int
parse(const char *body)
{
	return authres_parse(str_of(body), &a, &f);
}

static void
grammar(void)
{
	is_int(parse("example.com 1; none"), 0, "no results");
	is_str(f.id, "example.com", "id");
	is_int((int64_t)f.n, 0, "none is no result");
	parse("example.com; spf=pass smtp.mailfrom=example.net");
	is_int((int64_t)f.n, 1, "one result");
	is_str(f.results[0].method, "spf", "method");
	is_str(f.results[0].result, "pass", "result");
	is_str(authres_prop(&f.results[0], "smtp", "mailfrom"), "example.net",
	    "property");
	/* RFC 8601 appendix B.6 in spirit: comments everywhere. */
	parse(" foo.example.net (foo (bar) ) (baz) 1 (2) ; (x)\r\n\t dkim"
	      " (a) / (b) 1 (c) = (d) fail (e) policy (f) . (g) expired (h)"
	      " = (i) 1362471462");
	is_str(f.id, "foo.example.net", "id among comments");
	is_int((int64_t)f.n, 1, "a result among comments");
	is_str(f.results[0].method, "dkim", "method with version");
	is_str(f.results[0].result, "fail", "result among comments");
	is_str(authres_prop(&f.results[0], "policy", "expired"), "1362471462",
	    "property among comments");
	parse("\"mx example\"; DKIM=PASS reason=\"good, very good\""
	      " header.i=\"prvs=1=a@example.org\" header.b=\"ab/c+=\"");
	is_str(f.id, "mx example", "quoted id");
	is_str(f.results[0].result, "pass", "lower case");
	is_str(authres_prop(&f.results[0], "header", "i"),
	    "prvs=1=a@example.org", "a quoted address");
	is_str(authres_prop(&f.results[0], "header", "b"),
	    "ab/c+=", "a property behind a quoted reason");
	parse("mx.example; ; dkim=pass;");
	is_int((int64_t)f.n, 1, "empty results are none");
	is_int(parse("spf=pass smtp.mailfrom=a.example; dkim=none"), -1,
	    "no authserv-id");
	is_int(parse(""), -1, "empty");
	is_int(parse("(((((("), -1, "a comment that never ends");
	parse("mx.example.com; dmarc=pass action=none header.from=x.org;"
	      "compauth=pass reason=100");
	is_str(authres_prop(&f.results[0], "header", "from"), "x.org",
	    "behind what the grammar does not know");
}

/* What the sender may have written into the server's words. */
static void
oddities(void)
{
	static const char *const odd[] = {
		"mx; dkim=\"unended",
		"mx 2; dmarc=pass header.from=x.org",
		"mx; dmarc/2=pass header.from=x.org",
		"mx; spf=pass (domain of \"a); dkim=pass header.d=x.org;"
		" x=(\"@y.org designates) smtp.mailfrom=y.org",
		"mx; spf=pass (domain of a\\); dkim=pass) smtp.mailfrom=y.org",
		"mx; spf=pass smtp.mailfrom=\"a b\"@y.org",
		"mx; spf=pass smtp.mailfrom=\"x;dmarc=pass\"",
		"mx; spf=pass smtp.mailfrom=a\"b@y.org",
		"mx; spf=pass smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass?=@y.org",
		"mx; dkim=fail reason=\"=?utf-8?q?x?=\" header.d=y.org",
		"mx; dkim=fail reason=no such key header.d=y.org",
		"mx; dkim=pass header.i=@y.org x.y=z",
		"mx; dkim=pass header.d=x.org header.d=y.org",
		"mx; dmarc=none; dmarc=pass header.from=x.org",
		"mx; dkim=none; dkim=pass header.d=x.org",
		"mx; spf=fail smtp.mailfrom=y.org; spf=pass smtp.mailfrom=x.org",
		"mx; spf=pass) smtp.mailfrom=y.org",
		"mx; spf=;dkim=pass header.d=x.org",
		"mx; =; dkim=pass header.d=x.org",
		"mx; x; dkim=pass header.d=x.org",
		"mx; dkim=pass ((((((((((((((((((x))))))))))))))))))",
		"mx; dkim=pass (x header.d=x.org",
		"mx (\"); dkim=pass header.d=x.org",
	};
	static const char *const plain[] = {
		"mx.google.com; dkim=pass header.i=@x.org header.s=s"
		" header.b=Ab/c+=; spf=pass (google.com: domain of"
		" prvs=1=a@x.org designates 192.0.2.7 as permitted sender)"
		" smtp.mailfrom=\"prvs=1=a@x.org\"; dmarc=pass (p=NONE sp=NONE"
		" dis=NONE) header.from=x.org",
		"mx 1; spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=x.org;"
		" dkim=pass (signature was verified) header.d=x.org;dmarc=pass"
		" action=none header.from=x.org;compauth=pass reason=100",
		"mx; iprev=pass (a.x.org) smtp.remote-ip=2001:db8::7;"
		" auth=pass (plain) smtp.auth=kim; spf=pass smtp.mailfrom=<>",
		"mx; spf=Pass smtp.mailfrom=a@x.org; spf=None smtp.helo=b.x.org;"
		" spf=None smtp.pra=a@x.org; dmarc=pass(p=none) d=x.org",
		"mx; dkim=pass (2048-bit key; unprotected) header.d=x.org"
		" header.b=\"Ab/c+=\"; dkim=fail (a (nested) one) header.d=y.org",
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		parse(odd[i]);
		ok(f.odd != NULL && f.n == 0, odd[i]);
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		parse(plain[i]);
		if (f.odd != NULL)
			printf("# %s\n", f.odd);
		ok(f.odd == NULL && f.n > 1, plain[i]);
	}
}

/* The fields as value, hop, ..., NULL. */
static struct auth
judge(const char *domain, const char *const *list)
{
	static struct str servers[] = { { "mx.example.com", 14 } };
	static struct json_doc *doc;
	struct workspace c = { .authserv = { servers, 1 } };
	struct json root;
	struct auth out;
	struct buf b;
	struct writer w;
	struct err e;

	if (doc == NULL)
		doc = json_doc_new();
	if (domain == NULL) {
		json_doc_free(doc);
		return (struct auth){ 0 };
	}
	buf_init(&b, 1 << 16);
	write_init(&w, &b);
	write_list(&w);
	for (; *list != NULL; list += 2) {
		write_object(&w);
		write_member(&w, "value", str_of(list[0]));
		write_member_raw(&w, "hop", str_of(list[1]));
		write_object_end(&w);
	}
	write_list_end(&w);
	if (json_parse_copy(doc, buf_str(&b), &root, &e) != 0)
		printf("# %s\n", e.msg);
	auth_read(&out, root, str_of(domain), &c, &a);
	buf_release(&b);
	return out;
}
#define J(domain, ...) \
	judge((domain), (const char *const[]){ __VA_ARGS__, NULL }).verdict
#define MX "mx.example.com; "

static void
verdicts(void)
{
	ok(J("x.org", MX "dmarc=pass header.from=x.org", "0") == AUTH_PASS,
	    "dmarc=pass");
	ok(J("x.org", MX "dmarc=pass header.from=y.org", "0") == AUTH_NOTHING,
	    "dmarc=pass for another author");
	ok(J("x.org",
	       MX "dmarc=fail header.from=x.org; dkim=pass header.d=x.org",
	       "0") == AUTH_FAIL,
	    "dmarc=fail wins");
	ok(J("x.org", "evil.org; dmarc=pass header.from=x.org", "0") ==
		AUTH_NOTHING,
	    "another server");
	ok(J("x.org", MX "dmarc=fail", "0", MX "dmarc=pass", "1") == AUTH_FAIL,
	    "a field that came with the mail");
	ok(J("x.org", MX "dmarc=fail", "1", MX "dmarc=pass", "1") == AUTH_FAIL,
	    "and one right below");
	ok(J("x.org", MX "spf=pass smtp.mailfrom=y.org", "0",
	       MX "dmarc=pass header.from=x.org", "1") == AUTH_NOTHING,
	    "a lower hop's dmarc does not count");
	ok(J("x.org", MX "dkim=pass header.d=x.org", "0") == AUTH_PASS,
	    "aligned dkim without dmarc");
	ok(J("a.x.org", MX "dkim=pass header.d=x.org", "0") == AUTH_PASS,
	    "a parent signs");
	ok(J("x.org", MX "dkim=pass header.d=a.x.org", "0") == AUTH_NOTHING,
	    "a child signs");
	ok(J("x.org", MX "dkim=pass header.d=org", "0") == AUTH_NOTHING,
	    "a top-level domain signs");
	ok(J("x.org", MX "dkim=pass header.d=ax.org", "0") == AUTH_NOTHING,
	    "a neighbour signs");
	ok(J("x.org", MX "dkim=fail header.d=x.org; dkim=pass header.d=x.org",
	       "0") == AUTH_PASS,
	    "one of two signatures");
	ok(J("x.org", MX "spf=pass smtp.mailfrom=bob@X.org", "0") == AUTH_PASS,
	    "aligned spf");
	ok(J("x.org", MX "spf=pass smtp.mailfrom=y.org", "0") == AUTH_NOTHING,
	    "spf of another domain");
	ok(J("x.org",
	       MX "spf=fail smtp.mailfrom=x.org; dkim=fail header.d=x.org",
	       "0") == AUTH_FAIL,
	    "both fail");
	ok(J("x.org", MX "spf=fail smtp.mailfrom=x.org", "0") == AUTH_NOTHING,
	    "spf alone fails");
	ok(J("x.org", MX "dmarc=none; dkim=pass header.d=x.org", "0") ==
		AUTH_PASS,
	    "no policy, aligned dkim");
	ok(J("xn--bcher-kva.example",
	       MX "dkim=pass header.d=b\xc3\xbc"
		  "cher.example",
	       "0") == AUTH_PASS,
	    "a domain in Unicode");
	ok(J("x.org", "MX.EXAMPLE.COM; dmarc=pass", "0") == AUTH_PASS,
	    "the id without case");
	ok(J("x.org", MX "dmarc=pass header.from=x..org", "0") == AUTH_NOTHING,
	    "dmarc=pass about what is no domain");
	ok(J("x.org", MX "dkim=pass header.d=x..y header.i=@x.org", "0") ==
		AUTH_NOTHING,
	    "a signer that is no domain");
	ok(J("x.org",
	       MX
	       "spf=pass smtp.mailfrom=x; dmarc=pass header.from=x.org\"@y.org;"
	       " dmarc=none header.from=x.org",
	       "0") == AUTH_NOTHING,
	    "a result that an envelope sender brought with it");
	ok(J("x.org",
	       MX "dmarc=pass header.from=x.org; dmarc=fail header.from=x.org",
	       "0") == AUTH_NOTHING,
	    "two results on DMARC");
	ok(J("x.org", MX "spf=pass smtp.mailfrom=y.org", "0",
	       MX "dmarc=pass header.from=x.org", "0") == AUTH_NOTHING,
	    "a second field at the same hop");
	ok(J("x.org", MX "dkim=pass header.d=x.org", "0",
	       MX "dmarc=fail header.from=x.org", "0") == AUTH_FAIL,
	    "that says it failed");
	ok(J("x.org", MX "spf=pass smtp.mailfrom=\"a b\"@y.org", "0",
	       MX "dmarc=pass header.from=x.org", "1") == AUTH_NOTHING,
	    "what is odd leaves no room for the next hop");
	ok(J("x.org",
	       MX "spf=none smtp.helo=y.org; spf=pass smtp.mailfrom=x.org",
	       "0") == AUTH_PASS,
	    "the envelope's sender before HELO");
	ok(J("x.org",
	       MX "dmarc=bestguesspass header.from=x.org;"
		  " dkim=pass header.d=x.org",
	       "0") == AUTH_PASS,
	    "a guess leaves it to dkim");
	ok(J("x.org", MX "dmarc=bestguesspass header.from=x.org", "0") ==
		AUTH_NOTHING,
	    "and is none itself");
}

int
main(void)
{
	grammar();
	oddities();
	verdicts();
	judge(NULL, NULL);
	arena_release(&a);
	return done();
}
