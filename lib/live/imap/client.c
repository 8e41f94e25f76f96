#include "live/imap/client.h"

#include <inttypes.h>

#include "core/text/ascii.h"

enum {
	COMMAND = 64 << 10, /* bytes of one */
	SAID = 1024, /* bytes of what the server said that are kept */
};

void
imap_init(struct imap *c, const struct live_stream *stream, size_t keep)
{
	*c = (struct imap){ .wait_ms = IMAP_WAIT_MS };
	imap_reader_init(&c->reader, stream, keep);
	buf_init(&c->line, COMMAND);
	buf_init(&c->said, SAID);
}

void
imap_release(struct imap *c)
{
	imap_reader_release(&c->reader);
	buf_release(&c->line);
	buf_release(&c->said);
}

static int
send_line(struct imap *c, struct err *e)
{
	if (c->line.over)
		return err_set(e, "a command of more than %d bytes", COMMAND);
	return c->reader.stream.send(
	    c->reader.stream.arg, buf_str(&c->line), e);
}

/* Begins a command with its tag. */
static void
begin(struct imap *c, const char *verb)
{
	buf_reset(&c->line);
	buf_printf(&c->line, "k%" PRIu64 " %s", ++c->tag, verb);
}

/* Behind a status word: "[CODE args] text", which is kept. */
static void
take_said(struct imap *c, struct str rest)
{
	ptrdiff_t close;

	rest = str_trim(rest);
	buf_reset(&c->said);
	buf_add_str(&c->said, str_sub(rest, 0, SAID));
	c->code = STR_NONE;
	if (rest.n == 0 || rest.p[0] != '[')
		return;
	close = str_chr(buf_str(&c->said), ']');
	if (close > 0)
		c->code = str_sub(buf_str(&c->said), 1, (size_t)close - 1);
}

/* The number behind the word that the code begins with. */
static void
code_number(struct str code, const char *name, uint64_t *out)
{
	struct str word = str_split(&code, ' ');
	int64_t n;

	if (code.p != NULL && str_eq_nocase(word, str_of(name)) &&
	    str_is_digits(code) && str_to_int(code, &n) == 0)
		*out = (uint64_t)n;
}

static void
take_code(struct imap *c)
{
	if (c->code.p == NULL)
		return;
	code_number(c->code, "UIDVALIDITY", &c->box.uid_validity);
	code_number(c->code, "UIDNEXT", &c->box.uid_next);
	code_number(c->code, "HIGHESTMODSEQ", &c->box.modseq);
}

static void
take_capabilities(struct imap *c, struct imap_words *w)
{
	static const struct {
		const char *name;
		unsigned is;
	} known[] = { { "IDLE", IMAP_IDLE }, { "CONDSTORE", IMAP_CONDSTORE },
		{ "QRESYNC", IMAP_CONDSTORE | IMAP_QRESYNC },
		{ "X-GM-EXT-1", IMAP_GMAIL }, { "SPECIAL-USE", IMAP_SPECIAL } };
	struct imap_word word;

	c->capabilities = 0;
	while ((word = imap_next_word(w)).kind == IMAP_ATOM)
		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			if (str_eq_nocase(word.text, str_of(known[i].name)))
				c->capabilities |= known[i].is;
}

/* A list of flags or labels. */
static void
take_names(
    struct imap_words *w, const struct imap_word *first, struct imap_names *out)
{
	struct imap_word word;

	out->n = 0;
	if (first->kind != IMAP_OPEN)
		return;
	while ((word = imap_next_word(w)).kind != IMAP_END &&
	       word.kind != IMAP_CLOSE) {
		if (word.kind == IMAP_OPEN)
			imap_skip(w, &word);
		else if (out->n < IMAP_NAMES)
			out->v[out->n++] = word.text;
	}
}

static bool
is_nil(const struct imap_word *w)
{
	return w->kind == IMAP_ATOM && str_eq_nocase(w->text, STR("NIL"));
}

/* One of the pairs of a FETCH response. */
static void
take_item(struct imap_mail *m, struct str name, struct imap_words *w)
{
	struct imap_word v = imap_next_word(w);

	if (str_eq_nocase(name, STR("UID"))) {
		(void)imap_number(&v, &m->uid);
	} else if (str_eq_nocase(name, STR("RFC822.SIZE"))) {
		(void)imap_number(&v, &m->size);
	} else if (str_eq_nocase(name, STR("FLAGS"))) {
		take_names(w, &v, &m->flags);
		m->has_flags = v.kind == IMAP_OPEN;
		return;
	} else if (str_eq_nocase(name, STR("X-GM-LABELS"))) {
		take_names(w, &v, &m->labels);
		return;
	} else if (str_eq_nocase(name, STR("INTERNALDATE"))) {
		if (v.kind == IMAP_STRING)
			m->received = v.text;
	} else if (str_eq_nocase(name, STR("X-GM-THRID"))) {
		if (v.kind == IMAP_ATOM && str_is_digits(v.text))
			m->thread = v.text;
	} else if (str_starts_nocase(name, STR("BODY[")) && !is_nil(&v) &&
		   v.kind != IMAP_OPEN) {
		m->body = v.text;
		m->body_size = v.kind == IMAP_STRING ? v.size : v.text.n;
	}
	imap_skip(w, &v);
}

