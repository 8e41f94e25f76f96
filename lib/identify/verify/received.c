#include "identify/verify/received.h"

#include <arpa/inet.h>

#include "core/text/ascii.h"
#include "core/time.h"
#include "mail/date.h"

enum { COMMENTS = 8, DEEP = 16 };

/* A field taken apart up to its date. */
struct hop {
	struct str from; /* the word behind "from"; absent */
	struct str by; /* behind "by"; absent */
	struct str comments[COMMENTS]; /* between the two, without brackets */
	size_t n;
	bool odd; /* it can be read in two ways */
};

/* A comment with what is nested in it; STR_NONE where it does not end. */
static struct str
take_comment(struct str *rest)
{
	unsigned depth = 0;

	for (size_t i = 0; i < rest->n; i++) {
		if (rest->p[i] == '\\')
			i++;
		else if (rest->p[i] == '(')
			depth++;
		else if (rest->p[i] == ')' && --depth == 0) {
			struct str s = str_sub(*rest, 1, i - 1);

			*rest = str_sub(*rest, i + 1, rest->n);
			return s;
		}
		if (depth > DEEP)
			break;
	}
	return STR_NONE;
}

static struct str
take_word(struct str *rest)
{
	size_t n = 0;
	struct str word;

	while (n < rest->n && !ascii_is_space(rest->p[n]) &&
	       rest->p[n] != '(' && rest->p[n] != ';')
		n++;
	word = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return word;
}

static void
read_hop(struct str value, struct hop *out)
{
	struct str rest = str_trim(value), word;
	bool in_from = false;

	*out = (struct hop){ 0 };
	while (out->by.p == NULL && rest.n > 0 && rest.p[0] != ';') {
		if (rest.p[0] == '(') {
			struct str c = take_comment(&rest);

			out->odd |=
			    c.p == NULL || (in_from && out->n == COMMENTS);
			if (out->odd)
				return;
			if (in_from)
				out->comments[out->n++] = c;
		} else {
			word = take_word(&rest);
			if (str_eq_nocase(word, STR("from")) &&
			    out->from.p == NULL) {
				rest = str_trim(rest);
				out->from = take_word(&rest);
				in_from = true;
			} else if (str_eq_nocase(word, STR("by"))) {
				rest = str_trim(rest);
				out->by = take_word(&rest);
			} else if (in_from) {
				/* No server that names its caller in brackets
				 * writes more words there. */
				out->odd = true;
				return;
			}
		}
		rest = str_trim(rest);
	}
}

/* An address in its one form, or STR_NONE. */
static struct str
address_of(struct str s, struct arena *a)
{
	uint8_t bytes[16];
	char *text = arena_alloc(a, INET6_ADDRSTRLEN), *to = text;
	int family;

	if (str_starts_nocase(s, STR("IPv6:")))
		s = str_sub(s, 5, s.n);
	if (s.n == 0 || s.n >= INET6_ADDRSTRLEN)
		return STR_NONE;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	family = memchr(text, ':', s.n) != NULL ? AF_INET6 : AF_INET;
	if (inet_pton(family, text, bytes) != 1)
		return STR_NONE;
	return str_of(inet_ntop(family, bytes, to, INET6_ADDRSTRLEN));
}

/* Addresses that the server wrote; two of them, and nobody knows which. */
static void
found_address(struct str s, struct arena *a, struct str *out, bool *odd)
{
	struct str address = address_of(s, a);

	if (address.p == NULL)
		return;
	*odd |= out->p != NULL && !str_eq(*out, address);
	*out = address;
}

/*
 * "mail.example [192.0.2.1]", "[192.0.2.1] helo=mail.example", "192.0.2.1",
 * "HELO mail.example": what of a comment the server itself found out, and what
 * the other side said.
 */
static void
read_comment(struct str c, struct arena *a, struct str *address,
    struct str *helo, bool *odd)
{
	struct str rest = str_trim(c);

