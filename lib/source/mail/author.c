#include "source/mail/author.h"

#include "core/text/ascii.h"
#include "mail/address.h"
#include "mail/encodedword.h"
#include "text/phone.h"
#include "text/unicode.h"

/* The sections of the list. */
enum meaning {
	IS_VIA, /* before what carried it, after the name */
	IS_VIA_BEHIND, /* behind both */
	IS_FORWARD,
	IS_EMAIL,
	IS_TEL,
	IS_NAME,
	IS_CALL,
	IS_ROBOT, /* local parts that nobody writes at */
	IS_FORM, /* those of programs that write for others */
	IS_SYSTEM, /* likewise, where they are ours */
	IS_ANSWER,
};
#define MEANS(SECTION, n) IS_##SECTION
#include "source/mail/words/author.h"

enum {
	LABEL_LINES = 200, /* of a text that are looked through for labels */
	LABEL_MAX = 64, /* bytes of a label */
	VALUE_MAX = 320,
	MARK_MAX = 24, /* bytes of "Fwd" */
	SUBJECT_MAX = 400,
};

/* Addresses */

static bool
is_ours(const struct author_clues *c, struct str email)
{
	return email.n > 0 && workspace_our_email(c->config, email);
}

/* A list of ours may have its address at somebody else's domain. */
static bool
is_our_list(const struct author_clues *c, struct str email)
{
	return is_ours(c, email) ||
	       (email.n > 0 && workspace_our_list(c->config, email));
}

static struct str
domain_of(struct str email)
{
	ptrdiff_t at = str_rchr(email, '@');

	return at < 0 ? STR_NONE : str_sub(email, (size_t)at + 1, email.n);
}

/* One domain is the other or stands above it. */
static bool
is_related(struct str a, struct str b)
{
	struct str x = domain_of(a), y = domain_of(b), swap;

	if (x.n < y.n) {
		swap = x;
		x = y;
		y = swap;
	}
	return y.n > 0 && str_eq_nocase(str_sub(x, x.n - y.n, x.n), y) &&
	       (x.n == y.n || x.p[x.n - y.n - 1] == '.');
}

/* Which programs write at this address, by its local part: 1 << meaning. */
static uint64_t
program_at(struct str email, struct arena *a)
{
	ptrdiff_t at = str_rchr(email, '@'), plus;
	struct str s;
	uint64_t is;

	if (at <= 0)
		return 0;
	s = unicode_fold(str_sub(email, 0, (size_t)at), a);
	if (str_find(s, STR("noreply")) >= 0 ||
	    str_find(s, STR("no-reply")) >= 0 ||
	    str_find(s, STR("donotreply")) >= 0)
		return UINT64_C(1) << IS_ROBOT;
	while (s.n > 1 && (ascii_is_digit(s.p[s.n - 1]) ||
			      ascii_is_in(s.p[s.n - 1], "-_.+")))
		s.n--;
	is = wordlist_means(&words_author, s);
	plus = str_chr(s, '+');
	if (plus > 0)
		is |=
		    wordlist_means(&words_author, str_sub(s, 0, (size_t)plus));
	return is;
}

static bool
means(uint64_t is, enum meaning meaning)
{
	return (is >> meaning & 1) != 0;
}

/* An address that nobody reads or writes at. */
static bool
is_robot(struct str email, struct arena *a)
{
	return means(program_at(email, a), IS_ROBOT);
}

/* One at which programs write what others said. */
static bool
is_program(struct str email, bool ours, struct arena *a)
{
	uint64_t is = program_at(email, a);

	return means(is, IS_ROBOT) || means(is, IS_FORM) ||
	       (ours && means(is, IS_SYSTEM));
}

static bool
is_listed(const struct address_list *list, struct str email)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_nocase(list->v[i].email, email))
			return true;
	return false;
}

bool
author_to_us(const struct author_clues *c)
{
	for (size_t i = 0; i < c->to.n; i++)
		if (!is_ours(c, c->to.v[i].email))
			return false;
	for (size_t i = 0; i < c->cc.n; i++)
		if (!is_ours(c, c->cc.v[i].email))
			return false;
	return c->to.n + c->cc.n > 0;
}

/* Whether one of ours, or a list of ours, got it, or nobody says who did. */
static bool
reached_us(const struct author_clues *c)
{
	for (size_t i = 0; i < c->to.n; i++)
		if (is_our_list(c, c->to.v[i].email))
			return true;
	for (size_t i = 0; i < c->cc.n; i++)
		if (is_our_list(c, c->cc.v[i].email))
			return true;
	return c->to.n + c->cc.n == 0;
}

