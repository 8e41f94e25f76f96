/*
 * Slack exports, cut into items: a folder or zip of a workspace, a Grid
 * organisation, or one of its files alone.  Passes over a tree: the first
 * two learn who and which channels there are, the last goes through the days,
 * so that memory grows with people and channels and not with messages.
 *
 * A native record of a message has all that its meaning needs:
 *	{"workspace":{"id"},"channel":{"id","name","type","members"},
 *	 "users":{"U1":{profile}, ...},"message":{as in the export}}
 * and there are {"workspace","user"}, {"workspace","channel"},
 * {"workspace","log"} and {"workspace","file"} for the rows of the other files.
 */
#include "source/slack/slack.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/io/utf16.h"
#include "core/text/ascii.h"
#include "source/peek.h"
#include "source/sent.h"
#include "source/slack/text.h"

struct reader {
	struct ingest *in;
	struct slack_roster roster;
	struct json_cut *cut;
	struct arena arena; /* of one item */
	struct buf path; /* of the file in hand */
	enum slack_item learning; /* what this pass does; SLACK_OTHER: emits */
	struct tree_names unlearned; /* files that a pass could not read */
	bool failed; /* nor could the last one read the file in hand */
};

enum { PATH_MAX_BYTES = 1 << 20 };

/* Where an item stands within the export. */
struct place {
	struct str root; /* the folder of users.json */
	const struct slack_channel *channel; /* of a day's file */
	const char *channel_type; /* of channels.json and its like */
	enum slack_item expect;
};

static const struct {
	const char *name;
	enum slack_item item;
	const char *type;
} parts[] = {
	{ "users.json", SLACK_USER, NULL },
	{ "org_users.json", SLACK_USER, NULL },
	{ "channels.json", SLACK_CHANNEL, "channel" },
	{ "groups.json", SLACK_CHANNEL, "group" },
	{ "dms.json", SLACK_CHANNEL, "dm" },
	{ "mpims.json", SLACK_CHANNEL, "mpim" },
	{ "file_conversations.json", SLACK_CHANNEL, "file" },
	{ "integration_logs.json", SLACK_LOG, NULL },
	{ "canvases.json", SLACK_FILE, NULL },
	{ "lists.json", SLACK_FILE, NULL },
};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

static struct str
folder_of(struct str path)
{
	ptrdiff_t slash = str_rchr(path, '/');

	return slash < 0 ? STR("") : str_sub(path, 0, (size_t)slash);
}

/* C024BE91L.json, C024BE91L-1700000001.000100.json: what slackdump calls a
 * conversation's file.  The id, or STR_NONE. */
static struct str
conversation_of(struct str base)
{
	size_t n = 0;

	while (n < base.n &&
	       (ascii_is_upper(base.p[n]) || ascii_is_digit(base.p[n])))
		n++;
	if (!str_ends(base, STR(".json")) || n == base.n ||
	    (base.p[n] != '.' && base.p[n] != '-') ||
	    !slack_is_conversation(str_sub(base, 0, n)))
		return STR_NONE;
	return str_sub(base, 0, n);
}

/* YYYY-MM-DD.json */
static bool
is_day(struct str base)
{
	static const char shape[] = "dddd-dd-dd.json";

	if (base.n != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; i < base.n; i++) {
		bool digit = ascii_is_digit(base.p[i]);

		if (shape[i] == 'd' ? !digit : base.p[i] != shape[i])
			return false;
	}
	return true;
}

static int
part_of(struct str base)
{
	for (int i = 0; i < PARTS; i++)
		if (str_is(base, parts[i].name))
			return i;
	return -1;
}

/* What an item is by its own members. */
static enum slack_item
kind_of(struct json v)
{
	struct json id = json_get(v, "id");
	struct str raw = json_raw(id);

	if (json_type(json_get(v, "ts")) != JSON_NONE)
		return SLACK_MESSAGE;
	if (json_type(json_get(v, "change_type")) != JSON_NONE)
		return SLACK_LOG;
	if (json_type(id) != JSON_STRING || raw.n < 4)
		return SLACK_OTHER;
	if (slack_is_user(str_sub(raw, 1, raw.n - 2)) &&
	    (json_type(json_get(v, "profile")) == JSON_OBJECT ||
		json_type(json_get(v, "real_name")) == JSON_STRING))
		return SLACK_USER;
	if (ascii_is_in(raw.p[1], "CGD") &&
	    json_type(json_get(v, "members")) == JSON_LIST)
		return SLACK_CHANNEL;
	return SLACK_OTHER;
}

