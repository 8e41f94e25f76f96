#include "core/opt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "core/text/nearest.h"
#include "core/time.h"

enum { HELP_AT = 28, HELP_WIDTH = 79, NAMES_MAX = 128 };

static const char *const kind_words[] = {
	[OPT_FLAG] = "flag",
	[OPT_COUNT] = "count",
	[OPT_TEXT] = "text",
	[OPT_LIST] = "list",
	[OPT_INT] = "int",
	[OPT_SIZE] = "size",
	[OPT_DURATION] = "duration",
	[OPT_TIME] = "time",
	[OPT_CHOICE] = "choice",
	[OPT_MAYBE] = "flag", /* for who completes it */
};

/* An option that was found, and the struct that its value goes to. */
struct found {
	const struct opt *opt;
	void *at;
};

struct tables {
	const struct opt *own, *common;
	void *own_at, *common_at;
};

static bool
takes_value(const struct opt *o)
{
	return o->kind != OPT_FLAG && o->kind != OPT_COUNT &&
	       o->kind != OPT_MAYBE;
}

static int
unknown(const struct tables *t, struct str name, struct err *e)
{
	const struct opt *both[] = { t->own, t->common };
	const char *names[NAMES_MAX], *near;
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		for (const struct opt *o = both[i];
		     o != NULL && o->name != NULL && n < NAMES_MAX; o++)
			names[n++] = o->name;
	near = nearest(name, names, n);
	if (near != NULL)
		return err_set(e, "--%.*s: no such option; did you mean --%s?",
		    STR_ARG(name), near);
	return err_set(
	    e, "--%.*s: no such option; --help lists them", STR_ARG(name));
}

static int
find_long(
    const struct tables *t, struct str name, struct found *f, struct err *e)
{
	const struct opt *both[] = { t->own, t->common };
	void *ats[] = { t->own_at, t->common_at };
	const char *other = NULL;

	*f = (struct found){ NULL, NULL };
	for (size_t i = 0; i < 2; i++)
		for (const struct opt *o = both[i];
		     o != NULL && o->name != NULL; o++) {
			if (!str_starts(str_of(o->name), name))
				continue;
			if (f->opt != NULL)
				other = o->name;
			if (f->opt == NULL || o->name[name.n] == '\0')
				*f = (struct found){ o, ats[i] };
			if (o->name[name.n] == '\0')
				return 0;
		}
	if (f->opt == NULL || name.n == 0)
		return unknown(t, name, e);
	if (other != NULL)
		return err_set(e, "--%.*s: --%s or --%s?", STR_ARG(name),
		    f->opt->name, other);
	return 0;
}

static int
find_short(const struct tables *t, char letter, struct found *f, struct err *e)
{
	const struct opt *both[] = { t->own, t->common };
	void *ats[] = { t->own_at, t->common_at };

	*f = (struct found){ NULL, NULL };
	for (size_t i = 0; i < 2; i++)
		for (const struct opt *o = both[i];
		     o != NULL && o->name != NULL; o++)
			if (o->letter == letter) {
				*f = (struct found){ o, ats[i] };
				return 0;
			}
	return err_set(e, "-%c: no such option; --help lists them", letter);
}

int
opt_size(struct str s, int64_t *out)
{
	int shift = 0;

	if (s.n > 1 && (s.p[s.n - 1] == 'B' || s.p[s.n - 1] == 'b'))
		s.n--;
	if (s.n > 1)
		switch (s.p[s.n - 1]) {
		case 'K':
		case 'k':
			shift = 10;
			break;
		case 'M':
		case 'm':
			shift = 20;
			break;
		case 'G':
		case 'g':
			shift = 30;
			break;
		case 'T':
		case 't':
			shift = 40;
			break;
		default:
			break;
		}
	if (shift > 0)
		s.n--;
	if (s.n == 0 || !ascii_is_digit(s.p[0]) || str_to_int(s, out) < 0 ||
	    __builtin_mul_overflow(*out, INT64_C(1) << shift, out))
		return -1;
	return 0;
}

