/*
 * What became of a mail that was sent: Exchange keeps what a server said of a
 * recipient as properties of these, and Outlook a receipt as a class.  Both
 * become the part that RFC 3464 and RFC 8098 have for it.
 */
#include "core/text/ascii.h"
#include "source/msg/message.h"

enum { WORDS = 900 /* bytes of a server's, on one line */ };

static const struct kind {
	const char *end; /* of the class, behind REPORT. and what was sent */
	const char *type, *action;
	const char *status; /* where the server says none; NULL: a receipt */
} kinds[] = {
	{ ".NDR", "delivery-status", "failed", "5.0.0" },
	{ ".DR", "delivery-status", "delivered", "2.0.0" },
	{ ".DELAYED.DR", "delivery-status", "delayed", "4.0.0" },
	{ ".IPNRN", "disposition-notification", "displayed", NULL },
	{ ".IPNNRN", "disposition-notification", "deleted", NULL },
};

static const struct kind *
kind_of(const struct mapi *m)
{
	struct str class = mapi_line(m, MAPI_CLASS);
	const struct kind *found = NULL;

	if (!str_starts_nocase(class, STR("REPORT.")))
		return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_ends_nocase(class, str_of(kinds[i].end)))
			found = &kinds[i];
	return found;
}

const char *
msg_report_type(const struct mapi *m)
{
	const struct kind *k = kind_of(m);

	return k == NULL ? NULL : k->type;
}

/* "5.1.1" within what a server said (RFC 3463, 2); absent. */
static struct str
status_in(struct str s)
{
	for (size_t i = 0; i + 5 <= s.n; i++) {
		size_t n = i + 2, from;

		if (strchr("245", s.p[i]) == NULL || s.p[i + 1] != '.' ||
		    (i > 0 &&
			(ascii_is_digit(s.p[i - 1]) || s.p[i - 1] == '.')))
			continue;
		for (from = n; n < s.n && ascii_is_digit(s.p[n]);)
			n++;
		if (n == from || n - from > 3 || n + 1 >= s.n || s.p[n] != '.')
			continue;
		for (from = ++n; n < s.n && ascii_is_digit(s.p[n]);)
			n++;
		if (n > from && n - from <= 3 && (n == s.n || s.p[n] != '.'))
			return str_sub(s, i, n - i);
	}
	return STR_NONE;
}

static void
put_recipient(struct buf *out, const struct kind *k, const struct mapi *r)
{
	struct str to = mapi_line(r, MAPI_SMTP_ADDRESS);
	struct str said = mapi_line(r, MAPI_SUPPLEMENT), status;

	if (!mail_address_utf8_ok(to))
		to = mapi_line(r, MAPI_ADDRESS);
	if (!mail_address_utf8_ok(to))
		return;
	if (said.p == NULL)
		said = mapi_line(r, MAPI_REPORT_TEXT);
	status = status_in(said);
	if (status.p == NULL)
		status = str_of(k->status);
	buf_printf(out,
	    "\r\nFinal-Recipient: rfc822; %.*s\r\nAction: %s\r\n"
	    "Status: %.*s\r\n",
	    STR_ARG(to), k->action, STR_ARG(status));
	if (said.p != NULL)
		buf_printf(out, "Diagnostic-Code: smtp; %.*s\r\n",
		    STR_ARG(str_sub(said, 0, WORDS)));
}

static void
put_delivery(struct buf *out, const struct kind *k, const struct mapi *m)
{
	const struct cfb *c = &m->file->cfb;
	struct str server = mapi_line(m, MAPI_REPORTING_SERVER);
	int at;

	buf_printf(out, "Reporting-MTA: dns; %.*s\r\n",
	    STR_ARG(
		server.p == NULL ? STR("unknown") : str_sub(server, 0, WORDS)));
	for (size_t i = 0; i < MSG_RECIPIENTS &&
			   (at = cfb_child(c, m->storage,
				STR("__recip_version1.0_#"), i)) != CFB_NONE;
	     i++) {
		struct mapi r;

		mapi_open(&r, m->file, at, MAPI_PART, m->page);
		put_recipient(out, k, &r);
	}
}

/* Who has read it is who sends the receipt. */
static void
put_receipt(struct buf *out, const struct kind *k, const struct mapi *m)
{
	struct str by = mapi_line(m, MAPI_SENDER_SMTP);
	struct str of = mapi_line(m, MAPI_ORIGINAL_ID);

	if (!mail_address_utf8_ok(by))
		by = mapi_line(m, MAPI_SENDER_ADDRESS);
	if (mail_address_utf8_ok(by))
		buf_printf(
		    out, "Final-Recipient: rfc822; %.*s\r\n", STR_ARG(by));
	if (of.p != NULL)
		buf_printf(out, "Original-Message-ID: %.*s\r\n",
		    STR_ARG(str_sub(of, 0, WORDS)));
	buf_printf(out, "Disposition: manual-action/MDN-sent-manually; %s\r\n",
	    k->action);
}

void
msg_put_report(struct buf *out, const struct mapi *m)
{
	const struct kind *k = kind_of(m);

	buf_printf(out,
	    "Content-Type: message/%s\r\n"
	    "Content-Transfer-Encoding: 8bit\r\n\r\n",
	    k->type);
	if (k->status != NULL)
		put_delivery(out, k, m);
	else
		put_receipt(out, k, m);
}
