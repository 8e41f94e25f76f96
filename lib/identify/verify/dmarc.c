#include "identify/verify/dmarc.h"

#include "core/text/ascii.h"
#include "identify/verify/taglist.h"

/* A policy record, or that there is none. */
struct policy {
	enum auth_word
	    word; /* PASS: the rest counts; NONE; PENDING; TEMPERROR */
	struct str at; /* the domain that it was found at */
	char psd; /* y, n, or u */
	bool usable; /* p= makes sense, or rua= lets it count as none */
	enum dmarc_policy p, sp, np;
	bool strict_dkim, strict_spf, testing;
};

static size_t
labels(struct str domain)
{
	size_t n = domain.n > 0;

	for (size_t i = 0; i < domain.n; i++)
		n += domain.p[i] == '.';
	return n;
}

/* The domain above; absent above a top label. */
static struct str
above(struct str domain)
{
	struct str rest = domain;

	(void)str_split(&rest, '.');
	return rest;
}

static bool
read_policy_word(struct str s, enum dmarc_policy *out)
{
	if (str_eq_nocase(s, STR("none")))
		*out = DMARC_NONE;
	else if (str_eq_nocase(s, STR("quarantine")))
		*out = DMARC_QUARANTINE;
	else if (str_eq_nocase(s, STR("reject")))
		*out = DMARC_REJECT;
	else
		return false;
	return true;
}

/* p=, sp= and np= (4.7): where one is wrong all of it counts as none, if
 * reports are asked for, and else not at all. */
static void
read_policies(const struct taglist *tags, struct policy *out)
{
	struct str p = taglist_get(tags, "p"), sp = taglist_get(tags, "sp");
	struct str np = taglist_get(tags, "np");
	bool good = true;

	/* Where nothing is said nothing is asked for. */
	out->p = DMARC_NONE;
	if (p.p != NULL)
		good = read_policy_word(p, &out->p);
	out->sp = out->p;
	if (sp.p != NULL)
		good &= read_policy_word(sp, &out->sp);
	out->np = out->sp;
	if (np.p != NULL)
		good &= read_policy_word(np, &out->np);
	out->usable = good;
	if (good)
		return;
	out->p = out->sp = out->np = DMARC_NONE;
	out->usable =
	    str_find_nocase(taglist_get(tags, "rua"), STR("mailto:")) >= 0;
}

/* "v=DMARC1" first, exactly so (4.7). */
static bool
is_policy(struct str text, struct taglist *tags)
{
	struct str rest = text;
	struct str first = str_split(&rest, ';'), value = first;
	struct str name = str_trim(str_split(&value, '='));

	/* What is wrong further on spoils only what it says. */
	return str_is(name, "v") && value.p != NULL &&
	       str_is(str_trim(value), "DMARC1") &&
	       (taglist_read(text, tags) == 0 || (tags->n > 0));
}

static void
read_record(struct str text, struct policy *out)
{
	struct taglist tags;
	struct str psd, adkim, aspf;

	if (!is_policy(text, &tags))
		return;
	psd = taglist_get(&tags, "psd");
	adkim = taglist_get(&tags, "adkim");
	aspf = taglist_get(&tags, "aspf");
	read_policies(&tags, out);
	out->psd = str_eq_nocase(psd, STR("y"))   ? 'y'
		   : str_eq_nocase(psd, STR("n")) ? 'n'
						  : 'u';
	out->strict_dkim = str_eq_nocase(adkim, STR("s"));
	out->strict_spf = str_eq_nocase(aspf, STR("s"));
	out->testing = str_eq_nocase(taglist_get(&tags, "t"), STR("y"));
}

/* The record at a domain: one, or else none counts. */
static void
find(struct dns *d, struct str domain, struct arena *a, struct policy *out)
{
	const struct dns_answer *answer = dns_ask(
	    d, arena_printf(a, "_dmarc.%.*s", STR_ARG(domain)), DNS_TXT);
	struct taglist tags;
	size_t found = 0;

	*out = (struct policy){ .word = WORD_NONE, .at = domain };
	if (answer->status == DNS_PENDING || answer->status == DNS_FAILED) {
		out->word = answer->status == DNS_PENDING ? WORD_PENDING
							  : WORD_TEMPERROR;
		return;
	}
	for (size_t i = 0; i < answer->n; i++) {
		if (!is_policy(answer->v[i], &tags))
			continue;
		found++;
		read_record(answer->v[i], out);
	}
	if (found == 1)
		out->word = WORD_PASS;
}

/* The walk's next domain: one label less, and of long names seven are left
 * (4.10, steps 4 and 5). */
static struct str
next_up(struct str domain, bool first)
{
	struct str up = above(domain);

	while (first && labels(up) >= DMARC_WALK)
		up = above(up);
	return up;
}

/* The last n labels of a domain. */
static struct str
last_labels(struct str domain, size_t n)
{
	while (labels(domain) > n)
		domain = above(domain);
	return domain;
}

/*
 * The organizational domain (4.10.2), and the record that stands there or at
 * the public suffix above it.  PASS where the walk came to its end.
 */
struct walk {
	enum auth_word word; /* PASS; PENDING; TEMPERROR */
	struct str organization;
	struct policy record, suffix; /* word NONE without one */
};

