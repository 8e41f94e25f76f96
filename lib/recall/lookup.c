#include "recall/lookup.h"

#include "identify/keys.h"
#include "identify/telephone.h"
#include "recall/callingcode.h"

enum {
	FORMS = 16, /* of one typed text */
	GROUPS = 200, /* types and workspaces that are tried */
	PEOPLE = 5, /* that one text may mean, to be listed */
	NATIONAL = 7, /* digits of a number, its trunk digit among them */
};

struct finder {
	struct store *s;
	struct arena a;
	struct err *e;
	struct str forms[FORMS]; /* keys that the text may stand for */
	size_t n;
	char people[PEOPLE][ID_SIZE];
	struct str by[PEOPLE]; /* the key that found each */
	size_t found;
};

static void
form(struct finder *f, struct str key)
{
	if (key.n == 0 || f->n == FORMS)
		return;
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->forms[i], key))
			return;
	f->forms[f->n++] = key;
}

/* The digits of a number as people write it; STR_NONE where it is none. */
static struct str
digits_of(struct str s, bool *plus, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	if (str_starts_nocase(s, STR("tel:")))
		s = str_sub(s, 4, s.n);
	*plus = s.n > 0 && s.p[0] == '+';
	for (size_t i = *plus; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			p[n++] = s.p[i];
		else if (strchr(" -./()", s.p[i]) == NULL || s.p[i] == '\0')
			return STR_NONE;
	}
	return n >= 5 && n <= 18 ? str_make(p, n) : STR_NONE;
}

static void
tel(struct finder *f, struct str code, struct str digits)
{
	if (digits.n > 0 && digits.n <= 15)
		form(f, key_notation(STR("tel"),
			    telephone_key(arena_printf(&f->a, "+%.*s%.*s",
					      STR_ARG(code), STR_ARG(digits)),
				&f->a),
			    &f->a));
}

/*
 * A number with and without the digit that is dialled before a national one:
 * in most countries 0, in some 8, 1 or 06; in Italy it stays.
 */
static void
tels(struct finder *f, struct str typed, const char *region)
{
	static const char *const trunks[] = { "0", "8", "1", "06" };
	struct str code = region == NULL ? STR_NONE : calling_code(region);
	struct str d, zero;
	bool plus;

	d = digits_of(typed, &plus, &f->a);
	if (d.p == NULL)
		return;
	/* "+49 (0)30": the trunk digit in brackets goes. */
	if (plus && str_find(typed, STR("(0)")) > 0) {
		size_t at = (size_t)str_find(typed, STR("(0)"));

		zero = arena_printf(&f->a, "%.*s%.*s", (int)at, typed.p,
		    STR_ARG(str_sub(typed, at + 3, typed.n)));
		d = digits_of(zero, &plus, &f->a);
	}
	if (plus) {
		tel(f, STR(""), d);
		return;
	}
	if (str_starts(d, STR("00")))
		tel(f, STR(""), str_sub(d, 2, d.n));
	else if (str_starts(d, STR("011")))
		tel(f, STR(""), str_sub(d, 3, d.n));
	if (code.p == NULL) {
		tel(f, STR(""), d);
		return;
	}
	for (size_t i = 0; i < sizeof(trunks) / sizeof(*trunks); i++)
		if (str_starts(d, str_of(trunks[i])))
			tel(f, code, str_sub(d, strlen(trunks[i]), d.n));
	tel(f, code, d);
	tel(f, STR(""), d);
}

/* "Anna <anna@example.org>" is the address. */
static struct str
unwrap(struct str typed)
{
	struct str s = str_trim(typed);
	ptrdiff_t at = str_rchr(s, '<');

	if (at >= 0 && s.n > 0 && s.p[s.n - 1] == '>')
		return str_trim(
		    str_sub(s, (size_t)at + 1, s.n - (size_t)at - 2));
	return s;
}

static void
forms_of(struct finder *f, struct str typed, const char *region)
{
	form(f, key_read(typed, &f->a));
	tels(f, typed, region);
}

/* Asking the state. */

static int
meet(struct finder *f, struct str by, const char *person)
{
	for (size_t i = 0; i < f->found; i++)
		if (strcmp(f->people[i], person) == 0)
			return 1;
	if (f->found < PEOPLE) {
		memcpy(f->people[f->found], person, ID_SIZE);
		f->by[f->found++] = arena_dup(&f->a, by);
	}
	return 1;
}

static int
ask(struct finder *f, struct str name)
{
	char person[ID_SIZE] = "";
	int rc = store_who(f->s, name, person, f->e);

	return rc == 1 ? meet(f, name, person) : rc;
}

/* Who has a key, and else who claims it. */
static int
ask_keys(struct finder *f)
{
	for (int claims = 0; claims < 2 && f->found == 0; claims++)
		for (size_t i = 0; i < f->n; i++) {
			struct str key = f->forms[i];

			if (claims)
				key =
				    arena_printf(&f->a, "?%.*s", STR_ARG(key));
			if (ask(f, key) < 0)
				return -1;
		}
	return 0;
}

/* The first text behind all that begin with this. */
static struct str
behind(struct finder *f, struct str prefix)
{
	return arena_printf(&f->a, "%.*s\xff", STR_ARG(prefix));
}

