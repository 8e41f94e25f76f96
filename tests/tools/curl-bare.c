/*
 * Mails by bare libcurl multi and nothing else: what reply --send is measured
 * against.
 *
 *	curl-bare PORT COUNT PARALLEL
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "core/str.h"

enum { PARALLEL_MAX = 256 };

struct mail {
	char text[1024];
	size_t n, at;
	struct curl_slist *to;
	CURL *easy;
};

static struct mail mails[PARALLEL_MAX];

static size_t
on_read(char *to, size_t size, size_t count, void *arg)
{
	struct mail *m = arg;
	size_t n = m->n - m->at;

	if (n > size * count)
		n = size * count;
	memcpy(to, m->text + m->at, n);
	m->at += n;
	return n;
}

static void
start(CURLM *multi, struct mail *m, const char *url, int i)
{
	char address[64];

	if (m->easy == NULL)
		m->easy = curl_easy_init();
	else
		curl_easy_reset(m->easy);
	curl_slist_free_all(m->to);
	snprintf(address, sizeof(address), "c%d@example.org", i);
	m->to = curl_slist_append(NULL, address);
	m->n = (size_t)snprintf(m->text, sizeof(m->text),
	    "From: support@example.com\r\nTo: %s\r\nSubject: Re: question %d"
	    "\r\nMessage-ID: <bare%d@example.com>\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n\r\nHello %d,\r\n"
	    "yours\r\n",
	    address, i, i, i);
	m->at = 0;
	curl_easy_setopt(m->easy, CURLOPT_URL, url);
	curl_easy_setopt(m->easy, CURLOPT_MAIL_FROM, "support@example.com");
	curl_easy_setopt(m->easy, CURLOPT_MAIL_RCPT, m->to);
	curl_easy_setopt(m->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(m->easy, CURLOPT_INFILESIZE, (long)m->n);
	curl_easy_setopt(m->easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(m->easy, CURLOPT_READDATA, m);
	curl_easy_setopt(m->easy, CURLOPT_PRIVATE, m);
	curl_multi_add_handle(multi, m->easy);
}

static int
number(const char *s)
{
	int64_t n;

	if (str_to_int(str_of(s), &n) == 0 && n > 0 && n < 1000000)
		return (int)n;
	fprintf(stderr, "usage: curl-bare PORT COUNT PARALLEL\n");
	exit(2);
}

int
main(int argc, char **argv)
{
	int count = number(argc == 4 ? argv[2] : ""), next = 0, failed = 0;
	int parallel = number(argv[3]), running = 1, left;
	char url[64];
	CURLM *multi = curl_multi_init();
	CURLMsg *msg;

	if (parallel > PARALLEL_MAX)
		parallel = PARALLEL_MAX;
	snprintf(url, sizeof(url), "smtp://127.0.0.1:%d", number(argv[1]));
	while (next < parallel && next < count) {
		start(multi, &mails[next], url, next);
		next++;
	}
	while (running > 0) {
		curl_multi_perform(multi, &running);
		while ((msg = curl_multi_info_read(multi, &left)) != NULL) {
			struct mail *m;

			failed += msg->data.result != CURLE_OK;
			curl_easy_getinfo(
			    msg->easy_handle, CURLINFO_PRIVATE, &m);
			curl_multi_remove_handle(multi, m->easy);
			if (next < count) {
				start(multi, m, url, next++);
				running++;
			}
		}
		if (running > 0)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	for (int i = 0; i < PARALLEL_MAX; i++) {
		curl_slist_free_all(mails[i].to);
		curl_easy_cleanup(mails[i].easy);
	}
	curl_multi_cleanup(multi);
	fprintf(stderr, "curl-bare: %d mails, %d failed\n", count, failed);
	return failed > 0;
}
