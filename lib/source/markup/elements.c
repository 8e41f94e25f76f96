#include "source/markup/elements.h"

#include <string.h>

#include "core/text/ascii.h"

enum {
	NAME_MAX_BYTES = 64, /* of an element; of a longer one no end is told */
	TAG_HEAD = 16, /* bytes by which a tag is told */
};

struct reader {
	const struct elements *events;
	size_t max_item;
	struct str held; /* the file from where something is still needed */
	size_t scan; /* what of it was looked at */
	size_t open; /* where the element in hand begins; SIZE_MAX: none */
	char name[NAME_MAX_BYTES];
	size_t want; /* bytes to hold before it is worth looking again */
	uint64_t offset; /* of held in the file */
	bool ended;
};

/* More bytes behind those that are held: 1, 0 at the end, -1. */
static int
fill(struct reader *r, struct input *file, struct err *e)
{
	int got;

	do {
		got = input_more(file, &r->held, e);
		r->ended = got == 0;
	} while (got > 0 && r->held.n < r->want);
	return got;
}

static void
drop(struct reader *r, size_t n)
{
	r->offset += n;
	r->held = str_sub(r->held, n, r->held.n);
	r->scan -= n;
}

static int
pass(struct reader *r, size_t n, struct err *e)
{
	int rc = n == 0 ? 0
			: r->events->between(
			      r->events->arg, str_sub(r->held, 0, n), e);

	drop(r, n);
	return rc;
}

static int
end(struct reader *r, size_t to, bool cut, struct err *e)
{
	struct str whole = str_sub(r->held, r->open, to - r->open);
	int rc =
	    r->events->take(r->events->arg, whole, r->offset + r->open, cut, e);

	r->open = SIZE_MAX;
	drop(r, to);
	return rc;
}

static int
begin(struct reader *r, const struct markup_piece *p, size_t at, struct err *e)
{
	size_t n = p->name.n < NAME_MAX_BYTES ? p->name.n : 0;

	memcpy(r->name, p->name.p, n);
	r->name[n] = '\0';
	if (pass(r, at, e) < 0)
		return -1;
	r->open = 0;
	return p->kind == MARKUP_EMPTY ? end(r, r->scan, false, e) : 0;
}

/* A piece at `at`, of which all is there. */
static int
take(struct reader *r, const struct markup_piece *p, size_t at, struct err *e)
{
	bool begins = (p->kind == MARKUP_START || p->kind == MARKUP_EMPTY) &&
		      r->events->is(p);

	if (r->open == SIZE_MAX)
		return begins ? begin(r, p, at, e) : 0;
	if (!str_eq_nocase(p->name, str_of(r->name)))
		return 0;
	if (p->kind == MARKUP_END)
		return end(r, r->scan, false, e);
	/* An end is missing. */
	if (begins && end(r, at, true, e) < 0)
		return -1;
	return begins ? begin(r, p, 0, e) : 0;
}

/* May the piece that ends with what is held go on?  Half a text may stay one. */
static bool
is_open(const struct markup_piece *p)
{
	return p->cut || (p->kind == MARKUP_TEXT && p->text.p != NULL &&
			     p->text.n < TAG_HEAD && p->text.p[0] == '<');
}

/* The beginning of a tag, at the file's end: maybe of an element. */
static bool
is_begun(struct str s)
{
	return s.n > 0 && s.p[0] == '<' &&
	       (s.n == 1 || !ascii_is_in(s.p[1], "/!?"));
}

/* Something that is larger than an element may be. */
static int
give_up(struct reader *r, struct err *e)
{
	r->scan = r->held.n;
	return r->open != SIZE_MAX ? end(r, r->scan, true, e)
				   : pass(r, r->scan, e);
}

/* Looks at what is held, until more of the file is needed.  0 or -1. */
static int
scan(struct reader *r, struct err *e)
{
	while (r->scan < r->held.n) {
		size_t at = r->scan;
		struct markup m = { str_sub(r->held, at, r->held.n) };
		struct markup_piece p;

		if (markup_next(&m, &p) == MARKUP_END_OF_TEXT && !p.cut)
			return 0;
		if (m.rest.n == 0 && !r->ended && is_open(&p)) {
			r->want = r->held.n + (r->held.n - at);
			return r->held.n - at > r->max_item ? give_up(r, e) : 0;
		}
		/* Comments may stand before it. */
		r->scan = r->held.n - m.rest.n;
		at = p.text.p == NULL ? at : (size_t)(p.text.p - r->held.p);
		if (r->open == SIZE_MAX && m.rest.n == 0 && is_open(&p) &&
		    is_begun(str_sub(r->held, at, r->held.n))) {
			r->open = at;
			return end(r, r->held.n, true, e);
		}
		if (take(r, &p, at, e) < 0 ||
		    (r->open == SIZE_MAX && pass(r, r->scan, e) < 0))
			return -1;
		if (r->open != SIZE_MAX && r->scan > r->max_item)
			return give_up(r, e);
	}
	return 0;
}

int
elements_read(struct input *file, size_t max_item,
    const struct elements *events, struct err *e)
{
	struct reader r = {
		.events = events, .max_item = max_item, .open = SIZE_MAX
	};
	int rc = 0, got = 0;

	r.held = STR_NONE;
	while (rc == 0 && (got = fill(&r, file, e)) > 0)
		rc = scan(&r, e);
	if (rc == 0 && got == 0)
		rc = scan(&r, e);
	if (rc == 0 && got == 0 && r.open != SIZE_MAX)
		rc = end(&r, r.held.n, true, e);
	return rc < 0 || got < 0 ? -1 : 0;
}
