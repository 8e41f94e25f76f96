#ifndef KITH_SOURCE_MAIL_RECEIVED_H
#define KITH_SOURCE_MAIL_RECEIVED_H
/*
 * What a Received field tells of how its server got the mail (RFC 5321 4.4).
 */
#include "core/str.h"

struct received {
	struct str from; /* what the other side called itself; absent */
	struct str address; /* the one that the server saw, without "IPv6:" */
	struct str by; /* the server; absent where it does not say */
	struct str with; /* the protocol: "ESMTPSA"; absent */
};

/* Slices of value, which is the field's; never fails. */
void received_read(struct str value, struct received *out);

#endif
