/*
 * A line of text: NCSA's common and combined form and what servers make of it,
 * Amazon's of load balancers and of S3.  Told by where the time stands, in
 * brackets or not; what stands before and behind is told by what it looks like.
 */
#include "core/text/ascii.h"
#include "source/native.h"
#include "source/weblog/weblog.h"

enum { BEFORE = 24 }; /* words before the time that are looked at */

struct token {
	struct str s;
	char kind; /* '"', '[', or ' ' */
};

static bool
is_end(struct str s, size_t i)
{
	return i >= s.n || ascii_is_blank(s.p[i]);
}

/* From a quote to the next that stands before a blank; to the line's end where
 * it is not closed. */
static void
take_quoted(struct str *rest, struct token *t)
{
	size_t i = 1;

	while (i < rest->n && !(rest->p[i] == '"' && is_end(*rest, i + 1)))
		i += rest->p[i] == '\\' ? 2 : 1;
	if (i > rest->n)
		i = rest->n;
	t->kind = '"';
	t->s = str_sub(*rest, 1, i - 1);
	*rest = str_sub(*rest, i + 1, rest->n);
}

static bool
next(struct str *rest, struct token *t)
{
	size_t i = 0;

	while (i < rest->n && ascii_is_blank(rest->p[i]))
		i++;
	*rest = str_sub(*rest, i, rest->n);
	if (rest->n == 0)
		return false;
	if (rest->p[0] == '"') {
		take_quoted(rest, t);
		return true;
	}
	if (rest->p[0] == '[') {
		ptrdiff_t end = str_chr(*rest, ']');

		if (end > 0 && is_end(*rest, (size_t)end + 1)) {
			t->kind = '[';
			t->s = str_sub(*rest, 1, (size_t)end - 1);
			*rest = str_sub(*rest, (size_t)end + 1, rest->n);
			return true;
		}
	}
	for (i = 0; !is_end(*rest, i);)
		i++;
	t->kind = ' ';
	t->s = str_sub(*rest, 0, i);
	*rest = str_sub(*rest, i, rest->n);
	return true;
}

static void
set_host(struct weblog *v, struct str s)
{
	ptrdiff_t colon = str_rchr(s, ':');

	if (colon > 0 && str_is_digits(str_sub(s, (size_t)colon + 1, s.n))) {
		if (str_ends(s, STR(":443")))
			weblog_set(v, WEBLOG_SCHEME, STR("https"));
		s = str_sub(s, 0, (size_t)colon);
	}
	weblog_set(v, WEBLOG_HOST, s);
}

static void
add_more(struct weblog *v, struct str s)
{
	if (s.n > 0 && !str_is(s, "-"))
		message_add_str(&v->n->message, &v->more, s);
}

/* "203.0.113.7, 198.51.100.2": proxies on the way, the client first. */
static struct str
without_comma(struct str s)
{
	return str_ends(s, STR(",")) ? str_sub(s, 0, s.n - 1) : s;
}

/*
 * [vhost] address ident user, behind whatever a logger writes first.  The
 * address is the first that is one, else what stands two before the user.
 */
static void
set_before(struct weblog *v, const struct token *t, size_t n)
{
	size_t at = 0;
	struct str user = STR_NONE;

	while (at < n && weblog_ip(without_comma(t[at].s)).p == NULL)
		at++;
	if (at < n) {
		weblog_set(v, WEBLOG_IP, weblog_ip(without_comma(t[at].s)));
	} else if (n > 0) {
		at = n > 3 ? n - 3 : 0;
		weblog_set(v, WEBLOG_PEER, t[at].s);
	}
	if (at > 0 && n - at >= 3 && !str_ends(t[at - 1].s, STR(":")))
		set_host(v, t[at - 1].s);
	while (at + 1 < n && weblog_ip(without_comma(t[at + 1].s)).p != NULL)
		at++;
	/* ident, which nobody can trust, then the name, which may have blanks.
	 */
	if (n > at + 2)
		user = str_make(t[at + 2].s.p,
		    (size_t)(t[n - 1].s.p + t[n - 1].s.n - t[at + 2].s.p));
	weblog_set(v, WEBLOG_USER, weblog_plain(v, user));
}

static bool
is_decimal(struct str s)
{
	ptrdiff_t point = str_chr(s, '.');

	return point > 0 && str_is_digits(str_sub(s, 0, (size_t)point)) &&
	       str_is_digits(str_sub(s, (size_t)point + 1, s.n));
}

