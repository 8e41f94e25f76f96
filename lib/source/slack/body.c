/*
 * What a Slack message says: its text, what it shares of others and of its
 * files' words, its files, and what is proper to Slack.
 */
#include "source/slack/slack.h"

/* A part of the scratch buffer, which may still move. */
struct part {
	size_t from, to;
};

static void
line_break(struct buf *b, size_t from)
{
	if (b->n > from && b->p[b->n - 1] != '\n')
		buf_add_char(b, '\n');
}

/* A preview of a link, or somebody else's message: not what was written. */
static bool
is_preview(struct json attachment)
{
	return json_type(json_get(attachment, "from_url")) == JSON_STRING ||
	       json_type(json_get(attachment, "original_url")) == JSON_STRING ||
	       json_type(json_get(attachment, "app_unfurl_url")) ==
		   JSON_STRING ||
	       json_true(json_get(attachment, "is_app_unfurl"));
}

static bool
is_share(struct json attachment)
{
	return json_true(json_get(attachment, "is_share")) ||
	       json_true(json_get(attachment, "is_msg_unfurl"));
}

static void
add_mrkdwn(struct slack_view *v, struct json from, const char *name)
{
	struct buf *b = &v->n->scratch;
	struct str s = slack_str(v, from, name);

	if (s.p == NULL)
		return;
	line_break(b, 0);
	slack_mrkdwn(s, &v->names, b);
}

static void
add_fields(struct slack_view *v, struct json fields)
{
	struct json_iter it = json_each(fields);
	struct buf *b = &v->n->scratch;
	struct json field;

	while (json_next(&it, NULL, &field)) {
		struct str title = slack_str(v, field, "title");

		line_break(b, 0);
		if (title.p != NULL) {
			slack_mrkdwn(title, &v->names, b);
			buf_add_z(b, ": ");
		}
		slack_mrkdwn(slack_str(v, field, "value"), &v->names, b);
	}
}

/* What programs write where people have a text. */
static void
add_attachments(struct slack_view *v, struct json msg)
{
	struct json_iter it = json_each(json_get(msg, "attachments"));
	struct buf *b = &v->n->scratch;
	struct json attachment;

	while (json_next(&it, NULL, &attachment)) {
		size_t from = b->n;

		if (is_preview(attachment) || is_share(attachment))
			continue;
		add_mrkdwn(v, attachment, "pretext");
		add_mrkdwn(v, attachment, "author_name");
		add_mrkdwn(v, attachment, "title");
		add_mrkdwn(v, attachment, "text");
		add_fields(v, json_get(attachment, "fields"));
		if (b->n == from)
			slack_blocks(
			    json_get(attachment, "blocks"), &v->names, v->a, b);
		if (b->n == from)
			add_mrkdwn(v, attachment, "fallback");
	}
}

/* Of "<@U1> uploaded a file: <url|name> and commented: text" the text is what
 * somebody wrote. */
static struct str
upload_comment(struct str text)
{
	static const char commented[] = " and commented: ";
	ptrdiff_t i;

	if (!str_starts(text, STR("<@")) ||
	    str_find(str_sub(text, 0, 256), STR("uploaded a file")) < 0)
		return text;
	i = str_find(text, STR(" and commented: "));
	return i < 0 ? STR("")
		     : str_sub(text, (size_t)i + sizeof(commented) - 1, text.n);
}

/* What Slack itself writes where only blocks say anything. */
static bool
is_placeholder(struct str text)
{
	return str_is(str_trim(text), "This content can't be displayed.") ||
	       str_is(str_trim(text),
		   "This message contains interactive elements.");
}

/*
 * What a program says in blocks, which is what people see, beside the text of
 * its notification: both, unless one holds the other.
 */
static void
add_program_blocks(struct slack_view *v, struct json msg)
{
	struct buf *b = &v->n->scratch;
	size_t at = b->n;
	struct str text, blocks;

	line_break(b, 0);
	slack_blocks(json_get(msg, "blocks"), &v->names, v->a, b);
	text = str_trim(str_sub(buf_str(b), 0, at));
	blocks = str_trim(str_sub(buf_str(b), at, b->n - at));
	if (str_find(text, blocks) >= 0) {
		buf_cut(b, at);
	} else if (str_find(blocks, text) >= 0) {
		blocks = arena_dup(v->a, blocks);
		buf_cut(b, 0);
		buf_add_str(b, blocks);
	}
}

