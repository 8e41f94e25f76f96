/*
 * sigexport's chats: chat.md, and data.json with the same a line.  What stands
 * in the text of the one are members of the other.
 */
#include "core/text/ascii.h"
#include "source/signal/signal.h"

struct export_view {
	struct normalize *n;
	struct message *m;
	struct json native; /* of data.json, or absent */
	struct str time, sender, body, chat;
	struct str reactions; /* as they are written */
	bool deleted, call, missed;
};

/* The folder that the file is in is the chat. */
static struct str
chat_of(struct export_view *v)
{
	struct str file =
	    native_text(v->n, json_get(v->n->root, "source"), "file");
	ptrdiff_t slash = str_rchr(file, '/');

	if (slash <= 0)
		return STR_NONE;
	file = str_sub(file, 0, (size_t)slash);
	return str_after_last(file, '/');
}

static bool
take_end(struct str *s, struct str end)
{
	if (!str_ends(*s, end))
		return false;
	*s = str_trim_right(str_sub(*s, 0, s->n - end.n));
	return true;
}

/* "![box.png](./media/box.png)" at the text's end. */
static bool
take_file(struct export_view *v)
{
	struct str s = v->body;
	ptrdiff_t open, middle;
	struct attachment a = { .size = -1 };

	if (s.n == 0 || s.p[s.n - 1] != ')')
		return false;
	middle = str_rchr(s, '(');
	if (middle < 2 || s.p[middle - 1] != ']' ||
	    !str_starts(str_sub(s, (size_t)middle + 1, s.n), STR(".")))
		return false;
	open = str_rchr(str_sub(s, 0, (size_t)middle), '[');
	if (open < 0)
		return false;
	a.name = str_sub(s, (size_t)open + 1, (size_t)(middle - open - 2));
	message_add_attachment(v->m, a);
	open -= open > 0 && s.p[open - 1] == '!';
	v->body = str_trim_right(str_sub(s, 0, (size_t)open));
	return true;
}

/* "> " before each line of what is quoted, above the text. */
static void
take_quote(struct export_view *v)
{
	struct str rest = v->body, line;
	char *quoted;
	size_t n = 0;

	if (!str_starts(rest, STR("> ")))
		return;
	quoted = arena_alloc(&v->m->arena, rest.n + 1);
	while (rest.p != NULL && str_starts(rest, STR(">"))) {
		line = str_line(&rest);
		line = str_sub(
		    line, line.n > 1 && line.p[1] == ' ' ? 2 : 1, line.n);
		if (n > 0)
			quoted[n++] = '\n';
		memcpy(quoted + n, line.p, line.n);
		n += line.n;
	}
	v->m->quoted = str_trim(str_make(quoted, n));
	v->body = str_trim(rest);
}

/* "(- Ana: +, Mara: + -)" */
static void
take_reactions(struct export_view *v)
{
	struct str s = v->body;
	ptrdiff_t at = str_rchr(s, '(');

	if (!str_ends(s, STR(" -)")) || at < 0 ||
	    !str_starts(str_sub(s, (size_t)at, s.n), STR("(- ")))
		return;
	v->reactions = str_sub(s, (size_t)at + 3, s.n - (size_t)at - 6);
	v->body = str_trim_right(str_sub(s, 0, (size_t)at));
}

/* They were taken off the end one by one. */
static void
turn_files(struct message *m)
{
	for (size_t i = 0; i < m->attachments.n / 2; i++) {
		struct attachment *a = &m->attachments.v[i];
		struct attachment *b =
		    &m->attachments.v[m->attachments.n - 1 - i];
		struct attachment swap = *a;

		*a = *b;
		*b = swap;
	}
}

static void
take_text(struct export_view *v, struct str text)
{
	size_t n = signal_line(text, &v->time, &v->sender);

	v->body = str_trim(str_sub(text, n, text.n));
	v->deleted = str_is(v->body, "(This message was deleted)");
	if (v->deleted)
		v->body = STR_NONE;
	while (take_file(v))
		continue;
	turn_files(v->m);
	take_quote(v);
	if (str_starts(v->body, STR("(( ")) && take_end(&v->body, STR(" ))")))
		v->body = str_sub(v->body, 3, v->body.n);
	take_reactions(v);
}

static void
take_row(struct export_view *v)
{
	struct json list = json_get(v->native, "attachments"), one;
	struct json_iter it = json_each(list);

	v->time = native_text(v->n, v->native, "date");
	v->sender = native_text(v->n, v->native, "sender");
	v->body = native_text(v->n, v->native, "body");
	v->m->quoted = native_text(v->n, v->native, "quote");
	if (str_starts(v->m->quoted, STR("> ")))
		v->m->quoted = str_sub(v->m->quoted, 2, v->m->quoted.n);
	v->deleted = json_true(json_get(v->native, "deleted"));
	v->call = json_true(json_get(v->native, "call"));
	v->missed = json_true(json_get(v->native, "missed"));
	if (v->body.p == NULL)
		v->body = native_text(v->n, v->native, "sticker");
	if (v->body.p == NULL)
		v->body =
		    native_value(v->n, native_at(v->native, "sticker/emoji"));
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct attachment a = { .size = -1 };

		a.name = native_text(v->n, one, "name");
		if (a.name.p != NULL)
			message_add_attachment(v->m, a);
	}
}

