#ifndef KITH_SOURCE_VCARD_VCARD_H
#define KITH_SOURCE_VCARD_VCARD_H
/*
 * vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) as programs write it: vcard.c
 * cuts files into cards, vcardtext.c takes a card apart, vcardnorm.c says who
 * it is.
 */
#include "core/arena.h"
#include "core/text/contentline.h"
#include "source/item.h"

enum {
	VCARD_PARAMS = 32, /* parameters of a property; more are left out */
	VCARD_PARTS = 16, /* parts of a structured value */
};

struct vcard_param {
	struct str name, value; /* name is absent for a bare TYPE */
};

struct vcard_property {
	struct str group, name; /* as written */
	struct vcard_param params[VCARD_PARAMS];
	size_t param_n;
	struct str value; /* unfolded; in UTF-8, still escaped */
	bool binary; /* base64 or the like */
};

/* The walk over a card's lines. */
struct vcard {
	struct content lines;
	struct arena *a;
	bool old; /* 2.1: folding keeps the blank */
	bool fold_soft; /* a soft break has the blank of a fold behind it */
	/* What the lines that were read show of that. */
	bool in_character;
	unsigned soft_blank, soft_plain;
};

/* text is in UTF-8, or bytes of which every property is decoded. */
void vcard_begin(struct vcard *c, struct str text, struct arena *a);
/* False at the end; a line that belongs to no property comes as LINE. */
bool vcard_next(struct vcard *c, struct vcard_property *p);

bool vcard_is(const struct vcard_property *p, const char *name);
/* Has a TYPE of this name, bare or not, in whichever case? */
bool vcard_has_type(const struct vcard_property *p, const char *type);
/* Marked as the one to use: PREF, type=pref, PREF=1. */
bool vcard_preferred(const struct vcard_property *p);
/* A value without its escapes. */
struct str vcard_text(struct str value, struct arena *a);
/* The parts of a structured value, unescaped; how many there are. */
size_t vcard_split(
    struct str value, char sep, struct arena *a, struct str *out, size_t max);

/*
 * For cards in other writings, which are made into lines of vCard 4.0 first: a
 * value, or a part of one, with its escapes; and the contact of such a card,
 * which must not live in n->message's arena.
 */
void vcard_escape(struct buf *out, struct str value);
/* ";NAME=value", in quotes where it needs them. */
void vcard_add_param(struct buf *out, struct str name, struct str value);
/* "GROUP.NAME" in capitals; false where it is no name of a property. */
bool vcard_add_name(struct buf *out, struct str group, struct str name);
enum stage_result
vcard_contact(struct normalize *n, struct str text, bool cut, struct err *e);

enum stage_result
vcard_normalize(struct normalize *n, struct json native, struct err *e);

#endif
