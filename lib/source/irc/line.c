/*
 * What a line of a log says behind its time.  Who spoke stands between < and >,
 * or before a tab; what the program itself says begins with a mark of its own.
 */
#include "core/text/ascii.h"
#include "source/irc/irc.h"

enum { NICK_BYTES = 64 };

bool
irc_is_channel(struct str s)
{
	return s.n > 1 && ascii_is_in(s.p[0], "#&+!") && str_chr(s, ' ') < 0 &&
	       str_chr(s, ',') < 0;
}

/* A nick as servers allow it, and a bit more for bridges' people. */
static bool
is_nick(struct str s)
{
	if (s.n == 0 || s.n > NICK_BYTES)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_control(s.p[i]) ||
		    ascii_is_in(s.p[i], " ,:!*?@#<>()"))
			return false;
	return true;
}

/* Without the mark of who may do what in the channel. */
static struct str
bare(struct str s, struct str *mode)
{
	size_t n = 0;

	s = str_trim(s);
	while (n + 1 < s.n && ascii_is_in(s.p[n], "@+%~&!"))
		n++;
	*mode = n > 0 ? str_sub(s, 0, n) : STR_NONE;
	return str_sub(s, n, s.n);
}

/* The first word off *s. */
static struct str
word(struct str *s)
{
	struct str w;

	*s = str_trim(*s);
	w = str_split(s, ' ');
	if (s->p == NULL)
		*s = STR("");
	return w;
}

/* "(user@host)", "[user@host]" or "<user@host>" off *s. */
static struct str
take_host(struct str *s)
{
	struct str rest = str_trim(*s);
	static const char open[] = "([<", close[] = ")]>";
	const char *at;
	ptrdiff_t end;

	if (rest.n < 3 || !ascii_is_in(rest.p[0], open))
		return STR_NONE;
	at = strchr(open, rest.p[0]);
	end = str_chr(rest, close[at - open]);
	if (end < 0 || str_chr(str_sub(rest, 0, (size_t)end), '@') < 0)
		return STR_NONE;
	*s = str_sub(rest, (size_t)end + 1, rest.n);
	return str_sub(rest, 1, (size_t)end - 1);
}

/* What stands in brackets or quotes, or behind a colon; the reason. */
static struct str
reason(struct str s)
{
	s = str_trim(s);
	if (s.n > 1 && s.p[0] == ':')
		return str_trim(str_sub(s, 1, s.n));
	if (s.n > 1 && ((s.p[0] == '(' && s.p[s.n - 1] == ')') ||
			   (s.p[0] == '[' && s.p[s.n - 1] == ']') ||
			   (s.p[0] == '"' && s.p[s.n - 1] == '"') ||
			   (s.p[0] == '\'' && s.p[s.n - 1] == '\'')))
		return reason(str_sub(s, 1, s.n - 2));
	return s.n == 0 ? STR_NONE : s;
}

/* The channel that begins *s, taken off. */
static struct str
take_channel(struct str *s)
{
	struct str rest = *s, w = word(&rest);

	while (w.n > 1 && ascii_is_in(w.p[w.n - 1], ".:"))
		w.n--;
	if (!irc_is_channel(w))
		return STR_NONE;
	*s = rest;
	return w;
}

/* Whether s goes on as the program's sentence does and not a person's. */
static bool
ends_phrase(struct str s)
{
	s = str_trim(s);
	return s.n == 0 || ascii_is_in(s.p[0], "(#&[:.\"") ||
	       str_starts(s, STR("IRC")) || str_starts(s, STR("the channel"));
}

/* What programs say of somebody: behind the nick and the host. */
static const struct {
	const char *words, *subtype;
	bool to; /* who or what it is about stands behind it */
} phrases[] = {
	{ "has joined", "join", false },
	{ "joined", "join", false },
	{ "has left", "part", false },
	{ "has quit", "quit", false },
	{ "left irc", "quit", false },
	{ "left", "part", false },
	{ "is now known as", "nick", true },
	{ "has changed nick to", "nick", true },
	{ "was kicked from", "kick", false },
	{ "was kicked by", "kick", true },
	{ "has been kicked by", "kick", true },
	{ "has kicked", "kick", true },
	{ "sets mode", "mode", false },
	{ "has set mode", "mode", false },
	{ "sets modes", "mode", false },
	{ "changed the topic", "topic", false },
	{ "changes topic to", "topic", false },
	{ "has changed the topic to", "topic", false },
	{ "has changed topic for", "topic", false },
	{ "set the topic to", "topic", false },
};

