#include "hook/challenge.h"

#include "core/text/ascii.h"

enum { ANSWER_MAX = 1024 /* bytes of what a stranger has us say */ };

static void
skip_space(struct str *s)
{
	while (s->n > 0 && ascii_is_in(s->p[0], " \t\r\n"))
		*s = str_sub(*s, 1, s->n);
}

/* Takes a string that begins here, without its quotes; absent where it has no
 * end. */
static struct str
take_string(struct str *s)
{
	size_t i = 1;
	struct str out;

	while (i < s->n && s->p[i] != '"')
		i += s->p[i] == '\\' ? 2 : 1;
	if (i >= s->n)
		return STR_NONE;
	out = str_sub(*s, 1, i - 1);
	*s = str_sub(*s, i + 1, s->n);
	return out;
}

/* Passes over a list or an object. */
static bool
skip_nested(struct str *s)
{
	size_t depth = 0;

	while (s->n > 0) {
		char c = s->p[0];

		if (c == '"') {
			if (take_string(s).p == NULL)
				return false;
			continue;
		}
		*s = str_sub(*s, 1, s->n);
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		if (depth == 0)
			return true;
	}
	return false;
}

/* Takes a value; absent for one that is nested, or where it has no end (*good
 * is false then). */
static struct str
take_value(struct str *s, bool *good)
{
	size_t n = 0;
	struct str out;

	skip_space(s);
	*good = s->n > 0;
	if (!*good)
		return STR_NONE;
	if (s->p[0] == '{' || s->p[0] == '[') {
		*good = skip_nested(s);
		return STR_NONE;
	}
	if (s->p[0] == '"') {
		out = take_string(s);
		*good = out.p != NULL;
		return out;
	}
	while (n < s->n && !ascii_is_in(s->p[n], ",}] \t\r\n"))
		n++;
	*good = n > 0;
	out = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->n);
	return out;
}

struct str
hook_member(struct str text, struct str name)
{
	bool good = true;

	skip_space(&text);
	if (text.n == 0 || text.p[0] != '{')
		return STR_NONE;
	while (good && text.n > 0 && text.p[0] != '}') {
		struct str key, value;

		text = str_sub(text, 1, text.n);
		skip_space(&text);
		if (text.n == 0 || text.p[0] != '"')
			return STR_NONE;
		key = take_string(&text);
		skip_space(&text);
		if (key.p == NULL || text.n == 0 || text.p[0] != ':')
			return STR_NONE;
		text = str_sub(text, 1, text.n);
		value = take_value(&text, &good);
		if (good && str_eq(key, name))
			return value;
		skip_space(&text);
		good &= text.n > 0 && ascii_is_in(text.p[0], ",}");
	}
	return STR_NONE;
}

/* What a stranger may have us say, as text: one line of what can be seen,
 * without what a page or JSON would be made of. */
static bool
is_harmless(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' ||
		    ascii_is_in(s.p[i], "<>\"\\{}"))
			return false;
	return s.n > 0 && s.n <= ANSWER_MAX;
}

static struct str
value_at(const struct hook_request *r, enum hook_place place, struct str name,
    struct arena *a)
{
	return place == HOOK_IN_QUERY ? hook_parameter(r, name, a)
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
