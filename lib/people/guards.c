#include "people/guards.h"

#include "core/text/ascii.h"
#include "text/placeholder.h"

enum mailbox {
	MAILBOX_PLACEHOLDER,
	MAILBOX_NO_ID,
	MAILBOX_TEST,
	MAILBOX_NO_REPLY,
	MAILBOX_NO_AUTOMATIC,
	MAILBOX_LIST_BEGIN,
	MAILBOX_LIST_END,
	MAILBOX_ROLE,
};
#define MEANS(SECTION, n) MAILBOX_##SECTION
#include "people/words/mailboxes.h"

/* Lists of numbers stand in the order of their bytes: they are searched by
 * halves. */

/* What telephone networks show for a caller who shows no number: words typed
 * on the keys (ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE, PRIVATE).
 */
static const char *const hidden[] = { "+2562533", "+266696687", "+7378742833",
	"+7748283", "+86282452253", "+8656696" };

static bool
in(struct str s, const char *const *list, size_t n)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = str_cmp(s, str_of(list[mid]));

		if (order == 0)
			return true;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}
#define IN(s, list) in((s), (list), sizeof(list) / sizeof(*list))

/* Whether s is a word of one of these kinds, 1 << kind for each. */
static bool
is_mailbox(struct str s, unsigned kinds)
{
	return (wordlist_means(&words_mailboxes, s) & kinds) != 0;
}

/* ^[0-]*$: zeros and hyphens, however many. */
static bool
is_zeros(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0' && s.p[i] != '-')
			return false;
	return true;
}

/* The UUID in which all bits are set (RFC 9562, 5.10). */
static bool
is_all_ones(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != 'f' && s.p[i] != 'F' && s.p[i] != '-')
			return false;
	return s.n == 32 || s.n == 36;
}

/* E.164 (2016), annex: a country code has one digit, two of these, or three. */
static size_t
country_code_length(struct str tel)
{
	static const char *const two[] = { "20", "27", "30", "31", "32", "33",
		"34", "36", "39", "40", "41", "43", "44", "45", "46", "47",
		"48", "49", "51", "52", "53", "54", "55", "56", "57", "58",
		"60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
		"86", "90", "91", "92", "93", "94", "95", "98" };

	if (str_starts(tel, STR("+1")) || str_starts(tel, STR("+7")))
		return 1;
	return IN(str_sub(tel, 1, 2), two) ? 2 : 3;
}

/* The same digit all along, or 123456789, behind the country code: typed where
 * a form insisted.  A prefix before them makes a number that somebody has. */
static bool
is_filled(struct str tel)
{
	size_t n = country_code_length(tel);
	bool same = true, rising = true;

	if (tel.n < n + 8)
		return false;
	for (size_t i = n + 2; i < tel.n; i++) {
		same &= tel.p[i] == tel.p[i - 1];
		rising &=
		    tel.p[i] == (tel.p[i - 1] == '9' ? '0' : tel.p[i - 1] + 1);
	}
	return same || (rising && tel.p[n + 1] == '1');
}

/* Freephone numbers: of companies, +800 world-wide and +1 800, 833 to 888. */
static bool
is_freephone(struct str tel)
{
	struct str area = str_sub(tel, 2, 3);

	if (str_starts(tel, STR("+800")))
		return true;
	if (tel.n != 12 || tel.p[1] != '1' || area.p[0] != '8')
		return false;
	return str_is(area, "800") ||
	       (area.p[1] == area.p[2] && area.p[1] >= '3' && area.p[1] <= '8');
}

static enum guard
guard_tel(struct str tel)
{
	if (IN(tel, hidden) || is_filled(tel))
		return GUARD_PLACEHOLDER;
	return is_freephone(tel) ? GUARD_SHARED : GUARD_NONE;
}

static bool
is_separator(char c)
{
	return c == '-' || c == '.' || c == '_';
}

/* A part of a role's name: "info", "de", "2". */
static bool
is_role_part(struct str s)
{
	bool digits = s.n > 0;

	for (size_t i = 0; i < s.n; i++)
		digits &= ascii_is_digit(s.p[i]);
	return digits || s.n == 2 || is_mailbox(s, 1 << MAILBOX_ROLE);
}

