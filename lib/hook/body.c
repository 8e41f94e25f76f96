#include "hook/body.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "core/time.h"
#include "hook/conf.h"

enum { PATIENCE = 20 /* seconds until all of it has come */ };

const char *
hook_body(struct hook_request *r, struct buf *out)
{
	struct str length = hook_variable(r, "CONTENT_LENGTH");
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	int64_t want, end = time_clock() + PATIENCE * TIME_SECOND;

	if (length.n == 0)
		return "411 Length Required";
	if (!str_is_digits(length))
		return "400 Bad Request";
	if (str_to_int(length, &want) < 0 || want > HOOK_BODY)
		return "413 Content Too Large";
	while ((int64_t)out->n < want) {
		int64_t left = end - time_clock();
		char *to = buf_room(out, (size_t)want - out->n);
		ssize_t n;

		if (left <= 0 || poll(&in, 1, (int)(left / 1000) + 1) == 0)
			return "408 Request Timeout";
		n = read(STDIN_FILENO, to, (size_t)want - out->n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return "400 Bad Request";
		out->n += (size_t)n;
	}
	r->body = buf_str(out);
	return NULL;
}
