/*
 * What the messages of a WhatsApp chat need to know of it all: in which order
 * the numbers of its dates stand, what it is called, who writes in it.
 */
#include "core/hash.h"
#include "core/text/ascii.h"
#include "source/whatsapp/whatsapp.h"

enum { CLOCK_BACK = 65 }; /* minutes: summer time ends, and clocks are wrong */

/* What dates with one kind of separator tell of their order. */
struct clue {
	unsigned day_first, month_first, year_first;
	int64_t path[3]; /* days walked in each order; ymd: of two digits */
	int64_t last[3];
	bool other; /* a date that cannot begin with a year of two digits */
	bool seen, capitals, padded;
};

static size_t
kind_of_separator(char c)
{
	return c == '/' ? 0 : c == '.' ? 1 : 2;
}

static struct str
without(struct str s, const char *word)
{
	struct str w = str_of(word);

	return str_starts_nocase(s, w) ? str_sub(s, w.n, s.n) : s;
}

/* "Anna (1)" is what a browser makes of "Anna". */
static struct str
without_count(struct str s)
{
	ptrdiff_t open = str_rchr(s, '(');
	int64_t n;

	if (open > 0 && str_ends(s, STR(")")) &&
	    str_to_int(
		str_sub(s, (size_t)open + 1, s.n - (size_t)open - 2), &n) == 0)
		return str_trim(str_sub(s, 0, (size_t)open));
	return s;
}

/* What a chat's file is called in the languages of phones, behind the word
 * WhatsApp and maybe "Chat". */
static struct str
chat_in_name(struct str base, struct arena *a)
{
	struct str s = without_count(base);
	ptrdiff_t at = str_find_nocase(s, STR("whatsapp"));

	if (at < 0)
		return STR_NONE;
	if (str_chr(s, ' ') < 0 && str_chr(s, '_') >= 0) {
		s = arena_dup(a, s);
		for (size_t i = 0; i < s.n; i++)
			if (s.p[i] == '_')
				((char *)(uintptr_t)s.p)[i] = ' ';
	}
	s = str_sub(s, (size_t)at + 8, s.n);
	s = without(without(s, "-"), " ");
	s = without(without(s, "chat"), "t");
	s = without(s, " ");
	s = whatsapp_behind_with(s);
	return s.p == NULL ? s : str_trim(whatsapp_unmarked(s, a));
}

static struct str
last_part(struct str *path)
{
	ptrdiff_t slash = str_rchr(*path, '/');
	struct str part = str_sub(*path, (size_t)(slash + 1), path->n);

	*path = slash < 0 ? STR("") : str_sub(*path, 0, (size_t)slash);
	return part;
}

static struct str
without_ending(struct str s, struct str ending)
{
	return str_ends_nocase(s, ending) ? str_sub(s, 0, s.n - ending.n) : s;
}

/* The chat's name by its file's, or by the zip's that holds _chat.txt. */
static struct str
chat_name(struct str path, struct arena *a)
{
	struct str base = last_part(&path);

	if (str_eq_nocase(base, STR("_chat.txt"))) {
		base = last_part(&path);
		return chat_in_name(without_ending(base, STR(".zip")), a);
	}
	return chat_in_name(without_ending(base, STR(".txt")), a);
}

static void
note_date(struct clue *c, const struct whatsapp_stamp *s)
{
	int a = s->date[0], b = s->date[1];

	if (whatsapp_year_first(s))
		return;
	c->day_first += a > 12 && a <= 31;
	c->month_first += b > 12 && b <= 31;
	c->year_first += a > 31;
	c->capitals |= s->capitals;
	c->padded |=
	    (s->digits[0] == 2 && a < 10) || (s->digits[1] == 2 && b < 10);
	c->other |= s->digits[0] != 2 || s->digits[2] > 2 || b > 12;
	for (int order = WHATSAPP_DMY; order <= WHATSAPP_YMD; order++) {
		struct civil day;
		int64_t t;

		if (whatsapp_civil(s, (enum whatsapp_order)order, &day) < 0)
			continue;
		t = time_days(day.year, day.month, day.day);
		if (c->seen)
			c->path[order] += t > c->last[order]
					      ? t - c->last[order]
					      : c->last[order] - t;
		c->last[order] = t;
	}
	c->seen = true;
}

/*
 * A number past 12 is a day.  Where there is none, a chat goes forward from
 * day to day: the reading with the shorter way is right.  Where both are as
 * long: dots, dashes and most countries put the day first; who writes "AM"
 * in capitals and days without a zero, or lives in the USA, the month.
 */
