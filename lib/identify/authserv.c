#include "identify/authserv.h"

#include <string.h>

#include "core/buf.h"
#include "core/diag.h"
#include "identify/authres.h"
#include "record/channels.h"
#include "record/fields.h"

static bool
holds(const struct str *ids, size_t n, struct str id)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(ids[i], id))
			return true;
	return false;
}

/* Those of the first mail. */
static void
take(struct authserv *s, const struct str *ids, size_t n)
{
	for (size_t i = 0; i < n && s->n < AUTHSERV_IDS; i++)
		if (ids[i].n < AUTHSERV_BYTES && !holds(ids, i, ids[i])) {
			memcpy(s->ids[s->n], ids[i].p, ids[i].n);
			s->ids[s->n++][ids[i].n] = '\0';
		}
}

/* What another mail does not have falls out. */
static void
keep(struct authserv *s, const struct str *ids, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n; i++)
		if (holds(ids, n, str_of(s->ids[i])))
			memmove(s->ids[kept++], s->ids[i], AUTHSERV_BYTES);
	s->n = kept;
}

void
authserv_see(struct authserv *s, struct record *r, const struct workspace *c)
{
	struct str ids[AUTHRES_FIELDS];
	size_t n;

	if ((s->settled && (s->inbound > 0 || c->authserv.n > 0)) ||
	    !channel_is_mail(channel_named(record_str(r, "channel"))) ||
	    !record_is(r, "type", "message") ||
	    !record_is(r, "direction", "inbound"))
		return;
	s->inbound++;
	if (s->settled)
		return;
	n = auth_servers(
	    json_get(record_get(r, "data"), "authenticationResults"),
	    record_arena(r), ids);
	for (size_t i = 0; i < n; i++)
		s->settled |= auth_is_believed(ids[i], c);
	if (s->mails++ == 0)
		take(s, ids, n);
	else
		keep(s, ids, n);
	s->settled |= s->n == 0;
}

void
authserv_unsure(struct authserv *s, struct str by)
{
	if (s->unsure[0] == '\0' && by.n > 0 && by.n < AUTHSERV_BYTES)
		memcpy(s->unsure, by.p, by.n);
}

static void
warn_unsure(const struct authserv *s, const struct workspace *c)
{
	/* Where the workspace is not given, it knows of no us. */
	if (s->unsure[0] != '\0' && c->emails.n + c->domains.n > 0)
		diag(DIAG_NOTE, c->path,
		    "%s had mail from us from outside, and it counts as ours: "
		    "so does what somebody else sends under our name, unless "
		    "you write authserv: [%s], or how your server calls itself "
		    "in Authentication-Results",
		    s->unsure, s->unsure);
}

void
authserv_warn(const struct authserv *s, const struct workspace *c)
{
	struct buf text;

	warn_unsure(s, c);
	if (s->settled || s->n == 0) {
		if (s->inbound > 0 && c->authserv.n == 0 && !c->verify)
			diag(DIAG_INFO, c->path,
			    "no sender of mail is verified, so mail joins "
			    "nobody: write authserv: [YOUR SERVER], or verify: "
			    "true");
		return;
	}
	buf_init(&text, 1024);
	buf_printf(&text, "%s says in ", s->ids[0]);
	if (s->mails == 1) {
		buf_add_z(&text, "the mail that came in who sent it");
	} else {
		buf_add_z(&text, "all ");
		buf_add_count(&text, s->mails);
		buf_add_z(&text, " mails that came in who sent them");
	}
	diag(DIAG_WARN, c->path,
	    "%s, and is not believed: is that your server? then write "
	    "authserv: [%s]",
	    buf_cstr(&text), s->ids[0]);
	buf_release(&text);
}
