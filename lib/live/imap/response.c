#include "live/imap/response.h"

#include "core/text/ascii.h"

enum { IMAP_DEPTH = 1000 /* lists in lists that are passed over */ };

void
imap_reader_init(
    struct imap_reader *r, const struct live_stream *stream, size_t keep)
{
	*r = (struct imap_reader){ .stream = *stream, .state = IMAP_DONE };
	buf_init(&r->in, IMAP_BLOCK);
	buf_init(&r->text, IMAP_LINE);
	buf_init(&r->bytes, keep);
}

void
imap_reader_release(struct imap_reader *r)
{
	buf_release(&r->in);
	buf_release(&r->text);
	buf_release(&r->bytes);
	vec_release(&r->literals);
}

/* More of the stream behind what was read: 1, 0, -1. */
static int
fill(struct imap_reader *r, int wait_ms, struct err *e)
{
	ptrdiff_t got;

	if (r->taken == r->in.n) {
		buf_reset(&r->in);
		r->taken = 0;
	}
	got = r->stream.recv(r->stream.arg, buf_room(&r->in, IMAP_BLOCK),
	    IMAP_BLOCK, wait_ms, e);
	if (got > 0)
		r->in.n += (size_t)got;
	return got > 0 ? 1 : (int)got;
}

/* Is it text for people, which may end with anything?  "* OK", "* BYE", "+"
 * and whatever begins with a tag. */
static bool
is_status(struct str line)
{
	static const struct str words[] = { { "OK", 2 }, { "NO", 2 },
		{ "BAD", 3 }, { "BYE", 3 }, { "PREAUTH", 7 } };
	struct str word;

	if (!str_starts(line, STR("* ")))
		return true;
	line = str_sub(line, 2, line.n);
	word = str_sub(line, 0,
	    str_chr(line, ' ') < 0 ? line.n : (size_t)str_chr(line, ' '));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(word, words[i]))
			return true;
	return false;
}

/* The size that "{12}" at a line's end announces, or "{12+}" and "~{12}": 0,
 * or -1 where the line ends without. */
static int
announced(struct str line, uint64_t *size)
{
	size_t i = line.n;
	uint64_t n = 0;
	struct str digits;

	if (i == 0 || line.p[--i] != '}')
		return -1;
	if (i > 0 && line.p[i - 1] == '+')
		i--;
	digits.n = i;
	while (i > 0 && ascii_is_digit(line.p[i - 1]))
		i--;
	digits = str_make(line.p + i, digits.n - i);
	if (digits.n == 0 || i == 0 || line.p[i - 1] != '{')
		return -1;
	for (size_t k = 0; k < digits.n; k++) {
		n = n * 10 + (uint64_t)(digits.p[k] - '0');
		if (n > IMAP_LITERAL)
			n = IMAP_LITERAL + 1;
	}
	*size = n;
	return 0;
}

static int
begin_literal(struct imap_reader *r, uint64_t size, struct err *e)
{
	if (size > IMAP_LITERAL)
		return err_set(e, "the server gives a literal of more than a "
				  "tebibyte, which is none of IMAP");
	if (r->literals.n == IMAP_LITERALS)
		return err_set(e,
		    "the server gives a response with more than %d literals",
		    IMAP_LITERALS);
	vec_add(&r->literals,
	    (struct imap_literal){ .at = r->bytes.n, .size = size });
	r->left = size;
	r->state = IMAP_IN_LITERAL;
	/* Where the line ends behind it, it is not announced once more. */
	(void)buf_add_char(&r->text, ' ');
	return 0;
}

/* A line, or what of it is there: 1 where it ended. */
static int
read_line(struct imap_reader *r, struct err *e)
{
	struct str have = str_sub(buf_str(&r->in), r->taken, r->in.n);
	const char *end = memchr(have.p, '\n', have.n);
	uint64_t size;

	if (end != NULL)
		have.n = (size_t)(end - have.p);
	if (buf_add_str(&r->text, have) < 0)
		return err_set(e,
		    "the server gives a line of more than %d bytes", IMAP_LINE);
	r->taken += have.n + (end != NULL);
	if (end == NULL)
		return 0;
	if (r->text.n > 0 && r->text.p[r->text.n - 1] == '\r')
		buf_cut(&r->text, r->text.n - 1);
	if (announced(buf_str(&r->text), &size) < 0 ||
	    is_status(buf_str(&r->text))) {
		r->state = IMAP_DONE;
		return 1;
	}
	return begin_literal(r, size, e);
}

/* What of it came is kept, as far as there is room. */
static void
keep(struct imap_reader *r, const char *p, size_t n)
{
	struct imap_literal *l = &r->literals.v[r->literals.n - 1];
	size_t room = r->bytes.max - r->bytes.n, take = n < room ? n : room;

	buf_add(&r->bytes, p, take);
	l->kept += take;
	r->left -= n;
}

/*
 * A literal's next bytes, into their place where they are many and have room
 * there: 1 where something came, 0, -1.
 */
