#include "source/mail/marks.h"

#include "core/text/ascii.h"
#include "core/text/wordlist.h"
#include "text/unicode.h"

enum { LABEL_DRAFT, LABEL_JUNK, LABEL_DELETED };
#define MEANS(SECTION, n) LABEL_##SECTION
#include "source/mail/words/labels.h"

enum {
	MOZILLA_EXPUNGED = 0x8, /* of X-Mozilla-Status */
	MOZILLA_IMAP_DELETED = 0x200000, /* of X-Mozilla-Status2 */
	EVOLUTION_DELETED = 0x2,
	EVOLUTION_DRAFT = 0x4,
	EVOLUTION_JUNK = 0x80,
	LABEL_BYTES = 200,
};

/* Of SpamAssassin, rspamd and Barracuda "yes", of DSPAM and bogofilter "spam";
 * "true" of some gateways. */
static unsigned
spam_flag(struct str v)
{
	return str_starts_nocase(v, STR("yes")) ||
		       str_starts_nocase(v, STR("spam")) ||
		       str_starts_nocase(v, STR("true"))
		   ? MARK_JUNK
		   : 0;
}

/* Exchange: -1 is trusted, from 5 on it is junk. */
static unsigned
exchange_level(struct str v)
{
	return v.n == 1 && v.p[0] >= '5' && v.p[0] <= '9' ? MARK_JUNK : 0;
}

/* What Exchange found (spam, a blocked sender), and where it put it. */
static unsigned
exchange_found(struct str v)
{
	static const struct str found[] = { { "SFV:SPM", 7 }, { "SFV:SKB", 7 },
		{ "SFV:SKS", 7 }, { "dest:J;", 7 } };

	for (size_t i = 0; i < sizeof(found) / sizeof(*found); i++)
		if (str_find(v, found[i]) >= 0)
			return MARK_JUNK;
	return 0;
}

static unsigned long
hexadecimal(struct str v)
{
	unsigned long n = 0;

	for (size_t i = 0; i < v.n && i < 8; i++) {
		int digit = ascii_hex(v.p[i]);

		if (digit < 0)
			return 0;
		n = n * 16 + (unsigned long)digit;
	}
	return n;
}

/* Evolution's: a number, and flags behind a dash. */
static unsigned
evolution(struct str v)
{
	unsigned long flags = hexadecimal(str_sub(
	    v, (size_t)(str_chr(v, '-') + 1), str_chr(v, '-') < 0 ? 0 : v.n));

	return ((flags & EVOLUTION_DELETED) != 0 ? (unsigned)MARK_DELETED : 0) |
	       ((flags & EVOLUTION_DRAFT) != 0 ? (unsigned)MARK_DRAFT : 0) |
	       ((flags & EVOLUTION_JUNK) != 0 ? (unsigned)MARK_JUNK : 0);
}

static unsigned
mozilla_status(struct str v)
{
	return (hexadecimal(v) & MOZILLA_EXPUNGED) != 0 ? MARK_DELETED : 0;
}

static unsigned
mozilla_status2(struct str v)
{
	return (hexadecimal(v) & MOZILLA_IMAP_DELETED) != 0 ? MARK_DELETED : 0;
}

/* Thunderbird writes it into what it keeps, and takes it out in sending. */
static unsigned
draft_info(struct str v)
{
	return v.n > 0 ? MARK_DRAFT : 0;
}

/* Letters of mutt, Pine and others: A answered, F flagged, D, T. */
static unsigned
x_status(struct str v)
{
	return (str_chr(v, 'D') >= 0 ? (unsigned)MARK_DELETED : 0) |
	       (str_chr(v, 'T') >= 0 ? (unsigned)MARK_DRAFT : 0);
}

unsigned
mark_flag(struct str flag)
{
	static const struct {
		struct str flag;
		unsigned is;
	} known[] = { { { "$Junk", 5 }, MARK_JUNK },
		{ { "Junk", 4 }, MARK_JUNK }, { { "$Phishing", 9 }, MARK_JUNK },
		{ { "\\Deleted", 8 }, MARK_DELETED },
		{ { "\\Draft", 6 }, MARK_DRAFT } };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_eq_nocase(flag, known[i].flag))
			return known[i].is;
	return 0;
}

static unsigned
keys(struct str v)
{
	unsigned is = 0;

	for (size_t i = 0, n; i < v.n; i += n + 1) {
		for (n = 0; i + n < v.n && (unsigned char)v.p[i + n] > ' ' &&
			    v.p[i + n] != ',';)
			n++;
		is |= mark_flag(str_sub(v, i, n));
	}
	return is;
}

