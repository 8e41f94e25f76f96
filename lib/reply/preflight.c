#include "reply/preflight.h"

#include "core/text/utf8.h"
#include "mail/compose.h"
#include "people/guards.h"
#include "reply/lastlook/lastlook.h"
#include "reply/lastlook/optedout.h"
#include "reply/quiet.h"
#include "text/sms.h"
#include "text/unicode.h"

/* Each writes the reason and returns true where the draft may not leave. */
typedef bool check(const struct preflight *, const struct draft *,
    const struct transport *, struct buf *);

static bool
refuse(struct buf *reason, const char *text)
{
	buf_add_z(reason, text);
	return true;
}

static int64_t
characters(struct str s)
{
	int64_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static bool
unreadable(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)p, (void)t;
	if (d->fault != NULL)
		return refuse(reason, d->fault);
	if (d->channel.n == 0)
		return refuse(reason, "no channel");
	return false;
}

static bool
no_address(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)p, (void)t;
	if (d->recipient.n == 0 && d->row != NULL && d->row->to == TO_MESSAGE) {
		buf_printf(reason,
		    "%s answers a message, and inReplyTo does not say which",
		    d->row->name);
		return true;
	}
	if (d->recipient.n == 0) {
		buf_printf(reason, "no address on %.*s", STR_ARG(d->channel));
		return true;
	}
	if (d->to_count > 1)
		return refuse(
		    reason, "more than one recipient: make a draft for each");
	return false;
}

/* Who reads along is looked at like the recipient. */
static bool
bad_cc(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)t;
	if (d->cc_count == 0)
		return false;
	if (!channel_replies_by_mail(d->row))
		return refuse(reason,
		    "cc goes by mail only: take it out, or write to each");
	if (d->cc_count > DRAFT_CC)
		return refuse(reason, "more than 50 in cc");
	if (d->automatic)
		return refuse(
		    reason, "an automatic reply goes to nobody in cc");
	for (size_t i = 0; p->workspace != NULL && i < d->cc_count; i++)
		if (workspace_our_email(p->workspace, d->cc[i].email)) {
			buf_printf(reason,
			    "cc: %.*s is one of our own addresses",
			    STR_ARG(d->cc[i].email));
			return true;
		}
	return false;
}

static bool
own_address(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)t;
	if (p->workspace == NULL)
		return false;
	if (!workspace_our_email(p->workspace, d->to.email) &&
	    !workspace_our_tel(p->workspace, d->to.tel) &&
	    !workspace_our_uri(p->workspace, d->to.uri))
		return false;
	return refuse(reason, "the recipient is one of our own addresses");
}

static bool
outside_header(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	const struct {
		const char *name;
		struct str s;
	} values[] = { { "subject", d->subject }, { "to.name", d->to.name },
		{ "from.name", d->from.name }, { "to", d->recipient },
		{ "from", d->from.email }, { "messageId", d->message_id },
		{ "threadId", d->thread_id }, { "account", d->account },
		{ "reply.idempotencyKey", d->key } };

	(void)p, (void)t;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (!mail_header_ok(values[i].s)) {
			buf_printf(reason,
			    "%s holds a line break or another control "
			    "character",
			    values[i].name);
			return true;
		}
	return false;
}

/* As it can stand on the envelope: its domain is in A-labels by now. */
static bool
bad_address(const char *which, struct str email, const struct transport *t,
    struct buf *reason)
{
	if (mail_address_ok(email))
		return false;
	if (!mail_address_utf8_ok(email)) {
		buf_printf(reason,
		    "%s'%.*s' is not an address that mail can be sent to",
		    which, STR_ARG(str_sub(email, 0, 254)));
		return true;
	}
	if (t->smtputf8)
		return false;
	buf_printf(reason,
	    "%s'%.*s' has letters beyond ASCII before the @, and %s does not "
	    "say 'smtputf8: true'",
	    which, STR_ARG(email), t->name);
	return true;
}

static bool
bad_mail(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	struct str from = d->from.email;

	(void)p;
	if (t->kind != TRANSPORT_SMTP)
		return false;
	if (bad_address("", d->to.email, t, reason))
		return true;
	for (size_t i = 0; i < d->cc_count; i++)
		if (!mail_header_ok(d->cc[i].name) ||
		    bad_address("cc: ", d->cc[i].email, t, reason)) {
			if (reason->n == 0)
				buf_add_z(reason,
				    "a name in cc holds a control character");
			return true;
		}
	if (from.n == 0)
		from = t->from;
	if (from.n == 0)
		return refuse(reason,
		    "no address of ours to send from: the transport's 'from' "
		    "gives one");
	if (!mail_address_ok(from) &&
	    !(t->smtputf8 && mail_address_utf8_ok(from))) {
		buf_printf(reason, "'%.*s' is not an address to send from",
		    STR_ARG(str_sub(from, 0, 254)));
		return true;
	}
	return false;
}