static void
finish_phrase(struct irc_line *l, size_t i, struct str rest)
{
	struct str who;

	l->subtype = phrases[i].subtype;
	if (str_starts(str_trim(rest), STR("IRC")))
		rest = str_sub(str_trim(rest), 3, rest.n);
	l->channel = take_channel(&rest);
	if (phrases[i].to) {
		who = word(&rest);
		while (who.n > 0 && ascii_is_in(who.p[who.n - 1], ".:"))
			who.n--;
		l->other = who;
	} else if (str_is(str_of(l->subtype), "kick")) {
		struct str by = word(&rest);

		if (str_is(by, "by"))
			l->other = word(&rest);
	}
	if (str_starts(str_trim(rest), STR("of "))) {
		rest = str_sub(str_trim(rest), 3, rest.n);
		l->channel = take_channel(&rest);
	}
	if (str_starts(str_trim(rest), STR("to")))
		rest = str_sub(str_trim(rest), 2, rest.n);
	l->text = reason(rest);
	/* Who does it is who speaks: the line begins with who was kicked. */
	if (str_is(str_of(l->subtype), "kick") && l->other.n > 0 &&
	    !str_is(str_of(phrases[i].words), "has kicked")) {
		who = l->nick;
		l->nick = l->other;
		l->other = who;
		l->host = STR_NONE;
	}
}

/* "nick (user@host) has joined #chan"; strict: a person may say so, too. */
static bool
read_phrase(struct str s, bool strict, struct irc_line *l)
{
	struct str rest = s, nick = bare(word(&rest), &l->mode), host;
	ptrdiff_t mark = str_chr(nick, '!');

	host = take_host(&rest);
	if (mark > 0) {
		host = str_sub(nick, (size_t)mark + 1, nick.n);
		nick = str_sub(nick, 0, (size_t)mark);
	}
	if (!is_nick(nick))
		return false;
	rest = str_trim(rest);
	for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++) {
		struct str words = str_of(phrases[i].words), behind;

		if (!str_starts_nocase(rest, words))
			continue;
		behind = str_sub(rest, words.n, rest.n);
		if (behind.n > 0 && !ascii_is_in(behind.p[0], " .:(["))
			continue;
		if (strict && host.n == 0 && !phrases[i].to &&
		    !ends_phrase(behind))
			continue;
		l->kind = IRC_EVENT;
		l->nick = nick;
		l->host = host;
		finish_phrase(l, i, behind);
		return true;
	}
	/* A program that speaks another language: only it knows the host. */
	if (host.n == 0 || !strict)
		return false;
	l->kind = IRC_EVENT;
	l->subtype = "line";
	l->nick = nick;
	l->host = host;
	l->text = rest;
	return true;
}

/* "Joins: nick (user@host)" */
static bool
read_labelled(struct str s, struct irc_line *l)
{
	static const struct {
		const char *label, *subtype;
	} labels[] = { { "Joins:", "join" }, { "Parts:", "part" },
		{ "Quits:", "quit" }, { "Join:", "join" }, { "Part:", "part" },
		{ "Quit:", "quit" } };

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		struct str label = str_of(labels[i].label);

		if (!str_starts_nocase(s, label))
			continue;
		s = str_sub(s, label.n, s.n);
		l->kind = IRC_EVENT;
		l->subtype = labels[i].subtype;
		l->nick = bare(word(&s), &l->mode);
		l->host = take_host(&s);
		l->channel = take_channel(&s);
		l->text = reason(s);
		return is_nick(l->nick);
	}
	return false;
}

