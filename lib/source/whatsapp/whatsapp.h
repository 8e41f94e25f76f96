#ifndef KITH_SOURCE_WHATSAPP_WHATSAPP_H
#define KITH_SOURCE_WHATSAPP_WHATSAPP_H
/*
 * What the parts of the WhatsApp format share.  The line that begins a
 * message is written in the language and the clock of the phone:
 *	24/12/19, 11:23 - Anna: text
 *	[24.12.19, 11:23:45] Anna: text
 *	2019/12/24 下午1:34 - Anna: text
 *	[11:23, 24/12/2019] Anna: text
 * and, by older phones and by tools that read their databases,
 *	24/12/19, 11:23:45: Anna: text
 *	24-12-19 11:23:45 Anna: text
 *	24.12.2019 - 11:23:45; Anna: text
 * Bidi marks may stand anywhere in it and blanks may be any of Unicode's.
 */
#include "core/map.h"
#include "core/time.h"
#include "source/item.h"

enum {
	WHATSAPP_NAME = 256, /* bytes of a sender's name; longer is none */
	WHATSAPP_SENDERS = 16, /* senders of a chat that its messages repeat */
};

/* In which order a date's numbers stand. */
enum whatsapp_order {
	WHATSAPP_DMY,
	WHATSAPP_MDY,
	WHATSAPP_YMD,
};

/* Date and time as they are written. */
struct whatsapp_stamp {
	int date[3];
	unsigned char digits[3]; /* how many each is written with */
	char separator; /* '/', '.', '-' or 'y' for year, month, day signs */
	int hour, minute, second; /* second -1 where there is none */
	char half; /* as dayhalf_of has it; 0 on a clock of 24 hours */
	bool capitals; /* "AM" or "PM", as the USA write it */
	bool year_first; /* who says the half of the day so writes it first */
	bool bracket;
	bool indented; /* a blank stands before the date */
	bool time_first; /* "23:23, 24/12/2019" */
	bool comma; /* between date and time */
	bool dash_between; /* "24.12.2019 - 23:23" */
	bool dash_behind; /* "[...] - Name" */
	char time_sign; /* ':', '.' or 'h' */
	char end; /* ']', '-', ':', ';', or ' ' for none */
};

/* Reads what a message's first line begins with.  Returns its bytes, 0 where
 * the line begins none. */
size_t whatsapp_stamp(struct str line, struct whatsapp_stamp *out);
/*
 * The wall clock that a stamp shows, with the date's numbers in this order
 * or, where there is no such day, in the only other that fits.  -1 where
 * there is none at all.
 */
int whatsapp_civil(const struct whatsapp_stamp *s, enum whatsapp_order order,
    struct civil *out);
/*
 * What the stamps of one export have in common, whatever the moment: signs,
 * seconds, the clock of 12 or 24 hours, the place and length of the year.
 */
uint32_t whatsapp_form(const struct whatsapp_stamp *s);
/* True where the year is told by its place: four digits, signs, or words of
 * who writes it first. */
bool whatsapp_year_first(const struct whatsapp_stamp *s);

struct whatsapp_line {
	struct whatsapp_stamp stamp;
	struct str sender; /* as written; STR_NONE in a line of the system */
	struct str body; /* first line of it */
	bool marked; /* the body opens with U+200E: the program wrote it */
	bool bare; /* "Name:" or "Name:." and nothing: not exported */
};

/* Takes a message's first line apart; chat is the chat's name, where known,
 * which a sender may be called even with a colon in it. */
bool whatsapp_line(struct str line, struct str chat, struct whatsapp_line *out);
/*
 * A sender's name without marks and blanks around it; *own_choice tells that
 * it was "~ Name", which its bearer chose and no address book holds.
 */
struct str whatsapp_name(struct str raw, struct arena *a, bool *own_choice);
/* True for what is a telephone number as WhatsApp writes one. */
bool whatsapp_is_number(struct str name);
/* s with control characters as blanks. */
struct str whatsapp_plain(struct str s, struct arena *a);
/* s without its invisible marks (bidi controls, BOM). */
struct str whatsapp_unmarked(struct str s, struct arena *a);

