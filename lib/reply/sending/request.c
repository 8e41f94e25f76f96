#include "reply/sending/request.h"

#include "core/text/ascii.h"
#include "core/text/base64.h"
#include "core/text/utf8.h"
#include "core/time.h"
#include "json/write.h"
#include "net/header.h"
#include "record/id.h"
#include "reply/attach.h"
#include "text/unicode.h"

void
request_init(struct request *q)
{
	*q = (struct request){ 0 };
	net_job_init(&q->job);
	buf_init(&q->body, REQUEST_MAX);
	buf_init(&q->text, REQUEST_MAX);
	buf_init(&q->shown, REQUEST_MAX);
	buf_init(&q->attached, REQUEST_MAX);
	buf_init(&q->listed, REQUEST_MAX);
}

void
request_release(struct request *q)
{
	net_job_release(&q->job);
	arena_release(&q->arena);
	buf_release(&q->body);
	buf_release(&q->text);
	buf_release(&q->shown);
	buf_release(&q->attached);
	buf_release(&q->listed);
}

/* Their bytes stand in q->attached, one behind the other. */
static int
read_files(struct request *q, const struct draft *d, struct err *e)
{
	size_t ends[DRAFT_FILES];

	for (size_t i = 0; i < d->file_count; i++) {
		if (attach_read(&d->files[i], &q->attached, e) < 0)
			return -1;
		ends[i] = q->attached.n;
	}
	for (size_t i = 0; i < d->file_count; i++) {
		size_t from = i == 0 ? 0 : ends[i - 1];

		q->files[i] = (struct mail_file){ .name = d->files[i].name,
			.type = d->files[i].type,
			.bytes =
			    str_sub(buf_str(&q->attached), from, ends[i]) };
	}
	return 0;
}

/* reply.attachments with the bytes of each, for a transport that asks. */
static int
show_files(struct request *q, const struct draft *d, struct err *e)
{
	struct writer w;

	if (d->file_count == 0)
		return 0;
	if (read_files(q, d, e) < 0)
		return -1;
	write_init(&w, &q->listed);
	write_list(&w);
	for (size_t i = 0; i < d->file_count; i++) {
		struct str bytes = q->files[i].bytes;
		char *letters =
		    arena_alloc(&q->arena, BASE64_ENCODED(bytes.n) + 1);

		base64_encode(bytes, letters);
		write_object(&w);
		write_member(&w, "name", d->files[i].name);
		write_member(&w, "type", d->files[i].type);
		write_member_int(&w, "size", d->files[i].size);
		write_member(&w, "sha256", d->files[i].sha256);
		write_member(
		    &w, "base64", str_make(letters, BASE64_ENCODED(bytes.n)));
		write_object_end(&w);
	}
	write_list_end(&w);
	return q->listed.over ? err_set(e, "the attachments are too large") : 0;
}

/* Who reads along, in the header and on the envelope. */
static void
add_copies(struct request *q, const struct draft *d, struct mail *m)
{
	char **copies;

	if (d->cc_count == 0)
		return;
	copies = arena_calloc(&q->arena, d->cc_count + 1, sizeof(*copies));
	for (size_t i = 0; i < d->cc_count; i++) {
		q->cc[i] = (struct mail_party){ .name = d->cc[i].name,
			.address = d->cc[i].email };
		copies[i] = arena_cstr(&q->arena, d->cc[i].email);
	}
	m->cc = q->cc;
	m->cc_count = d->cc_count;
	q->job.copies = copies;
}

/* All of them at the recipient's domain? */
static bool
same_domain(const struct mail *m)
{
	struct str domain = str_after_last(m->to, '@');

	for (size_t i = 0; i < m->cc_count; i++) {
		struct str other = m->cc[i].address;

		other = str_after_last(other, '@');
		if (!str_eq_nocase(other, domain))
			return false;
	}
	return true;
}

enum net_tls
request_tls(const struct transport *t)
{
	return t->tls == TLS_REQUIRED        ? NET_TLS_REQUIRED
	       : t->tls == TLS_OPPORTUNISTIC ? NET_TLS_TRY
					     : NET_TLS_NONE;
}

static void
to_relay(struct request *q, const struct transport *t)
{
	struct net_job *j = &q->job;

	j->smtp = true;
	j->url = arena_cstr(&q->arena, t->url.text);
	j->resolve = NULL;
	j->dane = NULL;
	j->tls = request_tls(t);
	if (t->user.p == NULL)
		return;
	j->user = arena_cstr(&q->arena, t->user);
	j->password = arena_cstr(&q->arena, t->secret);
}

