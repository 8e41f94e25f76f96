#ifndef KITH_SOURCE_CONTACT_H
#define KITH_SOURCE_CONTACT_H
/*
 * A person as an address book or a table of customers has them, on the way
 * into a record of the type `contact`.  The first mail address, number and
 * uri, or the one that is marked, stand in `from`; further ones in data.emails,
 * data.tels and data.uris; what has no member of its own in data.other.
 */
#include "core/map.h"
#include "source/item.h"

struct contact_address {
	struct str group; /* which of several: "home", "2", "2:3" */
	struct str label; /* what it is called, where the group does not say */
	struct str street, city, region, code, country;
};
struct contact_addresses VEC(struct contact_address);

/* Lists in which each key stands once. */
enum contact_list {
	CONTACT_EMAILS,
	CONTACT_TELS,
	CONTACT_URIS,
	CONTACT_LISTS,
};

struct contact_other {
	struct str name, value;
};
struct contact_others VEC(struct contact_other);

/* Slices are borrowed until the emit; absent ones are STR_NONE. */
struct contact {
	struct normalize *n;
	struct message *m;
	struct arena *a; /* of the message */
	const char *region; /* for national numbers; NULL: the workspace's */
	char own_region[3];

	struct str name, prefix, given, middle, family, suffix, nickname;
	struct str file_as;
	struct str org, title, department, birthday, note, language;
	struct str row, house, ident, gender, category;
	struct str birth_place;
	struct str number; /* a telephone's, as no country writes it */
	int64_t created, updated;

	struct str_list emails, tels, uris, labels, urls;
	struct map places[CONTACT_LISTS]; /* of long ones */
	size_t email, tel; /* which of them stand in from */
	/* Nobody verified these, as far as the source tells. */
	bool unverified_email, unverified_tel;
	struct contact_addresses addresses;
	struct contact_others other;
};

/* Begins n->message; contact_emit frees what the rest allocates. */
void contact_begin(struct contact *c, struct normalize *n);
/*
 * Takes a mail address ("mailto:" and "Name <...>" allowed) or a telephone
 * number in.  False where it is none: it is the caller's to keep.  What stands
 * behind a pause in a number is dialled later: it is `Dialled` in data.other.
 */
bool contact_email(struct contact *c, struct str raw, bool primary);
bool contact_tel(struct contact *c, struct str raw, bool primary);
/* A number as digits where a spreadsheet wrote it as a fraction. */
struct str contact_number(struct contact *c, struct str s);
/* scheme:value, where value has something in it. */
void contact_uri(struct contact *c, const char *scheme, struct str value);
/* The country that numbers without a country code are of, as ISO 3166. */
void contact_region(struct contact *c, struct str country);
/* The address of this group, made where there is none; a new one for
 * STR_NONE. */
struct contact_address *contact_address(struct contact *c, struct str group);
void contact_other(struct contact *c, struct str name, struct str value);
/*
 * Writes the record.  Where the message has no channel, native id or time
 * yet, they are `form`, content (the same gives the same id), and the time of
 * the last change.
 * Rejects what names nobody.
 */
enum stage_result
contact_emit(struct contact *c, struct str content, struct err *e);

#endif
