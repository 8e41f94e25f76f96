#include "record/consent/optout.h"

#include "record/consent/wording.h"

enum {
	NEAR_WORDS = 12, /* within which the parts of a wish stand */
	SIDE_WORDS = 2, /* between two that stand side by side */
	NAME_WORDS = 3,
	SURE = WISH_SURE,
	NEAR = WISH_NEAR,
};

/* What may stand beside all that says stop, remove, ... and beside what says
 * no to something.  "receive" only where somebody wants or does not: else they
 * tell us that nothing comes. */
#define POSITIVE                                                        \
	(SAYS(OUT) | SAYS(OUT_LETTERS) | SAYS(UNSUB) | SAYS(STOP) |     \
	    SAYS(SENDING) | SAYS(END) | SAYS(REMOVE) | SAYS(REMOVEME) | \
	    SAYS(SPLIT) | SAYS(PARTICLE) | SAYS(ME) | SAYS(MINE) |      \
	    SAYS(LIST) | SAYS(SUBSCRIPTION) | SAYS(WANT))
#define NEGATIVE                                                            \
	(SAYS(MORE) | SAYS(ME) | SAYS(MINE) | SAYS(WANT) | SAYS(SEND) |     \
	    SAYS(CONTACT) | SAYS(NOCONTACT) | SAYS(NOSEND) | SAYS(NOWANT) | \
	    SAYS(NOMORE) | SAYS(NO) | SAYS(SENDING) | SAYS(LIST))
#define WISHED (NEGATIVE | SAYS(RECEIVE))
/* Of any language. */
#define ANYWHERE (SAYS(COURTESY) | SAYS(GREETING) | SAYS(POLITE))
#define OBJECT SAYS_OBJECTS

enum order {
	ANY_ORDER,
	BEHIND, /* the second stands behind the first */
	BESIDE, /* the same, and nothing that means something between */
};

/*
 * A wish: each of these stands in it, of one language.  It is sure where all of
 * the sentence is such words, those of `may`, fillers and objects of the
 * language, and what stands anywhere.
 */
struct rule {
	uint64_t must[3];
	uint64_t may;
	enum order order;
	unsigned tells;
};

static const struct rule rules[] = {
	{ { SAYS(UNSUB) }, POSITIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(NOWANT), OBJECT }, WISHED, ANY_ORDER, SURE | NEAR },
	{ { SAYS(NOWANT), SAYS(RECEIVE), SAYS(MORE) }, WISHED, ANY_ORDER,
	    SURE | NEAR },
	{ { SAYS(DONT), SAYS(WANT), OBJECT }, WISHED, BESIDE, SURE | NEAR },
	{ { SAYS(DONT), SAYS(WANT), SAYS(CONTACT) }, WISHED, BESIDE,
	    SURE | NEAR },
	{ { SAYS(NO), SAYS(WANT), OBJECT }, WISHED, ANY_ORDER, SURE },
	{ { SAYS(NOMORE), SAYS(WANT), OBJECT }, WISHED, ANY_ORDER, SURE },
	{ { SAYS(NOSEND), OBJECT }, NEGATIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(NOSEND), SAYS(MORE) }, NEGATIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(DONT), SAYS(SEND), OBJECT }, NEGATIVE, BESIDE, SURE | NEAR },
	{ { SAYS(DONT), SAYS(SEND), SAYS(MORE) }, NEGATIVE, BESIDE,
	    SURE | NEAR },
	{ { SAYS(DONT), SAYS(CONTACT) }, NEGATIVE, BESIDE, SURE | NEAR },
	{ { SAYS(NOCONTACT) }, NEGATIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(STOP), SAYS(SENDING) }, POSITIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(STOP), SAYS(RECEIVE), OBJECT }, POSITIVE, ANY_ORDER,
	    SURE | NEAR },
	{ { SAYS(NOMORE), OBJECT }, NEGATIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(NO), OBJECT, SAYS(MORE) }, NEGATIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(REMOVE), SAYS(LIST) }, POSITIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(REMOVEME), SAYS(LIST) }, POSITIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(SPLIT), SAYS(PARTICLE), SAYS(LIST) }, POSITIVE, ANY_ORDER,
	    SURE | NEAR },
	{ { SAYS(END), SAYS(SUBSCRIPTION), OBJECT }, POSITIVE, ANY_ORDER,
	    SURE | NEAR },
	{ { SAYS(REVOKE), SAYS(CONSENT), OBJECT }, POSITIVE, ANY_ORDER,
	    SURE | NEAR },
	{ { SAYS(OPPOSE), OBJECT }, NEGATIVE, ANY_ORDER, SURE | NEAR },
	/* Ordinary, where something else stands beside them. */
	{ { SAYS(DONT), SAYS(SEND), OBJECT }, NEGATIVE, BEHIND, SURE },
	{ { SAYS(DONT), SAYS(WANT), SAYS(RECEIVE) }, WISHED, BESIDE, SURE },
	{ { SAYS(DONT), SAYS(WANT), SAYS(MORE) }, WISHED, BESIDE, SURE },
	{ { SAYS(NOWANT), SAYS(RECEIVE) }, WISHED, ANY_ORDER, SURE },
	{ { SAYS(NOWANT), SAYS(MORE) }, WISHED, ANY_ORDER, SURE },
	{ { SAYS(NOSEND) }, NEGATIVE, ANY_ORDER, SURE },
	{ { SAYS(NO), OBJECT }, NEGATIVE, ANY_ORDER, SURE },
	{ { SAYS(END), OBJECT }, POSITIVE, ANY_ORDER, SURE },
	{ { SAYS(STOP), OBJECT }, POSITIVE, ANY_ORDER, SURE },
	{ { SAYS(REMOVEME) }, POSITIVE, ANY_ORDER, SURE | NEAR },
	{ { SAYS(REMOVE), SAYS(ME) }, POSITIVE, BESIDE, SURE | NEAR },
	{ { SAYS(SPLIT), SAYS(PARTICLE), SAYS(ME) }, POSITIVE, ANY_ORDER,
	    SURE },
	/* Never sure. */
	{ { SAYS(NEAR) }, 0, ANY_ORDER, NEAR },
	{ { SAYS(REMOVE), SAYS(MINE) }, 0, ANY_ORDER, NEAR },
	{ { SAYS(END), SAYS(SUBSCRIPTION) }, 0, ANY_ORDER, NEAR },
	{ { SAYS(REVOKE), SAYS(CONSENT) }, 0, ANY_ORDER, NEAR },
};

