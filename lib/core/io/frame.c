#include "core/io/frame.h"

#include <errno.h>
#include <unistd.h>

void
frame_put(struct buf *b, const void *p, size_t n)
{
	buf_add(b, p, n);
}

void
frame_put_number(struct buf *b, uint64_t n)
{
	buf_add(b, (const char *)&n, sizeof(n));
}

void
frame_put_str(struct buf *b, struct str s)
{
	frame_put_number(b, s.n);
	buf_add_str(b, s);
}

int
frame_get(struct str *in, void *p, size_t n)
{
	if (in->n < n)
		return -1;
	memcpy(p, in->p, n);
	*in = str_sub(*in, n, in->n);
	return 0;
}

int
frame_get_number(struct str *in, uint64_t *out)
{
	return frame_get(in, out, sizeof(*out));
}

int
frame_get_str(struct str *in, struct str *out)
{
	uint64_t n;

	if (frame_get_number(in, &n) < 0 || n > in->n)
		return -1;
	*out = str_sub(*in, 0, (size_t)n);
	*in = str_sub(*in, (size_t)n, in->n);
	return 0;
}

int
frame_read(int fd, void *p, size_t n)
{
	char *at = p;

	while (n > 0) {
		ssize_t got = read(fd, at, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		at += got;
		n -= (size_t)got;
	}
	return 0;
}

int
frame_write(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t done = write(fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		at += done;
		n -= (size_t)done;
	}
	return 0;
}
