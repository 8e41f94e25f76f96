/*
 * Block Kit in plain text: https://api.slack.com/reference/block-kit.  Only
 * what people read: buttons, menus and pictures without a text are left out.
 */
#include "source/slack/text.h"

struct walk {
	const struct slack_names *names;
	struct arena *arena;
	struct buf *out;
	unsigned depth;
};

static struct str
text_of(struct walk *w, struct json v, const char *name)
{
	return json_str(json_get(v, name), w->arena);
}

/* A new line unless one has just begun. */
static void
line_break(struct walk *w)
{
	if (w->out->n > 0 && w->out->p[w->out->n - 1] != '\n')
		buf_add_char(w->out, '\n');
}

static void
add_name(struct walk *w, char mark, struct str name, struct str id)
{
	buf_add_char(w->out, mark);
	buf_add_str(w->out, name.p != NULL ? name : id);
}

static void
add_mention(struct walk *w, struct json v)
{
	struct str id = text_of(w, v, "user_id");

	add_name(w, '@',
	    w->names->user == NULL ? STR_NONE
				   : w->names->user(w->names->arg, id),
	    id);
}

static void
add_channel(struct walk *w, struct json v)
{
	struct str id = text_of(w, v, "channel_id");

	add_name(w, '#',
	    w->names->channel == NULL ? STR_NONE
				      : w->names->channel(w->names->arg, id),
	    id);
}

static void
add_link(struct walk *w, struct json v)
{
	struct str label = text_of(w, v, "text");
	struct str url = text_of(w, v, "url");

	buf_add_str(w->out, label.n > 0 ? label : url);
	if (label.n == 0 || str_eq(label, url))
		return;
	buf_add_z(w->out, " (");
	buf_add_str(w->out, url);
	buf_add_char(w->out, ')');
}

/* An element within a line of rich text. */
static void
add_inline(struct walk *w, struct json v)
{
	struct json type = json_get(v, "type");

	if (json_is(type, "text")) {
		buf_add_str(w->out, text_of(w, v, "text"));
	} else if (json_is(type, "link")) {
		add_link(w, v);
	} else if (json_is(type, "user")) {
		add_mention(w, v);
	} else if (json_is(type, "channel")) {
		add_channel(w, v);
	} else if (json_is(type, "usergroup")) {
		add_name(w, '@', STR_NONE, text_of(w, v, "usergroup_id"));
	} else if (json_is(type, "broadcast")) {
		add_name(w, '@', STR_NONE, text_of(w, v, "range"));
	} else if (json_is(type, "emoji")) {
		buf_add_char(w->out, ':');
		buf_add_str(w->out, text_of(w, v, "name"));
		buf_add_char(w->out, ':');
	} else if (json_is(type, "date")) {
		buf_add_str(w->out, text_of(w, v, "fallback"));
	} else if (json_is(type, "color")) {
		buf_add_str(w->out, text_of(w, v, "value"));
	}
}

static void add_rich(struct walk *w, struct json v);

static void
add_list(struct walk *w, struct json v)
{
	struct json_iter it = json_each(json_get(v, "elements"));
	bool ordered = json_is(json_get(v, "style"), "ordered");
	struct json item;
	int64_t indent = 0, n = 0;

	(void)json_int(json_get(v, "indent"), &indent);
	while (json_next(&it, NULL, &item)) {
		line_break(w);
		for (int64_t i = 0; i < indent && i < SLACKTEXT_DEPTH; i++)
			buf_add_z(w->out, "  ");
		if (ordered)
			buf_printf(w->out, "%jd. ", (intmax_t)++n);
		else
			buf_add_z(w->out, "- ");
		add_rich(w, item);
	}
	line_break(w);
}

/* Puts "> " before every line that was written since `from`. */
static void
quote_since(struct walk *w, size_t from)
{
	struct str rest =
	    arena_dup(w->arena, str_sub(buf_str(w->out), from, w->out->n));

	buf_cut(w->out, from);
	rest = str_trim_right(rest);
	while (rest.p != NULL) {
		buf_add_z(w->out, "> ");
		buf_add_str(w->out, str_line(&rest));
		buf_add_char(w->out, '\n');
	}
}

/* A section, list, quote or preformatted text of a rich_text block. */
static void
add_rich(struct walk *w, struct json v)
{
	struct json type = json_get(v, "type");
	struct json_iter it = json_each(json_get(v, "elements"));
	struct json item;
	size_t from;

	if (w->depth >= SLACKTEXT_DEPTH)
		return;
	w->depth++;
	if (json_is(type, "rich_text_list")) {
		add_list(w, v);
	} else {
		bool quote = json_is(type, "rich_text_quote");

		if (quote || json_is(type, "rich_text_preformatted"))
			line_break(w);
		from = w->out->n;
		while (json_next(&it, NULL, &item))
			add_inline(w, item);
		if (quote)
			quote_since(w, from);
		else if (json_is(type, "rich_text_preformatted"))
			line_break(w);
	}
	w->depth--;
}

/* {"type":"mrkdwn","text":"..."} or {"type":"plain_text",...} */
static void
add_text_object(struct walk *w, struct json v)
{
	struct str s = text_of(w, v, "text");

	if (s.p == NULL)
		return;
	line_break(w);
	if (json_is(json_get(v, "type"), "plain_text"))
		buf_add_str(w->out, s);
	else
		slack_mrkdwn(s, w->names, w->out);
}

static void
add_all_text_objects(struct walk *w, struct json list)
{
	struct json_iter it = json_each(list);
	struct json item;

	while (json_next(&it, NULL, &item))
		add_text_object(w, item);
}

/* Rows of cells: each a text or rich text. */
static void
add_table(struct walk *w, struct json rows)
{
	struct json_iter row = json_each(rows), cell;
	struct json cells, v;

	while (json_next(&row, NULL, &cells)) {
		bool first = true;

		line_break(w);
		cell = json_each(cells);
		while (json_next(&cell, NULL, &v)) {
			struct json_iter it =
			    json_each(json_get(v, "elements"));
			struct json item;

			if (!first)
				buf_add_char(w->out, '\t');
			first = false;
			buf_add_str(w->out, text_of(w, v, "text"));
			while (json_next(&it, NULL, &item))
				add_rich(w, item);
		}
	}
}

static void
add_block(struct walk *w, struct json v)
{
	struct json type = json_get(v, "type");
	struct json_iter it;
	struct json item;

	if (json_is(type, "rich_text")) {
		it = json_each(json_get(v, "elements"));
		while (json_next(&it, NULL, &item))
			add_rich(w, item);
	} else if (json_is(type, "context")) {
		add_all_text_objects(w, json_get(v, "elements"));
	} else if (json_is(type, "markdown")) {
		line_break(w);
		buf_add_str(w->out, text_of(w, v, "text"));
	} else if (json_is(type, "table")) {
		add_table(w, json_get(v, "rows"));
	} else if (json_is(type, "image") || json_is(type, "video")) {
		add_text_object(w, json_get(v, "title"));
		add_text_object(w, json_get(v, "description"));
	} else {
		add_text_object(w, json_get(v, "text"));
		add_all_text_objects(w, json_get(v, "fields"));
	}
}

void
slack_blocks(struct json blocks, const struct slack_names *names,
    struct arena *a, struct buf *out)
{
	struct walk w = { .names = names, .arena = a, .out = out };
	struct json_iter it = json_each(blocks);
	struct json block;

	while (json_next(&it, NULL, &block)) {
		line_break(&w);
		add_block(&w, block);
	}
}