/* The people whose profiles go with a message: each id once. */
struct people {
	struct str v[SLACK_PEOPLE];
	size_t n;
};

static void
add_person(struct people *p, struct str id)
{
	if (id.n == 0 || p->n == SLACK_PEOPLE)
		return;
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->v[i], id))
			return;
	p->v[p->n++] = id;
}

static void
add_mentioned(struct people *p, struct str text)
{
	struct str id;

	while (p->n < SLACK_PEOPLE && (id = slack_mention(&text)).p != NULL)
		add_person(p, id);
}

/* Those in a text that stands in blocks alone. */
static void
add_from_blocks(struct people *p, struct str raw)
{
	static const char key[] = "\"user_id\":\"";
	ptrdiff_t i;

	while ((i = str_find(raw, STR("\"user_id\":\""))) >= 0) {
		raw = str_sub(raw, (size_t)i + sizeof(key) - 1, raw.n);
		i = str_chr(raw, '"');
		if (i > 0 && slack_is_user(str_sub(raw, 0, (size_t)i)))
			add_person(p, str_sub(raw, 0, (size_t)i));
	}
	add_mentioned(p, raw);
}

static void
gather_people(struct people *p, struct json message,
    const struct slack_channel *channel, struct arena *a)
{
	struct json inner = json_get(message, "message");
	struct json text = json_get(message, "text");

	p->n = 0;
	add_person(p, json_str(json_get(message, "user"), a));
	for (size_t i = 0; channel != NULL && i < channel->member_count; i++)
		add_person(p, channel->members[i]);
	if (json_type(inner) == JSON_OBJECT) {
		add_person(p, json_str(json_get(inner, "user"), a));
		add_mentioned(p, json_raw(json_get(inner, "text")));
	}
	/* Nothing of a mention needs an escape: the raw text will do. */
	if (json_raw(text).n > 2)
		add_mentioned(p, json_raw(text));
	else
		add_from_blocks(p, json_raw(json_get(message, "blocks")));
	add_mentioned(p, json_raw(json_get(message, "attachments")));
}

static void
write_people(struct reader *r, struct writer *w, const struct people *people)
{
	bool any = false;

	for (size_t i = 0; i < people->n; i++) {
		struct str profile =
		    slack_roster_profile(&r->roster, people->v[i]);

		if (profile.p == NULL)
			continue;
		if (!any) {
			write_key(w, "users");
			write_object(w);
			any = true;
		}
		write_key_str(w, people->v[i]);
		write_raw(w, profile);
	}
	if (any)
		write_object_end(w);
}

/* Replies that slackdump puts into the message that they answer. */
static const char replies_key[] = "slackdump_thread_replies";

/* A message's own bytes: replies in it are items of their own. */
static void
write_item(struct reader *r, struct writer *w, const struct cut_item *item)
{
	struct json_iter it = json_each(item->value);
	struct json key, v;

	if (json_type(json_get(item->value, replies_key)) != JSON_LIST) {
		write_raw(w, item->text);
		return;
	}
	write_object(w);
	while (json_next(&it, &key, &v)) {
		if (json_is(key, replies_key))
			continue;
		write_key_str(w, json_str(key, &r->arena));
		write_raw(w, json_raw(v));
	}
	write_object_end(w);
}

static int
emit(struct reader *r, const struct place *at, enum slack_item kind,
    const struct cut_item *item, struct err *e)
{
	static const char *const members[] = { NULL, "message", "user",
		"channel", "log", "file" };
	struct writer *w = ingest_item(r->in, item->at);
	struct people people;

	write_object(w);
	write_member_raw(
	    w, "workspace", slack_roster_workspace(&r->roster, at->root));
	if (kind == SLACK_MESSAGE) {
		arena_reset(&r->arena);
		if (at->channel != NULL && at->channel->json.n > 2)
			write_member_raw(w, "channel", at->channel->json);
		gather_people(&people, item->value, at->channel, &r->arena);
		write_people(r, w, &people);
	}
	if (kind == SLACK_CHANNEL)
		write_member(w, "channelType", str_of(at->channel_type));
	write_key(w, members[kind]);
	write_item(r, w, item);
	write_object_end(w);
	return ingest_item_end(r->in, e);
}

