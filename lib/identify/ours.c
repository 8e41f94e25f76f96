#include "identify/ours.h"

#include "identify/keys.h"
#include "identify/telephone.h"
#include "text/phone.h"

enum { FEW = 8 };

static void
put(struct ours *o, struct str key)
{
	if (key.n > 0)
		(void)map_put(&o->keys, key, NULL);
}

static void
put_tel(struct ours *o, struct str written, struct arena *a)
{
	char e164[PHONE_SIZE];

	if (phone_e164(written, o->config->region, e164))
		put(o, telephone_key(str_of(e164), a));
}

void
ours_init(struct ours *o, const struct workspace *c)
{
	struct arena a = { 0 };

	*o = (struct ours){ .config = c };
	for (size_t i = 0; i < c->emails.n; i++)
		put(o, key_email(c->emails.v[i], &a));
	/* A group's own address, which may stand for its writers'. */
	for (size_t i = 0; i < c->lists.n; i++)
		put(o, key_email(c->lists.v[i], &a));
	for (size_t i = 0; i < c->domains.n; i++) {
		struct str d = key_domain(c->domains.v[i], &a);

		if (d.n > 0)
			put(o, ARENA_JOIN(&a, STR("@"), d));
	}
	for (size_t i = 0; i < c->tels.n; i++)
		put_tel(o, c->tels.v[i], &a);
	arena_release(&a);
}

void
ours_release(struct ours *o)
{
	map_release(&o->keys);
}

/* A company has few addresses: comparing them is faster than a hash. */
static bool
has(const struct map *m, struct str key)
{
	if (m->n > FEW)
		return map_get(m, key) != NULL;
	for (size_t i = 0; i < m->n; i++)
		if (str_eq(m->entries[i].key, key))
			return true;
	return false;
}

bool
ours_email(const struct ours *o, struct str email)
{
	ptrdiff_t at = str_rchr(email, '@');

	if (o->keys.n == 0 || at < 0)
		return false;
	return has(&o->keys, str_sub(email, (size_t)at, email.n)) ||
	       has(&o->keys, email) ||
	       (memchr(email.p, '+', (size_t)at) != NULL &&
		   workspace_our_email(o->config, email));
}

bool
ours_tel(const struct ours *o, struct str tel)
{
	return tel.n > 0 && has(&o->keys, tel);
}

bool
ours_uri(const struct ours *o, struct str uri)
{
	return workspace_our_uri(o->config, uri);
}
