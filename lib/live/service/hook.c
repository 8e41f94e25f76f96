/* How the hooks of a service prove whose they are: `hook` of its description. */
#include "hook/verify.h"
#include "live/service/reader.h"

/* {json: type, is: url_verification, answer: {json: challenge}} */
static int
read_challenge(struct service_reader *r, const struct yaml_node *n)
{
	static const char *const keys[] = { "query", "post", "json", "unsigned",
		"is", "word", "answer", NULL };
	struct hook_rule *rule = &r->s->rule;
	struct hook_challenge *c = &rule->challenges[rule->challenge_count];
	const struct yaml_node *answer = yaml_get(n, "answer");

	if (rule->challenge_count == HOOK_CHALLENGES)
		return yaml_fail(r->e, r->y, n, "more than %d challenges",
		    (int)HOOK_CHALLENGES);
	if (service_only(r, n, "challenge", keys) < 0 ||
	    service_only(r, answer, "answer", hook_answers) < 0)
		return -1;
	for (int i = 0; hook_places[i] != NULL; i++)
		if (yaml_get(n, hook_places[i]) != NULL) {
			c->place = (enum hook_place)i;
			if (service_text(r, n, hook_places[i], &c->name) < 0)
				return -1;
		}
	for (int i = 0; hook_answers[i] != NULL; i++)
		if (yaml_get(answer, hook_answers[i]) != NULL) {
			c->from = (enum hook_answer)i;
			if (service_text(
				r, answer, hook_answers[i], &c->answer) < 0)
				return -1;
		}
	if (service_text(r, n, "is", &c->value) < 0 ||
	    service_text(r, n, "word", &c->word) < 0)
		return -1;
	if (c->name.n == 0 || c->answer.n == 0 || str_chr(c->name, ' ') >= 0 ||
	    str_chr(c->value, ' ') >= 0 || str_chr(c->word, ' ') >= 0)
		return yaml_fail(r->e, r->y, n,
		    "a challenge is such as {json: type, is: ping, answer: "
		    "{json: challenge}}, its names without blanks");
	if (c->place == HOOK_IN_POST && c->from == HOOK_FROM_JSON)
		return yaml_fail(r->e, r->y, answer,
		    "post is answered before there is a body: by query, header "
		    "or text");
	r->s->word |= c->word.p != NULL;
	rule->challenge_count++;
	return 0;
}

static int
read_time(struct service_reader *r, const struct yaml_node *n)
{
	static const char *const keys[] = { "header", "unit", "tolerance",
		NULL };
	struct hook_rule *rule = &r->s->rule;
	const struct yaml_node *most = yaml_get(n, "tolerance");

	if (n == NULL)
		return 0;
	if (service_only(r, n, "time", keys) < 0 ||
	    service_text(r, n, "header", &rule->time) < 0 ||
	    service_word(r, n, "unit", hook_units, &rule->unit) < 0)
		return -1;
	if (rule->time.p == NULL)
		return yaml_fail(r->e, r->y, n, "time needs its header");
	if (most != NULL &&
	    (str_to_int(yaml_text(most), &rule->tolerance) < 0 ||
		rule->tolerance < 0 || rule->tolerance > 86400))
		return yaml_fail(
		    r->e, r->y, most, "tolerance must be 0 to 86400 seconds");
	return 0;
}

static int
read_secret(struct service_reader *r, const struct yaml_node *n)
{
	static const char *const keys[] = { "coding", "prefix", NULL };
	struct hook_rule *rule = &r->s->rule;

	rule->key = HOOK_TEXT;
	if (n == NULL)
		return 0;
	return service_only(r, n, "secret", keys) < 0 ||
		       service_word(r, n, "coding", hook_codings, &rule->key) <
			   0
		   ? -1
		   : service_text(r, n, "prefix", &rule->key_prefix);
}

