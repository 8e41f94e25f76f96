#ifndef KITH_TESTS_SCRIPT_H
#define KITH_TESTS_SCRIPT_H
/* A server that says one text whatever it is told, in pieces. */
#include <string.h>

#include "core/buf.h"
#include "live/stream.h"

struct script {
	struct str says;
	size_t step; /* bytes of a piece */
	bool patient; /* at its end it stays there, silent */
	struct buf told; /* where it has room */
};

static int
script_send(void *arg, struct str bytes, struct err *e)
{
	struct script *s = arg;

	(void)e;
	if (s->told.max > 0)
		buf_add_str(&s->told, bytes);
	return 0;
}

static ptrdiff_t
script_recv(void *arg, void *p, size_t n, int wait_ms, struct err *e)
{
	struct script *s = arg;
	struct str piece = str_sub(s->says, 0, s->step < n ? s->step : n);

	(void)wait_ms;
	if (piece.n == 0)
		return s->patient ? 0 : err_again(e, "gone");
	memcpy(p, piece.p, piece.n);
	s->says = str_sub(s->says, piece.n, s->says.n);
	return (ptrdiff_t)piece.n;
}

#endif
