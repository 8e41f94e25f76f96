#include "record/channels.h"

#include <endian.h>

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

const struct channel *
channel_named(struct str name)
{
	uint64_t first, rest;

	/* A NUL at its end would pass for the padding. */
	if (name.n == 0 || name.n >= CHANNEL_NAME || name.p[name.n - 1] == '\0')
		return NULL;
	first = number_of(name.p, name.n < 8 ? name.n : 8);
	rest = name.n > 8 ? number_of(name.p + 8, name.n - 8) : 0;
	for (const struct channel *c = channels; c->about != NULL; c++)
		if (number_of(c->name, 8) == first &&
		    number_of(c->name + 8, 8) == rest)
			return c;
	return NULL;
}

const struct channel *
channel_of_scheme(struct str scheme)
{
	const struct channel *c = channel_named(scheme);

	if (c != NULL && c->scheme == NULL)
		return c->uri == NO_ADDRESS ? NULL : c;
	for (c = channels; c->about != NULL; c++)
		if (c->scheme != NULL && str_is(scheme, c->scheme))
			return c;
	return NULL;
}

struct str
channel_scheme(const struct channel *c)
{
	return str_of(c->scheme != NULL ? c->scheme : c->name);
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

const struct channel *
channel_spelled(struct str written)
{
	for (const struct channel *c = channels; c->about != NULL; c++)
		if (!c->one_way && (str_eq_nocase(written, str_of(c->name)) ||
				       lists(c->spellings, written)))
			return c;
	return NULL;
}

const struct channel *
channel_in_header(struct str header)
{
	for (const struct channel *c = channels; c->about != NULL; c++) {
		struct str rest = str_of(c->headers);

		while (rest.p != NULL)
			if (str_find_nocase(header, str_split(&rest, '|')) >= 0)
				return c;
	}
	return NULL;
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

		buf_printf(out, "%-10s ", c->name);
		from = out->n;
		add_kinds(out, c);
		while (out->n < from + 20)
			buf_add_char(out, ' ');
		buf_printf(out, " %s\n", c->about);
	}
}
