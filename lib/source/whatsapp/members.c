/*
 * A WhatsApp export as a folder or archive: a chat and the files that were sent
 * in it.  Whatever somebody sent is an attachment, though it be a table of
 * contacts, a mailbox or a chat itself: the export's own chat is the only source
 * in it.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/io/utf16.h"
#include "source/whatsapp/whatsapp.h"

enum { PATH_BYTES = 1 << 20 };

/* A tree in hand. */
struct members {
	struct map files; /* by base name; WHATSAPP_NAMED, WHATSAPP_CHAT */
	size_t chats, others; /* others: that could be sources */
	struct str own; /* the only chat that is the export's; absent: all that
			   no message names */
	bool apart; /* a folder of many things, each for itself */
};

static bool
is_media(struct str base)
{
	return whatsapp_media_type(base) != NULL &&
	       !str_ends_nocase(base, STR(".zip")) &&
	       !str_ends_nocase(base, STR(".csv")) &&
	       !str_ends_nocase(base, STR(".txt"));
}

/* A chat with the files that were sent in it, and nothing else; or, all in one
 * folder, what may have been sent. */
int
whatsapp_sniff_tree(const char *const *names, size_t n)
{
	bool chat = false, own_name = false, others = false, flat = true;

	for (size_t i = 0; i < n; i++) {
		struct str path = str_of(names[i]),
			   base = str_after_last(path, '/');

		if (tree_is_litter(names[i]))
			continue;
		flat &= base.n == path.n;
		if (whatsapp_is_chat(base)) {
			chat = true;
			own_name |= base.p[0] == '_' && base.n == path.n;
		} else {
			others |= !is_media(base);
		}
	}
	if (!chat || (others && !flat && !own_name))
		return 0;
	return own_name ? 90 : others ? 50 : 85;
}

/* The tree's current file, under its own name: read, or where files is NULL
 * only looked at. */
static struct input *
open_member(struct ingest *in, struct tree *tree, const char *name,
    struct buf *path, struct err *why)
{
	buf_reset(path);
	buf_printf(path, "%s/%s", tree_name(tree), name);
	in->file = buf_cstr(path);
	return tree_input(tree, in->max_item, why);
}

static int
read_member(struct ingest *in, struct tree *tree, const char *name,
    struct map *files, struct err *e)
{
	const char *outer = in->file;
	struct input *input;
	struct utf16 text;
	struct buf path;
	struct err why;
	int rc;

	buf_init(&path, PATH_BYTES);
	input = open_member(in, tree, name, &path, &why);
	if (input == NULL || utf16_open(&text, input, in->max_item, &why) < 0) {
		rc = ingest_reject(in, STR("0"), why.msg, STR(""), e);
	} else {
		in->input = input;
		rc = whatsapp_read_chat(in, text.input, files, e);
		in->input = NULL;
		utf16_close(&text);
	}
	input_close(input);
	in->file = outer;
	buf_release(&path);
	return rc;
}

/* What the messages of this chat name; no chat names itself. */
static void
note_named(struct members *m, struct input *in, struct str chat)
{
	struct arena a = { 0 };
	struct whatsapp_line l;
	struct whatsapp_body b;
	struct str line;
	struct err why;
	uint64_t *file;
	enum input_result got;

	while ((got = input_line(in, &line, &why)) == INPUT_LINE ||
	       got == INPUT_LONG) {
		arena_reset(&a);
		if (!whatsapp_line(str_trim_right(line), STR_NONE, &l) ||
		    l.sender.p == NULL)
			continue;
		whatsapp_body(l.body, true, &a, &b);
		if (b.kind != WHATSAPP_FILE || str_eq(b.file, chat))
			continue;
		file = map_get(&m->files, b.file);
		if (file != NULL)
			*file |= WHATSAPP_NAMED;
	}
	arena_release(&a);
}

/* Every chat of the tree, for what it names; the tree is at its first file
 * again.  What cannot be read is said by who reads it. */
static int
look_into_chats(
    struct members *m, struct ingest *in, struct tree *tree, struct err *e)
{
	const char *outer = in->file, *name;
	struct utf16 text;
	struct buf path;
	struct err why;
	int got;

	buf_init(&path, PATH_BYTES);
	while ((got = tree_next(tree, &name, &why)) != 0) {
		struct str base =
		    got == 1 ? str_after_last(str_of(name), '/') : STR_NONE;
		struct input *input;

		if (got < 0 || tree_is_litter(name) || !whatsapp_is_chat(base))
			continue;
		input = open_member(in, tree, name, &path, &why);
		if (input != NULL &&
		    utf16_open(&text, input, in->max_item, &why) == 0) {
			note_named(m, text.input, base);
			utf16_close(&text);
		}
		input_close(input);
	}
	in->file = outer;
	buf_release(&path);
	return tree_rewind(tree, e);
}

