/*
 * What a request to a site says: a visit.  Nobody is told by it alone, but for
 * a cookie that names the browser, and a name that the server itself let in.
 */
#include <stdlib.h>

#include "core/text/ascii.h"
#include "source/native.h"
#include "source/weblog/weblog.h"

enum says { SAYS_ASSET, SAYS_CRAWLER, SAYS_COOKIE };
#define MEANS(SECTION, n) SAYS_##SECTION
#include "source/weblog/words/machines.h"

enum { WORD_BYTES = 48, SECONDS_BYTES = 24 };

static struct str
lowered(struct str s, char out[WORD_BYTES])
{
	if (s.n > WORD_BYTES)
		s.n = WORD_BYTES;
	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_lower(s.p[i]);
	return str_make(out, s.n);
}

static bool
listed(struct str word, enum says what)
{
	char low[WORD_BYTES];

	return wordlist_is(&words_machines, lowered(word, low), what);
}

/* "Googlebot", "Baiduspider": by its end, or by the list. */
static bool
is_crawler_word(struct str word)
{
	static const char *const ends[] = { "bot", "spider", "crawler", NULL };
	char low[WORD_BYTES];
	struct str s = lowered(word, low);

	for (size_t i = 0; ends[i] != NULL; i++)
		if (str_ends(s, str_of(ends[i])) && !str_is(s, "cubot"))
			return true;
	return wordlist_is(&words_machines, s, SAYS_CRAWLER);
}

static bool
is_crawler(struct str agent)
{
	size_t from = 0;

	for (size_t i = 0; i <= agent.n; i++) {
		if (i < agent.n && (ascii_is_alnum(agent.p[i]) ||
				       ascii_is_in(agent.p[i], "-_.")))
			continue;
		if (is_crawler_word(str_sub(agent, from, i - from)))
			return true;
		from = i + 1;
	}
	/* "Slackbot-LinkExpanding" */
	return str_find_nocase(agent, STR("bot-")) > 0;
}

/* What a page loads by itself, by the end of its name. */
static bool
is_asset(struct str url)
{
	ptrdiff_t query = str_chr(url, '?'), slash, dot;

	if (query >= 0)
		url = str_sub(url, 0, (size_t)query);
	slash = str_rchr(url, '/');
	url = str_sub(url, (size_t)(slash + 1), url.n);
	dot = str_rchr(url, '.');
	return dot >= 0 &&
	       listed(str_sub(url, (size_t)dot + 1, url.n), SAYS_ASSET);
}

/* A machine's request, or one that a page makes; what asks for nothing is
 * none. */
static bool
is_nobodys(struct weblog *v, struct str url)
{
	return url.n == 0 || is_asset(url) ||
	       is_crawler(v->part[WEBLOG_AGENT]) ||
	       str_is(v->part[WEBLOG_METHOD], "OPTIONS");
}

/* Whole where the log says all of it. */
static struct str
url_of(struct weblog *v)
{
	struct str url = v->part[WEBLOG_URL], query = v->part[WEBLOG_QUERY];
	struct str host = v->part[WEBLOG_HOST];

	if (url.n == 0)
		return STR_NONE;
	if (query.n > 0 && str_chr(url, '?') < 0)
		url = ARENA_JOIN(
		    v->a, url, query.p[0] == '?' ? STR("") : STR("?"), query);
	if (url.p[0] == '/' && host.n > 0 && v->part[WEBLOG_SCHEME].n > 0)
		url = ARENA_JOIN(
		    v->a, v->part[WEBLOG_SCHEME], STR("://"), host, url);
	return url;
}

static struct str
path_of(struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"));
	size_t end = 0;

	if (at > 0) {
		url = str_sub(url, (size_t)at + 3, url.n);
		at = str_chr(url, '/');
		url = at < 0 ? STR("/") : str_sub(url, (size_t)at, url.n);
	}
	while (end < url.n && !ascii_is_in(url.p[end], "?#"))
		end++;
	return str_sub(url, 0, end);
}

/* "https://a.example:443/x": where no member has the host. */
static void
host_from_url(struct weblog *v)
{
	struct str url = v->part[WEBLOG_URL];
	ptrdiff_t at = str_find(url, STR("://")), end;

	if (at <= 0)
		return;
	url = str_sub(url, (size_t)at + 3, url.n);
	end = str_chr(url, '/');
	weblog_set(
	    v, WEBLOG_HOST, end < 0 ? url : str_sub(url, 0, (size_t)end));
}

static struct str
host_of(struct weblog *v)
{
	struct str host;
	ptrdiff_t colon;
	char *low;

	host_from_url(v);
	weblog_set(v, WEBLOG_HOST, v->part[WEBLOG_SERVER]);
	host = v->part[WEBLOG_HOST];
	colon = str_rchr(host, ':');
	if (colon > 0 &&
	    str_is_digits(str_sub(host, (size_t)colon + 1, host.n)))
		host = str_sub(host, 0, (size_t)colon);
	if (host.n == 0 || str_chr(host, ' ') >= 0 || str_is(host, "_"))
		return v->part[WEBLOG_HOST] = STR_NONE;
	low = arena_alloc(v->a, host.n);
	for (size_t i = 0; i < host.n; i++)
		low[i] = ascii_lower(host.p[i]);
	return v->part[WEBLOG_HOST] = str_make(low, host.n);
}

