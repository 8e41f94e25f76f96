#include "reply/lastlook/optedout.h"

#include <limits.h>
#include <string.h>

#include "core/text/utf8.h"
#include "core/time.h"
#include "identify/keys.h"
#include "people/activity.h"
#include "people/timeline.h"
#include "record/consent/consents.h"
#include "record/fields.h"

/* What is done about it. */
enum finding { FINE, REMARKED, HELD, REFUSED };

/* What somebody said, under a key that is theirs and by who claims it. */
struct told {
	struct consents proved, claimed;
};

static bool
stands(const struct consent_kept *k)
{
	return k != NULL && k->said != CONSENT_IN;
}

static const struct consent_kept *
find(const struct told *t, const struct draft *d, enum purpose purpose)
{
	struct str channel =
	    channel_replies_by_mail(d->row) ? STR("email") : d->channel;

	return consents_stricter(consents_find(&t->proved, channel, purpose),
	    consents_find(&t->claimed, channel, purpose));
}

static bool
is_approved(const struct draft *d)
{
	return !d->automatic && d->approved_by.n > 0;
}

/* Of what is no solicitation; asked: when they asked what it answers. */
static enum finding
weigh_answer(const struct told *t, const struct draft *d, int64_t asked,
    const struct consent_kept **why)
{
	const struct consent_kept *service = find(t, d, PURPOSE_SERVICE);
	const struct consent_kept *marketing = find(t, d, PURPOSE_MARKETING);
	const struct consent_kept *k = stands(service) ? service : marketing;
	bool since = k != NULL && asked != TIME_NONE && asked > k->last;

	*why = k;
	if (!stands(k))
		return FINE;
	if (k->said == CONSENT_ASKED && d->automatic)
		return since && k != service ? REMARKED : HELD;
	if (k != service)
		return REMARKED;
	if (k->said == CONSENT_ASKED)
		return since || is_approved(d) ? REMARKED : HELD;
	/* The network keeps it back, whatever they asked. */
	if (d->row != NULL && d->row->stops && !k->row)
		return REFUSED;
	return since ? REMARKED : REFUSED;
}

static enum finding
weigh(const struct told *t, const struct draft *d, int64_t asked,
    const struct consent_kept **why)
{
	if (!d->marketing)
		return weigh_answer(t, d, asked, why);
	*why = find(t, d, PURPOSE_MARKETING);
	if (!stands(*why))
		return FINE;
	if ((*why)->said == CONSENT_OUT)
		return REFUSED;
	return is_approved(d) ? REMARKED : HELD;
}

static void
say_at(struct buf *out, int64_t t)
{
	char at[TIME_SIZE];

	if (t == TIME_NONE)
		return;
	time_format(t - t % TIME_SECOND, at);
	buf_printf(out, ", %s", at);
}

/* Their own words need no source. */
static bool
is_own(const char *source)
{
	static const char *const own[] = { "message", "subject",
		"unsubscribe address" };

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (strcmp(source, own[i]) == 0)
			return true;
	return false;
}

/* On one line, cut. */
static void
say_line(struct buf *out, const char *s)
{
	struct str cut = utf8_cut(str_of(s), CONSENT_WORDS);

	for (size_t i = 0; i < cut.n; i++)
		buf_add_char(
		    out, (unsigned char)cut.p[i] < ' ' ? ' ' : cut.p[i]);
}

/* In which words, and where they stand. */
static void
say_words(struct buf *out, const struct consent_kept *k)
{
	buf_add_z(out, ": ");
	say_line(out, k->words == NULL ? "by consent on file" : k->words);
	if (k->source == NULL || is_own(k->source))
		return;
	buf_add_z(out, " (");
	say_line(out, k->source);
	buf_add_char(out, ')');
}

static void
say(struct buf *out, enum finding f, const struct draft *d,
    const struct consent_kept *k, struct str who)
{
	if (f == REMARKED)
		buf_add_z(out, "an answer and nothing else: ");
	if (who.n > 0)
		buf_printf(out, "%.*s ", STR_ARG(utf8_cut(who, 80)));
	buf_printf(out, "%s%.*s",
	    k->said == CONSENT_ASKED          ? "asked not to be written to on "
	    : k->purpose == PURPOSE_MARKETING ? "opted out of solicitations by "
					      : "opted out of ",
	    STR_ARG(d->channel));
	say_at(out, k->at);
	if (f == HELD)
		buf_add_z(out, ": a person must look at it and approve");
	say_words(out, k);
}

static int64_t
asked_at(const struct draft *d)
{
	return d->answers.n > 0 ? d->answers_at : TIME_NONE;
}

