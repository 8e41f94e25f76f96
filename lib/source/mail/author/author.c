#include "source/mail/author/author.h"

#include "core/text/ascii.h"
#include "mail/address.h"
#include "mail/encodedword.h"
#include "source/mail/author/labelled.h"
#include "source/mail/author/programs.h"
#include "text/unicode.h"

/* The sections of the list. */
enum meaning {
	IS_VIA, /* before what carried it, after the name */
	IS_VIA_BEHIND, /* behind both */
	IS_FORWARD,
	IS_CALL,
	IS_ANSWER,
};
#define MEANS(SECTION, n) IS_##SECTION
#include "source/mail/words/author.h"

enum {
	CALLER_MAX = 320, /* bytes of a text that are looked through */
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
		if (!is_our_list(c, c->to.v[i].email))
			return false;
	for (size_t i = 0; i < c->cc.n; i++)
		if (!is_our_list(c, c->cc.v[i].email))
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
	       !is_listed(&c->to, email) && !program_is_robot(email, a);
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

/* Whether one of these words, of four letters and more, stands in the domain:
 * then they are the carrier's name. */
static bool
names_domain(struct str words, struct str email, struct arena *a)
{
	struct str domain = unicode_fold(domain_of(email), a);

	words = unicode_fold(words, a);
	for (size_t i = 0, n; i < words.n; i += n + 1) {
		struct str word = str_sub(words, i, words.n);

		for (n = 0;
		     n < word.n && (ascii_is_alnum(word.p[n]) ||
				       (unsigned char)word.p[n] >= 0x80);)
			n++;
		if (n >= 4 && str_find(domain, str_sub(word, 0, n)) >= 0)
			return true;
	}
	return false;
}

/* "Lena" of "Lena via Market", "Lena (Market)", "Lena - Market". */
static struct str
without_carrier(struct str name, struct str carrier, struct arena *a)
{
	ptrdiff_t open = str_find(name, STR(" (")),
		  dash = str_find(name, STR(" - "));
	ptrdiff_t at = open < 0 || (dash >= 0 && dash < open) ? dash : open;
	struct str bare;

	if (name_via(name, &bare))
		return bare;
	if (at > 0 &&
	    names_domain(str_sub(name, (size_t)at, name.n), carrier, a))
		return bare_name(str_sub(name, 0, (size_t)at));
	return name;
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
	if (via && named(c, &c->reply_to, name, a, who))
		return true;
	if (via && replier(c, a, who)) {
		/* A service's address for this matter has the service's name. */
		if (is_related(who->email, c->from.email))
			who->name = name;
		return true;
	}
	if (via && named(c, &c->cc, name, a, who))
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
			    : c->list || program_writes_for_others(
					     c->from.email, false, a))))
		return AUTHOR_FROM;
	if (who->name.n == 0)
		who->name = via ? name : bare_name(c->from.name);
	return c->list || ours ? AUTHOR_LIST : AUTHOR_FORM;
}

/* One of ours, or a program on a machine of ours: "www-data@web1.lamp.example". */
static bool
carried_by_us(const struct author_clues *c, struct arena *a)
{
	return is_ours(c, c->from.email) ||
	       (is_our_list(c, c->from.email) &&
		   program_at(c->from.email, a) != 0);
}

/* Whether a service gave the address to one person or matter alone, as in
 * "lena77_x4@members.market.example". */
static bool
is_one_alone(struct str email)
{
	ptrdiff_t at = str_rchr(email, '@');

	for (ptrdiff_t i = 0; i < at; i++)
		if (ascii_is_digit(email.p[i]) || email.p[i] == '+')
			return true;
	return false;
}

/* "market@market.example", at which a service writes for its customers. */
static bool
is_named_as_domain(struct str email)
{
	ptrdiff_t at = str_rchr(email, '@');
	struct str rest = domain_of(email);

	while (at > 0 && rest.p != NULL)
		if (str_eq_nocase(
			str_split(&rest, '.'), str_sub(email, 0, (size_t)at)))
			return true;
	return false;
}

/* "New message from Lena Vogt": the subject has the name of who wrote, and From
 * another's. */
static bool
is_told_of(const struct author_clues *c, struct str name, struct arena *a)
{
	name = unicode_fold(name, a);
	return name.n > 2 && !str_eq(name, unicode_fold(c->from.name, a)) &&
	       str_find(unicode_fold(str_sub(c->subject, 0, SUBJECT_MAX), a),
		   name) >= 0;
}

/* The name that the text's labels give who has this address; absent. */
static struct str
name_told(const struct author_clues *c, struct str text, struct str email,
    struct arena *a)
{
	struct labelled l;

	labelled_read(c->config, text, a, &l);
	return l.email.n == 0 || str_eq_nocase(l.email, email) ? l.name
							       : STR_NONE;
}

