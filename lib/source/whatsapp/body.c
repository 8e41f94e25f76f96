/*
 * What the body of a WhatsApp message says beside its words: that a file came
 * with it, that it was deleted or edited, that it was a call.  The phone
 * writes such marks in its own language; most have a form that tells them in
 * all, the rest are listed.
 */
#include "source/whatsapp/whatsapp.h"

#include "core/text/ascii.h"
#define LRM "\xe2\x80\x8e"

enum {
	MARK_BYTES = 160, /* of a mark; longer lines are somebody's words */
	MARK_WORDS = 6, /* of what was left out */
	NAME_WORDS = 8, /* of an administrator, with the word for one */
	FILE_BYTES = 255,
};

static const struct {
	const char *ending, *type;
} types[] = { { "jpg", "image/jpeg" }, { "jpeg", "image/jpeg" },
	{ "png", "image/png" }, { "gif", "image/gif" },
	{ "webp", "image/webp" }, { "heic", "image/heic" },
	{ "mp4", "video/mp4" }, { "3gp", "video/3gpp" },
	{ "mov", "video/quicktime" }, { "mkv", "video/x-matroska" },
	{ "webm", "video/webm" }, { "opus", "audio/ogg" },
	{ "ogg", "audio/ogg" }, { "m4a", "audio/mp4" }, { "aac", "audio/aac" },
	{ "mp3", "audio/mpeg" }, { "amr", "audio/amr" }, { "wav", "audio/wav" },
	{ "pdf", "application/pdf" }, { "vcf", "text/vcard" },
	{ "txt", "text/plain" }, { "csv", "text/csv" },
	{ "zip", "application/zip" }, { "doc", "application/msword" },
	{ "docx",
	    "application/vnd.openxmlformats-officedocument.wordprocessingml."
	    "document" },
	{ "xls", "application/vnd.ms-excel" },
	{ "xlsx",
	    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	{ "ppt", "application/vnd.ms-powerpoint" },
	{ "pptx",
	    "application/vnd.openxmlformats-officedocument.presentationml."
	    "presentation" } };

/* The sections of the lists. */
enum says {
	SAYS_ATTACHED,
	SAYS_OMITTED,
	SAYS_DELETED,
	SAYS_ADMINISTRATOR,
	SAYS_EDITED,
	SAYS_MISSED,
	SAYS_MISSED_IN_WORD,
	SAYS_ANSWERED,
	SAYS_NO_ANSWER,
	SAYS_IMAGE,
	SAYS_VIDEO,
	SAYS_AUDIO,
	SAYS_CONTACT,
	SAYS_WITH,
};
#define MEANS(SECTION, n) SAYS_##SECTION
#include "source/whatsapp/words/marks.h"

enum itself { ITSELF_DELETED_BY, ITSELF_NOTICE, ITSELF_BEHIND };
#define MEANS(SECTION, n) ITSELF_##SECTION
#include "source/whatsapp/words/notices.h"

const char *
whatsapp_media_type(struct str file)
{
	ptrdiff_t dot = str_rchr(file, '.');
	struct str ending = str_sub(file, (size_t)(dot + 1), file.n);

	for (size_t i = 0; dot > 0 && i < sizeof(types) / sizeof(*types); i++)
		if (str_eq_nocase(ending, str_of(types[i].ending)))
			return types[i].type;
	return NULL;
}

static struct str
without_period(struct str s)
{
	s = str_trim(s);
	if (str_ends(s, STR(".")))
		s.n--;
	return s;
}

/* Whether s is an entry, capitals of ASCII as small letters. */
static bool
listed(struct str s, enum says what)
{
	char low[MARK_BYTES];

	if (s.n > sizeof(low) || s.n > words_marks.longest)
		return false;
	for (size_t i = 0; i < s.n; i++)
		low[i] = ascii_lower(s.p[i]);
	return wordlist_is(&words_marks, str_make(low, s.n), what);
}

static bool
holds_any(struct str s, enum says what)
{
	size_t n = wordlist_count(&words_marks, what);

	for (size_t i = 0; i < n; i++)
		if (str_find_nocase(s, wordlist_of(&words_marks, what, i)) >= 0)
			return true;
	return false;
}

/* The longest entry that line begins with; STR_NONE without one.  In the order
 * of bytes, what is longer stands behind its beginning. */
static struct str
beginning(struct str line, enum says what)
{
	for (size_t i = wordlist_count(&words_marks, what); i-- > 0;) {
		struct str s = wordlist_of(&words_marks, what, i);

		if (str_starts_nocase(line, s))
			return s;
	}
	return STR_NONE;
}

struct str
whatsapp_behind_with(struct str name)
{
	for (size_t i = wordlist_count(&words_marks, SAYS_WITH); i-- > 0;) {
		struct str word = wordlist_of(&words_marks, SAYS_WITH, i);
		struct str rest = str_sub(name, word.n, name.n);

		if (str_starts_nocase(name, word) && str_trim(rest).n > 0)
			return rest;
	}
	return STR_NONE;
}

/* A name, with the word for its bearer's office maybe: no sentence. */
static bool
is_name(struct str s)
{
	size_t words = 1;

	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_in(s.p[i], ",;:?!\n"))
			return false;
		words += s.p[i] == ' ';
	}
	return s.n > 0 && words <= NAME_WORDS;
}