/* Learns from an item where there is something to learn. */
static void
learn(struct reader *r, const struct place *at, enum slack_item kind,
    struct json v)
{
	if (kind != r->learning)
		return;
	if (kind == SLACK_USER)
		slack_roster_user(&r->roster, at->root, v);
	else if (at->channel_type != NULL)
		slack_roster_channel(&r->roster, at->root, at->channel_type, v);
}

/* What an item is: by its own members, else by the file that it is in. */
static enum slack_item
tell(const struct place *at, enum cut_result got, struct json v)
{
	enum slack_item kind;

	if (got == CUT_BAD || json_type(v) != JSON_OBJECT)
		return SLACK_OTHER;
	kind = kind_of(v);
	return kind == SLACK_OTHER ? at->expect : kind;
}

/* Learns from an item, emits or rejects it. */
static int
take_item(struct reader *r, const struct place *at, enum cut_result got,
    const struct cut_item *item, const char *why, struct err *e)
{
	enum slack_item kind = tell(at, got, item->value);

	if (r->learning) {
		learn(r, at, kind, item->value);
		return 0;
	}
	if (kind != SLACK_OTHER)
		return emit(r, at, kind, item, e);
	return ingest_reject(r->in, item->at,
	    got == CUT_BAD ? why : "nothing that a Slack export has",
	    item->text, e);
}

/* The items of a list within an item, and the replies in each. */
static int
take_list(struct reader *r, const struct place *at, struct str outer,
    struct str name, struct json list, struct err *e)
{
	struct json_iter it = json_each(list);
	struct cut_item item;
	struct place own = *at;
	struct arena a = { 0 };
	struct json v, replies;
	size_t n = 0;
	int rc = 0;

	while (rc == 0 && json_next(&it, NULL, &v)) {
		struct json channel = json_get(v, "channel");

		/* What a search found says itself where it was. */
		if (json_type(channel) == JSON_OBJECT)
			own.channel = slack_roster_conversation(&r->roster,
			    at->root, json_str(json_get(channel, "id"), &a),
			    json_str(json_get(channel, "name"), &a));
		item = (struct cut_item){
			.text = json_raw(v),
			.value = v,
			.at = arena_printf(&a, "%.*s%s%.*s#%zu", STR_ARG(outer),
			    outer.n > 0 ? "/" : "", STR_ARG(name), ++n),
		};
		rc = take_item(r, &own, CUT_ITEM, &item, NULL, e);
		replies = json_get(v, replies_key);
		if (rc == 0 && json_type(replies) == JSON_LIST)
			rc = take_list(
			    r, &own, item.at, str_of(replies_key), replies, e);
	}
	arena_release(&a);
	return rc;
}

/*
 * What only wraps a list: the dumps of slackdump and the answers of Slack's
 * API, as {"channel_id":"C1","messages":[...]}.  1 where it is one.
 */
static int
take_wrapped(struct reader *r, const struct place *at,
    const struct cut_item *item, struct err *e)
{
	static const struct {
		const char *name;
		enum slack_item item;
		const char *type;
	} lists[] = { { "messages", SLACK_MESSAGE, NULL },
		{ "members", SLACK_USER, NULL },
		{ "channels", SLACK_CHANNEL, "channel" } };
	struct json v = item->value, list = JSON_ABSENT, matches;
	struct place own = *at;
	struct arena a = { 0 };
	size_t i;
	int rc;

	if (json_type(v) != JSON_OBJECT || kind_of(v) != SLACK_OTHER)
		return 0;
	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		list = json_get(v, lists[i].name);
		matches = json_get(list, "matches");
		if (json_type(matches) == JSON_LIST)
			list = matches;
		if (json_type(list) == JSON_LIST)
			break;
	}
	if (i == sizeof(lists) / sizeof(*lists))
		return 0;
	own.expect = lists[i].item;
	if (lists[i].type != NULL && own.channel_type == NULL)
		own.channel_type = lists[i].type;
	if (json_type(json_get(v, "channel_id")) == JSON_STRING)
		own.channel = slack_roster_conversation(&r->roster, at->root,
		    json_str(json_get(v, "channel_id"), &a),
		    json_str(json_get(v, "name"), &a));
	rc = take_list(r, &own, item->at, str_of(lists[i].name), list, e);
	arena_release(&a);
	return rc < 0 ? -1 : 1;
}

