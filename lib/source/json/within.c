#include "source/json/within.h"

#include <stdio.h>

#include "core/text/ascii.h"
#include "source/peek.h"
#include "source/source.h"

enum { LISTS = 4 }; /* that are looked at, the first ones of an object */

struct found {
	struct str outer, name; /* outer: of the object around it, or "" */
	size_t at; /* of its bracket in the head */
};

struct lists {
	struct str head;
	bool object; /* the member that is looked into is one */
	struct found v[LISTS];
	size_t n;
};

/* Where the value of a member stands, whose name is part of head. */
static size_t
value_at(struct str head, struct str name)
{
	size_t i = (size_t)(name.p - head.p) + name.n;

	while (i < head.n && head.p[i] != '[')
		i++;
	return i;
}

/* Does an object stand first in the list? */
static bool
is_of_objects(struct str list)
{
	return str_starts(str_trim(str_sub(list, 1, list.n)), STR("{"));
}

/* A name that is a path's as it stands. */
static bool
is_plain(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '_' &&
		    name.p[i] != '-')
			return false;
	return name.n < WITHIN_PATH / 2;
}

static void
see(void *arg, const struct peeked *p)
{
	struct lists *l = arg;
	size_t at;

	if (p->within.n == 0)
		l->object = p->first == '{';
	if (p->first != '[' || l->n == LISTS || (p->within.n > 0 && !l->object))
		return;
	at = value_at(l->head, p->name);
	if (is_plain(p->within) && is_plain(p->name) && p->name.n > 0 &&
	    is_of_objects(str_sub(l->head, at, l->head.n)))
		l->v[l->n++] = (struct found){ p->within, p->name, at };
}

/* Behind the list that begins here; head.n where it does not end. */
static size_t
list_end(struct str head, size_t i)
{
	size_t open = 0;

	for (; i < head.n; i++) {
		char c = head.p[i];

		if (c == '"')
			for (i++; i < head.n && head.p[i] != '"'; i++)
				i += head.p[i] == '\\';
		else if (c == '[' || c == '{')
			open++;
		else if ((c == ']' || c == '}') && --open == 0)
			return i + 1;
	}
	return head.n;
}

/* A list that says nothing of what is in it, as interfaces call a page's. */
static bool
is_any(struct str name)
{
	static const char *const names[] = { "data", "items", "records",
		"results", "result", "rows", "value", "values", "entries",
		"list", "objects", "elements", "payload", "response", "content",
		"docs", "hits", "nodes", NULL };

	return str_is_one_of(name, names);
}

/*
 * Is the object nothing to the format without its list, and the list much?  One
 * of a name that the format may have for what is in its own items is left to it.
 */
static bool
only_wraps(const struct source_format *f, const char *base_name,
    struct str head, const struct found *l)
{
	struct arena a = { 0 };
	struct str hollow;
	bool is;

	if (!is_any(l->name))
		return false;
	hollow = ARENA_JOIN(&a, str_sub(head, 0, l->at), STR("[]"),
	    str_sub(head, list_end(head, l->at), head.n));
	is = f->sniff(base_name, hollow) < SOURCE_SURE &&
	     f->sniff(base_name, str_sub(head, l->at, head.n)) >= SOURCE_SURE;

	arena_release(&a);
	return is;
}

static struct lists
lists_of(struct str head)
{
	struct lists l = { .head = peek_unmarked(head) };

	if (str_starts(l.head, STR("{")))
		json_peek(l.head, see, &l);
	return l;
}

static void
write_path(const struct found *l, char path[WITHIN_PATH])
{
	snprintf(path, WITHIN_PATH, "%.*s%s%.*s", STR_ARG(l->outer),
	    l->outer.n > 0 ? "/" : "", STR_ARG(l->name));
}

void
within_named(const struct source_format *f, const char *base_name,
    struct str head, char path[WITHIN_PATH])
{
	struct lists l = lists_of(head);
	size_t i = 0;

	path[0] = '\0';
	if (f->sniff == NULL)
		return;
	while (i < l.n && !only_wraps(f, base_name, l.head, &l.v[i]))
		i++;
	if (i < l.n)
		write_path(&l.v[i], path);
}

/* What the lists are of, where the whole is nothing that is known. */
static const struct source_format *
tell_list(const char *base_name, struct str head, char path[WITHIN_PATH])
{
	struct lists l = lists_of(head);

	for (size_t i = 0; i < l.n; i++) {
		struct str list = str_sub(l.head, l.v[i].at, l.head.n);
		const struct source_format *f;
		int sure;

		f = source_surest(base_name, list, &sure);
		if (f == NULL || sure < SOURCE_SURE)
			continue;
		write_path(&l.v[i], path);
		return f;
	}
	return NULL;
}

const struct source_format *
within_tell(const char *base_name, struct str head,
    const struct source_format *f, int how_sure, char path[WITHIN_PATH])
{
	const struct source_format *inner;

	path[0] = '\0';
	if (f != NULL && how_sure >= SOURCE_SURE) {
		within_named(f, base_name, head, path);
		return f;
	}
	inner = tell_list(base_name, head, path);
	return inner != NULL ? inner : f;
}
