#include "live/api/ask.h"

#include "core/text/base64.h"
#include "core/text/percent.h"
#include "core/text/utf8.h"
#include "core/time.h"
#include "json/write.h"
#include "net/header.h"

enum {
	EXCERPT = 200, /* characters of an answer in a message */
	RESULTS = 256 << 20, /* bytes of what a program gives */
};

int
api_open(struct api *a, struct err *e)
{
	http_answer_init(&a->answer, API_ANSWER);
	buf_init(&a->seen, (size_t)API_ANSWER * 3);
	a->doc = json_doc_new();
	a->http = http_new(a->ca_file, a->wait, e);
	return a->http == NULL ? -1 : 0;
}

void
api_close(struct api *a)
{
	http_free(a->http);
	http_answer_release(&a->answer);
	buf_release(&a->seen);
	json_doc_free(a->doc);
	arena_release(&a->arena);
}

ptrdiff_t
api_run(struct api *a, enum service_program p, struct str seen, struct buf *out,
    struct err *e)
{
	struct buf input;
	ptrdiff_t n;

	if (!service_has(a->service, p))
		return 0;
	buf_init(&input, seen.n + 32);
	buf_printf(&input, "[%d,", (int)p);
	buf_add_str(&input, seen);
	buf_add_char(&input, ']');
	n = expr_run(a->service->poll.all, buf_str(&input), out, e);
	buf_release(&input);
	return n < 0 ? err_prefix(e, "%s", service_names[p]) : n;
}

int
api_first(struct api *a, enum service_program p, struct str seen,
    struct buf *out, struct str *first, struct err *e)
{
	ptrdiff_t n;
	struct str rest;

	buf_reset(out);
	*first = STR_NONE;
	n = api_run(a, p, seen, out, e);
	if (n <= 0)
		return (int)n;
	rest = buf_str(out);
	rest = str_split(&rest, '\n');
	if (!str_is(rest, "null") && !str_is(rest, "false"))
		*first = rest;
	return 0;
}

static void
show_turn(const struct api *a, const struct api_turn *t, struct writer *w)
{
	const struct {
		const char *name;
		struct str json;
	} members[] = { { "place", t->place }, { "since", t->since },
		{ "before", t->before }, { "done", t->done },
		{ "page", t->page }, { "item", t->item } };

	if (a->source->account != NULL)
		write_member(w, "account", str_of(a->source->account));
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		write_member_raw(w, members[i].name, members[i].json);
}

void
api_show(const struct api *a, const struct api_turn *t, struct buf *out)
{
	struct writer w;

	write_init(&w, out);
	write_object(&w);
	show_turn(a, t, &w);
	write_object_end(&w);
}

/* RFC 8288: <URL>; rel="next", ... */
static void
show_links(struct writer *w, struct str s)
{
	write_key(w, "links");
	write_object(w);
	while (s.n > 0) {
		ptrdiff_t open = str_chr(s, '<'), close = str_chr(s, '>');
		struct str url, rest;
		ptrdiff_t comma, rel;

		if (open < 0 || close < open)
			break;
		url = str_sub(s, (size_t)open + 1, (size_t)(close - open) - 1);
		s = str_sub(s, (size_t)close + 1, s.n);
		comma = str_find(s, STR(", <"));
		if (comma < 0)
			comma = str_find(s, STR(",<"));
		rest = comma < 0 ? s : str_sub(s, 0, (size_t)comma);
		rel = str_find(rest, STR("rel="));
		s = str_sub(s, rest.n, s.n);
		if (rel < 0)
			continue;
		rest = str_sub(rest, (size_t)rel + 4, rest.n);
		if (rest.n > 0 && rest.p[0] == '"') {
			rest = str_sub(rest, 1, rest.n);
			rest = str_split(&rest, '"');
		} else {
			rest = str_split(&rest, ';');
		}
		write_key_str(w, str_trim(rest));
		write_str(w, url);
	}
	write_object_end(w);
}

static void
show_answer(struct api *a, const struct api_turn *t)
{
	struct str body = buf_str(&a->answer.body);
	struct writer w;
	struct json root;
	struct err e;

	buf_reset(&a->seen);
	write_init(&w, &a->seen);
	write_object(&w);
	show_turn(a, t, &w);
	write_member_int(&w, "status", a->answer.status);
	write_key(&w, "headers");
	header_write(buf_str(&a->answer.headers), &w);
	show_links(&w, header_get(buf_str(&a->answer.headers), "link"));
	write_key(&w, "answer");
	a->form = API_TEXT;
	if (json_parse_copy(a->doc, body, &root, &e) == 0) {
		bool whole = json_type(root) == JSON_OBJECT ||
			     json_type(root) == JSON_LIST;

		a->form = whole ? API_WHOLE : API_VALUE;
		write_raw(&w, str_trim(body));
	} else {
		write_str(&w, body);
	}
	write_object_end(&w);
}

