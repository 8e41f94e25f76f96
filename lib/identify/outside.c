/*
 * Where mail that says to be from us came from, by the Received fields that our
 * own servers wrote.
 */
#include "core/text/ascii.h"
#include "identify/authres.h"

enum { RECEIVED_MAX = 32 };

/* A host of ours: by the names of our servers, and our domains. */
static bool
is_our_host(struct str host, const struct workspace *c)
{
	for (size_t i = 0; i < c->authserv.n; i++) {
		struct str id = c->authserv.v[i];

		if (str_eq_nocase(host, id))
			return true;
		if (host.n > id.n && host.p[host.n - id.n - 1] == '.' &&
		    str_eq_nocase(str_sub(host, host.n - id.n, id.n), id))
			return true;
	}
	return workspace_our_list(c, host);
}

/* 172.16.0.0/12 */
static bool
is_172(struct str s)
{
	int64_t n;

	return str_starts(s, STR("172.")) && s.n > 6 && s.p[6] == '.' &&
	       str_to_int(str_sub(s, 4, 2), &n) == 0 && n >= 16 && n <= 31;
}

/* Loopback, link-local and private addresses (RFC 1918, 4193, 4291). */
static bool
is_private(struct str s)
{
	static const char *const begins[] = { "127.", "10.", "192.168.",
		"169.254.", "fe80:", "fc", "fd" };

	if (str_starts_nocase(s, STR("::ffff:")))
		s = str_sub(s, 7, s.n);
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (str_starts_nocase(s, str_of(begins[i])))
			return true;
	return str_is(s, "::1") || is_172(s);
}

/* ESMTPA, ESMTPSA, UTF8SMTPSA: who handed it in was known (RFC 3848).  LMTP goes
 * from our server to our mailbox. */
static bool
is_from_us(struct str with)
{
	return str_starts_nocase(with, STR("LMTP")) ||
	       (with.n > 5 && ascii_lower(with.p[with.n - 1]) == 'a' &&
		   str_find_nocase(with, STR("SMTP")) >= 0);
}

bool
auth_from_outside(struct json received, const struct workspace *c,
    struct arena *a, struct str *by)
{
	struct json_iter it;
	struct json v;

	if (c->authserv.n == 0 || json_type(received) != JSON_LIST)
		return false;
	it = json_each(received);
	for (int i = 0; i < RECEIVED_MAX && json_next(&it, NULL, &v); i++) {
		struct str with = json_str(json_get(v, "with"), a);
		struct str address = json_str(json_get(v, "address"), a);

		*by = json_str(json_get(v, "by"), a);
		if (by->n > 0 && is_our_host(*by, c) && !is_from_us(with) &&
		    json_type(json_get(v, "from")) == JSON_STRING &&
		    !is_private(address))
			return true;
	}
	return false;
}
