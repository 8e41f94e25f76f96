#include "record/channels.h"

#include <endian.h>

#include "record/columnwords.h"

/* n bytes as a number, 1 to 8 of them: what memcpy does, without a call. */
static inline uint64_t
number_of(const char *p, size_t n)
{
	uint64_t low = 0, high = 0;
	uint32_t four;

	if (n == 8) {
		memcpy(&low, p, 8);
		return le64toh(low);
	}
	if (n >= 4) {
		memcpy(&four, p, 4);
		low = le32toh(four);
		memcpy(&four, p + n - 4, 4);
		high = le32toh(four);
		return low | high << 8 * (n - 4);
	}
	low = (unsigned char)p[0];
	low |= (uint64_t)(unsigned char)p[n / 2] << 8 * (n / 2);
	return low | (uint64_t)(unsigned char)p[n - 1] << 8 * (n - 1);
}

/*
 * The rows by a hash of their names, made from the table before main and never
 * changed: every tool asks several times a record, where a walk along the rows
 * took 2 to 4 in a hundred of identify's instructions.
 */
enum { SLOTS_LOG = 7, SLOTS = 1 << SLOTS_LOG };
_Static_assert(SLOTS >= 2 * CHANNELS_MAX, "the slots get crowded");

static uint8_t by_name[SLOTS], by_scheme[SLOTS]; /* numbers; 0: free */

static inline size_t
slot_of(uint64_t first, uint64_t rest)
{
	return (size_t)((first ^ rest) * UINT64_C(0x9e3779b97f4a7c15) >>
			(64 - SLOTS_LOG));
}

static inline const char *
scheme_of(const struct channel *c)
{
	return c->scheme[0] != '\0' ? c->scheme : c->name;
}

/* Of two rows with one scheme the first has it. */
static void
put(uint8_t slots[SLOTS], const char *name, const struct channel *c)
{
	size_t i = slot_of(number_of(name, 8), number_of(name + 8, 8));

	while (slots[i] != 0)
		i = (i + 1) % SLOTS;
	slots[i] = (uint8_t)channel_number(c);
}

__attribute__((constructor)) static void
index_rows(void)
{
	for (const struct channel *c = channels; c->about != NULL; c++) {
		put(by_name, c->name, c);
		if (c->uri != NO_ADDRESS)
			put(by_scheme, scheme_of(c), c);
	}
}

static inline const struct channel *
find(const uint8_t slots[SLOTS], struct str name)
{
	uint64_t first, rest;

	/* A NUL at its end would pass for the padding. */
	if (name.n == 0 || name.n >= CHANNEL_NAME || name.p[name.n - 1] == '\0')
		return NULL;
	first = number_of(name.p, name.n < 8 ? name.n : 8);
	rest = name.n > 8 ? number_of(name.p + 8, name.n - 8) : 0;
	for (size_t i = slot_of(first, rest); slots[i] != 0;
	     i = (i + 1) % SLOTS) {
		const struct channel *c = &channels[slots[i] - 1];
		const char *is = slots == by_name ? c->name : scheme_of(c);

		if (number_of(is, 8) == first && number_of(is + 8, 8) == rest)
			return c;
	}
	return NULL;
}

const struct channel *
channel_named(struct str name)
{
	return find(by_name, name);
}

const struct channel *
channel_of_scheme(struct str scheme)
{
	return find(by_scheme, scheme);
}

/* Does a letter stand in the list? */
static inline bool
has(const char *letters, char c)
{
	while (*letters != '\0' && *letters != c)
		letters++;
	return *letters != '\0';
}

