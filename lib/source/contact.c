#include "source/contact.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "core/text/date.h"
#include "text/phone.h"
#include "text/unicode.h"

enum {
	EMAIL_BYTES = 320,
	FEW = 16, /* keys that are compared one by one */
	FLOAT_DIGITS = 8, /* of a fraction that has all of a number's */
	PAUSE_DIGITS = 5, /* before a pause in a number */
};

void
contact_begin(struct contact *c, struct normalize *n)
{
	*c = (struct contact){
		.n = n,
		.m = normalize_begin(n),
		.created = TIME_NONE,
		.updated = TIME_NONE,
		.region = n->workspace->region,
	};
	c->a = &c->m->arena;
}

/* An address and nothing else: one @, no white space, something around. */
static bool
is_email(struct str s)
{
	ptrdiff_t at = str_chr(s, '@');

	if (at <= 0 || (size_t)at + 1 == s.n || str_rchr(s, '@') != at ||
	    s.n > EMAIL_BYTES)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f ||
		    ascii_is_in(s.p[i], "<>()\",;:\\[]"))
			return false;
	return true;
}

static uint64_t *
place_of(struct contact *c, struct map *places, struct str s, bool *fresh)
{
	char *low = arena_alloc(c->a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		low[i] = ascii_lower(s.p[i]);
	return map_put(places, str_make(low, s.n), fresh);
}

/* Adds what is not in the list; its place.  Long lists are hashed. */
static size_t
add_once(struct contact *c, struct str_list *list, enum contact_list which,
    struct str s)
{
	struct map *places = &c->places[which];
	uint64_t *at;
	bool fresh;

	if (list->n < FEW) {
		for (size_t i = 0; i < list->n; i++)
			if (str_eq_nocase(list->v[i], s))
				return i;
		message_add_str(c->m, list, s);
		return list->n - 1;
	}
	for (size_t i = places->n; i < FEW; i++)
		*place_of(c, places, list->v[i], &fresh) = i;
	at = place_of(c, places, s, &fresh);
	if (fresh) {
		*at = list->n;
		message_add_str(c->m, list, s);
	}
	return *at;
}

bool
contact_email(struct contact *c, struct str raw, bool primary)
{
	struct str s = str_trim(raw);
	ptrdiff_t open = str_rchr(s, '<');
	size_t at;

	if (open >= 0 && str_ends(s, STR(">")))
		s = str_trim(
		    str_sub(s, (size_t)open + 1, s.n - (size_t)open - 2));
	if (str_starts_nocase(s, STR("mailto:")))
		s = str_sub(s, 7, s.n);
	else if (str_starts_nocase(s, STR("smtp:")))
		s = str_sub(s, 5, s.n);
	/* "ana@riba.example.", as it stood at the end of a sentence. */
	if (s.n > 1 && s.p[s.n - 1] == '.')
		s.n--;
	if (!is_email(s))
		return false;
	at = add_once(c, &c->emails, CONTACT_EMAILS, s);
	if (primary)
		c->email = at;
	return true;
}

/* What spreadsheets put around a number to keep it as text, and labels. */
static struct str
bare_number(struct str s)
{
	s = str_trim(s);
	if (s.n > 3 && s.p[0] == '=' && s.p[1] == '"' && s.p[s.n - 1] == '"')
		s = str_sub(s, 2, s.n - 3);
	if (s.n > 1 && s.p[0] == '\'')
		s = str_sub(s, 1, s.n);
	if (s.n > 2 && s.p[1] == ':' && s.p[0] == 'p')
		s = str_sub(s, 2, s.n);
	return s;
}

/* "34600111225.0", "3.4600111225E+10": a number that a program took for one;
 * where digits are missing it stays as it is. */
struct str
contact_number(struct contact *c, struct str s)
{
	size_t whole = 0, part, at, exponent = 0;
	struct str digits;

	while (whole < s.n && ascii_is_digit(s.p[whole]))
		whole++;
	if (whole == 0 || whole + 1 >= s.n ||
	    (s.p[whole] != '.' && s.p[whole] != ','))
		return s;
	for (part = 0, at = whole + 1; at < s.n && ascii_is_digit(s.p[at]);
	     at++)
		part++;
	digits = str_sub(s, whole + 1, part);
	if (at == s.n)
		return str_is(digits, "0") || str_is(digits, "00")
			   ? str_sub(s, 0, whole)
			   : s;
	if ((s.p[at] | 0x20) != 'e' || whole != 1 || part < FLOAT_DIGITS)
		return s;
	for (at += 1 + (at + 1 < s.n && s.p[at + 1] == '+'); at < s.n; at++) {
		if (!ascii_is_digit(s.p[at]) || exponent > 20)
			return s;
		exponent = exponent * 10 + (size_t)(s.p[at] - '0');
	}
	if (exponent < part || exponent > 20)
		return s;
	return arena_printf(c->a, "%c%.*s%.*s", s.p[0], STR_ARG(digits),
	    (int)(exponent - part), "00000000000000000000");
}

/* "+34600111222,0012025551212": what stands behind a pause is dialled later.
 * The number before it, or STR_NONE. */
static struct str
before_pause(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_digit(s.p[i]))
			digits++;
		else if (digits >= PAUSE_DIGITS &&
			 ascii_is_in(s.p[i], ",;pPwW"))
			return str_trim(str_sub(s, 0, i));
	}
	return STR_NONE;
}

