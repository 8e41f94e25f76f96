#ifndef KITH_NET_DNS_WIRE_H
#define KITH_NET_DNS_WIRE_H
/*
 * Questions and answers of the DNS as bytes (RFC 1035, 6891), by ldns; nobody
 * else names that.
 */
#include <sys/socket.h>

#include "core/arena.h"
#include "core/buf.h"
#include "net/dns/dns.h"

enum {
	WIRE_NAME = 255, /* bytes of a name */
	WIRE_UDP = 1232, /* bytes of an answer by UDP, no fragments */
};

/* A name as it goes over the wire: lengths and labels. */
struct wire_name {
	uint8_t bytes[WIRE_NAME];
	size_t n;
};

/* "a.example", a dot at its end or not; labels may hold any bytes.  -1 where
 * it is no name: an empty label, one of more than 63 bytes, or too long. */
int wire_name(struct str text, struct wire_name *out);
/* Appends a question, which asks for AD (RFC 6840, 5.7). */
void wire_ask(uint16_t id, const struct wire_name *name, enum dns_type type,
    struct buf *out);

enum wire_result {
	WIRE_ANSWER,
	WIRE_OTHER, /* not the answer to that question: who waits goes on */
	WIRE_CUT, /* did not fit: ask by TCP */
	WIRE_FAILED, /* the server cannot say */
};

/* What an answer says: status FOUND, NOTHING or NO_NAME; secure is AD; ttl in
 * seconds.  Values live in the arena. */
struct wire_reading {
	struct dns_answer answer;
	uint32_t ttl;
};
enum wire_result
wire_read(struct str bytes, uint16_t id, const struct wire_name *name,
    enum dns_type type, struct arena *a, struct wire_reading *out);

/* The system's servers, at most max. */
size_t wire_system_servers(struct sockaddr_storage *out, size_t max);

#endif