static int
build_mail(struct request *q, const struct transport *t, const struct draft *d,
    const char *unsubscribe, int64_t now, struct err *e)
{
	struct net_job *j = &q->job;
	struct mail m = {
		.from_name = d->from.name.n > 0 ? d->from.name : t->from_name,
		.from = d->from.email.n > 0 ? d->from.email : t->from,
		.to_name = d->to.name,
		.to = d->to.email,
		.subject = d->subject,
		.body = d->text,
		.message_id = d->message_id,
		.in_reply_to = d->in_reply_to,
		.in_reply_to_count = d->in_reply_to_count,
		.references = d->references,
		.reference_count = d->reference_count,
		.unsubscribe = str_of(unsubscribe),
		.date = now,
		.automatic = d->automatic,
		.utf8 = t->smtputf8,
	};

	if (m.message_id.n == 0) {
		ptrdiff_t at = str_rchr(m.from, '@');

		m.message_id = ARENA_JOIN(&q->arena, d->key,
		    str_sub(m.from, at < 0 ? 0 : (size_t)at, m.from.n));
	}
	if (d->markdown && !markdown_is_plain(d->body)) {
		if (draft_render(d, MARKUP_HTML, &q->text, e) < 0)
			return -1;
		m.html = buf_str(&q->text);
	}
	if (read_files(q, d, e) < 0)
		return -1;
	add_copies(q, d, &m);
	m.files = q->files;
	m.file_count = d->file_count;
	if (mail_compose(&m, &q->body, e) < 0)
		return -1;
	if (t->mx && !same_domain(&m))
		return err_set(e,
		    "copies go to other domains, and by MX a mail goes to "
		    "one");
	to_relay(q, t);
	/* An automatic answer must not be answered by a bounce: RFC 3834 3.1.
	 */
	j->mail_from = d->automatic ? "" : arena_cstr(&q->arena, m.from);
	j->recipient = arena_cstr(&q->arena, m.to);
	return 0;
}

/* A template's text, or its result over the draft; no control characters. */
static const char *
render(struct request *q, const struct transport_text *x, struct str line,
    const char *what, struct err *e)
{
	struct str s = x->text;

	if (x->program != NULL) {
		buf_reset(&q->text);
		if (expr_render(x->program, line, &q->text, e) < 0)
			return NULL;
		s = buf_str(&q->text);
	}
	if (!mail_header_ok(s)) {
		err_set(e, "%s would hold a control character", what);
		return NULL;
	}
	return arena_cstr(&q->arena, s);
}

/*
 * A JSON line in which no text has a character that means something in a URL:
 * what it then lacks, a draft has brought in.
 */
static struct str
defused(struct arena *a, struct str line)
{
	char *to = arena_alloc(a, line.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];

		if (c == '\\' && i + 1 < line.n) {
			c = line.p[++i];
			if (c == 'u' && i + 4 < line.n &&
			    line.p[i + 1] == '0' && line.p[i + 2] == '0' &&
			    (line.p[i + 3] == '2' || line.p[i + 3] == '3')) {
				to[n++] = 'x';
				i += 4;
			} else if (c == '/' || c == '\\') {
				to[n++] = 'x';
			} else {
				to[n++] = '\\';
				to[n++] = c;
			}
			continue;
		}
		to[n++] = ascii_is_in(c, "/?#&") ? 'x' : c;
	}
	return str_make(to, n);
}

/* The next character of a URL that parts it. */
static char
next_part(struct str s, size_t *i)
{
	while (*i < s.n && !ascii_is_in(s.p[*i], "/?#&\\"))
		(*i)++;
	return *i < s.n ? s.p[(*i)++] : '\0';
}

static bool
parts_alike(struct str x, struct str y)
{
	size_t i = 0, j = 0;
	char c;

	do {
		c = next_part(x, &i);
		if (c != next_part(y, &j))
			return false;
	} while (c != '\0');
	return true;
}

/* "." and "..", also as %2e, which lead out of the path. */
static bool
has_dots(struct str url)
{
	ptrdiff_t at = str_find(url, STR("://"));
	struct str rest = str_sub(url, at < 0 ? 0 : (size_t)at + 3, url.n);

	while (rest.p != NULL) {
		struct str part = str_split(&rest, '/');
		size_t dots = 0;

		for (size_t i = 0; i < part.n; i++)
			if (ascii_is_in(part.p[i], "?#"))
				part = str_sub(part, 0, i);
		while (part.n > 0) {
			size_t n = part.p[0] == '.'                      ? 1
				   : str_starts_nocase(part, STR("%2e")) ? 3
									 : 0;

			if (n == 0)
				break;
			dots++;
			part = str_sub(part, n, part.n);
		}
		if (part.n == 0 && (dots == 1 || dots == 2))
			return true;
		if (rest.p != NULL && str_find(url, STR("?")) >= 0 &&
		    rest.p > url.p + str_find(url, STR("?")))
			return false;
	}
	return false;
}