static int
read_literal(struct imap_reader *r, int wait_ms, struct err *e)
{
	size_t have = r->in.n - r->taken, room = r->bytes.max - r->bytes.n;
	ptrdiff_t got;

	if (have > 0) {
		if (have > r->left)
			have = (size_t)r->left;
		keep(r, r->in.p + r->taken, have);
		r->taken += have;
		return 1;
	}
	if (r->left < IMAP_BLOCK || room < IMAP_BLOCK)
		return fill(r, wait_ms, e);
	got = r->stream.recv(r->stream.arg, buf_room(&r->bytes, IMAP_BLOCK),
	    IMAP_BLOCK, wait_ms, e);
	if (got <= 0)
		return (int)got;
	r->bytes.n += (size_t)got;
	r->literals.v[r->literals.n - 1].kept += (size_t)got;
	r->left -= (uint64_t)got;
	return 1;
}

static void
begin(struct imap_reader *r)
{
	buf_reset(&r->text);
	buf_reset(&r->bytes);
	r->literals.n = 0;
	r->state = IMAP_IN_LINE;
}

int
imap_read(struct imap_reader *r, int wait_ms, struct err *e)
{
	int rc = 1;

	if (r->state == IMAP_DONE)
		begin(r);
	while (rc > 0) {
		if (r->state == IMAP_IN_LITERAL) {
			if (r->left == 0)
				r->state = IMAP_IN_LINE;
			else
				rc = read_literal(r, wait_ms, e);
			continue;
		}
		if (r->taken < r->in.n) {
			int ended = read_line(r, e);

			if (ended != 0)
				return ended;
			continue;
		}
		rc = fill(r, wait_ms, e);
	}
	return rc;
}

struct imap_words
imap_words(struct imap_reader *r)
{
	return (struct imap_words){ r, 0, 0 };
}

struct str
imap_rest(const struct imap_words *w)
{
	return str_sub(buf_str(&w->reader->text), w->at, w->reader->text.n);
}

/* Behind the opening quote. */
static struct imap_word
quoted(struct imap_words *w)
{
	struct buf *text = &w->reader->text;
	char *from = text->p + w->at, *to = from;

	while (w->at < text->n && text->p[w->at] != '"') {
		if (text->p[w->at] == '\\' && w->at + 1 < text->n)
			w->at++;
		*to++ = text->p[w->at++];
	}
	w->at += w->at < text->n;
	return (struct imap_word){ IMAP_STRING,
		str_make(from, (size_t)(to - from)), (uint64_t)(to - from) };
}

/* A literal stands for itself as "{12}". */
static bool
take_literal(struct imap_words *w, struct imap_word *word)
{
	struct str rest = imap_rest(w);
	ptrdiff_t close = str_chr(rest, '}');
	const struct imap_literal *l;
	uint64_t size;

	if (close < 0 ||
	    announced(str_sub(rest, 0, (size_t)close + 1), &size) < 0 ||
	    w->literal == w->reader->literals.n)
		return false;
	l = &w->reader->literals.v[w->literal++];
	w->at += (size_t)close + 1;
	*word = (struct imap_word){ IMAP_STRING,
		str_sub(buf_str(&w->reader->bytes), l->at, l->kept), l->size };
	return true;
}

/* An atom; of BODY[HEADER.FIELDS (A B)] the brackets and what is in them. */
static struct imap_word
atom(struct imap_words *w)
{
	struct str text = buf_str(&w->reader->text);
	size_t from = w->at;
	bool inside = false;

	while (w->at < text.n) {
		char c = text.p[w->at];

		if (!inside && ascii_is_in(c, " ()\"{"))
			break;
		if (c == '[' || c == ']')
			inside = c == '[';
		w->at++;
	}
	/* A brace that begins no literal is a byte like any other. */
	if (w->at == from)
		w->at++;
	return (struct imap_word){ IMAP_ATOM, str_sub(text, from, w->at - from),
		0 };
}

struct imap_word
imap_next_word(struct imap_words *w)
{
	struct str text = buf_str(&w->reader->text);
	struct imap_word word = { IMAP_END, STR_NONE, 0 };

	while (w->at < text.n && text.p[w->at] == ' ')
		w->at++;
	if (w->at >= text.n)
		return word;
	switch (text.p[w->at]) {
	case '(':
	case ')':
		word.kind = text.p[w->at++] == '(' ? IMAP_OPEN : IMAP_CLOSE;
		return word;
	case '"':
		w->at++;
		return quoted(w);
	case '~':
	case '{':
		if (take_literal(w, &word))
			return word;
		return atom(w);
	default:
		return atom(w);
	}
}

void
imap_skip(struct imap_words *w, const struct imap_word *first)
{
	size_t depth = first->kind == IMAP_OPEN;

	while (depth > 0 && depth < IMAP_DEPTH) {
		struct imap_word word = imap_next_word(w);

		if (word.kind == IMAP_END)
			return;
		depth += word.kind == IMAP_OPEN;
		depth -= word.kind == IMAP_CLOSE;
	}
}

int
imap_number(const struct imap_word *word, uint64_t *out)
{
	int64_t n;

	if (word->kind != IMAP_ATOM || !str_is_digits(word->text) ||
	    str_to_int(word->text, &n) < 0)
		return -1;
	*out = (uint64_t)n;
	return 0;
}
