#include "people/links.h"

#include "core/hash.h"
#include "core/io/file.h"
#include "core/time.h"
#include "core/vec.h"
#include "identify/keys.h"
#include "json/json.h"

int
link_name_read(struct str typed, struct link_name *out, struct arena *a)
{
	struct str s = str_trim(typed);

	out->kind = id_is(s, "p")   ? LINK_PERSON
		    : id_is(s, "m") ? LINK_MESSAGE
				    : LINK_KEY;
	out->s = out->kind == LINK_KEY ? key_read(s, a) : arena_dup(a, s);
	return out->s.p == NULL ? -1 : 0;
}

int
link_name_typed(
    const char *typed, struct link_name *out, struct arena *a, struct err *e)
{
	if (link_name_read(str_of(typed), out, a) == 0)
		return 0;
	return err_set(e,
	    "%s: no key such as email:a@example.org, and no id of a person or "
	    "message",
	    typed);
}

/* Where a line or act stands, and what it is about. */
struct said_by {
	struct links *l;
	bool same;
	struct str from;
	int64_t at;
};

/* The same for both orders. */
static struct str
pair_of(struct arena *a, struct str x, struct str y)
{
	bool turn = str_cmp(x, y) > 0;

	return ARENA_JOIN(a, turn ? y : x, STR("\n"), turn ? x : y);
}

/* Of acts about the same two the later one counts. */
static void
add(const struct said_by *by, struct link_name a, struct link_name b)
{
	struct links *l = by->l;
	struct link link = { by->same, a, b, by->from, by->at };
	uint64_t *at;

	if (by->at == TIME_NONE) {
		vec_add(l, link);
		return;
	}
	at = map_put(&l->pairs, pair_of(&l->arena, a.s, b.s), NULL);
	if (*at == 0) {
		vec_add(l, link);
		*at = l->n;
	} else if (l->v[*at - 1].at <= by->at) {
		l->v[*at - 1] = link;
	}
}

/* All of `same` are one with the first; all of `different` pairwise apart. */
static int
add_names(const struct said_by *by, struct json list, struct err *e)
{
	struct json_iter it = json_each(list);
	struct arena *a = &by->l->arena;
	struct link_name *names;
	struct json v;
	size_t n = 0, count = json_count(list);

	if (json_type(list) != JSON_LIST || count < 2 || count > LINKS_NAMES)
		return err_set(e, "give a list of 2 to %d names", LINKS_NAMES);
	names = arena_calloc(a, count, sizeof(*names));
	for (; json_next(&it, NULL, &v); n++) {
		struct str s = json_str(v, a);

		if (s.p == NULL || link_name_read(s, &names[n], a) != 0)
			return err_set(e,
			    "%.*s is no key such as email:a@example.org, and "
			    "no id of a person or message",
			    STR_ARG(json_raw(v)));
	}
	for (size_t i = 0; i < (by->same ? 1 : n); i++)
		for (size_t j = i + 1; j < n; j++)
			add(by, names[i], names[j]);
	return 0;
}

static int
let_in(struct links *l, struct str id, struct err *e)
{
	if (!id_is(id, "m"))
		return err_set(
		    e, "%.*s is not the id of a message (m...)", STR_ARG(id));
	vec_add(&l->let_in, arena_dup(&l->arena, id));
	return 0;
}

/* One id, or a list of them. */
static int
add_let_in(struct links *l, struct json v, struct err *e)
{
	struct json_iter it = json_each(v);
	struct json id;

	if (json_type(v) == JSON_STRING)
		return let_in(l, json_str(v, &l->arena), e);
	if (json_type(v) != JSON_LIST || json_count(v) == 0)
		return err_set(e, "letIn needs the id of a message");
	while (json_next(&it, NULL, &id)) {
		struct str s = json_str(id, &l->arena);

		if (let_in(l, s.p == NULL ? json_raw(id) : s, e) != 0)
			return -1;
	}
	return 0;
}

static int
read_line(struct links *l, struct json_doc *doc, struct str text,
    struct str from, struct err *e)
{
	static const char *const words[] = { "same", "different", "letIn" };
	struct said_by by = { .l = l, .from = from, .at = TIME_NONE };
	struct json root, v[3];
	int given = 0, which = 0;

	if (json_parse_copy(doc, text, &root, e) != 0)
		return -1;
	for (int i = 0; i < 3; i++) {
		v[i] = json_get(root, words[i]);
		if (json_type(v[i]) != JSON_NONE) {
			given++;
			which = i;
		}
	}
	if (given != 1)
		return err_set(e, "give one of \"same\", \"different\" and "
				  "\"letIn\" a line");
	by.same = which == 0;
	return which == 2 ? add_let_in(l, v[2], e)
			  : add_names(&by, v[which], e);
}

int
links_act(struct links *l, const struct act *a, struct str id, struct err *e)
{
	struct said_by by = {
		.l = l, .same = a->kind == ACT_SAME, .at = a->at
	};

	if (a->kind == ACT_LET_IN)
		return let_in(l, a->record, e);
	if (a->kind != ACT_SAME && a->kind != ACT_DIFFERENT)
		return 0;
	by.from = ARENA_JOIN(&l->arena, STR("act "), id);
	return add_names(&by, a->names, e);
}

int
links_read(struct links *l, const char *path, struct err *e)
{
	struct json_doc *doc = json_doc_new();
	struct str rest, text;
	struct buf bytes;
	unsigned line = 0;
	int rc;

	buf_init(&bytes, LINKS_MAX);
	rc = file_read(path, &bytes, e);
	rest = buf_str(&bytes);
	while (rc == 0 && rest.p != NULL) {
		text = str_trim(str_line(&rest));
		line++;
		if (text.n == 0 || text.p[0] == '#')
			continue;
		rc = read_line(l, doc, text,
		    arena_printf(&l->arena, "%s:%u", path, line), e);
		if (rc != 0)
			err_prefix(e, "%s:%u", path, line);
	}
	buf_release(&bytes);
	json_doc_free(doc);
	return rc;
}

void
links_release(struct links *l)
{
	vec_release(l);
	vec_release(&l->let_in);
	map_release(&l->pairs);
	arena_release(&l->arena);
	*l = (struct links){ 0 };
}
