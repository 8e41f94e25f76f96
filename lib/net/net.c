#include "net/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "core/time.h"
#include "core/vec.h"
#include "net/header.h"

/* One easy handle, used again for job after job. */
struct net_slot {
	CURL *easy;
	struct net_job *job;
	struct curl_slist *headers, *recipients, *resolve;
	size_t sent; /* bytes of the body that libcurl took */
	bool all_sent; /* libcurl was told that the body ends: SMTP's dot */
	bool blocked; /* an address that is not allowed was refused */
	struct net_slot *next; /* of the idle ones */
	struct net_slot *other; /* of all */
};

struct net {
	CURLM *multi;
	struct net_slot *idle, *all;
	size_t active;
	struct net_job **done;
	size_t done_count, done_cap;
};

struct net *
net_new(struct err *e)
{
	struct net *n;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		err_set(e, "libcurl does not start");
		return NULL;
	}
	n = xcalloc(1, sizeof(*n));
	n->multi = curl_multi_init();
	if (n->multi == NULL)
		alloc_die(sizeof(*n));
	return n;
}

static void
slot_clear(struct net_slot *s)
{
	curl_slist_free_all(s->headers);
	curl_slist_free_all(s->recipients);
	curl_slist_free_all(s->resolve);
	*s = (struct net_slot){ .easy = s->easy, .other = s->other };
}

void
net_free(struct net *n)
{
	struct net_slot *s;

	if (n == NULL)
		return;
	while ((s = n->all) != NULL) {
		n->all = s->other;
		curl_easy_cleanup(s->easy);
		slot_clear(s);
		free(s);
	}
	curl_multi_cleanup(n->multi);
	curl_global_cleanup();
	free(n->done);
	free(n);
}

void
net_job_init(struct net_job *j)
{
	*j = (struct net_job){ 0 };
	buf_init(&j->headers_in, 64 << 10);
	buf_init(&j->answer, NET_ANSWER);
}

void
net_job_release(struct net_job *j)
{
	buf_release(&j->headers_in);
	buf_release(&j->answer);
}

void
net_job_reset(struct net_job *j)
{
	buf_reset(&j->headers_in);
	buf_reset(&j->answer);
	j->outcome = NET_REFUSED;
	j->status = 0;
	j->cut = j->reached = j->kept = false;
	j->error[0] = '\0';
}

static size_t
on_read(char *to, size_t size, size_t count, void *arg)
{
	struct net_slot *s = arg;
	struct str rest = str_sub(s->job->body, s->sent, size * count);

	if (rest.n > 0)
		memcpy(to, rest.p, rest.n);
	s->sent += rest.n;
	/* libcurl may write the end as soon as it has the last byte. */
	if (s->sent == s->job->body.n)
		s->all_sent = true;
	return rest.n;
}

static size_t
on_body(char *p, size_t size, size_t count, void *arg)
{
	struct net_job *j = ((struct net_slot *)arg)->job;

	if (!j->cut && buf_add(&j->answer, p, size * count) < 0)
		j->cut = true;
	return size * count;
}

/* A line of a reply: "250-more" or "250 last". */
static void
smtp_line(struct net_slot *s, struct str line)
{
	struct net_job *j = s->job;
	int64_t code;

	line = str_trim_right(line);
	if (line.n < 3 || str_to_int(str_sub(line, 0, 3), &code) < 0)
		return;
	/* What is said to QUIT is no word on the mail. */
	if (code == 221 || (s->all_sent && j->status != 354))
		return;
	if (code != j->status)
		buf_reset(&j->answer);
	j->status = (long)code;
	if (j->answer.n > 0)
		buf_add_char(&j->answer, ' ');
	buf_add_str(&j->answer, str_trim(str_sub(line, 4, line.n)));
}

static size_t
on_header(char *p, size_t size, size_t count, void *arg)
{
	struct net_slot *s = arg;
	struct str line = str_make(p, size * count);

	if (s->job->smtp)
		smtp_line(s, line);
	else
		header_add(&s->job->headers_in, line);
	return size * count;
}