/* "Mobile: +34 600111222", "600 111 222 (work)": without the words around it;
 * STR_NONE where there are none. */
static struct str
without_words(struct str s)
{
	ptrdiff_t colon = str_chr(s, ':'), open = str_rchr(s, '(');
	struct str number = s;

	if (str_ends(s, STR(")")) && open > 0 && !ascii_is_digit(s.p[open + 1]))
		number = str_trim(str_sub(s, 0, (size_t)open));
	for (ptrdiff_t i = 0; i < colon; i++)
		if (ascii_is_digit(s.p[i]))
			return number.n < s.n ? number : STR_NONE;
	if (colon > 0)
		number = str_trim(str_sub(number, (size_t)colon + 1, number.n));
	return number.n < s.n ? number : STR_NONE;
}

/* "Dialled", "Dialled (2)" ...: a name stands once. */
static struct str
dialled_name(struct contact *c)
{
	size_t n = 1;

	for (size_t i = 0; i < c->other.n; i++)
		n += str_starts(c->other.v[i].name, STR("Dialled"));
	return n == 1 ? STR("Dialled") : arena_printf(c->a, "Dialled (%zu)", n);
}

/* What of a cell is the number, as E.164; what is dialled after it is kept
 * apart, and no part of it. */
static bool
read_tel(struct contact *c, struct str s, char e164[PHONE_SIZE])
{
	struct str number = before_pause(s), behind;

	behind = str_trim(str_sub(s, number.n, s.n));
	/* "12p34" is no number of four digits; ";ext=" is known. */
	if ((number.n == 0 || str_starts(behind, STR(";"))) &&
	    phone_e164(s, c->region, e164))
		return true;
	if (number.n > 0 && phone_e164(number, c->region, e164)) {
		contact_other(c, dialled_name(c), s);
		return true;
	}
	number = without_words(s);
	return number.n > 0 && phone_e164(number, c->region, e164);
}

bool
contact_tel(struct contact *c, struct str raw, bool primary)
{
	struct str s = contact_number(c, bare_number(raw));
	char e164[PHONE_SIZE];
	size_t at;

	if (s.n == 0 || !read_tel(c, s, e164))
		return false;
	at = add_once(c, &c->tels, CONTACT_TELS, arena_dup(c->a, str_of(e164)));
	if (primary)
		c->tel = at;
	return true;
}

void
contact_uri(struct contact *c, const char *scheme, struct str value)
{
	value = str_trim(value);
	for (size_t i = 0; i < value.n; i++)
		if (ascii_is_control(value.p[i]))
			return;
	if (value.n > 0)
		add_once(c, &c->uris, CONTACT_URIS,
		    ARENA_JOIN(c->a, str_of(scheme), STR(":"), value));
}

void
contact_region(struct contact *c, struct str country)
{
	country = str_trim(country);
	if (country.n != 2)
		return;
	for (int i = 0; i < 2; i++) {
		char letter = country.p[i];

		c->own_region[i] = ascii_upper(letter);
	}
	if (phone_region_known(c->own_region))
		c->region = c->own_region;
}

struct contact_address *
contact_address(struct contact *c, struct str group)
{
	for (size_t i = 0; group.p != NULL && i < c->addresses.n; i++)
		if (str_eq(c->addresses.v[i].group, group))
			return &c->addresses.v[i];
	vec_add_in(
	    c->a, &c->addresses, (struct contact_address){ .group = group });
	return &c->addresses.v[c->addresses.n - 1];
}

void
contact_other(struct contact *c, struct str name, struct str value)
{
	vec_add_in(c->a, &c->other, (struct contact_other){ name, value });
}

/* Scripts in which the family's name stands first. */
static bool
family_first(struct str family)
{
	uint32_t u = utf8_first(family);

	return (u >= 0x3040 && u <= 0x9fff) || (u >= 0xac00 && u <= 0xd7af) ||
	       (u >= 0x20000 && u <= 0x3ffff);
}