static size_t
same_begin(struct str a, struct str b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && ascii_lower(a.p[n]) == ascii_lower(b.p[n]))
		n++;
	return n;
}

static size_t
same_end(struct str a, struct str b)
{
	size_t n = 0;

	while (n < a.n && n < b.n &&
	       ascii_lower(a.p[a.n - n - 1]) == ascii_lower(b.p[b.n - n - 1]))
		n++;
	return n;
}

/*
 * "This message was deleted by admin Olaf": one of the sentences with an
 * administrator put in somewhere, as every language does it in its own place.
 * Nearly all that people write begins as none of them, and ends as none.
 */
static bool
deleted_by_admin(struct str s)
{
	unsigned first = (unsigned char)ascii_lower(s.p[0]);
	size_t n = wordlist_from(&words_marks, SAYS_DELETED, first + 1);

	for (size_t i = wordlist_from(&words_marks, SAYS_DELETED, first); i < n;
	     i++) {
		struct str whole = wordlist_of(&words_marks, SAYS_DELETED, i);
		size_t head, tail;

		if (s.n <= whole.n + 2)
			continue;
		head = same_begin(s, whole);
		tail = same_end(s, str_sub(whole, head, whole.n));
		if (head + tail < whole.n)
			continue;
		s = str_sub(s, head, s.n - head - tail);
		return holds_any(s, SAYS_ADMINISTRATOR) && is_name(s);
	}
	n = wordlist_count(&words_notices, ITSELF_DELETED_BY);
	for (size_t i = 0; i < n; i++) {
		struct str end =
		    wordlist_of(&words_notices, ITSELF_DELETED_BY, i);

		if (s.p[s.n - 1] == end.p[end.n - 1] && str_ends(s, end) &&
		    holds_any(str_sub(s, 0, s.n - end.n), SAYS_ADMINISTRATOR))
			return is_name(str_sub(s, 0, s.n - end.n));
	}
	return false;
}

static bool
is_deleted(struct str line)
{
	struct str s = without_period(line);

	return listed(s, SAYS_DELETED) ||
	       (s.n > 0 && s.n <= MARK_BYTES && deleted_by_admin(s));
}

/* Does s begin with the notice?  Then what stands behind it is *rest. */
static bool
begins_notice(struct str s, struct str notice, struct str *rest)
{
	ptrdiff_t hole = str_chr(notice, '%'), at;
	struct str begin = hole < 0 ? notice : str_sub(notice, 0, (size_t)hole);
	struct str end =
	    hole < 0 ? STR("") : str_sub(notice, (size_t)hole + 1, notice.n);

	if (!str_starts(s, begin))
		return false;
	s = str_sub(s, begin.n, s.n);
	at = hole < 0    ? 0
	     : end.n > 0 ? str_find(s, end)
			 : (ptrdiff_t)without_period(s).n;
	if (at < 0 || (hole >= 0 && !is_name(str_sub(s, 0, (size_t)at))))
		return false;
	*rest = str_sub(s, (size_t)at + end.n, s.n);
	return true;
}