/* 0: public, 1: private or special, 2: loopback. */
static int
kind_of_ipv4(uint32_t a)
{
	static const struct {
		uint32_t net;
		int bits;
	} special[] = { { 0x00000000, 8 }, { 0x0a000000, 8 },
		{ 0x64400000, 10 }, { 0xa9fe0000, 16 }, { 0xac100000, 12 },
		{ 0xc0000000, 24 }, { 0xc0a80000, 16 }, { 0xc6120000, 15 },
		{ 0xe0000000, 3 } };

	if (a >> 24 == 127)
		return 2;
	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++)
		if ((a ^ special[i].net) >> (32 - special[i].bits) == 0)
			return 1;
	return 0;
}

static int
kind_of_ipv6(const struct in6_addr *a)
{
	uint32_t v4;

	memcpy(&v4, a->s6_addr + 12, 4);
	if (IN6_IS_ADDR_LOOPBACK(a))
		return 2;
	/* Mapped, NAT64 and 6to4 addresses carry an IPv4 address. */
	if (IN6_IS_ADDR_V4MAPPED(a) ||
	    memcmp(a->s6_addr, "\0\x64\xff\x9b\0\0\0\0\0\0\0\0", 12) == 0)
		return kind_of_ipv4(ntohl(v4));
	if (a->s6_addr[0] == 0x20 && a->s6_addr[1] == 0x02) {
		memcpy(&v4, a->s6_addr + 2, 4);
		return kind_of_ipv4(ntohl(v4));
	}
	/* Only 2000::/3 is global unicast. */
	return (a->s6_addr[0] & 0xe0) == 0x20 ? 0 : 1;
}

static curl_socket_t
on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct net_slot *s = arg;
	const void *p = &a->addr;
	int kind = 1;

	(void)purpose;
	if (a->family == AF_INET)
		kind = kind_of_ipv4(
		    ntohl(((const struct sockaddr_in *)p)->sin_addr.s_addr));
	else if (a->family == AF_INET6)
		kind =
		    kind_of_ipv6(&((const struct sockaddr_in6 *)p)->sin6_addr);
	/* A relay that we name may stand anywhere. */
	if ((!s->job->smtp || s->job->resolve != NULL) &&
	    ((kind == 1 && !s->job->allow_private) ||
		(kind == 2 && !s->job->allow_loopback))) {
		s->blocked = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static void
set_common(struct net_slot *s, const struct net_job *j)
{
	CURL *c = s->easy;

	curl_easy_setopt(c, CURLOPT_URL, j->url);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(
	    c, CURLOPT_PROTOCOLS_STR, j->smtp ? "smtp,smtps" : "https,http");
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)NET_CONNECT_SECONDS);
	curl_easy_setopt(c, CURLOPT_PRIVATE, s);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->job->error);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(c, CURLOPT_READDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, s);
	if (j->ca_file != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, j->ca_file);
}

static CURLcode
on_tls(CURL *c, void *ctx, void *arg)
{
	(void)c;
	dane_guard(ctx, arg);
	return CURLE_OK;
}

/* Is the TLS of libcurl the one that dane_guard knows? */
static bool
can_guard(void)
{
	const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;

	return tls != NULL && strncmp(tls, "OpenSSL/", 8) == 0;
}

/* A server that the DNS named, and what it is to be known by. */
static void
set_exchanger(struct net_slot *s, const struct net_job *j)
{
	CURL *c = s->easy;

	if (j->resolve == NULL)
		return;
	s->resolve = curl_slist_append(NULL, j->resolve);
	curl_easy_setopt(c, CURLOPT_RESOLVE, s->resolve);
	if (j->any_certificate || (j->dane != NULL && can_guard())) {
		curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (j->dane == NULL)
		return;
	/* A connection that was made without it proves nothing. */
	curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
	if (can_guard()) {
		curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION, on_tls);
		curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA, j->dane);
	}
}