static bool
too_many_segments(
    const struct draft *d, const struct transport *t, struct buf *reason)
{
	int64_t max = t->max_segments > 0 ? t->max_segments : SMS_SEGMENTS;
	struct sms x;

	sms_measure(d->text, &x);
	if ((int64_t)x.segments <= max)
		return false;
	buf_printf(reason,
	    "the text takes %zu segments in the %s alphabet; %s takes %lld",
	    x.segments, x.ucs2 ? "UCS-2" : "GSM", t->name, (long long)max);
	return true;
}

static int64_t
length_of(struct str s, enum length_unit unit)
{
	return unit == IN_BYTES ? (int64_t)s.n : characters(s);
}

/* The body with its marks; where marks are tags the services count without. */
static int64_t
length_on_channel(
    const struct draft *d, const struct transport *t, enum length_unit unit)
{
	struct buf out;
	struct err e;
	int64_t n;

	if (t->kind == TRANSPORT_SMTP || t->markup == MARKUP_TEXT ||
	    t->markup == MARKUP_HTML || t->markup == MARKUP_TELEGRAM)
		return length_of(d->text, unit);
	buf_init(&out, 8 * MARKDOWN_MAX);
	n = draft_render(d, t->markup, &out, &e) < 0
		? INT64_MAX
		: length_of(buf_str(&out), unit);
	buf_release(&out);
	return n;
}

static bool
too_long(const struct draft *d, const struct transport *t, struct buf *reason)
{
	enum length_unit unit;
	int64_t max = channel_max(d->row, &unit), n;

	if (t->max_chars > 0) {
		max = t->max_chars;
		unit = IN_CHARACTERS;
	}
	n = length_on_channel(d, t, unit);
	if (n <= max)
		return false;
	buf_printf(reason, "the body has %lld %s; %.*s takes %lld",
	    (long long)n, unit == IN_BYTES ? "bytes" : "characters",
	    STR_ARG(d->channel), (long long)max);
	return true;
}

static bool
bad_body(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)p;
	if (str_trim(d->text).n == 0)
		return refuse(reason, "the body is empty");
	if (d->fill.n > 0 && str_find(d->text, d->fill) >= 0) {
		buf_printf(reason,
		    "'%.*s' still stands in the body: a person must replace it",
		    STR_ARG(utf8_cut(d->fill, 80)));
		return true;
	}
	if (memchr(d->text.p, '\0', d->text.n) != NULL)
		return refuse(reason, "the body holds a NUL");
	if (d->row != NULL && d->row->unit == IN_SEGMENTS)
		return too_many_segments(d, t, reason);
	return too_long(d, t, reason);
}

static bool
goes_to(const struct draft *d, struct str address)
{
	if (str_eq_nocase(address, d->to.email) || str_eq(address, d->to.tel) ||
	    str_eq(address, d->to.uri))
		return true;
	for (size_t i = 0; i < d->cc_count && i < DRAFT_CC; i++)
		if (str_eq_nocase(address, d->cc[i].email))
			return true;
	return false;
}

static void
say_bounced(
    struct buf *reason, struct json v, struct str address, struct arena *a)
{
	struct str code = json_str(json_get(v, "code"), a);
	struct str why = json_str(json_get(v, "reason"), a);

	buf_printf(reason, "the last message to %.*s came back, %.*s",
	    STR_ARG(utf8_cut(address, 254)),
	    STR_ARG(json_str(json_get(v, "at"), a)));
	if (code.n > 0 && str_find(why, code) < 0)
		buf_printf(reason, ", %.*s", STR_ARG(utf8_cut(code, 40)));
	if (why.n > 0)
		buf_printf(reason, ": %.*s", STR_ARG(utf8_cut(why, 200)));
}

/* The first other way that the draft offers. */
static void
say_offer(struct buf *reason, struct json offers, struct arena *a)
{
	static const char *const kinds[] = { "email", "tel", "uri" };
	struct json first = json_at(offers, 0), to = json_get(first, "to");
	struct str channel = json_str(json_get(first, "channel"), a);
	struct str address = STR_NONE;

	for (size_t i = 0; i < 3 && address.n == 0; i++)
		address = json_str(json_get(to, kinds[i]), a);
	if (channel.n > 0 && address.n > 0)
		buf_printf(reason, "; %.*s %.*s may work",
		    STR_ARG(utf8_cut(channel, 40)),
		    STR_ARG(utf8_cut(address, 254)));
}