static int
take_fetch(struct imap *c, struct imap_words *w, struct err *e)
{
	struct imap_mail *m = &c->mail;
	struct imap_word word = imap_next_word(w);

	m->uid = m->size = m->body_size = 0;
	m->body = m->received = m->thread = STR_NONE;
	m->flags.n = m->labels.n = 0;
	m->has_flags = false;
	if (word.kind != IMAP_OPEN)
		return 0;
	while ((word = imap_next_word(w)).kind == IMAP_ATOM)
		take_item(m, word.text, w);
	return c->on_mail == NULL ? 0 : c->on_mail(c->arg, m, e);
}

static unsigned
attribute(struct str s)
{
	static const struct {
		const char *name;
		unsigned is;
	} known[] = { { "\\Noselect", IMAP_NOSELECT },
		{ "\\NonExistent", IMAP_NOSELECT }, { "\\All", IMAP_ALL },
		{ "\\AllMail", IMAP_ALL }, { "\\Sent", IMAP_SENT } };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_eq_nocase(s, str_of(known[i].name)))
			return known[i].is;
	return 0;
}

/* Behind "* LIST": (attributes) "/" name. */
static int
take_list(struct imap *c, struct imap_words *w, struct err *e)
{
	struct imap_folder f = { 0 };
	struct imap_word word = imap_next_word(w);

	if (word.kind != IMAP_OPEN)
		return 0;
	while ((word = imap_next_word(w)).kind == IMAP_ATOM)
		f.attributes |= attribute(word.text);
	word = imap_next_word(w);
	if (word.kind == IMAP_STRING && word.text.n == 1)
		f.delimiter = word.text.p[0];
	word = imap_next_word(w);
	if (word.kind != IMAP_ATOM && word.kind != IMAP_STRING)
		return 0;
	f.name = word.text;
	return c->on_folder == NULL ? 0 : c->on_folder(c->arg, &f, e);
}

/* "41" or "43:116". */
static int
take_range(struct str s, uint64_t *from, uint64_t *to)
{
	struct str first = str_split(&s, ':');
	int64_t a, b;

	if (s.p == NULL)
		s = first;
	if (!str_is_digits(first) || !str_is_digits(s) ||
	    str_to_int(first, &a) < 0 || str_to_int(s, &b) < 0)
		return -1;
	*from = (uint64_t)(a < b ? a : b);
	*to = (uint64_t)(a < b ? b : a);
	return 0;
}

/* Behind "* VANISHED": (EARLIER), or not, and "41,43:116". */
static int
take_vanished(struct imap *c, struct imap_words *w, struct err *e)
{
	struct imap_word word = imap_next_word(w);
	uint64_t from, to;
	struct str set;

	if (word.kind == IMAP_OPEN) {
		imap_skip(w, &word);
		word = imap_next_word(w);
	}
	if (word.kind != IMAP_ATOM || c->on_gone == NULL)
		return 0;
	set = word.text;
	while (set.n > 0)
		if (take_range(str_split(&set, ','), &from, &to) == 0 &&
		    c->on_gone(c->arg, from, to, e) < 0)
			return -1;
	return 0;
}

/* Behind "* ENABLED". */
static void
take_enabled(struct imap *c, struct imap_words *w)
{
	struct imap_word word;

	while ((word = imap_next_word(w)).kind == IMAP_ATOM)
		c->qresync |= str_eq_nocase(word.text, STR("QRESYNC"));
}

static int
said_bye(struct imap *c, struct err *e)
{
	c->ended = true;
	return err_again(e, "the server ends the connection: %.*s",
	    STR_ARG(buf_str(&c->said)));
}

