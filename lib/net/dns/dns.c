/*
 * Questions by UDP, each from a socket of its own, so that port and id are
 * both unknown to who would forge an answer (RFC 5452); by TCP where the
 * answer did not fit.
 */
#include "net/dns/dns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/map.h"
#include "core/text/ascii.h"
#include "core/time.h"
#include "core/vec.h"
#include "net/dns/store.h"
#include "net/dns/wire.h"

enum {
	STREAM_MAX = 65535, /* bytes of an answer by TCP */
	HOST_MAX = 64, /* of an address as text */
};

struct question {
	struct dns_answer answer;
	struct str name; /* lower case */
	enum dns_type type;
	int64_t until; /* when the answer ends */
	struct wire_name wire;
};

/* A question on its way. */
struct flight {
	int fd; /* -1: the place is free */
	size_t question;
	uint16_t id;
	unsigned tries;
	int64_t deadline; /* milliseconds */
	bool stream;
	bool heard; /* a server said something of it */
	size_t sent; /* of `out`, by TCP */
	struct buf out, in;
};

struct questions VEC(struct question *);
struct queue VEC(size_t);

struct dns {
	struct sockaddr_storage servers[DNS_SERVERS];
	size_t server_count;
	bool trusted; /* its word on DNSSEC */
	struct dns_store *store;
	struct map known; /* "16 name": index into questions */
	struct questions questions;
	struct arena memory;
	struct queue learnt; /* what the state does not know yet */
	int64_t save_at; /* our clock, when it may learn that */
	struct queue queue; /* from `next` on */
	size_t next;
	struct flight flights[DNS_FLIGHT];
	size_t flying;
	int64_t began, began_ms; /* the instant, and our clock then */
	uint64_t asked;
	bool heard; /* anything, ever */
	unsigned deaf; /* questions without any answer since */
	int64_t rests_until; /* nothing is asked before, in milliseconds */
};

static int64_t
now(const struct dns *d)
{
	return d->began + (time_steady_ms() - d->began_ms) * 1000;
}

/* "192.0.2.1:5353", "[::1]:53", and each without a port. */
static int
read_address(const char *text, struct sockaddr_storage *out)
{
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
	struct str host = str_of(text), port = STR_NONE;
	ptrdiff_t end = str_chr(host, ']'), colon = str_rchr(host, ':');
	char name[HOST_MAX];
	int64_t number = 53;

	if (host.n > 0 && host.p[0] == '[') {
		if (end < 0)
			return -1;
		port = str_sub(host, (size_t)end + 1, host.n);
		host = str_sub(host, 1, (size_t)end - 1);
		if (port.n > 0 && port.p[0] != ':')
			return -1;
		port = port.n == 0 ? STR_NONE : str_sub(port, 1, port.n);
	} else if (colon >= 0 && str_chr(host, ':') == colon) {
		port = str_sub(host, (size_t)colon + 1, host.n);
		host = str_sub(host, 0, (size_t)colon);
	}
	if (port.p != NULL &&
	    (str_to_int(port, &number) < 0 || number < 1 || number > 65535))
		return -1;
	if (host.n == 0 || host.n >= sizeof(name))
		return -1;
	memcpy(name, host.p, host.n);
	name[host.n] = '\0';
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, name, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)number);
		return 0;
	}
	if (inet_pton(AF_INET6, name, &six->sin6_addr) != 1)
		return -1;
	six->sin6_family = AF_INET6;
	six->sin6_port = htons((uint16_t)number);
	return 0;
}

static int
find_servers(struct dns *d, const char *resolver, struct err *e)
{
	if (resolver == NULL) {
		d->server_count = wire_system_servers(d->servers, DNS_SERVERS);
		return 0;
	}
	if (read_address(resolver, &d->servers[0]) != 0)
		return err_set(e,
		    "resolver: '%s' is no address; write such as 127.0.0.1, "
		    "127.0.0.1:5353 or [::1]:53",
		    resolver);
	d->server_count = 1;
	d->trusted = true;
	return 0;
}