/* "info", "info2", "support-uk", "sales.team", "order_support". */
static bool
is_role(struct str local)
{
	struct str word = local;
	size_t i = 0;

	if (is_mailbox(local, 1 << MAILBOX_ROLE))
		return true;
	while (word.n > 0 && ascii_is_digit(word.p[word.n - 1]))
		word.n--;
	if (is_mailbox(word, 1 << MAILBOX_ROLE))
		return true;
	while (i < local.n && !is_separator(local.p[i]))
		i++;
	return i < local.n &&
	       is_mailbox(str_sub(local, 0, i), 1 << MAILBOX_ROLE) &&
	       is_role_part(str_sub(local, i + 1, local.n));
}

/* What is left of the local part: no "+tag", and one word of VERP's. */
static struct str
plain_local(struct str value)
{
	ptrdiff_t at = str_rchr(value, '@'), cut;
	struct str local = str_sub(value, 0, at < 0 ? value.n : (size_t)at);

	cut = str_chr(local, '+');
	if (cut > 0)
		local.n = (size_t)cut;
	cut = str_chr(local, '=');
	return cut > 0 ? str_sub(local, 0, (size_t)cut) : local;
}

static enum guard
guard_email(struct str value)
{
	struct str local = plain_local(value);

	if (str_ends(value, STR(".invalid")) || is_zeros(local) ||
	    is_mailbox(local, 1 << MAILBOX_PLACEHOLDER) ||
	    placeholder_is(local))
		return GUARD_PLACEHOLDER;
	if (is_mailbox(local, 1 << MAILBOX_NO_REPLY | 1 << MAILBOX_TEST) ||
	    is_role(local))
		return GUARD_SHARED;
	return GUARD_NONE;
}

static bool
is_no_id(struct str id)
{
	char low[32];

	if (is_zeros(id) || is_all_ones(id))
		return true;
	if (id.n > sizeof(low))
		return false;
	for (size_t i = 0; i < id.n; i++)
		low[i] = ascii_lower(id.p[i]);
	id.p = low;
	return is_mailbox(id, 1 << MAILBOX_PLACEHOLDER | 1 << MAILBOX_NO_ID);
}

enum guard
guard_key(struct str type, struct str value)
{
	ptrdiff_t slash;

	if (str_is(type, "email"))
		return guard_email(value);
	if (str_is(type, "tel"))
		return guard_tel(value);
	slash = str_rchr(value, '/');
	if (is_no_id(value) || (slash >= 0 && is_no_id(str_sub(value,
						  (size_t)slash + 1, value.n))))
		return GUARD_PLACEHOLDER;
	/* Address books hold names of any shape. */
	if (!str_is(type, "whatsapp") &&
	    (placeholder_is(value) ||
		(slash >= 0 && placeholder_is(str_sub(
				   value, (size_t)slash + 1, value.n)))))
		return GUARD_PLACEHOLDER;
	return GUARD_NONE;
}

const char *
guard_why(struct str type, struct str value)
{
	struct str local = plain_local(value);

	if (guard_key(type, value) == GUARD_PLACEHOLDER)
		return "a placeholder";
	if (str_is(type, "tel"))
		return "a freephone number";
	if (is_mailbox(local, 1 << MAILBOX_TEST))
		return "a stand-in";
	return is_mailbox(local, 1 << MAILBOX_NO_REPLY) ? "a no-reply address"
							: "a role address";
}

bool
guard_no_reply(struct str address)
{
	const struct wordlist *l = &words_mailboxes;
	struct str local = plain_local(address);

	if (is_mailbox(
		local, 1 << MAILBOX_NO_REPLY | 1 << MAILBOX_NO_AUTOMATIC))
		return true;
	for (size_t i = 0; i < wordlist_count(l, MAILBOX_LIST_BEGIN); i++)
		if (str_starts(local, wordlist_of(l, MAILBOX_LIST_BEGIN, i)))
			return true;
	for (size_t i = 0; i < wordlist_count(l, MAILBOX_LIST_END); i++)
		if (str_ends(local, wordlist_of(l, MAILBOX_LIST_END, i)))
			return true;
	return false;
}