static enum finding
by_context(const struct draft *d, enum finding least, struct buf *out)
{
	const struct consent_kept *why;
	struct told t = { 0 };
	struct arena a = { 0 };
	enum finding f;

	if (json_type(d->consent) != JSON_OBJECT)
		return FINE;
	consents_read(d->consent, &a, &t.proved);
	f = weigh(&t, d, asked_at(d), &why);
	if (f >= least)
		say(out, f, d, why, STR_NONE);
	consents_release(&t.proved);
	arena_release(&a);
	return f;
}

bool
optedout_by_context(const struct draft *d, struct buf *reason)
{
	return by_context(d, HELD, reason) >= HELD;
}

void
optedout_remark(const struct draft *d, struct buf *out)
{
	(void)by_context(d, REMARKED, out);
}

/* A look into the state. */
struct look {
	struct store *s;
	struct told told;
	struct consents *into; /* of these */
	struct record *r;
	struct buf line;
	struct arena a;
	struct buf *reason, *remark;
	struct err *e;
};

static void
see(void *arg, const struct store_message *m)
{
	struct consent_word words[ACTIVITY_WISHES];
	struct look *l = arg;
	struct err e;
	size_t n;

	if (str_is(m->type, "message")
		? !str_is(m->direction, "inbound")
		: !str_is(m->type, "event") && !str_is(m->type, "contact"))
		return;
	buf_reset(&l->line);
	timeline_record(m, &l->line);
	if (record_parse(l->r, buf_str(&l->line), &e) != 0)
		return;
	n = activity_consents(l->r, words);
	for (size_t i = 0; i < n; i++)
		if (m->quarantine.n == 0 || words[i].said != CONSENT_IN)
			consents_say(
			    l->into, &words[i], m->known, m->name, m->id);
}

static int
read_person(struct look *l, struct str person)
{
	struct store_cursor first = { .time = INT64_MIN },
			    end = { .time = INT64_MAX };

	return store_timeline(
		   l->s, person, &first, &end, INT_MAX, see, l, l->e) < 0
		   ? -1
		   : 0;
}

/* Whose key it is, and who claims to have it. */
static int
read_key(struct look *l, struct str key)
{
	struct str names[] = { key, ARENA_JOIN(&l->a, STR("?"), key) };
	char person[ID_SIZE];

	for (size_t i = 0; i < 2; i++) {
		int rc = store_who(l->s, names[i], person, l->e);

		l->into = i == 0 ? &l->told.proved : &l->told.claimed;
		if (rc == 1)
			rc = read_person(l, str_of(person));
		if (rc < 0)
			return -1;
	}
	return 0;
}

static struct str
key_of(const struct party *p, struct arena *a)
{
	struct str type, value;

	if (p->email.n > 0) {
		value = key_email(p->email, a);
		return value.n == 0 ? STR_NONE
				    : key_notation(STR("email"), value, a);
	}
	if (p->tel.n > 0)
		return key_notation(STR("tel"), p->tel, a);
	if (p->uri.n > 0 && key_of_uri(p->uri, &type, &value, a) == 0)
		return key_notation(type, value, a);
	return STR_NONE;
}

/* 1 where it may go to them. */
static int
look_at(
    struct look *l, const struct draft *d, const struct party *p, int64_t asked)
{
	struct str key = key_of(p, &l->a);
	const struct consent_kept *why;
	enum finding f;

	if (key.n > 0 && read_key(l, key) != 0)
		return -1;
	f = weigh(&l->told, d, asked, &why);
	if (f >= HELD || (f == REMARKED && p == &d->to))
		say(f >= HELD ? l->reason : l->remark, f, d, why,
		    party_address(p, d->row));
	consents_release(&l->told.proved);
	consents_release(&l->told.claimed);
	return f < HELD;
}

static int
look_at_all(struct look *l, const struct draft *d)
{
	struct str person = d->person;
	int rc = 1;

	if (person.n > 0) {
		l->into = &l->told.proved;
		if (store_stands_now(l->s, &person, l->e) < 0 ||
		    read_person(l, person) != 0)
			rc = -1;
	}
	if (rc == 1)
		rc = look_at(l, d, &d->to, asked_at(d));
	/* Who reads along asked for nothing. */
	for (size_t i = 0; rc == 1 && i < d->cc_count && i < DRAFT_CC; i++)
		rc = look_at(l, d, &d->cc[i], TIME_NONE);
	return rc;
}

int
optedout_now(struct store *s, const struct draft *d, struct buf *reason,
    struct buf *remark, struct err *e)
{
	struct look l = { .s = s,
		.r = record_new(),
		.reason = reason,
		.remark = remark,
		.e = e };
	int rc;

	buf_init(&l.line, 1 << 20);
	rc = look_at_all(&l, d);
	buf_release(&l.line);
	record_free(l.r);
	arena_release(&l.a);
	return rc;
}
