/*
 * The model: how often each level is seen of the same person, of relatives and
 * of others.
 */
#include "people/linkage/inside.h"

#include <math.h>

/* By experience, the lowest level first. */
static const double prior[LINK_FIELDS][LEVELS_MAX] = {
	[LINK_GIVEN] = { .06, .02, .03, .03, .03, .03, .1, .7 },
	[LINK_FAMILY] = { .05, .02, .03, .02, .01, .01, .1, .76 },
	[LINK_FULL] = { .02, .02, .04, .07, .15, .7 },
	[LINK_DATE] = { .04, .02, .02, .02, .03, .06, .08, .02, .71 },
	[LINK_EMAIL] = { .1, .03, .03, .04, .05, .1, .65 },
	[LINK_PHONE] = { .15, .02, .08, .75 },
	[LINK_HOUSE] = { .15, .05, .8 },
	[LINK_STREET] = { .15, .05, .05, .1, .65 },
	[LINK_STREET2] = { .2, .05, .05, .1, .6 },
	[LINK_CITY] = { .15, .05, .15, .65 },
	[LINK_POSTCODE] = { .15, .08, .1, .67 },
	[LINK_STATE] = { .1, .9 },
	[LINK_IDENT] = { .03, .02, .1, .85 },
	[LINK_GENDER] = { .05, .95 },
	[LINK_CATEGORY] = { .3, .05, .05, .6 },
};

/* Of two people that are not the same: equal, and each level between. */
static const struct {
	double equal, between;
} others[LINK_FIELDS] = {
	[LINK_GIVEN] = { .005, .004 },
	[LINK_FAMILY] = { .002, .003 },
	[LINK_FULL] = { 1e-5, .005 },
	[LINK_DATE] = { 4e-5, .004 },
	[LINK_EMAIL] = { 1e-5, .0002 },
	[LINK_PHONE] = { 1e-5, .0002 },
	[LINK_HOUSE] = { .01, .1 },
	[LINK_STREET] = { .0005, .005 },
	[LINK_STREET2] = { .001, .005 },
	[LINK_CITY] = { .02, .01 },
	[LINK_POSTCODE] = { .001, .01 },
	[LINK_STATE] = { .2, 0 },
	[LINK_IDENT] = { 1e-6, .0002 },
	[LINK_GENDER] = { .5, 0 },
	[LINK_CATEGORY] = { .1, .02 },
};

double
model_others(enum link_field f, unsigned level)
{
	unsigned exact = link_levels[f] - 1u;

	if (level == exact)
		return others[f].equal;
	if (level > 0)
		return others[f].between;
	return 1 - others[f].equal - others[f].between * (exact - 1);
}

double
model_prior(enum link_field f, unsigned level)
{
	return prior[f][level];
}

bool
model_is_place(enum link_field f)
{
	return f >= LINK_HOUSE && f <= LINK_STATE;
}

/* What relatives share by chance, as its logarithm; 1: never. */
static const double chance[LINK_FIELDS] = {
	[LINK_GIVEN] = -3.2188758248682006, /* .04 */
	[LINK_FAMILY] = 1,
	[LINK_FULL] = -3.912023005428146, /* .02 */
	[LINK_DATE] = -3.2188758248682006,
	[LINK_EMAIL] = -1.2039728043259361, /* .3 */
	[LINK_PHONE] = 1,
	[LINK_HOUSE] = 1,
	[LINK_STREET] = 1,
	[LINK_STREET2] = 1,
	[LINK_CITY] = 1,
	[LINK_POSTCODE] = 1,
	[LINK_STATE] = 1,
	[LINK_IDENT] = 1,
	[LINK_GENDER] = -.6931471805599453, /* .5 */
	[LINK_CATEGORY] = -1.2039728043259361,
};

/* Relatives have the family's name, the number and the place in common. */
static bool
is_shared(enum link_field f)
{
	return f == LINK_FAMILY || f == LINK_PHONE || model_is_place(f);
}

void
model_begin(struct model *m)
{
	*m = (struct model){ 0 };
	m->tf = 1;
	memcpy(m->m, prior, sizeof(m->m));
	memcpy(m->h, prior, sizeof(m->h));
}

void
model_weigh(struct model *m)
{
	for (int f = 0; f < LINK_FIELDS; f++)
		for (int l = 0; l < link_levels[f]; l++) {
			double u = m->u[f][l] > 0 ? m->u[f][l] : 1e-12;

			m->w[f][l] = log(m->m[f][l] / u);
			m->r[f][l] = log(m->h[f][l] / u);
		}
	for (int i = 0; i < CLASSES; i++)
		m->lnpi[i] = log(m->pi[i] > 1e-300 ? m->pi[i] : 1e-300);
}

static const double nothing = -40; /* the logarithm of it */

static double
add_logs(double a, double b)
{
	double most = a > b ? a : b, less = (a > b ? b : a) - most;

	return less < nothing ? most : most + log1p(exp(less));
}

void
model_classes(
    const struct model *m, const struct comparison *c, double out[CLASSES])
{
	double same = 0, moved = 0, relatives = 0;

	for (int f = 0; f < LINK_FIELDS; f++) {
		unsigned level = c->level[f];
		double tf = 0, w;

		if (level == LEVEL_MISSING)
			continue;
		if (level > 0)
			tf = m->tf * (level == link_levels[f] - 1u ? 1 : .7) *
			     (c->lf[f] - m->c[f][level]);
		w = m->w[f][level] - tf;
		same += w;
		if (!model_is_place((enum link_field)f))
			moved += w;
		if (is_shared((enum link_field)f))
			relatives += m->r[f][level] - tf;
		else if (chance[f] < 0 && w + chance[f] > 0)
			relatives += w + chance[f];
	}
	out[CLASS_SAME] = m->lnpi[CLASS_SAME] + same;
	out[CLASS_MOVED] = m->lnpi[CLASS_MOVED] + moved;
	out[CLASS_RELATIVES] = m->lnpi[CLASS_RELATIVES] + relatives;
	out[CLASS_OTHERS] = m->lnpi[CLASS_OTHERS];
}

double
model_score(
    const struct model *m, const struct comparison *c, double out[CLASSES])
{
	model_classes(m, c, out);
	return add_logs(out[CLASS_SAME], out[CLASS_MOVED]) -
	       add_logs(out[CLASS_RELATIVES], out[CLASS_OTHERS]);
}