/*
 * A person's blocks are their text over again; what programs write may stand
 * in text, blocks and attachments.
 */
static void
add_text(struct slack_view *v, struct json msg)
{
	struct buf *b = &v->n->scratch;
	struct json subtype = json_get(msg, "subtype");
	struct str text = json_str(json_get(msg, "text"), v->a);

	/* Slack's own words in place of what is gone. */
	if (json_is(subtype, "tombstone"))
		return;
	if (json_is(subtype, "file_share"))
		text = upload_comment(text);
	else if (json_is(subtype, "file_comment"))
		text = json_str(
		    json_get(json_get(msg, "comment"), "comment"), v->a);
	if (!is_placeholder(text))
		slack_mrkdwn(text, &v->names, b);
	if (str_trim(buf_str(b)).n == 0)
		slack_blocks(json_get(msg, "blocks"), &v->names, v->a, b);
	else if (json_type(json_get(msg, "bot_id")) == JSON_STRING)
		add_program_blocks(v, msg);
	add_attachments(v, msg);
}

/* Who says something, and what; nothing where the text is absent. */
static void
quote(struct slack_view *v, size_t from, struct str who, struct str text)
{
	struct buf *b = &v->n->scratch;

	if (text.p == NULL)
		return;
	line_break(b, from);
	if (who.p != NULL) {
		buf_add_str(b, who);
		buf_add_z(b, ": ");
	}
	slack_mrkdwn(text, &v->names, b);
}

/* Messages of others that this one shares, and what it said before. */
static void
quote_messages(
    struct slack_view *v, struct json outer, struct json msg, size_t from)
{
	struct json_iter it = json_each(json_get(msg, "attachments"));
	struct json shared;

	while (json_next(&it, NULL, &shared))
		if (is_share(shared))
			quote(v, from, slack_str(v, shared, "author_name"),
			    slack_str(v, shared, "text"));
	quote(v, from, STR_NONE,
	    slack_str(v, json_get(outer, "previous_message"), "text"));
}

/* What the export holds of the files' own words: mails sent into a channel,
 * the beginning of snippets and posts, what was understood of voices. */
static void
quote_files(struct slack_view *v, struct json msg, size_t from)
{
	struct json_iter it = json_each(json_get(msg, "files"));
	struct buf *b = &v->n->scratch;
	struct json file;

	while (json_next(&it, NULL, &file)) {
		struct str mode = slack_str(v, file, "mode");
		struct json voice = json_get(file, "transcription");
		struct str text = slack_str(v, file, "plain_text");

		if (text.p == NULL)
			text = slack_str(v, file, "preview_plain_text");
		if (text.p == NULL &&
		    (str_is(mode, "snippet") || str_is(mode, "post")))
			text = slack_str(v, file, "preview");
		if (text.p == NULL)
			text =
			    slack_str(v, json_get(voice, "preview"), "content");
		if (str_is(mode, "email"))
			quote(v, from,
			    slack_str(v, json_at(json_get(file, "from"), 0),
				"original"),
			    slack_str(v, file, "subject"));
		if (text.p == NULL)
			continue;
		line_break(b, from);
		buf_add_str(b, text);
	}
}

static void
add_file(struct slack_view *v, struct json file)
{
	struct str id = slack_str(v, file, "id");
	struct attachment a = {
		.name = slack_str(v, file, "name"),
		.type = slack_str(v, file, "mimetype"),
		.size = -1,
	};

	if (a.name.p == NULL)
		a.name = slack_str(v, file, "title");
	(void)json_int(json_get(file, "size"), &a.size);
	if (a.size < 0)
		a.size = -1;
	if (id.p != NULL)
		a.blob_id = ARENA_JOIN(v->a, STR("slack:"), id);
	if (id.p != NULL || a.name.p != NULL)
		message_add_attachment(v->m, a);
}

