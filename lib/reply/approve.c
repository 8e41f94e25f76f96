#include "reply/approve.h"

#include "core/time.h"
#include "json/write.h"
#include "reply/attach.h"

static void
put_approval(
    struct record *r, const struct draft *d, struct str by, int64_t now)
{
	struct json_iter it = json_each(record_get(r, "reply"));
	struct json key, v;
	struct writer *w = record_put(r, "reply");

	write_object(w);
	while (json_next(&it, &key, &v))
		if (!json_is(key, "approval")) {
			write_key_str(w, json_str(key, record_arena(r)));
			write_raw(w, json_raw(v));
		}
	write_key(w, "approval");
	write_object(w);
	write_member(w, "by", by);
	write_member_time(w, "at", now);
	write_member(w, "of", str_of(d->content));
	write_object_end(w);
	write_object_end(w);
	record_put_end(r);
}

bool
approve(struct record *r, const struct workspace *c, struct str folder,
    struct str by, int64_t now, const char **why)
{
	struct draft d;

	draft_read(r, &d);
	attach_find(&d, record_arena(r), folder);
	*why = d.fault;
	if (*why == NULL && d.fill.n > 0 && str_find(d.text, d.fill) >= 0)
		*why = "words stand in it that a person must replace "
		       "(reply.fill)";
	if (*why == NULL && !workspace_approves(c, d.queue, by))
		*why = ARENA_JOIN(record_arena(r), by,
		    STR(" may not approve for its queue (approvers)"))
			   .p;
	if (*why != NULL)
		return false;
	attach_put(r, &d);
	put_approval(r, &d, by, now);
	return true;
}
