#include "reply/lastlook/dead.h"

#include "core/text/utf8.h"
#include "core/time.h"
#include "json/json.h"
#include "text/unicode.h"

enum { FIRST = 0, ADDRESS = 254 /* bytes of one that is told */ };

static const struct party *
party_at(const struct draft *d, size_t i)
{
	return i == FIRST ? &d->to : &d->cc[i - 1];
}

static size_t
parties(const struct draft *d)
{
	return 1 + (d->cc_count < DRAFT_CC ? d->cc_count : DRAFT_CC);
}

static bool
is_at(const struct party *p, struct str address, struct arena *a)
{
	return address.n > 0 &&
	       (str_eq_nocase(idna_address(address, a), p->email) ||
		   str_eq(address, p->tel) || str_eq(address, p->uri));
}

/* It says itself that the address is dead, and since then or later. */
static bool
knew(
    const struct draft *d, const struct party *p, int64_t time, struct arena *a)
{
	struct json_iter it = json_each(d->bounced);
	struct json v;
	int64_t at;

	while (json_next(&it, NULL, &v))
		if (is_at(p, json_str(json_get(v, "address"), a), a) &&
		    time_parse(json_str(json_get(v, "at"), a), &at) == 0 &&
		    at >= time - time % TIME_SECOND)
			return true;
	return false;
}

static void
note(struct dead *x, size_t i, int64_t time, bool failed, struct arena *a)
{
	if (!failed)
		x->since[i] = 0;
	else if (!knew(x->d, party_at(x->d, i), time, a))
		x->since[i] = time;
}

/* What a receipt says of the draft's addresses. */
static void
see_receipt(
    struct dead *x, const struct store_message *m, struct json data, bool here)
{
	struct json status = json_get(data, "status");
	struct json list = json_get(data, "recipients"), v;
	bool failed = json_is(status, "failed");
	struct json_iter it = json_each(list);
	struct arena a = { 0 };

	if (!failed && !json_is(status, "delivered") &&
	    !json_is(status, "read"))
		return;
	while (json_next(&it, NULL, &v))
		for (size_t i = 0; i < parties(x->d); i++)
			if (is_at(party_at(x->d, i), json_str(v, &a), &a))
				note(x, i, m->time, failed, &a);
	if (list.doc == NULL && here && str_eq(m->channel, x->d->channel))
		note(x, FIRST, m->time, failed, &a);
	arena_release(&a);
}

/* Whoever writes from there reads there. */
static void
see_author(struct dead *x, const struct store_message *m)
{
	struct str address =
	    str_sub(m->key, (size_t)(str_chr(m->key, ':') + 1), m->key.n);
	struct arena a = { 0 };

	for (size_t i = 0; i < parties(x->d); i++)
		if (x->since[i] != 0 && is_at(party_at(x->d, i), address, &a))
			x->since[i] = 0;
	arena_release(&a);
}

void
dead_see(struct dead *x, const struct store_message *m, bool here)
{
	struct json_doc *doc;
	struct json data;
	struct err e;

	if ((m->flags & STORE_RECEIPT) == 0) {
		if (str_is(m->direction, "inbound") && m->quarantine.n == 0)
			see_author(x, m);
		return;
	}
	doc = json_doc_new();
	if (m->data.n > 0 && json_parse_copy(doc, m->data, &data, &e) == 0)
		see_receipt(x, m, data, here);
	json_doc_free(doc);
}

void
dead_say(const struct dead *x, struct buf *reason)
{
	for (size_t i = 0; i < parties(x->d) && reason->n == 0; i++) {
		const struct party *p = party_at(x->d, i);
		struct str address = p->email.n > 0 ? p->email
				     : p->tel.n > 0 ? p->tel
						    : p->uri;
		char at[TIME_SIZE];

		if (x->since[i] == 0)
			continue;
		time_format(x->since[i] - x->since[i] % TIME_SECOND, at);
		buf_printf(reason,
		    "what went to %.*s came back after this was drafted, %s",
		    STR_ARG(utf8_cut(address, ADDRESS)), at);
	}
}
