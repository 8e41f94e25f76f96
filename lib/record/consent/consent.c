#include "record/consent/consent.h"

#include <string.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "core/text/wordlist.h"
#include "record/channels.h"
#include "record/consent/optout.h"
#include "record/fields.h"
#include "text/subject.h"
#include "text/unicode.h"

enum {
	SUBJECT_RAW = 120, /* bytes of a subject, as it is written */
	WRITTEN = 40, /* of what a table says, and of a word of an address */
};

/* The sections of the list. */
enum written { WRITTEN_OUT, WRITTEN_IN, WRITTEN_ASKED };
#define MEANS(SECTION, n) SECTION
#include "record/consent/words/consent.h"

/* A message, as far as it is read. */
struct reading {
	struct record *r;
	const struct channel *c; /* NULL: not in the table */
	bool sure; /* what is not sure need not be found */
	bool crowded; /* with words of no list, so that nothing is sure */
	bool read; /* text is */
	struct optout text;
};

/* What can be told by a look. */
static enum optout_look
look_at(struct json v, bool sure)
{
	struct str raw = json_raw(v);

	return raw.n > 2 && *raw.p == '"'
		   ? optout_look(str_make(raw.p + 1, raw.n - 2), sure)
		   : OPTOUT_LOOKS_EMPTY;
}

static struct str
own_address(struct record *r)
{
	struct json from = record_get(r, "from");
	struct str s = json_str(json_get(from, "email"), record_arena(r));

	if (s.p == NULL)
		s = json_str(json_get(from, "tel"), record_arena(r));
	/* What the state keeps of it (people/timeline.h). */
	if (s.p == NULL) {
		s = record_str(r, "key");
		s = str_sub(s, (size_t)(str_chr(s, ':') + 1), s.n);
	}
	return s;
}

static void
read_text(struct reading *x)
{
	if (!x->read)
		optout_read(record_str(x->r, "text"), own_address(x->r),
		    x->c != NULL && x->c->letters, &x->text);
	x->read = true;
}

/* Alone, with nothing above its dashes. */
static bool
is_signature(struct record *r)
{
	struct str raw = json_raw(record_get(r, "text")), text;

	/* It need not be decoded for this: white space is, or is escaped. */
	if (raw.n < 4 ||
	    (raw.p[1] != '-' && raw.p[1] != '\\' && !ascii_is_space(raw.p[1])))
		return false;
	if (str_find(raw, STR("--")) < 0)
		return false;
	text = str_trim(record_str(r, "text"));
	return str_is(str_trim(str_split(&text, '\n')), "--");
}

/* Nothing of theirs: what a program writes, or a signature. */
static bool
is_bare(const struct reading *x)
{
	return x->text.empty || x->text.program || is_signature(x->r);
}

static enum consent
consent_in(enum optout_says says)
{
	return says == OPTOUT_OUT    ? CONSENT_OUT
	       : says == OPTOUT_IN   ? CONSENT_IN
	       : says == OPTOUT_NEAR ? CONSENT_ASKED
				     : CONSENT_UNSAID;
}

/* Which messages the words are about. */
static void
place(const struct reading *x, const struct optout *said,
    struct consent_word *out)
{
	bool mail = channel_replies_by_mail(x->c), here;

	out->channel = mail ? STR("email") : record_str(x->r, "channel");
	if (mail && said->way == OPTOUT_BY_TEXT)
		out->channel = STR("sms");
	else if (mail && said->way == OPTOUT_BY_CALL)
		out->channel = STR("voice");
	else if (!mail && said->way == OPTOUT_BY_MAIL)
		out->channel = STR("email");
	here = str_eq(out->channel, record_str(x->r, "channel"));
	out->purpose = here && x->c != NULL && x->c->stops && !said->advertising
			   ? PURPOSE_ALL
			   : PURPOSE_MARKETING;
}

static void
by_text(struct reading *x, struct consent_word *out)
{
	enum optout_look is = look_at(record_get(x->r, "text"), x->sure);

	x->crowded = is == OPTOUT_LOOKS_CROWDED;
	if (is != OPTOUT_LOOKS_LIKE_IT)
		return;
	read_text(x);
	out->said = consent_in(x->text.says);
	out->alone = true;
	out->source = STR("message");
	out->words = str_trim(record_str(x->r, "text"));
	place(x, &x->text, out);
}

/* A number or an address: what programs tell people apart by. */
static bool
is_token(struct str word)
{
	bool token = str_chr(word, '@') >= 0;

	for (size_t i = 0; i < word.n; i++)
		token |= word.p[i] >= '0' && word.p[i] <= '9';
	return token;
}