struct dns *
dns_open(const char *resolver, const char *state, int64_t at, struct err *e)
{
	struct dns *d = xcalloc(1, sizeof(*d));

	d->began = at;
	d->began_ms = time_steady_ms();
	d->save_at = d->began_ms + DNS_SAVE;
	for (size_t i = 0; i < DNS_FLIGHT; i++) {
		d->flights[i].fd = -1;
		buf_init(&d->flights[i].out, STREAM_MAX);
		buf_init(&d->flights[i].in, STREAM_MAX + 2);
	}
	if (find_servers(d, resolver, e) == 0 &&
	    (state == NULL ||
		(d->store = dns_store_open(state,
		     resolver == NULL ? STR("system") : str_of(resolver), e)) !=
		    NULL))
		return d;
	dns_close(d, e);
	return NULL;
}

/* What was learnt goes into the state, all of it or nothing. */
static int
save(struct dns *d, struct err *e)
{
	if (d->store == NULL || d->learnt.n == 0)
		return 0;
	for (size_t i = 0; i < d->learnt.n; i++) {
		struct question *q = d->questions.v[d->learnt.v[i]];

		/* It is over by now, and asked again. */
		if (q->answer.status == DNS_PENDING ||
		    q->answer.status == DNS_FAILED)
			continue;
		if (dns_store_put(d->store, q->name, q->type, &q->answer,
			q->until, e) < 0)
			return -1;
	}
	if (dns_store_commit(d->store, e) < 0)
		return -1;
	d->learnt.n = 0;
	return 0;
}

/*
 * Now and then, so that a run which is killed leaves what it asked for to the
 * next one; a state that others hold is let alone for a while.
 */
static void
save_sometimes(struct dns *d)
{
	struct err e;
	int64_t at = time_steady_ms();

	if (at >= d->save_at)
		d->save_at = time_steady_ms() +
			     (save(d, &e) < 0 ? DNS_REST * 1000 : DNS_SAVE);
}

int
dns_close(struct dns *d, struct err *e)
{
	struct err why;
	int rc;

	if (d == NULL)
		return 0;
	rc = save(d, e);
	if (dns_store_close(d->store, now(d), rc < 0 ? &why : e) < 0)
		rc = -1;
	for (size_t i = 0; i < DNS_FLIGHT; i++) {
		if (d->flights[i].fd >= 0)
			close(d->flights[i].fd);
		buf_release(&d->flights[i].out);
		buf_release(&d->flights[i].in);
	}
	map_release(&d->known);
	vec_release(&d->questions);
	vec_release(&d->queue);
	vec_release(&d->learnt);
	arena_release(&d->memory);
	free(d);
	return rc;
}

void
dns_rest(struct dns *d)
{
	struct err e;

	if (d->questions.n < DNS_KEPT || d->flying > 0 || d->next < d->queue.n)
		return;
	(void)save(d, &e);
	map_reset(&d->known);
	d->questions.n = d->queue.n = d->next = d->learnt.n = 0;
	arena_reset(&d->memory);
}

static void
enqueue(struct dns *d, size_t question)
{
	if (d->next > 0 && d->next == d->queue.n)
		d->next = d->queue.n = 0;
	vec_add(&d->queue, question);
}

/* There was no way to ask, or nobody answered: for a moment, not for the
 * state. */
static void
fail(struct dns *d, struct question *q)
{
	q->answer = (struct dns_answer){ .status = DNS_FAILED };
	q->until = now(d) + DNS_REST * TIME_SECOND;
}

static bool
rests(const struct dns *d)
{
	return d->server_count == 0 ||
	       (d->rests_until > 0 && time_steady_ms() < d->rests_until);
}

/* Begins a question, unless the state knows. */
static void
begin(struct dns *d, size_t i)
{
	struct question *q = d->questions.v[i];

	if (d->store != NULL &&
	    dns_store_get(d->store, q->name, q->type, now(d), &d->memory,
		&q->answer, &q->until)) {
		q->answer.secure &= d->trusted;
		return;
	}
	q->answer = (struct dns_answer){ .status = DNS_PENDING };
	if (rests(d))
		fail(d, q);
	else
		enqueue(d, i);
}

const struct dns_answer *
dns_ask(struct dns *d, struct str name, enum dns_type type)
{
	static const struct dns_answer no_name = { .status = DNS_NO_NAME };
	struct wire_name wire;
	char key[WIRE_NAME + 16];
	struct question *q;
	uint64_t *at;
	bool fresh;
	int n, head;

	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (wire_name(name, &wire) != 0)
		return &no_name;
	n = head = snprintf(key, sizeof(key), "%d ", (int)type);
	for (size_t i = 0; i < name.n; i++)
		key[n++] = ascii_lower(name.p[i]);
	at = map_put(&d->known, str_make(key, (size_t)n), &fresh);
	if (!fresh) {
		q = d->questions.v[*at];
		if (q->answer.status != DNS_PENDING && q->until <= now(d))
			begin(d, *at);
		return &q->answer;
	}
	*at = d->questions.n;
	q = arena_calloc(&d->memory, 1, sizeof(*q));
	q->name =
	    arena_dup(&d->memory, str_make(key + head, (size_t)(n - head)));
	q->type = type;
	q->wire = wire;
	vec_add(&d->questions, q);
	begin(d, d->questions.n - 1);
	return &q->answer;
}

