/*
 * A check is run again and again until no look-up of it is pending: what it
 * asks for it has from the cache by then, so nothing is kept in between.
 */
#include "identify/verify/verify.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/diag.h"
#include "core/time.h"
#include "identify/keys.h"
#include "identify/verify/arc.h"
#include "identify/verify/dmarc.h"
#include "identify/verify/received.h"
#include "identify/verify/spf.h"
#include "mail/address.h"

enum { LOOK_MS = 1000 /* of one wait */ };

struct verifier {
	const struct workspace *config;
	struct dns *dns;
	struct signature_checker signatures;
	struct arena arena;
	int64_t now;
	bool offline; /* there was no DNS for a mail */
	uint64_t raw_missing; /* mails, by verifier_missing */
	uint64_t late; /* mails whose look-ups took too long */
};

/* One run over one mail. */
struct pass {
	struct rawmail mail;
	struct str domain; /* the author's */
	struct received received;
	bool handed_over; /* received is known */
	bool enveloped; /* ... with its sender, so that SPF can tell */
	struct dkim dkim;
	struct str spf_domain;
};

struct verifier *
verifier_open(const struct verifier_settings *settings, struct err *e)
{
	struct verifier *v = xcalloc(1, sizeof(*v));

	v->config = settings->config;
	v->now = settings->now;
	v->dns =
	    dns_open(settings->resolver, settings->state, settings->now, e);
	v->signatures.dns = v->dns;
	if (v->dns != NULL)
		return v;
	free(v);
	return NULL;
}

int
verifier_close(struct verifier *v, struct err *e)
{
	int rc;

	if (v == NULL)
		return 0;
	rc = dns_close(v->dns, e);
	signature_release(&v->signatures);
	arena_release(&v->arena);
	free(v);
	return rc;
}

/* One From with one address of that domain: others would be read by somebody
 * else as another author. */
static bool
has_author(const struct rawmail *m, struct str domain, struct arena *a)
{
	struct address_list list = { 0 };
	const struct rawfield *f;
	size_t count;
	ptrdiff_t at;

	f = rawmail_find(m, STR("From"), &count);
	if (count != 1 || domain.n == 0)
		return false;
	mailaddr_read(rawfield_unfolded(f, a), a, &list);
	if (list.n != 1 || list.v[0].email.p == NULL)
		return false;
	at = str_rchr(list.v[0].email, '@');
	return at >= 0 &&
	       str_eq(key_domain(str_sub(list.v[0].email, (size_t)at + 1,
				     list.v[0].email.n),
			  a),
		   domain);
}

/* False where there is nothing that can be checked. */
static bool
begin(struct verifier *v, struct str raw, struct str domain, struct pass *p)
{
	int64_t at;

	arena_reset(&v->arena);
	dns_rest(v->dns);
	*p = (struct pass){ .domain = domain };
	if (rawmail_read(raw, &v->arena, &p->mail) != 0 ||
	    !has_author(&p->mail, domain, &v->arena))
		return false;
	p->handed_over = received_find(
	    &p->mail, &v->config->authserv, &v->arena, &p->received);
	at = p->received.at == TIME_NONE ? v->now : p->received.at;
	signature_begin(&v->signatures, &p->mail, at);
	return true;
}

static enum auth_word
run_spf(struct verifier *v, struct pass *p)
{
	struct spf_mail mail = { .address = p->received.address,
		.helo = p->received.helo,
		.sender = p->received.sender,
		.at = v->now };
	struct str of = mail.sender.n > 0 ? mail.sender : mail.helo;

	if (!p->handed_over || mail.sender.p == NULL || of.n == 0)
		return WORD_NONE;
	of = str_after_last(of, '@');
	p->spf_domain = key_domain(of, &v->arena);
	p->enveloped = true;
	return spf_check(v->dns, &mail, &v->arena, NULL);
}

/* Of several signatures the best one speaks. */
static enum auth_word
dkim_word(const struct dkim *d)
{
	static const enum auth_word order[] = { WORD_PASS, WORD_PENDING,
		WORD_POLICY, WORD_FAIL, WORD_TEMPERROR, WORD_PERMERROR };

	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++)
		for (size_t i = 0; i < d->n; i++)
			if (d->v[i].word == order[k])
				return order[k];
	return WORD_NONE;
}