/* "unsubscribe 4711" and "unsubscribe:4711-ab" are the word alone. */
static struct str
without_tokens(struct str s, struct arena *a)
{
	struct str out = STR("");

	while (s.p != NULL) {
		struct str word = str_split(&s, ' ');
		size_t n = 0;

		while (n < word.n && !ascii_is_in(word.p[n], ":=-_/#+"))
			n++;
		if (is_token(word))
			word = str_sub(word, 0, n < word.n ? n : 0);
		if (word.n > 0 && !is_token(word))
			out = ARENA_JOIN(a, out, STR(" "), word);
	}
	return out;
}

/* A subject counts for all where there is no text; beside one it is held for a
 * person, but where it is that of the mail that they answer. */
static void
by_subject(struct reading *x, struct consent_word *out)
{
	struct json v = record_get(x->r, "subject");
	struct arena *a = record_arena(x->r);
	struct optout said;
	struct str s;
	int marks;

	if (json_raw(v).n > SUBJECT_RAW ||
	    look_at(v, false) != OPTOUT_LOOKS_LIKE_IT)
		return;
	s = subject_bare(record_str(x->r, "subject"), a, &marks);
	optout_read(without_tokens(s, a), own_address(x->r), true, &said);
	if (said.says == OPTOUT_NOTHING)
		return;
	read_text(x);
	if (is_bare(x))
		out->said = consent_in(said.says);
	else if (said.says == OPTOUT_OUT && marks == 0)
		out->said = CONSENT_ASKED;
	else
		return;
	out->alone = is_bare(x);
	out->source = STR("subject");
	out->words = s;
	place(x, &said, out);
}

static bool
is_address_word(struct str word)
{
	char low[WRITTEN];

	if (word.n > sizeof(low))
		return false;
	for (size_t i = 0; i < word.n; i++)
		low[i] = ascii_lower(word.p[i]);
	return optout_is_address(str_make(low, word.n));
}

static bool
is_between_words(char c)
{
	return c == '+' || c == '-' || c == '.' || c == '_' || c == '=';
}

/* Of the local part's words. */
static bool
is_unsubscribing(struct str email)
{
	ptrdiff_t at = str_rchr(email, '@');
	struct str local = str_sub(email, 0, at < 0 ? 0 : (size_t)at);

	for (size_t from = 0, i = 0; i <= local.n; i++) {
		if (i < local.n && !is_between_words(local.p[i]))
			continue;
		if (is_address_word(str_sub(local, from, i - from)))
			return true;
		from = i + 1;
	}
	return false;
}

/* As it is written: what has an escape must be decoded for it. */
static bool
may_unsubscribe(struct str raw)
{
	ptrdiff_t at;

	if (str_chr(raw, '\\') >= 0)
		return true;
	while ((at = str_chr(raw, '@')) >= 0) {
		ptrdiff_t quote = str_rchr(str_sub(raw, 0, (size_t)at), '"');

		if (is_unsubscribing(str_sub(
			raw, (size_t)(quote + 1), (size_t)(at - quote))))
			return true;
		raw = str_sub(raw, (size_t)at + 1, raw.n);
	}
	return false;
}

static struct str
unsubscribing_address(struct record *r)
{
	struct json to = record_get(r, "to"), v;
	struct json_iter it = json_each(to);

	if (!may_unsubscribe(json_raw(to)))
		return STR_NONE;
	while (json_type(to) == JSON_LIST && json_next(&it, NULL, &v)) {
		struct str email =
		    json_str(json_get(v, "email"), record_arena(r));

		if (is_unsubscribing(email))
			return email;
	}
	return STR_NONE;
}

/* The state keeps no recipients, but a keyword that says so. */
static void
by_address(struct reading *x, struct consent_word *out)
{
	static const struct optout here;

	if (unsubscribing_address(x->r).p == NULL &&
	    !record_has_keyword(x->r, "unsubscribe"))
		return;
	read_text(x);
	out->alone = is_bare(x);
	/* "START". */
	out->said = out->said == CONSENT_IN ? CONSENT_ASKED : CONSENT_OUT;
	out->source = STR("unsubscribe address");
	/* Those that the state keeps, too. */
	if (out->words.n == 0)
		out->words = str_trim(record_str(x->r, "subject"));
	if (out->words.n == 0)
		out->words = str_trim(record_str(x->r, "text"));
	place(x, &here, out);
}

