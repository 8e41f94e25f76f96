#include "reply/drafting/bounced.h"

#include "core/text/utf8.h"
#include "core/time.h"

enum { REASON = 200 }; /* bytes that are kept */

void
bounced_release(struct bounced *b)
{
	map_release(&b->index);
	vec_release(&b->all);
	arena_release(&b->arena);
}

static struct str
key_of(const uint64_t *hash)
{
	return str_make((const char *)hash, sizeof(*hash));
}

static struct bounce *
find(const struct bounced *b, uint64_t hash)
{
	const uint64_t *at = map_get(&b->index, key_of(&hash));

	return at == NULL ? NULL : &b->all.v[*at];
}

static void
revive(struct bounced *b, struct str address, struct arena *a)
{
	struct bounce *x =
	    address.n == 0 ? NULL : find(b, last_address_hash(address, a));

	if (x != NULL)
		x->at = TIME_NONE;
}

static struct str
kept(struct bounced *b, struct json v, struct arena *a)
{
	struct str s = json_str(v, a);

	return s.n == 0 ? STR_NONE : arena_dup(&b->arena, utf8_cut(s, REASON));
}

static void
bury(struct bounced *b, uint64_t hash, struct record *r)
{
	struct json data = record_get(r, "data");
	bool fresh;
	uint64_t *at = map_put(&b->index, key_of(&hash), &fresh);

	if (fresh) {
		*at = b->all.n;
		vec_add(&b->all, (struct bounce){ 0 });
	}
	b->all.v[*at] = (struct bounce){
		.at = record_time(r),
		.code = kept(b, json_get(data, "code"), record_arena(r)),
		.reason = kept(b, json_get(data, "reason"), record_arena(r)),
	};
}

/* Of those that the receipt names, whom the answer went to. */
static void
bury_all(struct bounced *b, struct record *r, const struct last_answer *x)
{
	struct json list = json_get(record_get(r, "data"), "recipients"), v;
	struct json_iter it = json_each(list);

	if (list.doc == NULL && x->to != 0)
		bury(b, x->to, r);
	while (json_next(&it, NULL, &v)) {
		uint64_t hash = last_address_hash(
		    json_str(v, record_arena(r)), record_arena(r));

		if (last_went_to(x, hash))
			bury(b, hash, r);
	}
}

/* Whoever wrote, or got what we wrote. */
static void
revive_all(struct bounced *b, struct record *r)
{
	static const char *const members[] = { "email", "tel", "uri" };
	struct arena *a = record_arena(r);
	struct receipt receipt;
	struct json_iter it;
	struct json v;

	if (record_receipt(r, &receipt)) {
		it = json_each(receipt.recipients);
		while ((receipt.status == RECEIPT_DELIVERED ||
			   receipt.status == RECEIPT_READ) &&
		       json_next(&it, NULL, &v))
			revive(b, json_str(v, a), a);
		return;
	}
	if (!record_is(r, "direction", "inbound") ||
	    record_has_keyword(r, "bounce") ||
	    record_get(r, "quarantine").doc != NULL)
		return;
	for (size_t i = 0; i < 3; i++)
		revive(b,
		    json_str(json_get(record_get(r, "from"), members[i]), a),
		    a);
}

void
bounced_learn(struct bounced *b, struct record *r, const struct standings *t,
    const struct answered *answered)
{
	for (size_t i = 0; i < answered->taken_back_n; i++)
		bury_all(b, r, &t->answers.v[answered->taken_back[i]]);
	if (b->all.n > 0 && answered->taken_back_n == 0)
		revive_all(b, r);
}

const struct bounce *
bounced_find(const struct bounced *b, struct str address, struct arena *a)
{
	const struct bounce *x = b->all.n == 0 || address.n == 0
				     ? NULL
				     : find(b, last_address_hash(address, a));

	return x == NULL || x->at == TIME_NONE ? NULL : x;
}

void
bounce_write(struct writer *w, struct str address, const struct bounce *b)
{
	write_object(w);
	write_member(w, "address", address);
	write_member_time(w, "at", b->at);
	write_member(w, "code", b->code);
	write_member(w, "reason", b->reason);
	write_object_end(w);
}
