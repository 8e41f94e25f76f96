/*
 * A whole download: its chats, and whose it is, which another file says.  What
 * else is in it is counted.  Also the flat folder of encrypted chats, NAME_1.json
 * and so on beside media/.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "source/json/member.h"
#include "source/messenger/messenger.h"

enum {
	OWNERS = 4, /* names of one owner */
	ABOUT_BYTES = 1 << 20,
};

struct reader {
	struct json_doc *doc;
	struct arena arena; /* of what is kept */
	struct buf about;
	struct str owner[OWNERS];
	size_t owners;
	bool flat; /* encrypted chats, without folders of their own */
};

/* Folders of a download beside that of the messages. */
static const char *const others[] = { "about_you", "account_information",
	"ads_and_businesses", "ads_information", "apps_and_websites",
	"apps_and_websites_off_of_facebook",
	"apps_and_websites_off_of_instagram", "calls_and_messages", "comments",
	"connections", "events", "files", "following_and_followers", "friends",
	"friends_and_followers", "groups", "likes_and_reactions", "location",
	"logged_information", "marketplace", "media", "other_activity", "pages",
	"payment_history", "personal_information", "photos_and_videos", "posts",
	"preferences", "profile_information", "saved_items_and_collections",
	"search_history", "security_and_login_information", "stories",
	"your_activity_across_facebook", "your_facebook_activity",
	"your_instagram_activity", "your_places", NULL };

/* message_3.json, or message.json of 2018. */
static bool
is_message_file(struct str base)
{
	if (!str_starts(base, STR("message")) || !str_ends(base, STR(".json")))
		return false;
	base = str_sub(base, 7, base.n - 12);
	return base.n == 0 ||
	       (base.p[0] == '_' && str_is_digits(str_sub(base, 1, base.n)));
}

/* inbox/mara_1/message_1.json, below messages/ or the folder of that. */
static bool
is_message(struct str path)
{
	struct str folder = messenger_thread_folder(path);
	ptrdiff_t at;

	if (folder.p == NULL || !is_message_file(str_after_last(path, '/')))
		return false;
	at = folder.p - path.p;
	if ((size_t)at + folder.n + 1 != path.n - str_after_last(path, '/').n)
		return false;
	path = str_sub(path, 0, (size_t)at - 1);
	path = str_sub(path, 0, path.n - str_after_last(path, '/').n);
	if (str_ends(path, STR("messages/")))
		path = str_sub(path, 0, path.n - 9);
	return path.n == 0 || (str_starts(path, STR("your_")) &&
				  str_chr(path, '/') == (ptrdiff_t)path.n - 1);
}

/* mara_1.json */
static bool
is_numbered(struct str base)
{
	ptrdiff_t line = str_rchr(base, '_');

	return str_ends(base, STR(".json")) && line > 0 &&
	       str_is_digits(
		   str_sub(base, (size_t)line + 1, base.n - (size_t)line - 6));
}

int
messenger_sniff_tree(const char *const *names, size_t n)
{
	size_t numbered = 0, media = 0;

	for (size_t i = 0; i < n; i++) {
		struct str path = str_of(names[i]);

		if (is_message(path))
			return 92;
		media += str_starts(path, STR("media/"));
		numbered += str_chr(path, '/') < 0 && is_numbered(path);
	}
	return media > 0 && numbered > 0 && media + numbered == n ? 70 : 0;
}

static void
learn(struct reader *r, struct json name)
{
	struct str s = messenger_mend(json_str(name, &r->arena), &r->arena);

	if (s.n > 0 && r->owners < OWNERS)
		r->owner[r->owners++] = s;
}

/* Whose download it is. */
static void
learn_owner(struct reader *r, struct json file)
{
	static const char *const profiles[] = { "profile_v2", "profile", NULL };
	struct json user = json_at(json_get(file, "profile_user"), 0);
	struct json words = json_get(user, "string_map_data");

	for (size_t i = 0; profiles[i] != NULL; i++) {
		struct json name =
		    json_get(json_get(file, profiles[i]), "name");

		learn(r, name);
		learn(r, json_get(name, "full_name"));
	}
	learn(r, json_get(json_get(words, "Name"), "value"));
	learn(r, json_get(json_get(words, "Username"), "value"));
}

