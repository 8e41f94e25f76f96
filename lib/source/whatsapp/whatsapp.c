/*
 * WhatsApp chats that a phone exported: a text file, or a folder or zip with
 * the text and the files that were sent.  An item is a message as it stands,
 * its further lines included, with what its meaning needs of the chat:
 *	{"text":"24/12/19, 11:23 - Anna: ...","order":"dmy","again":1,
 *	 "chat":{"name":"Anna","senders":["Anna","Our Shop"]}}
 * Whether 05/06 is in May or June is decided once a file, by all its dates:
 * so the first WHATSAPP_HOLD bytes are read before the first item leaves.
 * What comes behind them is a stream.
 */
#include "source/whatsapp/whatsapp.h"

#include "core/diag.h"
#include "core/hash.h"
#include "core/io/utf16.h"
#include "core/map.h"
#include "core/text/ascii.h"
#include "source/item.h"

enum {
	WHATSAPP_HOLD = 64 << 20, /* bytes held to decide on */
	WHATSAPP_REPEATS = 1 << 20, /* messages remembered to count equals */
	WHATSAPP_SNIFFED = 40, /* lines looked at to tell the format */
	PATH_BYTES = 1 << 20,
};

struct reader {
	struct ingest *in;
	struct input *input;
	struct buf window;
	size_t start, at; /* of the item in hand; of the next line */
	uint64_t offset; /* of the window in the file */
	bool ended, begun, over;
	bool behind_crlf; /* the line in hand follows a CR LF */
	struct whatsapp_line line; /* the item's first */
	struct whatsapp_chat chat;
	struct map repeats;
	struct arena arena, item_arena;
	struct map *files; /* of the tree, by base name; NULL without */
};

/* Reads one more block; 0 at the end.  What fails to be read ends it too,
 * and is said. */
static int
fill(struct reader *r, struct err *e)
{
	struct str block;
	struct err why;
	int got;

	if (r->ended)
		return 0;
	if (r->start > r->window.n / 2) {
		memmove(r->window.p, r->window.p + r->start,
		    r->window.n - r->start);
		buf_cut(&r->window, r->window.n - r->start);
		r->offset += r->start;
		r->at -= r->start;
		r->start = 0;
	}
	got = input_block(r->input, &block, &why);
	if (got > 0)
		return buf_add_str(&r->window, block) < 0
			   ? err_set(
				 e, "%s: no room for a message", r->in->file)
			   : 1;
	r->ended = true;
	return got == 0 ? 0
			: ingest_reject(r->in, STR(""), why.msg, STR(""), e);
}

/* The file's beginning, all of it where it is not huge. */
static int
hold(struct reader *r, struct err *e)
{
	int got = 1;

	while (got > 0 && r->window.n < WHATSAPP_HOLD)
		got = fill(r, e);
	return got < 0 ? -1 : 0;
}

/* The next line and where it begins; 0 at the end, -1. */
static int
next_line(struct reader *r, struct str *line, struct err *e)
{
	size_t from = r->at, seen = from;
	const char *end;
	int got;

	for (;;) {
		end = memchr(r->window.p + seen, '\n', r->window.n - seen);
		if (end != NULL || r->ended)
			break;
		/* Never longer than an item: what is past it is cut off. */
		if (r->window.n - from > r->in->max_item)
			break;
		seen = r->window.n - r->start;
		from -= r->start;
		got = fill(r, e);
		if (got < 0)
			return -1;
		from += r->start;
		seen += r->start;
	}
	if (from == r->window.n)
		return 0;
	r->at = end == NULL ? r->window.n : (size_t)(end - r->window.p) + 1;
	*line = str_make(r->window.p + from, r->at - from);
	return 1;
}

