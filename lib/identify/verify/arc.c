#include "identify/verify/arc.h"

enum part { PART_RESULTS, PART_MESSAGE, PART_SEAL, PARTS };

struct chain {
	const struct rawfield *v[ARC_SETS + 1][PARTS]; /* from 1 */
	size_t n;
};

static enum part
part_of(struct str name)
{
	if (str_eq_nocase(name, STR("ARC-Authentication-Results")))
		return PART_RESULTS;
	if (str_eq_nocase(name, STR("ARC-Message-Signature")))
		return PART_MESSAGE;
	return str_eq_nocase(name, STR("ARC-Seal")) ? PART_SEAL : PARTS;
}

/* The instance of the results, which are no list of tags: i= stands first. */
static int64_t
results_instance(const struct rawfield *f, struct arena *a)
{
	struct str rest = rawfield_unfolded(f, a), first, name;
	ptrdiff_t equals;

	first = str_split(&rest, ';');
	equals = str_chr(first, '=');
	if (equals < 0 || rest.p == NULL)
		return -1;
	name = str_trim(str_sub(first, 0, (size_t)equals));
	return str_is(name, "i")
		   ? taglist_number(
			 str_trim(str_sub(first, (size_t)equals + 1, first.n)))
		   : -1;
}

static int64_t
instance(const struct rawfield *f, enum part part, struct arena *a)
{
	struct taglist tags;

	if (part == PART_RESULTS)
		return results_instance(f, a);
	if (taglist_read(f->value, &tags) != 0)
		return -1;
	return taglist_number(taglist_get(&tags, "i"));
}

/* Into sets, whole and without a gap.  -1 where they are not. */
static int
gather(const struct rawmail *m, struct arena *a, struct chain *out)
{
	for (size_t i = 0; i < m->n; i++) {
		enum part part = part_of(m->v[i].name);
		int64_t at;

		if (part == PARTS)
			continue;
		at = instance(&m->v[i], part, a);
		if (at < 1 || at > ARC_SETS || out->v[at][part] != NULL)
			return -1;
		out->v[at][part] = &m->v[i];
		if ((size_t)at > out->n)
			out->n = (size_t)at;
	}
	for (size_t i = 1; i <= out->n; i++)
		for (int part = 0; part < PARTS; part++)
			if (out->v[i][part] == NULL)
				return -1;
	return 0;
}

/* The signature over the mail as the last one had it (5.2, step 4). */
static enum auth_word
check_message(struct signature_checker *c, const struct chain *chain,
    struct arena *a, bool look)
{
	struct signature s = { .field = chain->v[chain->n][PART_MESSAGE] };
	struct taglist tags;

	if (taglist_read(s.field->value, &tags) != 0 ||
	    signature_read_common(&tags, a, &s) != 0 ||
	    signature_read_message(&tags, c->at, a, &s) != 0 ||
	    taglist_lists(s.fields, STR("arc-seal")))
		return WORD_FAIL;
	return signature_check(c, &s, a, look);
}

/* A seal covers all sets up to its own, itself without b= (5.1.1). */
static enum auth_word
check_seal(struct signature_checker *c, const struct chain *chain, size_t i,
    struct arena *a, bool look)
{
	static const enum part order[] = { PART_RESULTS, PART_MESSAGE,
		PART_SEAL };
	struct signature s = { .field = chain->v[i][PART_SEAL] };
	const struct signer_key *key = NULL;
	struct taglist tags;
	enum auth_word word;

	if (taglist_read(s.field->value, &tags) != 0 ||
	    signature_read_common(&tags, a, &s) != 0 ||
	    taglist_get(&tags, "h").p != NULL ||
	    !str_is(taglist_get(&tags, "cv"), i == 1 ? "none" : "pass") ||
	    (taglist_get(&tags, "t").p != NULL &&
		taglist_number(taglist_get(&tags, "t")) < 0))
		return WORD_FAIL;
	word = signature_key(c, &s, a, &key);
	if (word != WORD_PASS || look)
		return word;
	buf_reset(&c->canonical);
	for (size_t set = 1; set <= i; set++)
		for (size_t k = 0; k < PARTS; k++) {
			const struct rawfield *f = chain->v[set][order[k]];

			if (f == s.field) {
				canon_unsigned(f, CANON_RELAXED, &c->canonical);
				continue;
			}
			canon_field(f, CANON_RELAXED, &c->canonical);
			buf_add(&c->canonical, "\r\n", 2);
		}
	return !c->canonical.over &&
		       signature_holds(key, &s, buf_str(&c->canonical))
		   ? WORD_PASS
		   : WORD_FAIL;
}

enum auth_word
arc_check(struct signature_checker *c, struct arena *a, bool look)
{
	struct chain *chain = arena_calloc(a, 1, sizeof(*chain));
	bool pending = false, later = false;

	if (gather(c->mail, a, chain) != 0)
		return WORD_FAIL;
	if (chain->n == 0)
		return WORD_NONE;
	/* All, so that the look-ups go side by side. */
	for (size_t i = chain->n + 1; i > 0; i--) {
		enum auth_word word = i > chain->n
					  ? check_message(c, chain, a, look)
					  : check_seal(c, chain, i, a, look);

		if (word == WORD_PENDING)
			pending = true;
		else if (word == WORD_TEMPERROR)
			later = true;
		else if (word != WORD_PASS && !look)
			return WORD_FAIL;
	}
	return pending ? WORD_PENDING : later ? WORD_TEMPERROR : WORD_PASS;
}
