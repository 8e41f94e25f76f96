/*
 * Collections of dialogues: ABCD, MultiWOZ, Schema-Guided Dialogue, Taskmaster,
 * ShareGPT, and logs of chats in OpenAI's form.  A dialogue is an item, in
 * lists, one a line, or as a member by its name.
 */
#include "source/dialogue/dialogue.h"

#include "source/cut.h"
#include "source/json/items.h"
#include "source/peek.h"

/* Dialogues that are members by their names: MultiWOZ's first form. */

struct members {
	struct ingest *in;
	struct json_cut *cut;
	struct arena arena;
	struct str name;
};

static int
take_dialogue(struct members *m, const struct cut_item *item, struct err *e)
{
	char at[STR_COUNT];
	struct str place =
	    str_count(at, '\0', json_cut_offset(m->cut) - item->text.n);
	struct writer *w;

	if (json_type(item->value) != JSON_OBJECT)
		return ingest_reject(
		    m->in, place, "not a JSON object", item->text, e);
	w = ingest_item(m->in, place);
	write_raw(w, item->text);
	write_key(w, "beside");
	write_object(w);
	write_member_raw(w, "name", m->name);
	write_object_end(w);
	return ingest_item_end(m->in, e);
}

/* Names and values by turns; what is broken ends it. */
static int
read_members(struct members *m, struct err *e)
{
	struct cut_item item;
	enum cut_result got;
	struct err why;
	bool named = false;
	int byte = 0, rc = 0;

	json_cut_take(m->cut);
	while (rc == 0 && (byte = json_cut_peek(m->cut, &why)) > 0 &&
	       byte != '}') {
		if (byte == ',' || byte == ':') {
			json_cut_take(m->cut);
			continue;
		}
		got = json_cut_value(m->cut, &item, &why);
		if (got != CUT_ITEM)
			return ingest_reject(
			    m->in, STR(""), why.msg, item.text, e);
		if (!named && json_type(item.value) == JSON_STRING) {
			arena_reset(&m->arena);
			m->name = arena_dup(&m->arena, item.text);
		} else {
			rc = take_dialogue(m, &item, e);
		}
		named = !named;
	}
	if (rc == 0 && byte != '}')
		rc = ingest_reject(m->in, STR(""),
		    byte < 0 ? why.msg
			     : "the file ends within it: it is cut off",
		    STR(""), e);
	return rc;
}

struct look {
	bool id, scenario, service, list, goal, role, text, log;
	bool members; /* an object of objects */
	unsigned seen;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const ids[] = { "convo_id", "dialogue_id",
		"conversation_id", "dialog_id", NULL };
	static const char *const marks[] = { "scenario", "delexed",
		"instruction_id", "services", NULL };
	static const char *const speakers[] = { "role", "from", "speaker",
		NULL };
	static const char *const texts[] = { "content", "value", "utterance",
		"text", NULL };
	struct look *l = arg;
	bool turns = str_is_one_of(p->name, dialogue_turns) && p->first == '[';

	if (p->within.n == 0 && l->seen++ == 0)
		l->members = p->first == '{';
	l->id |= str_is_one_of(p->name, ids);
	l->scenario |= str_is_one_of(p->name, marks);
	l->list |= turns;
	l->log |= p->within.n > 0 && turns && str_is(p->name, "log");
	l->goal |= p->within.n > 0 && str_is(p->name, "goal");
	if (!str_is_one_of(p->within, dialogue_turns))
		return;
	l->role |= str_is_one_of(p->name, speakers) &&
		   dialogue_speaker(p->text) != DIALOGUE_NOBODY;
	l->text |= str_is_one_of(p->name, texts);
}

static struct look
look_at(struct str head)
{
	struct look l = { .seen = 0 };

	json_peek(head, see, &l);
	return l;
}

static int
dialogue_sniff(const char *base_name, struct str head)
{
	struct look l = look_at(head);

	(void)base_name;
	if (l.members && l.log && l.goal)
		return 88;
	if (l.id && l.list && (l.scenario || (l.role && l.text)))
		return 88;
	return l.list && l.role && l.text ? 84 : 0;
}

static int
dialogue_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "train", "dev", "test",
		"validation", "valid", "data", "dialogues", "dialogs", "rows",
		NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};
	struct members m = { .in = in };
	struct look l;
	struct str head;
	int rc = input_peek(file, SOURCE_HEAD, &head, e);

	if (rc < 0)
		return -1;
	l = look_at(head);
	if (!(l.members && l.log && l.goal))
		return items_form_read(in, file, &form, e);
	m.cut = json_cut_new();
	rc = json_cut_begin(m.cut, file, in->max_item, e);
	if (rc == 0 && json_cut_peek(m.cut, e) == '{')
		rc = read_members(&m, e);
	json_cut_free(m.cut);
	arena_release(&m.arena);
	return rc;
}

const struct source_format source_dialogue = {
	.name = "dialogue",
	.about =
	    "dialogues: ABCD, MultiWOZ, SGD, Taskmaster, ShareGPT, OpenAI's",
	.sniff = dialogue_sniff,
	.most = 88,
	.read = dialogue_read,
	.normalize = dialogue_normalize,
};
