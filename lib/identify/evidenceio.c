#include "identify/evidence.h"
#include "json/escape.h"
#include "json/write.h"
#include "record/fields.h"

static char *
piece(char *p, const char *s, size_t n)
{
	memcpy(p, s, n);
	return p + n;
}
#define PIECE(p, lit) piece((p), "" lit, sizeof(lit) - 1)

/* Results are words in the grammar's sense, but a server may write anything. */
static void
put_word(struct buf *out, const char *name, size_t n, struct str v, bool *first)
{
	char *p;

	if (v.p == NULL)
		return;
	p = buf_room(out, n + 2);
	if (p == NULL)
		return;
	*p++ = *first ? '{' : ',';
	memcpy(p, name, n);
	out->n += n + 1;
	*first = false;
	json_escape(out, v);
	buf_add_char(out, '"');
}
#define PUT_WORD(out, name, v, first) \
	put_word((out), "\"" name "\":\"", sizeof(name) + 3, (v), (first))

static void
put_auth(struct record *r, const struct auth *auth)
{
	struct buf *out;
	bool first = true;

	if (auth->by.p == NULL) {
		record_drop(r, "auth");
		return;
	}
	out = record_put(r, "auth")->out;
	PUT_WORD(out, "spf", auth->spf, &first);
	PUT_WORD(out, "dkim", auth->dkim, &first);
	PUT_WORD(out, "dmarc", auth->dmarc, &first);
	PUT_WORD(out, "arc", auth->arc, &first);
	PUT_WORD(out, "by", auth->by, &first);
	PUT_WORD(out, "odd", auth->odd, &first);
	if (record_get(r, "direction").doc != NULL &&
	    !record_is(r, "direction", "inbound") && auth_is_ours(auth))
		PUT_WORD(out, "author", STR("pass"), &first);
	buf_add_char(out, '}');
	record_put_end(r);
}

/* One entry; all but the value are words of ours, which need no escapes. */
static void
put_entry(struct buf *out, const struct evidence *e, bool first)
{
	const char *trust = trust_name(e->trust);
	size_t t = strlen(trust);
	char *p = buf_room(out, e->type.n + 32), *from = p;

	if (p == NULL)
		return;
	p = first ? PIECE(p, "{\"type\":\"") : PIECE(p, ",{\"type\":\"");
	p = piece(p, e->type.p, e->type.n);
	p = PIECE(p, "\",\"value\":\"");
	out->n += (size_t)(p - from);
	json_escape(out, e->value);
	p = from = buf_room(out, t + e->from.n + 32);
	if (p == NULL)
		return;
	p = PIECE(p, "\",\"trust\":\"");
	p = piece(p, trust, t);
	p = PIECE(p, "\",\"from\":\"");
	p = piece(p, e->from.p, e->from.n);
	p = PIECE(p, "\"}");
	out->n += (size_t)(p - from);
}

void
evidence_put(
    struct record *r, const struct evidence_list *list, const struct auth *auth)
{
	struct writer *w;

	put_auth(r, auth);
	if (list->n == 0) {
		record_drop(r, "ids");
		return;
	}
	w = record_put(r, "ids");
	write_list(w);
	for (size_t i = 0; i < list->n; i++)
		put_entry(w->out, &list->v[i], i == 0);
	write_list_end(w);
	record_put_end(r);
}

void
evidence_read(struct record *r, struct evidence_list *out)
{
	struct ids it = ids_each(record_get(r, "ids"), record_arena(r));
	struct evidence e;

	out->n = 0;
	while (out->n < EVIDENCE_MAX && ids_next(&it, &e))
		if (e.type.n + e.value.n < KEY_MAX && e.trust != TRUST_UNKNOWN)
			out->v[out->n++] = e;
}

void
evidence_read_merged(struct record *r, struct evidence_list *out)
{
	struct json_iter it = json_each(record_get(r, "claims"));
	struct arena *a = record_arena(r);
	struct json v;

	evidence_read(r, out);
	while (json_next(&it, NULL, &v)) {
		struct str key = json_str(json_get(v, "key"), a);
		struct str type = str_split(&key, ':');

		for (size_t i = 0; i < out->n; i++)
			if (trust_joins(out->v[i].trust) &&
			    str_eq(out->v[i].type, type) &&
			    str_eq(out->v[i].value, key))
				out->v[i].trust = TRUST_CLAIMED;
	}
}

bool
evidence_is_ours(struct record *r)
{
	struct json auth = record_get(r, "auth");

	return json_get(auth, "by").doc == NULL ||
	       json_is(json_get(auth, "author"), "pass");
}

bool
evidence_failed(struct record *r, struct str *why)
{
	struct arena *a = record_arena(r);
	struct json v = record_get(r, "auth");
	struct str spf, dkim, dmarc, by;

	if (json_type(v) != JSON_OBJECT)
		return false;
	spf = json_str(json_get(v, "spf"), a);
	dkim = json_str(json_get(v, "dkim"), a);
	dmarc = json_str(json_get(v, "dmarc"), a);
	by = json_str(json_get(v, "by"), a);
	if (!auth_words_fail(spf, dkim, dmarc))
		return false;
	if (str_is(dmarc, "fail") || dkim.p == NULL)
		*why = ARENA_JOIN(a, STR("dmarc="), dmarc, STR(" at "), by);
	else
		*why = ARENA_JOIN(a, STR("dkim="), dkim, STR(" and spf="), spf,
		    STR(" at "), by);
	return true;
}
