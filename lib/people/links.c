#include "people/links.h"

#include "core/hash.h"
#include "core/io/file.h"
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

static void
add(struct links *l, bool same, struct link_name a, struct link_name b,
    unsigned line)
{
	vec_add(l, (struct link){ same, a, b, line });
}

/* All of `same` are one with the first; all of `different` pairwise apart. */
static int
add_names(
    struct links *l, bool same, struct json list, unsigned line, struct err *e)
{
	struct json_iter it = json_each(list);
	struct link_name *names;
	struct json v;
	size_t n = 0, count = json_count(list);

	if (json_type(list) != JSON_LIST || count < 2 || count > LINKS_NAMES)
		return err_set(e, "give a list of 2 to %d names", LINKS_NAMES);
	names = arena_calloc(&l->arena, count, sizeof(*names));
	for (; json_next(&it, NULL, &v); n++) {
		struct str s = json_str(v, &l->arena);

		if (s.p == NULL || link_name_read(s, &names[n], &l->arena) != 0)
			return err_set(e,
			    "%.*s is no key such as email:a@example.org, and "
			    "no id of a person or message",
			    STR_ARG(json_raw(v)));
	}
	for (size_t i = 0; i < (same ? 1 : n); i++)
		for (size_t j = i + 1; j < n; j++)
			add(l, same, names[i], names[j], line);
	return 0;
}

static int
read_line(struct links *l, struct json_doc *doc, struct str text, unsigned line,
    struct err *e)
{
	struct json root, same, different;

	if (json_parse_copy(doc, text, &root, e) != 0)
		return -1;
	same = json_get(root, "same");
	different = json_get(root, "different");
	if ((json_type(same) == JSON_NONE) ==
	    (json_type(different) == JSON_NONE))
		return err_set(
		    e, "give one of \"same\" and \"different\" a line");
	if (json_type(same) != JSON_NONE)
		return add_names(l, true, same, line, e);
	return add_names(l, false, different, line, e);
}

int
links_read(struct links *l, const char *path, struct err *e)
{
	struct json_doc *doc = json_doc_new();
	struct str rest, text;
	struct buf bytes;
	unsigned line = 0;
	int rc;

	*l = (struct links){ 0 };
	buf_init(&bytes, LINKS_MAX);
	rc = file_read(path, &bytes, e);
	rest = buf_str(&bytes);
	while (rc == 0 && rest.p != NULL) {
		text = str_trim(str_line(&rest));
		line++;
		if (text.n == 0 || text.p[0] == '#')
			continue;
		rc = read_line(l, doc, text, line, e);
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
	arena_release(&l->arena);
	*l = (struct links){ 0 };
}