static struct str
without_ending(struct str s, const char *ending)
{
	return str_ends_nocase(s, str_of(ending))
		   ? str_sub(s, 0, s.n - strlen(ending))
		   : s;
}

/*
 * Which chat is the export's: _chat.txt, that which the archive is called after,
 * or where each names the other the first.  A sent one can name ours, too.
 */
static void
find_own(struct members *m, const struct tree *tree)
{
	struct str whole = without_ending(
	    str_after_last(str_of(tree_name(tree)), '/'), ".zip");
	struct str first = STR_NONE;
	bool free_one = false;

	for (size_t i = 0; i < m->files.n; i++) {
		const struct map_entry *f = &m->files.entries[i];

		if ((f->value & WHATSAPP_CHAT) == 0)
			continue;
		if (str_eq_nocase(f->key, STR("_chat.txt")) ||
		    str_eq(without_ending(f->key, ".txt"), whole)) {
			m->own = f->key;
			return;
		}
		if (first.p == NULL)
			first = f->key;
		free_one |= (f->value & WHATSAPP_NAMED) == 0;
	}
	if (!free_one)
		m->own = first;
}

static bool
is_own(const struct members *m, struct str base)
{
	const uint64_t *file = map_get(&m->files, base);

	if (!whatsapp_is_chat(base))
		return false;
	if (m->own.p != NULL)
		return str_eq(base, m->own);
	return file == NULL || (*file & WHATSAPP_NAMED) == 0;
}

/*
 * Everything that lies there.  A folder in which something lies that no message
 * names holds more than one export.
 */
static int
gather(struct members *m, struct ingest *in, struct tree *tree, struct err *e)
{
	const char *name;
	struct err why;
	int got;

	while ((got = tree_next(tree, &name, &why)) != 0) {
		struct str base =
		    got == 1 ? str_after_last(str_of(name), '/') : STR_NONE;
		bool chat = got == 1 && whatsapp_is_chat(base);

		if (got < 0 || tree_is_litter(name))
			continue;
		*map_put(&m->files, base, NULL) |= chat ? WHATSAPP_CHAT : 0;
		m->chats += chat;
		m->others += !chat && !is_media(base);
	}
	if (tree_rewind(tree, e) != 0)
		return -1;
	if ((m->chats > 1 || m->others > 0) &&
	    look_into_chats(m, in, tree, e) != 0)
		return -1;
	find_own(m, tree);
	if (m->others == 0 || !tree_is_folder(tree) ||
	    str_eq_nocase(m->own, STR("_chat.txt")))
		return 0;
	for (size_t i = 0; i < m->files.n; i++) {
		const struct map_entry *f = &m->files.entries[i];

		m->apart |= f->value == 0 && !is_media(f->key);
	}
	return 0;
}

/* What lies in the tree and no message names. */
static int
reject_left_over(struct ingest *in, const struct tree *tree,
    const struct members *m, struct err *e)
{
	const char *outer = in->file;
	struct buf path;
	int rc = 0;

	buf_init(&path, PATH_BYTES);
	for (size_t i = 0; rc == 0 && i < m->files.n; i++) {
		const struct map_entry *f = &m->files.entries[i];

		if (is_own(m, f->key))
			continue;
		if ((f->value & WHATSAPP_NAMED) != 0) {
			sink_sum(in->sink, "files of messages", 1);
			continue;
		}
		buf_reset(&path);
		buf_printf(&path, "%s/%.*s", tree_name(tree), STR_ARG(f->key));
		in->file = buf_cstr(&path);
		rc = ingest_reject(in, STR(""),
		    "no message of the chat names this file", STR(""), e);
		in->file = outer;
	}
	buf_release(&path);
	return rc;
}

int
whatsapp_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	struct members *m = *kept;
	const char *name;
	struct err why;
	int got, rc = 0;

	if (m == NULL) {
		*kept = m = xcalloc(1, sizeof(*m));
		rc = gather(m, in, tree, e);
	}
	while (rc == 0 && (got = tree_next(tree, &name, &why)) != 0) {
		if (got < 0) {
			rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
			continue;
		}
		*other = name;
		if (m->apart)
			return TREE_SOURCE;
		if (!tree_is_litter(name) &&
		    is_own(m, str_after_last(str_of(name), '/')))
			rc = read_member(in, tree, name, &m->files, e);
	}
	return rc == 0 && !m->apart ? reject_left_over(in, tree, m, e) : rc;
}

void
whatsapp_release_tree(void *kept)
{
	struct members *m = kept;

	if (m == NULL)
		return;
	map_release(&m->files);
	free(m);
}
