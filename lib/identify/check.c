#include "identify/check.h"

#include "record/native.h"

/* The mail as it came; false where the record does not have it. */
static bool
raw_of(struct record *r, struct str *out)
{
	struct err e;

	return native_bytes(
		   record_get(r, "native"), record_arena(r), out, &e) == 0;
}

/* Made of what a program kept of a mail: what was signed is not there. */
static bool
is_remade(struct record *r)
{
	return json_type(json_get(record_get(r, "native"), "remade")) ==
	       JSON_TRUE;
}

static enum auth_verdict
verdict(const struct verified *v)
{
	if (v->dmarc == WORD_PASS)
		return AUTH_PASS;
	if (v->dmarc == WORD_FAIL)
		return AUTH_FAIL;
	/* Where the DNS could not say, a signature speaks for itself. */
	if (v->dkim_vouches || v->spf_vouches)
		return AUTH_PASS;
	return auth_words_fail(
		   word_text(v->spf), word_text(v->dkim), word_text(v->dmarc))
		   ? AUTH_FAIL
		   : AUTH_NOTHING;
}

static bool
says_nothing(const struct verified *v)
{
	return v->spf == WORD_NONE && v->dkim == WORD_NONE &&
	       v->dmarc == WORD_NONE && v->arc == WORD_NONE;
}

void
check_sender(
    struct record *r, struct verifier *v, struct str domain, struct auth *auth)
{
	struct verified found = { WORD_NONE, WORD_NONE, WORD_NONE, WORD_NONE };
	bool offline = verifier_is_offline(v);
	struct str raw;

	if (auth->verdict != AUTH_NOTHING || is_remade(r))
		return;
	if (json_type(record_get(r, "native")) == JSON_NONE ||
	    (!offline && !raw_of(r, &raw)))
		verifier_missing(v);
	else if (!offline)
		verifier_check(v, raw, domain, &found);
	if (says_nothing(&found) && auth->by.p != NULL)
		return;
	*auth = (struct auth){ .spf = word_text(found.spf),
		.dkim = word_text(found.dkim),
		.dmarc = word_text(found.dmarc),
		.arc = word_text(found.arc),
		.by = STR(CHECK_BY),
		.odd = auth->odd,
		.own = true,
		.outside = found.outside,
		.verdict = verdict(&found) };
}

void
check_prepare(struct record *r, struct verifier *v, struct str domain)
{
	struct str raw;

	if (!is_remade(r) && raw_of(r, &raw))
		verifier_foresee(v, raw, domain);
}
