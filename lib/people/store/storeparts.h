#ifndef KITH_PEOPLE_STORE_STOREPARTS_H
#define KITH_PEOPLE_STORE_STOREPARTS_H
/*
 * Inside of the store: what its implementations do, and what they share.
 */
#include "core/map.h"
#include "core/time.h"
#include "people/store/store.h"

/* As in store.h.  NULL: it has nothing to say or to do there. */
struct store_ops {
	void (*close)(struct store *s); /* frees it, but for what is shared */
	int (*begin)(struct store *s, struct err *e);
	int (*commit)(struct store *s, struct err *e);
	int (*load)(struct store *s, struct graph *g, struct err *e);
	int (*save)(struct store *s, struct graph *g, struct err *e);
	int (*forget)(struct store *s, struct err *e);
	int (*find_key)(
	    struct store *s, struct str text, uint32_t *key, struct err *e);
	const struct store_move *(*moves)(const struct store *s, size_t *n);
	int (*person_key)(struct store *s, struct str id, struct arena *a,
	    struct str *key, struct err *e);
	int (*message_key)(struct store *s, struct str id, struct arena *a,
	    struct str *key, struct err *e);

	int (*message)(struct store *s, struct str id,
	    struct store_message *out, struct err *e);
	int (*put_message)(
	    struct store *s, const struct store_message *m, struct err *e);
	int (*supersede)(struct store *s, struct str id, struct err *e);
	int (*version)(struct store *s, struct str id, int64_t content,
	    struct store_message *out, struct err *e);
	int (*put_aside)(
	    struct store *s, struct str id, struct str line, struct err *e);
	int (*aside)(struct store *s, struct str id, struct arena *a,
	    struct str *line, struct err *e);
	int (*drop_aside)(struct store *s, struct str id, struct err *e);
	bool (*was_parted)(const struct store *s, struct str message);
	int (*leave)(struct store *s, struct str message, struct err *e);

	int (*find_conversation)(
	    struct store *s, struct str id, uint32_t *number, struct err *e);
	int (*put_conversation)(struct store *s, const struct conversation *c,
	    uint32_t *number, struct err *e);
	void (*continued)(struct store *s, uint32_t number, int64_t t,
	    uint8_t channel, struct str place);
	int (*continued_person)(
	    struct store *s, uint32_t number, uint32_t key, struct err *e);
	int (*asked)(struct store *s, uint32_t number, int64_t t,
	    uint8_t channel, struct err *e);
	int (*answered)(struct store *s, uint32_t number, int64_t t,
	    const struct store_answer *by, struct err *e);
	int (*done)(struct store *s, uint32_t number, int64_t t, struct str act,
	    struct err *e);
	int (*reopened)(struct store *s, uint32_t number, int64_t t,
	    uint8_t channel, struct str act, struct err *e);
	int (*joined)(struct store *s, uint32_t number, uint32_t other,
	    int64_t t, struct str act, struct err *e);
	int (*put_participant)(struct store *s, uint32_t number, struct str key,
	    int64_t t, struct err *e);
	int (*is_participant)(struct store *s, uint32_t number, uint32_t key,
	    int64_t t, struct err *e);
	int (*guest_spoke)(struct store *s, uint32_t number, uint32_t key,
	    int64_t t, bool asks, struct err *e);
	int (*unasked)(struct store *s, uint32_t number, int64_t t,
	    struct str id, struct err *e);
	int (*was_answered)(struct store *s, uint32_t number, int64_t t,
	    bool (*question)(struct str text), bool *asked, struct err *e);
	int (*failed)(struct store *s, uint32_t number, struct str answer,
	    uint64_t name, struct err *e);
	int (*put_failed)(struct store *s, uint64_t name, struct err *e);
	int (*has_failed)(struct store *s, uint64_t name, struct err *e);
	int (*waiting)(struct store *s, uint32_t key, struct store_numbers *out,
	    struct err *e);
	int (*last_of)(struct store *s, uint32_t number, int64_t t,
	    struct store_last *out, struct err *e);
	int (*ref)(struct store *s, struct str ref, struct store_ref *out,
	    struct err *e);
	int (*put_ref)(struct store *s, struct str ref, struct store_ref to,
	    struct str message, struct err *e);
	int (*last_of_person)(struct store *s, uint32_t key, int64_t t,
	    struct store_last *out, struct err *e);
	int (*last_of_place)(struct store *s, struct str place, int64_t t,
	    struct store_last *out, struct err *e);
	void (*fetch)(
	    const struct store *s, const uint32_t *keys, size_t n, int step);