/* "Incoming voice call (accepted, 1m 5s)", "Missed video call". */
static bool
is_call(struct str s)
{
	bool missed = str_starts(s, STR("Missed "));
	ptrdiff_t at = str_find(s, STR(" call"));
	struct str kind, rest;

	if ((!missed && !str_starts(s, STR("Incoming ")) &&
		!str_starts(s, STR("Outgoing "))) ||
	    at < 0)
		return false;
	kind = str_trim(str_sub(
	    s, (size_t)str_chr(s, ' '), (size_t)(at - str_chr(s, ' '))));
	rest = str_sub(s, (size_t)at + 5, s.n);
	if (!str_is(kind, "voice") && !str_is(kind, "video") &&
	    !str_is(kind, "group"))
		return false;
	return missed ? rest.n == 0
		      : str_starts(rest, STR(" (")) &&
			    str_ends(rest, STR(")")) && str_chr(rest, '\n') < 0;
}

static void
write_call(struct export_view *v, struct writer *w)
{
	struct str s = v->body;
	ptrdiff_t at = str_find(s, STR("accepted"));
	int64_t seconds = 0, number = 0;
	bool any = false;

	for (size_t i = at < 0 ? s.n : (size_t)at; i < s.n; i++) {
		if (ascii_is_digit(s.p[i])) {
			number = number < 100000 ? number * 10 + (s.p[i] - '0')
						 : number;
			any = true;
			continue;
		}
		seconds += s.p[i] == 'm'   ? number * 60
			   : s.p[i] == 's' ? number
					   : 0;
		number = 0;
	}
	if (any)
		write_member_int(w, "duration", seconds);
	write_member(w, "disposition",
	    at >= 0                                      ? STR("answered")
	    : v->missed || str_starts(s, STR("Missed ")) ? STR("missed")
	    : str_find(s, STR("declined")) >= 0          ? STR("rejected")
							 : STR("no answer"));
}

static void
write_reaction(struct writer *w, struct str name, struct str by)
{
	write_object(w);
	write_member(w, "name", name);
	write_key(w, "by");
	write_list(w);
	write_str(w, by);
	write_list_end(w);
	write_object_end(w);
}

/* "Ana: +, Mara: +", or [["Ana","+"]] and of old [{"name","emoji"}]. */
static void
write_reactions(struct export_view *v, struct writer *w)
{
	struct json list = json_get(v->native, "reactions"), one;
	struct json_iter it = json_each(list);
	struct str rest = v->reactions;
	bool rows = json_type(list) == JSON_LIST && json_count(list) > 0;

	if (rest.p == NULL && !rows)
		return;
	write_key(w, "reactions");
	write_list(w);
	while (rest.p != NULL) {
		struct str s = str_trim(str_split(&rest, ','));
		ptrdiff_t colon = str_rchr(s, ':');

		write_reaction(w,
		    str_trim(str_sub(s, (size_t)(colon + 1), s.n)),
		    str_sub(s, 0, colon < 0 ? 0 : (size_t)colon));
	}
	while (rows && json_next(&it, NULL, &one)) {
		bool pair = json_type(one) == JSON_LIST;
		struct str by = native_value(
		    v->n, pair ? json_at(one, 0) : json_get(one, "name"));

		write_reaction(w,
		    native_value(
			v->n, pair ? json_at(one, 1) : json_get(one, "emoji")),
		    by.p == NULL ? STR("") : by);
	}
	write_list_end(w);
}

/* The same in both files: when, who, what. */
static void
set_id(struct export_view *v)
{
	struct message *m = v->m;
	char when[TIME_SIZE];
	size_t n = time_format(m->sent - m->sent % TIME_SECOND, when);

	m->id_without_account = true;
	m->native_id = ARENA_JOIN(&m->arena, v->chat, STR("/"),
	    str_make(when, n), STR("/"), v->sender, STR("/"), v->body);
	for (size_t i = 0; i < m->attachments.n; i++)
		m->native_id = ARENA_JOIN(&m->arena, m->native_id, STR("/"),
		    m->attachments.v[i].name);
}

/* "2019-12-24, 12:23": a clock of the phone's or computer's place. */
static int
read_time(struct export_view *v)
{
	char *s = arena_alloc(&v->m->arena, v->time.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < v->time.n; i++)
		if (v->time.p[i] != ',')
			s[n++] = v->time.p[i];
	return native_time_text(v->n, str_make(s, n), &v->m->sent);
}

static void
read_people(struct export_view *v)
{
	bool me = str_is(v->sender, "Me");

	v->m->from.name = v->sender;
	v->m->thread_id = v->chat;
	if (me)
		v->m->direction = "outbound";
	if (v->chat.p != NULL && !str_eq(v->chat, v->sender))
		message_add_address(
		    v->m, &v->m->to, (struct address){ .name = v->chat });
}

enum stage_result
signal_export(struct normalize *n, struct json native, struct err *e)
{
	struct export_view v = { .n = n, .m = normalize_begin(n) };
	struct writer *w;

	v.m->channel = "signal";
	v.chat = chat_of(&v);
	if (json_type(json_get(native, "sender")) == JSON_STRING) {
		v.native = native;
		take_row(&v);
	} else {
		struct str text;

		if (normalize_text(n, native, &text, e) < 0)
			return STAGE_FATAL;
		take_text(&v, normalize_lines(n, text));
	}
	if (read_time(&v) < 0)
		return native_reject(e, "no message of Signal: its time cannot "
					"be read");
	v.call |= is_call(v.body);
	v.m->type = v.call ? "call" : "message";
	set_id(&v);
	read_people(&v);
	if (v.deleted)
		message_keyword(v.m, "deleted");
	else if (!v.call && v.body.n > 0)
		v.m->text = v.body;
	w = native_data(n);
	if (v.call)
		write_call(&v, w);
	write_reactions(&v, w);
	return native_data_end(n, e) < 0 ? STAGE_REJECT : native_emit(n, e);
}