/* What nobody did: modes by their channel, topics, the program's own. */
static void
read_other(struct str s, struct irc_line *l)
{
	struct str rest = s, first = word(&rest);
	bool mode = str_starts_nocase(first, STR("mode/"));

	/* eggdrop: "#chan: mode change '+o nick' by op!user@host" */
	if (str_starts(rest, STR("mode change "))) {
		l->channel = str_sub(first, 0, first.n - 1);
		rest = str_sub(rest, 12, rest.n);
		first = STR("Mode");
	}

	l->kind = IRC_EVENT;
	l->subtype = "line";
	l->text = s;
	if (mode || str_is(first, "Mode") || str_is(first, "mode")) {
		ptrdiff_t by;

		l->subtype = "mode";
		if (mode)
			l->channel = str_sub(first, 5, first.n);
		else if (l->channel.p == NULL)
			l->channel = take_channel(&rest);
		by = str_find(rest, STR(" by "));
		if (by > 0) {
			struct str who = str_sub(rest, (size_t)by + 4, rest.n);

			l->nick = word(&who);
			l->nick = str_sub(l->nick, 0,
			    str_chr(l->nick, '!') < 0
				? l->nick.n
				: (size_t)str_chr(l->nick, '!'));
			rest = str_sub(rest, 0, (size_t)by);
		}
		l->text = reason(rest);
	} else if (str_starts_nocase(s, STR("topic "))) {
		ptrdiff_t colon = str_chr(s, ':');

		l->subtype = "topic";
		rest = str_sub(rest, 0, rest.n);
		if (str_starts(rest, STR("for ")) ||
		    str_starts(rest, STR("changed on ")))
			(void)word(&rest);
		if (str_starts(rest, STR("on ")))
			(void)word(&rest);
		l->channel = take_channel(&rest);
		if (colon > 0)
			rest = str_sub(s, (size_t)colon + 1, s.n);
		else if (str_starts(rest, STR("is ")))
			rest = str_sub(rest, 3, rest.n);
		l->text = reason(rest);
	} else if (str_starts_nocase(s, STR("now talking "))) {
		l->subtype = "join";
		(void)word(&rest);
		(void)word(&rest);
		l->channel = take_channel(&rest);
		l->text = STR_NONE;
	} else if (str_starts(s, STR("Nick change: "))) {
		(void)word(&rest);
		l->subtype = "nick";
		l->nick = word(&rest);
		(void)word(&rest);
		l->other = word(&rest);
		l->text = STR_NONE;
	}
}

static void
read_event(struct str s, struct irc_line *l)
{
	s = str_trim(s);
	if (!read_labelled(s, l) && !read_phrase(s, false, l))
		read_other(s, l);
}

/* "<nick> text" */
static bool
read_message(struct str s, struct irc_line *l)
{
	ptrdiff_t end = str_chr(s, '>');
	struct str nick;

	if (s.n < 3 || s.p[0] != '<' || end < 2)
		return false;
	nick = bare(str_sub(s, 1, (size_t)end - 1), &l->mode);
	if (!is_nick(nick) ||
	    ((size_t)end + 1 < s.n && !ascii_is_blank(s.p[end + 1])))
		return false;
	l->kind = IRC_MESSAGE;
	l->nick = nick;
	l->text = str_trim(str_sub(s, (size_t)end + 1, s.n));
	return true;
}

/* "-nick- text", "-nick:#chan- text", "-nick(user@host)- text" */
static bool
read_notice(struct str s, struct irc_line *l)
{
	struct str nick, host;
	ptrdiff_t end = str_find(s, STR("- ")), colon;

	if (s.n < 4 || s.p[0] != '-' || end < 2)
		return false;
	nick = str_sub(s, 1, (size_t)end - 1);
	colon = str_chr(nick, ':');
	if (colon > 0) {
		l->channel = str_sub(nick, (size_t)colon + 1, nick.n);
		nick = str_sub(nick, 0, (size_t)colon);
	}
	colon = str_chr(nick, '(');
	if (colon > 0) {
		host = str_sub(nick, (size_t)colon, nick.n);
		l->host = take_host(&host);
		nick = str_sub(nick, 0, (size_t)colon);
	}
	nick = bare(nick, &l->mode);
	if (!is_nick(nick))
		return false;
	l->kind = IRC_NOTICE;
	l->nick = nick;
	l->text = str_trim(str_sub(s, (size_t)end + 2, s.n));
	return true;
}

/* Behind a star: what somebody does, unless the program tells it. */
static void
read_star(struct str s, struct irc_line *l)
{
	struct str rest = str_trim(s);

	if (read_labelled(rest, l) || read_phrase(rest, true, l))
		return;
	if (str_starts_nocase(rest, STR("now talking ")) ||
	    str_starts_nocase(rest, STR("topic is ")) ||
	    str_starts_nocase(rest, STR("topic for ")) ||
	    str_starts_nocase(rest, STR("set by ")) ||
	    str_starts_nocase(rest, STR("disconnected"))) {
		read_other(rest, l);
		return;
	}
	l->nick = bare(word(&rest), &l->mode);
	l->text = str_trim(rest);
	l->kind = is_nick(l->nick) ? IRC_ACTION : IRC_EVENT;
	if (l->kind == IRC_EVENT) {
		l->nick = STR_NONE;
		l->subtype = "line";
		l->text = str_trim(s);
	}
}