/* Flights. */

static void
land(struct dns *d, struct flight *f)
{
	close(f->fd);
	f->fd = -1;
	d->flying--;
}

static int
open_socket(const struct sockaddr_storage *to, int kind)
{
	socklen_t n = to->ss_family == AF_INET ? sizeof(struct sockaddr_in)
					       : sizeof(struct sockaddr_in6);
	int fd = socket(to->ss_family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)to, n) == 0 ||
	    errno == EINPROGRESS)
		return fd;
	close(fd);
	return -1;
}

/* A number that nobody guesses. */
static uint16_t
random_id(void)
{
	static _Thread_local uint16_t held[128];
	static _Thread_local size_t left;

	if (left == 0) {
		if (getrandom(held, sizeof(held), 0) != (ssize_t)sizeof(held))
			alloc_die(sizeof(held));
		left = sizeof(held) / sizeof(*held);
	}
	return held[--left];
}

/* One try more; false where there is no way out to any server. */
static bool
launch(struct dns *d, struct flight *f, bool stream)
{
	struct question *q = d->questions.v[f->question];
	struct str bytes;

	while (f->tries < DNS_TRIES) {
		const struct sockaddr_storage *to =
		    &d->servers[(f->tries - stream) % d->server_count];
		unsigned tries = stream ? f->tries : ++f->tries;

		f->fd = open_socket(to, stream ? SOCK_STREAM : SOCK_DGRAM);
		f->stream = stream;
		f->id = random_id();
		f->sent = 0;
		buf_reset(&f->in);
		buf_reset(&f->out);
		if (stream)
			buf_add(&f->out, "\0\0", 2);
		wire_ask(f->id, &q->wire, q->type, &f->out);
		bytes = buf_str(&f->out);
		f->deadline =
		    time_steady_ms() +
		    (stream ? DNS_STREAM : DNS_PATIENCE * (int64_t)tries);
		if (f->fd >= 0 && stream) {
			f->out.p[0] = (char)((bytes.n - 2) >> 8);
			f->out.p[1] = (char)(bytes.n - 2);
			return true;
		}
		if (f->fd >= 0 && send(f->fd, bytes.p, bytes.n, MSG_NOSIGNAL) ==
				      (ssize_t)bytes.n)
			return true;
		if (f->fd >= 0)
			close(f->fd);
		f->fd = -1;
		if (stream)
			return false;
	}
	return false;
}

/* Nobody says anything: then nobody is asked for a while. */
static void
give_up(struct dns *d, size_t question, bool heard)
{
	fail(d, d->questions.v[question]);
	if (heard)
		return;
	if (++d->deaf < DNS_DEAF * (d->heard ? 8U : 1U))
		return;
	d->deaf = 0;
	d->rests_until = time_steady_ms() + DNS_REST * INT64_C(1000);
	for (; d->next < d->queue.n; d->next++)
		fail(d, d->questions.v[d->queue.v[d->next]]);
	for (size_t i = 0; i < DNS_FLIGHT; i++) {
		struct flight *f = &d->flights[i];

		if (f->fd < 0 || f->question == question)
			continue;
		fail(d, d->questions.v[f->question]);
		land(d, f);
	}
}

/* Another try, or none. */
static void
again(struct dns *d, struct flight *f)
{
	size_t question = f->question;

	land(d, f);
	if (launch(d, f, false))
		d->flying++;
	else
		give_up(d, question, f->heard);
}

static void
start(struct dns *d)
{
	for (size_t i = 0; i < DNS_FLIGHT && d->next < d->queue.n; i++) {
		struct flight *f = &d->flights[i];

		if (f->fd >= 0)
			continue;
		f->question = d->queue.v[d->next++];
		f->tries = 0;
		f->heard = false;
		d->asked++;
		if (launch(d, f, false))
			d->flying++;
		else
			give_up(d, f->question, false);
	}
}

