/*
 * How alike two texts are.  Edits by bits (Hyyrö 2003, the restricted Damerau
 * distance), Jaro-Winkler by bits.
 */
#include "people/linkage/inside.h"

#include "core/text/ascii.h"

enum { NAME_NICKNAME };
#define MEANS(SECTION, n) NAME_##SECTION
#include "people/words/nicknames.h"

static struct str
cut(struct str s)
{
	return s.n > SIMILAR_BYTES ? str_sub(s, 0, SIMILAR_BYTES) : s;
}

/* What both begin and end with. */
static void
trim_common(struct str *a, struct str *b)
{
	while (a->n > 0 && b->n > 0 && a->p[0] == b->p[0]) {
		*a = str_sub(*a, 1, a->n);
		*b = str_sub(*b, 1, b->n);
	}
	while (a->n > 0 && b->n > 0 && a->p[a->n - 1] == b->p[b->n - 1]) {
		a->n--;
		b->n--;
	}
}

/* Of texts that begin and end differently. */
static bool
is_one_edit(struct str a, struct str b)
{
	if (a.n == 1 && b.n == 1)
		return true;
	return a.n == 2 && b.n == 2 && a.p[0] == b.p[1] && a.p[1] == b.p[0];
}

unsigned
similar_edits(struct str a, struct str b, unsigned most)
{
	uint64_t at[256], vp = ~UINT64_C(0), vn = 0, d0 = 0, before = 0, last;
	unsigned score;

	a = cut(a);
	b = cut(b);
	if ((a.n > b.n ? a.n - b.n : b.n - a.n) > most)
		return most + 1;
	trim_common(&a, &b);
	if (a.n == 0 || b.n == 0)
		return (unsigned)(a.n + b.n);
	if (most == 1)
		return is_one_edit(a, b) ? 1 : 2;
	score = (unsigned)a.n;
	last = UINT64_C(1) << (a.n - 1);
	for (size_t i = 0; i < b.n; i++)
		at[(unsigned char)b.p[i]] = 0;
	for (size_t i = 0; i < a.n; i++)
		at[(unsigned char)a.p[i]] = 0;
	for (size_t i = 0; i < a.n; i++)
		at[(unsigned char)a.p[i]] |= UINT64_C(1) << i;
	for (size_t i = 0; i < b.n; i++) {
		uint64_t pm = at[(unsigned char)b.p[i]], hp, hn;

		d0 = (((~d0) & pm) << 1) & before;
		d0 |= (((pm & vp) + vp) ^ vp) | pm | vn;
		hp = vn | ~(d0 | vp);
		hn = d0 & vp;
		score += (hp & last) != 0;
		score -= (hn & last) != 0;
		hp = hp << 1 | 1;
		hn <<= 1;
		vp = hn | ~(d0 | hp);
		vn = hp & d0;
		before = pm;
	}
	return score > most ? most + 1 : score;
}

/* Letters of a that stand in b near the same place. */
static unsigned
matches(struct str a, struct str b, uint64_t *in_a, uint64_t *in_b)
{
	size_t longer = a.n > b.n ? a.n : b.n;
	size_t window = longer / 2 > 0 ? longer / 2 - 1 : 0;
	uint64_t at[256];
	unsigned n = 0;

	*in_a = *in_b = 0;
	for (size_t i = 0; i < a.n; i++)
		at[(unsigned char)a.p[i]] = 0;
	for (size_t i = 0; i < b.n; i++)
		at[(unsigned char)b.p[i]] = 0;
	for (size_t i = 0; i < b.n; i++)
		at[(unsigned char)b.p[i]] |= UINT64_C(1) << i;
	for (size_t i = 0; i < a.n; i++) {
		size_t from = i > window ? i - window : 0;
		uint64_t near = at[(unsigned char)a.p[i]] & ~*in_b;

		near &= ~UINT64_C(0) << from;
		if (i + window + 1 < SIMILAR_BYTES)
			near &= (UINT64_C(1) << (i + window + 1)) - 1;
		if (near == 0)
			continue;
		*in_b |= near & -near;
		*in_a |= UINT64_C(1) << i;
		n++;
	}
	return n;
}

double
similar_jaro(struct str a, struct str b)
{
	uint64_t x, y;
	unsigned n, swapped = 0, prefix = 0;
	double jaro;

	a = cut(a);
	b = cut(b);
	if (a.n == 0 || b.n == 0)
		return 0;
	n = matches(a, b, &x, &y);
	if (n == 0)
		return 0;
	for (; x != 0; x &= x - 1, y &= y - 1)
		swapped += a.p[__builtin_ctzll(x)] != b.p[__builtin_ctzll(y)];
	jaro =
	    (n / (double)a.n + n / (double)b.n + (n - swapped / 2.0) / n) / 3;
	while (prefix < 4 && prefix < a.n && prefix < b.n &&
	       a.p[prefix] == b.p[prefix])
		prefix++;
	return jaro + prefix * .1 * (1 - jaro);
}

bool
similar_nickname(struct str a, struct str b)
{
	char both[2 * SIMILAR_BYTES + 1];
	bool turned = str_cmp(a, b) > 0;
	struct str x = turned ? b : a, y = turned ? a : b;

	if (a.n + b.n + 1 > words_nicknames.longest || a.n > SIMILAR_BYTES ||
	    b.n > SIMILAR_BYTES)
		return false;
	memcpy(both, x.p, x.n);
	both[x.n] = ' ';
	memcpy(both + x.n + 1, y.p, y.n);
	return wordlist_is(
	    &words_nicknames, str_make(both, x.n + 1 + y.n), NAME_NICKNAME);
}

/* Consonants by how they sound, as Soundex has them (Russell 1918), but with
 * the first letter coded, too, and what is spelt in several ways made one. */
uint32_t
similar_sound(struct str s)
{
	static const char code[] = "01230120022455012623010202";
	uint32_t out = 0;
	char last = 0;
	unsigned n = 0;

	for (size_t i = 0; i < s.n && n < 6; i++) {
		char c = s.p[i], k;

		if (c < 'a' || c > 'z')
			continue;
		if (c == 'p' && i + 1 < s.n && s.p[i + 1] == 'h')
			c = 'f';
		k = code[c - 'a'];
		if (k == '0') {
			if (n == 0)
				out = 7, n = 1;
			if (c != 'h' && c != 'w')
				last = 0;
			continue;
		}
		if (k != last) {
			out = out * 8 + (uint32_t)(k - '0');
			n++;
		}
		last = k;
	}
	return out;
}