unsigned
mark_field(struct str name, struct str value)
{
	static const struct {
		struct str name;
		unsigned (*tell)(struct str v);
	} table[] = {
		{ { "X-Spam", 6 }, spam_flag },
		{ { "X-Status", 8 }, x_status },
		{ { "X-Bogosity", 10 }, spam_flag },
		{ { "X-Keywords", 10 }, keys },
		{ { "X-Spam-Flag", 11 }, spam_flag },
		{ { "X-Evolution", 11 }, evolution },
		{ { "X-Spam-Status", 13 }, spam_flag },
		{ { "X-DSPAM-Result", 14 }, spam_flag },
		{ { "X-Mozilla-Keys", 14 }, keys },
		{ { "X-Mozilla-Status", 16 }, mozilla_status },
		{ { "X-Mozilla-Status2", 17 }, mozilla_status2 },
		{ { "X-Mozilla-Draft-Info", 20 }, draft_info },
		{ { "X-Barracuda-Spam-Flag", 21 }, spam_flag },
		{ { "X-Barracuda-Spam-Status", 23 }, spam_flag },
		{ { "X-MS-Exchange-Organization-SCL", 30 }, exchange_level },
		{ { "X-Forefront-Antispam-Report", 27 }, exchange_found },
		{ { "X-Microsoft-Antispam-Mailbox-Delivery", 37 },
		    exchange_found },
	};

	if (name.n < 6 || (name.p[0] | 32) != 'x')
		return 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].name.n == name.n &&
		    str_eq_nocase(table[i].name, name))
			return table[i].tell(str_trim(value));
	return 0;
}

unsigned
mark_label(struct str label, struct arena *a)
{
	uint64_t means;

	if (label.n == 0 || label.n > LABEL_BYTES)
		return 0;
	means = wordlist_means(&words_labels, unicode_fold(label, a));
	return ((means & 1 << LABEL_DRAFT) != 0 ? (unsigned)MARK_DRAFT : 0) |
	       ((means & 1 << LABEL_JUNK) != 0 ? (unsigned)MARK_JUNK : 0) |
	       ((means & 1 << LABEL_DELETED) != 0 ? (unsigned)MARK_DELETED : 0);
}

unsigned
mark_flags(struct str flags)
{
	return (str_chr(flags, 'D') >= 0 ? (unsigned)MARK_DRAFT : 0) |
	       (str_chr(flags, 'T') >= 0 ? (unsigned)MARK_DELETED : 0);
}

unsigned
mark_apple(int64_t flags)
{
	enum { DELETED = 1 << 1, DRAFT = 1 << 6, JUNK = 1 << 24, NO = 1 << 25 };

	return ((flags & DELETED) != 0 ? (unsigned)MARK_DELETED : 0) |
	       ((flags & DRAFT) != 0 ? (unsigned)MARK_DRAFT : 0) |
	       ((flags & JUNK) != 0 && (flags & NO) == 0 ? (unsigned)MARK_JUNK
							 : 0);
}

/* The last part of a path, which goes; true where there was one. */
static bool
last_part(struct str *path, struct str *part)
{
	ptrdiff_t slash;

	if (path->n == 0)
		return false;
	slash = str_rchr(*path, '/');
	*part = str_sub(*path, (size_t)(slash + 1), path->n);
	*path = str_sub(*path, 0, slash < 0 ? 0 : (size_t)slash);
	return true;
}

/* "Junk" of ".Junk", "INBOX.Junk", "Junk.mbox" and "Junk". */
static unsigned
folder_means(struct str name, struct arena *a)
{
	static const struct str ends[] = { { ".mbox", 5 }, { ".mbx", 4 },
		{ ".sbd", 4 } };

	for (size_t i = 0; i < 3; i++)
		if (str_ends_nocase(name, ends[i]))
			name = str_sub(name, 0, name.n - ends[i].n);
	name = str_after_last(name, '.');
	return mark_label(name, a) & ~(unsigned)MARK_DELETED;
}

/* Folders between a mail and its mailbox's: of a Maildir, and of Apple Mail
 * ("Junk.mbox/UUID/Data/3/1/Messages"). */
static bool
is_between(struct str part)
{
	return str_is(part, "cur") || str_is(part, "new") ||
	       str_is(part, "Messages") || str_is(part, "Data") ||
	       str_is_digits(part) ||
	       (part.n == 36 && part.p[8] == '-' && part.p[23] == '-');
}

unsigned
mark_folder(struct str path, struct arena *a)
{
	struct str part = STR_NONE;
	unsigned is;

	/* The mailbox's own file, or the folder that the mail's lies in. */
	if (!last_part(&path, &part))
		return 0;
	is = folder_means(part, a);
	while (is == 0 && last_part(&path, &part))
		if (!is_between(part))
			return folder_means(part, a);
	return is;
}
