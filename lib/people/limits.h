#ifndef KITH_PEOPLE_LIMITS_H
#define KITH_PEOPLE_LIMITS_H
/*
 * How many keys of a type one person has at most, and which type gives way
 * when it would be more.  Ids of accounts are counted by issuer: what stands
 * before the last "/" of slack:T1/U2 belongs to the type.
 */
#include "core/err.h"

enum { LIMITS_MAX = 64, LIMITS_TYPE = 32 };

struct limit {
	char type[LIMITS_TYPE];
	unsigned rank; /* the lower gives way */
	unsigned most; /* 0: any number */
};

struct limits {
	struct limit v[LIMITS_MAX];
	size_t n;
};

void limits_default(struct limits *l);
/* "tel=3", or "tel=0" for any number.  0, or -1 with the reason. */
int limits_set(struct limits *l, struct str text, struct err *e);
/* Of a key, as type:value; never NULL. */
const struct limit *limits_of(const struct limits *l, struct str key);
/* What is counted together: "email", "slack:T1". */
struct str limits_class(struct str key);
/* The smallest number that is a limit of any type but those of 1. */
unsigned limits_least(const struct limits *l);

#endif
