#include "recall/lookup.h"

#include "identify/keys.h"
#include "recall/dialled.h"

enum {
	GROUPS = 200, /* types and workspaces that are tried */
	PEOPLE = 5, /* that one text may mean, to be listed */
};

struct finder {
	struct store *s;
	struct arena a;
	struct err *e;
	struct lookup_names names; /* that the text may stand for */
	char people[PEOPLE][ID_SIZE];
	struct str by[PEOPLE]; /* the key that found each */
	size_t found;
};

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

void
lookup_read(struct str typed, const char *region, struct arena *a,
    struct lookup_names *out)
{
	struct dialled d;
	struct str key;

	*out = (struct lookup_names){ 0 };
	typed = unwrap(typed);
	if (typed.n == 0 || typed.n > LOOKUP_TYPED)
		return;
	dialled_read(typed, region, a, &d);
	out->v = arena_alloc(a, (d.n + 1) * sizeof(*out->v));
	key = id_is(typed, "pcm") ? arena_dup(a, typed) : key_read(typed, a);
	if (key.p != NULL)
		out->v[out->n++] = key;
	out->sure = out->n + d.sure;
	for (size_t i = 0; i < d.n; i++)
		out->v[out->n++] = key_notation(STR("tel"), d.v[i], a);
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

/* Who has one of these keys, and else who claims it. */
static int
ask_keys(struct finder *f, size_t from, size_t to)
{
	for (int claims = 0; claims < 2 && f->found == 0; claims++)
		for (size_t i = from; i < to; i++) {
			struct str key = f->names.v[i];

			if (claims)
				key = ARENA_JOIN(&f->a, STR("?"), key);
			if (ask(f, key) < 0)
				return -1;
		}
	return 0;
}

/* The first text behind all that begin with this. */
static struct str
behind(struct finder *f, struct str prefix)
{
	return ARENA_JOIN(&f->a, prefix, STR("\xff"));
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
		if (ask(f, ARENA_JOIN(&f->a, found, typed)) < 0)
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
		if (ask(f, ARENA_JOIN(&f->a, found, typed)) < 0)
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
		rc = store_ref_message(
		    f->s, ARENA_JOIN(&f->a, found, typed), message, f->e);
		if (rc < 0)
			return -1;
		if (rc == 1 && ask(f, str_of(message)) < 0)
			return -1;
		from = behind(f, found);
	}
	return 0;
}

int
lookup_several(
    struct err *e, struct str typed, const struct str *by, size_t n, bool more)
{
	struct arena a = { 0 };
	struct str list = STR("");

	for (size_t i = 0; i < n; i++)
		list = ARENA_JOIN(&a, list, str_of(i == 0 ? "" : ", "), by[i]);
	err_set(e, "%.*s names %s people; name one of: %.*s", STR_ARG(typed),
	    more ? "many" : "several", STR_ARG(list));
	e->code = ERR_ITEM;
	arena_release(&a);
	return -1;
}

/* Another country's number is the last guess. */
static int
search(struct finder *f, struct str typed, const char *region)
{
	if (id_is(typed, "pcm"))
		return ask(f, typed);
	lookup_read(typed, region, &f->a, &f->names);
	if (ask_keys(f, 0, f->names.sure) < 0 ||
	    (f->found == 0 && ask_types(f, typed) < 0) ||
	    (f->found == 0 && ask_refs(f, typed) < 0) ||
	    (f->found == 0 && ask_keys(f, f->names.sure, f->names.n) < 0))
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
		rc = lookup_several(e, typed, f.by, f.found, f.found == PEOPLE);
	else if (rc >= 0)
		rc = f.found == 1;
	if (rc == 1)
		memcpy(person, f.people[0], ID_SIZE);
	arena_release(&f.a);
	return rc;
}

const char *
lookup_hint(struct str typed, const char *region)
{
	return region != NULL || !dialled_is_national(unwrap(typed))
		   ? ""
		   : "; for a national number, name its country with region: "
		     "in the workspace file (-C), or write it with + and "
		     "the country's code";
}
