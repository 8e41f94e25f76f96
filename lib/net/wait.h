#ifndef KITH_NET_WAIT_H
#define KITH_NET_WAIT_H
/*
 * What else is done while a server is waited for, so that one that does not
 * answer keeps nobody else waiting: between two pieces of work of its own, and
 * never within one, whoever waits lets it have a look.
 */
#include <stdint.h>

#include "core/err.h"

struct net_wait {
	/* 0, or -1 where the wait is to end, with an error. */
	int (*look)(void *arg, struct err *e);
	void *arg;
	/* Around what only waits, where others may work meanwhile: out of the
	 * one room in which all do, and in again.  Or NULL. */
	void (*leave)(void *arg);
	void (*enter)(void *arg);
	int pause; /* milliseconds between two looks */
	int64_t last; /* by the steady clock; 0 before the first */
};

/* A look where it is time for one: 0 or -1.  w may be NULL here and below. */
int net_wait_look(struct net_wait *w, struct err *e);
/* Around what waits; errno stays. */
void net_wait_leave(const struct net_wait *w);
void net_wait_enter(const struct net_wait *w);
/* poll(2) of one descriptor with looks: 1 where it is ready, 0 where it was not
 * within so many milliseconds, -1. */
int
net_wait_for(struct net_wait *w, int fd, short events, int ms, struct err *e);
/* Nothing but looks for so long: 0 or -1.  Without w a signal ends it, too. */
int net_wait_pause(struct net_wait *w, int64_t ms, struct err *e);
/* How long to wait for anything else until the next look is due, where so many
 * milliseconds are the most. */
int net_wait_slice(const struct net_wait *w, int64_t ms);

#endif