/* A cookie's value without its quotes, which may be encoded. */
static struct str
unquoted(struct str s)
{
	while (str_starts(s, STR("%22")) || str_starts(s, STR("\"")))
		s = str_sub(s, s.p[0] == '"' ? 1 : 3, s.n);
	while (str_ends(s, STR("%22")) || str_ends(s, STR("\"")))
		s.n -= s.p[s.n - 1] == '"' ? 1 : 3;
	return s;
}

/* The one of these cookies that tells browsers apart. */
static struct str
visitor(struct weblog *v)
{
	struct str rest = v->part[WEBLOG_COOKIE];

	while (rest.p != NULL) {
		struct str one = str_trim(str_split(&rest, ';'));
		ptrdiff_t eq = str_chr(one, '=');
		struct str value =
		    unquoted(str_sub(one, (size_t)(eq + 1), one.n));

		if (eq > 0 && value.n > 0 &&
		    listed(str_sub(one, 0, (size_t)eq), SAYS_COOKIE))
			return value;
	}
	return STR_NONE;
}

/* Whom the server let in; a name that it refused is what somebody typed. */
static void
set_from(struct weblog *v)
{
	struct message *m = &v->n->message;
	struct str cookie = visitor(v), user = v->part[WEBLOG_USER];

	if (str_is(v->part[WEBLOG_STATUS], "401") || str_is(user, "\"\""))
		user = STR_NONE;
	m->from.uri = native_uri(v->n, cookie.n > 0 ? "cookie" : "user",
	    cookie.n > 0 ? cookie : user);
	v->part[WEBLOG_COOKIE] = cookie;
	v->part[WEBLOG_USER] = user;
}

static void
write_number(struct writer *w, const char *name, struct str s)
{
	int64_t v;

	if (s.p != NULL && str_to_int(s, &v) == 0)
		write_member_int(w, name, v);
}

static void
write_uris(struct weblog *v, struct writer *w)
{
	struct str uri;

	if (v->part[WEBLOG_COOKIE].n == 0 || v->part[WEBLOG_USER].n == 0)
		return;
	/* A name with controls is none. */
	uri = native_uri(v->n, "user", v->part[WEBLOG_USER]);
	write_member_strs(w, "uris", &uri, uri.n > 0);
}

static void
write_seconds(struct weblog *v, struct writer *w)
{
	struct str s = v->part[WEBLOG_SECONDS];

	if (s.n == 0 || s.n > SECONDS_BYTES || !ascii_is_digit(s.p[0]) ||
	    str_chr(s, '.') < 0)
		return;
	write_key(w, "seconds");
	write_real(w, strtod(arena_cstr(v->a, s), NULL));
}

static int
write_data(struct weblog *v, struct str url, struct err *e)
{
	struct str *part = v->part;
	struct writer *w = native_data(v->n);

	write_uris(v, w);
	write_member(w, "url", url);
	if (url.p != NULL)
		write_member(w, "path", path_of(url));
	write_member(w, "request", part[WEBLOG_REQUEST]);
	write_member(w, "method", part[WEBLOG_METHOD]);
	write_number(w, "status", part[WEBLOG_STATUS]);
	write_number(w, "bytes", part[WEBLOG_BYTES]);
	write_member(w, "referrer", part[WEBLOG_REFERRER]);
	write_member(w, "userAgent", part[WEBLOG_AGENT]);
	write_member(w, "ip", part[WEBLOG_IP]);
	if (part[WEBLOG_IP].p == NULL)
		write_member(w, "client", part[WEBLOG_PEER]);
	write_member(w, "forwardedFor", part[WEBLOG_FORWARDED]);
	write_seconds(v, w);
	write_member_strs(w, "more", v->more.v, v->more.n);
	return native_data_end(v->n, e);
}

static int
read_native(struct weblog *v, struct json native, struct err *e)
{
	struct json fields = json_get(native, "fields");
	struct str line = json_raw(native);
	int rc;

	if (json_type(json_get(native, "text")) == JSON_STRING ||
	    json_type(json_get(native, "base64")) == JSON_STRING) {
		if (normalize_text(v->n, native, &line, e) < 0)
			return -1;
		rc = json_type(fields) == JSON_STRING
			 ? weblog_fields(v, line, json_str(fields, v->a),
			       json_str(json_get(native, "date"), v->a), e)
			 : weblog_line(v, line, e);
	} else {
		rc = weblog_json(v, native, e);
	}
	v->n->message.native_id = line;
	return rc;
}

/*
 * The line is the id, so that it is the same in whatever file it stands;
 * of equal ones, how many came before it in its file.
 */
static void
set_id(struct weblog *v)
{
	struct message *m = &v->n->message;
	struct str again = native_value(v->n, native_beside(v->n, "again"));

	if (again.p != NULL)
		m->native_id = ARENA_JOIN(v->a, m->native_id, STR("\n"), again);
	m->id_without_account = true;
	m->message_id = v->part[WEBLOG_ID];
}

enum stage_result
weblog_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct weblog v = { .n = n, .at = TIME_NONE };
	struct message *m = normalize_begin(n);
	struct str url;

	v.a = &m->arena;
	m->type = "visit";
	m->channel = "web";
	m->direction = "inbound";
	if (read_native(&v, native, e) < 0)
		return STAGE_REJECT;
	m->sent = v.at;
	m->account = host_of(&v);
	set_id(&v);
	set_from(&v);
	url = url_of(&v);
	if (is_nobodys(&v, url))
		message_keyword(m, "automatic");
	return write_data(&v, url, e) < 0 ? STAGE_REJECT : native_emit(n, e);
}
