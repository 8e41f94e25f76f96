/*
 * What was said in a recording, out of an analysis: the vendors' forms have
 * text in a string, turns in a list, or either somewhere below.
 */
#include "source/vcon/vcon.h"

enum { SPOKEN_DEPTH = 8 };

struct spoken {
	struct vcon *v;
	struct buf out;
};

static bool
is_transcript(struct json analysis, const char *word)
{
	struct json type = json_get(analysis, "type");
	struct str raw = json_raw(type);

	return json_type(type) == JSON_STRING &&
	       str_find_nocase(raw, str_of(word)) >= 0;
}

/* A transcript of turns is better than one without, a plain one better than
 * none. */
struct json
vcon_transcript(struct vcon *v, size_t i)
{
	static const char *const words[] = { "transcript", "transcription",
		"diariz", NULL };
	const struct vcon_list *l = &v->analysis;

	for (size_t w = 0; words[w] != NULL; w++)
		for (uint32_t k = l->first[i]; k != 0; k = l->next[k - 1]) {
			struct json one = l->v[k - 1];

			if (is_transcript(one, words[w]) &&
			    json_type(json_get(one, "body")) > JSON_NULL)
				return one;
		}
	return JSON_ABSENT;
}

static void
add_turn(struct spoken *s, struct str who, struct str words)
{
	words = str_trim(words);
	if (words.n == 0)
		return;
	if (s->out.n > 0)
		buf_add_char(&s->out, '\n');
	if (who.n > 0) {
		buf_add_str(&s->out, who);
		buf_add_str(&s->out, STR(": "));
	}
	buf_add_str(&s->out, words);
}

/* Who spoke: a name, or the number of a voice. */
static struct str
speaker(struct spoken *s, struct json turn)
{
	static const char *const names[] = { "speaker", "speaker_name",
		"speaker_label", "role", "participant", "party", "channel",
		"from", "user", NULL };
	struct json who = vcon_any(turn, names);
	struct str name = native_value(s->v->n, who);
	int64_t i = vcon_index(who);

	if (json_type(who) == JSON_OBJECT)
		return native_text(s->v->n, who, "name");
	if (i < 0)
		return name;
	if (json_type(json_get(turn, "party")) == JSON_NUMBER) {
		struct str party =
		    native_text(s->v->n, vcon_item(&s->v->party, i), "name");

		if (party.p != NULL)
			return party;
	}
	return ARENA_JOIN(&s->v->n->message.arena, STR("Speaker "), name);
}

static void add(struct spoken *s, struct json v, unsigned depth);

static void
add_list(struct spoken *s, struct json list, unsigned depth)
{
	struct json_iter it = json_each(list);
	struct json one;

	while (json_next(&it, NULL, &one))
		add(s, one, depth + 1);
}

static void
add_object(struct spoken *s, struct json v, unsigned depth)
{
	static const char *const turns[] = { "utterances", "turns", "segments",
		"messages", "conversation", "dialog", "paragraphs", NULL };
	static const char *const words[] = { "message", "text", "transcript",
		"content", "utterance", "sentence", "body", NULL };
	static const char *const below[] = { "transcript", "transcription",
		"results", "result", "channels", "alternatives", NULL };
	struct json said = vcon_any(v, words);
	struct json list = vcon_any(v, turns);

	if (json_count(list) > 0 && json_type(list) == JSON_LIST) {
		add_list(s, list, depth);
		if (s->out.n > 0)
			return;
	}
	if (json_type(said) == JSON_STRING) {
		add_turn(
		    s, speaker(s, v), json_str(said, &s->v->n->message.arena));
		return;
	}
	for (size_t i = 0; below[i] != NULL; i++) {
		struct json in = json_get(v, below[i]);

		/* Of guesses the first is the best. */
		if (str_is(str_of(below[i]), "alternatives"))
			in = json_at(in, 0);
		if (json_type(in) > JSON_NULL) {
			add(s, in, depth + 1);
			return;
		}
	}
}

static void
add(struct spoken *s, struct json v, unsigned depth)
{
	if (depth > SPOKEN_DEPTH)
		return;
	if (json_type(v) == JSON_STRING)
		add_turn(s, STR_NONE, json_str(v, &s->v->n->message.arena));
	else if (json_type(v) == JSON_LIST)
		add_list(s, v, depth);
	else if (json_type(v) == JSON_OBJECT)
		add_object(s, v, depth);
}

struct str
vcon_spoken(struct vcon *v, struct json analysis)
{
	struct json body = json_get(analysis, "body"), inner;
	struct spoken s = { .v = v };
	struct str text = vcon_body(v, analysis);
	struct json_doc *doc = NULL;
	struct err why;

	if (text.n == 0)
		return STR_NONE;
	buf_init(&s.out, NORMALIZE_SCRATCH);
	/* JSON within a string, as vCons before 0.4.0 had it. */
	if (json_type(body) == JSON_STRING &&
	    (text.p[0] == '{' || text.p[0] == '[')) {
		doc = json_doc_new();
		if (json_parse_copy(doc, text, &inner, &why) == 0)
			body = inner;
	}
	if (json_type(body) == JSON_STRING)
		add_turn(&s, STR_NONE, text);
	else
		add(&s, body, 0);
	text = s.out.n == 0 ? STR_NONE
			    : arena_dup(&v->n->message.arena, buf_str(&s.out));
	buf_release(&s.out);
	json_doc_free(doc);
	return text;
}