/* An address that our last message came back from; whoever knows better
 * approves, or corrects the address. */
static bool
came_back(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	struct json_iter it = json_each(d->bounced);
	struct arena a = { 0 };
	struct json v;
	bool dead = false;

	(void)p, (void)t;
	if (!d->automatic && d->approved_by.n > 0)
		return false;
	while (!dead && json_next(&it, NULL, &v)) {
		struct str address = json_str(json_get(v, "address"), &a);

		dead = address.n > 0 && goes_to(d, address);
		if (dead) {
			say_bounced(reason, v, address, &a);
			say_offer(reason, d->offers, &a);
		}
	}
	arena_release(&a);
	return dead;
}

/* The workspace says who may, by queue. */
static bool
not_an_approver(
    const struct preflight *p, const struct draft *d, struct buf *reason)
{
	if (p->workspace == NULL ||
	    workspace_approves(p->workspace, d->queue, d->approval.by))
		return false;
	buf_printf(reason, "%.*s may not approve for %s%.*s (approvers)",
	    STR_ARG(utf8_cut(d->approval.by, 80)),
	    d->queue.n > 0 ? "the queue " : "drafts of no queue",
	    STR_ARG(utf8_cut(d->queue, 80)));
	return true;
}

static bool
stakes(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)p, (void)t;
	if (d->quarantined)
		return refuse(reason, "the conversation is quarantined");
	if (d->high_stakes && d->automatic)
		return refuse(reason,
		    "the stakes are high: no automatic reply, a person must "
		    "write it");
	if (d->approval.by.n > 0 && str_is(d->approval.of, d->content))
		return not_an_approver(p, d, reason);
	if (d->approval.by.n > 0 || d->approval.of.n > 0) {
		buf_printf(reason,
		    "what %.*s approved is another text, recipient, channel "
		    "or attachment: it needs a new approval",
		    STR_ARG(utf8_cut(d->approval.by, 80)));
		return true;
	}
	if (!d->high_stakes && !d->by_machine)
		return false;
	buf_printf(reason,
	    "%s: a person's approval of these words is needed (kith reply "
	    "--approve --by NAME)",
	    d->high_stakes ? "the stakes are high" : "a machine wrote it");
	return true;
}

static bool
opted_out(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)p, (void)t;
	return optedout_by_context(d, reason);
}

static bool
to_machine(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)p, (void)t;
	if (!d->automatic || !channel_replies_by_mail(d->row))
		return false;
	if (d->to_bulk)
		return refuse(reason,
		    "no automatic reply to a bounce or a list (RFC 3834)");
	if (!guard_no_reply(d->recipient))
		return false;
	buf_printf(reason, "no automatic reply to %.*s (RFC 3834)",
	    STR_ARG(d->recipient));
	return true;
}

/* Free text only answers; what a template says the service approved. */
static bool
window_closed(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	const struct channel *c = d->row;
	const char *member;

	(void)t;
	if (c == NULL || c->free_hours == 0 || d->approved_template)
		return false;
	if (d->answers_at == TIME_NONE)
		buf_printf(reason,
		    "when the customer last wrote on %s is not known "
		    "(reply.answersAt)",
		    c->about);
	else if (p->now - d->answers_at > c->free_hours * TIME_HOUR)
		buf_printf(reason,
		    "more than %d hours since the customer wrote on %s",
		    c->free_hours, c->about);
	else
		return false;
	member = c->template_member;
	if (member == NULL)
		buf_add_z(reason, ": nothing may be sent before they write");
	else
		buf_printf(
		    reason, ": only a template may be sent (reply.%s)", member);
	return true;
}

/* What a transport cannot send along is not left out. */
static bool
cannot_attach(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)p;
	if (d->file_count == 0)
		return false;
	for (size_t i = 0; i < d->file_count; i++)
		if (d->files[i].folder == NULL || d->files[i].sha256.n == 0 ||
		    !mail_header_ok(d->files[i].name)) {
			buf_printf(reason, "attachment '%.*s' is not here",
			    STR_ARG(str_sub(d->files[i].name, 0, 80)));
			return true;
		}
	if (t->kind == TRANSPORT_SMTP || t->attachments)
		return false;
	buf_printf(reason,
	    "the draft has attachments, and %s sends none: its file says "
	    "'attachments: true' where its body has .reply.attachments",
	    t->name);
	return true;
}

