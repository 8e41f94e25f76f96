#ifndef KITH_SOURCE_IRC_IRC_H
#define KITH_SOURCE_IRC_IRC_H
/*
 * Logs of IRC: what a line says, as irssi, WeeChat, HexChat, ZNC, mIRC,
 * Quassel, energymech, eggdrop and bots write it.
 */
#include "source/item.h"

/* When a line was written, as far as it says so itself. */
struct irc_stamp {
	struct civil c;
	bool day, month_day, clock; /* month_day: without its year */
	bool zoned; /* `at` is the instant */
	int64_t at;
	struct str rest; /* what stands behind it */
};

/* What a line is. */
enum irc_kind {
	IRC_NONE, /* no line of a log */
	IRC_MESSAGE,
	IRC_ACTION,
	IRC_NOTICE,
	IRC_EVENT,
};

/* Slices point into the line, or the arena. */
struct irc_line {
	enum irc_kind kind;
	const char *subtype; /* of an event: "join", "nick" ... */
	struct str nick, host; /* host: user@host */
	struct str text; /* what was said, the reason, the topic */
	struct str channel; /* where the line names it */
	struct str other; /* who was kicked; the new nick */
	struct str mode; /* "@" before the nick */
	/* Of IRCv3. */
	struct str id, account, reply;
};

/* What an item has beside its line. */
struct irc_place {
	struct str channel, network, day;
};

/* False where it begins with none. */
bool irc_stamp(struct str line, struct irc_stamp *out);
/* "--- Day changed Tue Mar 03 2026", behind the stamp where there is one: a
 * line of the log about itself; *when is its day (0001 where it has none), *channel the one that it names. */
bool irc_mark(struct str rest, struct civil *when, struct str *channel);
/* What stands behind the stamp; bare: a stamp stood there. */
void irc_read(struct str rest, bool stamped, struct irc_line *out);
/* "@time=... :nick!user@host PRIVMSG #chan :text" (RFC 1459, IRCv3); at is
 * TIME_NONE without a tag. */
bool
irc_raw(struct str line, struct arena *a, struct irc_line *out, int64_t *at);
/* Without codes of colours and the like. */
struct str irc_plain(struct str s, struct arena *a);
/* "#chan", by its first character. */
bool irc_is_channel(struct str s);
/* By the name of a file: "irc.libera.#chan.weechatlog". */
void irc_place_of(const char *file, struct irc_place *out);
/* "2026-03-02" or "20260302" in it. */
bool irc_day_of(struct str name, struct civil *out);

enum stage_result
irc_normalize(struct normalize *n, struct json native, struct err *e);

#endif
