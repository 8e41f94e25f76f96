#include "net/http.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "net/header.h"
#include "net/late.h"

struct http {
	const struct net_late *lib;
	CURLM *multi; /* keeps the connections */
	CURL *easy;
	struct net_wait *wait;
	const char *ca_file;
	char error[CURL_ERROR_SIZE];
};

struct http *
http_new(const char *ca_file, struct net_wait *wait, struct err *e)
{
	const struct net_late *lib = net_late(e);
	struct http *h;

	if (lib == NULL)
		return NULL;
	h = xcalloc(1, sizeof(*h));
	h->lib = lib;
	h->ca_file = ca_file;
	h->wait = wait;
	h->easy = lib->curl_easy_init();
	h->multi = lib->curl_multi_init();
	if (h->easy == NULL || h->multi == NULL)
		alloc_die(sizeof(*h));
	return h;
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	h->lib->curl_easy_cleanup(h->easy);
	h->lib->curl_multi_cleanup(h->multi);
	free(h);
}

void
http_answer_init(struct http_answer *a, size_t body_max)
{
	a->status = 0;
	buf_init(&a->headers, HTTP_HEADERS);
	buf_init(&a->body, body_max);
}

void
http_answer_release(struct http_answer *a)
{
	buf_release(&a->headers);
	buf_release(&a->body);
}

static size_t
on_body(char *p, size_t size, size_t count, void *arg)
{
	struct http_answer *a = arg;

	return buf_add(&a->body, p, size * count) < 0 ? 0 : size * count;
}

static size_t
on_header(char *p, size_t size, size_t count, void *arg)
{
	struct http_answer *a = arg;

	header_add(&a->headers, str_make(p, size * count));
	return size * count;
}

bool
http_is_private(struct str url)
{
	static const struct str here[] = { { "http://127.0.0.1", 16 },
		{ "http://localhost", 16 }, { "http://[::1]", 12 } };

	for (size_t i = 0; i < sizeof(here) / sizeof(*here); i++) {
		char next = url.n > here[i].n ? url.p[here[i].n] : '/';

		if (str_starts(url, here[i]) &&
		    (next == ':' || next == '/' || next == '?'))
			return str_chr(url, '@') < 0;
	}
	return str_starts(url, STR("https://"));
}

static void
set_options(struct http *h, const struct http_question *q,
    struct http_answer *a, struct curl_slist *headers)
{
	const struct net_late *lib = h->lib;
	CURL *easy = h->easy;

	/* Connections, and what was agreed by TLS, are kept. */
	lib->curl_easy_reset(easy);
	lib->curl_easy_setopt(easy, CURLOPT_URL, q->url);
	lib->curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http");
	lib->curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR,
	    str_starts(str_of(q->url), STR("https://")) ? "https"
							: "https,http");
	lib->curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, (long)q->follow);
	lib->curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 5L);
	lib->curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	lib->curl_easy_setopt(
	    easy, CURLOPT_CONNECTTIMEOUT, (long)HTTP_SECONDS / 2);
	lib->curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)HTTP_SECONDS);
	lib->curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	lib->curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, h->error);
	lib->curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	lib->curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	lib->curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	lib->curl_easy_setopt(easy, CURLOPT_WRITEDATA, a);
	lib->curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	lib->curl_easy_setopt(easy, CURLOPT_HEADERDATA, a);
	if (q->body.p != NULL) {
		lib->curl_easy_setopt(
		    easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n);
		lib->curl_easy_setopt(easy, CURLOPT_POSTFIELDS, q->body.p);
	}
	if (q->method != NULL)
		lib->curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, q->method);
	if (h->ca_file != NULL)
		lib->curl_easy_setopt(easy, CURLOPT_CAINFO, h->ca_file);
}

int
http_ask(struct http *h, const struct http_question *q, struct http_answer *a,
    struct err *e)
{
	const struct net_late *lib = h->lib;
	struct curl_slist *headers = NULL;
	CURLcode code;
	int rc;

	a->status = 0;
	buf_reset(&a->headers);
	buf_reset(&a->body);
	h->error[0] = '\0';
	for (size_t i = 0; q->headers != NULL && q->headers[i] != NULL; i++) {
		struct curl_slist *more =
		    lib->curl_slist_append(headers, q->headers[i]);

		if (more == NULL)
			alloc_die(0);
		headers = more;
	}
	set_options(h, q, a, headers);
	rc = net_late_perform(lib, h->multi, h->easy, h->wait, &code, e);
	lib->curl_multi_remove_handle(h->multi, h->easy);
	lib->curl_slist_free_all(headers);
	if (rc < 0)
		return -1;
	if (code == CURLE_OK)
		code = lib->curl_easy_getinfo(
		    h->easy, CURLINFO_RESPONSE_CODE, &a->status);
	if (code == CURLE_OK)
		return 0;
	if (a->body.over || a->headers.over) {
		(void)err_set(e, "the answer has more than %zu bytes",
		    a->body.over ? a->body.max : a->headers.max);
		e->code = ERR_ITEM;
		return -1;
	}
	return net_late_failed(code, h->error, e);
}