/* The URL: the draft fills in what the transport leaves open, and no more. */
static const char *
render_url(struct request *q, const struct transport *t, struct str line,
    struct err *e)
{
	const char *url = render(q, &t->url, line, "the URL", e), *plain;

	if (url == NULL || t->url.program == NULL)
		return url;
	plain = render(q, &t->url, defused(&q->arena, line), "the URL", e);
	if (plain == NULL)
		return NULL;
	if (parts_alike(str_of(url), str_of(plain)) && !has_dots(str_of(url)))
		return url;
	err_set(e, "the draft would lead out of the URL's path or query: write "
		   "\\(... | @uri) there");
	return NULL;
}

/* The first result of a program; false where there is none or null. */
static bool
first_result(struct request *q, struct expr *x, struct str input,
    struct json_doc *doc, struct json *out)
{
	struct err e;
	struct str line, rest;

	buf_reset(&q->text);
	if (x == NULL || expr_run(x, input, &q->text, &e) < 1)
		return false;
	rest = buf_str(&q->text);
	line = str_line(&rest);
	return json_parse_copy(doc, line, out, &e) == 0 &&
	       json_type(*out) != JSON_NULL;
}

static int
build_body(struct request *q, const struct transport *t, struct str line,
    struct err *e)
{
	struct json_doc *doc = json_doc_new();
	struct json v;
	int rc = 0;
	struct str rest, result;
	ptrdiff_t n;

	buf_reset(&q->text);
	n = expr_run(t->body, line, &q->text, e);
	rest = buf_str(&q->text);
	result = str_line(&rest);
	if (n == 0)
		rc = err_set(e, "body: the program gives nothing");
	else if (n < 0 || json_parse_copy(doc, result, &v, e) < 0)
		rc = -1;
	else if (json_type(v) == JSON_STRING)
		rc = buf_add_str(&q->body, json_str(v, &q->arena));
	else
		rc = buf_add_str(&q->body, json_raw(v));
	if (rc == 0 && q->body.n == 0)
		rc = err_set(e, "body: the program gives an empty text");
	json_doc_free(doc);
	return rc;
}

