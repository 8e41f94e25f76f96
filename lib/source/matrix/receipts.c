/*
 * Who has read how far: {"content":{"$EVENT":{"m.read":{"@USER":{"ts":MS}}}}}
 */
#include "source/matrix/matrix.h"

static enum stage_result
receipt(struct matrix_view *v, struct json event, struct json user,
    struct json how, struct err *e)
{
	struct message *m = normalize_begin(v->n);
	struct str id = native_value(v->n, event);
	struct str who = native_value(v->n, user);
	struct writer *w;

	m->channel = "matrix";
	m->type = "event";
	m->id_without_account = true;
	m->native_id = ARENA_JOIN(&m->arena, STR("receipt/"), id, STR("/"), who,
	    STR("/"), native_content(v->n, how));
	matrix_room(v);
	m->from.uri = native_uri(v->n, "matrix", who);
	(void)native_time(v->n, json_get(how, "ts"), &m->sent);
	w = native_data(v->n);
	write_member(w, "act", STR("receipt"));
	write_member(w, "status", STR("read"));
	write_key(w, "about");
	write_list(w);
	write_str(w, id);
	write_list_end(w);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

enum stage_result
matrix_receipts(struct matrix_view *v, struct err *e)
{
	static const char *const kinds[] = { "m.read", "m.read.private" };
	struct json_iter events = json_each(v->content), users;
	enum stage_result rc = STAGE_OK;
	struct json event, about, user, how;

	if (json_type(v->content) != JSON_OBJECT)
		return native_reject(e, "receipts of Matrix without content");
	while (rc == STAGE_OK && json_next(&events, &event, &about)) {
		for (size_t i = 0; i < 2; i++) {
			struct json by = json_get(about, kinds[i]);

			users = json_each(by);
			while (rc == STAGE_OK && json_type(by) == JSON_OBJECT &&
			       json_next(&users, &user, &how))
				rc = receipt(v, event, user, how, e);
		}
	}
	return rc;
}