/* "203.0.113.7, 198.51.100.2" */
static bool
is_forwarded(struct str s)
{
	ptrdiff_t comma = str_chr(s, ',');

	if (comma >= 0)
		s = str_sub(s, 0, (size_t)comma);
	return weblog_ip(str_trim(s)).p != NULL;
}

static void
set_plain(struct weblog *v, struct str s, int quoted)
{
	struct str *part = v->part;
	bool number = quoted == 1 && str_is_digits(s);

	if (quoted == 0)
		weblog_set(v, WEBLOG_IP, weblog_ip(s));
	else if (number && part[WEBLOG_STATUS].p == NULL)
		weblog_set(v, WEBLOG_STATUS, s);
	else if (number && part[WEBLOG_BYTES].p == NULL)
		weblog_set(v, WEBLOG_BYTES, s);
	else if (quoted > 1 && is_decimal(s) && part[WEBLOG_SECONDS].p == NULL)
		weblog_set(v, WEBLOG_SECONDS, s);
	else if (quoted > 1 && is_forwarded(s))
		weblog_set(v, WEBLOG_FORWARDED, s);
	else
		add_more(v, s);
}

static void
set_quoted(struct weblog *v, struct str s, int quoted)
{
	s = weblog_plain(v, s);
	if (quoted == 1)
		weblog_request(v, s);
	else if (quoted == 2)
		weblog_set(v, WEBLOG_REFERRER, s);
	else if (quoted == 3)
		weblog_set(v, WEBLOG_AGENT, s);
	else if (is_forwarded(s) && v->part[WEBLOG_FORWARDED].p == NULL)
		weblog_set(v, WEBLOG_FORWARDED, s);
	else
		add_more(v, s);
}

/* Behind the time: "request" status bytes "referrer" "agent" and the rest. */
static int
set_behind(struct weblog *v, struct str rest, struct err *e)
{
	struct token t;
	int quoted = 0;

	while (next(&rest, &t)) {
		quoted += t.kind == '"';
		if (t.kind == '"')
			set_quoted(v, t.s, quoted);
		else if (t.kind == '[')
			add_more(v, t.s);
		else
			set_plain(v, t.s, quoted);
	}
	return quoted > 0 ? 0 : err_set(e, "the line ends before its request");
}

/* name time client target ... "request" "agent": status and bytes are the
 * fifth and the eighth of the words behind the client. */
static int
load_balancer(
    struct weblog *v, struct str client, struct str rest, struct err *e)
{
	struct token t;
	int quoted = 0, words = 0;

	weblog_set(v, WEBLOG_IP, weblog_ip(client));
	while (next(&rest, &t)) {
		quoted += t.kind == '"';
		words += quoted == 0;
		if (t.kind == '"' && quoted == 1)
			weblog_request(v, weblog_plain(v, t.s));
		else if (t.kind == '"' && quoted == 2)
			weblog_set(v, WEBLOG_AGENT, weblog_plain(v, t.s));
		else if (quoted == 0 && words == 5)
			weblog_set(v, WEBLOG_STATUS, t.s);
		else if (quoted == 0 && words == 8)
			weblog_set(v, WEBLOG_BYTES, t.s);
		else if (quoted > 2 && str_starts(t.s, STR("Root=")))
			weblog_set(v, WEBLOG_ID, t.s);
	}
	return quoted > 0 ? 0 : err_set(e, "the line ends before its request");
}

static bool
is_kind(struct str s)
{
	static const char *const kinds[] = { "http", "https", "h2", "grpcs",
		"ws", "wss", NULL };

	return str_is_one_of(s, kinds);
}

int
weblog_line(struct weblog *v, struct str line, struct err *e)
{
	struct token t[BEFORE];
	struct str rest = line;
	size_t n = 0;

	while (n < BEFORE && next(&rest, &t[n])) {
		size_t first = n > 0 && is_kind(t[0].s) ? 1 : 0;

		if (t[n].kind == '[' &&
		    weblog_time(v->n, t[n].s, &v->at) == 0) {
			set_before(v, t, n);
			return set_behind(v, rest, e);
		}
		if (n == first + 2 && time_parse(t[first].s, &v->at) == 0)
			return load_balancer(v, t[n].s, rest, e);
		n++;
	}
	return err_set(e, "no line of an access log: it has no time");
}