/* How the program goes on behind such a sentence. */
static bool
goes_on(struct str rest)
{
	size_t n = wordlist_count(&words_notices, ITSELF_BEHIND);

	for (size_t i = 0; i < n; i++)
		if (str_starts(
			rest, wordlist_of(&words_notices, ITSELF_BEHIND, i)))
			return true;
	return false;
}

/* One of the notices that begin with this byte. */
static bool
notice_from(struct str body, unsigned first)
{
	size_t n = wordlist_from(&words_notices, ITSELF_NOTICE, first + 1);
	struct str rest;

	for (size_t i = wordlist_from(&words_notices, ITSELF_NOTICE, first);
	     i < n; i++) {
		struct str notice =
		    wordlist_of(&words_notices, ITSELF_NOTICE, i);

		if (!begins_notice(body, notice, &rest))
			continue;
		/* A person may quote the sentence and go on. */
		if (str_starts(rest, STR(".")) ||
		    str_starts(rest, STR("\xe3\x80\x82")))
			rest = str_sub(rest, rest.p[0] == '.' ? 1 : 3, rest.n);
		rest = str_trim(rest);
		if (rest.n == 0 || str_find(rest, STR("WhatsApp")) >= 0)
			return true;
		if (goes_on(rest))
			return true;
	}
	return false;
}

bool
whatsapp_notice(struct str body)
{
	return body.n > 0 && (notice_from(body, (unsigned char)body.p[0]) ||
				 notice_from(body, '%'));
}

/* name.ext, with 1 to 5 letters and digits behind the last dot. */
static bool
is_file_name(struct str s)
{
	ptrdiff_t dot = str_rchr(s, '.');
	size_t ending = s.n - (size_t)dot - 1;

	if (dot <= 0 || s.n > FILE_BYTES || ending < 1 || ending > 5)
		return false;
	for (size_t i = (size_t)dot + 1; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]))
			return false;
	return str_chr(s, '/') < 0 && str_chr(s, '\t') < 0;
}

/* IMG-20191224-WA0001.jpg, as phones of Android name what they save. */
static bool
is_saved_name(struct str s)
{
	ptrdiff_t wa = str_find(s, STR("-WA"));

	if (wa != 12 || s.n < 20 || s.p[3] != '-')
		return false;
	for (size_t i = 4; i < 12; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return true;
}

/* Android: "name.ext (file attached)", whatever the language says there. */
static bool
android_file(struct str line, bool marked, struct str *file)
{
	ptrdiff_t open = str_find(line, STR(" ("));
	ptrdiff_t next;
	struct str name, words;

	while (open >= 0 &&
	       (next = str_find(
		    str_sub(line, (size_t)open + 2, line.n), STR(" ("))) >= 0)
		open += 2 + next;
	if (open <= 0 || !str_ends(line, STR(")")))
		return false;
	name = str_sub(line, 0, (size_t)open);
	words = str_sub(line, (size_t)open + 2, line.n - (size_t)open - 3);
	if (!is_file_name(name) ||
	    !(marked || is_saved_name(name) || listed(words, SAYS_ATTACHED)))
		return false;
	*file = name;
	return true;
}

/* iOS: "<attached: name.ext>". */
static bool
ios_file(struct str line, bool marked, struct str *file)
{
	ptrdiff_t colon;
	struct str name;

	if (line.n < 6 || line.p[0] != '<' || line.p[line.n - 1] != '>')
		return false;
	colon = str_chr(line, ':');
	if (colon < 0)
		colon = str_find(line, STR("\xef\xbc\x9a"));
	if (colon < 2 || colon > 60)
		return false;
	name = str_sub(line, (size_t)colon + 1, line.n - (size_t)colon - 2);
	if (str_starts(name, STR("\xbc\x9a")))
		name = str_sub(name, 2, name.n);
	name = str_trim(name);
	/* 00000012-PHOTO-2019-12-24-11-23-00.jpg */
	if (!is_file_name(name) || !(marked || str_chr(name, '-') == 8))
		return false;
	*file = name;
	return true;
}

/* As short as a mark is, and no sentence: "<Media omitted>". */
static bool
is_phrase(struct str s)
{
	size_t words = 1;

	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_in(s.p[i], "</>=:\",;?!"))
			return false;
		words += s.p[i] == ' ';
	}
	return words <= MARK_WORDS;
}