/* How often this sender said this in this minute before. */
static uint64_t
count_equal(struct reader *r, const struct civil *c, struct str text)
{
	static const uint8_t key[16] = "whatsapp equals";
	const struct whatsapp_line *l = &r->line;
	char minute[32];
	uint64_t parts[3];

	if (r->repeats.n >= WHATSAPP_REPEATS)
		map_reset(&r->repeats);
	snprintf(minute, sizeof(minute), "%d-%d-%d %d:%d", c->year, c->month,
	    c->day, c->hour, c->minute);
	parts[0] = hash_sip13(key, minute, strlen(minute));
	parts[1] = hash_sip13(key, l->sender.p, l->sender.n);
	parts[2] = hash_sip13(key, text.p, text.n);
	return (*map_put(
	    &r->repeats, str_make((const char *)parts, sizeof(parts)), NULL))++;
}

/* A file that the message names is not left over. */
static void
note_file(struct reader *r, struct str body)
{
	struct whatsapp_body b;
	uint64_t *named;

	if (r->files == NULL)
		return;
	whatsapp_body(body, true, &r->item_arena, &b);
	if (b.kind != WHATSAPP_FILE)
		return;
	named = map_get(r->files, b.file);
	if (named != NULL)
		*named = 1;
}

static void
write_chat(struct writer *w, const struct whatsapp_chat *c)
{
	write_key(w, "chat");
	write_object(w);
	write_member(w, "name", c->name);
	write_member_strs(w, "senders", c->senders, c->sender_count);
	if (c->more) {
		write_key(w, "more");
		write_bool(w, true);
	}
	if (c->name.p == NULL)
		write_member(w, "begin", c->begin);
	write_object_end(w);
}

static int
emit(struct reader *r, struct str at, struct str text, struct err *e)
{
	static const char *const orders[] = { "dmy", "mdy", "ymd" };
	enum whatsapp_order order = whatsapp_order_of(&r->chat, &r->line.stamp);
	struct str body =
	    str_sub(text, (size_t)(r->line.body.p - text.p), text.n);
	struct civil c;
	struct writer *w;
	uint64_t again;

	if (whatsapp_civil(&r->line.stamp, order, &c) < 0)
		return ingest_reject(
		    r->in, at, "there is no such day", text, e);
	if (r->line.sender.p != NULL)
		note_file(r, body);
	again = count_equal(r, &c, str_trim(body));
	w = ingest_item(r->in, at);
	write_object(w);
	ingest_bytes(w, text);
	if (!whatsapp_year_first(&r->line.stamp))
		write_member(w, "order", str_of(orders[order]));
	if (again > 0)
		write_member_int(w, "again", (int64_t)again);
	write_chat(w, &r->chat);
	write_object_end(w);
	return ingest_item_end(r->in, e);
}

/* The item in hand, which ends at `end`. */
static int
flush(struct reader *r, size_t end, struct err *e)
{
	struct str text = str_make(r->window.p + r->start, end - r->start);
	char at[24];

	snprintf(at, sizeof(at), "%ju", (uintmax_t)(r->offset + r->start));
	if (r->over)
		return 0;
	if (text.n > r->in->max_item) {
		r->over = true;
		return ingest_reject(r->in, str_of(at),
		    "a message larger than --max-item", text, e);
	}
	if (!r->begun)
		return str_trim(text).n == 0
			   ? 0
			   : ingest_reject(r->in, str_of(at),
				 "text before the first message: the file is "
				 "cut off at its beginning",
				 text, e);
	if (str_ends(text, STR("\n")))
		text.n--;
	if (str_ends(text, STR("\r")))
		text.n--;
	arena_reset(&r->item_arena);
	/* The window may have moved since the first line was read. */
	whatsapp_line(
	    str_trim_right(str_sub(text, 0,
		str_chr(text, '\n') < 0 ? text.n
					: (size_t)str_chr(text, '\n'))),
	    r->chat.name, &r->line);
	return emit(r, str_of(at), text, e);
}