enum { RULES = sizeof(rules) / sizeof(*rules) };

/* The languages in which a match has one of these meanings. */
static uint64_t
languages_of(const struct wording_match *m, uint64_t meanings)
{
	uint64_t all = m->means & meanings, bits = 0;

	for (; all != 0; all &= all - 1)
		bits |= wordlist_languages(
		    wording_list, m->entry, (unsigned)__builtin_ctzll(all));
	return bits;
}

/* Of these languages those in which one of the meanings was found. */
static uint64_t
found_languages(const uint64_t languages[WORDLIST_MEANINGS], uint64_t meanings)
{
	uint64_t bits = 0;

	for (; meanings != 0; meanings &= meanings - 1)
		bits |= languages[__builtin_ctzll(meanings)];
	return bits;
}

/* Does each part of the rule stand there, of one language? */
static bool
may_be_rule(const struct optout_found *f, const struct rule *r)
{
	uint64_t first = f->means & r->must[0], all;

	if (first == 0)
		return false;
	for (size_t i = 1; i < 3 && r->must[i] != 0; i++)
		if ((f->means & r->must[i]) == 0)
			return false;
	if (first == SAYS(DONT) && r->order != ANY_ORDER &&
	    (f->behind & r->must[1]) == 0)
		return false;
	all = found_languages(f->languages, first);
	for (size_t i = 1; i < 3 && r->must[i] != 0; i++)
		all &= found_languages(f->languages, f->means & r->must[i]);
	return all != 0;
}

static bool
in_sentence(
    const struct wording *w, const struct wording_match *m, int sentence)
{
	return sentence < 0 || w->words[m->at].sentence == sentence;
}

/* "No, ...". */
static bool
is_answer(const struct wording *w, const struct wording_match *m)
{
	return w->words[m->at + m->n - 1].ended;
}

/* The languages in which the sentence (of a negative number: the text) has
 * something that means one of these. */
static uint64_t
languages_in(const struct wording *w, uint64_t meanings, int sentence)
{
	uint64_t bits = 0;

	if ((w->found.means & meanings) == 0)
		return 0;
	for (size_t i = 0; i < w->match_n; i++)
		if ((w->matches[i].means & meanings) != 0 &&
		    in_sentence(w, &w->matches[i], sentence) &&
		    !(meanings == SAYS(NO) && is_answer(w, &w->matches[i])))
			bits |= languages_of(&w->matches[i], meanings);
	return bits;
}

