/*
 * DiscordChatExporter's tables: who, when and what.  Which channel that was only
 * the file's own name says, "Guild - channel [123].csv".
 */
#include "core/text/ascii.h"
#include "source/discord/discord.h"
#include "source/native.h"

/* The number in the last brackets of the file's name. */
static struct str
channel_of(struct normalize *n)
{
	struct json source = json_get(n->root, "source");
	struct str s = str_after_last(native_text(n, source, "file"), '/');
	ptrdiff_t open = str_rchr(s, '['), end = str_rchr(s, ']');

	if (open < 0 || end <= open + 1)
		return STR_NONE;
	s = str_sub(s, (size_t)open + 1, (size_t)(end - open) - 1);
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return STR_NONE;
	return s;
}

static void
read_place(struct normalize *n)
{
	struct message *m = &n->message;
	struct str id = channel_of(n);
	struct address to = { 0 };

	if (id.p == NULL)
		return;
	m->thread_id = id;
	to.uri =
	    native_uri(n, "discord", ARENA_JOIN(&m->arena, STR("channel"), id));
	message_add_address(m, &m->to, to);
}

/* Links with commas between. */
static void
attach(struct normalize *n, struct str rest)
{
	while (rest.p != NULL && rest.n > 0) {
		struct str url = str_trim(str_split(&rest, ','));
		struct str name = str_after_last(url, '/');
		ptrdiff_t query = str_chr(name, '?');

		if (query >= 0)
			name = str_sub(name, 0, (size_t)query);
		if (name.n > 0)
			message_add_attachment(&n->message,
			    (struct attachment){ .name = name, .size = -1 });
	}
}

/* "👍 (2),❤ (1)" */
static void
write_reactions(struct writer *w, struct str rest)
{
	if (rest.p == NULL)
		return;
	write_key(w, "reactions");
	write_list(w);
	while (rest.p != NULL) {
		struct str one = str_trim(str_split(&rest, ','));
		ptrdiff_t open = str_rchr(one, '(');
		int64_t count = 1;

		if (open > 0 && str_ends(one, STR(")"))) {
			(void)str_to_int(str_sub(one, (size_t)open + 1,
					     one.n - (size_t)open - 2),
			    &count);
			one = str_trim(str_sub(one, 0, (size_t)open));
		}
		if (one.n == 0)
			continue;
		write_object(w);
		write_member(w, "name", one);
		write_member_int(w, "count", count);
		write_object_end(w);
	}
	write_list_end(w);
}

enum stage_result
discord_row(struct normalize *n, struct json native, struct err *e)
{
	struct message *m = &n->message;
	struct writer *w;

	m->channel = "discord";
	m->type = "message";
	if (native_time(n, json_get(native, "Date"), &m->sent) < 0)
		return native_reject(
		    e, "no message of Discord: its Date cannot be read");
	m->from.name = native_text(n, native, "Author");
	m->from.uri =
	    native_uri(n, "discord", native_text(n, native, "AuthorID"));
	m->text = native_text(n, native, "Content");
	read_place(n);
	m->native_id = native_content(n, native);
	attach(n, native_text(n, native, "Attachments"));
	w = native_data(n);
	write_reactions(w, native_text(n, native, "Reactions"));
	return native_data_end(n, e) < 0 ? STAGE_REJECT : native_emit(n, e);
}
