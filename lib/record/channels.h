#ifndef KITH_RECORD_CHANNELS_H
#define KITH_RECORD_CHANNELS_H
/*
 * The channels: one table, one row a channel, with all that any tool has to
 * know of one.  Whoever adds a channel writes its row in channels.c and the
 * format of its export (kith-hacking(7)), and nothing else: the record's schema,
 * its list in kith-record(5) and every tool's behaviour come from the row.
 *
 * A channel that is not in the table (a map's own, `kith normalize --map`) is
 * none of these functions' business: channel_named gives NULL, which every
 * reading below takes, and answers with what is careful: nobody vouches for
 * an address, a conversation goes on for a week, text has no marks.
 */
#include "core/arena.h"
#include "core/buf.h"

enum {
	CHANNEL_NAME = 16, /* bytes of a name, with the NUL behind it */
	CHANNELS_MAX = 48, /* rows that the table may have */
};

/* Who vouches that an address is the sender's. */
enum voucher {
	NO_ADDRESS, /* the channel has none of this kind */
	CLAIMED, /* nobody: the sender says so, or our own page asked */
	BY_MAIL, /* the mail's authentication (RFC 8601), checked each time */
	BY_NETWORK, /* the telephone network, whose numbers can be forged */
	BY_PLATFORM, /* the service, which knows its users */
	BY_LOGIN, /* our own site or app, of who is logged in */
};

/* How long a conversation goes on without a reference (merge/windows.h). */
enum window_class {
	WINDOW_MESSAGE, /* a messenger: days */
	WINDOW_LETTER, /* mail: weeks */
	WINDOW_FORM, /* a form, which mail goes on with */
	WINDOW_TICKET, /* a helpdesk's */
	WINDOW_PHONE, /* calls and short messages on one number */
	WINDOW_LIVE, /* who types into a page's window and leaves */
};

/* What a message may at most have, in what. */
enum length_unit {
	IN_CHARACTERS,
	IN_BYTES, /* of UTF-8 */
	IN_SEGMENTS, /* text/sms.h; how many is the transport's to say */
};

/* How a reply is written. */
enum markup {
	MARKUP_TEXT, /* no marks */
	MARKUP_HTML, /* a fragment, without <html> */
	MARKUP_SLACK, /* mrkdwn */
	MARKUP_WHATSAPP, /* *bold* _italic_ */
	MARKUP_TELEGRAM, /* parse_mode HTML */
	MARKUP_DISCORD, /* its Markdown */
	MARKUP_PARTS, /* text and HTML side by side; alone it is text */
};

/* Where a reply goes to. */
enum recipient {
	TO_URI, /* the service's own id */
	TO_EMAIL,
	TO_TEL,
	TO_TEL_OR_URI,
	TO_MESSAGE, /* no address: what it answers, by its id */
};

/* What else a reply needs, to stand where the customer looks for it. */
enum reply_needs {
	NEEDS_NOTHING,
	NEEDS_REFERENCE, /* inReplyTo and references, or it begins anew */
	NEEDS_THREAD, /* threadId: the room, the topic, the ticket */
};

struct channel {
	char name[CHANNEL_NAME]; /* padded with NULs */
	const char *about; /* one line, no stop */
	enum voucher email, tel, uri; /* kinds of address; who vouches */
	char scheme[CHANNEL_NAME]; /* of its uris; empty: the channel's name */
	/* Which ids are a person's.  By the first letter behind the last "/":
	 * those that people's have and those that rooms have; and the end that
	 * groups or machines have.  Empty, or NULL: any; none. */
	char people[8], rooms[8];
	const char *nobody;
	enum window_class window;
	char answered[CHANNEL_NAME]; /* the channel on which people look for
					the answer, where it is another one:
					what waits here waits there, too */
	int64_t max; /* most of `unit` in a message, as the service has it */
	enum length_unit unit;
	enum markup markup;
	enum recipient to;
	enum reply_needs needs;
	int free_hours; /* free text goes out only so long after the customer
			   wrote; 0: always */
	const char *template_member; /* of `reply`: what goes out later, too */
	bool devices; /* one person has many of its ids */
	bool one_way; /* customers come here: nobody is written to first */
	bool rings; /* solicitations have quiet hours */
	bool stops; /* STOP ends all messages there, and START lets them in
		       again: the network sees to it */
	bool letters; /* END or CANCEL alone is no opt-out in such texts */
	bool global_ids; /* its message ids are unique in the world */
	bool numbers; /* its threads and messages count apart, from 1 each */
	const char *spellings; /* in people's tables: "e-mail|mail"; any case */
	const char *headers; /* stands in a column's name ("SMS consent"), so
				only what is in no other word */
};

/* Ends with an empty name.  The order is the schema's and the manual's. */
extern const struct channel channels[];

/* The row of a channel by its name, NULL where the table has none: some
 * thirty instructions. */
const struct channel *channel_named(struct str name);
/* The row whose uris have this scheme (in lower case), or NULL. */
const struct channel *channel_of_scheme(struct str scheme);
/* True where an id of the row's scheme (without that) is a person's, not a
 * room's, a group's or a machine's; so is any where c is NULL. */
bool channel_id_is_person(const struct channel *c, struct str id);
/* The row that people mean who write into their own tables where somebody wants
 * to be written to ("E-Mail", "text message", "telefonisch", without blanks
 * around), or NULL: a branch or a review is no such channel. */
const struct channel *channel_spelled(struct str written, struct arena *a);
/* The row that a column's name speaks of ("emailOptOut", "Acepta llamadas"), or
 * NULL. */
const struct channel *channel_in_header(struct str header, struct arena *a);

/* A channel's own place in the table, 1 to CHANNELS_MAX; 0 for NULL. */
unsigned channel_number(const struct channel *c);
/* The scheme of its uris; c is a row. */
struct str channel_scheme(const struct channel *c);
/* True where the network or the service vouches for a telephone number. */
static inline bool
channel_vouches_tel(const struct channel *c)
{
	return c != NULL && (c->tel == BY_NETWORK || c->tel == BY_PLATFORM);
}
/* True where the service checked the mail addresses of its profiles; the
 * numbers there are what the users typed. */
static inline bool
channel_vouches_email(const struct channel *c)
{
	return c != NULL && c->email == BY_PLATFORM;
}
/* True where senders are checked mail by mail. */
static inline bool
channel_is_mail(const struct channel *c)
{
	return c != NULL && c->email == BY_MAIL;
}
/* True for our own site and app: who is not logged in says who they are. */
static inline bool
channel_is_site(const struct channel *c)
{
	return c != NULL && c->uri == BY_LOGIN;
}
/* True where a reply goes out as a mail, whatever the channel's own name. */
static inline bool
channel_replies_by_mail(const struct channel *c)
{
	return c != NULL && c->to == TO_EMAIL;
}
/* The most of a message; *unit is set. */
int64_t channel_max(const struct channel *c, enum length_unit *unit);
/* What one rendering of a reply is written in: never MARKUP_PARTS. */
enum markup channel_markup(const struct channel *c);

/*
 * Appends the list that `kith normalize --list-channels` prints: a line each
 * with name, kinds of address and what it is.
 */
void channels_list(struct buf *out);
/*
 * The same rows told in sentences, in mdoc: the CHANNELS section of
 * kith-record(5).  For tests, which compare them.
 */
void channels_manual(struct buf *out);

#endif
