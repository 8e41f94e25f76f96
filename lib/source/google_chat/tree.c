/*
 * Takeout's folder:
 *	Google Chat/Groups/Space AAA/messages.json, group_info.json, files
 *	Google Chat/Users/User 1/user_info.json
 * The first pass learns who is in which group and whose data it is; the second
 * reads the messages, and each has that with it.  Memory: about 1 KB a group.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/map.h"
#include "source/cut.h"
#include "source/google_chat/google_chat.h"

enum { PATH_BYTES = 1 << 20, GROUP_BYTES = 4000 };

struct takeout {
	struct map groups; /* a folder -> index into texts */
	struct VEC(struct str) texts; /* JSON: what a message repeats */
	struct arena arena;
	struct str owner; /* the mail address, in JSON; absent */
	bool owners; /* there are several */
};

static struct str
folder_of(struct str path)
{
	ptrdiff_t slash = str_rchr(path, '/');

	return slash < 0 ? STR("") : str_sub(path, 0, (size_t)slash);
}

int
google_chat_sniff_tree(const char *const *names, size_t n)
{
	bool group = false, messages = false;

	for (size_t i = 0; i < n; i++) {
		struct str base = str_after_last(str_of(names[i]), '/');

		group |= str_is(base, "group_info.json");
		messages |= str_is(base, "messages.json");
	}
	return group && messages ? 91 : 0;
}

/* {"name":"Riders","count":20,"members":[{"name","email","user_type"}]} */
static void
learn_group(struct takeout *t, struct str folder, struct json info)
{
	struct json members = json_get(info, "members"), one;
	struct json_iter it = json_each(members);
	size_t count =
	    json_type(members) == JSON_LIST ? json_count(members) : 0;
	struct writer w;
	struct buf b;

	buf_init(&b, PATH_BYTES);
	write_init(&w, &b);
	write_object(&w);
	native_data_raw(&w, "name", json_get(info, "name"));
	write_member_int(&w, "count", (int64_t)count);
	if (count > 0 && count <= GOOGLE_CHAT_MEMBERS) {
		write_key(&w, "members");
		write_list(&w);
		while (json_next(&it, NULL, &one))
			write_raw(&w, json_raw(one));
		write_list_end(&w);
	}
	write_object_end(&w);
	if (b.n <= GROUP_BYTES && t->texts.n < GOOGLE_CHAT_GROUPS) {
		*map_put(&t->groups, folder, NULL) = t->texts.n;
		vec_add_in(
		    &t->arena, &t->texts, arena_dup(&t->arena, buf_str(&b)));
	}
	buf_release(&b);
}

static void
learn_owner(struct takeout *t, struct json info)
{
	struct str email = json_raw(json_get(json_get(info, "user"), "email"));

	if (email.n <= 2)
		return;
	t->owners |= t->owner.p != NULL && !str_eq(t->owner, email);
	if (t->owner.p == NULL)
		t->owner = arena_dup(&t->arena, email);
}

static int
learn(struct takeout *t, struct ingest *in, struct tree *tree, struct str name,
    struct err *e)
{
	struct input *file = tree_input(tree, in->max_item, e);
	struct json_cut *c = json_cut_new();
	struct cut_item item;

	/* What cannot be read is said when it is read for good. */
	if (file != NULL && json_cut_begin(c, file, in->max_item, e) == 0 &&
	    json_cut_next(c, &item, e) == CUT_ITEM) {
		if (str_is(str_after_last(name, '/'), "user_info.json"))
			learn_owner(t, item.value);
		else
			learn_group(t, folder_of(name), item.value);
	}
	json_cut_free(c);
	input_close(file);
	return 0;
}

static int
learn_all(
    struct takeout *t, struct ingest *in, struct tree *tree, struct err *e)
{
	const char *name;
	struct err why;
	int got;

	while ((got = tree_next(tree, &name, &why)) != 0) {
		struct str base;

		if (got < 0 && name == NULL)
			break;
		base = got < 0 ? STR("") : str_after_last(str_of(name), '/');
		if (str_is(base, "group_info.json") ||
		    str_is(base, "user_info.json"))
			(void)learn(t, in, tree, str_of(name), &why);
	}
	return tree_rewind(tree, e);
}

/* What goes before the members of a file of messages. */
static void
write_before(const struct takeout *t, struct str name, struct buf *out)
{
	const uint64_t *group = map_get(&t->groups, folder_of(name));

	buf_add_char(out, '{');
	if (group != NULL) {
		buf_add_z(out, "\"group\":");
		buf_add_str(out, t->texts.v[*group]);
		buf_add_char(out, ',');
	}
	if (t->owner.p == NULL || t->owners)
		return;
	buf_add_z(out, "\"owner\":");
	buf_add_str(out, t->owner);
	buf_add_char(out, ',');
}

static int
read_member(struct takeout *t, struct ingest *in, struct tree *tree,
    const char *name, struct err *e)
{
	const char *outer = in->file;
	struct buf path, before;
	struct input *file;
	struct err why;
	int rc;

	buf_init(&path, PATH_BYTES);
	buf_init(&before, PATH_BYTES);
	buf_printf(&path, "%s/%s", tree_name(tree), name);
	in->file = buf_cstr(&path);
	if (str_is(str_after_last(str_of(name), '/'), "messages.json"))
		write_before(t, str_of(name), &before);
	file = tree_input(tree, in->max_item, &why);
	if (file == NULL) {
		rc = ingest_reject(in, STR("0"), why.msg, STR(""), e);
	} else {
		in->input = file;
		rc = google_chat_read_file(in, file, buf_str(&before), e);
		in->input = NULL;
	}
	input_close(file);
	in->file = outer;
	buf_release(&before);
	buf_release(&path);
	return rc;
}

static bool
is_own(struct str base)
{
	return str_is(base, "messages.json") ||
	       str_is(base, "group_info.json") ||
	       str_is(base, "user_info.json");
}

int
google_chat_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	struct takeout *t = *kept;
	const char *name;
	struct err why;
	int got, rc = 0;

	if (t == NULL) {
		*kept = t = xcalloc(1, sizeof(*t));
		rc = learn_all(t, in, tree, e);
	}
	while (rc == 0 && (got = tree_next(tree, &name, &why)) != 0) {
		if (got < 0) {
			rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
			continue;
		}
		if (tree_is_litter(name))
			continue;
		if (is_own(str_after_last(str_of(name), '/'))) {
			rc = read_member(t, in, tree, name, e);
			continue;
		}
		*other = name;
		/* What lies beside a group's messages was sent in it; what
		 * lies elsewhere is another part of the takeout. */
		return map_get(&t->groups, folder_of(str_of(name))) != NULL
			   ? TREE_ATTACHMENT
			   : TREE_SOURCE;
	}
	return rc;
}

void
google_chat_release_tree(void *kept)
{
	struct takeout *t = kept;

	if (t == NULL)
		return;
	map_release(&t->groups);
	arena_release(&t->arena);
	free(t);
}
