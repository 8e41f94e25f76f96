/*
 * mrkdwn: https://api.slack.com/reference/surfaces/formatting.  Everything
 * special stands in <...>; &, < and > of the user's own are entities.
 */
#include "source/slack/text.h"

#include "core/text/ascii.h"
/* The marks that stand in pairs within a line. */
static const char marks[] = "*_~`";
enum { MARKS = 4 };

struct render {
	struct str s; /* what is read */
	size_t i;
	size_t line_end; /* of the line in hand */
	size_t closes[MARKS]; /* where an open mark closes; 0: not open */
	size_t none_before[MARKS]; /* up to here no closing mark was found */
	size_t no_end_before; /* up to here no '>' was found */
	bool fenced; /* within ``` */
	const struct slack_names *names;
	struct buf *out;
};

bool
slack_is_user(struct str id)
{
	if (id.n < 3 || (id.p[0] != 'U' && id.p[0] != 'W'))
		return false;
	for (size_t i = 1; i < id.n; i++)
		if (!(ascii_is_upper(id.p[i]) || ascii_is_digit(id.p[i])))
			return false;
	return true;
}

/* Appends s with the three entities undone. */
static void
add_plain(struct buf *out, struct str s)
{
	static const struct {
		struct str entity;
		char c;
	} entities[] = { { { "&amp;", 5 }, '&' }, { { "&lt;", 4 }, '<' },
		{ { "&gt;", 4 }, '>' } };
	ptrdiff_t amp;

	while ((amp = str_chr(s, '&')) >= 0) {
		size_t k = 0;

		buf_add(out, s.p, (size_t)amp);
		s = str_sub(s, (size_t)amp, s.n);
		while (k < 3 && !str_starts(s, entities[k].entity))
			k++;
		buf_add_char(out, k < 3 ? entities[k].c : '&');
		s = str_sub(s, k < 3 ? entities[k].entity.n : 1, s.n);
	}
	buf_add_str(out, s);
}

static struct str
user_name(const struct slack_names *names, struct str id)
{
	return names->user == NULL ? STR_NONE : names->user(names->arg, id);
}

static struct str
channel_name(const struct slack_names *names, struct str id)
{
	return names->channel == NULL ? STR_NONE
				      : names->channel(names->arg, id);
}

/* "@Anna": by the id, else by the label, else the id itself. */
static void
add_user(struct buf *out, const struct slack_names *names, struct str id,
    struct str label)
{
	struct str name = user_name(names, id);

	buf_add_char(out, '@');
	if (name.p != NULL)
		buf_add_str(out, name);
	else
		add_plain(out, label.n > 0 ? label : id);
}

static void
add_channel(struct buf *out, const struct slack_names *names, struct str id,
    struct str label)
{
	struct str name = label.n > 0 ? label : channel_name(names, id);

	buf_add_char(out, '#');
	add_plain(out, name.n > 0 ? name : id);
}

/* <!here>, <!subteam^S1|@support>, <!date^1392734382^{date}|in February> */
static void
add_special(struct buf *out, struct str what, struct str label)
{
	struct str rest = what;
	struct str kind = str_split(&rest, '^');

	if (str_is(kind, "here") || str_is(kind, "channel") ||
	    str_is(kind, "everyone") || str_is(kind, "group")) {
		buf_add_char(out, '@');
		buf_add_str(out, kind);
	} else if (label.n > 0) {
		if (str_is(kind, "subteam") && label.p[0] != '@')
			buf_add_char(out, '@');
		add_plain(out, label);
	} else if (str_is(kind, "subteam") && rest.n > 0) {
		buf_add_char(out, '@');
		add_plain(out, str_split(&rest, '^'));
	} else {
		add_plain(out, kind);
	}
}