/* The url without what gives the right to fetch it (?t=xoxe-...). */
static struct str
open_url(struct str url)
{
	return str_split(&url, '?');
}

static void
write_file(struct slack_view *v, struct writer *w, struct json file)
{
	struct str mode = slack_str(v, file, "mode");
	struct str url = slack_str(v, file, "url_private");
	struct str name = slack_str(v, file, "name");
	struct str title = slack_str(v, file, "title");

	write_object(w);
	write_member(w, "id", slack_str(v, file, "id"));
	if (name.p != NULL && !str_eq(name, title))
		write_member(w, "title", title);
	if (url.p != NULL)
		write_member(w, "url", open_url(url));
	/* What is no more to be had: deleted, or behind the plan's limit. */
	if (str_is(mode, "tombstone") || str_is(mode, "hidden_by_limit"))
		write_member(w, "mode", mode);
	write_object_end(w);
}

void
slack_add_file(struct slack_view *v, struct writer *w, struct json file)
{
	add_file(v, file);
	write_file(v, w, file);
}

static void
write_files(struct slack_view *v, struct writer *w, struct json msg)
{
	struct json_iter it = json_each(json_get(msg, "files"));
	struct json file = json_get(msg, "file");
	bool old = json_type(file) == JSON_OBJECT;

	if (!old && !json_next(&it, NULL, &file))
		return;
	write_key(w, "files");
	write_list(w);
	do {
		if (json_type(file) != JSON_OBJECT)
			continue;
		slack_add_file(v, w, file);
	} while (json_next(&it, NULL, &file));
	write_list_end(w);
}

static void
write_channel(struct slack_view *v, struct writer *w, struct json msg)
{
	struct str id = slack_str(v, v->channel, "id");
	struct str name = slack_str(v, v->channel, "name");
	struct str type = slack_str(v, v->channel, "type");

	if (id.p == NULL)
		id = slack_str(v, msg, "channel");
	if (name.p == NULL)
		name = slack_str(v, msg, "channel_name");
	if (id.p == NULL && name.p == NULL)
		return;
	write_key(w, "channel");
	write_object(w);
	write_member(w, "id", id);
	write_member(w, "name", name);
	write_member(w, "type", type);
	write_object_end(w);
}

static void
write_data(
    struct slack_view *v, struct writer *w, struct json outer, struct json msg)
{
	struct json reactions = json_get(msg, "reactions");
	struct json edited = json_get(msg, "edited");
	struct str when = slack_str(v, edited, "ts");
	int64_t t;

	write_object(w);
	write_channel(v, w, outer);
	write_member(w, "subtype", slack_str(v, outer, "subtype"));
	if (when.p != NULL && slack_time(when, &t) == 0)
		write_member_time(w, "editedAt", t);
	if (json_type(reactions) == JSON_LIST && json_count(reactions) > 0)
		write_member_raw(w, "reactions", json_raw(reactions));
	write_files(v, w, msg);
	write_object_end(w);
}

/* The part without white space at either end; absent when nothing is left. */
static struct str
part_of(const struct buf *b, struct part p)
{
	struct str s = str_trim(str_sub(buf_str(b), p.from, p.to - p.from));

	return s.n == 0 ? STR_NONE : s;
}

int
slack_body(
    struct slack_view *v, struct json outer, struct json msg, struct err *e)
{
	struct buf *b = &v->n->scratch;
	struct part text = { 0, 0 }, quoted, data;
	struct writer w;

	add_text(v, msg);
	text.to = quoted.from = b->n;
	quote_messages(v, outer, msg, quoted.from);
	quote_files(v, msg, quoted.from);
	quoted.to = data.from = b->n;
	write_init(&w, b);
	write_data(v, &w, outer, msg);
	data.to = b->n;
	if (b->over)
		return err_set(
		    e, "a text of more than %zu bytes when read", b->max);
	v->m->text = part_of(b, text);
	v->m->quoted = part_of(b, quoted);
	v->m->data = part_of(b, data);
	if (str_is(v->m->data, "{}"))
		v->m->data = STR_NONE;
	return 0;
}