/* "Bearer {secret}" with what stands for its names. */
static struct str
fill(struct api *a, struct str template, struct str secret)
{
	struct str account = str_of(a->source->account);
	struct str out = STR("");

	while (template.n > 0) {
		ptrdiff_t open = str_chr(template, '{');
		struct str before =
		    str_sub(template, 0, open < 0 ? template.n : (size_t)open);

		template = str_sub(template, before.n, template.n);
		out = ARENA_JOIN(&a->arena, out, before);
		if (str_starts(template, STR("{secret}"))) {
			out = ARENA_JOIN(&a->arena, out, secret);
			template = str_sub(template, 8, template.n);
		} else if (str_starts(template, STR("{account}"))) {
			out = ARENA_JOIN(&a->arena, out,
			    account.p == NULL ? STR("") : account);
			template = str_sub(template, 9, template.n);
		} else if (template.n > 0) {
			out =
			    ARENA_JOIN(&a->arena, out, str_sub(template, 0, 1));
			template = str_sub(template, 1, template.n);
		}
	}
	return out;
}

/* scheme://host:port of a url. */
static struct str
origin(struct str url)
{
	ptrdiff_t slashes = str_find(url, STR("://"));
	size_t n = slashes < 0 ? url.n : (size_t)slashes + 3;

	while (
	    n < url.n && url.p[n] != '/' && url.p[n] != '?' && url.p[n] != '#')
		n++;
	return str_sub(url, 0, n);
}

bool
api_has_secret(const struct api *a)
{
	const struct service_poll *p = &a->service->poll;
	struct str base =
	    a->source->url != NULL ? str_of(a->source->url) : p->base;

	return p->header.p != NULL || p->basic.p != NULL ||
	       str_find(base, STR("{secret}")) >= 0;
}

/* One "name=value" of the query, or one a value of a list. */
static void
add_query(struct buf *url, struct str name, struct json v, struct arena *a)
{
	struct json_iter it = json_each(v);
	struct json item;

	if (json_type(v) == JSON_LIST) {
		while (json_next(&it, NULL, &item))
			add_query(url, name, item, a);
		return;
	}
	if (json_type(v) <= JSON_NULL || json_type(v) == JSON_OBJECT)
		return;
	if (str_chr(buf_str(url), '?') < 0)
		buf_add_char(url, '?');
	percent_field(url, name,
	    json_type(v) == JSON_STRING ? json_str(v, a) : json_raw(v));
}

/* Where it goes: a path below the base, or a url that an answer gave, which is
 * of the same server where there is a secret. */
static int
make_url(struct api *a, struct json request, struct str secret, struct buf *url,
    struct err *e)
{
	const struct service_poll *p = &a->service->poll;
	struct str base =
	    a->source->url != NULL ? str_of(a->source->url) : p->base;
	struct str whole = json_str(json_get(request, "url"), &a->arena);
	struct str path = json_str(json_get(request, "path"), &a->arena);
	struct json_iter it = json_each(json_get(request, "query"));
	struct json name, value;

	base = fill(a, base, secret);
	while (base.n > 0 && base.p[base.n - 1] == '/' && path.n > 0)
		base.n--;
	if (whole.p == NULL)
		buf_add_str(url, base);
	buf_add_str(url, whole.p != NULL ? whole : path);
	/* A path that an answer gave may go on with the host's name. */
	if (api_has_secret(a) && !str_eq(origin(buf_str(url)), origin(base)))
		return err_set(e,
		    "the service names another server, %.*s, which does not "
		    "get the secret of this",
		    STR_ARG(origin(buf_str(url))));
	while (json_next(&it, &name, &value))
		add_query(url, json_str(name, &a->arena), value, &a->arena);
	for (size_t i = 0; i < url->n; i++)
		if ((unsigned char)url->p[i] <= ' ' || url->p[i] == 0x7f)
			return err_set(e, "a url has a blank in it");
	if (url->over)
		return err_set(e, "a url is too long");
	return api_has_secret(a) && !http_is_private(buf_str(url))
		   ? err_set(e,
			 "the url must begin with https://: the secret goes "
			 "there")
		   : 0;
}

typedef struct VEC(const char *) header_list;

static void
add_header(struct api *a, header_list *list, struct str name, struct str value)
{
	vec_add_in(
	    &a->arena, list, ARENA_JOIN(&a->arena, name, STR(": "), value).p);
}

static void
make_headers(
    struct api *a, struct json request, struct str secret, header_list *list)
{
	const struct service_poll *p = &a->service->poll;
	struct json_iter it = json_each(json_get(request, "headers"));
	bool typed = json_type(json_get(request, "body")) <= JSON_NULL;
	struct json name, value;