static void
read_message(struct record *r, bool sure, struct consent_word *out)
{
	struct reading x = { .r = r,
		.c = channel_named(record_str(r, "channel")),
		.sure = sure };
	bool mail = channel_replies_by_mail(x.c);

	by_text(&x, out);
	/* What is beside the text is sure where that is bare. */
	if (x.crowded && !is_signature(r))
		return;
	/* A program's own words are near to a wish. */
	if (mail && (out->said == CONSENT_UNSAID ||
			(out->said == CONSENT_ASKED && x.text.program)))
		by_subject(&x, out);
	if (mail && out->said != CONSENT_OUT)
		by_address(&x, out);
	if (out->said == CONSENT_UNSAID || out->channel.n == 0 ||
	    record_has_keyword(r, "draft"))
		*out = (struct consent_word){ 0 };
	out->words = utf8_cut(out->words, CONSENT_WORDS);
}

/* Whoever writes it knows of which channel: that of the line itself is where it
 * was written. */
static void
read_event(struct record *r, struct consent_word *out)
{
	struct json data = record_get(r, "data");
	struct arena *a = record_arena(r);
	struct str channel = json_str(json_get(data, "channel"), a);
	const struct channel *c;

	if (!json_is(json_get(data, "act"), CONSENT_ACT))
		return;
	if (channel.n == 0)
		channel = record_str(r, "channel");
	c = channel_named(channel);
	if (c == NULL)
		c = channel_spelled(channel, a);
	out->channel = c == NULL ? STR("all") : str_of(c->name);
	out->said = consent_of_value(json_get(data, "status"), a);
	out->purpose = purpose_named(
	    json_str(json_get(data, "purpose"), a), PURPOSE_MARKETING);
	out->words =
	    utf8_cut(json_str(json_get(data, "words"), a), CONSENT_WORDS);
	out->source = json_str(json_get(data, "source"), a);
	if (out->source.p == NULL)
		out->source = STR("event");
}

void
consent_event_write(struct writer *w, struct record *r)
{
	struct consent_word x = { 0 };

	read_event(r, &x);
	write_object(w);
	write_member(w, "act", STR(CONSENT_ACT));
	write_member(w, "channel", x.channel);
	write_member(w, "purpose", str_of(purpose_name(x.purpose)));
	write_member(w, "status", str_of(consent_name(x.said)));
	write_member(w, "words", x.words);
	write_member(w, "source", x.source);
	write_object_end(w);
}

static bool
is_message(struct record *r)
{
	return record_is(r, "type", "message") &&
	       record_is(r, "direction", "inbound");
}

/* What is not even near to a wish is none that is sure. */
void
consent_look(struct record *r)
{
	struct consent_word w = { 0 };

	if (!is_message(r))
		return;
	read_message(r, false, &w);
	*record_quiet(r) = w.said == CONSENT_UNSAID;
}

bool
consent_said(struct record *r, struct consent_word *out)
{
	*out = (struct consent_word){ 0 };
	if (*record_quiet(r))
		return false;
	if (is_message(r))
		read_message(r, false, out);
	else if (record_is(r, "type", "event"))
		read_event(r, out);
	return out->said != CONSENT_UNSAID;
}

enum consent
consent_alone(struct record *r)
{
	struct consent_word w = { 0 };

	if (!*record_quiet(r) && is_message(r))
		read_message(r, true, &w);
	return w.alone && w.said != CONSENT_ASKED ? w.said : CONSENT_UNSAID;
}

bool
consent_by_address(struct record *r)
{
	return channel_replies_by_mail(
		   channel_named(record_str(r, "channel"))) &&
	       unsubscribing_address(r).p != NULL;
}

const char *
consent_name(enum consent c)
{
	return c == CONSENT_OUT     ? "out"
	       : c == CONSENT_IN    ? "in"
	       : c == CONSENT_ASKED ? "asked"
				    : NULL;
}

/* With what CRM systems write. */
static enum consent
consent_of(struct str name, struct arena *a)
{
	uint64_t is;

	if (name.n > WRITTEN)
		return CONSENT_UNSAID;
	is = wordlist_means(&words_consent, unicode_fold(name, a));
	return (is & 1 << WRITTEN_OUT) != 0     ? CONSENT_OUT
	       : (is & 1 << WRITTEN_IN) != 0    ? CONSENT_IN
	       : (is & 1 << WRITTEN_ASKED) != 0 ? CONSENT_ASKED
						: CONSENT_UNSAID;
}

enum consent
consent_of_value(struct json v, struct arena *a)
{
	return json_true(v)                 ? CONSENT_IN
	       : json_type(v) == JSON_FALSE ? CONSENT_OUT
					    : consent_of(json_str(v, a), a);
}

static const char *const purposes[] = { "marketing", "service", "all" };

const char *
purpose_name(enum purpose p)
{
	return purposes[p];
}

enum purpose
purpose_named(struct str name, enum purpose otherwise)
{
	for (enum purpose p = PURPOSE_MARKETING; p <= PURPOSE_ALL; p++)
		if (str_is(name, purposes[p]))
			return p;
	return otherwise;
}