/* Between < and > as all that there is: Android. */
static bool
omitted(struct str line, bool marked, struct whatsapp_body *out)
{
	struct str words = without_period(line);
	bool angled =
	    words.n > 2 && words.p[0] == '<' && words.p[words.n - 1] == '>';

	if (angled)
		words = str_sub(words, 1, words.n - 2);
	if (words.n > MARK_BYTES || !(angled || marked) ||
	    !holds_any(words, SAYS_OMITTED) || !(marked || is_phrase(words)))
		return false;
	out->omitted = words;
	out->media_type = holds_any(words, SAYS_IMAGE)     ? "image/*"
			  : holds_any(words, SAYS_VIDEO)   ? "video/*"
			  : holds_any(words, SAYS_AUDIO)   ? "audio/*"
			  : holds_any(words, SAYS_CONTACT) ? "text/vcard"
							   : NULL;
	return true;
}

static bool
call(struct str line, struct whatsapp_body *out)
{
	static const struct {
		enum says what;
		const char *disposition;
	} kinds[] = { { SAYS_MISSED, "missed" },
		{ SAYS_MISSED_IN_WORD, "missed" },
		{ SAYS_ANSWERED, "answered" } };
	struct str begin = STR_NONE, rest;
	size_t kind = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct str s = beginning(line, kinds[i].what);

		if (s.n <= begin.n)
			continue;
		begin = s;
		kind = i;
	}
	if (begin.n == 0)
		return false;
	rest = str_sub(line, begin.n, line.n);
	/* A mark goes on with a comma, a time, a duration. */
	if (kinds[kind].what != SAYS_MISSED_IN_WORD && rest.n > 0 &&
	    str_chr(STR(".,: ("), rest.p[0]) < 0)
		return false;
	out->disposition = holds_any(rest, SAYS_NO_ANSWER)
			       ? "no answer"
			       : kinds[kind].disposition;
	return true;
}

/* Takes "<This message was edited>" off the end. */
static struct str
cut_edited(struct str body, bool *was)
{
	struct str s = str_trim_right(body), words;
	ptrdiff_t open = str_rchr(s, '<');
	bool marked;

	if (open < 0 || !str_ends(s, STR(">")) ||
	    s.n - (size_t)open > MARK_BYTES)
		return body;
	words = str_sub(s, (size_t)open + 1, s.n - (size_t)open - 2);
	s = str_sub(s, 0, (size_t)open);
	marked = str_ends(s, STR(LRM));
	if (marked)
		s.n -= 3;
	if (!listed(without_period(words), SAYS_EDITED) &&
	    !(marked && s.n > 0 && str_chr(words, ':') < 0 &&
		str_find(words, STR("\xef\xbc\x9a")) < 0 &&
		!holds_any(words, SAYS_OMITTED)))
		return body;
	*was = true;
	return str_trim_right(s);
}

/* The program's mark at the beginning is no part of what it says. */
static struct str
unmark(struct str s, bool *marked)
{
	*marked = false;
	while (str_starts(s, STR(LRM)) || str_starts(s, STR("\xe2\x80\x8f"))) {
		*marked = true;
		s = str_sub(s, 3, s.n);
	}
	return s;
}

