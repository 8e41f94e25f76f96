/*
 * A dialogue's turns, in their order.  What a program did between them is no
 * speech.  Most collections have no times: a turn's place stands for one, so
 * that whatever sorts by time keeps the order.
 */
#include "core/hash.h"
#include "source/dialogue/dialogue.h"
#include "source/native.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct arena *a;
	struct json dialogue;
	struct str id; /* of the dialogue */
	struct str name, email; /* of the customer, where it is told */
	int64_t base; /* when it was, TIME_NONE where that is not told */
	bool roles; /* speakers are `role` or `from`: a model's */
};

struct turn {
	struct json v;
	struct str text, word;
	enum dialogue_speaker who;
	int64_t number, at;
};

static const char *const times[] = { "timestamp", "created_at", "create_time",
	"createdAt", "created", "time", "date", "datetime", NULL };

static int64_t
time_of(struct view *v, struct json from)
{
	int64_t t;

	for (size_t i = 0; times[i] != NULL; i++)
		if (native_time(v->n, json_get(from, times[i]), &t) == 0)
			return t;
	return TIME_NONE;
}

/* A string, or a list of parts of which some are text. */
static struct str
text_of(struct view *v, struct json value)
{
	struct json_iter it = json_each(value);
	struct json part;
	struct str out = STR("");

	if (json_type(value) != JSON_LIST)
		return str_trim(json_str(value, v->a));
	while (json_next(&it, NULL, &part)) {
		struct str s = json_type(part) == JSON_OBJECT
				   ? json_str(json_get(part, "text"), v->a)
				   : json_str(part, v->a);

		if (s.n > 0)
			out = ARENA_JOIN(
			    v->a, out, out.n > 0 ? STR("\n") : STR(""), s);
	}
	return str_trim(out);
}

/* [speaker, text], {speaker, text}, or {text} by turns. */
static void
read_turn(struct view *v, struct json value, struct turn *t)
{
	static const char *const speakers[] = { "speaker", "role", "from",
		"author", "sender", NULL };
	static const char *const texts[] = { "text", "utterance", "value",
		"content", "message", NULL };
	struct json metadata = json_get(value, "metadata");

	t->v = value;
	t->at = TIME_NONE;
	if (json_type(value) == JSON_LIST) {
		t->word = native_value(v->n, json_at(value, 0));
		t->text = text_of(v, json_at(value, 1));
	} else {
		t->word = native_any(v->n, value, speakers);
		for (size_t i = 0; texts[i] != NULL && t->text.n == 0; i++)
			t->text = text_of(v, json_get(value, texts[i]));
		t->at = time_of(v, value);
	}
	t->who = dialogue_speaker(t->word);
	/* MultiWOZ: the user begins, and the other alone has a state. */
	if (t->word.p == NULL && json_type(metadata) == JSON_OBJECT)
		t->who =
		    t->number % 2 == 1 ? DIALOGUE_CUSTOMER : DIALOGUE_AGENT;
	if (v->roles)
		return;
	/* People play them. */
	if (t->who == DIALOGUE_SYSTEM || t->who == DIALOGUE_BOT)
		t->who = DIALOGUE_AGENT;
}

static struct address
customer(struct view *v)
{
	struct address a = { .name = v->name };

	native_email(v->n, &a, v->email);
	if (a.email.p == NULL)
		a.uri = native_uri(
		    v->n, "chat", ARENA_JOIN(v->a, v->id, STR("/customer")));
	return a;
}

static void
set_people(struct view *v, const struct turn *t)
{
	struct message *m = v->m;

	if (t->who == DIALOGUE_CUSTOMER) {
		m->direction = "inbound";
		m->from = customer(v);
		return;
	}
	m->from.name = t->word.n > 0 ? t->word : STR("agent");
	m->direction = "internal";
	if (t->who == DIALOGUE_AGENT || t->who == DIALOGUE_BOT) {
		m->direction = "outbound";
		message_add_address(m, &m->to, customer(v));
	}
	if (t->who == DIALOGUE_BOT)
		message_keyword(m, "bot");
}

static void
set_time(struct view *v, const struct turn *t, struct writer *w)
{
	int64_t base = v->base != TIME_NONE ? v->base : 0;

	v->m->sent =
	    t->at != TIME_NONE ? t->at : base + t->number * TIME_SECOND;
	if (t->at == TIME_NONE) {
		write_key(w, "undated");
		write_bool(w, true);
	}
}

