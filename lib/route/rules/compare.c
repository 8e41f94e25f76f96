#include "route/rules/compare.h"

#include <math.h>

#include "core/time.h"

enum {
	PARTS = 8, /* of one text */
	NUMBER_BYTES = 63,
};

enum compare_by { IS, IS_NOT, LESS, LESS_OR_SAME, MORE, MORE_OR_SAME };
enum compare_kind { A_TEXT, A_NUMBER, A_TIME, A_TRUTH, A_NULL };

struct part {
	enum compare_by by;
	enum compare_kind kind;
	struct str text;
	double number;
	int64_t time;
	bool truth;
};

struct compare {
	struct part v[PARTS];
	size_t n;
};

/* --- reading --- */

/* The whole of s as a decimal number; false where it is none. */
static bool
to_number(struct str s, double *out)
{
	char text[NUMBER_BYTES + 1], *end;
	size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');

	if (s.n == 0 || s.n > NUMBER_BYTES || i == s.n || s.p[i] < '0' ||
	    s.p[i] > '9')
		return false;
	for (size_t k = i; k < s.n; k++)
		if (str_chr(STR("0123456789.eE+-"), s.p[k]) < 0)
			return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*out = strtod(text, &end);
	return end == text + s.n && isfinite(*out);
}

/* Takes an operator off s; false where none stands there. */
static bool
take_by(struct str *s, enum compare_by *out)
{
	static const struct {
		const char *text;
		enum compare_by by;
	} all[] = { { ">=", MORE_OR_SAME }, { "<=", LESS_OR_SAME },
		{ "!=", IS_NOT }, { ">", MORE }, { "<", LESS }, { "=", IS } };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (str_starts(*s, str_of(all[i].text))) {
			*out = all[i].by;
			*s = str_trim(str_sub(*s, str_of(all[i].text).n, s->n));
			return true;
		}
	return false;
}

/* Where the next operator begins, behind a blank; s.n where there is none. */
static size_t
next_by(struct str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i - 1] == ' ' && str_chr(STR("<>=!"), s.p[i]) >= 0)
			return i;
	return s.n;
}

static int
read_operand(struct part *p, struct str s, struct err *e)
{
	p->text = s;
	if (to_number(s, &p->number))
		p->kind = A_NUMBER;
	else if (time_parse(s, &p->time) == 0)
		p->kind = A_TIME;
	else if (p->by == IS || p->by == IS_NOT)
		p->kind = str_is(s, "null") ? A_NULL : A_TEXT;
	else
		return err_set(e,
		    "'%.*s' is no number and no time; write \"> 500\" or \"< "
		    "2026-01-01\"",
		    STR_ARG(s));
	return 0;
}

/* "> 500 <= 1000" */
static int
read_parts(struct compare *c, struct str s, struct err *e)
{
	struct str all = s;

	while (s.n > 0) {
		struct part *p = &c->v[c->n];
		size_t end;

		if (c->n == PARTS || !take_by(&s, &p->by))
			return err_set(e,
			    "'%.*s' compares nothing; write \"> 500\" or "
			    "\">= 10 < 20\"",
			    STR_ARG(all));
		/* What is to be a text may have anything in it. */
		end = p->by == IS || p->by == IS_NOT ? s.n : next_by(s);
		if (read_operand(p, str_trim(str_sub(s, 0, end)), e) != 0)
			return -1;
		s = str_sub(s, end, s.n);
		c->n++;
	}
	return 0;
}

struct compare *
compare_read(struct str text, bool plain, struct arena *a, struct err *e)
{
	struct compare *c = arena_calloc(a, 1, sizeof(*c));
	struct str s = str_trim(text);
	enum compare_by by;
	struct str rest = s;

	if (s.n > 0 && take_by(&rest, &by))
		return read_parts(c, s, e) == 0 ? c : NULL;
	c->n = 1;
	c->v[0].text = text;
	if (plain && (str_is(s, "true") || str_is(s, "false"))) {
		c->v[0].kind = A_TRUTH;
		c->v[0].truth = str_is(s, "true");
	} else if (plain && (str_is(s, "null") || str_is(s, "~"))) {
		c->v[0].kind = A_NULL;
	} else if (plain && to_number(s, &c->v[0].number)) {
		c->v[0].kind = A_NUMBER;
	}
	return c;
}

/* --- comparing --- */

static bool
in_order(enum compare_by by, int order)
{
	switch (by) {
	case LESS:
		return order < 0;
	case LESS_OR_SAME:
		return order <= 0;
	case MORE:
		return order > 0;
	case MORE_OR_SAME:
		return order >= 0;
	default:
		return order == 0;
	}
}

static bool
number_of(struct json v, struct str text, double *out)
{
	return json_type(v) == JSON_STRING ? to_number(str_trim(text), out)
					   : json_real(v, out) == 0;
}

/* The part for one value, of which text is what is written; as if IS_NOT were
 * IS. */
static bool
holds_for(const struct part *p, struct json v, struct str text)
{
	double number;
	int64_t time;

	switch (p->kind) {
	case A_TRUTH:
		return json_type(v) == (p->truth ? JSON_TRUE : JSON_FALSE);
	case A_NUMBER:
		if (p->by <= IS_NOT && json_type(v) == JSON_STRING &&
		    str_eq(text, p->text))
			return true;
		return number_of(v, text, &number) &&
		       in_order(
			   p->by, number < p->number ? -1 : number > p->number);
	case A_TIME:
		return json_type(v) == JSON_STRING &&
		       time_parse(text, &time) == 0 &&
		       in_order(p->by, time < p->time ? -1 : time > p->time);
	case A_NULL:
		return json_type(v) == JSON_NULL;
	default:
		return json_type(v) == JSON_STRING && str_eq(text, p->text);
	}
}

static struct str
written(struct json v, struct arena *a)
{
	return json_type(v) == JSON_STRING ? json_str(v, a) : json_raw(v);
}

/* Is there nothing but null? */
static bool
is_nothing(const struct json *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (json_type(v[i]) != JSON_NULL)
			return false;
	return true;
}

/* All parts, but those of which no value may be one. */
static bool
all_hold(const struct compare *c, struct json v, struct str text)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].by != IS_NOT && !holds_for(&c->v[i], v, text))
			return false;
	return true;
}

static bool
some_is(const struct part *p, const struct json *v, size_t n, struct arena *a,
    struct str *found)
{
	for (size_t i = 0; i < n; i++) {
		*found = written(v[i], a);
		if (holds_for(p, v[i], *found))
			return true;
	}
	return false;
}

bool
compare_holds(const struct compare *c, const struct json *v, size_t n,
    struct arena *a, struct str *found)
{
	bool only_not = true;

	*found = STR_NONE;
	for (size_t i = 0; i < c->n; i++) {
		const struct part *p = &c->v[i];

		if (p->kind == A_NULL && p->by <= IS_NOT &&
		    is_nothing(v, n) != (p->by == IS))
			return false;
		if (p->kind == A_NULL && p->by <= IS_NOT)
			continue;
		if (p->by == IS_NOT && some_is(p, v, n, a, found))
			return false;
		only_not = only_not && p->by == IS_NOT;
	}
	if (c->v[0].kind == A_NULL || only_not) {
		*found = n > 0 ? written(v[0], a) : STR_NONE;
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		*found = written(v[i], a);
		if (all_hold(c, v[i], *found))
			return true;
	}
	*found = n > 0 ? written(v[0], a) : STR_NONE;
	return false;
}
