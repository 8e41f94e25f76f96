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

/* Does this Received field tell of something that came in from outside? */
static bool
is_from_outside(struct json v, struct arena *a)
{
	return !is_from_us(json_str(json_get(v, "with"), a)) &&
	       json_type(json_get(v, "from")) == JSON_STRING &&
	       !is_private(json_str(json_get(v, "address"), a));
}

static bool
came_to_us(struct json received, const struct workspace *c, struct arena *a,
    struct str *by)
{
	struct json_iter it = json_each(received);
	struct json v;

	for (int i = 0; i < RECEIVED_MAX && json_next(&it, NULL, &v); i++) {
		*by = json_str(json_get(v, "by"), a);
		if (by->n > 0 && is_our_host(*by, c) && is_from_outside(v, a))
			return true;
	}
	return false;
}

/* The topmost results above all Received fields, by their server's id. */
static struct str
last_server(struct json results, struct arena *a)
{
	struct str ids[AUTHRES_FIELDS];
	int64_t hop;

	return json_int(json_get(json_at(results, 0), "hop"), &hop) == 0 &&
		       hop == 0 && auth_servers(results, a, ids) > 0
		   ? ids[0]
		   : STR_NONE;
}

void
auth_of_ours(struct auth *out, struct json received, struct json results,
    struct str domain, const struct workspace *c, struct arena *a)
{
	struct workspace named = *c;
	struct auth seen = { 0 };
	struct str by, id;

	if (json_type(received) != JSON_LIST)
		return;
	if (came_to_us(received, c, a, &by)) {
		out->by = by;
		return;
	}
	if (c->authserv.n > 0 || !is_from_outside(json_at(received, 0), a))
		return;
	id = last_server(results, a);
	named.authserv.v = &id;
	named.authserv.n = id.p == NULL ? 0 : 1;
	if (domain.p != NULL)
		auth_read(&seen, results, domain, &named, a);
	if (seen.verdict == AUTH_FAIL)
		*out = seen;
	else if (seen.verdict != AUTH_PASS)
		out->unsure = json_str(json_get(json_at(received, 0), "by"), a);
}
