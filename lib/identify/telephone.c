#include "identify/telephone.h"

/* n bytes at `from` are dropped, `more` is put there. */
static struct str
spliced(struct str s, size_t from, size_t n, const char *more, struct arena *a)
{
	return arena_printf(a, "%.*s%s%.*s", (int)from, s.p, more,
	    STR_ARG(str_sub(s, from + n, s.n)));
}

struct str
telephone_key(struct str s, struct arena *a)
{
	if (s.n < 13 || s.n > 14 || s.p[0] != '+' || s.p[1] != '5')
		return s;
	switch (s.p[2]) {
	case '5':
		/* Of eight digits behind the area's two, mobiles begin with 6
		 * to 9, others with 2 to 5. */
		return s.n == 13 && s.p[5] >= '6' ? spliced(s, 5, 0, "9", a)
						  : s;
	case '4':
		return s.n == 14 && s.p[3] == '9' ? spliced(s, 3, 1, "", a) : s;
	case '2':
		return s.n == 14 && s.p[3] == '1' ? spliced(s, 3, 1, "", a) : s;
	default:
		return s;
	}
}