/* Behind "* ". */
static int
take_untagged(struct imap *c, struct imap_words *w, struct err *e)
{
	struct imap_word word = imap_next_word(w), name;
	uint64_t n;

	if (imap_number(&word, &n) == 0) {
		name = imap_next_word(w);
		if (str_eq_nocase(name.text, STR("FETCH")))
			return take_fetch(c, w, e);
		if (str_eq_nocase(name.text, STR("EXISTS"))) {
			c->box.exists = n;
			c->box.news = true;
		}
		return 0;
	}
	if (word.kind != IMAP_ATOM)
		return 0;
	if (str_eq_nocase(word.text, STR("LIST")))
		return take_list(c, w, e);
	if (str_eq_nocase(word.text, STR("VANISHED")))
		return take_vanished(c, w, e);
	if (str_eq_nocase(word.text, STR("ENABLED"))) {
		take_enabled(c, w);
		return 0;
	}
	if (str_eq_nocase(word.text, STR("CAPABILITY"))) {
		take_capabilities(c, w);
		return 0;
	}
	if (str_eq_nocase(word.text, STR("BYE"))) {
		take_said(c, imap_rest(w));
		return said_bye(c, e);
	}
	if (str_eq_nocase(word.text, STR("OK"))) {
		take_said(c, imap_rest(w));
		take_code(c);
	}
	return 0;
}

/*
 * The next response: 1 where it is of a command (its number in *tag, its word in
 * *status), 2 where it asks to go on, 0 for all others, which are dealt with;
 * -1.  IMAP_READ_NOTHING where none came in time.
 */
enum { IMAP_READ_NOTHING = 3 };
static int
response(struct imap *c, int wait_ms, uint64_t *tag, struct str *status,
    struct err *e)
{
	int rc = imap_read(&c->reader, wait_ms, e);
	struct imap_words w = imap_words(&c->reader);
	struct imap_word word;
	int64_t n;

	*tag = 0;
	*status = STR_NONE;
	if (rc <= 0)
		return rc < 0 ? -1 : IMAP_READ_NOTHING;
	word = imap_next_word(&w);
	if (word.kind != IMAP_ATOM)
		return err_set(
		    e, "the server says what is no response of IMAP");
	if (str_is(word.text, "*"))
		return take_untagged(c, &w, e);
	if (str_is(word.text, "+"))
		return 2;
	if (word.text.p[0] != 'k' ||
	    str_to_int(str_sub(word.text, 1, word.text.n), &n) < 0)
		return err_set(
		    e, "the server says what is no response of IMAP");
	*tag = (uint64_t)n;
	*status = imap_next_word(&w).text;
	take_said(c, imap_rest(&w));
	return 1;
}

static int
too_silent(struct imap *c, struct err *e)
{
	return err_again(
	    e, "the server said nothing for %d seconds", c->wait_ms / 1000);
}

/* Until the command is answered. */
static enum imap_answer
await(struct imap *c, uint64_t tag, struct err *e)
{
	struct str status;
	uint64_t of;
	int rc;

	while ((rc = response(c, c->wait_ms, &of, &status, e)) != 1) {
		if (rc == IMAP_READ_NOTHING)
			too_silent(c, e);
		if (rc < 0 || rc == IMAP_READ_NOTHING)
			return IMAP_BROKEN;
	}
	if (of != tag) {
		err_set(e, "the server answers what was not asked");
		return IMAP_BROKEN;
	}
	if (str_eq_nocase(status, STR("OK"))) {
		take_code(c);
		return IMAP_OK;
	}
	err_set(e, "the server says: %.*s %.*s", STR_ARG(status),
	    STR_ARG(buf_str(&c->said)));
	return IMAP_NO;
}

/* Until the server asks to go on; IMAP_NO where it refuses. */
static enum imap_answer
await_go_on(struct imap *c, struct err *e)
{
	struct str status;
	uint64_t of;
	int rc;

	while ((rc = response(c, c->wait_ms, &of, &status, e)) == 0)
		continue;
	if (rc == 2)
		return IMAP_OK;
	if (rc == IMAP_READ_NOTHING)
		too_silent(c, e);
	if (rc != 1)
		return IMAP_BROKEN;
	err_set(e, "the server says: %.*s %.*s", STR_ARG(status),
	    STR_ARG(buf_str(&c->said)));
	return IMAP_NO;
}

static enum imap_answer
run(struct imap *c, struct err *e)
{
	buf_add_z(&c->line, "\r\n");
	return send_line(c, e) < 0 ? IMAP_BROKEN : await(c, c->tag, e);
}

static bool
is_quotable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_control(s.p[i]) || (s.p[i] & 0x80) != 0)
			return false;
	return true;
}

/* A name behind what stands: quoted, or as a literal, for which the server is
 * asked (RFC 3501, 4.3). */