/* Somebody who may have written it: an address that is not ours, not the
 * carrier's, not the list's, and no program's. */
static bool
may_write(const struct author_clues *c, struct str email, struct arena *a)
{
	return email.n > 0 && !is_ours(c, email) &&
	       !str_eq_nocase(email, c->from.email) &&
	       !is_listed(&c->to, email) && !is_robot(email, a);
}

/* The one in Reply-To who may have written it, where there is only one. */
static bool
replier(const struct author_clues *c, struct arena *a, struct address *who)
{
	const struct address *one = NULL;

	for (size_t i = 0; i < c->reply_to.n; i++) {
		const struct address *v = &c->reply_to.v[i];

		if (!may_write(c, v->email, a))
			continue;
		if (one != NULL && !str_eq_nocase(one->email, v->email))
			return false;
		one = v;
	}
	if (one != NULL)
		*who = *one;
	return one != NULL;
}

/* Names that a carrier wrote */

static struct str
bare_name(struct str s)
{
	static const char *const pairs[] = { "''", "\"\"", "()" };
	bool more = true;

	while (more) {
		more = false;
		s = str_trim(s);
		for (size_t i = 0; i < 3 && s.n > 1; i++) {
			if (s.p[0] != pairs[i][0] ||
			    s.p[s.n - 1] != pairs[i][1])
				continue;
			s = str_sub(s, 1, s.n - 2);
			more = true;
		}
		while (s.n > 0 && ascii_is_in(s.p[s.n - 1], "(,-")) {
			s.n--;
			more = true;
		}
	}
	return s;
}

/* The name in front of "via Help", where word i of the name begins that. */
static bool
is_via_at(struct str s, size_t i)
{
	size_t longest = s.n - i < 40 ? s.n - i : 40;

	for (size_t n = longest; n > 1; n--) {
		if (i + n < s.n && s.p[i + n] != ' ')
			continue;
		if (wordlist_is(&words_author, str_sub(s, i, n), IS_VIA))
			return i + n < s.n;
	}
	return false;
}

/* "Jane Help aracılığıyla", "Jane (Help 経由)": the word stands last, and the
 * name in quotes or before a bracket. */
static bool
name_before_behind(struct str s, struct str *name)
{
	size_t count = wordlist_count(&words_author, IS_VIA_BEHIND);
	struct str rest = s;
	ptrdiff_t end;
	bool quoted;

	if (rest.n > 0 && rest.p[rest.n - 1] == ')')
		rest.n--;
	for (size_t i = 0; i < count; i++) {
		struct str word = wordlist_of(&words_author, IS_VIA_BEHIND, i);

		if (!str_ends(rest, word) || rest.n == word.n)
			continue;
		quoted = s.p[0] == '\'' || s.p[0] == '"';
		end = quoted ? str_chr(str_sub(s, 1, s.n), s.p[0])
			     : str_chr(s, '(');
		if (end <= 0)
			continue;
		*name = bare_name(str_sub(s, quoted, (size_t)end));
		return name->n > 0;
	}
	return false;
}

/* Whether the name says through what it came; *name the writer's. */
static bool
name_via(struct str s, struct str *name)
{
	s = str_trim(s);
	for (size_t i = 1; i + 2 < s.n; i++) {
		if (s.p[i - 1] != ' ' && s.p[i - 1] != '(')
			continue;
		if (!is_via_at(s, i))
			continue;
		*name = bare_name(str_sub(s, 0, i));
		return name->n > 0;
	}
	return s.n > 0 && name_before_behind(s, name);
}

/*
 * An address within the carrier's own: "jane=a.example@groups.example",
 * "jane=40a.example@dmarc.example".
 */
static bool
encoded_address(
    const struct author_clues *c, struct arena *a, struct address *who)
{
	ptrdiff_t at = str_rchr(c->from.email, '@'), eq;
	struct str local, domain;

	if (at <= 0)
		return false;
	local = str_sub(c->from.email, 0, (size_t)at);
	eq = str_rchr(local, '=');
	if (eq <= 0)
		return false;
	domain = str_sub(local, (size_t)eq + 1, local.n);
	if (str_starts(domain, STR("40")))
		domain = str_sub(domain, 2, domain.n);
	if (str_chr(domain, '.') <= 0)
		return false;
	who->email =
	    arena_printf(a, "%.*s@%.*s", (int)eq, local.p, STR_ARG(domain));
	return true;
}