/*
 * What wraps one message: the answer to a post, {"channel":"C1","message":
 * {...}}, and what Slack sends to a hook, {"team_id":"T1","event":{...}}.  1
 * where it is one.
 */
static int
take_enveloped(struct reader *r, const struct place *at,
    const struct cut_item *item, struct err *e)
{
	struct json v = item->value, channel = json_get(v, "channel");
	struct json one = json_get(v, "event");
	struct place own = *at;
	struct arena a = { 0 };
	struct cut_item inner;
	int rc;

	if (json_type(one) != JSON_OBJECT &&
	    json_type(json_get(v, "type")) == JSON_NONE &&
	    json_type(channel) == JSON_STRING) {
		one = json_get(v, "message");
		own.channel = slack_roster_conversation(
		    &r->roster, at->root, json_str(channel, &a), STR_NONE);
	}
	inner = (struct cut_item){
		.text = json_raw(one), .value = one, .at = item->at
	};
	own.expect = SLACK_MESSAGE;
	rc = json_type(one) == JSON_OBJECT &&
		     json_is(json_get(one, "type"), "message")
		 ? take_item(r, &own, CUT_ITEM, &inner, NULL, e)
		 : 1;
	arena_release(&a);
	return rc < 0 ? -1 : rc == 0;
}

/* The file in hand cannot be read, or not on: the last pass says so. */
static int
give_up(struct reader *r, struct str at, const char *why, struct err *e)
{
	r->failed = true;
	if (r->learning == SLACK_OTHER)
		return ingest_reject(r->in, at, why, STR(""), e);
	vec_add(&r->unlearned, xstrdup(r->in->file));
	return 0;
}

/* A disk's failure that went again is no reason to be silent. */
static int
say_unlearned(struct reader *r, struct err *e)
{
	for (size_t i = 0; !r->failed && i < r->unlearned.n; i++)
		if (strcmp(r->unlearned.v[i], r->in->file) == 0)
			return ingest_reject(r->in, STR("0"),
			    "not read at first: its names may be missing",
			    STR(""), e);
	return 0;
}

/* All items of a file: learnt from, or each emitted or rejected. */
static int
read_items(
    struct reader *r, struct input *file, const struct place *at, struct err *e)
{
	struct cut_item item;
	struct err why;
	enum cut_result got;
	int rc = 0;

	if (json_cut_begin(r->cut, file, r->in->max_item, &why) < 0)
		return give_up(r, STR("0"), why.msg, e);
	while (
	    rc == 0 && (got = json_cut_next(r->cut, &item, &why)) != CUT_END) {
		if (got == CUT_FAIL)
			return give_up(r, item.at, why.msg, e);
		rc = got == CUT_ITEM ? take_enveloped(r, at, &item, e) : 0;
		if (rc == 0 && got == CUT_ITEM)
			rc = take_wrapped(r, at, &item, e);
		if (rc == 0)
			rc = take_item(r, at, got, &item, why.msg, e);
		rc = rc < 0 ? -1 : 0;
	}
	return rc;
}

/* One file of the tree, under its own name. */
static int
read_member(struct reader *r, struct tree *tree, const char *name,
    const struct place *at, struct err *e)
{
	const char *outer = r->in->file;
	struct input *input;
	struct utf16 text;
	struct err why;
	int rc;

	buf_reset(&r->path);
	buf_printf(&r->path, "%s/%s", tree_name(tree), name);
	r->failed = false;
	r->in->file = buf_cstr(&r->path);
	input = tree_input(tree, r->in->max_item, &why);
	if (input != NULL &&
	    utf16_open(&text, input, r->in->max_item, &why) == 0) {
		r->in->input = input;
		rc = read_items(r, text.input, at, e);
		r->in->input = NULL;
		utf16_close(&text);
	} else {
		rc = give_up(r, STR("0"), why.msg, e);
	}
	if (rc == 0 && r->learning == SLACK_OTHER)
		rc = say_unlearned(r, e);
	input_close(input);
	r->in->file = outer;
	return rc;
}

/* Programs that fetch the files, too, put them into a folder of this name. */
static bool
is_upload(struct str path)
{
	return str_starts(path, STR("__uploads/")) ||
	       str_find(path, STR("/__uploads/")) >= 0;
}