/* What the collection knows of a dialogue: its labels. */
static void
write_labels(struct view *v, struct writer *w)
{
	static const char *const kept[] = { "services", "domain", "domains",
		"instruction_id", "vertical", "model", "title", "language",
		"split", NULL };
	struct json scenario = json_get(v->dialogue, "scenario");

	native_data_raw(w, "flow", json_get(scenario, "flow"));
	native_data_raw(w, "subflow", json_get(scenario, "subflow"));
	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(w, kept[i], json_get(v->dialogue, kept[i]));
}

static enum stage_result
emit_turn(struct view *v, const struct turn *t, struct err *e)
{
	struct message *m = v->m;
	struct writer *w;

	m->channel = "chat";
	m->type = "message";
	if (t->who == DIALOGUE_TOOL || t->who == DIALOGUE_SYSTEM)
		m->type = "event";
	m->text = t->text.n > 0 ? t->text : STR_NONE;
	m->thread_id = v->id;
	m->message_id = ARENA_JOIN(v->a, v->id, STR("/"),
	    arena_printf(v->a, "%jd", (intmax_t)t->number));
	/* Collections count from 1 each. */
	m->native_id = ARENA_JOIN(v->a, m->message_id, STR("\n"), t->text);
	w = native_data(v->n);
	if (m->type[0] == 'e')
		write_member(
		    w, "subtype", t->word.n > 0 ? t->word : STR("action"));
	write_member_int(w, "turn", t->number);
	set_people(v, t);
	set_time(v, t, w);
	write_labels(v, w);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

static struct json
turns_of(struct json dialogue)
{
	for (size_t i = 0; dialogue_turns[i] != NULL; i++) {
		struct json v = json_get(dialogue, dialogue_turns[i]);

		if (json_type(v) == JSON_LIST)
			return v;
	}
	return JSON_ABSENT;
}

/* Its own id, the name that it stands under, else one of its content. */
static struct str
id_of(struct view *v)
{
	static const char *const ids[] = { "convo_id", "dialogue_id",
		"conversation_id", "dialog_id", "id", "_id", NULL };
	struct str said;
	struct str s = native_any(v->n, v->dialogue, ids);
	char id[ID_SIZE];

	if (s.p == NULL)
		s = native_value(v->n, native_beside(v->n, "name"));
	if (s.p != NULL)
		return s;
	said = native_content(v->n, v->dialogue);
	id_make(id, 'd', &said, 1);
	return arena_dup(v->a, str_of(id));
}

/* ABCD tells whose account it is about, which the customer then says. */
static void
read_dialogue(struct view *v, struct arena *kept)
{
	struct json personal = native_at(v->dialogue, "scenario/personal");
	struct json first = json_at(turns_of(v->dialogue), 0);

	v->m = normalize_begin(v->n);
	v->a = &v->m->arena;
	v->id = arena_dup(kept, id_of(v));
	v->name = native_text(v->n, personal, "customer_name");
	v->email = native_text(v->n, personal, "email");
	if (v->name.p != NULL)
		v->name = arena_dup(kept, v->name);
	if (v->email.p != NULL)
		v->email = arena_dup(kept, v->email);
	v->base = time_of(v, v->dialogue);
	v->roles = json_type(json_get(first, "role")) == JSON_STRING ||
		   json_type(json_get(first, "from")) == JSON_STRING;
}

static enum stage_result
emit_turns(struct view *v, struct err *e)
{
	struct json turns = turns_of(v->dialogue), value;
	struct json_iter it = json_each(turns);
	enum stage_result is = STAGE_OK;
	int64_t number = 0;

	while (is == STAGE_OK && json_next(&it, NULL, &value)) {
		struct turn t = { .number = number + 1, .text = STR("") };

		number++;
		v->m = normalize_begin(v->n);
		read_turn(v, value, &t);
		if (t.text.n == 0)
			sink_sum(v->n->sink, "turns without words", 1);
		else
			is = emit_turn(v, &t, e);
	}
	return is;
}

enum stage_result
dialogue_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .dialogue = native };
	struct arena kept = { 0 };
	enum stage_result is;

	if (json_count(turns_of(native)) == 0)
		return native_reject(e, "no dialogue: it has no turns");
	read_dialogue(&v, &kept);
	is = emit_turns(&v, e);
	arena_release(&kept);
	return is;
}
