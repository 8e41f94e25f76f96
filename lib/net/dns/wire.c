#include "net/dns/wire.h"

#include <arpa/inet.h>
#include <ldns/ldns.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "core/vec.h"

enum {
	WIRE_ALIASES = 8, /* a name may lead over so many */
	WIRE_LABEL = 63,
	NO_TTL = 300, /* seconds, where a server says no without an SOA */
	DNS_PORT = 53,
};

int
wire_name(struct str text, struct wire_name *out)
{
	struct str rest = text;

	out->n = 0;
	if (rest.n > 0 && rest.p[rest.n - 1] == '.')
		rest.n--;
	while (rest.p != NULL && rest.n > 0) {
		ptrdiff_t dot = str_chr(rest, '.');
		size_t n = dot < 0 ? rest.n : (size_t)dot;

		/* A dot at the end now stands before an empty label. */
		if (n == 0 || n > WIRE_LABEL || n + 1 == rest.n ||
		    out->n + n + 2 > WIRE_NAME)
			return -1;
		out->bytes[out->n++] = (uint8_t)n;
		for (size_t i = 0; i < n; i++)
			out->bytes[out->n++] = (uint8_t)ascii_lower(rest.p[i]);
		rest = dot < 0 ? STR_NONE : str_sub(rest, n + 1, rest.n);
	}
	if (out->n == 0)
		return -1;
	out->bytes[out->n++] = 0;
	return 0;
}

static ldns_rdf *
dname(const struct wire_name *name)
{
	ldns_rdf *d = ldns_dname_new_frm_data((uint16_t)name->n, name->bytes);

	if (d == NULL)
		alloc_die(name->n);
	return d;
}

void
wire_ask(uint16_t id, const struct wire_name *name, enum dns_type type,
    struct buf *out)
{
	ldns_pkt *p = ldns_pkt_query_new(
	    dname(name), (ldns_rr_type)type, LDNS_RR_CLASS_IN, LDNS_RD);
	uint8_t *bytes = NULL;
	size_t n = 0;

	if (p == NULL)
		alloc_die(WIRE_NAME);
	ldns_pkt_set_id(p, id);
	ldns_pkt_set_ad(p, true);
	ldns_pkt_set_edns_udp_size(p, WIRE_UDP);
	if (ldns_pkt2wire(&bytes, p, &n) != LDNS_STATUS_OK)
		alloc_die(WIRE_NAME);
	buf_add(out, bytes, n);
	free(bytes);
	ldns_pkt_free(p);
}

/* A name as text, absent where a label holds what would read as another. */
static struct str
name_text(const ldns_rdf *rdf, struct arena *a)
{
	const uint8_t *p = ldns_rdf_data(rdf);
	size_t size = ldns_rdf_size(rdf), n = 0;
	char *to = arena_alloc(a, size + 1);

	for (size_t i = 0; i < size && p[i] != 0; i += p[i] + 1U) {
		if (n > 0)
			to[n++] = '.';
		for (size_t k = 1; k <= p[i] && i + k < size; k++) {
			char c = (char)p[i + k];

			if (c <= ' ' || c >= 0x7f || c == '.')
				return STR_NONE;
			to[n++] = ascii_lower(c);
		}
	}
	return str_make(to, n);
}

/* A TXT record's strings run together (RFC 7208, 3.3). */
static struct str
txt_text(const ldns_rr *rr, struct arena *a)
{
	size_t n = 0;
	char *to;

	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++)
		n += ldns_rdf_size(ldns_rr_rdf(rr, i));
	to = arena_alloc(a, n + 1);
	n = 0;
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
		size_t size = ldns_rdf_size(rdf);

		if (size < 2)
			continue;
		memcpy(to + n, ldns_rdf_data(rdf) + 1, size - 1);
		n += size - 1;
	}
	return str_make(to, n);
}

