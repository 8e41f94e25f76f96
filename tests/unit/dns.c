/*
 * Look-ups against a server of our own on loopback that answers as the first
 * label of a name says: well, wrongly, too much, or not at all.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/time.h"
#include "net/dns/dns.h"

#include "tap.h"

enum { QUESTION = 512, ANSWER = 4096 };

static struct sockaddr_in
loopback(in_port_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = port,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
}

/* Puts a TXT record "yes" (or of n bytes) for the name at offset 12. */
static size_t
put_txt(unsigned char *p, size_t text, unsigned ttl)
{
	size_t n = 0;

	memcpy(p, "\300\014\0\020\0\1", 6);
	p[6] = p[7] = 0;
	p[8] = (unsigned char)(ttl >> 8);
	p[9] = (unsigned char)ttl;
	n = 12;
	for (size_t left = text; left > 0;) {
		size_t piece = left > 255 ? 255 : left;

		p[n++] = (unsigned char)piece;
		memset(p + n, 'y', piece);
		n += piece;
		left -= piece;
	}
	p[10] = (unsigned char)((n - 12) >> 8);
	p[11] = (unsigned char)(n - 12);
	return n;
}

/* The answer to a question of n bytes; 0: none. */
static size_t
answer(const unsigned char *q, size_t n, bool stream, unsigned char *out)
{
	const char *how = (const char *)q + 13;
	size_t end = 12;

	while (q[end] != 0)
		end += q[end] + 1U;
	end += 5;
	if (end > n || q[12] < 2 || strncmp(how, "silent", 6) == 0)
		return 0;
	memcpy(out, q, end);
	memset(out + 6, 0, 6);
	out[2] = 0x81;
	out[3] = 0x80;
	if (strncmp(how, "failing", 7) == 0) {
		out[3] |= 2;
	} else if (strncmp(how, "nobody", 6) == 0) {
		out[3] |= 3;
	} else if (strncmp(how, "large", 5) == 0 && !stream) {
		out[2] |= 2;
	} else if (strncmp(how, "empty", 5) != 0) {
		out[7] = 1;
		if (strncmp(how, "secure", 6) == 0)
			out[3] |= 0x20;
		end += put_txt(out + end, stream ? 3000 : 3, 3600);
	}
	return end;
}

static void
serve_datagram(int fd)
{
	unsigned char q[QUESTION], a[ANSWER];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t got =
	    recvfrom(fd, q, sizeof(q), 0, (struct sockaddr *)&from, &size);
	size_t n;

	if (got < 17 || (n = answer(q, (size_t)got, false, a)) == 0)
		return;
	if (strncmp((const char *)q + 13, "forged", 6) == 0) {
		/* Somebody guesses the number, and is wrong. */
		a[1] ^= 1;
		sendto(fd, a, n, 0, (struct sockaddr *)&from, size);
		a[1] ^= 1;
		a[13] = 'x';
		sendto(fd, a, n, 0, (struct sockaddr *)&from, size);
		a[13] = 'f';
	}
	sendto(fd, a, n, 0, (struct sockaddr *)&from, size);
}

static void
serve_stream(int fd)
{
	unsigned char q[QUESTION], a[ANSWER];
	int s = accept(fd, NULL, NULL);
	ssize_t got = recv(s, q, sizeof(q), 0);
	size_t n;

	if (got > 19) {
		n = answer(q + 2, (size_t)got - 2, true, a + 2);
		a[0] = (unsigned char)(n >> 8);
		a[1] = (unsigned char)n;
		/* In two parts, as a slow line brings it. */
		(void)!write(s, a, 100);
		usleep(1000);
		(void)!write(s, a + 100, n + 2 - 100);
	}
	close(s);
}

_Noreturn static void
serve(int datagram, int stream)
{
	for (;;) {
		fd_set set;

		FD_ZERO(&set);
		FD_SET(datagram, &set);
		FD_SET(stream, &set);
		if (select((datagram > stream ? datagram : stream) + 1, &set,
			NULL, NULL, NULL) < 0)
			_exit(1);
		if (FD_ISSET(datagram, &set))
			serve_datagram(datagram);
		if (FD_ISSET(stream, &set))
			serve_stream(stream);
	}
}

/* Its process, and its address as text. */
static pid_t
start(char *address, size_t size)
{
	struct sockaddr_in at = loopback(0);
	socklen_t n = sizeof(at);
	int datagram = socket(AF_INET, SOCK_DGRAM, 0);
	int stream = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	if (bind(datagram, (struct sockaddr *)&at, n) != 0 ||
	    getsockname(datagram, (struct sockaddr *)&at, &n) != 0 ||
	    bind(stream, (struct sockaddr *)&at, n) != 0 ||
	    listen(stream, 4) != 0)
		exit(2);
	snprintf(address, size, "127.0.0.1:%d", ntohs(at.sin_port));
	pid = fork();
	if (pid == 0)
		serve(datagram, stream);
	close(datagram);
	close(stream);
	return pid;
}

static const struct dns_answer *
ask(struct dns *d, const char *name)
{
	const struct dns_answer *a;

	while ((a = dns_ask(d, str_of(name), DNS_TXT))->status == DNS_PENDING)
		dns_work(d, 1000);
	return a;
}

