#include "people/timeline.h"

#include "core/text/utf8.h"
#include "core/time.h"
#include "json/write.h"
#include "people/activity.h"
#include "record/fields.h"
#include "text/unicode.h"

static struct str
raw(struct record *r, const char *member, size_t most)
{
	struct json v = record_get(r, member);
	struct str s = json_type(v) == JSON_NONE ? STR_NONE : json_raw(v);

	return s.n <= most ? s : STR_NONE;
}

static struct str
cut(struct str s, size_t most)
{
	return s.p == NULL ? s : utf8_cut(s, most);
}

/* The customer's name: of the author, or of whom we wrote to. */
static struct str
name_of(struct record *r)
{
	struct json v = record_is(r, "direction", "outbound")
			    ? json_at(record_get(r, "to"), 0)
			    : record_get(r, "from");

	return json_str(json_get(v, "name"), record_arena(r));
}

/* Of a call whether somebody spoke. */
static struct str
call_data(struct record *r)
{
	struct json v = json_get(record_get(r, "data"), "disposition");

	return json_type(v) == JSON_STRING && json_raw(v).n <= STORE_SUBJECT
		   ? ARENA_JOIN(record_arena(r), STR("{\"disposition\":"),
			 json_raw(v), STR("}"))
		   : STR_NONE;
}

/* A list, with one more in it. */
static struct str
with_word(struct str list, const char *word, struct record *r)
{
	struct str had = list.n > 2 ? str_sub(list, 1, list.n - 2) : STR("");

	return ARENA_JOIN(record_arena(r), STR("["), had,
	    str_of(had.n > 0 ? "," : ""), STR("\""), str_of(word), STR("\"]"));
}

void
timeline_message(struct record *r, struct store_message *m)
{
	*m = (struct store_message){
		.id = record_str(r, "id"),
		.type = record_str(r, "type"),
		.channel = record_str(r, "channel"),
		.account = record_str(r, "account"),
		.direction = record_str(r, "direction"),
		.name = cut(name_of(r), STORE_SUBJECT),
		.subject = cut(record_str(r, "subject"), STORE_SUBJECT),
		.text = cut(record_str(r, "text"), STORE_TEXT),
		.keywords = raw(r, "keywords", STORE_DATA),
		.time = record_time(r),
	};
	if (record_is(r, "type", "call"))
		m->data = call_data(r);
	else if (!record_is(r, "type", "message"))
		m->data = activity_data(r);
	else if (str_is(m->direction, "inbound") && consent_by_address(r))
		m->keywords = with_word(m->keywords, "unsubscribe", r);
}

struct str
timeline_receipt(struct record *r, const struct str *about, size_t n)
{
	static const char *const members[] = { "act", "status", "before",
		"code", "reason", "recipients" };
	struct json data = record_get(r, "data");
	struct str out = STR_NONE;
	struct writer w;
	struct buf b;

	buf_init(&b, STORE_DATA);
	write_init(&w, &b);
	write_object(&w);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct json v = json_get(data, members[i]);

		/* Of many, whom it failed for is not kept. */
		if (v.doc != NULL && json_raw(v).n < STORE_DATA / 4)
			write_member_raw(&w, members[i], json_raw(v));
	}
	write_member_strs(&w, "about", about, n);
	write_object_end(&w);
	if (!b.over)
		out = arena_dup(record_arena(r), buf_str(&b));
	buf_release(&b);
	return out;
}

static void
write_name(struct writer *w, const struct store_message *m)
{
	bool ours = str_is(m->direction, "outbound");

	if (m->name.p == NULL)
		return;
	write_key(w, ours ? "to" : "from");
	if (ours)
		write_list(w);
	write_object(w);
	write_member(w, "name", m->name);
	write_object_end(w);
	if (ours)
		write_list_end(w);
}

/* A later version is one that stands behind the first. */
static void
write_keywords(struct writer *w, const struct store_message *m)
{
	struct str s = m->keywords;

	if (m->known == m->time) {
		write_member_raw(w, "keywords", s);
		return;
	}
	write_key(w, "keywords");
	write_list(w);
	if (s.n > 2)
		write_raw(w, str_sub(s, 1, s.n - 2));
	write_str(w, STR("updated"));
	write_list_end(w);
}

void
timeline_record(const struct store_message *m, struct buf *out)
{
	struct writer w;

	write_init(&w, out);
	write_object(&w);
	write_member(&w, "id", m->id);
	write_member(&w, "type", m->type);
	write_member(&w, "channel", m->channel);
	write_member(&w, "account", m->account);
	write_member(&w, "direction", m->direction);
	write_member_time(&w, "sentAt", m->time);
	write_name(&w, m);
	write_member(&w, "subject", m->subject);
	write_member(&w, "text", m->text);
	write_keywords(&w, m);
	write_member_raw(&w, "data", m->data);
	write_member(&w, "person", m->person);
	write_member(&w, "key", m->key);
	write_member(&w, "conversation", m->conversation);
	write_member_raw(&w, "quarantine", m->quarantine);
	write_member_raw(&w, "answers", m->answers);
	write_object_end(&w);
}
