/*
 * Files of vCards, cut into cards.  A native record is {"text":the card}, or
 * base64 where it is no UTF-8; "cut":true where its END is missing.
 */
#include "source/vcard/vcard.h"

#include "source/peek.h"

struct reader {
	struct ingest *in;
	struct input *input; /* NULL: all is in memory */
	struct buf whole;
	struct str rest; /* of whole */
	struct buf card;
	uint64_t begin; /* of the card in hand */
	unsigned depth; /* 1 within a card, more within one in it */
	bool agent; /* the last property may hold a card */
	bool over;
};

static bool
is_mark(struct str line, const char *word)
{
	struct str s = peek_unmarked(line);

	if (!str_starts_nocase(s, str_of(word)))
		return false;
	s = str_trim(str_sub(s, strlen(word), s.n));
	if (s.n == 0 || s.p[0] != ':')
		return false;
	return str_eq_nocase(str_trim(str_sub(s, 1, s.n)), STR("VCARD"));
}

static int
emit(struct reader *r, bool whole, struct err *e)
{
	char at[24];
	struct writer *w;

	snprintf(at, sizeof(at), "%ju", (uintmax_t)r->begin);
	if (r->over || r->card.over || r->card.n > r->in->max_item)
		return ingest_reject(r->in, str_of(at),
		    "a card larger than --max-item", buf_str(&r->card), e);
	w = ingest_item(r->in, str_of(at));
	write_object(w);
	ingest_bytes(w, buf_str(&r->card));
	if (!whole) {
		write_key(w, "cut");
		write_bool(w, true);
	}
	write_object_end(w);
	if (ingest_item_end(r->in, e) < 0)
		return -1;
	return whole ? 0
		     : ingest_reject(r->in, str_of(at),
			   "the card's END is missing: it is cut off", STR(""),
			   e);
}

static int
begin_card(struct reader *r, struct str line, uint64_t at, struct err *e)
{
	if (r->depth > 0 && r->agent) {
		r->depth++;
	} else {
		if (r->depth > 0 && emit(r, false, e) < 0)
			return -1;
		r->depth = 1;
		r->begin = at;
		r->over = false;
		buf_reset(&r->card);
	}
	buf_add_str(&r->card, line);
	buf_add_char(&r->card, '\n');
	return 0;
}

static int
take_line(struct reader *r, struct str line, uint64_t at, struct err *e)
{
	char place[24];

	if (is_mark(line, "BEGIN"))
		return begin_card(r, line, at, e);
	if (r->depth == 0) {
		snprintf(place, sizeof(place), "%ju", (uintmax_t)at);
		return str_trim(line).n == 0
			   ? 0
			   : ingest_reject(r->in, str_of(place),
				 "a line that is not within a card", line, e);
	}
	if (!r->card.over && (buf_add_str(&r->card, line) < 0 ||
				 buf_add_char(&r->card, '\n') < 0))
		r->over = true;
	if (str_trim(line).n > 0)
		r->agent = str_starts_nocase(line, STR("AGENT"));
	if (!is_mark(line, "END"))
		return 0;
	r->agent = false;
	return --r->depth == 0 ? emit(r, true, e) : 0;
}

/* The next line and where it begins: 1, 0 at the end, -1. */
static int
next_line(struct reader *r, struct str *line, uint64_t *at, struct err *e)
{
	switch (r->input == NULL ? INPUT_END : input_line(r->input, line, e)) {
	case INPUT_LINE:
		*at = input_offset(r->input);
		return 1;
	case INPUT_LONG:
		*at = input_offset(r->input);
		r->over = true;
		return 1;
	case INPUT_FAIL:
		return -1;
	default:
		break;
	}
	if (r->input != NULL || r->rest.p == NULL)
		return 0;
	*at = (uint64_t)(r->rest.p - r->whole.p);
	*line = str_split(&r->rest, '\n');
	return 1;
}

/* Lines that end in CR alone: turned into lines as a whole. */
static int
recode(struct reader *r, struct str head, struct err *e)
{
	struct str block;
	int got;

	if (str_chr(head, '\r') < 0 || str_chr(head, '\n') >= 0)
		return 0;
	buf_init(&r->whole, r->in->max_item);
	while ((got = input_block(r->input, &block, e)) > 0)
		buf_add_str(&r->whole, block);
	if (got == 0 && r->whole.over)
		got = ingest_reject(r->in, STR("0"),
		    "cards without line feeds that are larger than --max-item",
		    STR(""), e);
	for (size_t i = 0; i < r->whole.n; i++)
		if (r->whole.p[i] == '\r')
			r->whole.p[i] = '\n';
	r->input = NULL;
	r->rest = r->whole.n == 0 ? STR_NONE : buf_str(&r->whole);
	return got < 0 ? -1 : 0;
}

static int
vcard_read(struct ingest *in, struct input *file, struct err *e)
{
	struct reader r = { .in = in, .input = file };
	struct str head, line;
	struct err why;
	uint64_t at = 0;
	int got = 0, rc;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	buf_init(&r.card, in->max_item + BUF_PAD);
	rc = recode(&r, head, e);
	while (rc == 0 && (got = next_line(&r, &line, &at, &why)) > 0)
		rc = take_line(&r, line, at, e);
	if (rc == 0 && got < 0)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	if (rc == 0 && r.depth > 0)
		rc = emit(&r, false, e);
	buf_release(&r.card);
	buf_release(&r.whole);
	return rc;
}

static int
vcard_sniff(const char *base_name, struct str head)
{
	(void)base_name;
	for (int lines = 0; head.p != NULL && lines < 20; lines++) {
		struct str line = str_line(&head), rest = line;

		/* Lines may end in CR alone. */
		line = str_split(&rest, '\r');
		if (is_mark(line, "BEGIN"))
			return lines == 0 ? 97 : 60;
		if (str_trim(line).n > 0 && lines > 10)
			break;
	}
	return 0;
}

const struct source_format source_vcard = {
	.name = "vcard",
	.about = "vCard: people of address books, 2.1, 3.0 and 4.0",
	.sniff = vcard_sniff,
	.read = vcard_read,
	.normalize = vcard_normalize,
};