/* Reply-To, which says whom a form's answer goes to. */
static enum author_kind
by_reply_to(const struct author_clues *c, struct str text, struct arena *a,
    struct address *who)
{
	bool ours = carried_by_us(c, a);
	bool program = program_writes_for_others(c->from.email, false, a);

	if ((ours ? !reached_us(c) : c->list) || !replier(c, a, who))
		return AUTHOR_FROM;
	/* A service's own addresses for all answers are no people. */
	if (!ours && is_related(who->email, c->from.email))
		program = (program || is_named_as_domain(c->from.email) ||
			      program_at(c->from.email, a) != 0 ||
			      is_told_of(c, who->name, a)) &&
			  is_one_alone(who->email);
	if (!ours && !program)
		return AUTHOR_FROM;
	if (who->name.n == 0 && !ours)
		name_via(c->from.name, &who->name);
	if (who->name.n == 0)
		who->name = name_told(c, text, who->email, a);
	return AUTHOR_FORM;
}

/* The number of who called, where no label has it. */
static struct str
caller(const struct author_clues *c, struct str text, struct arena *a)
{
	struct str tel = labelled_tel(c->config, c->subject, a);

	if (tel.n > 0)
		return tel;
	return labelled_tel(c->config, str_sub(text, 0, CALLER_MAX), a);
}

/* Whether the text tells enough of somebody: one of ours writes a customer's
 * address down for its own sake, other programs have many. */
static bool
is_told(const struct labelled *l, bool ours, bool program)
{
	return (ours && l->email.n > 0) || (ours && program && l->tel.n > 0) ||
	       (l->labels > 1 && l->email.n + l->tel.n > 0);
}

/* A call, or a short message: its subject says so, or has a number. */
static bool
is_caller_told(const struct author_clues *c, bool our_program, struct arena *a)
{
	return is_call(c->subject, a) ||
	       (our_program && labelled_tel(c->config, c->subject, a).n > 0);
}

static enum author_kind
by_text(const struct author_clues *c, struct str text, struct arena *a,
    struct address *who)
{
	bool ours = carried_by_us(c, a);
	bool program = program_writes_for_others(c->from.email, ours, a);
	struct labelled l;

	if (c->answer || c->list || !(ours ? author_to_us(c) : program))
		return AUTHOR_FROM;
	labelled_read(c->config, text, a, &l);
	if (is_caller_told(c, ours && program, a)) {
		if (l.tel.n == 0)
			l.tel = caller(c, text, a);
		/* Who withholds the number called, too. */
		if (l.tel.n + l.email.n == 0 && !(ours && program))
			return AUTHOR_FROM;
	} else if (!is_told(&l, ours, program)) {
		/* "Lena (lena@vogt.example) wrote:"; a log may name anybody. */
		if (ours && program && !c->automatic)
			l.email = labelled_only_email(c->config, text, a);
		if (l.email.n == 0)
			return AUTHOR_FROM;
	}
	labelled_set(&l, who);
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
		labelled_read(c->config, text, a, &l);
		if (l.email.n + l.tel.n == 0)
			l.email = labelled_only_email(c->config, text, a);
		labelled_set(&l, who);
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
	struct str name;

	*who = (struct address){ 0 };
	if (c->from.email.n == 0)
		return AUTHOR_FROM;
	/* What one of ours writes to a customer is ours, whatever it carries to
	 * us. */
	if (relay != NULL && (!is_ours(c, c->from.email) || reached_us(c)))
		return by_relay(c, relay, text, a, who);
	kind = by_list(c, a, who);
	if (kind == AUTHOR_FROM)
		kind = by_reply_to(c, text, a, who);
	if (kind == AUTHOR_FROM) {
		*who = (struct address){ 0 };
		kind = by_text(c, text, a, who);
	}
	if (kind != AUTHOR_FROM)
		who->name = without_carrier(who->name, c->from.email, a);
	else if (name_via(c->from.name, &name) &&
		 names_domain(str_sub(c->from.name, name.n, c->from.name.n),
		     c->from.email, a))
		who->name = name;
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
author_says_forward(const struct author_clues *c, struct arena *a)
{
	return wordlist_is(&words_author, mark_of(c->subject, a), IS_FORWARD);
}

bool
author_may_forward(const struct author_clues *c, struct arena *a)
{
	return author_says_forward(c, a) ||
	       (!c->answer && !wordlist_is(&words_author,
				  mark_of(c->subject, a), IS_ANSWER));
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
	email = labelled_email(in_brackets(from, &name), a);
	if (email.n > 0)
		return (
		    struct address){ .name = bare_name(name), .email = email };
	mailaddr_read(from, a, &l);
	for (size_t i = 0; i < l.n; i++) {
		email = labelled_email(l.v[i].email, a);
		if (email.n > 0)
			return (struct address){ .name = bare_name(l.v[i].name),
				.email = email };
	}
	return (struct address){ .name = bare_name(from) };
}
