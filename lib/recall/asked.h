#ifndef KITH_RECALL_ASKED_H
#define KITH_RECALL_ASKED_H
/*
 * What is known of people who are asked for: of one at a prompt; of one after
 * the other, as a switchboard does; of everybody.
 */
#include "recall/search.h"
#include "record/sink.h"

/* Who asks; all is borrowed. */
struct asked {
	struct recaller *recaller;
	struct search *search; /* through the records so far; NULL: the state */
	struct segments *segments; /* or NULL */
	const char *region; /* as lookup_find has it */
	int64_t as_of; /* TIME_NONE: all that is known */
	int64_t now; /* what is told of them is told of then */
};

/* One, as a page or as JSON (recall/answer.h): *known tells whether there is
 * somebody, else that is said and nothing written.  0; -1 also where several are meant. */
int asked_one(const struct asked *q, const char *typed, bool json,
    struct sink *out, bool *known, struct err *e);
/*
 * The answer to a line that somebody typed, from the state as it is by now:
 * always one line, with `who` as it was typed and, where somebody is known by
 * that, what answer_json has; where several are, `several` with the sentence
 * that names them.  0 or -1.
 */
int asked_line(
    const struct asked *q, struct str typed, struct sink *out, struct err *e);
/* A line for each person of the state, by their ids; of those alone that are in
 * the segment of this name, where it is not NULL.  0 or -1. */
int asked_all(const struct asked *q, const char *segment, struct sink *out,
    struct err *e);

#endif