static void
take(struct dns *d, struct flight *f, struct str bytes)
{
	struct question *q = d->questions.v[f->question];
	struct wire_reading r;
	uint32_t ttl;

	switch (wire_read(bytes, f->id, &q->wire, q->type, &d->memory, &r)) {
	case WIRE_OTHER:
		if (f->stream)
			again(d, f);
		return;
	case WIRE_CUT:
		f->heard = d->heard = true;
		land(d, f);
		if (!f->stream && launch(d, f, true))
			d->flying++;
		else
			give_up(d, f->question, true);
		return;
	case WIRE_FAILED:
		/* Another server may know better. */
		f->heard = d->heard = true;
		d->deaf = 0;
		if (f->tries < d->server_count && f->tries < DNS_TRIES) {
			again(d, f);
			return;
		}
		land(d, f);
		give_up(d, f->question, true);
		return;
	case WIRE_ANSWER:
		break;
	}
	land(d, f);
	d->heard = true;
	d->deaf = 0;
	ttl = r.ttl > DNS_LONGEST ? DNS_LONGEST : r.ttl;
	if (ttl < DNS_SHORTEST)
		ttl = DNS_SHORTEST;
	q->answer = r.answer;
	q->answer.secure &= d->trusted;
	q->until = now(d) + (int64_t)ttl * TIME_SECOND;
	if (r.ttl > 0 && d->store != NULL)
		vec_add(&d->learnt, f->question);
}

static void
read_datagram(struct dns *d, struct flight *f)
{
	char bytes[4096];
	ssize_t n = recv(f->fd, bytes, sizeof(bytes), 0);

	if (n > 0)
		take(d, f, str_make(bytes, (size_t)n));
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		again(d, f);
}

static void
use_stream(struct dns *d, struct flight *f)
{
	char bytes[4096];
	ssize_t n;
	size_t want;

	if (f->sent < f->out.n) {
		n = send(f->fd, f->out.p + f->sent, f->out.n - f->sent,
		    MSG_NOSIGNAL);
		if (n > 0)
			f->sent += (size_t)n;
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			again(d, f);
		return;
	}
	n = recv(f->fd, bytes, sizeof(bytes), 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || buf_add(&f->in, bytes, (size_t)n) != 0) {
		again(d, f);
		return;
	}
	want = f->in.n < 2 ? SIZE_MAX
			   : ((size_t)(unsigned char)f->in.p[0] << 8) +
				 (unsigned char)f->in.p[1] + 2;
	if (f->in.n >= want)
		take(d, f, str_sub(buf_str(&f->in), 2, want - 2));
}

static void
time_out(struct dns *d)
{
	int64_t at = time_steady_ms();

	for (size_t i = 0; i < DNS_FLIGHT; i++)
		if (d->flights[i].fd >= 0 && d->flights[i].deadline <= at)
			again(d, &d->flights[i]);
}

void
dns_work(struct dns *d, int wait_ms)
{
	struct pollfd fds[DNS_FLIGHT];
	size_t which[DNS_FLIGHT], n = 0;
	int64_t at, first = INT64_MAX;

	start(d);
	if (d->flying == 0)
		return;
	for (size_t i = 0; i < DNS_FLIGHT; i++) {
		struct flight *f = &d->flights[i];

		if (f->fd < 0)
			continue;
		fds[n] = (struct pollfd){ .fd = f->fd,
			.events = f->stream && f->sent < f->out.n ? POLLOUT
								  : POLLIN };
		which[n++] = i;
		if (f->deadline < first)
			first = f->deadline;
	}
	at = time_steady_ms();
	if (wait_ms > first - at)
		wait_ms = first > at ? (int)(first - at) : 0;
	if (poll(fds, n, wait_ms) > 0)
		for (size_t i = 0; i < n; i++) {
			struct flight *f = &d->flights[which[i]];

			/* What landed meanwhile has another socket or none. */
			if (fds[i].revents == 0 || f->fd != fds[i].fd)
				continue;
			if (f->stream)
				use_stream(d, f);
			else
				read_datagram(d, f);
		}
	time_out(d);
	start(d);
	save_sometimes(d);
}

bool
dns_is_offline(const struct dns *d)
{
	return !d->heard && (rests(d) || d->deaf > 0);
}

uint64_t
dns_asked(const struct dns *d)
{
	return d->asked;
}