/* Is each of the words from `from` to `to` one that may stand between two that
 * stand side by side? */
static bool
is_gap(const struct wording *w, size_t from, size_t to, uint64_t languages)
{
	const uint64_t gap =
	    SAYS(FILLER) | SAYS(COURTESY) | SAYS(ME) | SAYS(MORE);
	bool in[SIDE_WORDS] = { false };

	for (size_t i = 0; i < w->match_n; i++) {
		const struct wording_match *m = &w->matches[i];

		if ((m->means & gap) == 0 || m->at < from ||
		    (size_t)m->at + m->n > to ||
		    (languages_of(m, gap) & languages) == 0)
			continue;
		for (size_t k = m->at; k < (size_t)m->at + m->n; k++)
			in[k - from] = true;
	}
	for (size_t k = 0; k < to - from; k++)
		if (!in[k])
			return false;
	return true;
}

static bool
in_order(const struct wording *w, enum order order,
    const struct wording_match *a, const struct wording_match *b,
    uint64_t languages)
{
	size_t end = (size_t)a->at + a->n;

	if (order == ANY_ORDER)
		return true;
	if (b->at < end)
		return false;
	return order == BEHIND ||
	       (b->at - end <= SIDE_WORDS && is_gap(w, end, b->at, languages));
}

/* Of these languages those in which the first two stand in their order. */
static uint64_t
ordered_languages(
    const struct wording *w, const struct rule *r, uint64_t languages, int s)
{
	uint64_t found = 0;

	for (size_t i = 0; i < w->match_n; i++) {
		const struct wording_match *a = &w->matches[i];
		uint64_t of_a;

		if ((a->means & r->must[0]) == 0 || !in_sentence(w, a, s))
			continue;
		of_a = languages_of(a, r->must[0]) & languages;
		for (size_t k = 0; k < w->match_n; k++) {
			const struct wording_match *b = &w->matches[k];
			uint64_t both;

			if ((b->means & r->must[1]) == 0 ||
			    !in_sentence(w, b, s))
				continue;
			both = of_a & languages_of(b, r->must[1]);
			if (both != 0 && in_order(w, r->order, a, b, both))
				found |= both;
		}
	}
	return found;
}

/* The languages in which the rule's words stand in the sentence. */
static uint64_t
rule_languages(const struct wording *w, const struct rule *r, int sentence)
{
	uint64_t languages = ~UINT64_C(0);

	for (size_t i = 0; i < 3 && r->must[i] != 0 && languages != 0; i++)
		languages &= languages_in(w, r->must[i], sentence);
	if (languages != 0 && r->order != ANY_ORDER)
		languages = ordered_languages(w, r, languages, sentence);
	return languages;
}

static void
cover(const struct wording *w, uint64_t meanings, uint64_t languages,
    bool in[OPTOUT_WORDS])
{
	for (size_t i = 0; i < w->match_n; i++) {
		const struct wording_match *m = &w->matches[i];

		if ((m->means & meanings) == 0 ||
		    (languages_of(m, meanings) & languages) == 0)
			continue;
		for (size_t k = m->at; k < (size_t)m->at + m->n; k++)
			in[k] = true;
	}
}

static bool
is_match(const struct wording *w, size_t word, uint64_t meanings)
{
	return (w->means[word] & meanings) != 0;
}

/* A greeting's name: up to three words behind it, then a sign. */
static void
cover_greeted(const struct wording *w, bool in[OPTOUT_WORDS])
{
	size_t end = 0, i;

	while (end < w->n && is_match(w, end, SAYS(GREETING) | SAYS(COURTESY)))
		end++;
	if (end == 0 || !is_match(w, 0, SAYS(GREETING)) ||
	    w->words[end - 1].ended)
		return;
	for (i = end; i < w->n && i < end + NAME_WORDS; i++) {
		if (w->words[i].digits || is_match(w, i, ~SAYS(FILLER)))
			return;
		if (!w->words[i].ended)
			continue;
		for (size_t k = end; k <= i; k++)
			in[k] = true;
		return;
	}
}

/* Of up to three words that mean nothing and end there. */
static size_t
name_before(const struct wording *w, const bool in[OPTOUT_WORDS], size_t end,
    bool capitals)
{
	size_t from = end;

	while (from > 0 && !in[from - 1] && !w->words[from - 1].digits &&
	       (w->words[from - 1].capital || !capitals) &&
	       w->means[from - 1] == 0)
		from--;
	return end - from > NAME_WORDS ? end : from;
}

