/*
 * The protocol itself, as bouncers and bots keep it (RFC 1459, 2.3; IRCv3's
 * message tags), and codes of colours in what people write.
 */
#include "core/text/ascii.h"
#include "source/irc/irc.h"

enum { PARAMS = 15 };

struct str
irc_plain(struct str s, struct arena *a)
{
	char *out;
	size_t n = 0, i = 0;

	while (i < s.n && !((unsigned char)s.p[i] < 0x20))
		i++;
	if (i == s.n)
		return s;
	out = arena_alloc(a, s.n + 1);
	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\x03' || c == '\x04') {
			size_t most = c == '\x03' ? 2 : 6, d = 0;

			for (int part = 0; part < 2; part++) {
				for (d = 0;
				     d < most && i + 1 < s.n &&
				     ascii_hex(s.p[i + 1]) >= 0 &&
				     (most == 6 || ascii_is_digit(s.p[i + 1]));
				     d++)
					i++;
				if (part > 0 || d == 0 || i + 2 >= s.n ||
				    s.p[i + 1] != ',' ||
				    !ascii_is_digit(s.p[i + 2]))
					break;
				i++;
			}
		} else if ((unsigned char)c >= 0x20 || c == '\t' || c == '\n') {
			out[n++] = c;
		}
	}
	return str_make(out, n);
}

/* "\:" is ";", "\s" a blank. */
static struct str
tag_value(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\' && i + 1 < s.n) {
			c = s.p[++i];
			c = c == ':'   ? ';'
			    : c == 's' ? ' '
			    : c == 'r' ? '\r'
			    : c == 'n' ? '\n'
				       : c;
		}
		out[n++] = c;
	}
	return str_make(out, n);
}

static void
read_tags(struct str tags, struct arena *a, struct irc_line *l, int64_t *at)
{
	while (tags.p != NULL) {
		struct str one = str_split(&tags, ';');
		ptrdiff_t eq = str_chr(one, '=');
		struct str name = eq < 0 ? one : str_sub(one, 0, (size_t)eq);
		struct str value =
		    tag_value(str_sub(one, (size_t)(eq + 1), one.n), a);

		if (eq < 0)
			continue;
		if (str_is(name, "time"))
			(void)time_parse(value, at);
		else if (str_is(name, "msgid") || str_is(name, "draft/msgid"))
			l->id = value;
		else if (str_is(name, "account"))
			l->account = value;
		else if (str_is(name, "+draft/reply") || str_is(name, "+reply"))
			l->reply = value;
	}
}

static size_t
read_params(struct str s, struct str out[PARAMS])
{
	size_t n = 0;

	while (s.p != NULL && s.n > 0 && n < PARAMS) {
		if (s.p[0] == ':') {
			out[n++] = str_sub(s, 1, s.n);
			break;
		}
		out[n] = str_split(&s, ' ');
		n += out[n].n > 0;
	}
	return n;
}

static bool
say(struct irc_line *l, struct str target, struct str text, bool notice)
{
	l->kind = notice ? IRC_NOTICE : IRC_MESSAGE;
	l->channel = target;
	if (str_starts(text, STR("\x01"
				 "ACTION "))) {
		l->kind = IRC_ACTION;
		text = str_sub(text, 8, text.n);
		if (str_ends(text, STR("\x01")))
			text.n--;
	} else if (str_starts(text, STR("\x01"))) {
		l->kind = IRC_EVENT;
		l->subtype = "ctcp";
	}
	l->text = text;
	return true;
}

static bool
command(struct irc_line *l, struct str name, const struct str *p, size_t n)
{
	static const char *const names[] = { "JOIN", "PART", "QUIT", "NICK",
		"TOPIC", "MODE", "KICK", "INVITE", "TAGMSG", NULL };
	static const char *const subtypes[] = { "join", "part", "quit", "nick",
		"topic", "mode", "kick", "invite", "tags" };
	size_t i = 0;

	if (n >= 2 && (str_is(name, "PRIVMSG") || str_is(name, "NOTICE")))
		return say(l, p[0], p[1], name.p[0] == 'N');
	while (names[i] != NULL && !str_is(name, names[i]))
		i++;
	if (names[i] == NULL || (n == 0 && i != 2))
		return false;
	l->kind = IRC_EVENT;
	l->subtype = subtypes[i];
	if (n > 0 && irc_is_channel(p[0]))
		l->channel = p[0];
	if (str_is(name, "NICK"))
		l->other = p[0];
	else if (str_is(name, "KICK") && n > 1)
		l->other = p[1];
	else if (str_is(name, "QUIT"))
		l->text = n > 0 ? p[0] : STR_NONE;
	if (n > 1 && !str_is(name, "NICK") && !str_is(name, "JOIN"))
		l->text = p[n - 1];
	return true;
}

bool
irc_raw(struct str line, struct arena *a, struct irc_line *l, int64_t *at)
{
	struct str params[PARAMS], prefix, name;
	ptrdiff_t mark;

	*l = (struct irc_line){ .kind = IRC_NONE };
	*at = TIME_NONE;
	line = str_trim(line);
	if (str_starts(line, STR(">> ")) || str_starts(line, STR("<< ")))
		line = str_trim(str_sub(line, 3, line.n));
	if (line.n > 1 && line.p[0] == '@') {
		struct str tags = str_split(&line, ' ');

		read_tags(str_sub(tags, 1, tags.n), a, l, at);
		line = str_trim(line);
	}
	if (line.n < 4 || line.p[0] != ':')
		return false;
	prefix = str_split(&line, ' ');
	prefix = str_sub(prefix, 1, prefix.n);
	mark = str_chr(prefix, '!');
	l->nick = mark > 0 ? str_sub(prefix, 0, (size_t)mark) : prefix;
	if (mark > 0)
		l->host = str_sub(prefix, (size_t)mark + 1, prefix.n);
	line = str_trim(line);
	name = str_split(&line, ' ');
	return command(l, name, params, read_params(str_trim(line), params));
}