static int
bad_value(
    const struct opt *o, const char *value, const char *want, struct err *e)
{
	return err_set(e, "--%s: '%s' is not %s", o->name, value, want);
}

static int
in_range(const struct opt *o, const char *value, int64_t v, struct err *e)
{
	if ((o->min == 0 && o->max == 0) || (v >= o->min && v <= o->max))
		return 0;
	return err_set(e,
	    "--%s: %s is out of range (%" PRId64 " to %" PRId64 ")", o->name,
	    value, o->min, o->max);
}

static int
bad_choice(const struct opt *o, const char *value, struct err *e)
{
	const char *near;
	char list[512] = "";
	size_t n = 0;

	while (o->choices[n] != NULL)
		n++;
	near = nearest(str_of(value), o->choices, n);
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(list);

		snprintf(list + len, sizeof(list) - len, "%s%s",
		    i == 0 ? "" : ", ", o->choices[i]);
	}
	if (near != NULL)
		return err_set(e, "--%s: '%s' is none of %s; did you mean %s?",
		    o->name, value, list, near);
	return err_set(e, "--%s: '%s' is none of %s", o->name, value, list);
}

static int
set_choice(const struct opt *o, int *at, const char *value, struct err *e)
{
	for (int i = 0; o->choices[i] != NULL; i++)
		if (strcmp(o->choices[i], value) == 0) {
			*at = i;
			return 0;
		}
	return bad_choice(o, value, e);
}

static void
add_to_list(struct opt_list *list, const char *value)
{
	vec_add(list, value);
}

static int
set_number(const struct opt *o, int64_t *at, const char *value, struct err *e)
{
	struct str s = str_of(value);

	switch (o->kind) {
	case OPT_SIZE:
		if (opt_size(s, at) < 0)
			return bad_value(
			    o, value, "a size such as 64K or 10M", e);
		return in_range(o, value, *at, e);
	case OPT_DURATION:
		if (duration_parse(s, at) < 0)
			return bad_value(
			    o, value, "a duration such as 90m, 24h or 7d", e);
		return 0;
	case OPT_TIME:
		if (time_parse(s, at) < 0)
			return bad_value(
			    o, value, "a time such as 2024-05-01T12:00:00Z", e);
		return 0;
	default:
		if (str_to_int(s, at) < 0)
			return bad_value(o, value, "a whole number", e);
		return in_range(o, value, *at, e);
	}
}

/* value is NULL for options that take none, or need none. */
static int
set(const struct found *f, const char *value, struct err *e)
{
	void *at = (char *)f->at + f->opt->at;

	switch (f->opt->kind) {
	case OPT_FLAG:
		*(bool *)at = true;
		return 0;
	case OPT_COUNT:
		++*(int *)at;
		return 0;
	case OPT_TEXT:
		*(const char **)at = value;
		return 0;
	case OPT_MAYBE:
		*(const char **)at = value == NULL ? "" : value;
		return 0;
	case OPT_LIST:
		add_to_list(at, value);
		return 0;
	case OPT_CHOICE:
		return set_choice(f->opt, at, value, e);
	default:
		return set_number(f->opt, at, value, e);
	}
}

/* argv[*i] is "--name" or "--name=value"; *i moves over a value behind. */
static int
parse_long(const struct tables *t, char **argv, int *i, struct err *e)
{
	struct str rest = str_of(argv[*i] + 2), name = str_split(&rest, '=');
	const char *value = rest.p;
	struct found f;

	if (find_long(t, name, &f, e) < 0 || f.opt == NULL)
		return -1;
	if (!takes_value(f.opt)) {
		if (value != NULL && f.opt->kind != OPT_MAYBE)
			return err_set(e, "--%s: takes no value", f.opt->name);
		return set(&f, value, e);
	}
	if (value == NULL)
		value = argv[++*i];
	if (value == NULL)
		return err_set(e, "--%s: %s is missing behind it", f.opt->name,
		    f.opt->arg == NULL ? "the value" : f.opt->arg);
	return set(&f, value, e);
}