/* The one of a list who has this name. */
static bool
named(const struct author_clues *c, const struct address_list *list,
    struct str name, struct arena *a, struct address *who)
{
	for (size_t i = 0; name.n > 0 && i < list->n; i++) {
		if (!str_eq_nocase(bare_name(list->v[i].name), name) ||
		    !may_write(c, list->v[i].email, a))
			continue;
		*who = list->v[i];
		return true;
	}
	return false;
}

/* Labels that programs write */

struct labelled {
	struct str email, tel, name; /* absent */
	size_t labels;
};

/* A mail address alone, or in brackets, maybe with "mailto:". */
static struct str
address_in(struct str value, struct arena *a)
{
	struct address_list l = { 0 };
	ptrdiff_t at = str_find(value, STR("mailto:"));

	if (at >= 0)
		value = str_sub(value, (size_t)at + 7, value.n);
	while (
	    at >= 0 && value.n > 0 && ascii_is_in(value.p[value.n - 1], ">]) "))
		value.n--;
	mailaddr_read(value, a, &l);
	for (size_t i = 0; i < l.n; i++) {
		struct str email = l.v[i].email, domain = domain_of(email);

		if (str_chr(domain, '.') > 0 && str_chr(email, ' ') < 0)
			return email;
	}
	return STR_NONE;
}

/* A number of ours, or an extension behind one. */
static bool
is_our_tel(const struct author_clues *c, struct str tel)
{
	for (size_t i = 0; i < c->config->tels.n; i++)
		if (str_starts(tel, c->config->tels.v[i]))
			return true;
	return false;
}

/* The first telephone number in a line that is not ours. */
static struct str
tel_in(const struct author_clues *c, struct str s, struct arena *a)
{
	char e164[PHONE_SIZE];

	for (size_t i = 0; i < s.n;) {
		size_t n = 0, digits = 0;
		struct str one;

		while (i + n < s.n && (ascii_is_digit(s.p[i + n]) ||
					  ascii_is_in(s.p[i + n], "+-/(). ")))
			digits += ascii_is_digit(s.p[i + n++]);
		one = str_trim(str_sub(s, i, n));
		while (one.n > 0 && ascii_is_in(one.p[one.n - 1], "-/(. "))
			one.n--;
		while (one.n > 0 && ascii_is_in(one.p[0], "-/). "))
			one = str_sub(one, 1, one.n);
		if (digits >= 7 && one.n < PHONE_TEXT &&
		    (i == 0 || !ascii_is_digit(s.p[i]) ||
			!ascii_is_alnum(s.p[i - 1])) &&
		    phone_in_text(one, c->config->region, e164) &&
		    !is_our_tel(c, str_of(e164)))
			return arena_dup(a, str_of(e164));
		i += n + 1;
	}
	return STR_NONE;
}

/* What a line's label is, 1 << meaning; *value stands behind it. */
static uint64_t
label_of(struct str line, struct str *value, struct arena *a)
{
	static const struct str wide = { "：", 3 };
	struct str head = str_sub(line, 0, LABEL_MAX), word;
	ptrdiff_t colon = str_chr(head, ':'), other = str_find(head, wide);
	size_t skip = 1;

	if (other >= 0 && (colon < 0 || other < colon)) {
		colon = other;
		skip = wide.n;
	}
	if (colon <= 0)
		return 0;
	*value = str_trim(str_sub(line, (size_t)colon + skip, line.n));
	while (value->n > 0 && ascii_is_in(*value->p, "*_ \t"))
		*value = str_sub(*value, 1, value->n);
	word = str_sub(line, 0, (size_t)colon);
	while (word.n > 0 && ascii_is_in(*word.p, "*_-> \t"))
		word = str_sub(word, 1, word.n);
	while (word.n > 0 && ascii_is_in(word.p[word.n - 1], "*_ \t"))
		word.n--;
	return wordlist_means(&words_author, unicode_fold(word, a));
}

static void
take_label(const struct author_clues *c, uint64_t label, struct str value,
    struct arena *a, struct labelled *out)
{
	struct str found = STR_NONE;

	if (out->email.p == NULL &&
	    (means(label, IS_EMAIL) || means(label, IS_NAME) ||
		means(label, IS_TEL)))
		found = address_in(value, a);
	if (found.n > 0 && !is_ours(c, found) && !is_robot(found, a)) {
		out->email = found;
		out->labels++;
		return;
	}
	if (out->tel.p == NULL && means(label, IS_TEL)) {
		found = tel_in(c, value, a);
		if (found.n > 0) {
			out->tel = found;
			out->labels++;
			return;
		}
	}
	if (out->name.p == NULL && means(label, IS_NAME) && value.n < 100 &&
	    str_chr(value, '@') < 0) {
		out->name = value;
		out->labels++;
	}
}