	if (p->header.p != NULL)
		add_header(a, list, p->header, fill(a, p->value, secret));
	if (p->basic.p != NULL) {
		struct str who = fill(a, p->basic, secret);
		char *coded = arena_alloc(&a->arena, BASE64_ENCODED(who.n) + 1);

		base64_encode(who, coded);
		add_header(a, list, STR("Authorization"),
		    ARENA_JOIN(&a->arena, STR("Basic "),
			str_make(coded, BASE64_ENCODED(who.n))));
	}
	for (size_t i = 0; i < p->headers.n; i++)
		vec_add_in(
		    &a->arena, list, arena_cstr(&a->arena, p->headers.v[i]));
	while (json_next(&it, &name, &value))
		if (json_type(value) == JSON_STRING) {
			typed |= json_is(name, "Content-Type");
			add_header(a, list, json_str(name, &a->arena),
			    json_str(value, &a->arena));
		}
	if (!typed)
		add_header(
		    a, list, STR("Content-Type"), STR("application/json"));
	vec_add_in(&a->arena, list, NULL);
}

static bool
is_stopped(const struct api *a)
{
	return a->signalled != NULL && *a->signalled != 0;
}

/* Until the next request may go, or a signal. */
static int
wait_turn(struct api *a, struct err *e)
{
	int64_t ms;

	while ((ms = a->due - time_steady_ms()) > 0 && !is_stopped(a)) {
		if (ms > API_PAUSE * INT64_C(1000) + 1)
			return err_again(e,
			    "the service asks to wait for more than a minute");
		if (net_wait_pause(a->wait, ms, e) < 0)
			return -1;
	}
	return is_stopped(a) ? err_again(e, "stopped") : 0;
}

/* Sets when the next request may go; false where that is too late to wait
 * for. */
static bool
plan(struct api *a, double seconds)
{
	if (!(seconds > 0))
		return true;
	if (seconds > API_BUSY)
		seconds = API_BUSY;
	a->due = time_steady_ms() + (int64_t)(seconds * 1000) + 1;
	return seconds <= API_PAUSE;
}

/* What the answer says of the next request; this one is good. */
static int
obey_rate(struct api *a, struct buf *out, struct err *e)
{
	struct json root;
	struct str first;
	double seconds;

	if (api_first(a, POLL_RATE, buf_str(&a->seen), out, &first, e) < 0)
		return -1;
	if (first.p == NULL || json_parse_copy(a->doc, first, &root, e) < 0 ||
	    json_real(root, &seconds) < 0)
		return 0;
	(void)plan(a, seconds);
	return 0;
}

/* Of the beginning of a text, in one line. */
static struct str
excerpt(struct api *a, struct str s)
{
	char *p = arena_alloc(&a->arena, EXCERPT + 1);
	size_t n = 0;

	s = str_trim(s);
	while (n < s.n && n < EXCERPT) {
		p[n] = (unsigned char)s.p[n] < ' ' ? ' ' : s.p[n];
		n++;
	}
	while (n > 0 && n < s.n && !utf8_is_valid(str_make(p, n)))
		n--;
	return str_make(p, n);
}

/* That of the last answer nothing can be read. */
static int
unread(struct api *a, struct err *e)
{
	struct str body = excerpt(a, buf_str(&a->answer.body));

	return body.n == 0
		   ? err_again(e, "the service answers nothing")
		   : err_again(e, "the service answers what is no JSON: %.*s",
			 STR_ARG(body));
}

ptrdiff_t
api_items(struct api *a, enum service_program p, struct str seen,
    struct buf *out, struct err *e)
{
	/* "No content" may be said of a list. */
	bool none = a->answer.status == 204;
	ptrdiff_t n;

	if (a->form == API_VALUE && !none)
		return unread(a, e);
	n = api_run(a, p, seen, out, e);
	return n > 0 || a->form == API_WHOLE || (n == 0 && none) ? n
								 : unread(a, e);
}

static int
refuse(struct api *a, bool again, struct str why, struct err *e)
{
	why = excerpt(a, why);
	return again ? err_again(e, "the service answers: %.*s", STR_ARG(why))
		     : err_set(e, "the service answers: %.*s", STR_ARG(why));
}

/* What POLL_ERRORS says of it: a text, or {why, again, wait, stop}.  1 where
 * that is to be tried again now. */
static int
look_for_errors(struct api *a, struct buf *out, struct err *e)
{
	struct json root;
	struct str first, why;
	double wait;

	if (api_first(a, POLL_ERRORS, buf_str(&a->seen), out, &first, e) < 0)
		return -1;
	if (first.p == NULL)
		return 0;
	if (json_parse_copy(a->doc, first, &root, e) < 0)
		return -1;
	why = json_str(root, &a->arena);
	if (json_type(root) == JSON_OBJECT)
		why = json_str(json_get(root, "why"), &a->arena);
	a->stop = json_true(json_get(root, "stop"));
	if (json_real(json_get(root, "wait"), &wait) == 0 && plan(a, wait))
		return 1;
	return refuse(a, json_true(json_get(root, "again")), why, e);
}

