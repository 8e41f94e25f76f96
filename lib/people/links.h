#ifndef KITH_PEOPLE_LINKS_H
#define KITH_PEOPLE_LINKS_H
/*
 * The links file: an operator's word on who is who, one JSON object a line.
 *
 *	{"same": ["email:anna@example.org", "slack:T1/U2"]}
 *	{"different": ["pabc...", "tel:+4930123456"], "why": "mother and son"}
 *	{"letIn": ["mabc..."]}
 *
 * Names are keys (type:value), ids of persons or ids of messages; letIn has
 * ids of messages that are from whom they say.  Acts (record/act.h) say the
 * same with a time: of two about the same names the later one counts.  Empty
 * lines and lines that begin with # are skipped; other members are for
 * people.
 */
#include "core/arena.h"
#include "core/err.h"
#include "core/map.h"
#include "core/vec.h"
#include "record/act.h"

enum {
	LINKS_MAX = 64 << 20, /* bytes of the file */
	LINKS_NAMES = 1000, /* names a line */
};

enum link_kind { LINK_KEY, LINK_PERSON, LINK_MESSAGE };

struct link_name {
	enum link_kind kind;
	struct str s; /* a key in its notation, or an id */
};

struct link {
	bool same;
	struct link_name a, b;
	struct str from; /* the file and line, or the act's id */
	int64_t at; /* of an act; TIME_NONE */
};

struct links {
	struct link *v;
	size_t n, cap;
	struct links_let_in VEC(struct str) let_in; /* ids of messages */
	struct map pairs; /* of names that acts speak of, to 1 + i of v */
	struct arena arena;
};

/* A name as the file and the command line write it; -1 where it is none. */
int link_name_read(struct str typed, struct link_name *out, struct arena *a);
/* The same, with what is wrong. */
int link_name_typed(
    const char *typed, struct link_name *out, struct arena *a, struct err *e);
/* Adds what the file says.  On error e names the line.  Release in any case. */
int links_read(struct links *l, const char *path, struct err *e);
/* Adds what a checked act says: one of same, different and letIn; others say
 * nothing here.  -1 where a name is none. */
int
links_act(struct links *l, const struct act *a, struct str id, struct err *e);
void links_release(struct links *l);

#endif
