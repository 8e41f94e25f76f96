/* The parts of kith-hook that need no web server: its conf, signatures,
 * challenges, and the form of the spool. */
#include "hook/challenge.h"
#include "hook/conf.h"
#include "hook/member.h"
#include "hook/spool.h"
#include "hook/verify.h"

#include <stdlib.h>

#include "core/hash.h"
#include "tap.h"

/* Meta-variables: name, value, ..., NULL. */
static const char *
variable(void *arg, const char *name)
{
	const char *const *v = arg;

	for (; *v != NULL; v += 2)
		if (strcmp(*v, name) == 0)
			return v[1];
	return NULL;
}

static struct hook_request
request(const char *const *variables, const char *body)
{
	return (struct hook_request){ .variable = variable,
		.arg = (void *)(uintptr_t)variables,
		.body = str_of(body) };
}

static const struct hook_rule slack = { .source = { "team", 4 },
	.service = { "slack", 5 },
	.algorithm = HOOK_SHA256,
	.header = { "X-Slack-Signature", 17 },
	.prefix = { "v0=", 3 },
	.coding = HOOK_HEX,
	.sign = { "v0:{time}:{body}", 16 },
	.time = { "X-Slack-Request-Timestamp", 25 },
	.unit = HOOK_SECONDS,
	.tolerance = 300,
	.secrets = { { "s3cret", 6 } },
	.secret_count = 1,
	.word = { "w0rd", 4 },
	.challenges = { { HOOK_IN_JSON, { "type", 4 },
			    { "url_verification", 16 }, { NULL, 0 },
			    HOOK_FROM_JSON, { "challenge", 9 } },
	    { HOOK_IN_QUERY, { "mode", 4 }, { NULL, 0 }, { "token", 5 },
		HOOK_FROM_QUERY, { "c", 1 } },
	    { HOOK_UNSIGNED, { "ping", 4 }, { NULL, 0 }, { NULL, 0 }, HOOK_THIS,
		{ "{\"a\": 1}", 8 } } },
	.challenge_count = 3 };

static void
conf(void)
{
	struct buf b;
	struct arena a = { 0 };
	struct err e = { 0 };
	struct hook_rule r, other = slack;
	struct str workspace;
	size_t wrong = 0;

	buf_init(&b, HOOK_CONF_MAX);
	other.source = STR("desk");
	other.challenge_count = 0;
	hook_conf_begin(&b, STR("/etc/kith.yaml"));
	hook_conf_add(&b, &other);
	hook_conf_add(&b, &slack);
	hook_conf_end(&b);
	is_int(hook_conf_read(buf_str(&b), STR("team"), &a, &r, &workspace, &e),
	    1, "a source");
	is_str(workspace, "/etc/kith.yaml", "the workspace");
	is_str(r.sign, "v0:{time}:{body}", "what is signed");
	is_int(r.tolerance, 300, "tolerance");
	is_str(r.secrets[0], "s3cret", "the secret");
	is_str(r.word, "w0rd", "the word");
	is_int((int64_t)r.challenge_count, 3, "challenges");
	is_str(r.challenges[2].answer, "{\"a\": 1}", "a text with a blank");
	ok(r.challenges[1].value.p == NULL, "any value");
	is_int(hook_conf_read(buf_str(&b), STR("desk"), &a, &r, &workspace, &e),
	    1, "the other");
	is_int((int64_t)r.challenge_count, 0, "which has none");
	is_int(hook_conf_read(buf_str(&b), STR("tea"), &a, &r, &workspace, &e),
	    0, "none");
	is_int(hook_conf_read(buf_str(&b), STR(""), &a, &r, &workspace, &e), 0,
	    "nor without a name");
	for (size_t i = 0; i < b.n; i++) {
		b.p[i] ^= 1;
		wrong += hook_conf_read(buf_str(&b), STR("team"), &a, &r,
			     &workspace, &e) >= 0;
		b.p[i] ^= 1;
	}
	is_int((int64_t)wrong, 0, "any bit changed is seen");
	for (size_t n = 0; n < b.n; n++)
		wrong += hook_conf_read(str_make(b.p, n), STR("team"), &a, &r,
			     &workspace, &e) >= 0;
	is_int((int64_t)wrong, 0, "and where it is cut off");
	buf_release(&b);
	arena_release(&a);
}

