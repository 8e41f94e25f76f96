/*
 * The format, and how to tell it: a chat by its lines, an export by the names
 * of its files.
 */
#include "core/text/ascii.h"
#include "source/whatsapp/whatsapp.h"

enum { WHATSAPP_SNIFFED = 40 }; /* lines looked at to tell the format */

static int
whatsapp_read(struct ingest *in, struct input *file, struct err *e)
{
	return whatsapp_read_chat(in, file, NULL, e);
}

/* What the first lines of a file show. */
struct signs {
	int sure; /* stamps that nothing but a chat is written with */
	int chat; /* others with a name behind, as people bear */
	int odd; /* others with what logs have in the place of a name */
	int system; /* others without a name */
	bool first; /* the very first line has one of these stamps */
	bool iso; /* others: year first with dashes, as logs write it */
	bool signal; /* "[2019-12-24, 12:23]", as Signal's exports write it */
	bool lower; /* a name there that few people have */
	bool own; /* the program's own words, or a number as it writes it */
	struct str name; /* one that wrote, and whether another did */
	bool more;
};

/* A stamp that programs' logs and other messengers write as well. */
static bool
is_shared(const struct whatsapp_stamp *s)
{
	if (s->end != ']' && s->end != '-')
		return true;
	return whatsapp_year_first(s) && s->separator == '-' && s->half == 0 &&
	       s->bracket != (s->second >= 0);
}

/* "+1 202 555 0147": in groups, as only WhatsApp shows numbers. */
static bool
is_spaced_number(struct str name)
{
	return str_find(name, STR("+")) >= 0 &&
	       (str_chr(name, ' ') > 0 || str_chr(name, '-') > 0 ||
		   str_find(name, STR("\xc2\xa0")) > 0) &&
	       whatsapp_is_number(name);
}

/* What logs have in the place of a name: a level, a program, a class. */
static bool
is_log_word(struct str name)
{
	static const char *const levels[] = { "info", "error", "warn",
		"warning", "debug", "trace", "fatal", "critical", "notice",
		"severe", "err", "crit", "alert", "emerg", "verbose", NULL };
	struct str rest = name, word;

	for (size_t i = 0; i < name.n; i++)
		if (ascii_is_in(name.p[i], "[]{}<>=/\\|#;\""))
			return true;
	while (rest.p != NULL) {
		word = str_split(&rest, ' ');
		for (size_t i = 0; levels[i] != NULL; i++)
			if (str_eq_nocase(word, str_of(levels[i])))
				return true;
	}
	return false;
}

/* One to four words, each with a capital or a letter beyond ASCII first. */
static bool
is_persons_name(struct str name)
{
	struct str rest = str_trim(name), word;
	int words = 0;

	while (rest.p != NULL) {
		word = str_split(&rest, ' ');
		if (word.n == 0)
			continue;
		if (!ascii_is_upper(word.p[0]) &&
		    (unsigned char)word.p[0] < 0x80 && word.p[0] != '~')
			return false;
		words++;
	}
	return words > 0 && words <= 4;
}

static void
note_shared(struct signs *g, const struct whatsapp_line *l, struct arena *a)
{
	const struct whatsapp_stamp *s = &l->stamp;
	struct whatsapp_body body;
	struct str name;
	bool own_choice, number;

	g->iso |= whatsapp_year_first(s) && s->separator == '-' && s->half == 0;
	g->signal |= s->bracket && s->comma && s->second < 0;
	if (l->sender.p == NULL) {
		g->system++;
		return;
	}
	name = whatsapp_name(l->sender, a, &own_choice);
	number = is_spaced_number(name);
	whatsapp_body(l->body, true, a, &body);
	g->own |= number || body.kind != WHATSAPP_TEXT || body.edited;
	if (is_log_word(name)) {
		g->odd++;
		return;
	}
	g->lower |=
	    !number && (g->iso || s->end == ' ') && !is_persons_name(name);
	g->chat++;
	g->more |= g->name.p != NULL && !str_eq(g->name, name);
	g->name = name;
}

static void
read_signs(struct str head, struct signs *g, struct arena *a)
{
	struct whatsapp_line l;

	*g = (struct signs){ 0 };
	for (int lines = 0; head.p != NULL && lines < WHATSAPP_SNIFFED;) {
		struct str line = str_line(&head);

		if (str_trim(line).n == 0)
			continue;
		lines++;
		if (!whatsapp_line(line, STR_NONE, &l))
			continue;
		g->first |= lines == 1;
		if (is_shared(&l.stamp))
			note_shared(g, &l, a);
		else
			g->sure++;
	}
}

/* Stamps that logs have, too, make a chat where people talk behind them:
 * numbers or the program's own words tell it, and two people's names where
 * neither a log nor Signal writes so. */
static int
sniff_shared(const struct signs *g)
{
	if (g->chat < 2 || g->chat < g->system || g->odd > 0)
		return 0;
	if (!g->own && (g->lower || g->signal || (g->iso && !g->more)))
		return 0;
	return g->first ? 70 : g->chat >= 3 ? 60 : 0;
}

static int
whatsapp_sniff(const char *base_name, struct str head)
{
	struct arena a = { 0 };
	struct signs g;
	int found;

	read_signs(head, &g, &a);
	arena_release(&a);
	found = g.sure + g.chat + g.odd + g.system;
	if (found == 0)
		return 0;
	if (whatsapp_is_chat(str_of(base_name)))
		return 95;
	if (g.sure == 0)
		return sniff_shared(&g);
	return g.first ? 85 : found >= 3 ? 65 : 0;
}

/* Two messages of people, whatever stands around them. */
static bool
whatsapp_may_be(struct str head)
{
	struct arena a = { 0 };
	struct signs g;

	read_signs(head, &g, &a);
	arena_release(&a);
	return g.sure + g.chat >= 2 && !g.signal;
}

const struct source_format source_whatsapp = {
	.name = "whatsapp",
	.about = "WhatsApp chats: the text, or the zip with its files",
	.sniff = whatsapp_sniff,
	.may_be = whatsapp_may_be,
	.read = whatsapp_read,
	.sniff_tree = whatsapp_sniff_tree,
	.read_tree = whatsapp_read_tree,
	.release_tree = whatsapp_release_tree,
	.normalize = whatsapp_normalize,
};