bool
channel_id_is_person(const struct channel *c, struct str id)
{
	size_t at = id.n, n;

	if (c == NULL ||
	    (c->people[0] == '\0' && c->rooms[0] == '\0' && c->nobody == NULL))
		return true;
	while (at > 0 && id.p[at - 1] != '/')
		at--;
	if (c->people[0] != '\0' &&
	    (id.n - at < 2 || !has(c->people, id.p[at])))
		return false;
	if (at < id.n && has(c->rooms, id.p[at]))
		return false;
	if (c->nobody == NULL)
		return true;
	n = strlen(c->nobody);
	return id.n - at < n || id.p[id.n - 1] != c->nobody[n - 1] ||
	       !str_ends(id, str_make(c->nobody, n));
}

struct str
channel_scheme(const struct channel *c)
{
	return str_of(scheme_of(c));
}

static bool
lists(const char *words, struct str s)
{
	struct str rest = str_of(words);

	while (rest.p != NULL)
		if (str_eq_nocase(s, str_split(&rest, '|')))
			return true;
	return false;
}

/* Sections of words/channels, and what they are called here. */
enum {
	SPELLED_EMAIL,
	SPELLED_SMS,
	SPELLED_VOICE,
	SPELLED_WHATSAPP,
	SPELLED_CHAT
};
#define MEANS(SECTION, n) SPELLED_##SECTION
#include "record/words/channels.h"

static const struct channel *
by_meaning(uint64_t means)
{
	static const char *const names[] = { [SPELLED_EMAIL] = "email",
		[SPELLED_SMS] = "sms",
		[SPELLED_VOICE] = "voice",
		[SPELLED_WHATSAPP] = "whatsapp",
		[SPELLED_CHAT] = "chat" };

	return means == 0
		   ? NULL
		   : channel_named(str_of(names[__builtin_ctzll(means)]));
}

const struct channel *
channel_spelled(struct str written, struct arena *a)
{
	for (const struct channel *c = channels; c->about != NULL; c++)
		if (!c->one_way && (str_eq_nocase(written, str_of(c->name)) ||
				       lists(c->spellings, written)))
			return c;
	return by_meaning(
	    wordlist_means(&words_channels, column_fold(written, a)));
}

const struct channel *
channel_in_header(struct str header, struct arena *a)
{
	for (const struct channel *c = channels; c->about != NULL; c++) {
		struct str rest = str_of(c->headers);

		while (rest.p != NULL)
			if (str_find_nocase(header, str_split(&rest, '|')) >= 0)
				return c;
	}
	return by_meaning(
	    column_means(&words_channels, column_fold(header, a)));
}

unsigned
channel_number(const struct channel *c)
{
	return c == NULL ? 0 : (unsigned)(c - channels) + 1;
}

int64_t
channel_max(const struct channel *c, enum length_unit *unit)
{
	*unit = c == NULL ? IN_CHARACTERS : c->unit;
	return c == NULL ? 16000 : c->max;
}

enum markup
channel_markup(const struct channel *c)
{
	return c == NULL || c->markup == MARKUP_PARTS ? MARKUP_TEXT : c->markup;
}

static void
add_kind(struct buf *out, bool *any, enum voucher v, struct str kind)
{
	if (v == NO_ADDRESS)
		return;
	if (*any)
		buf_add_char(out, ' ');
	*any = true;
	buf_add_str(out, kind);
}

/* "tel whatsapp:": a uri by its scheme. */
static void
add_kinds(struct buf *out, const struct channel *c)
{
	struct str scheme = channel_scheme(c);
	bool any = false;

	add_kind(out, &any, c->email, STR("email"));
	add_kind(out, &any, c->tel, STR("tel"));
	add_kind(out, &any, c->uri, scheme);
	if (c->uri != NO_ADDRESS)
		buf_add_char(out, ':');
}

void
channels_list(struct buf *out)
{
	for (const struct channel *c = channels; c->about != NULL; c++) {
		size_t from;

		buf_printf(out, "%-*s ", CHANNEL_NAME - 1, c->name);
		from = out->n;
		add_kinds(out, c);
		while (out->n < from + 20)
			buf_add_char(out, ' ');
		buf_printf(out, " %s\n", c->about);
	}
}