static void
answers(struct dns *d)
{
	const struct dns_answer *a = ask(d, "good.example");

	ok(a->status == DNS_FOUND && a->n == 1 && str_is(a->v[0], "yyy"),
	    "a text");
	ok(ask(d, "GOOD.Example.") == a, "the same name in other letters");
	ok(ask(d, "empty.example")->status == DNS_NOTHING, "no such record");
	ok(ask(d, "nobody.example")->status == DNS_NO_NAME, "no such name");
	ok(ask(d, "failing.example")->status == DNS_FAILED, "SERVFAIL");
	ok(ask(d, "forged.example")->status == DNS_FOUND,
	    "another number or name is no answer");
	a = ask(d, "large.example");
	ok(a->status == DNS_FOUND && a->n == 1 && a->v[0].n == 3000,
	    "what does not fit comes by TCP, its strings run together");
	ok(ask(d, "a..example")->status == DNS_NO_NAME, "an empty label");
	ok(ask(d, "secure.example")->secure, "AD of a server that is named");
	ok(!ask(d, "good.example")->secure, "and none without");
}

/* Side by side: a hundred names in the time of a few. */
static void
many(struct dns *d)
{
	char name[32];
	size_t found = 0;

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "good%d.example", i);
		(void)dns_ask(d, str_of(name), DNS_TXT);
	}
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "good%d.example", i);
		found += ask(d, name)->status == DNS_FOUND;
	}
	ok(found == 100, "a hundred at once");
}

static void
outlives(const char *address, const char *state)
{
	struct err e;
	struct dns *d = dns_open(address, state, TIME_DAY, &e);

	ok(d != NULL && ask(d, "good.example")->status == DNS_FOUND &&
		ask(d, "large.example")->v[0].n == 3000 &&
		ask(d, "nobody.example")->status == DNS_NO_NAME &&
		ask(d, "secure.example")->secure && dns_asked(d) == 0,
	    "the next run asks nobody");
	ok(ask(d, "failing.example")->status == DNS_FAILED && dns_asked(d) == 1,
	    "but for what nobody could say");
	ok(dns_close(d, &e) == 0, "it is closed");
	d = dns_open(address, state, TIME_DAY + 2 * TIME_HOUR, &e);
	ok(ask(d, "good.example")->status == DNS_FOUND && dns_asked(d) == 1,
	    "an answer ends with its time to live");
	dns_close(d, &e);
}

/* What a run asked for, the next one knows before the first has ended. */
static void
not_closed(const char *address, const char *state)
{
	struct err e;
	struct dns *d = dns_open(address, state, 3 * TIME_DAY, &e), *other;

	(void)ask(d, "good1.example");
	usleep(DNS_SAVE * 1000);
	(void)ask(d, "good2.example");
	other = dns_open(address, state, 3 * TIME_DAY, &e);
	ok(ask(other, "good1.example")->status == DNS_FOUND &&
		ask(other, "good2.example")->status == DNS_FOUND &&
		dns_asked(other) == 0,
	    "it is kept a second later, not at the end");
	dns_close(other, &e);
	dns_close(d, &e);
}

/* A file of answers that is broken is none. */
static void
broken(const char *address, const char *state, const char *path)
{
	FILE *f = fopen(path, "r+");
	struct err e;
	struct dns *d;
	char page[4096] = { 0 };

	fwrite(page, 1, sizeof(page), f);
	fclose(f);
	d = dns_open(address, state, 3 * TIME_DAY, &e);
	ok(d != NULL && ask(d, "good1.example")->status == DNS_FOUND &&
		dns_asked(d) == 1,
	    "a broken file is begun anew");
	ok(dns_close(d, &e) == 0, "and kept");
	d = dns_open(address, state, 3 * TIME_DAY, &e);
	ok(ask(d, "good1.example")->status == DNS_FOUND && dns_asked(d) == 0,
	    "for the next run");
	dns_close(d, &e);
}

static void
unreachable(const char *address)
{
	struct err e;
	struct dns *d = dns_open(address, NULL, TIME_DAY, &e);
	int64_t from = time_steady_ms();

	for (int i = 0; i < 1000; i++) {
		char name[32];

		snprintf(name, sizeof(name), "good%d.example", i);
		(void)ask(d, name);
	}
	ok(dns_is_offline(d), "nobody is there");
	ok(time_steady_ms() - from < 5000, "and a thousand questions know it");
	dns_close(d, &e);
	ok(dns_open("good.example", NULL, TIME_DAY, &e) == NULL,
	    "a name is no address");
	ok(dns_open("127.0.0.1:0", NULL, TIME_DAY, &e) == NULL, "no such port");
	ok(dns_open("[::1", NULL, TIME_DAY, &e) == NULL, "half a bracket");
}

int
main(void)
{
	char address[64], state[] = "/tmp/kith-dns.XXXXXX", path[64];
	pid_t pid = start(address, sizeof(address));
	struct dns *d;
	struct err e;

	if (mkdtemp(state) == NULL)
		return 2;
	d = dns_open(address, state, TIME_DAY, &e);
	answers(d);
	many(d);
	ok(ask(d, "silent.example")->status == DNS_FAILED, "no answer at all");
	ok(!dns_is_offline(d), "one that is silent is not all");
	ok(dns_close(d, &e) == 0, "what was learnt is kept");
	outlives(address, state);
	not_closed(address, state);
	snprintf(path, sizeof(path), "%s/dns.db", state);
	broken(address, state, path);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	unreachable(address);
	unlink(path);
	rmdir(state);
	return done();
}