	if (str_starts_nocase(rest, STR("HELO ")) ||
	    str_starts_nocase(rest, STR("EHLO "))) {
		*helo = str_trim(str_sub(rest, 5, rest.n));
		return;
	}
	found_address(rest, a, address, odd);
	while (rest.n > 0) {
		struct str word = take_word(&rest);
		ptrdiff_t open, close;

		if (word.n == 0 && rest.n > 0)
			rest = str_sub(rest, 1, rest.n);
		rest = str_trim(rest);
		if (str_starts_nocase(word, STR("helo="))) {
			*helo = str_sub(word, 5, word.n);
			continue;
		}
		open = str_chr(word, '[');
		close = str_rchr(word, ']');
		if (open >= 0 && close > open)
			found_address(str_sub(word, (size_t)open + 1,
					  (size_t)(close - open) - 1),
			    a, address, odd);
	}
}

static struct str
hop_address(const struct hop *h, struct arena *a, struct str *helo, bool *odd)
{
	struct str address = STR_NONE, said = STR_NONE;

	*odd = h->odd;
	for (size_t i = 0; i < h->n; i++)
		read_comment(h->comments[i], a, &address, &said, odd);
	/* Exim, where the address has no name. */
	if (address.p == NULL && said.p != NULL && h->from.n > 2 &&
	    h->from.p[0] == '[' && h->from.p[h->from.n - 1] == ']')
		address = address_of(str_sub(h->from, 1, h->from.n - 2), a);
	*helo = said.p != NULL ? said : h->from;
	return address;
}

enum reach { REACH_OWN, REACH_PRIVATE, REACH_PUBLIC };

static enum reach
reach(struct str address, struct arena *a)
{
	const char *s = arena_cstr(a, address);
	uint8_t b[16];

	if (inet_pton(AF_INET, s, b) == 1) {
		if (b[0] == 127)
			return REACH_OWN;
		return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
			       (b[0] == 192 && b[1] == 168) ||
			       (b[0] == 169 && b[1] == 254) ||
			       (b[0] == 100 && (b[1] & 0xc0) == 64)
			   ? REACH_PRIVATE
			   : REACH_PUBLIC;
	}
	if (str_is(address, "::1"))
		return REACH_OWN;
	return inet_pton(AF_INET6, s, b) == 1 &&
		       ((b[0] & 0xfe) == 0xfc ||
			   (b[0] == 0xfe && (b[1] & 0xc0) == 0x80))
		   ? REACH_PRIVATE
		   : REACH_PUBLIC;
}

static bool
is_named(struct str host, const struct workspace_list *servers)
{
	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	for (size_t i = 0; i < servers->n; i++)
		if (host.n > 0 && str_eq_nocase(host, servers->v[i]))
			return true;
	return false;
}

/* MAIL FROM as the server left it, above its Received field. */
static struct str
sender(const struct rawmail *m, size_t above, struct arena *a)
{
	for (size_t i = 0; i < above; i++) {
		struct str s;

		if (!str_eq_nocase(m->v[i].name, STR("Return-Path")))
			continue;
		s = rawfield_unfolded(&m->v[i], a);
		if (s.n < 2 || s.p[0] != '<' || s.p[s.n - 1] != '>')
			return STR_NONE;
		return str_sub(s, 1, s.n - 2);
	}
	return STR_NONE;
}

/* A filter on the server's own machine calls that so. */
static bool
is_same_machine(struct str host)
{
	return str_eq_nocase(host, STR("localhost")) ||
	       str_starts_nocase(host, STR("localhost."));
}

bool
received_find(const struct rawmail *m, const struct workspace_list *servers,
    struct arena *a, struct received *out)
{
	bool inside = false; /* the field above is of a named server, which
				had it from its own machine */

	*out = (struct received){ .at = TIME_NONE };
	for (size_t i = 0; i < m->n; i++) {
		struct hop h;
		struct str value, helo, address;
		bool odd, named;

		if (!str_eq_nocase(m->v[i].name, STR("Received")))
			continue;
		value = rawfield_unfolded(&m->v[i], a);
		read_hop(value, &h);
		address = hop_address(&h, a, &helo, &odd);
		named = is_named(h.by, servers) ||
			(inside && is_same_machine(h.by));
		if (odd || (named && address.p == NULL))
			return false;
		if (address.p == NULL || reach(address, a) == REACH_OWN) {
			inside = named;
			continue;
		}
		if (!named && reach(address, a) == REACH_PRIVATE)
			continue;
		if (!named || reach(address, a) == REACH_PRIVATE)
			return false;
		out->address = address;
		out->helo = helo;
		out->sender = sender(m, i, a);
		if (mailtime_received(value, &out->at) != 0)
			out->at = TIME_NONE;
		return true;
	}
	return false;
}