/* Who signs, at the end, on a line of their own or behind a courtesy, in small
 * letters both; courtesies ("Sent from my ...") may follow on the next line. */
static void
cover_signed(const struct wording *w, bool in[OPTOUT_WORDS])
{
	size_t end = w->n, from;

	while (end > 0 && in[end - 1])
		end--;
	if (end == 0 || (end < w->n && !w->words[end].first) ||
	    w->questions[w->words[end - 1].sentence])
		return;
	for (int capitals = 1; capitals >= 0; capitals--) {
		bool civil;

		from = name_before(w, in, end, capitals == 1);
		civil = from > 0 && is_match(w, from - 1, SAYS(COURTESY));
		if (from == end || from == 0 ||
		    (capitals == 1 ? !civil && !w->words[from].first
				   : !civil || !w->words[from].first))
			continue;
		for (size_t i = from; i < end; i++)
			in[i] = true;
		return;
	}
}

static bool
is_covered(const struct wording *w, int sentence, const bool in[OPTOUT_WORDS])
{
	for (size_t i = 0; i < w->n; i++)
		if (w->words[i].sentence == sentence && !in[i])
			return false;
	return true;
}

/* A question is meant as one, but where it is politeness. */
static bool
is_doubtful(const struct wording *w, int sentence)
{
	return w->questions[sentence] &&
	       languages_in(w, SAYS(POLITE), sentence) == 0;
}

/* What a sentence says. */
enum sentence {
	SENTENCE_EMPTY, /* nothing but courtesies */
	SENTENCE_OUT,
	SENTENCE_IN,
	SENTENCE_UNSURE,
	SENTENCE_OTHER,
};

/* Names, beside words of these meanings. */
static void
cover_names(const struct wording *w, uint64_t meanings, bool in[OPTOUT_WORDS])
{
	for (size_t i = 0; i < w->n; i++)
		in[i] |= is_match(w, i, meanings);
	cover_greeted(w, in);
	cover_signed(w, in);
}

/* One that is nothing but words of these sections and courtesies. */
static bool
is_only(const struct wording *w, int sentence, uint64_t meanings)
{
	bool in[OPTOUT_WORDS] = { false };

	cover_names(w, meanings | SAYS(COURTESY) | SAYS(GREETING), in);
	return is_covered(w, sentence, in);
}

static enum sentence
by_words(const struct wording *w, int sentence, bool letters)
{
	const uint64_t sure = SAYS(OUT_LETTERS) | (letters ? 0 : SAYS(OUT));
	const uint64_t again = SAYS(IN_LETTERS) | (letters ? 0 : SAYS(IN));
	bool asked = is_doubtful(w, sentence);

	if (is_only(w, sentence, 0))
		return SENTENCE_EMPTY;
	if (!optout_may_be_words(w->found.means))
		return SENTENCE_OTHER;
	if (is_only(w, sentence, sure))
		return asked ? SENTENCE_UNSURE : SENTENCE_OUT;
	if (is_only(w, sentence, again))
		return asked ? SENTENCE_OTHER : SENTENCE_IN;
	if (!letters && !asked && w->n == w->matches[0].n &&
	    is_only(w, sentence, SAYS(OUT_ALONE)))
		return SENTENCE_OUT;
	return SENTENCE_OTHER;
}

/* Words that mean it elsewhere, or may. */
static enum sentence
by_unsure_words(const struct wording *w, int sentence)
{
	return optout_may_be_words(w->found.means) &&
		       is_only(w, sentence,
			   SAYS(OUT) | SAYS(OUT_LETTERS) | SAYS(OUT_ALONE) |
			       SAYS(OUT_UNSURE))
		   ? SENTENCE_UNSURE
		   : SENTENCE_OTHER;
}

/* Is all of the sentence words of the rule in this language, or what stands
 * anywhere? */
static bool
is_all(const struct wording *w, const struct rule *r, int sentence,
    uint64_t language)
{
	bool in[OPTOUT_WORDS] = { false };

	cover(w,
	    r->must[0] | r->must[1] | r->must[2] | r->may | SAYS(FILLER) |
		OBJECT,
	    language, in);
	cover_names(w, ANYWHERE, in);
	return is_covered(w, sentence, in);
}

/* The same in whatever languages: what is not even that need not be asked. */
static bool
may_be_all(const struct wording *w, const struct rule *r, int sentence)
{
	bool in[OPTOUT_WORDS] = { false };

	cover_names(w,
	    r->must[0] | r->must[1] | r->must[2] | r->may | SAYS(FILLER) |
		OBJECT | ANYWHERE,
	    in);
	return is_covered(w, sentence, in);
}

