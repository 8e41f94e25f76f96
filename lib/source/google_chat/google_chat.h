#ifndef KITH_SOURCE_GOOGLE_CHAT_GOOGLE_CHAT_H
#define KITH_SOURCE_GOOGLE_CHAT_GOOGLE_CHAT_H
/*
 * Google Chat: Takeout's messages.json, alone or in its folder, and what the
 * service's own interface answers.
 */
#include "source/native.h"

enum {
	GOOGLE_CHAT_MEMBERS = 12, /* of a group, that its messages repeat */
	GOOGLE_CHAT_GROUPS = 1000000, /* held, about 1 KB each */
};

struct google_view {
	struct normalize *n;
	struct message *m;
	struct json native; /* the message */
	bool api; /* it is the interface's */
	struct str space, topic, id; /* each absent where it is not known */
};

/* A member by its name in an export or in an answer of the interface. */
struct json google_get(
    const struct google_view *v, const char *exported, const char *answered);
/* A time in whichever language it is written; 0, or -1. */
int google_time(struct google_view *v, struct json value, int64_t *out);
/* {"name":...,"email":...}, or {"name":"users/1","displayName":...}. */
struct address google_person(struct google_view *v, struct json who);
bool google_is_bot(struct google_view *v, struct json who);

/* Text, quoted, attachments. */
void google_body(struct google_view *v);
/* An event of Hangouts into a record. */
enum stage_result google_hangouts(struct google_view *v, struct err *e);

enum stage_result
google_chat_normalize(struct normalize *n, struct json native, struct err *e);

/* One file; before (or absent) is how the object in it begins instead: a bracket,
 * and members with a comma behind each. */
int google_chat_read_file(
    struct ingest *in, struct input *file, struct str before, struct err *e);
/* Takeout's folder: for source.h. */
int google_chat_sniff_tree(const char *const *names, size_t n);
int google_chat_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e);
void google_chat_release_tree(void *kept);

#endif