static void
set_smtp(struct net_slot *s, const struct net_job *j)
{
	CURL *c = s->easy;
	long tls = j->tls == NET_TLS_REQUIRED ? CURLUSESSL_ALL
		   : j->tls == NET_TLS_TRY    ? CURLUSESSL_TRY
					      : CURLUSESSL_NONE;

	s->recipients = curl_slist_append(NULL, j->recipient);
	for (size_t i = 0; j->copies != NULL && j->copies[i] != NULL; i++)
		s->recipients = curl_slist_append(s->recipients, j->copies[i]);
	curl_easy_setopt(c, CURLOPT_USE_SSL, tls);
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, j->mail_from);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, s->recipients);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)j->body.n);
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT,
	    (long)((j->timeout_ms + 999) / 1000));
	if (j->user != NULL) {
		curl_easy_setopt(c, CURLOPT_USERNAME, j->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, j->password);
	}
	set_exchanger(s, j);
}

static void
set_http(struct net_slot *s, const struct net_job *j)
{
	CURL *c = s->easy;

	for (char *const *h = j->headers; h != NULL && *h != NULL; h++)
		s->headers = curl_slist_append(s->headers, *h);
	/* A wait for 100 Continue would only delay small requests. */
	s->headers = curl_slist_append(s->headers, "Expect:");
	/*
	 * The body comes from the read function, which has no way back: so
	 * libcurl cannot send a request again by itself when a kept
	 * connection dies before the answer.  One without a body it could,
	 * and so that goes over a new connection.
	 */
	curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, j->body.n == 0 ? 1L : 0L);
	curl_easy_setopt(c, CURLOPT_POST, 1L);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)j->body.n);
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, j->method);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, s->headers);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "kith/" KITH_VERSION);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)j->timeout_ms);
}

int
net_start(struct net *n, struct net_job *j, struct err *e)
{
	struct net_slot *s = n->idle;
	CURLMcode code;

	if (s == NULL) {
		s = xcalloc(1, sizeof(*s));
		s->easy = curl_easy_init();
		if (s->easy == NULL)
			alloc_die(sizeof(*s));
		s->other = n->all;
		n->all = s;
	} else {
		n->idle = s->next;
		curl_easy_reset(s->easy);
	}
	s->next = NULL;
	s->job = j;
	j->slot = s;
	j->error[0] = '\0';
	set_common(s, j);
	if (j->smtp)
		set_smtp(s, j);
	else
		set_http(s, j);
	code = curl_multi_add_handle(n->multi, s->easy);
	if (code != CURLM_OK) {
		slot_clear(s);
		s->next = n->idle;
		n->idle = s;
		return err_set(e, "libcurl: %s", curl_multi_strerror(code));
	}
	n->active++;
	return 0;
}

/* Did any byte of the request go out? */
static bool
http_left(struct net_slot *s)
{
	long size = 0;

	curl_easy_getinfo(s->easy, CURLINFO_REQUEST_SIZE, &size);
	return size > 0;
}

static void
judge_smtp(struct net_slot *s, struct net_job *j)
{
	bool replied = j->status > 0 && j->status != 354;

	/* Before the end of the data a failure leaves nothing behind. */
	if (!s->all_sent)
		j->outcome =
		    replied && j->status >= 400 ? NET_ANSWERED : NET_REFUSED;
	else
		j->outcome = replied ? NET_ANSWERED : NET_UNKNOWN;
}

static void
judge_http(struct net_slot *s, struct net_job *j, CURLcode code)
{
	/* A 4xx whose text broke off is a no all the same. */
	if ((code == CURLE_OK && j->status > 0) ||
	    (j->status >= 400 && j->status < 500))
		j->outcome = NET_ANSWERED;
	else
		j->outcome = http_left(s) ? NET_UNKNOWN : NET_REFUSED;
}