/* What the messages of a file need to know of it. */
struct whatsapp_chat {
	struct str name; /* by the file's name, or absent */
	struct str senders[WHATSAPP_SENDERS];
	size_t said[WHATSAPP_SENDERS]; /* lines of each */
	size_t sender_count;
	bool ours[WHATSAPP_SENDERS]; /* those are we */
	bool any_ours;
	bool more;
	/* Called after one who writes in it, so that the only other is whose
	 * phone it was: what looks like a third's line is text. */
	bool of_two;
	struct str speaker; /* under whose name the program said something */
	bool time_first; /* its first message has its time first */
	struct str begin; /* a hash of how it begins, where it has no name */
	enum whatsapp_order order[3]; /* for '/', '.', '-' */
	uint32_t form; /* of the stamps that begin its messages */
	bool any_form; /* put together from many: any stamp begins one */
	bool crlf; /* a message ends with CR LF, a line in it with LF */
	/* Lines that begin one; that only look so, copies of WhatsApp Web
	 * apart. */
	size_t begun, pasted;
};

/* Lines of a text, without their ends. */
struct whatsapp_lines {
	struct str rest;
	bool behind_crlf; /* the last one read follows a CR LF */
	bool crlf; /* the last one read ends so */
};
bool whatsapp_next_line(struct whatsapp_lines *l, struct str *line);
/* Tells the form and the line ends by the text; whole: it is all of it. */
void whatsapp_study_form(struct whatsapp_chat *c, struct str text, bool whole);
/* Does a line with this stamp, behind a CR LF or not, begin a message? */
bool whatsapp_begins(const struct whatsapp_chat *c,
    const struct whatsapp_stamp *s, bool behind_crlf);

/*
 * What the last message of a person shows, for the next line that begins as one
 * does.  Where nothing shows the end of a message, a customer can type our name
 * behind their own words: there a line under it whose clock went back by more
 * than any clock does is text.
 */
struct whatsapp_last {
	int64_t minute;
	bool any, ours;
};
enum whatsapp_turn {
	WHATSAPP_MESSAGE,
	WHATSAPP_ANSWER, /* of ours, behind somebody else's message */
	WHATSAPP_TYPED, /* within the message before */
};
enum whatsapp_turn whatsapp_next(const struct whatsapp_chat *c,
    struct whatsapp_last *last, struct str line, struct arena *scratch);

/* Is this line, which begins as a message does, by nobody of a chat of two?
 * Then somebody typed it into the message before. */
bool whatsapp_is_third(
    const struct whatsapp_chat *c, struct str line, struct arena *scratch);

/*
 * Tells it by the file's path (its name, or the zip's that holds _chat.txt) and
 * by its text (whole: all of it): the form of its stamps, the dates' order, who
 * writes, how it begins.  The workspace decides who we are, and by its region
 * where nothing else does.  Lives in the arena.
 */
void whatsapp_study(struct whatsapp_chat *c, struct str path, struct str text,
    bool whole, const struct workspace *workspace, struct arena *a);
/* The order of this stamp's date. */
enum whatsapp_order whatsapp_order_of(
    const struct whatsapp_chat *c, const struct whatsapp_stamp *s);

enum whatsapp_kind {
	WHATSAPP_TEXT,
	WHATSAPP_FILE, /* file is its name, the text its caption */
	WHATSAPP_OMITTED, /* a file that the export leaves out */
	WHATSAPP_DELETED,
	WHATSAPP_CALL,
	WHATSAPP_NOTICE, /* the program's own words */
};

struct whatsapp_body {
	enum whatsapp_kind kind;
	struct str text; /* what the person wrote; maybe empty */
	struct str file; /* its name, where one is told */
	struct str omitted; /* the words for what is left out */
	const char *media_type; /* "image/jpeg", "image/..."; NULL unknown */
	const char *disposition; /* of a call */
	bool edited;
};

/* What a body says; sender: somebody is named as its author. */
void whatsapp_body(
    struct str body, bool sender, struct arena *a, struct whatsapp_body *out);
/* Is a line one of the program's own sentences, with its mark or without? */
bool whatsapp_notice(struct str line);
enum stage_result
whatsapp_normalize(struct normalize *n, struct json native, struct err *e);

/* Of a file beside a chat. */
enum {
	WHATSAPP_NAMED = 1, /* a message names it: it was sent */
	WHATSAPP_CHAT = 2, /* it is called as chats are */
};
/* Is a file of this name a chat? */
bool whatsapp_is_chat(struct str base);
/* One chat; files (or NULL): what lies beside it by base name, where what its
 * messages name gets WHATSAPP_NAMED. */
int whatsapp_read_chat(
    struct ingest *in, struct input *file, struct map *files, struct err *e);
/* A chat with its files: for source.h. */
int whatsapp_sniff_tree(const char *const *names, size_t n);
int whatsapp_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e);
void whatsapp_release_tree(void *kept);

/* A media type by a file name's ending, or NULL. */
const char *whatsapp_media_type(struct str file);
/* What stands behind "with " at the beginning of name, in any language of
 * phones; STR_NONE where it does not begin so. */
struct str whatsapp_behind_with(struct str name);

#endif
