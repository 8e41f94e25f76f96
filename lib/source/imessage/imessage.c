/*
 * Telling the database, and the folder that it stands in: ~/Library/Messages,
 * whose Attachments people sent.
 */
#include "source/imessage/imessage.h"

#include "source/native.h"

static const char *const files[] = { "chat.db", "sms.db", NULL };

/* Its tables may stand anywhere in the file, and are asked for in read: no
 * other format reads SQLite's files. */
static int
imessage_sniff(const char *base_name, struct str head)
{
	if (!str_starts(head, str_make("SQLite format 3\0", 16)))
		return 0;
	return str_is_one_of(str_of(base_name), files) ||
		       str_find(head, STR("chat_message_join")) >= 0
		   ? 95
		   : 61;
}

static int
imessage_sniff_tree(const char *const *names, size_t n)
{
	bool database = false, attachments = false;

	for (size_t i = 0; i < n; i++) {
		struct str name = str_of(names[i]);

		database |= str_is_one_of(name, files);
		attachments |= str_starts(name, STR("Attachments/"));
	}
	return database && attachments ? 90 : 0;
}

/* What Messages keeps of what people sent, or made of it. */
static bool
is_attachment(struct str name)
{
	static const char *const folders[] = { "Attachments/", "StickerCache/",
		"Caches/", "NickNameCache/", NULL };

	for (size_t i = 0; folders[i] != NULL; i++)
		if (str_starts(name, str_of(folders[i])))
			return true;
	return false;
}

static int
imessage_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	struct err why;
	int rc;

	(void)kept;
	while ((rc = tree_next(tree, other, &why)) != 0) {
		struct str name, base;

		if (rc < 0) {
			if (ingest_reject(in, STR(""), why.msg, STR(""), e) < 0)
				return -1;
			continue;
		}
		name = str_of(*other);
		base = str_after_last(name, '/');
		if (tree_is_litter(*other))
			continue;
		if (is_attachment(name))
			return TREE_ATTACHMENT;
		if (base.n != name.n)
			return TREE_FOREIGN;
		return str_is_one_of(base, files) ||
			       str_starts(base, STR("chat.db-")) ||
			       str_starts(base, STR("sms.db-"))
			   ? TREE_SOURCE
			   : TREE_FOREIGN;
	}
	return 0;
}

const struct source_format source_imessage = {
	.name = "imessage",
	.about = "chat.db of Apple's Messages: iMessage, SMS, RCS",
	.sniff = imessage_sniff,
	.read = imessage_read,
	.apart = true,
	.seeks = true,
	.binary = true,
	.sniff_tree = imessage_sniff_tree,
	.read_tree = imessage_read_tree,
	.normalize = imessage_normalize,
};
