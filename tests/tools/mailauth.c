/*
 * One check of a sender after the other, as JSON lines on standard input ask
 * for them, by the server of the DNS that is named:
 *	mailauth 127.0.0.1:5353
 * {"check":"spf","address":"192.0.2.1","helo":"…","sender":"…"} gives the word
 * and the explanation; {"check":"dkim" or "arc","raw":"…"} gives the words;
 * {"check":"dmarc","raw":"…","domain":"…", and those of spf} gives the word and
 * the policy; {"check":"received","raw":"…","servers":["…"]} who handed it
 * over.  A line each.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/time.h"
#include "identify/verify/arc.h"
#include "identify/verify/dmarc.h"
#include "identify/verify/received.h"
#include "identify/verify/spf.h"
#include "record/record.h"

struct asked {
	struct dns *dns;
	struct signature_checker signatures;
	struct record *record;
	struct rawmail mail;
	struct spf_mail spf;
};

static struct str
text(struct asked *q, const char *name)
{
	struct str s = record_str(q->record, name);

	return s.p == NULL ? STR("") : s;
}

static bool
spf(struct asked *q, struct arena *a)
{
	struct str why;
	enum auth_word word = spf_check(q->dns, &q->spf, a, &why);

	if (word == WORD_PENDING)
		return false;
	printf("%.*s\t%.*s\n", STR_ARG(word_text(word)), STR_ARG(why));
	return true;
}

static bool
dkim(struct asked *q, struct arena *a)
{
	struct dkim d;

	dkim_check(&q->signatures, a, false, &d);
	for (size_t i = 0; i < d.n; i++)
		if (d.v[i].word == WORD_PENDING)
			return false;
	if (d.n == 0)
		printf("none");
	for (size_t i = 0; i < d.n; i++)
		printf("%s%.*s", i > 0 ? " " : "",
		    STR_ARG(word_text(d.v[i].word)));
	putchar('\n');
	return true;
}

static bool
arc(struct asked *q, struct arena *a)
{
	enum auth_word word = arc_check(&q->signatures, a, false);

	if (word == WORD_PENDING)
		return false;
	printf("%.*s\n", STR_ARG(word_text(word)));
	return true;
}

static bool
dmarc(struct asked *q, struct arena *a)
{
	static const char *const policies[] = { "none", "quarantine",
		"reject" };
	struct dmarc_mail mail = { .author = text(q, "domain"),
		.spf = WORD_NONE };
	struct dkim d;
	struct dmarc out;

	dkim_check(&q->signatures, a, false, &d);
	mail.dkim = &d;
	if (q->spf.address.n > 0) {
		mail.spf = spf_check(q->dns, &q->spf, a, NULL);
		mail.spf_domain =
		    q->spf.sender.n > 0 ? q->spf.sender : q->spf.helo;
		mail.spf_domain = str_sub(mail.spf_domain,
		    (size_t)(str_rchr(mail.spf_domain, '@') + 1),
		    mail.spf_domain.n);
	}
	dmarc_check(q->dns, &mail, a, &out);
	if (out.word == WORD_PENDING)
		return false;
	printf(
	    "%.*s\t%s\n", STR_ARG(word_text(out.word)), policies[out.policy]);
	return true;
}

static bool
received(struct asked *q, struct arena *a)
{
	struct json_iter it = json_each(record_get(q->record, "servers"));
	struct workspace_list servers = { 0 };
	struct received found;
	struct str names[16];
	struct json v;

	servers.v = names;
	while (servers.n < 16 && json_next(&it, NULL, &v))
		names[servers.n++] = json_str(v, a);
	if (!received_find(&q->mail, &servers, a, &found)) {
		puts("-");
		return true;
	}
	printf("%.*s\t%.*s\t%.*s\n", STR_ARG(found.address),
	    STR_ARG(found.helo),
	    STR_ARG(found.sender.p == NULL ? STR("-") : found.sender));
	return true;
}

static bool
check(struct asked *q, struct arena *a)
{
	struct str what = text(q, "check");

	return str_is(what, "spf")        ? spf(q, a)
	       : str_is(what, "dkim")     ? dkim(q, a)
	       : str_is(what, "arc")      ? arc(q, a)
	       : str_is(what, "received") ? received(q, a)
					  : dmarc(q, a);
}

static void
answer(struct asked *q)
{
	struct arena *a = record_arena(q->record);

	q->spf = (struct spf_mail){ .address = text(q, "address"),
		.helo = text(q, "helo"),
		.sender = text(q, "sender"),
		.at = TIME_SECOND };
	if (rawmail_read(text(q, "raw"), a, &q->mail) != 0) {
		puts("unread");
		return;
	}
	signature_begin(&q->signatures, &q->mail, 0);
	while (!check(q, a))
		dns_work(q->dns, 1000);
}

int
main(int argc, char **argv)
{
	struct asked q = { 0 };
	struct buf line;
	struct err e;
	char *bytes = NULL;
	size_t size = 0;
	ssize_t n;

	q.dns = argc < 2 ? NULL
			 : dns_open(argv[1], argc > 2 ? argv[2] : NULL,
			       TIME_SECOND, &e);
	if (q.dns == NULL) {
		fprintf(stderr, "usage: mailauth ADDRESS:PORT [STATE]\n");
		return 2;
	}
	q.signatures.dns = q.dns;
	q.record = record_new();
	buf_init(&line, 1 << 30);
	while ((n = getline(&bytes, &size, stdin)) > 0) {
		buf_reset(&line);
		buf_add(&line, bytes, (size_t)n - (bytes[n - 1] == '\n'));
		if (record_parse(q.record, buf_str(&line), &e) != 0) {
			fprintf(stderr, "%s\n", e.msg);
			return 2;
		}
		answer(&q);
	}
	free(bytes);
	buf_release(&line);
	record_free(q.record);
	signature_release(&q.signatures);
	return dns_close(q.dns, &e) != 0 || fflush(stdout) != 0 ? 2 : 0;
}
