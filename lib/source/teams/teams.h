#ifndef KITH_SOURCE_TEAMS_TEAMS_H
#define KITH_SOURCE_TEAMS_TEAMS_H
/*
 * Microsoft Teams: what the parts of the format share.  Graph writes members in
 * camelCase, exports write the same ones in PascalCase.
 */
#include "source/item.h"

struct teams_view {
	struct normalize *n;
	struct message *m;
	struct json native;
	bool pascal; /* its members are in PascalCase */
	struct str place; /* the chat's or channel's id, or absent */
	bool channel; /* it is a channel's */
};

/* What an item is by its members. */
enum teams_item {
	TEAMS_OTHER,
	TEAMS_MESSAGE,
	TEAMS_USER, /* of a directory */
	TEAMS_MEMBER, /* of a team or a chat */
	TEAMS_TEAM,
	TEAMS_CHANNEL,
	TEAMS_CHAT,
};

/* A member by its name in camelCase, which has at most 40 bytes. */
struct json
teams_get(const struct teams_view *v, struct json from, const char *name);
/* The same as text; "a/b" is b of a. */
struct str
teams_text(const struct teams_view *v, struct json from, const char *path);
struct json
teams_at(const struct teams_view *v, struct json from, const char *path);
/* A time, as JSON or as PowerShell writes it; 0, or -1. */
int teams_time(const struct teams_view *v, const char *name, int64_t *out);
/* Who {"user":...}, {"application":...} and their like name; *machine is set
 * where it is a program. */
struct address
teams_identity(const struct teams_view *v, struct json set, bool *machine);

/* text, quoted, attachments and what is quoted, into v->m; the files' own
 * addresses into data. */
int teams_body(struct teams_view *v, struct err *e);
void teams_files(struct teams_view *v, struct writer *w);
/* Members of data: what an event tells. */
void teams_event(struct teams_view *v, struct writer *w);
/* The type of the record that an event is: "call" or "event". */
const char *teams_event_type(struct teams_view *v);
/* A row of a directory, a list of teams and its like. */
enum stage_result
teams_row(struct teams_view *v, enum teams_item kind, struct err *e);

enum stage_result
teams_normalize(struct normalize *n, struct json native, struct err *e);
void teams_release(void *kept);

#endif