/* "Name: sha256=HEX", by which the receiver knows us (RFC 2104). */
static char *
signature(struct request *q, const struct transport *t)
{
	uint8_t mac[HASH_MOST];
	char hex[2 * sizeof(mac) + 1];
	size_t n = hash_mac(HASH_SHA256, t->secret, buf_str(&q->body), mac);

	for (size_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", mac[i]);
	return arena_cstr(&q->arena, ARENA_JOIN(&q->arena, t->sign_header,
					 STR(": sha256="), str_of(hex)));
}

static int
build_headers(struct request *q, const struct transport *t,
    const struct draft *d, struct str line, struct err *e)
{
	char **headers =
	    arena_calloc(&q->arena, t->header_count + 4, sizeof(char *));
	size_t n = 0;
	bool typed = false;

	for (size_t i = 0; i < t->header_count; i++) {
		const char *value =
		    render(q, &t->headers[i].value, line, "a header", e);

		if (value == NULL)
			return -1;
		typed |= str_eq_nocase(t->headers[i].name, STR("Content-Type"));
		headers[n++] = (char *)(uintptr_t)ARENA_JOIN(
		    &q->arena, t->headers[i].name, STR(": "), str_of(value))
				   .p;
	}
	if (!typed)
		headers[n++] = (char *)(uintptr_t)arena_dup(
		    &q->arena, STR("Content-Type: application/json"))
				   .p;
	if (t->idempotency == IDEMPOTENCY_HEADER)
		headers[n++] = (char *)(uintptr_t)ARENA_JOIN(
		    &q->arena, STR("Idempotency-Key: "), d->key)
				   .p;
	if (t->sign_header.n > 0)
		headers[n++] = signature(q, t);
	q->job.headers = headers;
	return 0;
}

/* From where to where it goes: answers need not say so. */
static struct str
asked_json(struct request *q, const struct draft *d, const struct transport *t)
{
	struct str from = party_any(&d->from);
	struct writer w;

	buf_reset(&q->text);
	write_init(&w, &q->text);
	write_object(&w);
	write_member(&w, "channel", d->channel);
	write_member(&w, "account", d->account);
	write_member(&w, "threadId", d->thread_id);
	write_member(&w, "from", from.n > 0 ? from : t->from);
	write_member(&w, "idempotencyKey", d->key);
	write_object_end(&w);
	return arena_dup(&q->arena, buf_str(&q->text));
}

static int
build_http(struct request *q, const struct transport *t, const struct draft *d,
    struct record *r, struct err *e)
{
	struct net_job *j = &q->job;
	struct str line;

	if (show_files(q, d, e) < 0 ||
	    draft_show(r, d, t->markup, buf_str(&q->listed), &q->shown, e) < 0)
		return -1;
	line = buf_str(&q->shown);
	q->asked = asked_json(q, d, t);
	q->channel = STR_NONE;
	if (d->account.n == 0 && t->account.n > 0 &&
	    !channel_replies_by_mail(d->row))
		q->channel = arena_dup(&q->arena, d->channel);
	j->url = render_url(q, t, line, e);
	if (j->url == NULL || build_body(q, t, line, e) < 0 ||
	    build_headers(q, t, d, line, e) < 0)
		return -1;
	j->method = arena_cstr(&q->arena, t->method);
	j->allow_loopback = t->insecure || t->private;
	j->allow_private = t->private;
	return 0;
}

int
request_build(struct request *q, const struct transport *t,
    const struct draft *d, struct record *r, int64_t now, struct err *e)
{
	const char *unsubscribe = NULL;
	int rc = 0;

	arena_reset(&q->arena);
	buf_reset(&q->body);
	buf_reset(&q->text);
	buf_reset(&q->shown);
	buf_reset(&q->attached);
	buf_reset(&q->listed);
	q->job.copies = NULL;
	if (d->marketing && t->unsubscribe.text.n > 0) {
		unsubscribe = render(
		    q, &t->unsubscribe, record_line(r), "unsubscribe", e);
		rc = unsubscribe == NULL ? -1 : 0;
	}
	if (rc == 0)
		rc = t->kind == TRANSPORT_SMTP
			 ? build_mail(q, t, d, unsubscribe, now, e)
			 : build_http(q, t, d, r, e);
	if (rc < 0) {
		transport_redact(t, e->msg);
		return err_prefix(e, "%s", t->name);
	}
	q->job.body = buf_str(&q->body);
	q->job.timeout_ms = t->timeout / 1000;
	if (t->ca_file.p != NULL)
		q->job.ca_file = arena_cstr(&q->arena, t->ca_file);
	return 0;
}

/* What the programs see of an answer. */
static struct str
answer_json(struct request *q)
{
	struct json_doc *doc = json_doc_new();
	struct net_job *j = &q->job;
	struct str body = buf_str(&j->answer);
	struct buf *out = &q->body; /* the request itself is over */
	struct writer w;
	struct json v;
	struct err e;

	buf_reset(out);
	write_init(&w, out);
	write_object(&w);
	write_member_int(&w, "status", j->status);
	write_key(&w, "headers");
	header_write(buf_str(&j->headers_in), &w);
	write_member_raw(&w, "draft", q->asked);
	write_key(&w, "body");
	if (!j->cut && json_parse_copy(doc, body, &v, &e) == 0)
		write_raw(&w, json_raw(v));
	else
		write_str(&w, body);
	write_object_end(&w);
	json_doc_free(doc);
	return buf_str(out);
}

/* A reason on one line, cut, without the secret and without what could steer
 * a terminal. */
static struct str
reason(struct request *q, const struct transport *t, const char *before,
    struct str text)
{
	struct str s;
	char *p;

	s = ARENA_JOIN(&q->arena, str_of(before),
	    str_of(*before != '\0' && text.n > 0 ? ": " : ""),
	    utf8_cut(text, REASON_MAX));
	p = arena_cstr(&q->arena, s);
	transport_redact(t, p);
	for (size_t i = 0; p[i] != '\0'; i++)
		if ((unsigned char)p[i] < ' ' || p[i] == 0x7f)
			p[i] = ' ';
	return str_trim(str_of(p));
}

static void
judge_smtp(struct request *q, const struct transport *t, struct verdict *v)
{
	struct net_job *j = &q->job;
	char code[32];

	v->state =
	    j->status >= 200 && j->status < 300 ? OUTBOX_SENT : OUTBOX_FAILED;
	if (v->state == OUTBOX_SENT)
		return;
	v->temporary = j->status < 500;
	snprintf(code, sizeof(code), "%ld", j->status);
	v->reason = reason(q, t, code, buf_str(&j->answer));
}

static bool
truth(struct expr *x, struct str answer, bool otherwise)
{
	struct err e;
	int rc = x == NULL ? -1 : expr_test(x, answer, &e);

	return rc < 0 ? otherwise : rc > 0;
}

static struct str
text_of(
    struct request *q, struct expr *x, struct str answer, struct json_doc *doc)
{
	struct json v;

	if (!first_result(q, x, answer, doc, &v))
		return STR_NONE;
	return arena_dup(&q->arena,
	    json_type(v) == JSON_STRING ? json_str(v, &q->arena) : json_raw(v));
}

/* The ids of a message that was taken. */
static struct str
native_of(struct request *q, const struct transport *t, struct str answer,
    struct json_doc *doc)
{
	struct str id = text_of(q, t->id, answer, doc), of = id;
	char record[ID_SIZE];

	if (t->record != NULL)
		of = text_of(q, t->record, answer, doc);
	if (id.n == 0 || of.n == 0)
		return id;
	if (t->service.n > 0)
		record_id(record, t->service, STR_NONE, of);
	else if (q->channel.n > 0)
		record_id(record, q->channel, t->account, of);
	else
		return id;
	return ARENA_JOIN(&q->arena, id, STR("\n"), str_of(record));
}

/* Seconds, by the program or else by the header of RFC 9110 10.2.3. */
static int64_t
retry_after(struct request *q, const struct transport *t, struct str answer,
    struct json_doc *doc)
{
	struct str s = STR_NONE;
	double seconds;
	int64_t whole;
	struct json v;

	if (first_result(q, t->retry_after, answer, doc, &v)) {
		if (json_real(v, &seconds) == 0 && seconds >= 0 &&
		    seconds < 1e8)
			return (int64_t)(seconds * 1e6);
		s = json_str(v, &q->arena);
	}
	if (s.p == NULL) {
		whole = header_retry_after(
		    buf_str(&q->job.headers_in), time_clock());
		return whole < 0 ? TIME_NONE : whole * TIME_SECOND;
	}
	if (str_to_int(s, &whole) < 0 || whole < 0 || whole > 100000000)
		return TIME_NONE;
	return whole * TIME_SECOND;
}

/* By convention these say that nothing was done with the request; of all
 * others above 500 nobody knows. */
static bool
says_later(long status)
{
	return status == 408 || status == 425 || status == 429 || status == 503;
}

static void
judge_http(struct request *q, const struct transport *t, struct verdict *v)
{
	struct json_doc *doc = json_doc_new();
	struct str answer = answer_json(q), said;
	long status = q->job.status;
	bool good = status >= 200 && status < 300;
	char code[32];
	struct err e;
	int said_so;

	snprintf(code, sizeof(code), "%ld", status);
	said_so = t->success == NULL ? good : expr_test(t->success, answer, &e);
	if (said_so > 0) {
		v->state = OUTBOX_SENT;
		v->native = native_of(q, t, answer, doc);
		json_doc_free(doc);
		return;
	}
	v->retry_after = retry_after(q, t, answer, doc);
	v->temporary = truth(t->temporary, answer, says_later(status));
	v->state = OUTBOX_FAILED;
	if (truth(t->ambiguous, answer, status >= 500 && !says_later(status)) ||
	    (good && said_so < 0))
		v->state = OUTBOX_AMBIGUOUS;
	said = text_of(q, t->reason, answer, doc);
	if (said.n == 0 && !good)
		said = utf8_cut(buf_str(&q->job.answer), 200);
	v->reason = reason(q, t, code, said);
	json_doc_free(doc);
}

void
request_judge(struct request *q, const struct transport *t, struct verdict *v)
{
	struct net_job *j = &q->job;

	*v = (struct verdict){ .retry_after = TIME_NONE };
	if (j->outcome == NET_ANSWERED) {
		if (j->smtp)
			judge_smtp(q, t, v);
		else
			judge_http(q, t, v);
	} else if (j->outcome == NET_REFUSED) {
		v->state = OUTBOX_FAILED;
		v->temporary = true;
		v->reason = reason(q, t, "not sent", str_of(j->error));
	} else {
		v->state = OUTBOX_AMBIGUOUS;
		v->reason =
		    reason(q, t, "sent, and no answer came", str_of(j->error));
	}
	/* Where doubles are folded an unknown end is just another try. */
	if (v->state == OUTBOX_AMBIGUOUS &&
	    t->idempotency != IDEMPOTENCY_NONE) {
		v->state = OUTBOX_FAILED;
		v->temporary = true;
		v->folded = true;
	}
}