static bool
is_profile(struct str path)
{
	static const char *const ends[] = { "profile_information.json",
		"personal_information.json", NULL };

	return str_is_one_of(str_after_last(path, '/'), ends);
}

/* The first pass reads profiles alone. */
static int
learn_all(struct reader *r, struct tree *tree, struct err *e)
{
	const char *name;
	struct err why;
	int got;

	while ((got = tree_next(tree, &name, &why)) != 0) {
		struct str path = got == 1 ? str_of(name) : STR("");

		if (is_profile(path))
			learn_owner(r, items_member_value(tree, r->doc));
		r->flat = r->flat && !is_message(path);
	}
	return tree_rewind(tree, e);
}

/* {"channel":"instagram","owner":["Mara Voss"]} */
static struct str
about(struct reader *r, const char *channel)
{
	struct writer w;

	buf_reset(&r->about);
	write_init(&w, &r->about);
	write_object(&w);
	write_key(&w, "channel");
	write_z(&w, channel);
	write_member_strs(&w, "owner", r->owner, r->owners);
	write_object_end(&w);
	return buf_str(&r->about);
}

static int
read_messages(struct reader *r, struct ingest *in, struct tree *tree,
    const char *name, struct err *e)
{
	struct items_form form = messenger_form;
	struct items_member m;
	struct str head;
	int rc = items_member_open(&m, in, tree, name, e);

	if (m.input != NULL && input_peek(m.input, SOURCE_HEAD, &head, e) < 0) {
		rc = -1;
	} else if (m.input != NULL && r->flat &&
		   messenger_sniff(name, head) == 0) {
		rc = ingest_reject(in, STR(""), "no chat of Messenger",
		    str_sub(head, 0, 512), e);
	} else if (m.input != NULL) {
		form.about =
		    about(r, messenger_channel(str_of(in->file), head));
		rc = items_form_read(in, m.input, &form, e);
	}
	items_member_close(&m);
	return rc;
}

/* What people sent stands in the folders of chats, or beside the encrypted
 * ones. */
static bool
is_media(const struct reader *r, struct str path)
{
	return r->flat ? str_starts(path, STR("media/"))
		       : messenger_thread_folder(path).p != NULL;
}

/* Of the download, and none of its messages. */
static bool
is_other(struct str path)
{
	struct str rest = path, top = str_split(&rest, '/');

	if (rest.p == NULL)
		return false;
	for (size_t i = 0; others[i] != NULL; i++)
		if (str_is(top, others[i]))
			return true;
	return str_is(top, "messages");
}

static int
read_name(struct reader *r, struct ingest *in, struct tree *tree,
    const char *name, struct err *e)
{
	struct str path = str_of(name);

	if (is_message(path) || (r->flat && is_numbered(path)))
		return read_messages(r, in, tree, name, e);
	if (is_media(r, path))
		return TREE_ATTACHMENT;
	if (!is_other(path))
		return TREE_SOURCE;
	sink_sum(in->sink, "files of the download without messages", 1);
	return 0;
}

static struct reader *
reader_new(void)
{
	struct reader *r = xcalloc(1, sizeof(*r));

	r->doc = json_doc_new();
	buf_init(&r->about, ABOUT_BYTES);
	r->flat = true;
	return r;
}

int
messenger_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	struct reader *r = *kept;
	int rc = 0;

	if (r == NULL) {
		*kept = r = reader_new();
		rc = learn_all(r, tree, e);
	}
	while (
	    rc == 0 && (rc = ingest_tree_next(in, tree, false, other, e)) > 0)
		rc = read_name(r, in, tree, *other, e);
	return rc;
}

void
messenger_release_tree(void *kept)
{
	struct reader *r = kept;

	if (r == NULL)
		return;
	json_doc_free(r->doc);
	arena_release(&r->arena);
	buf_release(&r->about);
	free(r);
}