static int
read_messages(struct reader *r, struct err *e)
{
	struct whatsapp_stamp stamp;
	struct str line;
	int got;

	while ((got = next_line(r, &line, e)) == 1) {
		size_t from = (size_t)(line.p - r->window.p);
		bool behind_crlf = r->behind_crlf;

		r->behind_crlf = str_ends(line, STR("\r\n"));
		if (whatsapp_stamp(line, &stamp) > 0 &&
		    whatsapp_begins(&r->chat, &stamp, behind_crlf)) {
			if (flush(r, from, e) < 0)
				return -1;
			r->start = from;
			r->begun = true;
			r->over = false;
		} else if (r->at - r->start > r->in->max_item) {
			if (flush(r, r->at, e) < 0)
				return -1;
			r->start = r->at;
		}
	}
	return got < 0 ? -1 : flush(r, r->window.n, e);
}

/* Files that were joined by hand look the same as much that was pasted. */
static void
say_pasted(struct ingest *in, const struct whatsapp_chat *c)
{
	if (c->pasted > 0)
		sink_sum(in->sink, "lines in messages that look like new ones",
		    (int64_t)c->pasted);
	if (c->pasted > c->begun)
		diag(DIAG_WARN, in->file,
		    "%zu lines begin like messages, but not in the form of the "
		    "file's first: they are read as text; give files that were "
		    "joined apart",
		    c->pasted);
}

static int
read_chat(
    struct ingest *in, struct input *file, struct map *files, struct err *e)
{
	struct reader r = { .in = in, .input = file, .files = files };
	int rc;

	buf_init(
	    &r.window, WHATSAPP_HOLD + 2 * in->max_item + 4 * STREAM_BLOCK);
	rc = hold(&r, e);
	if (rc == 0) {
		if (str_starts(buf_str(&r.window), STR("\xef\xbb\xbf")))
			r.start = r.at = 3;
		whatsapp_study(&r.chat, str_of(in->file),
		    str_sub(buf_str(&r.window), r.at, r.window.n), r.ended,
		    in->workspace->region, &r.arena);
		say_pasted(in, &r.chat);
		r.behind_crlf = true;
		rc = r.window.n == 0 ? 0 : read_messages(&r, e);
	}
	map_release(&r.repeats);
	arena_release(&r.arena);
	arena_release(&r.item_arena);
	buf_release(&r.window);
	return rc;
}

static int
whatsapp_read(struct ingest *in, struct input *file, struct err *e)
{
	return read_chat(in, file, NULL, e);
}

static bool
is_chat_name(struct str base)
{
	return str_eq_nocase(base, STR("_chat.txt")) ||
	       (str_ends_nocase(base, STR(".txt")) &&
		   str_find_nocase(base, STR("whatsapp")) >= 0);
}

/* What the first lines of a file show. */
struct signs {
	int sure; /* stamps that nothing but a chat is written with */
	int chat; /* others with a name behind, as people bear */
	int odd; /* others with what logs have in the place of a name */
	int system; /* others without a name */
	bool first; /* the very first line has one of these stamps */
	bool iso; /* others: year first with dashes, as logs write it */
	bool signal; /* "[2019-12-24, 12:23]", as Signal's exports write it */
	bool lower; /* a name there that few people have */
	bool own; /* the program's own words, or a number as it writes it */
	struct str name; /* one that wrote, and whether another did */
	bool more;
};

/* A stamp that programs' logs and other messengers write as well. */
static bool
is_shared(const struct whatsapp_stamp *s)
{
	if (s->end != ']' && s->end != '-')
		return true;
	return whatsapp_year_first(s) && s->separator == '-' && s->half == 0 &&
	       s->bracket != (s->second >= 0);
}

/* "+1 202 555 0147": in groups, as only WhatsApp shows numbers. */
static bool
is_spaced_number(struct str name)
{
	return str_find(name, STR("+")) >= 0 &&
	       (str_chr(name, ' ') > 0 || str_chr(name, '-') > 0 ||
		   str_find(name, STR("\xc2\xa0")) > 0) &&
	       whatsapp_is_number(name);
}