static struct str
full_name(struct contact *c)
{
	bool turned = family_first(c->family);
	const struct str parts[] = {
		c->prefix,
		turned ? c->family : c->given,
		turned ? c->given : c->middle,
		turned ? c->middle : c->family,
		c->suffix,
	};
	struct str s = STR_NONE;

	if (c->name.n > 0)
		return c->name;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct str part = str_trim(parts[i]);

		if (part.n > 0)
			s = s.n == 0 ? part
				     : ARENA_JOIN(c->a, s, STR(" "), part);
	}
	if (s.n == 0)
		s = c->file_as.n > 0    ? c->file_as
		    : c->nickname.n > 0 ? c->nickname
					: c->org;
	return s.n == 0 ? STR_NONE : s;
}

/* Parts of the name that the name does not show. */
static void
keep_parts(struct contact *c, struct str name)
{
	const struct contact_other parts[] = {
		{ STR("prefix"), c->prefix },
		{ STR("given name"), c->given },
		{ STR("middle name"), c->middle },
		{ STR("family name"), c->family },
		{ STR("suffix"), c->suffix },
		{ STR("file as"), c->file_as },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i].value.n > 0 &&
		    str_find_nocase(name, str_trim(parts[i].value)) < 0)
			contact_other(c, parts[i].name, parts[i].value);
}

static void
write_filled(struct writer *w, const char *name, struct str s)
{
	if (s.n > 0)
		write_member(w, name, s);
}

/* "1604-05-09", "0000-05-09": programs that need a year write one in which
 * nobody was born; vCard 4 has --0509, which is --05-09. */
static struct str
birthday_of(const struct contact *c)
{
	struct str s = c->birthday, day;
	char dash = s.n > 8 ? s.p[4] : '-';

	if (s.n == 6 && str_starts(s, STR("--")) &&
	    str_is_digits(str_sub(s, 2, 4)))
		return arena_printf(c->a, "--%.2s-%.2s", s.p + 2, s.p + 4);
	if (!str_starts(s, STR("1604")) && !str_starts(s, STR("0000")))
		return s;
	if (s.n == 8 && str_is_digits(s))
		return arena_printf(c->a, "--%.2s-%.2s", s.p + 4, s.p + 6);
	day = str_sub(s, 5, 5);
	if ((dash != '-' && dash != '/') || day.n < 5 || day.p[2] != dash)
		return s;
	return arena_printf(c->a, "--%.2s-%.2s", day.p, day.p + 3);
}

/* As ISO 8601, where it is a whole date that can be read; else absent. */
static struct str
birth_date(struct contact *c)
{
	char digits[DATE_DIGITS + 1];

	if (c->birthday.n == 0 || !date_digits(birthday_of(c), digits) ||
	    memcmp(digits, "0000", 4) == 0 || memcmp(digits + 6, "00", 2) == 0)
		return STR_NONE;
	return arena_printf(
	    c->a, "%.4s-%.2s-%.2s", digits, digits + 4, digits + 6);
}

/* Parts of the first address under names of their own, and what else rows of
 * people are compared by. */
static void
write_compared(struct writer *w, struct contact *c)
{
	const struct contact_address *a =
	    c->addresses.n > 0 ? &c->addresses.v[0] : NULL;
	struct str street = a == NULL ? STR_NONE : a->street, line;

	line = str_trim(str_split(&street, '\n'));
	write_filled(w, "row", c->row);
	write_filled(w, "givenName", str_trim(c->given));
	write_filled(w, "familyName", str_trim(c->family));
	write_filled(w, "birthDate", birth_date(c));
	if (c->tels.n == 0)
		write_filled(w, "number", c->number);
	write_filled(w, "house", c->house);
	write_filled(w, "street", line);
	write_filled(w, "street2", str_trim(street));
	if (a != NULL) {
		write_filled(w, "city", a->city);
		write_filled(w, "postcode", a->code);
		write_filled(w, "state", a->region);
		write_filled(w, "country", a->country);
	}
	write_filled(w, "ident", c->ident);
	write_filled(w, "gender", c->gender);
	write_filled(w, "birthPlace", c->birth_place);
	write_filled(w, "category", c->category);
}

/* Those that do not stand in from: all but the first. */
static void
write_unverified(struct writer *w, const struct contact *c)
{
	struct str fields[2];
	size_t n = 0;

	if (c->unverified_email)
		fields[n++] = STR("email");
	if (c->unverified_tel)
		fields[n++] = STR("tel");
	if (n > 0)
		write_member_strs(w, "unverified", fields, n);
}

static void
write_further(struct writer *w, const char *name, const struct str_list *list)
{
	if (list->n > 1)
		write_member_strs(w, name, list->v + 1, list->n - 1);
}