static void
walk(struct dns *d, struct str domain, struct arena *a, struct walk *out)
{
	struct str at = domain;

	*out = (struct walk){ .word = WORD_PASS, .organization = domain };
	out->record.word = out->suffix.word = WORD_NONE;
	for (bool first = true; at.n > 0; first = false) {
		struct policy p;

		find(d, at, a, &p);
		if (p.word == WORD_PENDING || p.word == WORD_TEMPERROR) {
			out->word = p.word;
			return;
		}
		if (p.word == WORD_PASS && p.psd == 'y' && !first) {
			/* One label below the suffix. */
			out->organization = last_labels(domain, labels(at) + 1);
			if (!str_eq(out->record.at, out->organization))
				out->record.word = WORD_NONE;
			out->suffix = p;
			return;
		}
		if (p.word == WORD_PASS) {
			out->organization = at;
			out->record = p;
			if (p.psd == 'n' || p.psd == 'y')
				return;
		}
		at = next_up(at, first);
	}
}

/* Relaxed alignment (4.4.1). */
static bool
same_organization(struct dns *d, struct str one, struct str other,
    const struct walk *of_one, struct arena *a, enum auth_word *word)
{
	struct walk w;

	if (str_eq_nocase(one, other))
		return true;
	walk(d, other, a, &w);
	if (w.word != WORD_PASS) {
		*word = w.word;
		return false;
	}
	return str_eq_nocase(w.organization, of_one->organization);
}

/* The policy for the mail (4.10.1): the author domain's, the organization's,
 * the public suffix's. */
static const struct policy *
choose(const struct policy *own, const struct walk *w)
{
	if (own->word == WORD_PASS)
		return own;
	if (w->record.word == WORD_PASS)
		return &w->record;
	return w->suffix.word == WORD_PASS ? &w->suffix : NULL;
}

/* Is there no such name at all?  Of the walk's first question the answer on
 * the domain itself is not known. */
static enum auth_word
exists(struct dns *d, struct str domain, bool *out)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_MX };

	for (size_t i = 0; i < 3; i++) {
		const struct dns_answer *answer = dns_ask(d, domain, types[i]);

		if (answer->status == DNS_PENDING)
			return WORD_PENDING;
		*out = answer->status != DNS_NO_NAME;
		if (!*out || answer->status == DNS_FOUND)
			return WORD_PASS;
	}
	return WORD_PASS;
}

static enum auth_word
ask_for(struct dns *d, const struct policy *p, struct str author,
    enum dmarc_policy *out)
{
	bool there = true;

	*out = p->p;
	if (!str_eq_nocase(p->at, author)) {
		if (p->np != p->sp && exists(d, author, &there) == WORD_PENDING)
			return WORD_PENDING;
		*out = there ? p->sp : p->np;
	}
	/* In a test one step less is asked for. */
	if (p->testing && *out != DMARC_NONE)
		*out = *out == DMARC_REJECT ? DMARC_QUARANTINE : DMARC_NONE;
	return WORD_FAIL;
}

/* Identifiers that pass and are the author's own (4.4). */
struct aligned {
	bool spf, dkim;
	bool pending, later; /* more may come */
};

/* One identifier: true where it passes and is aligned.  What may come to pass
 * counts only where it would be. */
static bool
align_one(struct dns *d, const struct dmarc_mail *mail, enum auth_word word,
    struct str domain, bool strict, const struct walk *w, struct arena *a,
    struct aligned *out)
{
	enum auth_word walked = WORD_PASS;
	bool aligned;

	if (domain.n == 0 || (word != WORD_PASS && word != WORD_PENDING &&
				 word != WORD_TEMPERROR))
		return false;
	aligned =
	    strict ? str_eq_nocase(domain, mail->author)
		   : same_organization(d, mail->author, domain, w, a, &walked);
	out->pending |=
	    walked == WORD_PENDING || (aligned && word == WORD_PENDING);
	out->later |=
	    walked == WORD_TEMPERROR || (aligned && word == WORD_TEMPERROR);
	return aligned && word == WORD_PASS;
}

static void
align(struct dns *d, const struct dmarc_mail *mail, const struct policy *p,
    const struct walk *w, struct arena *a, struct aligned *out)
{
	*out = (struct aligned){ 0 };
	out->spf = align_one(
	    d, mail, mail->spf, mail->spf_domain, p->strict_spf, w, a, out);
	for (size_t i = 0; i < mail->dkim->n; i++)
		out->dkim |= align_one(d, mail, mail->dkim->v[i].word,
		    mail->dkim->v[i].domain, p->strict_dkim, w, a, out);
}

void
dmarc_check(struct dns *d, const struct dmarc_mail *mail, struct arena *a,
    struct dmarc *out)
{
	const struct policy *p;
	struct policy own;
	struct aligned found;
	struct walk w;

	*out = (struct dmarc){ .word = WORD_NONE };
	find(d, mail->author, a, &own);
	walk(d, mail->author, a, &w);
	if (own.word == WORD_PENDING || w.word == WORD_PENDING) {
		out->word = WORD_PENDING;
		return;
	}
	if (own.word == WORD_TEMPERROR || w.word == WORD_TEMPERROR) {
		out->word = WORD_TEMPERROR;
		return;
	}
	p = choose(&own, &w);
	if (p == NULL || !p->usable)
		return;
	align(d, mail, p, &w, a, &found);
	out->spf_aligned = found.spf;
	out->dkim_aligned = found.dkim;
	if (found.spf || found.dkim)
		out->word = WORD_PASS;
	else if (found.pending)
		out->word = WORD_PENDING;
	else if (found.later)
		out->word = WORD_TEMPERROR;
	else
		out->word = ask_for(d, p, mail->author, &out->policy);
}
