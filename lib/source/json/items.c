#include "source/json/items.h"

#include <string.h>

#include "source/json/walk.h"
#include "source/peek.h"
#include "source/table/table.h"

enum {
	EACH_MEMBER = 4 << 10, /* bytes of one beside, that each item repeats */
	FORM_PATHS = 32,
	FORM_WHOLE = 8 << 20, /* bytes of a file that is read as one value */
	SCRIPT_HEAD = 256, /* bytes of "window.name = " */
};

void
items_path_release(struct items_path *p)
{
	arena_release(&p->arena);
}

/* A name without "~1" and "~0". */
static struct str
unescaped(struct items_path *p, struct str s)
{
	char *to = arena_alloc(&p->arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '~' && i + 1 < s.n &&
		    (s.p[i + 1] == '0' || s.p[i + 1] == '1'))
			c = s.p[++i] == '1' ? '/' : '~';
		to[n++] = c;
	}
	return str_make(to, n);
}

int
items_path_read(struct items_path *p, const char *text, struct err *e)
{
	struct str rest = str_of(text);
	bool jq = rest.n > 0 && rest.p[0] == '.';

	*p = (struct items_path){ 0 };
	if (rest.n > 0 && (jq || rest.p[0] == '/'))
		rest = str_sub(rest, 1, rest.n);
	while (rest.p != NULL && rest.n > 0) {
		struct str name = str_split(&rest, jq ? '.' : '/');

		if (jq && str_ends(name, STR("[]")))
			name = str_sub(name, 0, name.n - 2);
		if (name.n == 0 && jq && p->n == 0)
			continue;
		if (name.n == 0 || p->n == ITEMS_NAMES)
			return err_set(e,
			    "--items %s: a path is at most %d names with "
			    "slashes between, none of them empty",
			    text, ITEMS_NAMES);
		p->names[p->n++] =
		    jq ? arena_dup(&p->arena, name) : unescaped(p, name);
	}
	return 0;
}

int
items_read(struct ingest *in, struct input *file, struct err *e)
{
	static const struct items_form any = { .each = EACH_MEMBER };
	struct items_walk k = {
		.in = in, .form = &any, .paths = in->items_path, .all = 1
	};
	int rc = items_walk_file(&k, file, STR(""), e);

	if (rc == 0 && k.items == 0)
		rc = ingest_reject(in, STR(""),
		    "nothing stands where --items leads", STR(""), e);
	return rc;
}

/* A format's files. */

struct form_reader {
	struct items_walk walk;
	struct items_path paths[FORM_PATHS];
	size_t n; /* of them */
	struct buf held; /* the file's beginning */
	size_t given; /* of it */
	struct input *rest; /* NULL: held is all */
	struct str block;
};

/* What was held, then the rest of the file. */
static ptrdiff_t
take(void *arg, void *p, size_t n, struct err *e)
{
	struct form_reader *r = arg;
	struct str from = str_sub(buf_str(&r->held), r->given, r->held.n);
	int got = 1;

	if (from.n == 0 && r->rest != NULL && r->block.n == 0)
		got = input_block(r->rest, &r->block, e);
	if (got <= 0)
		return got;
	if (from.n == 0)
		from = r->block;
	if (n > from.n)
		n = from.n;
	if (n > 0)
		memcpy(p, from.p, n);
	if (r->given < r->held.n)
		r->given += n;
	else
		r->block = str_sub(r->block, n, r->block.n);
	return (ptrdiff_t)n;
}

/* Where an object that a path goes through begins with such a member, in the
 * file's first bytes. */
static void
see(void *arg, const struct peeked *p)
{
	struct form_reader *r = arg;

	for (size_t i = 0; i < r->n; i++) {
		const struct items_path *path = &r->paths[i];

		if (p->within.n == 0 && path->n > 0 &&
		    str_eq(p->name, path->names[0]) &&
		    (p->first == '[' || p->first == '{'))
			r->walk.behind = true;
	}
}

/* Holds the file's beginning; 1 where that is all of it, 0, -1. */
static int
hold(struct form_reader *r, struct input *file, struct err *e)
{
	struct str block;
	int got = 1;

	buf_init(&r->held, (size_t)FORM_WHOLE + STREAM_BLOCK);
	while (
	    r->held.n < FORM_WHOLE && (got = input_block(file, &block, e)) > 0)
		buf_add_str(&r->held, block);
	if (got > 0)
		r->rest = file;
	return got < 0 ? -1 : got == 0;
}

size_t
items_script_head(struct str s)
{
	size_t mark = str_starts(s, STR("\xef\xbb\xbf")) ? 3 : 0;
	struct str head = str_sub(s, mark, SCRIPT_HEAD);
	ptrdiff_t eq = str_chr(head, '=');
	char first = head.n == 0 ? '\0' : head.p[0];
	bool is =
	    (first >= 'a' && first <= 'z') || first == 'W' || first == 'Y';

	return is && eq > 0 ? mark + (size_t)eq + 1 : 0;
}

/* What can be read of a value that is broken, or has no end. */
static int
salvage(struct items_walk *k, const struct cut_item *bad, const char *why,
    struct err *e)
{
	struct form_reader r = { .walk = *k };
	struct str at = str_is(bad->at, "0") ? STR("") : bad->at;
	struct input *file;
	int rc;