/* The first passes see the people, then the channels; the last sees all.
 * TREE_... where the file is none of Slack's. */
static int
read_name(struct reader *r, struct tree *tree, const char *name, struct err *e)
{
	struct str path = str_of(name), folder = folder_of(path);
	struct place at = { .root = folder };
	int part = part_of(str_after_last(path, '/'));

	if (is_upload(path))
		return r->learning != SLACK_OTHER ? 0 : TREE_ATTACHMENT;
	if (r->learning != SLACK_OTHER &&
	    (part < 0 || parts[part].item != r->learning))
		return 0;
	if (part >= 0) {
		at.expect = parts[part].item;
		at.channel_type = parts[part].type;
	} else if (is_day(str_after_last(path, '/'))) {
		at.expect = SLACK_MESSAGE;
		at.root = folder_of(folder);
		at.channel = slack_roster_folder(
		    &r->roster, at.root, str_after_last(folder, '/'));
	} else if (conversation_of(str_after_last(path, '/')).p != NULL) {
		at.expect = SLACK_MESSAGE;
		at.channel = slack_roster_conversation(&r->roster, at.root,
		    conversation_of(str_after_last(path, '/')), STR_NONE);
	} else {
		return TREE_FOREIGN;
	}
	return read_member(r, tree, name, &at, e);
}

/* Every file once; TREE_... with one that is none of Slack's.  What
 * cannot be read of the tree is said by the last pass. */
static int
walk(struct reader *r, struct tree *tree, const char **other, struct err *e)
{
	int rc = 0;

	while (rc == 0 &&
	       (rc = ingest_tree_next(r->in, tree, r->learning, other, e)) > 0)
		rc = read_name(r, tree, *other, e);
	return rc;
}

static void
reader_init(struct reader *r, struct ingest *in)
{
	*r = (struct reader){ .in = in, .cut = json_cut_new() };
	buf_init(&r->path, PATH_MAX_BYTES);
}

static void
reader_release(struct reader *r)
{
	json_cut_free(r->cut);
	slack_roster_release(&r->roster);
	arena_release(&r->arena);
	tree_names_release(&r->unlearned);
	buf_release(&r->path);
}

/* The passes in which the roster learns; then the tree stands at its first
 * file again. */
static int
learn_all(struct reader *r, struct tree *tree, struct err *e)
{
	const char *other;
	int rc;

	r->learning = SLACK_USER;
	rc = walk(r, tree, &other, e);
	slack_roster_finish(&r->roster);
	r->learning = SLACK_CHANNEL;
	if (rc == 0)
		rc = tree_rewind(tree, e);
	if (rc == 0)
		rc = walk(r, tree, &other, e);
	r->learning = SLACK_OTHER;
	if (rc == 0 && r->roster.full)
		rc = ingest_reject(r->in, STR(""),
		    "more users or channels than are held: the names of the "
		    "rest stay unknown",
		    STR(""), e);
	return rc == 0 ? tree_rewind(tree, e) : rc;
}

static int
slack_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	struct reader *r = *kept;

	if (r == NULL) {
		*kept = r = xcalloc(1, sizeof(*r));
		reader_init(r, in);
		if (learn_all(r, tree, e) < 0)
			return -1;
	}
	return walk(r, tree, other, e);
}

static void
slack_release_tree(void *kept)
{
	if (kept == NULL)
		return;
	reader_release(kept);
	free(kept);
}

/* A file alone: its folder says the channel where it is a day's. */
static int
slack_read(struct ingest *in, struct input *file, struct err *e)
{
	struct str path = str_of(in->file), base = str_after_last(path, '/');
	struct place at = { .root = STR(""), .expect = SLACK_MESSAGE };
	int part = part_of(base), rc;
	struct reader r;

	reader_init(&r, in);
	if (part >= 0) {
		at.expect = parts[part].item;
		at.channel_type = parts[part].type;
	} else if (is_day(base)) {
		at.channel = slack_roster_folder(
		    &r.roster, STR(""), str_after_last(folder_of(path), '/'));
	} else if (conversation_of(base).p != NULL) {
		at.channel = slack_roster_conversation(
		    &r.roster, STR(""), conversation_of(base), STR_NONE);
	}
	rc = read_items(&r, file, &at, e);
	reader_release(&r);
	return rc;
}

