#include "reply/sending/exchange.h"

static struct str
domain_of(struct str address)
{
	ptrdiff_t at = str_rchr(address, '@');

	return str_sub(address, (size_t)(at + 1), address.n);
}

void
exchange_prepare(
    struct dns *d, const struct transport *t, const struct draft *draft)
{
	struct arena a = { 0 };
	struct mx_list list;

	dns_rest(d);
	(void)mx_find(
	    d, domain_of(draft->to.email), (int)t->mx_port, &a, &list);
	dns_work(d, 0);
	arena_release(&a);
}

enum mx_result
exchange_find(struct dns *d, const struct transport *t,
    const struct draft *draft, struct request *q)
{
	struct str domain = domain_of(draft->to.email);
	enum mx_result rc;

	q->next_host = 0;
	while ((rc = mx_find(d, domain, (int)t->mx_port, &q->arena,
		    &q->hosts)) == MX_PENDING)
		dns_work(d, 1000);
	return rc == MX_FOUND && !exchange_next(t, q) ? MX_NEVER : rc;
}

bool
exchange_next(const struct transport *t, struct request *q)
{
	struct net_job *j = &q->job;
	const struct mx_host *h;

	if (q->next_host >= q->hosts.n)
		return false;
	h = &q->hosts.v[q->next_host++];
	j->url = arena_printf(
	    &q->arena, "smtp://%s:%lld", h->name, (long long)t->mx_port)
		     .p;
	j->resolve = arena_printf(&q->arena, "+%s:%lld:%s", h->name,
	    (long long)t->mx_port, h->addresses)
			 .p;
	j->allow_loopback = j->allow_private = t->private;
	j->any_certificate = t->tls == TLS_OPPORTUNISTIC;
	j->dane = NULL;
	j->tls = request_tls(t);
	if (h->tlsa_count == 0 || t->tls == TLS_NONE)
		return true;
	q->dane = (struct dane){ h->tlsa, h->tlsa_count, h->name };
	j->dane = &q->dane;
	j->tls = NET_TLS_REQUIRED;
	return true;
}

bool
exchange_may_go_on(const struct net_job *j)
{
	return j->outcome == NET_REFUSED ||
	       (j->outcome == NET_ANSWERED && j->status >= 400 &&
		   j->status < 500);
}