	if (bad->text.n == 0 ||
	    (bad->text.p[0] != '{' && bad->text.p[0] != '['))
		return ingest_reject(k->in, bad->at, why, bad->text, e);
	buf_init(&r.held, bad->text.n + BUF_PAD);
	buf_add_str(&r.held, bad->text);
	file = input_from("", take, &r, k->in->max_item, e);
	rc = file == NULL ? -1 : items_walk_file(&r.walk, file, at, e);
	input_close(file);
	buf_release(&r.held);
	return rc;
}

static int
take_value(struct items_walk *k, struct json_cut *c,
    const struct cut_item *item, bool first, struct err *e)
{
	int more = first && !json_cut_in_list(c) ? json_cut_more(c, e) : 1;
	enum json_type type = json_type(item->value);

	if (more < 0)
		return -1;
	if (type != JSON_OBJECT && type != JSON_LIST)
		return ingest_reject(
		    k->in, item->at, "not a JSON object", item->text, e);
	return items_walk_value(
	    k, item->value, more == 0 ? STR("") : item->at, e);
}

/* Value by value, each of them held. */
static int
read_values(struct items_walk *k, struct input *file, struct err *e)
{
	struct json_cut *c = json_cut_new();
	struct cut_item item;
	enum cut_result got = CUT_END;
	struct err why;
	bool first = true;
	int rc = json_cut_begin(c, file, k->in->max_item, e);

	while (rc == 0 && (got = json_cut_next(c, &item, &why)) > 0) {
		rc = got == CUT_ITEM ? take_value(k, c, &item, first, e)
				     : salvage(k, &item, why.msg, e);
		first = false;
	}
	if (rc == 0 && got == CUT_FAIL)
		rc = ingest_reject(k->in, STR(""), why.msg, STR(""), e);
	json_cut_free(c);
	return rc;
}

/* Does the first value end in what is held, or the first of a list?  Then values
 * are no larger than an item may be, and each is read as a whole. */
static bool
first_ends(struct str s)
{
	size_t open = 0;

	s = str_trim(s);
	if (str_starts(s, STR("[")))
		s = str_sub(s, 1, s.n);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"') {
			for (i++; i < s.n && s.p[i] != '"'; i++)
				i += s.p[i] == '\\';
		} else if (s.p[i] == '{' || s.p[i] == '[') {
			open++;
		} else if ((s.p[i] == '}' || s.p[i] == ']') && --open == 0) {
			return true;
		}
	}
	return false;
}

static int
read_wrapped(struct form_reader *r, struct input *file, struct err *e)
{
	int all = hold(r, file, e), rc = -1;
	struct input *from = NULL;
	bool whole;

	if (all < 0)
		goto out;
	r->given = items_script_head(str_trim(buf_str(&r->held)));
	whole =
	    all || first_ends(str_sub(buf_str(&r->held), r->given, r->held.n));
	from = input_from(input_name(file), take, r, r->walk.in->max_item, e);
	if (from == NULL)
		goto out;
	if (!all)
		input_over(from, file);
	r->walk.behind = false;
	rc = whole ? read_values(&r->walk, from, e)
		   : items_walk_file(&r->walk, from, STR(""), e);
out:
	input_close(from);
	buf_release(&r->held);
	return rc;
}

/* Does a path end at the list, or lead on from there? */
static bool
leads(const char *path, const char *within)
{
	size_t n = strlen(within);

	return strncmp(path, within, n) == 0 &&
	       (path[n] == '\0' || path[n] == '/');
}

/* The format's own paths, and that to a list which the file only wraps. */
static int
read_paths(struct form_reader *r, const char *within, struct err *e)
{
	const char *const *own = r->walk.form->paths;
	bool more = within[0] != '\0';
	int rc = 0;

	for (size_t i = 0; rc == 0 && own[i] != NULL && i < FORM_PATHS; i++) {
		more = more && !leads(own[i], within);
		rc = items_path_read(&r->paths[r->n++], own[i], e);
	}
	if (rc == 0 && more && r->n < FORM_PATHS)
		rc = items_path_read(&r->paths[r->n++], within, e);
	r->walk.paths = r->paths;
	r->walk.all = (uint32_t)((UINT64_C(1) << r->n) - 1);
	return rc;
}

int
items_form_read(struct ingest *in, struct input *file,
    const struct items_form *form, struct err *e)
{
	struct form_reader r = { .walk = { .in = in, .form = form } };
	struct str head = STR("");
	int live = input_peek(file, SOURCE_HEAD, &head, e);
	int rc = read_paths(&r, in->within, e);

	head = str_sub(head, items_script_head(head), head.n);
	if (live == 0)
		json_peek(head, see, &r);
	if (live < 0 || rc < 0)
		rc = -1;
	else if (r.walk.behind)
		rc = read_wrapped(&r, file, e);
	else
		rc = read_values(&r.walk, file, e);
	while (r.n > 0)
		items_path_release(&r.paths[--r.n]);
	return rc;
}

int
items_or_table_read(struct ingest *in, struct input *file,
    const struct items_form *form, struct err *e)
{
	struct str head;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	return json_peek_is(head) ? items_form_read(in, file, form, e)
				  : table_ingest(in, file, NULL, false, e);
}