/* Of "v0:1700000000:{}" under s3cret, by another program. */
static void
signatures(void)
{
	static const char *const good[] = { "HTTP_X_SLACK_REQUEST_TIMESTAMP",
		"1700000000", "HTTP_X_SLACK_SIGNATURE", NULL, NULL };
	const char *v[5];
	uint8_t mac[HASH_MOST];
	char text[3 + 64 + 1] = "v0=";
	struct hook_request r;
	struct err e;
	int64_t now = INT64_C(1700000000000000);
	size_t wrong = 0;

	hash_mac(HASH_SHA256, STR("s3cret"), STR("v0:1700000000:{}"), mac);
	for (size_t i = 0; i < 32; i++)
		snprintf(text + 3 + 2 * i, 3, "%02x", mac[i]);
	memcpy(v, good, sizeof(v));
	v[3] = text;
	r = request(v, "{}");
	ok(hook_verify(&slack, &r, now, &e) == 0, "a signature");
	ok(hook_verify(&slack, &r, now + 300000000, &e) == 0, "five minutes");
	ok(hook_verify(&slack, &r, now + 300000001, &e) < 0, "no more");
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		text[i] ^= 1;
		wrong += hook_verify(&slack, &r, now, &e) == 0;
		text[i] ^= 1;
	}
	is_int((int64_t)wrong, 0, "any bit changed");
	r.body = STR("{} ");
	ok(hook_verify(&slack, &r, now, &e) < 0, "another body");
	is_str(str_of(e.msg),
	    "the signature in X-Slack-Signature does not fit: "
	    "v0:{time}:{body} by sha256, 17 bytes",
	    "with the rule");
	v[1] = "1700000000x";
	ok(hook_verify(&slack, &r, now, &e) < 0, "no time");
}

/* Known answers: RFC 2202 (test 2), RFC 4231 (test 2). */
static void
hashes(void)
{
	uint8_t mac[HASH_MOST];
	char many[131];
	struct str key = STR("Jefe"),
		   text = STR("what do ya want for nothing?");

	is_int((int64_t)hash_mac(HASH_SHA1, key, text, mac), 20, "SHA-1");
	ok(mac[0] == 0xef && mac[1] == 0xfc && mac[19] == 0x79, "its bytes");
	is_int((int64_t)hash_mac(HASH_SHA256, key, text, mac), 32, "SHA-256");
	ok(mac[0] == 0x5b && mac[1] == 0xdc && mac[31] == 0x43, "its bytes");
	is_int((int64_t)hash_mac(HASH_SHA512, key, text, mac), 64, "SHA-512");
	ok(mac[0] == 0x16 && mac[1] == 0x4b && mac[63] == 0x37, "its bytes");
	/* RFC 2202, 80 bytes (test 6); RFC 4231, 131 (test 6). */
	memset(many, 0xaa, sizeof(many));
	text = STR("Test Using Larger Than Block-Size Key - Hash Key First");
	hash_mac(HASH_SHA1, str_make(many, 80), text, mac);
	ok(mac[0] == 0xaa && mac[1] == 0x4a && mac[19] == 0x12, "a long key");
	hash_mac(HASH_SHA256, str_make(many, 131), text, mac);
	ok(mac[0] == 0x60 && mac[1] == 0xe4 && mac[31] == 0x54, "of SHA-256");
	is_int((int64_t)hash_mac(HASH_SHA512, str_make(many, 131), text, mac),
	    64, "as long");
	ok(mac[0] == 0x80 && mac[1] == 0xb2 && mac[63] == 0x98, "of SHA-512");
}

static void
times(void)
{
	int64_t t;

	ok(hook_time(STR("1700000000"), HOOK_SECONDS, &t) == 0 &&
		t == INT64_C(1700000000000000),
	    "seconds");
	ok(hook_time(STR("1700000000123"), HOOK_MILLISECONDS, &t) == 0 &&
		t == INT64_C(1700000000123000),
	    "milliseconds");
	ok(hook_time(STR("2023-11-14T22:13:20Z"), HOOK_RFC3339, &t) == 0 &&
		t == INT64_C(1700000000000000),
	    "RFC 3339");
	ok(hook_time(STR("-1"), HOOK_SECONDS, &t) < 0, "no sign");
	ok(hook_time(STR(""), HOOK_SECONDS, &t) < 0, "nothing");
	ok(hook_time(STR("9223372036854775807"), HOOK_SECONDS, &t) < 0,
	    "too many");
	ok(hook_time(STR("99999999999999999999"), HOOK_MILLISECONDS, &t) < 0,
	    "far too many");
}

static void
templates(void)
{
	ok(hook_template_is_good(STR("{time}.{body}")), "a template");
	ok(hook_template_is_good(STR("{header:X-Id}{url}{form}")), "another");
	ok(!hook_template_is_good(STR("body")), "nothing in it");
	ok(!hook_template_is_good(STR("{bod}")), "no such");
	ok(!hook_template_is_good(STR("{body")), "no end");
	ok(!hook_template_is_good(STR("{header:}")), "no header");
}