static bool
is_number(struct str s)
{
	size_t i = 0;

	while (i < s.n && ascii_is_digit(s.p[i]))
		i++;
	return i == s.n;
}

static void
write_address(struct writer *w, const struct contact_address *a)
{
	struct str rest = a->group, group = str_split(&rest, ':');

	write_object(w);
	if (a->label.n > 0)
		write_member(w, "label", a->label);
	else if (!is_number(group))
		write_member(w, "label", group);
	write_filled(w, "street", a->street);
	write_filled(w, "city", a->city);
	write_filled(w, "region", a->region);
	write_filled(w, "code", a->code);
	write_filled(w, "country", a->country);
	write_object_end(w);
}

static void
write_addresses(struct writer *w, const struct contact *c)
{
	bool any = false;

	for (size_t i = 0; i < c->addresses.n; i++) {
		const struct contact_address *a = &c->addresses.v[i];

		if (a->street.n + a->city.n + a->region.n + a->code.n +
			a->country.n ==
		    0)
			continue;
		if (!any) {
			write_key(w, "addresses");
			write_list(w);
		}
		any = true;
		write_address(w, a);
	}
	if (any)
		write_list_end(w);
}

static void
write_other(struct writer *w, const struct contact *c)
{
	if (c->other.n == 0)
		return;
	write_key(w, "other");
	write_object(w);
	for (size_t i = 0; i < c->other.n; i++) {
		write_key_str(w, c->other.v[i].name);
		write_str(w, c->other.v[i].value);
	}
	write_object_end(w);
}

static void
write_data(struct contact *c)
{
	struct buf *out = &c->n->scratch;
	size_t from;
	struct writer w;

	buf_reset(out);
	from = out->n;
	write_init(&w, out);
	write_object(&w);
	write_compared(&w, c);
	write_further(&w, "emails", &c->emails);
	write_further(&w, "tels", &c->tels);
	write_further(&w, "uris", &c->uris);
	write_unverified(&w, c);
	write_filled(&w, "nickname", c->nickname);
	write_filled(&w, "org", c->org);
	write_filled(&w, "title", c->title);
	write_filled(&w, "department", c->department);
	write_filled(&w, "birthday", birthday_of(c));
	write_filled(&w, "language", c->language);
	write_member_strs(&w, "labels", c->labels.v, c->labels.n);
	write_member_strs(&w, "urls", c->urls.v, c->urls.n);
	write_addresses(&w, c);
	write_filled(&w, "note", c->note);
	write_member_time(&w, "created", c->created);
	write_member_time(&w, "updated", c->updated);
	write_other(&w, c);
	write_object_end(&w);
	if (out->n > from + 2)
		c->m->data = str_sub(buf_str(out), from, out->n);
}

static void
to_front(struct str_list *list, size_t i)
{
	struct str s;

	if (i == 0)
		return;
	s = list->v[i];
	memmove(list->v + 1, list->v, i * sizeof(s));
	list->v[0] = s;
}

/* A row without a name may be somebody's whom other rows tell. */
static bool
is_told_otherwise(const struct contact *c)
{
	const struct contact_address *a =
	    c->addresses.n > 0 ? &c->addresses.v[0] : NULL;

	return c->birthday.n + c->number.n + c->ident.n > 0 ||
	       (a != NULL && a->street.n + a->city.n + a->code.n > 0);
}

enum stage_result
contact_emit(struct contact *c, struct str content, struct err *e)
{
	struct message *m = c->m;

	m->type = "contact";
	if (m->channel == NULL)
		m->channel = "form";
	if (m->native_id.p == NULL)
		m->native_id = content;
	if (m->sent == TIME_NONE)
		m->sent = c->updated != TIME_NONE ? c->updated : c->created;
	for (size_t i = 0; i < CONTACT_LISTS; i++)
		map_release(&c->places[i]);
	m->from.name = full_name(c);
	keep_parts(c, m->from.name);
	to_front(&c->emails, c->email);
	to_front(&c->tels, c->tel);
	if (c->emails.n > 0)
		m->from.email = c->emails.v[0];
	if (c->tels.n > 0)
		m->from.tel = c->tels.v[0];
	if (c->uris.n > 0)
		m->from.uri = c->uris.v[0];
	if (m->from.name.p == NULL && m->from.email.p == NULL &&
	    m->from.tel.p == NULL && m->from.uri.p == NULL &&
	    !is_told_otherwise(c)) {
		err_set(e, "a contact without a name, an address, a number "
			   "or an id");
		return STAGE_REJECT;
	}
	m->direction = str_is(str_of(message_direction(m)), "inbound")
			   ? "inbound"
			   : "internal";
	write_data(c);
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}