static enum sentence
by_rules(const struct wording *w, int sentence)
{
	bool kept = languages_in(w, SAYS(KEEP), sentence) != 0;

	for (size_t i = 0; i < RULES; i++) {
		const struct rule *r = &rules[i];
		uint64_t languages;

		if ((r->tells & SURE) == 0 || !may_be_rule(&w->found, r) ||
		    !may_be_all(w, r, sentence))
			continue;
		languages = rule_languages(w, r, sentence);
		for (; languages != 0; languages &= languages - 1)
			if (is_all(w, r, sentence, languages & -languages))
				return kept || is_doubtful(w, sentence)
					   ? SENTENCE_UNSURE
					   : SENTENCE_OUT;
	}
	return SENTENCE_OTHER;
}

/* "stop", and the name of a shop. */
static bool
is_stop_and_name(const struct wording *w)
{
	return w->n >= 2 && w->n <= 3 && w->means[w->n - 1] == 0 &&
	       is_match(w, 0, SAYS(OUT_LETTERS));
}

/* "Stop, who is this", "STOP who is this": the first of a few words. */
static bool
is_stop_and_more(const struct wording *w, bool letters)
{
	uint64_t stop = SAYS(OUT_LETTERS) | (letters ? 0 : SAYS(OUT));

	if (w->n > NEAR_WORDS)
		return false;
	for (size_t i = 0; i < w->match_n; i++) {
		const struct wording_match *m = &w->matches[i];
		const struct wording_word *last = &w->words[m->at + m->n - 1];

		if (m->at == 0 && (m->means & stop) != 0 &&
		    (last->ended || last->shouted))
			return true;
	}
	return false;
}

static bool
is_beside(const struct wording *w, const struct wording_match *m,
    const struct wording_match *o)
{
	return (size_t)o->at + NEAR_WORDS >= m->at &&
	       (size_t)m->at + NEAR_WORDS >= o->at &&
	       w->words[o->at].sentence == w->words[m->at].sentence;
}

/* Of these languages those in which the rule's next part stands near m. */
static uint64_t
near_languages(const struct wording *w, const struct rule *r, size_t part,
    const struct wording_match *m, uint64_t languages)
{
	uint64_t here = 0;

	for (size_t i = 0; i < w->match_n; i++) {
		const struct wording_match *o = &w->matches[i];
		uint64_t both;

		if ((o->means & r->must[part]) == 0 || !is_beside(w, m, o))
			continue;
		both = languages_of(o, r->must[part]) & languages;
		if (both != 0 &&
		    (part > 1 || in_order(w, r->order, m, o, both)))
			here |= both;
	}
	return here;
}

/* Do the rule's words stand within a few words of each other? */
static bool
stands_near(const struct wording *w, const struct rule *r)
{
	for (size_t i = 0; i < w->match_n; i++) {
		const struct wording_match *m = &w->matches[i];
		uint64_t languages;

		if ((m->means & r->must[0]) == 0)
			continue;
		languages = languages_of(m, r->must[0]);
		for (size_t part = 1;
		     part < 3 && r->must[part] != 0 && languages != 0; part++)
			languages = near_languages(w, r, part, m, languages);
		if (languages != 0)
			return true;
	}
	return false;
}

static bool
is_near(const struct wording *w, bool letters)
{
	for (size_t i = 0; i < RULES; i++)
		if ((rules[i].tells & NEAR) != 0 &&
		    may_be_rule(&w->found, &rules[i]) &&
		    stands_near(w, &rules[i]))
			return true;
	return is_stop_and_name(w) || is_stop_and_more(w, letters);
}

static void
find_way(const struct wording *w, struct optout *out)
{
	bool mail = languages_in(w, SAYS(OBJECT_MAIL), -1) != 0;
	bool text = languages_in(w, SAYS(OBJECT_TEXT), -1) != 0;
	bool call = languages_in(w, SAYS(OBJECT_CALL), -1) != 0;

	if (mail + text + call == 1)
		out->way = mail   ? OPTOUT_BY_MAIL
			   : text ? OPTOUT_BY_TEXT
				  : OPTOUT_BY_CALL;
	out->advertising =
	    languages_in(w, SAYS(OBJECT_AD), -1) != 0 &&
	    languages_in(w, SAYS_OBJECTS & ~SAYS(OBJECT_AD), -1) == 0;
}