static enum whatsapp_order
decide(const struct clue *c, char separator, const char *region)
{
	if (c->year_first > 0 && c->month_first <= c->year_first)
		return WHATSAPP_YMD;
	if (!c->other && c->path[2] < c->path[0] && c->path[2] < c->path[1])
		return WHATSAPP_YMD;
	if (c->day_first != c->month_first)
		return c->day_first > c->month_first ? WHATSAPP_DMY
						     : WHATSAPP_MDY;
	if (c->path[0] != c->path[1])
		return c->path[0] < c->path[1] ? WHATSAPP_DMY : WHATSAPP_MDY;
	if (separator != '/')
		return WHATSAPP_DMY;
	if (c->capitals && !c->padded)
		return WHATSAPP_MDY;
	return region != NULL && strcmp(region, "US") == 0 ? WHATSAPP_MDY
							   : WHATSAPP_DMY;
}

/* A name under which only the program speaks so far. */
static bool
is_speaker(struct whatsapp_chat *c, const struct whatsapp_line *line,
    struct str name, struct arena *a)
{
	if (!whatsapp_notice(str_trim(line->body)))
		return false;
	if (c->speaker.p == NULL)
		c->speaker = arena_dup(a, name);
	return true;
}

static void
note_sender(struct whatsapp_chat *c, const struct whatsapp_line *line,
    struct arena *a, struct arena *scratch)
{
	struct str name;
	bool own;

	if (line->sender.p == NULL)
		return;
	arena_reset(scratch);
	name = whatsapp_name(line->sender, scratch, &own);
	/* iOS lets the group itself say what the program says. */
	if (name.n == 0 || (line->marked && str_eq(name, c->name)))
		return;
	for (size_t i = 0; i < c->sender_count; i++)
		if (str_eq(c->senders[i], name)) {
			c->said[i]++;
			return;
		}
	if (is_speaker(c, line, name, a))
		return;
	if (c->sender_count == WHATSAPP_SENDERS)
		c->more = true;
	else {
		c->said[c->sender_count] = 1;
		c->senders[c->sender_count++] = arena_dup(a, name);
	}
}

/* The next digit from *i on, or NUL. */
static char
next_digit(struct str s, size_t *i)
{
	while (*i < s.n && !ascii_is_digit(s.p[*i]))
		(*i)++;
	return *i < s.n ? s.p[(*i)++] : '\0';
}

/* The same name, or number however it is spaced. */
static bool
is_same(struct str x, struct str y)
{
	size_t i = 0, j = 0;
	char d;

	if (str_eq(x, y))
		return true;
	if (!whatsapp_is_number(x) || !whatsapp_is_number(y))
		return false;
	do {
		d = next_digit(x, &i);
		if (d != next_digit(y, &j))
			return false;
	} while (d != '\0');
	return true;
}

/* Does the workspace say that this is us? */
static bool
is_us(const struct workspace *w, struct str name, struct arena *a)
{
	char *tel = arena_alloc(a, name.n + 1);
	size_t n = 0, i = 0;

	if (!whatsapp_is_number(name))
		return workspace_our_uri(
		    w, arena_printf(a, "whatsapp:%.*s", STR_ARG(name)));
	tel[n++] = '+';
	while (n <= name.n && (tel[n] = next_digit(name, &i)) != '\0')
		n++;
	return workspace_our_tel(w, str_make(tel, n));
}

/* Of the others in a chat of two, whose phone it was: us; else who has a name,
 * as one's own number is never shown, and wrote most. */
static size_t
owner_of(const struct whatsapp_chat *c, size_t partner,
    const struct workspace *w, struct arena *scratch)
{
	size_t best = partner, rank, high = 0;

	for (size_t i = 0; i < c->sender_count; i++) {
		if (i == partner || is_same(c->senders[i], c->name))
			continue;
		rank = 1 + c->said[i] / 2;
		if (!whatsapp_is_number(c->senders[i]))
			rank += SIZE_MAX / 4;
		if (is_us(w, c->senders[i], scratch))
			rank += SIZE_MAX / 2;
		if (rank > high) {
			high = rank;
			best = i;
		}
	}
	return best;
}

/* Who of them is us: the workspace says so, else the owner of a chat of two. */
static void
find_ours(struct whatsapp_chat *c, size_t owner, const struct workspace *w,
    struct arena *scratch)
{
	for (size_t i = 0; i < c->sender_count; i++) {
		c->ours[i] = is_us(w, c->senders[i], scratch);
		c->any_ours |= c->ours[i];
	}
	if (!c->any_ours && owner < c->sender_count)
		c->any_ours = c->ours[owner] = true;
}

/* A chat that is called after one who writes in it is of two.  Returns whose
 * phone it was; beyond all senders where that is not known. */
static size_t
find_two(
    struct whatsapp_chat *c, const struct workspace *w, struct arena *scratch)
{
	size_t partner = 0, owner;
	struct str two[2];

	while (
	    partner < c->sender_count && !is_same(c->senders[partner], c->name))
		partner++;
	if (c->name.p == NULL || c->sender_count < 2 ||
	    partner == c->sender_count)
		return WHATSAPP_SENDERS;
	owner = owner_of(c, partner, w, scratch);
	if (owner == partner)
		return WHATSAPP_SENDERS;
	c->of_two = true;
	for (size_t i = 0; i < c->sender_count; i++)
		if (i != owner && i != partner) {
			c->pasted += c->said[i];
			c->begun -= c->said[i];
		}
	two[0] = c->senders[owner < partner ? owner : partner];
	two[1] = c->senders[owner < partner ? partner : owner];
	c->senders[0] = two[0];
	c->senders[1] = two[1];
	c->sender_count = 2;
	c->more = false;
	return owner < partner ? 0 : 1;
}