static struct str
address_text(const ldns_rdf *rdf, int family, struct arena *a)
{
	char *to = arena_alloc(a, INET6_ADDRSTRLEN);

	return inet_ntop(family, ldns_rdf_data(rdf), to, INET6_ADDRSTRLEN) ==
		       NULL
		   ? STR_NONE
		   : str_of(to);
}

static struct str
mx_text(const ldns_rr *rr, struct arena *a)
{
	struct str host = name_text(ldns_rr_rdf(rr, 1), a);

	if (host.p == NULL)
		return host;
	return arena_printf(a, "%u %.*s",
	    (unsigned)ldns_rdf2native_int16(ldns_rr_rdf(rr, 0)), STR_ARG(host));
}

static struct str
tlsa_text(const ldns_rr *rr, struct arena *a)
{
	const uint8_t *p = ldns_rdf_data(ldns_rr_rdf(rr, 3));
	size_t n = ldns_rdf_size(ldns_rr_rdf(rr, 3)), at;
	struct str head = arena_printf(a, "%u %u %u ",
	    (unsigned)ldns_rdf2native_int8(ldns_rr_rdf(rr, 0)),
	    (unsigned)ldns_rdf2native_int8(ldns_rr_rdf(rr, 1)),
	    (unsigned)ldns_rdf2native_int8(ldns_rr_rdf(rr, 2)));
	char *to = arena_alloc(a, head.n + 2 * n + 1);

	memcpy(to, head.p, head.n);
	at = head.n;
	for (size_t i = 0; i < n; i++) {
		to[at++] = ASCII_HEX_LOWER[p[i] >> 4];
		to[at++] = ASCII_HEX_LOWER[p[i] & 15];
	}
	return str_make(to, at);
}

static struct str
value_text(const ldns_rr *rr, enum dns_type type, struct arena *a)
{
	size_t n = ldns_rr_rd_count(rr);

	if (n < (type == DNS_MX ? 2U : type == DNS_TLSA ? 4U : 1U))
		return STR_NONE;
	switch (type) {
	case DNS_A:
		return address_text(ldns_rr_rdf(rr, 0), AF_INET, a);
	case DNS_AAAA:
		return address_text(ldns_rr_rdf(rr, 0), AF_INET6, a);
	case DNS_MX:
		return mx_text(rr, a);
	case DNS_PTR:
		return name_text(ldns_rr_rdf(rr, 0), a);
	case DNS_TLSA:
		return tlsa_text(rr, a);
	default:
		return txt_text(rr, a);
	}
}

/* Where the aliases of the answer lead to (RFC 1034, 3.6.2). */
static const ldns_rdf *
canonical(const ldns_rr_list *list, const ldns_rdf *name, uint32_t *ttl)
{
	for (int i = 0; i < WIRE_ALIASES; i++) {
		const ldns_rr *found = NULL;

		for (size_t k = 0; k < ldns_rr_list_rr_count(list); k++) {
			const ldns_rr *rr = ldns_rr_list_rr(list, k);

			if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_CNAME &&
			    ldns_rr_rd_count(rr) == 1 &&
			    ldns_dname_compare(ldns_rr_owner(rr), name) == 0)
				found = rr;
		}
		if (found == NULL)
			break;
		name = ldns_rr_rdf(found, 0);
		if (ldns_rr_ttl(found) < *ttl)
			*ttl = ldns_rr_ttl(found);
	}
	return name;
}

struct values VEC(struct str);

static void
take_values(const ldns_pkt *p, const ldns_rdf *asked, enum dns_type type,
    struct arena *a, struct wire_reading *out)
{
	const ldns_rr_list *list = ldns_pkt_answer(p);
	const ldns_rdf *name = canonical(list, asked, &out->ttl);
	struct values values = { 0 };

	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);
		struct str v;

		if (ldns_rr_get_type(rr) != (ldns_rr_type)type ||
		    ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN ||
		    ldns_dname_compare(ldns_rr_owner(rr), name) != 0)
			continue;
		v = value_text(rr, type, a);
		if (v.p == NULL)
			continue;
		vec_add_in(a, &values, v);
		if (ldns_rr_ttl(rr) < out->ttl)
			out->ttl = ldns_rr_ttl(rr);
	}
	out->answer.v = values.v;
	out->answer.n = values.n;
}

