#include "identify/verify/dkim.h"

/* The domain of i=, which is d= or below it. */
static int
read_agent(const struct taglist *tags, struct signature *s)
{
	struct str agent = taglist_get(tags, "i");
	ptrdiff_t at = str_rchr(agent, '@');

	if (agent.p == NULL)
		return 0;
	if (at < 0)
		return -1;
	s->agent = str_sub(agent, (size_t)at + 1, agent.n);
	return signature_is_below(s->agent, s->domain) ? 0 : -1;
}

static int
read_signature(const struct rawfield *f, int64_t at, struct arena *a,
    struct signature *out)
{
	struct taglist tags;

	*out = (struct signature){ .field = f };
	if (taglist_read(f->value, &tags) != 0)
		return -1;
	return !str_is(taglist_get(&tags, "v"), "1") ||
		       signature_read_common(&tags, a, out) != 0 ||
		       signature_read_message(&tags, at, a, out) != 0 ||
		       !taglist_lists(out->fields, STR("from")) ||
		       read_agent(&tags, out) != 0
		   ? -1
		   : 0;
}

void
dkim_check(
    struct signature_checker *c, struct arena *a, bool look, struct dkim *out)
{
	const struct rawmail *m = c->mail;

	out->n = 0;
	for (size_t i = 0; i < m->n && out->n < DKIM_SIGNATURES; i++) {
		struct signature s;
		size_t n;

		if (!str_eq_nocase(m->v[i].name, STR("DKIM-Signature")))
			continue;
		n = out->n++;
		if (read_signature(&m->v[i], c->at, a, &s) != 0) {
			out->v[n].word = WORD_PERMERROR;
			out->v[n].domain = STR_NONE;
			continue;
		}
		out->v[n].domain = s.domain;
		out->v[n].word = signature_check(c, &s, a, look);
	}
}
