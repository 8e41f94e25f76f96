#ifndef KITH_LIVE_STREAM_H
#define KITH_LIVE_STREAM_H
/*
 * A server that is spoken to in bytes, whatever carries them.  Who implements
 * it says in e what went wrong.
 */
#include "core/err.h"

struct live_stream {
	/* All of it: 0 or -1. */
	int (*send)(void *arg, struct str bytes, struct err *e);
	/* Up to n bytes to p: how many, 0 where none came within wait_ms, -1
	 * at the end of the connection too. */
	ptrdiff_t (*recv)(
	    void *arg, void *p, size_t n, int wait_ms, struct err *e);
	void *arg;
};

#endif
