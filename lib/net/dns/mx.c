#include "net/dns/mx.h"

#include <stdlib.h>

#include "core/buf.h"
#include "core/hash.h"

enum { LISTED = 64 /* hosts that are looked at */ };

struct exchanger {
	int64_t preference;
	uint64_t chance; /* among equals */
	struct str host;
	bool secure;
};

static int
by_preference(const void *a, const void *b)
{
	const struct exchanger *x = a, *y = b;

	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	return x->chance < y->chance ? -1 : x->chance > y->chance;
}

/* "10 mx.example" each; the null MX has no name. */
static size_t
read_list(const struct dns_answer *answer, struct exchanger *out)
{
	size_t n = 0;

	for (size_t i = 0; i < answer->n && n < LISTED; i++) {
		struct str rest = answer->v[i], number = str_split(&rest, ' ');
		struct exchanger *x = &out[n];

		if (rest.n == 0 || str_to_int(number, &x->preference) != 0)
			continue;
		x->host = rest;
		x->secure = answer->secure;
		x->chance = hash_keyed(rest.p, rest.n);
		n++;
	}
	qsort(out, n, sizeof(*out), by_preference);
	return n;
}

/* What of a host's addresses, or of its keys, is known. */
struct found {
	bool pending, failed;
};

static void
add_addresses(
    const struct dns_answer *answer, bool six, struct buf *out, struct found *f)
{
	f->pending |= answer->status == DNS_PENDING;
	f->failed |= answer->status == DNS_FAILED;
	for (size_t i = 0; i < answer->n && i < MX_ADDRESSES; i++)
		buf_printf(out, "%s%s%.*s%s", out->n > 0 ? "," : "",
		    six ? "[" : "", STR_ARG(answer->v[i]), six ? "]" : "");
}

/* Its keys, where its address is vouched for, too (RFC 7672, 2.2). */
static void
add_keys(struct dns *d, struct str host, int port, struct arena *a,
    struct mx_host *out, struct found *f)
{
	const struct dns_answer *answer = dns_ask(
	    d, arena_printf(a, "_%d._tcp.%.*s", port, STR_ARG(host)), DNS_TLSA);

	f->pending |= answer->status == DNS_PENDING;
	f->failed |= answer->status == DNS_FAILED;
	if (!answer->secure || answer->n == 0)
		return;
	out->tlsa = arena_calloc(a, answer->n, sizeof(*out->tlsa));
	for (size_t i = 0; i < answer->n; i++)
		out->tlsa[out->tlsa_count++] = arena_dup(a, answer->v[i]);
}

/* One host with what it needs; not where it has no address, or where what it
 * needs cannot be known now: others may do. */
static void
add_host(struct dns *d, const struct exchanger *x, int port, struct arena *a,
    struct mx_list *out, struct found *f)
{
	const struct dns_answer *four = dns_ask(d, x->host, DNS_A);
	const struct dns_answer *six = dns_ask(d, x->host, DNS_AAAA);
	struct mx_host host = { .name = arena_cstr(a, x->host) };
	struct found own = { 0 };
	struct buf text;

	buf_init(&text, 4096);
	add_addresses(six, true, &text, &own);
	add_addresses(four, false, &text, &own);
	if (x->secure && four->secure && !own.pending)
		add_keys(d, x->host, port, a, &host, &own);
	host.addresses = arena_cstr(a, buf_str(&text));
	f->pending |= own.pending;
	f->failed |= own.failed;
	/* Without its keys nobody knows who answers there. */
	if (text.n > 0 && !own.pending && !(own.failed && x->secure))
		out->v[out->n++] = host;
	buf_release(&text);
}

static enum mx_result
never(struct mx_list *out, const char *why)
{
	out->why = why;
	return MX_NEVER;
}

static enum mx_result
later(struct mx_list *out)
{
	out->why = "the DNS does not say now who takes its mail";
	return MX_LATER;
}

enum mx_result
mx_find(struct dns *d, struct str domain, int port, struct arena *a,
    struct mx_list *out)
{
	const struct dns_answer *answer = dns_ask(d, domain, DNS_MX);
	struct exchanger list[LISTED];
	struct found f = { 0 };
	size_t n = 0;

	*out = (struct mx_list){ 0 };
	switch (answer->status) {
	case DNS_PENDING:
		return MX_PENDING;
	case DNS_FAILED:
		return later(out);
	case DNS_NO_NAME:
		return never(out, "there is no such domain");
	case DNS_NOTHING:
		/* The domain itself, where it has an address. */
		list[n++] = (struct exchanger){ .host = domain,
			.secure = answer->secure };
		break;
	case DNS_FOUND:
		n = read_list(answer, list);
		if (n == 0)
			return never(
			    out, "the domain takes no mail (RFC 7505)");
		break;
	}
	for (size_t i = 0; i < n && i < MX_HOSTS; i++)
		add_host(d, &list[i], port, a, out, &f);
	if (f.pending)
		return MX_PENDING;
	if (out->n > 0)
		return MX_FOUND;
	return f.failed
		   ? later(out)
		   : never(out, "the domain's mail servers have no address");
}
