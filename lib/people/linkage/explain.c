/*
 * Why two rows are alike, field by field, for people to read.
 */
#include "people/linkage/inside.h"

#include <math.h>

#include "core/text/terminal.h"

/* Levels of each field, the lowest first. */
static const char *const levels[LINK_FIELDS][LEVELS_MAX] = {
	[LINK_GIVEN] = { "other", "a little alike", "alike", "in another place",
	    "initial", "short form", "a letter off", "equal" },
	[LINK_FAMILY] = { "other", "a little alike", "alike",
	    "in another place", "initial", "short form", "a letter off",
	    "equal" },
	[LINK_FULL] = { "other", "a word", "some words", "most of one",
	    "most words", "equal" },
	[LINK_DATE] = { "other", "the year is near", "same year",
	    "two digits off", "days near", "two parts equal", "a digit off",
	    "day and month turned", "equal" },
	[LINK_EMAIL] = { "other", "a little alike", "alike",
	    "three letters off", "same before the @", "a letter off", "equal" },
	[LINK_PHONE] = { "other", "two digits off", "a digit off", "equal" },
	[LINK_HOUSE] = { "other", "a digit off", "equal" },
	[LINK_STREET] = { "other", "some words", "most words", "alike",
	    "equal" },
	[LINK_STREET2] = { "other", "some words", "most words", "alike",
	    "equal" },
	[LINK_CITY] = { "other", "a word", "alike", "equal" },
	[LINK_POSTCODE] = { "other", "same beginning", "a sign off", "equal" },
	[LINK_STATE] = { "other", "equal" },
	[LINK_IDENT] = { "other", "two signs off", "a sign off", "equal" },
	[LINK_GENDER] = { "other", "equal" },
	[LINK_CATEGORY] = { "other", "a word", "alike", "equal" },
};

const char *
link_level_name(enum link_field f, unsigned level)
{
	return levels[f][level];
}

const char *
linkage_stop_text(enum linkage_stop stop)
{
	switch (stop) {
	case LINKAGE_JOINED:
		return "joined";
	case LINKAGE_BELOW:
		return "below the threshold";
	case LINKAGE_GENERATION:
		return "one is called junior, the other senior";
	case LINKAGE_NAMES:
		return "their given names are two that others have, too";
	case LINKAGE_RIVAL:
		return "one of them is as like somebody else";
	case LINKAGE_CLAIMED:
		return "nobody of ours wrote one of them";
	case LINKAGE_DIFFERENT:
		return "an operator keeps them apart";
	case LINKAGE_ACCOUNTS:
		return "each has another account, of which a person has one";
	case LINKAGE_LIMIT:
		return "together they have more addresses or numbers than one "
		       "person has (--limit)";
	}
	return "";
}

static struct str
shown(const struct linkage *l, uint32_t row, int f)
{
	uint32_t v = l->rows.v[row].v[f];

	return v == VALUE_NONE ? STR("-") : value_text(&l->dict[f], v);
}

static void
add_field(const struct linkage *l, uint32_t a, uint32_t b, int f,
    const struct comparison *c, struct buf *out)
{
	const struct model *m = &l->model;
	unsigned level = c->level[f];
	double t = level == link_levels[f] - 1u ? 1 : .7, tf;

	if (level == LEVEL_MISSING && l->rows.v[a].v[f] == VALUE_NONE &&
	    l->rows.v[b].v[f] == VALUE_NONE)
		return;
	buf_printf(out, "  %-10s ", link_field_name((enum link_field)f));
	terminal_line(out, shown(l, a, f));
	buf_add_z(out, " | ");
	terminal_line(out, shown(l, b, f));
	if (level == LEVEL_MISSING) {
		buf_add_z(out, ": says nothing\n");
		return;
	}
	tf = level == 0 ? 0 : -t * m->tf * ((double)c->lf[f] - m->c[f][level]);
	buf_printf(out, ": %s, %+.2f",
	    link_level_name((enum link_field)f, level), m->w[f][level] / M_LN2);
	if (level > 0)
		buf_printf(out, ", %+.2f as it is %s", tf / M_LN2,
		    tf < 0 ? "frequent" : "rare");
	buf_add_char(out, '\n');
}

static double
least_of(double p)
{
	return log(p / (1 - p)) / M_LN2;
}

void
linkage_explain(
    const struct linkage *l, uint32_t a, uint32_t b, struct buf *out)
{
	static const char *const classes[CLASSES] = { "the same",
		"the same, moved", "relatives, or of one place", "two" };
	struct comparison c;
	double odds[CLASSES], all;
	enum linkage_stop stop;
	struct memo memo;

	memo_init(&memo);
	levels_compare(l, &memo, a, b, &c);
	all = model_score(&l->model, &c, odds);
	buf_add_z(out, "what their rows say, in bits for one person:\n");
	for (int f = 0; f < LINK_FIELDS; f++)
		add_field(l, a, b, f, &c, out);
	for (int k = 0; k < CLASSES; k++)
		buf_printf(out, "  %s: %+.2f\n", classes[k], odds[k] / M_LN2);
	buf_printf(out, "  sum %+.2f, a probability of %.3f; ", all / M_LN2,
	    1 / (1 + exp(-all)));
	buf_printf(out, "%+.2f (%.2f) joins\n", least_of(l->o.join), l->o.join);
	odds[0] = score_rows(l, &memo, a, b, &stop);
	memo_release(&memo);
	if (stop == LINKAGE_JOINED)
		stop = guards_of(l, a, b);
	if (stop != LINKAGE_JOINED)
		buf_printf(
		    out, "  never by itself: %s\n", linkage_stop_text(stop));
	else if (odds[0] < all)
		buf_printf(out,
		    "  counts as %.3f: names alone, or what a house shares, do "
		    "not join\n",
		    1 / (1 + exp(-odds[0])));
	buf_printf(out, "  the rows are %s cluster\n",
	    l->cluster[a] == l->cluster[b] ? "in one" : "not in one");
}
