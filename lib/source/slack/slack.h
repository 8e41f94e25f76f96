#ifndef KITH_SOURCE_SLACK_SLACK_H
#define KITH_SOURCE_SLACK_SLACK_H
/*
 * What the parts of the Slack format share: the roster (who and which
 * channels an export knows), and the meaning of its items.
 */
#include "core/map.h"
#include "source/cut.h"
#include "source/slack/text.h"
#include "source/item.h"

enum {
	SLACK_USERS = 2000000, /* profiles held, about 300 bytes each */
	SLACK_CHANNELS = 1000000, /* channels held, about 200 bytes each */
	SLACK_MEMBERS = 12, /* of a channel, that its messages repeat */
	SLACK_DOMAINS = 16, /* of its members' addresses, for larger ones */
	SLACK_PEOPLE = 64, /* profiles that go with one message */
};

/* What an item of an export's file is. */
enum slack_item {
	SLACK_OTHER, /* of no kind that is known */
	SLACK_MESSAGE,
	SLACK_USER,
	SLACK_CHANNEL,
	SLACK_LOG, /* of integration_logs.json */
	SLACK_FILE, /* of canvases.json and lists.json */
};

struct slack_person {
	struct str profile; /* JSON, trimmed */
	struct str domain; /* of the mail address, absent without one */
	bool bot;
};

struct slack_channel {
	struct str json; /* what a native record says of it */
	struct str *members; /* that its messages repeat */
	size_t member_count;
	struct str *domains; /* of all members of a larger channel */
	size_t domain_count;
};

struct slack_people VEC(struct slack_person);
/* Each in the arena, where it stays. */
struct slack_channels VEC(struct slack_channel *);
struct slack_workspaces VEC(struct str);

struct slack_roster {
	struct map users; /* id -> index into people */
	struct slack_people people;
	struct map folders; /* their paths -> index into channels */
	struct slack_channels channels;
	struct map teams; /* root NUL team -> users of that team */
	struct map roots; /* their paths -> index into workspaces */
	struct slack_workspaces workspaces; /* JSON */
	struct arena arena;
	struct buf scratch;
	bool full; /* some were too many to hold */
};

/* A zeroed roster is ready. */
void slack_roster_release(struct slack_roster *r);
/* Takes in an item of users.json; root is the folder that the file is in. */
void
slack_roster_user(struct slack_roster *r, struct str root, struct json user);
/* An item of channels.json and its like, of this type; after the users. */
void slack_roster_channel(struct slack_roster *r, struct str root,
    const char *type, struct json channel);
/* When all is taken in: which workspace each root is. */
void slack_roster_finish(struct slack_roster *r);

/* A user's profile as JSON; STR_NONE when not known. */
struct str slack_roster_profile(const struct slack_roster *r, struct str id);
/* The channel of a folder; made up from the folder's name when not known. */
const struct slack_channel *
slack_roster_folder(struct slack_roster *r, struct str root, struct str folder);
/* The channel with this id, or made up from the id and maybe its name. */
const struct slack_channel *slack_roster_conversation(
    struct slack_roster *r, struct str root, struct str id, struct str name);
/* C024BE91L: a conversation's id. */
bool slack_is_conversation(struct str s);
/* {"id":"T1"}, or STR_NONE. */
struct str
slack_roster_workspace(const struct slack_roster *r, struct str root);

/* A native record on its way to its meaning. */
struct slack_view {
	struct normalize *n;
	struct message *m;
	struct arena *a; /* of the message */
	struct json native, users, channel;
	struct str workspace; /* its team's id, or absent */
	struct slack_names names;
};

/* A native item into records. */
enum stage_result
slack_normalize(struct normalize *n, struct json native, struct err *e);
/* The rows of the other files: rows.c. */
enum stage_result
slack_user(struct slack_view *v, struct json row, struct err *e);
enum stage_result
slack_channel_row(struct slack_view *v, struct json row, struct err *e);
enum stage_result
slack_log(struct slack_view *v, struct json row, struct err *e);
enum stage_result
slack_file(struct slack_view *v, struct json row, struct err *e);

/*
 * Who wrote to whom, into v->m: from, to, direction.  msg is the message, said
 * itself or what it wraps (an edit).
 */
void slack_people(struct slack_view *v, struct json msg, struct json said);
/* The row of a user among those that go with the message. */
struct json slack_user_row(const struct slack_view *v, struct str id);
/*
 * What a message says: text, quoted, attachments, data into v->m.  outer is
 * msg itself, or what wraps it (an edit).  -1 past the ceiling of the scratch
 * buffer.
 */
int slack_body(
    struct slack_view *v, struct json outer, struct json msg, struct err *e);

/* A file as an attachment of v->m, and what more there is to say of it. */
void slack_add_file(struct slack_view *v, struct writer *w, struct json file);

/* A string member; STR_NONE also where it is empty. */
struct str slack_str(struct slack_view *v, struct json from, const char *name);
/* The address of a user's row; STR_NONE where it is none. */
struct str slack_email(struct slack_view *v, struct json user);
/* "slack:T1/U2"; without a team "slack:U2". */
struct str slack_uri(struct slack_view *v, struct str team, struct str id);
/* The name that a user goes by; user is a row of users.json or trimmed. */
struct str slack_user_name(struct slack_view *v, struct json user);
/* The team of a user's row, STR_NONE where it does not say. */
struct str slack_user_team(struct slack_view *v, struct json user);
bool slack_is_ours(struct slack_view *v, const struct address *a);
/* "1434139102.000002" as an instant; 0, or -1. */
int slack_time(struct str ts, int64_t *out);

#endif