/* By its status: 1 where it is to be tried again. */
static int
look_at_status(struct api *a, struct err *e)
{
	long status = a->answer.status;
	int64_t seconds;

	if (status >= 200 && status < 300)
		return 0;
	if (status == 429 || status == 503) {
		seconds = header_retry_after(
		    buf_str(&a->answer.headers), time_clock());
		if (seconds <= 0)
			seconds = 1; /* or it does not say */
		return plan(a, (double)seconds)
			   ? 1
			   : err_again(e,
				 "the service asks to wait %lld seconds",
				 (long long)seconds);
	}
	return refuse(a, status >= 500 || status == 408,
	    ARENA_JOIN(&a->arena, arena_printf(&a->arena, "%ld ", status),
		buf_str(&a->answer.body)),
	    e);
}

/* Is it one that says that what was asked for is no more? */
static int
look_for_end(struct api *a, const struct api_turn *t, struct buf *out,
    enum api_word *word, struct err *e)
{
	bool second = t->item.p != NULL;
	struct str found;

	if (api_first(a, second ? MORE_GONE : POLL_GAP, buf_str(&a->seen), out,
		&found, e) < 0)
		return -1;
	*word = found.p != NULL           ? (second ? API_GONE : API_GAP)
		: a->answer.status == 304 ? API_SAME
					  : API_ANSWERED;
	return 0;
}

/* Once: 1 where it is to be tried again, by another token or later. */
static int
ask_once(struct api *a, const struct api_turn *t, struct json request,
    bool another, enum api_word *word, struct err *e)
{
	struct str secret = a->secret;
	struct http_question q = {
		.follow = !api_has_secret(a),
		.body = json_raw(json_get(request, "body")),
	};
	header_list headers = { 0 };
	struct buf url, out;
	const char *token;
	int rc;

	buf_init(&url, 64 << 10);
	buf_init(&out, RESULTS);
	a->answer.status = 0;
	a->stop = true;
	rc = wait_turn(a, e);
	if (rc == 0 && a->oauth != NULL) {
		token = oauth_token(a->oauth, another, e);
		rc = token == NULL ? -1 : 0;
		secret = str_of(token);
	}
	if (rc == 0)
		rc = make_url(a, request, secret, &url, e);
	if (rc == 0) {
		make_headers(a, request, secret, &headers);
		if (json_type(json_get(request, "body")) == JSON_STRING)
			q.body = json_str(json_get(request, "body"), &a->arena);
		if (json_type(json_get(request, "body")) <= JSON_NULL)
			q.body = STR_NONE;
		q.method = arena_cstr(&a->arena,
		    json_str(json_get(request, "method"), &a->arena));
		if (json_type(json_get(request, "method")) != JSON_STRING)
			q.method = NULL;
		q.url = buf_cstr(&url);
		q.headers = headers.v;
		a->stop = false;
		rc = http_ask(a->http, &q, &a->answer, e);
	}
	if (rc == 0) {
		show_answer(a, t);
		rc = look_for_end(a, t, &out, word, e);
	}
	if (rc == 0 && *word == API_ANSWERED) {
		rc = obey_rate(a, &out, e);
		if (rc == 0 && a->answer.status == 401 && a->oauth != NULL &&
		    !another)
			rc = 1;
		if (rc == 0)
			rc = look_for_errors(a, &out, e);
		if (rc == 0)
			rc = look_at_status(a, e);
	}
	buf_release(&url);
	buf_release(&out);
	return rc;
}

enum api_word
api_ask(
    struct api *a, const struct api_turn *t, struct str request, struct err *e)
{
	struct json_doc *doc = json_doc_new();
	enum api_word word = API_FAILED;
	bool another = false;
	struct json root;
	int rc;

	arena_reset(&a->arena);
	rc = json_parse_copy(doc, request, &root, e);
	if (rc == 0 && json_type(root) != JSON_OBJECT)
		rc = err_set(e, "a request must be an object: %.*s",
		    STR_ARG(excerpt(a, request)));
	for (int i = 0; rc == 0 && i < API_TRIES; i++) {
		rc = ask_once(a, t, root, another, &word, e);
		another |= rc > 0 && a->answer.status == 401;
		if (rc <= 0)
			break;
		rc = i + 1 < API_TRIES
			 ? 0
			 : err_again(e, "the service asks to wait, again and "
					"again");
	}
	json_doc_free(doc);
	return rc < 0 ? API_FAILED : word;
}