static void
members(void)
{
	is_str(hook_member(STR("{\"a\":1, \"b\" : \"x\"}"), STR("b")), "x",
	    "a string");
	is_str(hook_member(STR("{\"a\":1}"), STR("a")), "1", "a number");
	is_str(
	    hook_member(STR("{\"n\":{\"b\":[\"}\",{}]},\"b\":true}"), STR("b")),
	    "true", "behind what is nested");
	is_str(hook_member(STR("{\"n\":{\"b\":1}}"), STR("b")), NULL,
	    "not within");
	is_str(hook_member(STR("{\"n\":\"\\\"b\\\":1\",\"b\":2}"), STR("b")),
	    "2", "not in a string");
	is_str(hook_member(STR("[1]"), STR("b")), NULL, "a list");
	is_str(hook_member(STR("{\"b\""), STR("b")), NULL, "cut off");
	is_str(hook_member(STR("{\"b\":\""), STR("b")), NULL, "in a string");
	is_str(hook_member(STR("{b:1}"), STR("b")), NULL, "no JSON");
	is_str(hook_member(STR(""), STR("b")), NULL, "nothing");
}

/* As Graph has it: the secret in each of a list. */
static void
equal_members(void)
{
	static const char *const none[] = { NULL };
	static const char *const wrong[] = { "", "{}", "[]", "{\"value\":[]}",
		"{\"value\":[{}]}", "{\"value\":{\"state\":\"s3cret\"}}",
		"{\"state\":\"s3cret\"}", "[{\"state\":\"s3cret\"}]",
		"{\"value\":[{\"state\":\"s3cret\"},{}]}",
		"{\"value\":[{\"state\":\"s3cret\"},[]]}",
		"{\"value\":[{\"state\":\"s3cret\"},1]}",
		"{\"value\":[{\"state\":\"s3cret\",\"state\":\"x\"}]}",
		"{\"value\":[{\"state\":\"x\"}],\"value\":[{\"state\":"
		"\"s3cret\"}]}",
		"{\"value\":[{\"state\":\"s3cret\"}],\"value\":1}",
		"{\"value\":[{\"state\":{\"state\":\"s3cret\"}}]}",
		"{\"value\":[{\"a\":{\"state\":\"s3cret\"}}]}",
		"{\"value\":[{\"state\":[\"s3cret\"]}]}",
		"{\"value\":[{\"state\":\"s3cret\"}]}{}",
		"{\"value\":[{\"state\":\"\"}]}",
		"{\"value\":[{\"state\":null}]}",
		"{\"value\":[{\"state\":\"s3cretx\"}]}",
		"{\"a\":{\"value\":[{\"state\":\"s3cret\"}]}}", NULL };
	static const char good[] =
	    " {\"a\":[{\"value\":1}],\"value\" : [ {\"n\":{\"state\":1},"
	    "\"state\":\"s3cret\"} ,{\"state\":\"old\",\"b\":\"}\"}],"
	    "\"c\":{}}\n";
	struct hook_rule rule = { .algorithm = HOOK_EQUAL,
		.list = STR("value"),
		.member = STR("state"),
		.secrets = { STR("s3cret"), STR("old") },
		.secret_count = 2 };
	struct hook_request r = request(none, good);
	struct err e;
	size_t taken = 0;

	ok(hook_verify(&rule, &r, 0, &e) == 0, "each has one of the secrets");
	for (size_t n = 0; n + 2 < sizeof(good); n++) {
		r.body = str_make(good, n);
		taken += hook_verify(&rule, &r, 0, &e) == 0;
	}
	is_int((int64_t)taken, 0, "cut off");
	for (size_t i = 0; wrong[i] != NULL; i++) {
		r.body = str_of(wrong[i]);
		ok(hook_verify(&rule, &r, 0, &e) < 0, wrong[i]);
	}
	is_str(str_of(e.msg),
	    "the member state of what is in value is not the secret everywhere",
	    "which is said");
	rule.list = STR_NONE;
	r.body = STR("{\"state\":\"old\",\"value\":[]}");
	ok(hook_verify(&rule, &r, 0, &e) == 0, "of the body itself");
	r.body = STR("{\"state\":\"older\"}");
	ok(hook_verify(&rule, &r, 0, &e) < 0, "another");
	r.body = STR("[{\"state\":\"old\"}]");
	ok(hook_verify(&rule, &r, 0, &e) < 0, "not of a list");
}