enum whatsapp_turn
whatsapp_next(const struct whatsapp_chat *c, struct whatsapp_last *last,
    struct str line, struct arena *scratch)
{
	struct whatsapp_last now = { .any = true };
	struct whatsapp_line l;
	struct civil t;
	struct str name;
	bool own, answer;

	if (c->crlf || c->any_form || !c->any_ours ||
	    !whatsapp_line(str_trim_right(line), c->name, &l) ||
	    l.sender.p == NULL ||
	    whatsapp_civil(&l.stamp, whatsapp_order_of(c, &l.stamp), &t) < 0)
		return WHATSAPP_MESSAGE;
	name = whatsapp_name(l.sender, scratch, &own);
	for (size_t i = 0; i < c->sender_count; i++)
		now.ours |= c->ours[i] && !own && is_same(c->senders[i], name);
	now.minute =
	    time_days(t.year, t.month, t.day) * 1440 + t.hour * 60 + t.minute;
	answer = now.ours && last->any && !last->ours;
	if (answer && last->minute - now.minute > CLOCK_BACK)
		return WHATSAPP_TYPED;
	*last = now;
	return answer ? WHATSAPP_ANSWER : WHATSAPP_MESSAGE;
}

bool
whatsapp_is_third(
    const struct whatsapp_chat *c, struct str line, struct arena *scratch)
{
	struct whatsapp_line l;
	struct str name;
	bool own;

	if (!c->of_two || !whatsapp_line(str_trim_right(line), c->name, &l) ||
	    l.sender.p == NULL)
		return false;
	name = whatsapp_name(l.sender, scratch, &own);
	return name.n > 0 && !is_same(name, c->senders[0]) &&
	       !is_same(name, c->senders[1]) &&
	       !(l.marked && str_eq(name, c->name)) &&
	       !whatsapp_notice(str_trim(l.body));
}

/* A chat that no name tells from others: its first line, however long and
 * in whichever form of the clock. */
static void
name_by_line(struct whatsapp_chat *chat, struct str first, struct arena *a)
{
	static const uint8_t key[16] = "whatsapp begins";
	struct whatsapp_line l;
	struct civil c = { 0 };
	struct str what;

	whatsapp_line(first, STR_NONE, &l);
	(void)whatsapp_civil(&l.stamp, whatsapp_order_of(chat, &l.stamp), &c);
	what = arena_printf(a, "%d-%d-%d %d:%d %.*s: %.*s", c.year, c.month,
	    c.day, c.hour, c.minute, STR_ARG(l.sender), STR_ARG(l.body));
	chat->begin = arena_printf(
	    a, "%016jx", (uintmax_t)hash_sip13(key, what.p, what.n));
}

enum whatsapp_order
whatsapp_order_of(const struct whatsapp_chat *c, const struct whatsapp_stamp *s)
{
	return c->order[kind_of_separator(s->separator)];
}

void
whatsapp_study(struct whatsapp_chat *c, struct str path, struct str text,
    bool whole, const struct workspace *workspace, struct arena *a)
{
	struct whatsapp_lines lines = { .rest = text };
	struct str line, first = STR_NONE;
	struct clue clues[3] = { 0 };
	struct arena scratch = { 0 };
	struct whatsapp_line l;

	*c = (struct whatsapp_chat){ .name = chat_name(path, a) };
	whatsapp_study_form(c, text, whole);
	while (whatsapp_next_line(&lines, &line)) {
		if (!whatsapp_line(line, c->name, &l))
			continue;
		if (first.p == NULL)
			c->time_first = l.stamp.time_first;
		if (!whatsapp_begins(
			c, &l.stamp, lines.behind_crlf || line.p == text.p)) {
			c->pasted += !l.stamp.time_first;
			continue;
		}
		if (first.p == NULL)
			first = line;
		c->begun++;
		note_date(
		    &clues[kind_of_separator(l.stamp.separator)], &l.stamp);
		note_sender(c, &l, a, &scratch);
	}
	/* The other of two who never wrote is known by the program's words. */
	if (c->sender_count < 2 && c->speaker.p != NULL &&
	    !(c->sender_count == 1 && str_eq(c->senders[0], c->speaker)))
		c->senders[c->sender_count++] = c->speaker;
	find_ours(c, find_two(c, workspace, &scratch), workspace, &scratch);
	for (size_t i = 0; i < 3; i++)
		c->order[i] = decide(&clues[i], "/.-"[i], workspace -> region);
	if (c->name.p == NULL && first.p != NULL)
		name_by_line(c, first, a);
	arena_release(&scratch);
}
