#ifndef KITH_REPLY_SENDING_EXCHANGE_H
#define KITH_REPLY_SENDING_EXCHANGE_H
/*
 * Mail that goes straight to the servers of its recipient's domain, for a
 * transport with "url: mx".
 */
#include "net/dns/mx.h"
#include "reply/sending/request.h"

/* Begins the look-ups for a draft that will be sent soon. */
void exchange_prepare(
    struct dns *d, const struct transport *t, const struct draft *draft);
/* Finds the servers for q, which is built, and waits for that.  Where it is
 * not MX_FOUND, q->hosts.why says why. */
enum mx_result exchange_find(struct dns *d, const struct transport *t,
    const struct draft *draft, struct request *q);
/* Makes q's job go to the next of them; false where none is left. */
bool exchange_next(const struct transport *t, struct request *q);
/* May a job that is done go to the next one?  Nothing of it was taken. */
bool exchange_may_go_on(const struct net_job *j);

#endif