/* Without what a label leaves out: scheme, a slash at the end. */
static struct str
bare_url(struct str url)
{
	static const char *const schemes[] = { "https://", "http://",
		"mailto:", "tel:" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		struct str scheme = str_of(schemes[i]);

		if (str_starts_nocase(url, scheme)) {
			url = str_sub(url, scheme.n, url.n);
			break;
		}
	}
	if (url.n > 0 && url.p[url.n - 1] == '/')
		url.n--;
	return url;
}

/* The same but for how a number is written or the case of letters. */
static bool
says_the_same(struct str label, struct str bare)
{
	size_t i = 0, k = 0;

	label = bare_url(label);
	if (str_eq_nocase(label, bare))
		return true;
	for (; i < label.n; i++) {
		if (ascii_is_in(label.p[i], " -./()"))
			continue;
		if (k == bare.n || label.p[i] != bare.p[k])
			return false;
		k++;
	}
	return k == bare.n;
}

static void
add_link(struct buf *out, struct str url, struct str label)
{
	bool address = str_starts_nocase(url, STR("mailto:")) ||
		       str_starts_nocase(url, STR("tel:"));
	struct str bare = bare_url(url), shown = address ? bare : url;

	if (label.n == 0) {
		add_plain(out, shown);
		return;
	}
	add_plain(out, label);
	if (says_the_same(label, bare))
		return;
	buf_add_z(out, " (");
	add_plain(out, shown);
	buf_add_char(out, ')');
}

/* What stands between < and >. */
static void
add_special_sequence(
    struct buf *out, const struct slack_names *names, struct str inner)
{
	struct str label = inner, target = str_split(&label, '|');

	if (target.n == 0) {
		add_plain(out, label);
		return;
	}
	switch (target.p[0]) {
	case '@':
		add_user(out, names, str_sub(target, 1, target.n), label);
		break;
	case '#':
		add_channel(out, names, str_sub(target, 1, target.n), label);
		break;
	case '!':
		add_special(out, str_sub(target, 1, target.n), label);
		break;
	default:
		add_link(out, target, label);
	}
}

/* The end (index of '>') of the sequence that begins at i on this line, or
 * 0. */
static size_t
sequence_end(struct render *r, size_t i)
{
	const char *end;

	if (i < r->no_end_before)
		return 0;
	end = memchr(r->s.p + i, '>', r->line_end - i);
	if (end == NULL)
		r->no_end_before = r->line_end;
	if (end == NULL || end - (r->s.p + i) < 2)
		return 0;
	return (size_t)(end - r->s.p);
}

/* Letters, digits and everything that is not ASCII make words. */
static bool
is_word(struct str s, size_t i)
{
	return (unsigned char)s.p[i] >= 0x80 || ascii_is_alnum(s.p[i]);
}

static bool
is_blank(char c)
{
	return ascii_is_blank(c) || c == '\n' || c == '\r';
}

/* May the mark at i open?  At a word's edge, with something behind it. */
static bool
opens(struct str s, size_t i)
{
	if (i + 2 >= s.n || is_blank(s.p[i + 1]) || s.p[i + 1] == s.p[i])
		return false;
	return i == 0 || (!is_word(s, i - 1) && s.p[i - 1] != s.p[i]);
}

static bool
closes(struct str s, size_t i)
{
	if (is_blank(s.p[i - 1]))
		return false;
	return i + 1 == s.n || (!is_word(s, i + 1) && s.p[i + 1] != s.p[i]);
}

/* Where the mark at i closes on its line, or 0; <...> is passed over. */
static size_t
find_close(struct render *r, size_t i)
{
	struct str s = r->s;

	for (size_t k = i + 1; k < r->line_end; k++) {
		if (s.p[k] == s.p[i] && k > i + 1 && closes(s, k))
			return k;
		if (s.p[k] == '<' && s.p[i] != '`') {
			size_t end = sequence_end(r, k);

			if (end != 0)
				k = end;
		}
	}
	return 0;
}