/* A workspace or shop is part of the key: slack:T1/U2. */
static int
ask_within(struct finder *f, struct str type, struct str typed)
{
	struct str from = type, found;

	for (int i = 0; i < GROUPS; i++) {
		int rc = store_next_key(f->s, from, &f->a, &found, f->e);
		ptrdiff_t slash;

		if (rc <= 0)
			return rc;
		if (!str_starts(found, type))
			return 0;
		slash = str_rchr(found, '/');
		if (slash < 0)
			return 0;
		found = str_sub(found, 0, (size_t)slash + 1);
		if (ask(f, arena_printf(&f->a, "%.*s%.*s", STR_ARG(found),
			       STR_ARG(typed))) < 0)
			return -1;
		from = behind(f, found);
	}
	return 0;
}

/* The text as the value of every type that the state has. */
static int
ask_types(struct finder *f, struct str typed)
{
	struct str from = STR(""), found;

	for (int i = 0; i < GROUPS; i++) {
		int rc = store_next_key(f->s, from, &f->a, &found, f->e);
		ptrdiff_t colon;

		if (rc <= 0)
			return rc;
		colon = str_chr(found, ':');
		found =
		    str_sub(found, 0, colon < 0 ? found.n : (size_t)colon + 1);
		from = behind(f, found);
		/* Claims count where nobody has a key. */
		if (str_starts(found, STR("?")) && f->found > 0)
			continue;
		if (ask(f, arena_printf(&f->a, "%.*s%.*s", STR_ARG(found),
			       STR_ARG(typed))) < 0)
			return -1;
		if ((str_is(found, "slack:") || str_is(found, "order:")) &&
		    ask_within(f, found, typed) < 0)
			return -1;
	}
	return 0;
}

/* A message's own id on any channel: refs are kind, channel, account, id. */
static int
ask_refs(struct finder *f, struct str typed)
{
	struct str from = STR("m\t"), found;

	for (int i = 0; i < GROUPS; i++) {
		char message[ID_SIZE] = "";
		size_t end = 0;
		int rc = store_next_ref(f->s, from, &f->a, &found, f->e);

		if (rc <= 0 || !str_starts(found, STR("m\t")))
			return rc < 0 ? -1 : 0;
		for (int tabs = 0; tabs < 3 && end < found.n; end++)
			tabs += found.p[end] == '\t';
		found = str_sub(found, 0, end);
		rc = store_ref_message(f->s,
		    arena_printf(
			&f->a, "%.*s%.*s", STR_ARG(found), STR_ARG(typed)),
		    message, f->e);
		if (rc < 0)
			return -1;
		if (rc == 1 && ask(f, str_of(message)) < 0)
			return -1;
		from = behind(f, found);
	}
	return 0;
}

static int
ambiguous(struct finder *f, struct str typed)
{
	struct str list = STR("");

	for (size_t i = 0; i < f->found; i++)
		list = arena_printf(&f->a, "%.*s%s%.*s", STR_ARG(list),
		    i == 0 ? "" : ", ", STR_ARG(f->by[i]));
	return err_set(f->e, "%.*s names %s people; name one of: %.*s",
	    STR_ARG(typed), f->found < PEOPLE ? "several" : "many",
	    STR_ARG(list));
}

static int
search(struct finder *f, struct str typed, const char *region)
{
	if (id_is(typed, "pcm"))
		return ask(f, typed);
	forms_of(f, typed, region);
	if (ask_keys(f) < 0 || (f->found == 0 && ask_types(f, typed) < 0) ||
	    (f->found == 0 && ask_refs(f, typed) < 0))
		return -1;
	/* Shops write an order as #1001. */
	if (f->found == 0 && typed.n > 1 && typed.p[0] == '#')
		return search(f, str_sub(typed, 1, typed.n), region);
	return 0;
}

int
lookup_find(struct store *s, struct str typed, const char *region,
    char person[ID_SIZE], struct err *e)
{
	struct finder f = { .s = s, .e = e };
	int rc;

	typed = unwrap(typed);
	if (typed.n == 0 || typed.n > LOOKUP_TYPED ||
	    memchr(typed.p, '\t', typed.n) != NULL)
		return 0;
	rc = search(&f, typed, region);
	if (rc >= 0 && f.found > 1)
		rc = ambiguous(&f, typed);
	else if (rc >= 0)
		rc = f.found == 1;
	if (rc == 1)
		memcpy(person, f.people[0], ID_SIZE);
	arena_release(&f.a);
	return rc;
}

/* May it be a telephone number that only a region gives its country? */
static bool
is_national(struct str typed)
{
	struct arena a = { 0 };
	bool plus;
	struct str d = digits_of(unwrap(typed), &plus, &a);
	bool is = d.n >= NATIONAL && !plus && !str_starts(d, STR("00"));

	arena_release(&a);
	return is;
}

const char *
lookup_hint(struct str typed, const char *region)
{
	return region != NULL || !is_national(typed)
		   ? ""
		   : "; for a national number, name its country with region: "
		     "in the workspace file (-C), or write it with + and "
		     "the country's code";
}

struct str
lookup_name(struct str typed, const char *region, struct arena *a)
{
	struct finder f = { 0 };
	struct str name = STR_NONE;

	typed = unwrap(typed);
	if (id_is(typed, "pcm"))
		return arena_dup(a, typed);
	forms_of(&f, typed, region);
	if (f.n > 0)
		name = arena_dup(a, f.forms[0]);
	arena_release(&f.a);
	return name;
}
