#include "source/mail/multipart.h"

enum {
	TAIL = 512, /* before the line, where a multipart ends */
	LOOK = 256 << 10, /* behind it, where an open one goes on */
};

size_t
multipart_body(struct str mail)
{
	const char *p = mail.p, *end = mail.p + mail.n;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		p++;
		if (p < end && *p == '\n')
			return (size_t)(p - mail.p) + 1;
		if (end - p > 1 && p[0] == '\r' && p[1] == '\n')
			return (size_t)(p - mail.p) + 2;
	}
	return mail.n;
}

/* The boundary of a mail that is a multipart, or STR_NONE. */
static struct str
boundary_of(struct str header)
{
	ptrdiff_t at = str_find_nocase(header, STR("boundary="));
	struct str s;
	size_t n = 0;

	if (at < 0)
		return STR_NONE;
	s = str_sub(header, (size_t)at + 9, 200);
	if (s.n > 0 && s.p[0] == '"') {
		at = str_chr(str_sub(s, 1, s.n), '"');
		return at <= 0 ? STR_NONE : str_sub(s, 1, (size_t)at);
	}
	while (n < s.n && s.p[n] > ' ' && s.p[n] != ';')
		n++;
	return n == 0 ? STR_NONE : str_sub(s, 0, n);
}

/* The next line at or behind `from` that is a delimiter of this boundary, past
 * all that only names it; s.n where there is none.  *declared: it is named
 * before. */
static size_t
delimiter(struct str s, size_t from, struct str boundary, bool *declared)
{
	ptrdiff_t at;

	*declared = false;
	while ((at = str_find(str_sub(s, from, s.n), boundary)) >= 0) {
		size_t i = from + (size_t)at;

		if (i > 2 && s.p[i - 1] == '-' && s.p[i - 2] == '-' &&
		    s.p[i - 3] == '\n')
			return i - 2;
		*declared = true;
		from = i + boundary.n;
	}
	return s.n;
}

static bool
closes(struct str s, size_t at, struct str boundary)
{
	return str_starts(str_sub(s, at + 2 + boundary.n, s.n), STR("--"));
}

/* The last delimiter at or behind `from`; s.n where there is none. */
static size_t
last_delimiter(struct str s, size_t from, struct str boundary)
{
	size_t last = s.n, next;
	bool declared;

	while ((next = delimiter(s, from, boundary, &declared)) < s.n) {
		last = next;
		from = next + 2 + boundary.n;
	}
	return last;
}

/* Is a part of it open where the mail ends, so far? */
static bool
is_open(struct multipart *m, struct str mail)
{
	struct str boundary;
	size_t tail = mail.n > TAIL ? mail.n - TAIL : 0, last;

	if (m->looked == 0) {
		m->looked = multipart_body(mail);
		boundary = boundary_of(str_sub(mail, 0, m->looked));
		if (boundary.p != NULL)
			m->boundary = (size_t)(boundary.p - mail.p);
		m->boundary_n = boundary.n;
	}
	if (m->boundary_n == 0)
		return false;
	boundary = str_sub(mail, m->boundary, m->boundary_n);
	/* Nearly always it is closed just before. */
	last =
	    last_delimiter(mail, tail > m->looked ? tail : m->looked, boundary);
	if (last == mail.n && tail > m->looked)
		last = last_delimiter(mail, m->looked, boundary);
	if (last < mail.n)
		m->open = !closes(mail, last, boundary);
	m->looked = mail.n;
	return m->open;
}

int
multipart_holds(struct multipart *m, struct str text, size_t at, bool whole)
{
	struct str mail = str_sub(text, 0, at);
	struct str seen = str_sub(text, 0, at + LOOK);
	size_t next;
	bool declared;

	if (!is_open(m, mail))
		return 0;
	/* Where it were declared before that, the mail would have ended. */
	if (m->next > at)
		return 1;
	next = delimiter(
	    seen, at, str_sub(mail, m->boundary, m->boundary_n), &declared);
	if (next == seen.n)
		return whole || declared || seen.n == at + LOOK ? 0 : -1;
	m->next = next;
	return !declared;
}
