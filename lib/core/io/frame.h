#ifndef KITH_CORE_IO_FRAME_H
#define KITH_CORE_IO_FRAME_H
/*
 * What two processes of one program say to each other through pipes: numbers,
 * and strings with their length before them, in the bytes of this machine.
 * Who takes them apart looks at all of it: the other may be what a stranger's
 * bytes have made of it.
 */
#include "core/buf.h"

void frame_put(struct buf *b, const void *p, size_t n);
void frame_put_number(struct buf *b, uint64_t n);
void frame_put_str(struct buf *b, struct str s);
/* Take from the front of *in: 0, or -1 where there is not so much. */
int frame_get(struct str *in, void *p, size_t n);
int frame_get_number(struct str *in, uint64_t *out);
int frame_get_str(struct str *in, struct str *out);

/* All of it, through interruptions: 0, or -1 at the end and where it fails. */
int frame_read(int fd, void *p, size_t n);
int frame_write(int fd, const void *p, size_t n);

#endif
