#include "people/limits.h"

#include <string.h>

/*
 * An id that a company gives its customers is one person's; of addresses,
 * numbers and accounts people have a few; browsers and devices come and go.
 */
static const struct limit defaults[] = {
	{ "user", 5, 1 },
	{ "uid", 5, 1 },
	{ "customer", 5, 1 },
	{ "", 4, 5 }, /* accounts of platforms: all others */
	{ "email", 3, 5 },
	{ "tel", 2, 5 },
	{ "order", 1, 0 },
	{ "ticket", 1, 0 },
	{ "cookie", 1, 0 },
	{ "device", 1, 0 },
};

enum { MOST = 10000 };

void
limits_default(struct limits *l)
{
	l->n = sizeof(defaults) / sizeof(*defaults);
	memcpy(l->v, defaults, sizeof(defaults));
}

static struct limit *
find(struct limits *l, struct str type)
{
	struct limit *rest = NULL;

	for (size_t i = 0; i < l->n; i++) {
		const char *name = l->v[i].type;

		if (name[0] == '\0')
			rest = &l->v[i];
		else if (type.n > 0 && type.p[0] == name[0] &&
			 str_is(type, name))
			return &l->v[i];
	}
	return rest;
}

static struct str
type_of(struct str key)
{
	ptrdiff_t colon = str_chr(key, ':');

	return str_sub(key, 0, colon < 0 ? 0 : (size_t)colon);
}

const struct limit *
limits_of(const struct limits *l, struct str key)
{
	return find((struct limits *)(uintptr_t)l, type_of(key));
}

int
limits_set(struct limits *l, struct str text, struct err *e)
{
	ptrdiff_t eq = str_chr(text, '=');
	struct str type = str_sub(text, 0, eq < 0 ? 0 : (size_t)eq);
	struct limit *at;
	int64_t n;

	if (eq <= 0 || type.n >= LIMITS_TYPE || str_chr(type, ':') >= 0 ||
	    str_to_int(str_sub(text, (size_t)eq + 1, text.n), &n) < 0 ||
	    n < 0 || n > MOST)
		return err_set(e,
		    "--limit %.*s: give a type of keys and how many one person "
		    "has, such as tel=3 (0: any number)",
		    STR_ARG(text));
	at = find(l, type);
	if (at->type[0] == '\0') {
		if (l->n == LIMITS_MAX)
			return err_set(
			    e, "--limit: more than %d types", LIMITS_MAX);
		l->v[l->n] = *at;
		at = &l->v[l->n++];
		memset(at->type, 0, sizeof(at->type));
		memcpy(at->type, type.p, type.n);
	}
	at->most = (unsigned)n;
	return 0;
}

struct str
limits_class(struct str key)
{
	struct str type = type_of(key);
	ptrdiff_t slash;

	if (str_is(type, "email") || str_is(type, "tel"))
		return type;
	slash = str_rchr(key, '/');
	return slash < (ptrdiff_t)type.n ? type
					 : str_sub(key, 0, (size_t)slash);
}

unsigned
limits_least(const struct limits *l)
{
	unsigned least = MOST;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].most > 1 && l->v[i].most < least)
			least = l->v[i].most;
	return least;
}