static enum imap_answer
add_name(struct imap *c, struct str name, struct err *e)
{
	enum imap_answer rc;

	if (!is_quotable(name)) {
		buf_printf(&c->line, " {%zu}\r\n", name.n);
		if (send_line(c, e) < 0)
			return IMAP_BROKEN;
		rc = await_go_on(c, e);
		buf_reset(&c->line);
		buf_add_str(&c->line, name);
		return rc;
	}
	buf_add_z(&c->line, " \"");
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			buf_add_char(&c->line, '\\');
		buf_add_char(&c->line, name.p[i]);
	}
	buf_add_char(&c->line, '"');
	return IMAP_OK;
}

enum imap_answer
imap_ask_capabilities(struct imap *c, struct err *e)
{
	begin(c, "CAPABILITY");
	return run(c, e);
}

enum imap_answer
imap_list(struct imap *c, struct str pattern, struct err *e)
{
	enum imap_answer rc;

	begin(c, "LIST \"\"");
	rc = add_name(c, pattern, e);
	return rc == IMAP_OK ? run(c, e) : rc;
}

enum imap_answer
imap_enable(struct imap *c, struct err *e)
{
	enum imap_answer rc;

	if ((c->capabilities & IMAP_QRESYNC) == 0)
		return IMAP_OK;
	begin(c, "ENABLE QRESYNC");
	rc = run(c, e);
	if (rc == IMAP_NO)
		c->qresync = false;
	return rc == IMAP_BROKEN ? IMAP_BROKEN : IMAP_OK;
}

enum imap_answer
imap_examine(struct imap *c, struct str name, const struct imap_known *known,
    struct err *e)
{
	enum imap_answer rc;

	c->box = (struct imap_box){ 0 };
	begin(c, "EXAMINE");
	rc = add_name(c, name, e);
	if (rc != IMAP_OK)
		return rc;
	if (c->qresync && known != NULL)
		buf_printf(&c->line,
		    " (QRESYNC (%" PRIu64 " %" PRIu64 " 1:%" PRIu64 "))",
		    known->uid_validity, known->modseq, known->last);
	else if ((c->capabilities & IMAP_CONDSTORE) != 0)
		buf_add_z(&c->line, " (CONDSTORE)");
	rc = run(c, e);
	c->box.news = false;
	/* Who says a number without this cannot be asked by it. */
	if ((c->capabilities & IMAP_CONDSTORE) == 0)
		c->box.modseq = 0;
	return rc;
}

enum imap_answer
imap_uids(struct imap *c, uint64_t from, struct err *e)
{
	begin(c, "UID FETCH ");
	buf_printf(&c->line, "%" PRIu64 ":* (UID RFC822.SIZE)", from);
	return run(c, e);
}

enum imap_answer
imap_flags(struct imap *c, uint64_t last, uint64_t since, struct err *e)
{
	begin(c, "UID FETCH ");
	buf_printf(&c->line, "1:%" PRIu64 " (UID FLAGS)", last);
	if (since > 0)
		buf_printf(&c->line, " (CHANGEDSINCE %" PRIu64 ")", since);
	return run(c, e);
}

int
imap_fetch(struct imap *c, struct str set, uint64_t most, struct err *e)
{
	begin(c, "UID FETCH ");
	buf_add_str(&c->line, set);
	buf_add_z(&c->line, " (UID FLAGS INTERNALDATE");
	if ((c->capabilities & IMAP_GMAIL) != 0)
		buf_add_z(&c->line, " X-GM-THRID X-GM-LABELS");
	buf_add_z(&c->line, " BODY.PEEK[]");
	if (most > 0)
		buf_printf(&c->line, "<0.%" PRIu64 ">", most);
	buf_add_z(&c->line, ")\r\n");
	return send_line(c, e);
}

enum imap_answer
imap_fetched(struct imap *c, uint64_t tag, struct err *e)
{
	return await(c, tag, e);
}

enum imap_answer
imap_idle(struct imap *c, struct err *e)
{
	begin(c, "IDLE\r\n");
	return send_line(c, e) < 0 ? IMAP_BROKEN : await_go_on(c, e);
}

int
imap_idle_look(struct imap *c, struct err *e)
{
	struct str status;
	uint64_t of;
	int rc = response(c, 0, &of, &status, e);

	if (rc == 1)
		return err_again(e, "the server ends to wait: %.*s",
		    STR_ARG(buf_str(&c->said)));
	if (rc < 0)
		return -1;
	return rc == IMAP_READ_NOTHING ? 0 : 1;
}

enum imap_answer
imap_idle_end(struct imap *c, struct err *e)
{
	buf_reset(&c->line);
	buf_add_z(&c->line, "DONE\r\n");
	return send_line(c, e) < 0 ? IMAP_BROKEN : await(c, c->tag, e);
}

void
imap_logout(struct imap *c)
{
	struct err e;

	if (c->ended)
		return;
	begin(c, "LOGOUT\r\n");
	(void)send_line(c, &e);
}