/* Trouble with the way there, which every other job will meet too. */
static bool
unreached(CURLcode code)
{
	static const CURLcode codes[] = { CURLE_COULDNT_RESOLVE_HOST,
		CURLE_COULDNT_CONNECT, CURLE_USE_SSL_FAILED,
		CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION,
		CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_LOGIN_DENIED,
		CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL };

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (code == codes[i])
			return true;
	return false;
}

static void
give(struct net *n, struct net_job *j)
{
	vec_hold(n->done, n->done_count, n->done_cap, 1);
	n->done[n->done_count++] = j;
}

/*
 * A handle whose transfer failed may remember over a reset that a body has to
 * be rewound (libcurl 8.14), and fail the next one.  Connections are not its.
 */
static void
renew(struct net_slot *s)
{
	curl_easy_cleanup(s->easy);
	s->easy = curl_easy_init();
	if (s->easy == NULL)
		alloc_die(0);
}

static void
finish(struct net *n, struct net_slot *s, CURLcode code)
{
	struct net_job *j = s->job;
	long connects = 0;

	if (!j->smtp)
		curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &j->status);
	curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &connects);
	/*
	 * The second: newer ones of libcurl make a new connection for one that
	 * died, and give up there, since the body has no way back.
	 */
	j->kept = connects == 0 || code == CURLE_SEND_FAIL_REWIND;
	if (j->smtp)
		judge_smtp(s, j);
	else
		judge_http(s, j, code);
	j->reached = !unreached(code);
	if (!j->reached && j->outcome == NET_ANSWERED)
		j->outcome = NET_REFUSED;
	if (s->blocked)
		snprintf(j->error, sizeof(j->error),
		    "the name leads to an address that is not allowed");
	else if (code != CURLE_OK && j->error[0] == '\0')
		snprintf(
		    j->error, sizeof(j->error), "%s", curl_easy_strerror(code));
	/* Why a login fails the server knows best. */
	if (code == CURLE_LOGIN_DENIED && j->smtp && j->status >= 400)
		snprintf(j->error, sizeof(j->error), "login denied: %ld %.*s",
		    j->status, STR_ARG(str_sub(buf_str(&j->answer), 0, 200)));
	curl_multi_remove_handle(n->multi, s->easy);
	n->active--;
	if (code != CURLE_OK)
		renew(s);
	slot_clear(s);
	s->next = n->idle;
	n->idle = s;
	give(n, j);
}

int
net_work(struct net *n, int wait_ms, struct err *e)
{
	int running, left;
	CURLMsg *m;
	CURLMcode code = curl_multi_perform(n->multi, &running);

	if (code == CURLM_OK && (size_t)running == n->active && wait_ms > 0) {
		code = curl_multi_poll(n->multi, NULL, 0, wait_ms, NULL);
		if (code == CURLM_OK)
			code = curl_multi_perform(n->multi, &running);
	}
	if (code != CURLM_OK)
		return err_set(e, "libcurl: %s", curl_multi_strerror(code));
	while ((m = curl_multi_info_read(n->multi, &left)) != NULL) {
		struct net_slot *s;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &s);
		finish(n, s, m->data.result);
	}
	return 0;
}

struct net_job *
net_next(struct net *n)
{
	struct net_job *j;

	if (n->done_count == 0)
		return NULL;
	j = n->done[0];
	memmove(
	    n->done, n->done + 1, --n->done_count * sizeof(struct net_job *));
	return j;
}

struct net_job *
net_abandon(struct net *n)
{
	for (struct net_slot *s = n->all; s != NULL; s = s->other) {
		struct net_job *j = s->job;

		if (j == NULL)
			continue;
		curl_multi_remove_handle(n->multi, s->easy);
		n->active--;
		slot_clear(s);
		s->next = n->idle;
		n->idle = s;
		return j;
	}
	return NULL;
}

size_t
net_done(const struct net *n)
{
	return n->done_count;
}