/* What logs have in the place of a name: a level, a program, a class. */
static bool
is_log_word(struct str name)
{
	static const char *const levels[] = { "info", "error", "warn",
		"warning", "debug", "trace", "fatal", "critical", "notice",
		"severe", "err", "crit", "alert", "emerg", "verbose", NULL };
	struct str rest = name, word;

	for (size_t i = 0; i < name.n; i++)
		if (ascii_is_in(name.p[i], "[]{}<>=/\\|#;\""))
			return true;
	while (rest.p != NULL) {
		word = str_split(&rest, ' ');
		for (size_t i = 0; levels[i] != NULL; i++)
			if (str_eq_nocase(word, str_of(levels[i])))
				return true;
	}
	return false;
}

/* One to four words, each with a capital or a letter beyond ASCII first. */
static bool
is_persons_name(struct str name)
{
	struct str rest = str_trim(name), word;
	int words = 0;

	while (rest.p != NULL) {
		word = str_split(&rest, ' ');
		if (word.n == 0)
			continue;
		if (!ascii_is_upper(word.p[0]) &&
		    (unsigned char)word.p[0] < 0x80 && word.p[0] != '~')
			return false;
		words++;
	}
	return words > 0 && words <= 4;
}

static void
note_shared(struct signs *g, const struct whatsapp_line *l, struct arena *a)
{
	const struct whatsapp_stamp *s = &l->stamp;
	struct whatsapp_body body;
	struct str name;
	bool own_choice, number;

	g->iso |= whatsapp_year_first(s) && s->separator == '-' && s->half == 0;
	g->signal |= s->bracket && s->comma && s->second < 0;
	if (l->sender.p == NULL) {
		g->system++;
		return;
	}
	name = whatsapp_name(l->sender, a, &own_choice);
	number = is_spaced_number(name);
	whatsapp_body(l->body, true, a, &body);
	g->own |= number || body.kind != WHATSAPP_TEXT || body.edited;
	if (is_log_word(name)) {
		g->odd++;
		return;
	}
	g->lower |=
	    !number && (g->iso || s->end == ' ') && !is_persons_name(name);
	g->chat++;
	g->more |= g->name.p != NULL && !str_eq(g->name, name);
	g->name = name;
}

static void
read_signs(struct str head, struct signs *g, struct arena *a)
{
	struct whatsapp_line l;

	*g = (struct signs){ 0 };
	for (int lines = 0; head.p != NULL && lines < WHATSAPP_SNIFFED;) {
		struct str line = str_line(&head);

		if (str_trim(line).n == 0)
			continue;
		lines++;
		if (!whatsapp_line(line, STR_NONE, &l))
			continue;
		g->first |= lines == 1;
		if (is_shared(&l.stamp))
			note_shared(g, &l, a);
		else
			g->sure++;
	}
}

/* Stamps that logs have, too, make a chat where people talk behind them:
 * numbers or the program's own words tell it, and two people's names where
 * neither a log nor Signal writes so. */
static int
sniff_shared(const struct signs *g)
{
	if (g->chat < 2 || g->chat < g->system || g->odd > 0)
		return 0;
	if (!g->own && (g->lower || g->signal || (g->iso && !g->more)))
		return 0;
	return g->first ? 70 : g->chat >= 3 ? 60 : 0;
}

static int
whatsapp_sniff(const char *base_name, struct str head)
{
	struct arena a = { 0 };
	struct signs g;
	int found;

	read_signs(head, &g, &a);
	arena_release(&a);
	found = g.sure + g.chat + g.odd + g.system;
	if (found == 0)
		return 0;
	if (is_chat_name(str_of(base_name)))
		return 95;
	if (g.sure == 0)
		return sniff_shared(&g);
	return g.first ? 85 : found >= 3 ? 65 : 0;
}