/* A label alone on its line: what it says stands on the next. */
static void
read_labels(const struct author_clues *c, struct str text, struct arena *a,
    struct labelled *out)
{
	struct str rest = text, line, value;
	uint64_t label, waiting = 0;

	*out = (struct labelled){ 0 };
	for (int i = 0; i < LABEL_LINES && rest.p != NULL; i++) {
		line = str_trim(str_split(&rest, '\n'));
		if (line.n == 0)
			continue;
		value = STR_NONE;
		label = line.n > VALUE_MAX ? 0 : label_of(line, &value, a);
		if (label == 0 && waiting != 0)
			take_label(c, waiting, line, a, out);
		waiting = label != 0 && value.n == 0 ? label : 0;
		if (label != 0 && value.n > 0)
			take_label(c, label, value, a, out);
	}
}

static void
set_labelled(const struct labelled *l, struct address *who)
{
	*who = (struct address){ 0 };
	if (l->name.n > 0)
		who->name = l->name;
	if (l->email.n > 0)
		who->email = l->email;
	else if (l->tel.n > 0)
		who->tel = l->tel;
}

/* Whether the subject speaks of a call or of a message left by voice. */
static bool
is_call(struct str subject, struct arena *a)
{
	size_t n = wordlist_count(&words_author, IS_CALL);

	subject = unicode_fold(str_sub(subject, 0, SUBJECT_MAX), a);
	for (size_t i = 0; i < n; i++)
		if (str_find(subject, wordlist_of(&words_author, IS_CALL, i)) >=
		    0)
			return true;
	return false;
}

/* The kinds */

/* The address of who wrote to a list, or by a service that says so. */
static bool
list_writer(const struct author_clues *c, bool via, struct str name,
    struct arena *a, struct address *who)
{
	struct address o = c->original_from;

	/* Only a list of ours may say that it was one of ours. */
	if (o.email.n > 0 && !str_eq_nocase(o.email, c->from.email) &&
	    (is_our_list(c, c->from.email) || !is_ours(c, o.email))) {
		*who = o;
		return true;
	}
	if (via && (named(c, &c->reply_to, name, a, who) ||
		       replier(c, a, who) || named(c, &c->cc, name, a, who)))
		return true;
	if (via && may_write(c, c->original_sender.email, a)) {
		who->email = c->original_sender.email;
		return true;
	}
	return (via || c->list) && encoded_address(c, a, who);
}

static enum author_kind
by_list(const struct author_clues *c, struct arena *a, struct address *who)
{
	struct str name = STR_NONE;
	bool via = name_via(c->from.name, &name);
	bool ours = is_our_list(c, c->from.email);

	/* What we write for a colleague to a customer is ours. */
	if ((!via && !c->list && !ours) || (ours && !reached_us(c)))
		return AUTHOR_FROM;
	/* Whoever it was, it was not the carrier. */
	if (!list_writer(c, via, name, a, who) &&
	    (!via || !(ours ? author_to_us(c)
			    : c->list || is_program(c->from.email, false, a))))
		return AUTHOR_FROM;
	if (who->name.n == 0)
		who->name = via ? name : bare_name(c->from.name);
	return c->list || ours ? AUTHOR_LIST : AUTHOR_FORM;
}

/* Reply-To, which says whom a form's answer goes to. */
static enum author_kind
by_reply_to(const struct author_clues *c, struct arena *a, struct address *who)
{
	bool ours = is_ours(c, c->from.email);

	if (!(ours ? reached_us(c)
		   : is_program(c->from.email, false, a) && !c->list) ||
	    !replier(c, a, who))
		return AUTHOR_FROM;
	/* A service's own addresses for answers are no people. */
	if (!ours && is_related(who->email, c->from.email))
		return AUTHOR_FROM;
	if (who->name.n == 0 && !ours)
		name_via(c->from.name, &who->name);
	return AUTHOR_FORM;
}

/* The number of who called, where no label has it. */
static struct str
caller(const struct author_clues *c, struct str text, struct arena *a)
{
	struct str tel = tel_in(c, c->subject, a);

	return tel.n > 0 ? tel : tel_in(c, str_sub(text, 0, VALUE_MAX), a);
}

/* Whether the text tells enough of somebody: one of ours writes a customer's
 * address down for its own sake, other programs have many. */
static bool
is_told(const struct labelled *l, bool ours)
{
	return (ours && l->email.n > 0) ||
	       (l->labels > 1 && l->email.n + l->tel.n > 0);
}

