#ifndef KITH_REPORT_FACTS_SILENCES_H
#define KITH_REPORT_FACTS_SILENCES_H
/*
 * Who fell silent, gathered beside the other facts where somebody asks for it.
 * Memory: about 150 bytes a conversation.
 */
#include "core/arena.h"
#include "core/intern.h"
#include "record/waiting/silence.h"

struct silent {
	struct silence is;
	struct str name; /* whom we wrote to: name, else address */
	struct str channel, id; /* of our last answer, which is no reminder */
	uint32_t group; /* that it counts for */
};

struct silences {
	struct silent *v; /* beside the conversations */
	size_t cap;
	struct intern channels;
	struct arena arena;
};

/* A zeroed one is ready. */
void silences_release(struct silences *all);
/* The conversation of number `at`. */
struct silent *silences_at(struct silences *all, size_t at);
/* A record of it, after h has it; true where it is our last answer. */
bool silences_take(struct silences *all, size_t at, const struct standing *h,
    struct record *r, const struct said *k);

#endif