/*
 * What the program itself says under somebody's name ("Messages and calls are
 * end-to-end encrypted").  Its mark also opens places and polls, which are
 * somebody's: those hold an address, or more marks on further lines.
 */
static bool
is_notice(struct str first, struct str rest)
{
	return str_find(first, STR("://")) < 0 &&
	       !(rest.p != NULL && str_find(rest, STR(LRM)) >= 0);
}

/* "bill.pdf â¢ 1 page" before the mark of what is left out. */
static void
named_before(struct str *before, struct whatsapp_body *out)
{
	ptrdiff_t dot = str_find(*before, STR(" \xe2\x80\xa2 "));
	struct str name =
	    str_trim(dot < 0 ? *before : str_sub(*before, 0, (size_t)dot));

	if (!is_file_name(name))
		return;
	out->file = name;
	out->media_type = whatsapp_media_type(name);
	*before = STR("");
}

/* iOS puts the file's mark behind its caption.  Takes it off. */
static bool
mark_behind(struct str *body, struct whatsapp_body *out)
{
	struct str s = str_trim_right(*body), mark, before;
	ptrdiff_t at = -1, next;

	while (
	    (next = str_find(str_sub(s, (size_t)(at + 1), s.n), STR(LRM))) >= 0)
		at += 1 + next;
	if (at <= 0)
		return false;
	mark = str_sub(s, (size_t)at + 3, s.n);
	before = str_trim_right(str_sub(s, 0, (size_t)at));
	if (ios_file(mark, true, &out->file)) {
		out->kind = WHATSAPP_FILE;
	} else if (str_chr(mark, '\n') < 0 && omitted(mark, true, out)) {
		out->kind = WHATSAPP_OMITTED;
		named_before(&before, out);
	} else {
		return false;
	}
	*body = before;
	return true;
}

static enum whatsapp_kind
kind_of(struct str first, struct str rest, bool marked, bool sender,
    struct whatsapp_body *out)
{
	bool alone = str_trim(rest).n == 0;

	if (sender && (android_file(first, marked, &out->file) ||
			  ios_file(first, marked, &out->file)))
		return WHATSAPP_FILE;
	if (sender && alone && is_deleted(first))
		return WHATSAPP_DELETED;
	if (sender && omitted(first, marked, out))
		return WHATSAPP_OMITTED;
	/* What Android has no words for: polls, what was seen once. */
	if (sender && alone && str_is(first, "null")) {
		out->omitted = first;
		return WHATSAPP_OMITTED;
	}
	if ((marked || !sender) && alone && call(first, out))
		return WHATSAPP_CALL;
	if (!sender || (marked && is_notice(first, rest)) ||
	    (alone && whatsapp_notice(first)))
		return WHATSAPP_NOTICE;
	return WHATSAPP_TEXT;
}

/* Tells the kind by the first line; returns what is left as text. */
static struct str
tell(struct str body, bool marked, bool sender, struct arena *a,
    struct whatsapp_body *out)
{
	struct str rest = body, first = str_line(&rest);

	if (rest.p == NULL)
		rest = STR("");
	first = str_trim_right(whatsapp_unmarked(first, a));
	out->kind = kind_of(first, rest, marked, sender, out);
	switch (out->kind) {
	case WHATSAPP_FILE:
	case WHATSAPP_OMITTED:
		return rest;
	case WHATSAPP_DELETED:
		return STR("");
	default:
		return body;
	}
}

void
whatsapp_body(
    struct str body, bool sender, struct arena *a, struct whatsapp_body *out)
{
	bool marked;

	*out = (struct whatsapp_body){ .kind = WHATSAPP_TEXT };
	body = unmark(body, &marked);
	if (sender)
		body = cut_edited(body, &out->edited);
	if (!sender || !mark_behind(&body, out))
		body = tell(body, marked, sender, a, out);
	if (out->kind == WHATSAPP_FILE)
		out->media_type = whatsapp_media_type(out->file);
	out->text = str_trim_right(whatsapp_unmarked(body, a));
}