/* Who holds the parent holds what is below it, a top label excepted. */
static bool
vouches(struct str domain, struct str author)
{
	return domain.n > 0 && str_chr(domain, '.') > 0 &&
	       signature_is_below(author, domain);
}

/* False where look-ups are pending.  look: nothing but asking. */
static bool
run(struct verifier *v, struct pass *p, bool look, struct verified *out)
{
	struct dmarc_mail mail = { .author = p->domain, .dkim = &p->dkim };
	struct dmarc dmarc;

	*out = (struct verified){ 0 };
	out->spf = mail.spf = run_spf(v, p);
	mail.spf_domain = p->spf_domain;
	dkim_check(&v->signatures, &v->arena, look, &p->dkim);
	out->dkim = dkim_word(&p->dkim);
	out->arc = arc_check(&v->signatures, &v->arena, look);
	dmarc_check(v->dns, &mail, &v->arena, &dmarc);
	out->dmarc = dmarc.word;
	/* What SPF cannot tell might have passed. */
	if (dmarc.word == WORD_FAIL && !p->enveloped)
		out->dmarc = WORD_NONE;
	out->outside = p->handed_over;
	out->spf_vouches =
	    mail.spf == WORD_PASS && vouches(mail.spf_domain, p->domain);
	for (size_t i = 0; i < p->dkim.n; i++)
		out->dkim_vouches |= p->dkim.v[i].word == WORD_PASS &&
				     vouches(p->dkim.v[i].domain, p->domain);
	return out->spf != WORD_PENDING && out->dkim != WORD_PENDING &&
	       out->arc != WORD_PENDING && out->dmarc != WORD_PENDING;
}

static enum auth_word
settled(enum auth_word word)
{
	return word == WORD_PENDING ? WORD_TEMPERROR : word;
}

/*
 * Runs until nothing is pending: first only with look-ups, so that hardly a
 * signature is checked twice.  False where there is no DNS.
 */
static bool
run_all(struct verifier *v, struct pass *p, struct verified *out)
{
	int64_t until = time_steady_ms() + VERIFY_PATIENCE;
	bool look = true;

	for (;;) {
		bool done = run(v, p, look, out);

		if (dns_is_offline(v->dns))
			return false;
		if (done && !look)
			return true;
		if (done) {
			look = false;
		} else if (time_steady_ms() >= until) {
			v->late += !look;
			if (!look)
				return true;
			look = false;
		} else {
			dns_work(v->dns, LOOK_MS);
		}
	}
}

static const struct verified nothing = { .spf = WORD_NONE,
	.dkim = WORD_NONE,
	.dmarc = WORD_NONE,
	.arc = WORD_NONE };

void
verifier_check(
    struct verifier *v, struct str raw, struct str domain, struct verified *out)
{
	struct pass p;

	*out = nothing;
	if (!begin(v, raw, domain, &p))
		return;
	if (!run_all(v, &p, out)) {
		v->offline = true;
		*out = nothing;
		return;
	}
	out->spf = settled(out->spf);
	out->dkim = settled(out->dkim);
	out->dmarc = settled(out->dmarc);
	out->arc = settled(out->arc);
}

bool
verifier_is_offline(struct verifier *v)
{
	v->offline |= dns_is_offline(v->dns);
	return dns_is_offline(v->dns);
}

void
verifier_foresee(struct verifier *v, struct str raw, struct str domain)
{
	struct verified out;
	struct pass p;

	if (begin(v, raw, domain, &p) && !run(v, &p, true, &out))
		dns_work(v->dns, 0);
}

void
verifier_missing(struct verifier *v)
{
	v->raw_missing++;
}

void
verifier_warn(const struct verifier *v)
{
	if (v->offline)
		diag(DIAG_WARN, v->config->path,
		    "no server of the DNS answers: senders of mail were not "
		    "checked; --resolver names one that does");
	if (v->raw_missing > 0)
		diag(DIAG_WARN, v->config->path,
		    "not checked for want of the raw mail: %llu; with verify: "
		    "true in the workspace kith normalize keeps it",
		    (unsigned long long)v->raw_missing);
	if (v->late > 0)
		diag(DIAG_WARN, v->config->path,
		    "not checked to the end, since the DNS took too long: "
		    "%llu",
		    (unsigned long long)v->late);
}
