#include "hook/challenge.h"

#include "core/text/ascii.h"
#include "hook/member.h"

enum { ANSWER_MAX = 1024 /* bytes of what a stranger has us say */ };

/* What a stranger may have us say, as text: one line of what can be seen,
 * without what a page or JSON would be made of. */
static bool
is_harmless(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~' ||
		    ascii_is_in(s.p[i], "<>\"\\{}"))
			return false;
	return s.n > 0 && s.n <= ANSWER_MAX;
}

static struct str
value_at(const struct hook_request *r, enum hook_place place, struct str name,
    struct arena *a)
{
	return place == HOOK_IN_QUERY || place == HOOK_IN_POST
		   ? hook_parameter(r, name, a)
		   : hook_member(r->body, name);
}

static struct str
answer_to(const struct hook_challenge *c, const struct hook_request *r,
    struct arena *a)
{
	switch (c->from) {
	case HOOK_FROM_QUERY:
		return hook_parameter(r, c->answer, a);
	case HOOK_FROM_JSON:
		return hook_member(r->body, c->answer);
	case HOOK_FROM_HEADER:
		return hook_header(r, c->answer);
	default:
		return c->answer;
	}
}

/* As long for each wrong word. */
static bool
knows_word(const struct hook_rule *rule, struct str word)
{
	unsigned char differ = word.n != rule->word.n || word.n == 0;

	for (size_t i = 0; i < rule->word.n; i++)
		differ |= (unsigned char)(rule->word.p[i] ^
					  (i < word.n ? word.p[i] : 0));
	return differ == 0;
}

enum hook_asked
hook_challenged(const struct hook_rule *rule, const struct hook_request *r,
    enum hook_place place, struct arena *a, struct str *answer)
{
	for (size_t i = 0; i < rule->challenge_count; i++) {
		const struct hook_challenge *c = &rule->challenges[i];
		struct str got;

		if (c->place != place)
			continue;
		got = value_at(r, place, c->name, a);
		if (got.p == NULL ||
		    (c->value.p != NULL && !str_eq(got, c->value)))
			continue;
		if (c->word.p != NULL &&
		    !knows_word(rule, hook_parameter(r, c->word, a)))
			return HOOK_WRONG_WORD;
		*answer = answer_to(c, r, a);
		if (c->from == HOOK_THIS || is_harmless(*answer))
			return HOOK_ANSWERED;
	}
	return HOOK_NO_CHALLENGE;
}