static enum author_kind
by_text(const struct author_clues *c, struct str text, struct arena *a,
    struct address *who)
{
	bool ours = is_ours(c, c->from.email);
	bool program = is_program(c->from.email, ours, a);
	struct labelled l;

	if (c->answer || c->list || !(ours ? author_to_us(c) : program))
		return AUTHOR_FROM;
	read_labels(c, text, a, &l);
	if (is_call(c->subject, a)) {
		if (l.tel.n == 0)
			l.tel = caller(c, text, a);
		/* Who withholds the number called, too. */
		if (l.tel.n + l.email.n == 0 && !(ours && program))
			return AUTHOR_FROM;
	} else if (!is_told(&l, ours)) {
		return AUTHOR_FROM;
	}
	set_labelled(&l, who);
	return AUTHOR_FORM;
}

/* What the workspace says of its carrier. */
static enum author_kind
by_relay(const struct author_clues *c, const struct workspace_relay *relay,
    struct str text, struct arena *a, struct address *who)
{
	struct labelled l;

	switch (relay->author) {
	case RELAY_REPLY_TO:
		replier(c, a, who);
		break;
	case RELAY_ORIGINAL_FROM:
		*who = c->original_from;
		break;
	case RELAY_BODY:
		read_labels(c, text, a, &l);
		set_labelled(&l, who);
		break;
	}
	if (who->name.n == 0 && !name_via(c->from.name, &who->name) &&
	    !is_ours(c, c->from.email) && who->email.n + who->tel.n == 0)
		who->name = c->from.name;
	return AUTHOR_FORM;
}

enum author_kind
author_find(const struct author_clues *c, struct str text, struct arena *a,
    struct address *who)
{
	const struct workspace_relay *relay =
	    c->from.email.n == 0 ? NULL
				 : workspace_relay_of(c->config, c->from.email);
	enum author_kind kind;

	*who = (struct address){ 0 };
	if (c->from.email.n == 0)
		return AUTHOR_FROM;
	if (relay != NULL)
		return by_relay(c, relay, text, a, who);
	kind = by_list(c, a, who);
	if (kind == AUTHOR_FROM)
		kind = by_reply_to(c, a, who);
	if (kind == AUTHOR_FROM) {
		*who = (struct address){ 0 };
		kind = by_text(c, text, a, who);
	}
	return kind;
}

/* What is passed on */

/* The mark in front of a subject, "fwd" of "[Ticket 5] Fwd: x", folded; absent
 * where there is none. */
static struct str
mark_of(struct str subject, struct arena *a)
{
	ptrdiff_t colon, wide;

	subject = str_trim(subject);
	colon = str_chr(subject, ']');
	if (subject.n > 0 && subject.p[0] == '[' && colon > 0)
		subject =
		    str_trim(str_sub(subject, (size_t)colon + 1, subject.n));
	colon = str_chr(subject, ':');
	wide = str_find(subject, STR("："));
	if (colon < 0 || (wide >= 0 && wide < colon))
		colon = wide;
	if (colon < 0 || colon > MARK_MAX)
		return STR_NONE;
	return unicode_fold(str_trim(str_sub(subject, 0, (size_t)colon)), a);
}

bool
author_may_forward(const struct author_clues *c, struct arena *a)
{
	struct str mark = mark_of(c->subject, a);

	if (wordlist_is(&words_author, mark, IS_FORWARD))
		return true;
	return !c->answer && !wordlist_is(&words_author, mark, IS_ANSWER);
}

/* "Nora Lind [mailto:nora@lind.example]", as Outlook writes it. */
static struct str
in_brackets(struct str s, struct str *name)
{
	ptrdiff_t open = str_chr(s, '['), close = str_rchr(s, ']');

	if (open < 0 || close < open || str_chr(s, '<') >= 0)
		return STR_NONE;
	*name = str_sub(s, 0, (size_t)open);
	return str_sub(s, (size_t)open + 1, (size_t)(close - open - 1));
}

struct address
author_passed_on(struct str from, struct arena *a)
{
	struct address_list l = { 0 };
	struct str name = STR_NONE, email;

	from = words_decode(from, a);
	email = address_in(in_brackets(from, &name), a);
	if (email.n > 0)
		return (
		    struct address){ .name = bare_name(name), .email = email };
	mailaddr_read(from, a, &l);
	for (size_t i = 0; i < l.n; i++) {
		email = address_in(l.v[i].email, a);
		if (email.n > 0)
			return (struct address){ .name = bare_name(l.v[i].name),
				.email = email };
	}
	return (struct address){ .name = bare_name(from) };
}