/* A mark: left out where it is one of a pair. */
static void
take_mark(struct render *r, int kind)
{
	size_t i = r->i++, close;

	if (r->closes[kind] == i && i > 0) {
		r->closes[kind] = 0;
		return;
	}
	if (i >= r->none_before[kind] && r->closes[kind] == 0 &&
	    opens(r->s, i)) {
		close = find_close(r, i);
		if (close != 0) {
			r->closes[kind] = close;
			return;
		}
		r->none_before[kind] = r->line_end;
	}
	buf_add_char(r->out, marks[kind]);
}

/* Code within a line: what stands in it is no mark. */
static void
take_code(struct render *r)
{
	size_t i = r->i;
	size_t close =
	    opens(r->s, i) && i >= r->none_before[3] ? find_close(r, i) : 0;

	if (close == 0) {
		r->none_before[3] = r->line_end;
		buf_add_char(r->out, '`');
		r->i++;
		return;
	}
	add_plain(r->out, str_sub(r->s, i + 1, close - i - 1));
	r->i = close + 1;
}

/* ``` on lines of their own leave no empty line behind. */
static bool
take_fence(struct render *r)
{
	struct str rest = str_sub(r->s, r->i, r->s.n);

	if (!str_starts(rest, STR("```")))
		return false;
	if (!r->fenced && str_find(str_sub(rest, 3, rest.n), STR("```")) < 0)
		return false;
	r->fenced = !r->fenced;
	r->i += 3;
	if (r->i < r->s.n && r->s.p[r->i] == '\n' &&
	    (r->out->n == 0 || r->out->p[r->out->n - 1] == '\n'))
		r->i++;
	return true;
}

static void
new_line(struct render *r)
{
	const char *end;

	memset(r->closes, 0, sizeof(r->closes));
	end = memchr(r->s.p + r->i, '\n', r->s.n - r->i);
	r->line_end = end == NULL ? r->s.n : (size_t)(end - r->s.p);
}

/* Bytes from i on that mean nothing special. */
static size_t
plain_run(const struct render *r)
{
	static const bool special[256] = { ['<'] = true,
		['*'] = true,
		['_'] = true,
		['~'] = true,
		['`'] = true,
		['\n'] = true };
	size_t i = r->i;

	while (i < r->s.n && !special[(unsigned char)r->s.p[i]])
		i++;
	return i - r->i;
}

static void
take_special(struct render *r)
{
	char c = r->s.p[r->i];
	size_t end;

	if (c == '\n') {
		buf_add_char(r->out, c);
		r->i++;
		new_line(r);
	} else if (c == '<') {
		end = sequence_end(r, r->i);
		if (end == 0) {
			buf_add_char(r->out, c);
			r->i++;
			return;
		}
		add_special_sequence(
		    r->out, r->names, str_sub(r->s, r->i + 1, end - r->i - 1));
		r->i = end + 1;
	} else if (c == '`' && take_fence(r)) {
		return;
	} else if (r->fenced) {
		buf_add_char(r->out, c);
		r->i++;
	} else if (c == '`') {
		take_code(r);
	} else {
		take_mark(r, (int)(strchr(marks, c) - marks));
	}
}

void
slack_mrkdwn(struct str s, const struct slack_names *names, struct buf *out)
{
	struct render r = { .s = s, .names = names, .out = out };

	if (s.n == 0)
		return;
	new_line(&r);
	while (r.i < s.n) {
		size_t n = plain_run(&r);

		add_plain(out, str_sub(s, r.i, n));
		r.i += n;
		if (r.i < s.n)
			take_special(&r);
	}
}

struct str
slack_mention(struct str *rest)
{
	ptrdiff_t i;

	while (rest->p != NULL && (i = str_find(*rest, STR("<@"))) >= 0) {
		size_t n = 0;

		*rest = str_sub(*rest, (size_t)i + 2, rest->n);
		while (n < rest->n && rest->p[n] != '>' && rest->p[n] != '|')
			n++;
		if (slack_is_user(str_sub(*rest, 0, n)))
			return str_sub(*rest, 0, n);
	}
	return STR_NONE;
}