/* And in the query of a call. */
static void
equal_parameter(void)
{
	static const char *const good[] = { "QUERY_STRING",
		"a=1&token=s3%63ret", NULL };
	static const char *const twice[] = { "QUERY_STRING",
		"token=x&token=s3cret", NULL };
	static const char *const none[] = { "QUERY_STRING", "tok=s3cret",
		NULL };
	static const char *const empty[] = { "QUERY_STRING", "token=", NULL };
	struct hook_rule rule = { .algorithm = HOOK_EQUAL,
		.query = STR("token"),
		.coding = HOOK_TEXT,
		.secrets = { STR("s3cret") },
		.secret_count = 1 };
	struct hook_request r = request(good, "{}");
	struct err e;

	ok(hook_verify(&rule, &r, 0, &e) == 0, "a parameter");
	r = request(twice, "{}");
	ok(hook_verify(&rule, &r, 0, &e) < 0, "the first counts");
	is_str(str_of(e.msg), "the parameter token is not the secret", "said");
	r = request(empty, "{}");
	ok(hook_verify(&rule, &r, 0, &e) < 0, "an empty one");
	r = request(none, "{}");
	ok(hook_verify(&rule, &r, 0, &e) < 0, "none");
	is_str(str_of(e.msg), "the parameter token is missing", "said, too");
}

static void
challenges(void)
{
	static const char *const get[] = { "QUERY_STRING",
		"mode=x&token=w0rd&c=a%2db", NULL };
	static const char *const wrong[] = { "QUERY_STRING",
		"mode=x&token=w0rd2&c=1", NULL };
	static const char *const page[] = { "QUERY_STRING",
		"mode=x&token=w0rd&c=%3Cb%3E", NULL };
	static const char *const none[] = { NULL };
	struct arena a = { 0 };
	struct str answer;
	struct hook_request r = request(
	    none, "{\"challenge\":\"abc\",\"type\":\"url_verification\"}");

	ok(hook_challenged(&slack, &r, HOOK_IN_JSON, &a, &answer) ==
		HOOK_ANSWERED,
	    "by its type");
	is_str(answer, "abc", "its challenge");
	ok(hook_challenged(&slack, &r, HOOK_UNSIGNED, &a, &answer) ==
		HOOK_NO_CHALLENGE,
	    "not before it was verified");
	r = request(get, "");
	ok(hook_challenged(&slack, &r, HOOK_IN_QUERY, &a, &answer) ==
		HOOK_ANSWERED,
	    "by a query");
	is_str(answer, "a-b", "decoded");
	r = request(wrong, "");
	ok(hook_challenged(&slack, &r, HOOK_IN_QUERY, &a, &answer) ==
		HOOK_WRONG_WORD,
	    "another word");
	r = request(page, "");
	ok(hook_challenged(&slack, &r, HOOK_IN_QUERY, &a, &answer) ==
		HOOK_NO_CHALLENGE,
	    "no markup");
	r = request(none, "{\"ping\":0}");
	ok(hook_challenged(&slack, &r, HOOK_UNSIGNED, &a, &answer) ==
		HOOK_ANSWERED,
	    "by a member that is there");
	is_str(answer, "{\"a\": 1}", "with a text");
	arena_release(&a);
}

static void
spool(void)
{
	struct spooled s;

	ok(spooled_parse(STR("kith-hook 1 team 2026-11-30T09:00:00Z "
			     "application/json\n{}\n"),
	       &s) == 0,
	    "a file");
	is_str(s.source, "team", "source");
	is_str(s.type, "application/json", "type");
	is_str(s.body, "{}\n", "body, to its last byte");
	ok(spooled_parse(STR("kith-hook 1 a 2026-11-30T09:00:00Z -\n"), &s) ==
		0,
	    "an empty body");
	ok(s.type.p == NULL && s.body.n == 0, "without a type");
	ok(spooled_parse(STR("kith-hook 1 a 2026-11-30T09:00:00Z -"), &s) < 0,
	    "no line");
	ok(spooled_parse(STR("kith-hook 1 a x -\n"), &s) < 0, "no time");
	ok(spooled_parse(STR("kith-hook 1 a\n"), &s) < 0, "no more");
	ok(spooled_parse(STR("{}\n"), &s) < 0, "something else");
	ok(spooled_is_name("0179-1-a.hook") &&
		!spooled_is_name(".0179-1-a.new") &&
		!spooled_is_name("hook.conf") && !spooled_is_name("0179.aside"),
	    "names");
}

int
main(void)
{
	conf();
	signatures();
	hashes();
	times();
	templates();
	members();
	equal_members();
	equal_parameter();
	challenges();
	spool();
	return done();
}
