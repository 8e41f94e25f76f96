#ifndef KITH_NET_DNS_STORE_H
#define KITH_NET_DNS_STORE_H
/*
 * Answers between runs, in dns.db of the state's folder.  A file that is broken
 * is begun anew, and what cannot be read of it is not known.
 */
#include "core/arena.h"
#include "net/dns/dns.h"

struct dns_store;

/* by says whose answers they are: those of another resolver are not read. */
struct dns_store *
dns_store_open(const char *state, struct str by, struct err *e);
/* Keeps what was put and clears up; -1 where that failed.  NULL is allowed. */
int dns_store_close(struct dns_store *s, int64_t now, struct err *e);
/* What stands there and holds still; values in the arena. */
bool dns_store_get(struct dns_store *s, struct str name, enum dns_type type,
    int64_t now, struct arena *a, struct dns_answer *out, int64_t *until);
/* In a transaction, which the closing or dns_store_commit ends; none of it is
 * kept where one of them fails. */
int dns_store_put(struct dns_store *s, struct str name, enum dns_type type,
    const struct dns_answer *answer, int64_t until, struct err *e);
int dns_store_commit(struct dns_store *s, struct err *e);

#endif
