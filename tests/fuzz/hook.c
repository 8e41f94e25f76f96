/* A request to kith-hook from any bytes, by a conf from any bytes: no crash,
 * and none is taken that was not signed. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "hook/challenge.h"
#include "hook/conf.h"
#include "hook/spool.h"
#include "hook/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* The input is lines: the rule's template, headers, the query, and the rest is
 * the body.  What a request has all variables from. */
struct input {
	char *lines[6];
};

static const char *
variable(void *arg, const char *name)
{
	const struct input *in = arg;

	if (strcmp(name, "QUERY_STRING") == 0)
		return in->lines[1];
	if (strcmp(name, "CONTENT_TYPE") == 0)
		return in->lines[2];
	if (strcmp(name, "HTTP_TIME") == 0)
		return in->lines[3];
	if (strcmp(name, "HTTP_SIGNATURE") == 0)
		return in->lines[4];
	return in->lines[5];
}

static void
ask(const struct hook_rule *rule, const struct hook_request *r)
{
	struct arena a = { 0 };
	struct str answer;
	struct err e;

	if (hook_verify(rule, r, 0, &e) == 0)
		abort();
	for (int i = 0; i < 4; i++)
		(void)hook_challenged(rule, r, (enum hook_place)i, &a, &answer);
	arena_release(&a);
}

static void
requests(const struct hook_request *r, const struct input *in)
{
	/* Nobody who does not see it finds this one. */
	static const char secret[] = "\x8e\x11\x05 none \x99\xfe\x3c kith";
	struct hook_rule rule = { .header = STR("Signature"),
		.prefix = STR("v1,"),
		.several = true,
		.sign = str_of(in->lines[0]),
		.digest = STR("sum"),
		.url = STR("https://a.example/hook"),
		.secrets = { str_make(secret, sizeof(secret) - 1) },
		.secret_count = 1,
		.word = STR("word"),
		.challenges = { { HOOK_IN_JSON, STR("type"), STR_NONE, STR_NONE,
				    HOOK_FROM_JSON, STR("answer") },
		    { HOOK_IN_QUERY, STR("mode"), STR("x"), STR("token"),
			HOOK_FROM_QUERY, STR("answer") },
		    { HOOK_UNSIGNED, STR("type"), STR("y"), STR_NONE,
			HOOK_FROM_HEADER, STR("Time") } },
		.challenge_count = 3 };

	(void)hook_template_is_good(rule.sign);
	for (int i = 0; i <= HOOK_EQUAL; i++)
		for (int k = 0; k <= HOOK_TEXT; k++) {
			rule.algorithm = (enum hook_algorithm)i;
			rule.coding = (enum hook_coding)k;
			rule.unit = (enum hook_unit)k;
			rule.time = k == 2 ? STR_NONE : STR("Time");
			ask(&rule, r);
		}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str rest = { (const char *)p, n };
	struct input in = { 0 };
	struct hook_request r = { .variable = variable, .arg = &in };
	struct arena a = { 0 };
	struct hook_rule rule;
	struct spooled s;
	struct str workspace;
	struct err e;
	struct buf conf;

	if (n > 1 << 16)
		return 0;
	for (int i = 0; i < 6; i++)
		in.lines[i] = arena_cstr(
		    &a, rest.p == NULL ? STR("") : str_split(&rest, '\n'));
	r.body = rest.p == NULL ? STR("") : rest;
	requests(&r, &in);
	(void)spooled_parse(str_make((const char *)p, n), &s);
	/* The same bytes as the lines of a conf whose sum is right. */
	buf_init(&conf, 1 << 20);
	hook_conf_begin(&conf, STR("/w"));
	buf_add(&conf, p, n);
	if (n > 0 && p[n - 1] != '\n')
		buf_add_char(&conf, '\n');
	hook_conf_end(&conf);
	if (hook_conf_read(
		buf_str(&conf), STR("a"), &a, &rule, &workspace, &e) == 1)
		(void)hook_source(&r);
	buf_release(&conf);
	arena_release(&a);
	return 0;
}

#include "fuzz.h"