	int (*put_event)(
	    struct store *s, struct str line, int64_t *row, struct err *e);
	int (*events)(
	    struct store *s, struct buf *out, int64_t *row, struct err *e);
	int (*events_left)(struct store *s, int64_t row, struct err *e);

	int (*each_said)(struct store *s,
	    void (*each)(void *arg, const struct store_said *x), void *arg,
	    struct err *e);
	int (*put_said)(struct store *s, const struct store_said *x,
	    int64_t newest, struct err *e);

	int (*timeline)(struct store *s, struct str person,
	    const struct store_cursor *after, const struct store_cursor *until,
	    size_t most, void (*each)(void *arg, const struct store_message *m),
	    void *arg, struct err *e);
	int (*who)(
	    struct store *s, struct str name, char out[ID_SIZE], struct err *e);
	int (*stands_now)(struct store *s, struct str *person, struct err *e);
	int (*keys)(struct store *s, struct str person,
	    void (*each)(void *arg, struct str key, int64_t since), void *arg,
	    struct err *e);
	int (*next_key)(struct store *s, struct str from, struct arena *a,
	    struct str *out, struct err *e);
	int (*next_person)(struct store *s, struct str behind, struct arena *a,
	    struct str *out, struct err *e);
	int (*next_ref)(struct store *s, struct str from, struct arena *a,
	    struct str *out, struct err *e);
	int (*ref_message)(
	    struct store *s, struct str ref, char out[ID_SIZE], struct err *e);
	int (*aliases)(struct store *s, struct str person,
	    void (*each)(void *arg, struct str id), void *arg, struct err *e);
};

/* A participant asked in a conversation that is another's. */
struct guest {
	uint32_t number; /* of the conversation */
	uint32_t next; /* of the same person's, plus one */
	int64_t asked; /* when last */
};

/* What every implementation begins with. */
struct store {
	const struct store_ops *ops;
	bool keeps;
	struct graph *g; /* of the last save */
	struct channel_set *channels;
	struct conversation *v; /* those that were met */
	size_t n, cap;
	struct person_id *ids; /* by the root: see store_person */
	uint32_t era; /* of the graph: ids of others are none of ours */
	struct guests VEC(struct guest) guests;
	struct map guest_of; /* roots, as bytes, to their first guest + 1 */
};

struct store *memory_open(void);
struct store *sqlite_open(const struct store_options *o, struct err *e);

/* What waits without a time of its own waits longest. */
static inline int64_t
store_time(int64_t t)
{
	return t == TIME_NONE ? TIME_NONE + 1 : t;
}

/*
 * A person's list, at the root of their keys: in memory the last conversation
 * first, then all others of theirs that wait, each plus one and by their
 * `next`.  Those that were answered since stay until somebody walks by.
 */
static inline uint32_t *
store_first(const struct store *s, uint32_t key)
{
	return &s->g->keys[graph_root(s->g, key)].person;
}
/* One that waits from now on is in its owner's list. */
void store_list(struct store *s, uint32_t number);
/* The key's person asked there, too. */
void
store_list_guest(struct store *s, uint32_t number, uint32_t key, int64_t t);
/* Those in the list that wait, and where the person is a guest that waits, to
 * the end of out. */
void store_listed(struct store *s, uint32_t key, struct store_numbers *out);

/* A conversation is met: its number. */
uint32_t store_meet(struct store *s, const struct conversation *c);

#endif