/* How long a no holds (RFC 2308, 5). */
static uint32_t
no_ttl(const ldns_pkt *p)
{
	const ldns_rr_list *list = ldns_pkt_authority(p);

	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);
		uint32_t minimum;

		if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_SOA ||
		    ldns_rr_rd_count(rr) != 7)
			continue;
		minimum = ldns_rdf2native_int32(ldns_rr_rdf(rr, 6));
		return minimum < ldns_rr_ttl(rr) ? minimum : ldns_rr_ttl(rr);
	}
	return NO_TTL;
}

static enum wire_result
read_packet(const ldns_pkt *p, const ldns_rdf *asked, enum dns_type type,
    struct arena *a, struct wire_reading *out)
{
	ldns_pkt_rcode code = ldns_pkt_get_rcode(p);

	if (ldns_pkt_tc(p))
		return WIRE_CUT;
	if (code != LDNS_RCODE_NOERROR && code != LDNS_RCODE_NXDOMAIN)
		return WIRE_FAILED;
	out->answer = (struct dns_answer){ .secure = ldns_pkt_ad(p) };
	out->ttl = UINT32_MAX;
	take_values(p, asked, type, a, out);
	if (out->answer.n > 0) {
		out->answer.status = DNS_FOUND;
		return WIRE_ANSWER;
	}
	out->answer.status =
	    code == LDNS_RCODE_NXDOMAIN ? DNS_NO_NAME : DNS_NOTHING;
	if (no_ttl(p) < out->ttl)
		out->ttl = no_ttl(p);
	return WIRE_ANSWER;
}

static bool
is_about(
    const ldns_pkt *p, uint16_t id, const ldns_rdf *asked, enum dns_type type)
{
	const ldns_rr_list *list = ldns_pkt_question(p);
	const ldns_rr *rr;

	if (!ldns_pkt_qr(p) || ldns_pkt_id(p) != id ||
	    ldns_rr_list_rr_count(list) != 1)
		return false;
	rr = ldns_rr_list_rr(list, 0);
	return ldns_rr_get_type(rr) == (ldns_rr_type)type &&
	       ldns_dname_compare(ldns_rr_owner(rr), asked) == 0;
}

enum wire_result
wire_read(struct str bytes, uint16_t id, const struct wire_name *name,
    enum dns_type type, struct arena *a, struct wire_reading *out)
{
	enum wire_result rc = WIRE_OTHER;
	ldns_pkt *p = NULL;
	ldns_rdf *asked;

	if (ldns_wire2pkt(&p, (const uint8_t *)bytes.p, bytes.n) !=
	    LDNS_STATUS_OK)
		return WIRE_OTHER;
	asked = dname(name);
	if (is_about(p, id, asked, type))
		rc = read_packet(p, asked, type, a, out);
	ldns_rdf_deep_free(asked);
	ldns_pkt_free(p);
	return rc;
}

size_t
wire_system_servers(struct sockaddr_storage *out, size_t max)
{
	ldns_resolver *r = NULL;
	size_t n = 0;

	if (ldns_resolver_new_frm_file(&r, NULL) != LDNS_STATUS_OK)
		return 0;
	for (size_t i = 0; i < ldns_resolver_nameserver_count(r) && n < max;
	     i++) {
		size_t size;
		struct sockaddr_storage *s = ldns_rdf2native_sockaddr_storage(
		    ldns_resolver_nameservers(r)[i], DNS_PORT, &size);

		if (s != NULL)
			out[n++] = *s;
		free(s);
	}
	ldns_resolver_deep_free(r);
	return n;
}