/* Two messages of people, whatever stands around them. */
static bool
whatsapp_may_be(struct str head)
{
	struct arena a = { 0 };
	struct signs g;

	read_signs(head, &g, &a);
	arena_release(&a);
	return g.sure + g.chat >= 2 && !g.signal;
}

static struct str
base_of(struct str path)
{
	return str_sub(path, (size_t)(str_rchr(path, '/') + 1), path.n);
}

static bool
is_media(struct str base)
{
	return whatsapp_media_type(base) != NULL &&
	       !str_ends_nocase(base, STR(".zip")) &&
	       !str_ends_nocase(base, STR(".csv")) &&
	       !str_ends_nocase(base, STR(".txt"));
}

/* A chat with the files that were sent in it, and nothing else. */
static int
whatsapp_sniff_tree(const char *const *names, size_t n)
{
	bool chat = false, own_name = false, others = false;

	for (size_t i = 0; i < n; i++) {
		struct str path = str_of(names[i]), base = base_of(path);

		if (tree_is_litter(names[i]))
			continue;
		if (is_chat_name(base)) {
			chat = true;
			own_name |= base.p[0] == '_' && base.n == path.n;
		} else {
			others |= !is_media(base);
		}
	}
	return !chat ? 0 : own_name ? 90 : others ? 0 : 85;
}

static void
gather_file(struct map *files, struct str path)
{
	if (!tree_is_litter(path.p) && !is_chat_name(base_of(path)))
		(void)map_put(files, base_of(path), NULL);
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
	buf_printf(&path, "%s/%s", tree_name(tree), name);
	in->file = buf_cstr(&path);
	input = tree_input(tree, in->max_item, &why);
	if (input == NULL || utf16_open(&text, input, in->max_item, &why) < 0) {
		rc = ingest_reject(in, STR("0"), why.msg, STR(""), e);
	} else {
		in->input = input;
		rc = read_chat(in, text.input, files, e);
		in->input = NULL;
		utf16_close(&text);
	}
	input_close(input);
	in->file = outer;
	buf_release(&path);
	return rc;
}

/* What lies in the tree and no message names. */
static int
reject_left_over(struct ingest *in, struct tree *tree, const struct map *files,
    struct err *e)
{
	const char *outer = in->file;
	struct buf path;
	int rc = 0;

	buf_init(&path, PATH_BYTES);
	for (size_t i = 0; rc == 0 && i < files->n; i++) {
		if (files->entries[i].value != 0) {
			sink_sum(in->sink, "files of messages", 1);
			continue;
		}
		buf_reset(&path);
		buf_printf(&path, "%s/%.*s", tree_name(tree),
		    STR_ARG(files->entries[i].key));
		in->file = buf_cstr(&path);
		rc = ingest_reject(in, STR(""),
		    "no message of the chat names this file", STR(""), e);
		in->file = outer;
	}
	buf_release(&path);
	return rc;
}

static int
whatsapp_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	struct map files = { 0 };
	const char *name;
	struct err why;
	int got, rc;

	(void)kept, (void)other;
	while ((got = tree_next(tree, &name, &why)) != 0)
		if (got == 1)
			gather_file(&files, str_of(name));
	rc = tree_rewind(tree, e);
	while (rc == 0 && (got = tree_next(tree, &name, &why)) != 0) {
		if (got < 0)
			rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
		else if (is_chat_name(base_of(str_of(name))) &&
			 !tree_is_litter(name))
			rc = read_member(in, tree, name, &files, e);
	}
	if (rc == 0)
		rc = reject_left_over(in, tree, &files, e);
	map_release(&files);
	return rc;
}

const struct source_format source_whatsapp = {
	.name = "whatsapp",
	.about = "WhatsApp chats: the text, or the zip with its files",
	.sniff = whatsapp_sniff,
	.may_be = whatsapp_may_be,
	.read = whatsapp_read,
	.sniff_tree = whatsapp_sniff_tree,
	.read_tree = whatsapp_read_tree,
	.normalize = whatsapp_normalize,
};