/* argv[*i] is "-abc" or "-nvalue". */
static int
parse_short(const struct tables *t, char **argv, int *i, struct err *e)
{
	for (const char *p = argv[*i] + 1; *p != '\0'; p++) {
		struct found f;
		const char *value;

		if (find_short(t, *p, &f, e) < 0 || f.opt == NULL)
			return -1;
		if (!takes_value(f.opt)) {
			if (set(&f, NULL, e) < 0)
				return -1;
			continue;
		}
		value = p[1] != '\0' ? p + 1 : argv[++*i];
		if (value == NULL)
			return err_set(e, "-%c: %s is missing behind it", *p,
			    f.opt->arg == NULL ? "the value" : f.opt->arg);
		return set(&f, value, e);
	}
	return 0;
}

int
opt_parse(int argc, char **argv, const struct opt *own, void *own_at,
    const struct opt *common, void *common_at, int *operands, struct err *e)
{
	struct tables t = { own, common, own_at, common_at };
	bool only_operands = false;

	*operands = 0;
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];

		if (only_operands || a[0] != '-' || a[1] == '\0')
			argv[++*operands] = argv[i];
		else if (strcmp(a, "--") == 0)
			only_operands = true;
		else if ((a[1] == '-' ? parse_long : parse_short)(
			     &t, argv, &i, e) < 0)
			return -1;
	}
	if (argc > 0)
		argv[*operands + 1 < argc ? *operands + 1 : argc] = NULL;
	return 0;
}

void
opt_release(const struct opt *table, void *at)
{
	for (const struct opt *o = table; o != NULL && o->name != NULL; o++)
		if (o->kind == OPT_LIST) {
			struct opt_list *list = (void *)((char *)at + o->at);

			vec_release(list);
		}
}

/* Words of text, broken at the width; the cursor stands in column `at`. */
static void
print_wrapped(struct str text, int at)
{
	int column = at;

	while (text.p != NULL) {
		struct str word = str_split(&text, ' ');

		if (column > HELP_AT && column + 1 + (int)word.n > HELP_WIDTH) {
			printf("\n%*s", HELP_AT, "");
			column = HELP_AT;
		} else if (column > HELP_AT) {
			putchar(' ');
			column++;
		}
		printf("%.*s", STR_ARG(word));
		column += (int)word.n;
	}
	putchar('\n');
}

static void
print_option(const struct opt *o)
{
	char left[128], text[1024];
	int n;

	n = snprintf(left, sizeof(left), "  %c%c%c --%s%s%s",
	    o->letter != 0 ? '-' : ' ', o->letter != 0 ? o->letter : ' ',
	    o->letter != 0 ? ',' : ' ', o->name,
	    takes_value(o) && o->arg != NULL ? " " : "",
	    o->arg != NULL ? o->arg : "");
	if (n < HELP_AT - 1)
		printf("%-*s", HELP_AT, left);
	else
		printf("%s\n%*s", left, HELP_AT, "");
	snprintf(text, sizeof(text), "%s", o->help == NULL ? "" : o->help);
	for (size_t i = 0; o->kind == OPT_CHOICE && o->choices[i] != NULL;
	     i++) {
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len, "%s %s",
		    i == 0 ? ":" : ",", o->choices[i]);
	}
	print_wrapped(str_of(text), HELP_AT);
}

void
opt_help(const struct opt *table)
{
	for (const struct opt *o = table; o != NULL && o->name != NULL; o++)
		print_option(o);
}

void
opt_list_lines(const struct opt *table)
{
	for (const struct opt *o = table; o != NULL && o->name != NULL; o++) {
		printf("%c\t%s\t%s\t%s\t", o->letter == 0 ? '-' : o->letter,
		    o->name, kind_words[o->kind],
		    o->arg == NULL ? "-" : o->arg);
		for (size_t i = 0;
		     o->kind == OPT_CHOICE && o->choices[i] != NULL; i++)
			printf("%s%s", i == 0 ? "" : ",", o->choices[i]);
		if (o->kind != OPT_CHOICE)
			putchar('-');
		printf("\t%s\n", o->help == NULL ? "" : o->help);
	}
}
