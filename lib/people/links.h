#ifndef KITH_PEOPLE_LINKS_H
#define KITH_PEOPLE_LINKS_H
/*
 * The links file: an operator's word on who is who, one JSON object a line.
 *
 *	{"same": ["email:anna@example.org", "slack:T1/U2"]}
 *	{"different": ["pabc...", "tel:+4930123456"], "why": "mother and son"}
 *
 * Names are keys (type:value), ids of persons or ids of messages.  Empty
 * lines and lines that begin with # are skipped; other members are for
 * people.
 */
#include "core/arena.h"
#include "core/err.h"

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
	unsigned line;
};

struct links {
	struct link *v;
	size_t n, cap;
	struct arena arena;
};

/* A name as the file and the command line write it; -1 where it is none. */
int link_name_read(struct str typed, struct link_name *out, struct arena *a);
/* Reads the file.  On error e names the line.  Release in any case. */
int links_read(struct links *l, const char *path, struct err *e);
void links_release(struct links *l);

#endif
