#ifndef KITH_SOURCE_SLACK_TEXT_H
#define KITH_SOURCE_SLACK_TEXT_H
/*
 * Slack's text as people read it: mrkdwn and Block Kit in plain text.
 * Mentions become names, links "label (url)", marks of bold, italic, strike
 * and code go, the three entities are undone.  Linear in the text.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "json/json.h"

enum { SLACKTEXT_DEPTH = 32 }; /* lists and quotes in blocks */

/* Who stands behind an id; STR_NONE where nobody knows. */
struct slack_names {
	struct str (*user)(void *arg, struct str id);
	struct str (*channel)(void *arg, struct str id);
	void *arg;
};

/* Appends the text of a mrkdwn string (decoded from JSON). */
void
slack_mrkdwn(struct str s, const struct slack_names *names, struct buf *out);
/* Appends the text of `blocks`; decoded strings go to the arena. */
void slack_blocks(struct json blocks, const struct slack_names *names,
    struct arena *a, struct buf *out);
/*
 * The ids of the users that a mrkdwn string mentions, one a call: *rest is
 * what is left to look at.  STR_NONE when there are no more.
 */
struct str slack_mention(struct str *rest);
/* True for what a user's id looks like: U or W, then capitals and digits. */
bool slack_is_user(struct str id);

#endif