static size_t
digits_at(struct str s, size_t i)
{
	size_t n = 0;

	while (i + n < s.n && ascii_is_digit(s.p[i + n]))
		n++;
	return n;
}

/* "ts": "1434139102.000002", the digits quoted or not. */
static bool
has_ts(struct str head)
{
	ptrdiff_t i;

	while ((i = str_find(head, STR("\"ts\""))) >= 0) {
		size_t n;

		head = str_trim(str_sub(head, (size_t)i + 4, head.n));
		if (head.n == 0 || head.p[0] != ':')
			continue;
		head = str_trim(str_sub(head, 1, head.n));
		if (head.n > 0 && head.p[0] == '"')
			head = str_sub(head, 1, head.n);
		n = digits_at(head, 0);
		if (n >= 9 && n <= 11 && n < head.n && head.p[n] == '.' &&
		    digits_at(head, n + 1) == 6)
			return true;
	}
	return false;
}

static bool
has(struct str head, const char *key)
{
	return str_find(head, str_of(key)) >= 0;
}

static int
slack_sniff(const char *base_name, struct str head)
{
	struct str base = str_of(base_name);
	bool named = is_day(base) || part_of(base) >= 0;

	head = peek_unmarked(head);
	if (head.n == 0 || (head.p[0] != '[' && head.p[0] != '{'))
		return 0;
	if (has_ts(head) && (has(head, "\"text\"") || has(head, "\"bot_id\"") ||
				has(head, "\"subtype\"")))
		return named ? 95 : 80;
	if (has(head, "\"team_id\"") && has(head, "\"real_name\"") &&
	    has(head, "\"profile\""))
		return named ? 95 : 80;
	if (named && has(head, "\"change_type\""))
		return 90;
	if (named && has(head, "\"members\"") && has(head, "\"created\""))
		return 90;
	if (named && has(head, "\"filetype\"") && has(head, "\"mimetype\""))
		return 90;
	return 0;
}

/*
 * The folder that an export stands in: the names' top, or the one folder that
 * all are in.  Where there are several each is looked at for itself.
 */
static struct str
export_root(const char *const *names, size_t n)
{
	struct str root = STR_NONE;

	for (size_t i = 0; i < n; i++) {
		struct str path = str_of(names[i]), first;

		if (tree_is_litter(names[i]))
			continue;
		if (str_chr(path, '/') < 0)
			return STR("");
		first = str_split(&path, '/');
		if (root.p != NULL && !str_eq(root, first))
			return STR("");
		root = first;
	}
	return root.p == NULL ? STR("") : root;
}

/* What was uploaded to the channel of a dump, C1.json, is in C1. */
static bool
is_of_dump(const char *const *names, size_t n, struct str folder)
{
	for (size_t i = 0; i < n; i++) {
		struct str path = str_of(names[i]);

		if (path.n == folder.n + 5 && str_starts(path, folder) &&
		    str_ends(path, STR(".json")))
			return true;
	}
	return false;
}

static int
slack_sniff_tree(const char *const *names, size_t n)
{
	struct str root = export_root(names, n);
	bool days = false, users = false, channels = false;

	for (size_t i = 0; i < n; i++) {
		struct str path = str_of(names[i]),
			   base = str_after_last(path, '/');
		struct str folder = folder_of(path);
		int part = str_eq(folder, root) ? part_of(base) : -1;

		days = days || (is_day(base) && folder.n > 0 &&
				   str_eq(folder_of(folder), root) &&
				   !is_of_dump(names, n, folder));
		users |= part >= 0 && parts[part].item == SLACK_USER;
		channels |= part >= 0 && parts[part].item == SLACK_CHANNEL;
	}
	if (users && channels)
		return 95;
	return days && (users || channels) ? 90 : days ? 60 : 0;
}

static const struct source_sent sent[] = { { "*.json", "*" }, { NULL, NULL } };

const struct source_format source_slack = {
	.name = "slack",
	.about = "Slack exports: a folder or zip, or one of its files",
	.sniff = slack_sniff,
	.read = slack_read,
	.sniff_tree = slack_sniff_tree,
	.read_tree = slack_read_tree,
	.release_tree = slack_release_tree,
	.sent = sent,
	.normalize = slack_normalize,
};