/* WeeChat: who or what, a tab, the rest. */
static bool
read_columns(struct str s, struct irc_line *l)
{
	ptrdiff_t tab = str_chr(s, '\t');
	struct str who, text;

	if (tab < 0)
		return false;
	who = str_trim(str_sub(s, 0, (size_t)tab));
	text = str_sub(s, (size_t)tab + 1, s.n);
	if (str_is(who, "*")) {
		read_star(text, l);
		return true;
	}
	if (str_starts(text, STR("Notice("))) {
		ptrdiff_t end = str_find(text, STR("): "));

		if (end > 0) {
			l->kind = IRC_NOTICE;
			l->nick = str_sub(text, 7, (size_t)end - 7);
			l->text = str_sub(text, (size_t)end + 3, text.n);
			return true;
		}
	}
	if (who.n == 0 || ascii_is_in(who.p[0], "-<=*")) {
		read_event(text, l);
		if (str_is(who, "-->") && str_is(str_of(l->subtype), "line"))
			l->subtype = "join";
		if (str_is(who, "<--") && str_is(str_of(l->subtype), "line"))
			l->subtype = "quit";
		if (who.n > 2 && who.p[0] == '<' && who.p[1] != '-')
			return read_message(s, l);
		if (who.n > 2 && who.p[0] == '-' && who.p[1] != '-')
			return (who.p[who.n - 1] == '-') &&
			       (l->kind = IRC_NOTICE,
				   l->nick = str_sub(who, 1, who.n - 2),
				   l->text = text, is_nick(l->nick));
		return true;
	}
	who = bare(who, &l->mode);
	l->kind = IRC_MESSAGE;
	l->nick = who;
	l->text = str_trim(text);
	return is_nick(who);
}

/* What may stand at a line's beginning without a time before it, and be sure
 * all the same. */
static bool
read_marked(struct str s, struct irc_line *l)
{
	static const char *const marks[] = { "-!- ", "*** ", "--> ", "<-- ",
		"\xe2\x86\x92 ", "\xe2\x86\x90 ", "--- ", "-- ", NULL };

	if (read_message(s, l))
		return true;
	for (size_t i = 0; marks[i] != NULL; i++)
		if (str_starts(s, str_of(marks[i]))) {
			read_event(str_sub(s, strlen(marks[i]), s.n), l);
			return true;
		}
	if (str_starts(s, STR("* "))) {
		read_star(str_sub(s, 2, s.n), l);
		return true;
	}
	return read_notice(s, l);
}

void
irc_read(struct str rest, bool stamped, struct irc_line *l)
{
	struct str s;

	*l = (struct irc_line){ .kind = IRC_NONE };
	if (stamped && rest.n > 0 && rest.p[0] == '\t') {
		rest = str_sub(rest, 1, rest.n);
		if (read_columns(rest, l))
			return;
		/* Who said nothing at all. */
		*l = (struct irc_line){ .kind = IRC_MESSAGE };
		l->nick = bare(rest, &l->mode);
		if (is_nick(l->nick))
			return;
	}
	s = str_trim(rest);
	*l = (struct irc_line){ .kind = IRC_NONE };
	if (s.n == 0 || read_marked(s, l))
		return;
	*l = (struct irc_line){ .kind = IRC_NONE };
	/* HexChat: "*", a tab, the rest. */
	if (str_chr(s, '\t') > 0 && stamped && read_columns(s, l))
		return;
	*l = (struct irc_line){ .kind = IRC_NONE };
	if (!stamped)
		return;
	/* eggdrop */
	if (str_starts(s, STR("Action: "))) {
		s = str_sub(s, 8, s.n);
		l->nick = bare(word(&s), &l->mode);
		l->text = str_trim(s);
		l->kind = is_nick(l->nick) ? IRC_ACTION : IRC_NONE;
		return;
	}
	if (!read_phrase(s, true, l) &&
	    (str_starts(s, STR("Nick change: ")) ||
		str_starts(s, STR("Topic changed on ")) ||
		str_find(s, STR(": mode change ")) > 0))
		read_other(s, l);
}