/* What has the signature, or is the secret. */
static int
check_place(struct service_reader *r, const struct yaml_node *n)
{
	struct hook_rule *rule = &r->s->rule;
	bool equal = rule->algorithm == HOOK_EQUAL;

	if ((rule->header.p != NULL) + (rule->query.p != NULL) +
		(rule->member.p != NULL) !=
	    1)
		return yaml_fail(r->e, r->y, n,
		    "hook needs the header of the signature, or one of header, "
		    "query and member that is the secret");
	if (rule->header.p == NULL && !equal)
		return yaml_fail(
		    r->e, r->y, n, "query and member go with algorithm: equal");
	if (rule->list.p != NULL && rule->member.p == NULL)
		return yaml_fail(r->e, r->y, yaml_get(n, "list"),
		    "list needs the member of what is in it");
	if (rule->member.p != NULL &&
	    (rule->prefix.p != NULL || rule->several ||
		rule->coding != HOOK_TEXT))
		return yaml_fail(r->e, r->y, n,
		    "a member is the secret as it is: prefix, several and "
		    "coding go with a header");
	return !equal || (rule->time.p == NULL && rule->sign.p == NULL &&
			     rule->digest.p == NULL)
		   ? 0
		   : yaml_fail(r->e, r->y, n,
			 "with algorithm: equal nothing is signed: time, "
			 "signed and digest would say nothing");
}

static int
check_rule(struct service_reader *r, const struct yaml_node *n)
{
	struct hook_rule *rule = &r->s->rule;

	if (rule->algorithm == HOOK_EQUAL && yaml_get(n, "coding") == NULL)
		rule->coding = HOOK_TEXT;
	if (check_place(r, n) < 0)
		return -1;
	if (r->s->hint != NULL && !r->s->polls)
		return yaml_fail(r->e, r->y, yaml_get(n, "hint"),
		    "hint needs poll, which it hastens");
	if (rule->algorithm == HOOK_EQUAL)
		return 0;
	if (rule->sign.p == NULL || !hook_template_is_good(rule->sign))
		return yaml_fail(r->e, r->y, n,
		    "signed must be a template such as {time}.{body}, of "
		    "{body}, {time}, {url}, {form} and {header:NAME}");
	if (str_find(rule->sign, STR("{time}")) >= 0 && rule->time.p == NULL)
		return yaml_fail(
		    r->e, r->y, n, "signed has a {time}: say which by time");
	if (rule->time.p != NULL && str_find(rule->sign, STR("{time}")) < 0)
		return yaml_fail(r->e, r->y, n,
		    "signed has no {time}: anybody could change it");
	r->s->url = str_find(rule->sign, STR("{url}")) >= 0;
	return 0;
}

int
service_read_hook(struct service_reader *r, const struct yaml_node *n)
{
	static const char *const keys[] = { "header", "query", "list", "member",
		"signed", "algorithm", "coding", "prefix", "several", "time",
		"digest", "secret", "challenge", "hint", NULL };
	struct hook_rule *rule = &r->s->rule;
	const struct yaml_node *challenges = yaml_get(n, "challenge");

	r->s->hooks = n != NULL;
	if (n == NULL)
		return 0;
	if (service_only(r, n, "hook", keys) < 0 ||
	    service_text(r, n, "header", &rule->header) < 0 ||
	    service_text(r, n, "query", &rule->query) < 0 ||
	    service_text(r, n, "list", &rule->list) < 0 ||
	    service_text(r, n, "member", &rule->member) < 0 ||
	    service_text(r, n, "signed", &rule->sign) < 0 ||
	    service_text(r, n, "prefix", &rule->prefix) < 0 ||
	    service_text(r, n, "digest", &rule->digest) < 0 ||
	    service_word(r, n, "algorithm", hook_algorithms, &rule->algorithm) <
		0 ||
	    service_word(r, n, "coding", hook_codings, &rule->coding) < 0 ||
	    service_flag(r, n, "several", &rule->several) < 0 ||
	    read_time(r, yaml_get(n, "time")) < 0 ||
	    read_secret(r, yaml_get(n, "secret")) < 0 ||
	    service_program(r, n, "hint", &r->s->hint) < 0)
		return -1;
	for (size_t i = 0; i < yaml_count(challenges); i++)
		if (read_challenge(r, yaml_at(challenges, i)) < 0)
			return -1;
	return check_rule(r, n);
}
