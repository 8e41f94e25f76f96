#include "live/api/visit.h"

#include "json/write.h"

struct str
visit_quote(struct arena *a, struct str s)
{
	struct writer w;
	struct buf b;

	if (s.p == NULL)
		return STR_NONE;
	buf_init(&b, s.n * 6 + 3);
	write_init(&w, &b);
	write_str(&w, s);
	s = arena_dup(a, buf_str(&b));
	buf_release(&b);
	return s;
}

bool
visit_is_stopped(const struct visit *v)
{
	return v->api->signalled != NULL && *v->api->signalled != 0;
}

int
visit_settle(struct visit *v, struct err *e)
{
	struct buf b;
	int rc;

	buf_init(&b, (size_t)64 << 20);
	if (v->mark != NULL) {
		mark_write(v->mark, &b);
		cursor_set(&v->store->cursor, v->key, buf_str(&b));
		buf_reset(&b);
	}
	seen_write(&v->seen, &b);
	cursor_set(&v->store->cursor, STR("seen"), buf_str(&b));
	buf_release(&b);
	rc = live_store_settle(v->store, e);
	return rc == 0 ? live_store_give(v->store, v->out, e) : rc;
}
