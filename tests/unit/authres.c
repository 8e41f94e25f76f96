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
	parse(" foo.example.net (foo\\) (bar) ) / (baz) 1 (2) ; (x)\r\n\t dkim"
	      " (a) / (b) 1 (c) = (d) fail (e) policy (f) . (g) expired (h)"
	      " = (i) 1362471462");
	is_str(f.id, "foo.example.net", "id among comments");
	is_int((int64_t)f.n, 1, "a result among comments");
	is_str(f.results[0].method, "dkim", "method with version");
	is_str(f.results[0].result, "fail", "result among comments");
	is_str(authres_prop(&f.results[0], "policy", "expired"), "1362471462",
	    "property among comments");
	parse("\"mx example\"; DKIM=PASS reason=\"good; very \\\"good\\\"\""
	      " header.i=\"a b\"@example.org header.b=\"ab/c+=\"");
	is_str(f.id, "mx example", "quoted id");
	is_str(f.results[0].result, "pass", "lower case");
	is_str(authres_prop(&f.results[0], "header", "i"), "a b@example.org",
	    "quoted local part");
	is_str(authres_prop(&f.results[0], "header", "b"),
	    "ab/c+=", "a property behind a quoted semicolon");
	parse("mx.example; ;;spf=;=;dkim=pass;x");
	is_int((int64_t)f.n, 1, "what is broken is skipped");
	is_str(f.results[0].method, "dkim", "and what follows is read");
	is_int(parse("spf=pass smtp.mailfrom=a.example; dkim=none"), -1,
	    "no authserv-id");
	is_int(parse(""), -1, "empty");
	is_int(parse("(((((("), -1, "a comment that never ends");
	is_int(parse("mx; dkim=\"unended"), 0, "a string that never ends");
	parse("mx.example.com; dmarc=pass action=none header.from=x.org;"
	      "compauth=pass reason=100");
	is_str(authres_prop(&f.results[0], "header", "from"), "x.org",
	    "behind what the grammar does not know");
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
	       "0") != AUTH_PASS,
	    "a result that an envelope sender brought with it");
	ok(J("x.org",
	       MX "dmarc=pass header.from=x.org; dmarc=fail header.from=x.org",
	       "0") == AUTH_FAIL,
	    "of two results the worse");
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
	verdicts();
	judge(NULL, NULL);
	arena_release(&a);
	return done();
}