static enum sentence
sentence_of(const struct wording *w, int s, bool letters)
{
	enum sentence said = by_words(w, s, letters);

	if (said == SENTENCE_OTHER)
		said = by_rules(w, s);
	return said == SENTENCE_OTHER ? by_unsure_words(w, s) : said;
}

/* "Stop!" as a sentence, beside others. */
static bool
is_stop(const struct wording *w, int s)
{
	return !is_doubtful(w, s) && is_only(w, s, SAYS(OUT_LETTERS));
}

static enum optout_says
says_of(const struct wording *w, bool letters)
{
	bool is[SENTENCE_OTHER + 1] = { false }, stop = false;

	for (int s = 0; s <= w->sentences; s++) {
		enum sentence said = sentence_of(w, s, letters);

		is[said] = true;
		stop |= said == SENTENCE_OUT && is_stop(w, s);
	}
	if (is[SENTENCE_OTHER])
		return stop || is_near(w, letters) ? OPTOUT_NEAR
						   : OPTOUT_NOTHING;
	if (is[SENTENCE_OUT] && is[SENTENCE_IN])
		return OPTOUT_NEAR;
	return is[SENTENCE_OUT]      ? OPTOUT_OUT
	       : is[SENTENCE_UNSURE] ? OPTOUT_NEAR
	       : is[SENTENCE_IN]     ? OPTOUT_IN
				     : OPTOUT_NOTHING;
}

static bool
is_empty(const struct wording *w)
{
	for (int s = 0; s <= w->sentences; s++)
		if (!is_only(w, s, 0))
			return false;
	return true;
}

/* Courtesies may stand within a phrase: without them it is found. */
static enum optout_says
says_without_courtesies(struct wording *w, bool letters)
{
	enum optout_says says = says_of(w, letters);

	if (says == OPTOUT_OUT || says == OPTOUT_IN ||
	    !wording_drop(w, SAYS(COURTESY)))
		return says;
	switch (says_of(w, letters)) {
	case OPTOUT_OUT:
		return OPTOUT_OUT;
	case OPTOUT_NEAR:
		return OPTOUT_NEAR;
	default:
		return says;
	}
}

void
optout_read(struct str text, struct str own, bool letters, struct optout *out)
{
	struct wording w;

	*out = (struct optout){ .says = OPTOUT_NOTHING };
	if (text.n > OPTOUT_BYTES)
		return;
	wording_read(&w, text, own);
	if (w.over || w.n == 0) {
		if (!w.over && wording_has_sign(text))
			out->says = OPTOUT_NEAR;
		out->empty = !w.over && out->says == OPTOUT_NOTHING;
		return;
	}
	out->program = (w.found.means & SAYS(PROGRAM)) != 0;
	out->empty = is_empty(&w);
	out->says = says_without_courtesies(&w, letters);
	out->empty &= out->says == OPTOUT_NOTHING;
	if (out->says != OPTOUT_NOTHING)
		find_way(&w, out);
}

bool
optout_may_be_words(uint64_t meanings)
{
	return (meanings & (SAYS(OUT) | SAYS(OUT_ALONE) | SAYS(OUT_LETTERS) |
			       SAYS(OUT_UNSURE) | SAYS(IN) | SAYS(IN_LETTERS) |
			       SAYS(PROGRAM))) != 0;
}

/* A wish has one of these. */
#define FIRST                                                                \
	(SAYS(UNSUB) | SAYS(NOWANT) | SAYS(DONT) | SAYS(NO) | SAYS(NOMORE) | \
	    SAYS(NOSEND) | SAYS(NOCONTACT) | SAYS(STOP) | SAYS(REMOVE) |     \
	    SAYS(REMOVEME) | SAYS(SPLIT) | SAYS(END) | SAYS(REVOKE) |        \
	    SAYS(OPPOSE) | SAYS(NEAR))

unsigned
optout_may_be_wish(const struct optout_found *f)
{
	unsigned tells = 0;

	if ((f->means & FIRST) == 0)
		return 0;
	for (const struct rule *r = rules; r < rules + RULES; r++)
		if ((r->tells & ~tells) != 0 && (f->means & r->must[0]) != 0 &&
		    may_be_rule(f, r))
			tells |= r->tells;
	return tells;
}

bool
optout_is_address(struct str part)
{
	uint64_t key = wordlist_key(part.p, part.n);

	/* Most are no words of the list at all. */
	return wordlist_bit(
		   wording_list->phrases->words, wordlist_spread(key)) &&
	       wordlist_is(wording_list, part, SAYS_ADDRESS);
}
