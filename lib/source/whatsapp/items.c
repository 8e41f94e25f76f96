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
#include "core/text/ascii.h"
#include "source/item.h"

enum {
	WHATSAPP_HOLD = 64 << 20, /* bytes held to decide on */
	WHATSAPP_REPEATS = 1 << 20, /* messages remembered to count equals */
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
	struct whatsapp_last last; /* message of a person */
	size_t answers; /* of ours that a customer may have typed */
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

static uint64_t
minute_of(const struct civil *c)
{
	uint64_t day = (uint64_t)c->year * 400 + (uint64_t)c->month * 32 +
		       (uint64_t)c->day;

	return (day * 24 + (uint64_t)c->hour) * 60 + (uint64_t)c->minute;
}

/* How often this sender said this in this minute before. */
static uint64_t
count_equal(struct reader *r, const struct civil *c, struct str text)
{
	static const uint8_t key[16] = "whatsapp equals";
	const struct whatsapp_line *l = &r->line;
	uint64_t parts[3] = { minute_of(c) };

	if (r->repeats.n >= WHATSAPP_REPEATS)
		map_reset(&r->repeats);
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
		*named |= WHATSAPP_NAMED;
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
	char digits[STR_COUNT];
	struct str at = str_count(digits, '\0', r->offset + r->start);

	if (r->over)
		return 0;
	if (text.n > r->in->max_item) {
		r->over = true;
		return ingest_reject(
		    r->in, at, "a message larger than --max-item", text, e);
	}
	if (!r->begun)
		return str_trim(text).n == 0
			   ? 0
			   : ingest_reject(r->in, at,
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
	return emit(r, at, text, e);
}

/* By its sender and clock. */
static bool
begins_turn(struct reader *r, struct str line)
{
	enum whatsapp_turn turn;

	if (whatsapp_is_third(&r->chat, line, &r->item_arena))
		return false;
	turn = whatsapp_next(&r->chat, &r->last, line, &r->item_arena);
	r->answers += turn == WHATSAPP_ANSWER;
	r->chat.pasted += turn == WHATSAPP_TYPED;
	return turn != WHATSAPP_TYPED;
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
		    whatsapp_begins(&r->chat, &stamp, behind_crlf) &&
		    begins_turn(r, line)) {
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

/* Nothing in such a file tells them from those that we wrote. */
static void
say_answers(struct ingest *in, size_t answers)
{
	if (answers == 0 || in->said_endless)
		return;
	in->said_endless = true;
	diag(DIAG_INFO, in->file,
	    "Android's exports do not show where a message ends: what stands "
	    "under our name behind a customer's message, they may have typed "
	    "there (an iPhone's export shows it)");
}

int
whatsapp_read_chat(
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
		    in->workspace, &r.arena);
		r.behind_crlf = true;
		rc = r.window.n == 0 ? 0 : read_messages(&r, e);
		say_pasted(in, &r.chat);
		say_answers(in, r.answers);
	}
	map_release(&r.repeats);
	arena_release(&r.arena);
	arena_release(&r.item_arena);
	buf_release(&r.window);
	return rc;
}

bool
whatsapp_is_chat(struct str base)
{
	return str_eq_nocase(base, STR("_chat.txt")) ||
	       (str_ends_nocase(base, STR(".txt")) &&
		   str_find_nocase(base, STR("whatsapp")) >= 0);
}