/* Nor are those who read along. */
static bool
cannot_copy(const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	(void)p;
	if (d->cc_count == 0 || t->kind == TRANSPORT_SMTP || t->cc)
		return false;
	buf_printf(reason,
	    "the draft has cc, and %s sends to its recipient alone: its file "
	    "says 'cc: true' where its body sends .cc",
	    t->name);
	return true;
}

/* The stakes come first: whoever reads one reason must read that one. */
static check *const first[] = { stakes, unreadable, no_address, own_address,
	bad_cc, outside_header, opted_out, came_back, to_machine, window_closed,
	NULL };
static check *const by_transport[] = { bad_mail, bad_body, cannot_copy,
	cannot_attach, NULL };

static bool
any(check *const *list, const struct preflight *p, const struct draft *d,
    const struct transport *t, struct buf *reason)
{
	for (; *list != NULL; list++)
		if ((*list)(p, d, t, reason))
			return true;
	return false;
}

static int
answered(const struct preflight *p, const struct draft *d, struct buf *reason,
    struct err *e)
{
	/* What came back is no answer; clocks differ. */
	int64_t since =
	    d->again == TIME_NONE ? TIME_NONE : d->again + TIME_MINUTE;
	int rc;

	/* A second answer on purpose is a person's to approve. */
	if (d->answers.n == 0 || (!d->automatic && d->approved_by.n > 0))
		return 1;
	rc = outbox_answered(p->outbox, d->answers, d->key, since, e);
	if (rc <= 0)
		return rc < 0 ? -1 : 1;
	buf_add_z(reason, "answered already, by another draft for the same "
			  "request");
	return 0;
}

static int
loops(const struct preflight *p, const struct draft *d, struct buf *reason,
    struct err *e)
{
	int64_t since = p->now - LOOP_MINUTES * TIME_MINUTE, count;
	int rc;

	if (!d->automatic)
		return 1;
	if (outbox_automatic(
		p->outbox, d->recipient, d->key, since, &count, e) < 0)
		return -1;
	if (count >= LOOP_MAX) {
		buf_printf(reason,
		    "a loop: %lld automatic replies to %.*s in %d minutes",
		    (long long)count, STR_ARG(d->recipient), LOOP_MINUTES);
		return 0;
	}
	if (count == 0 || d->subject.n == 0)
		return 1;
	rc = outbox_repeats(
	    p->outbox, d->recipient, d->subject, d->key, since, e);
	if (rc <= 0)
		return rc < 0 ? -1 : 1;
	buf_printf(reason,
	    "a loop: an automatic reply with this subject went to %.*s "
	    "within %d minutes",
	    STR_ARG(d->recipient), LOOP_MINUTES);
	return 0;
}

/* By the state, at this moment. */
static int
last_looks(const struct preflight *p, const struct draft *d, struct buf *reason,
    struct buf *remark, struct err *e)
{
	int rc = 1;

	/* Whether they want it at all comes before all else that they wrote. */
	if (p->people != NULL)
		rc = optedout_now(p->people, d, reason, remark, e);
	else
		optedout_remark(d, remark);
	if (p->people != NULL && rc == 1)
		rc = lastlook(p->people, p->state, p->now, d, reason, e);
	if (p->outbox != NULL && rc == 1)
		rc = answered(p, d, reason, e);
	if (p->outbox != NULL && rc == 1)
		rc = loops(p, d, reason, e);
	return rc;
}

int
preflight_check(const struct preflight *p, const struct draft *d,
    struct transport **transport, struct buf *reason, int64_t *until,
    struct err *e)
{
	struct buf remark;
	int rc;

	*until = TIME_NONE;
	buf_reset(reason);
	if (any(first, p, d, NULL, reason))
		return 0;
	*transport =
	    transports_find(p->transports, d->channel, d->account, d->service);
	if (*transport == NULL) {
		buf_printf(reason,
		    "no transport for %.*s: the workspace's transports folder "
		    "or --transport gives one",
		    STR_ARG(d->channel));
		return 0;
	}
	if (any(by_transport, p, d, *transport, reason))
		return 0;
	if (d->marketing && (d->row == NULL || d->row->rings) &&
	    !quiet_allows(d->zone, d->to.tel, p->now, reason, until))
		return 0;
	buf_init(&remark, REMARK_BYTES);
	rc = last_looks(p, d, reason, &remark, e);
	if (rc == 1)
		buf_add_str(reason, buf_str(&remark));
	buf_release(&remark);
	return rc;
}
