/*
 * How files of direct messages are cut, and a whole archive of X: account.js says
 * whose it is, the files of direct messages are read, all else is counted.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "source/json/member.h"
#include "source/x/x.h"

static const char *const paths[] = { "dmConversation/messages", "data",
	"events", "direct_message_events", NULL };
/* Of the conversation, of whom, and who takes part. */
static const char *const repeat[] = { "conversationId", "for_user_id",
	"includes", "users", NULL };
const struct items_form x_form = {
	.paths = paths, .repeat = repeat, .each = 64 << 10, .whole = true
};

enum { ABOUT_BYTES = 1 << 20 };

struct reader {
	struct buf about; /* the account, JSON; empty where there is none */
	bool direct, group; /* there are messages, not headers alone */
};

enum part { NO_PART, ACCOUNT, DIRECT, GROUP, DIRECT_HEADERS, GROUP_HEADERS };

/* direct-messages.js, direct-message-group-part1.js, account.js: in data/ or
 * in the folder of that. */
static enum part
part_of(struct str path)
{
	struct str base = str_after_last(path, '/');
	bool group, headers;

	if (path.n > base.n && !str_starts(path, STR("data/")))
		return NO_PART;
	if (path.n > base.n + 5 || !str_ends(base, STR(".js")))
		return NO_PART;
	if (str_is(base, "account.js"))
		return ACCOUNT;
	if (!str_starts(base, STR("direct-message")))
		return NO_PART;
	group = str_find(base, STR("-group")) > 0;
	headers = str_find(base, STR("-headers")) > 0;
	return group     ? headers ? GROUP_HEADERS : GROUP
	       : headers ? DIRECT_HEADERS
			 : DIRECT;
}

int
x_sniff_tree(const char *const *names, size_t n)
{
	bool account = false, messages = false;

	for (size_t i = 0; i < n; i++) {
		enum part part = part_of(str_of(names[i]));

		account = account || part == ACCOUNT;
		messages = messages || part > ACCOUNT;
	}
	return account && messages ? 93 : 0;
}

/* The first pass: whose it is, and what there is. */
static int
learn(struct reader *r, struct tree *tree, struct err *e)
{
	struct json_doc *doc = json_doc_new();
	const char *name;
	struct err why;
	int got;

	while ((got = tree_next(tree, &name, &why)) != 0) {
		enum part part = got == 1 ? part_of(str_of(name)) : NO_PART;
		struct json account;

		r->direct = r->direct || part == DIRECT;
		r->group = r->group || part == GROUP;
		if (part != ACCOUNT)
			continue;
		account = json_at(items_member_value(tree, doc), 0);
		account = json_get(account, "account");
		if (json_type(account) == JSON_OBJECT && r->about.n == 0)
			buf_add_str(&r->about, json_raw(account));
	}
	json_doc_free(doc);
	return tree_rewind(tree, e);
}

static int
read_messages(struct reader *r, struct ingest *in, struct tree *tree,
    const char *name, struct err *e)
{
	struct items_form form = x_form;
	struct items_member m;
	int rc = items_member_open(&m, in, tree, name, e);

	if (r->about.n > 0)
		form.about = buf_str(&r->about);
	if (m.input != NULL)
		rc = items_form_read(in, m.input, &form, e);
	items_member_close(&m);
	return rc;
}

/* What people sent. */
static bool
is_media(struct str path)
{
	return str_find(path, STR("direct_message")) >= 0 &&
	       str_find(path, STR("_media/")) > 0;
}

static bool
is_of_archive(struct str path)
{
	return str_starts(path, STR("data/")) ||
	       str_starts(path, STR("assets/")) ||
	       str_is(path, "Your archive.html") || str_ends(path, STR(".js"));
}

static int
read_name(struct reader *r, struct ingest *in, struct tree *tree,
    const char *name, struct err *e)
{
	struct str path = str_of(name);
	enum part part = part_of(path);

	if (part == DIRECT || part == GROUP ||
	    (part == DIRECT_HEADERS && !r->direct) ||
	    (part == GROUP_HEADERS && !r->group))
		return read_messages(r, in, tree, name, e);
	if (is_media(path))
		return TREE_ATTACHMENT;
	if (!is_of_archive(path))
		return TREE_SOURCE;
	sink_sum(in->sink, "files of the archive without messages", 1);
	return 0;
}

int
x_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	struct reader *r = *kept;
	int rc = 0;

	if (r == NULL) {
		*kept = r = xcalloc(1, sizeof(*r));
		buf_init(&r->about, ABOUT_BYTES);
		rc = learn(r, tree, e);
	}
	while (
	    rc == 0 && (rc = ingest_tree_next(in, tree, false, other, e)) > 0)
		rc = read_name(r, in, tree, *other, e);
	return rc;
}

void
x_release_tree(void *kept)
{
	struct reader *r = kept;

	if (r == NULL)
		return;
	buf_release(&r->about);
	free(r);
}
