#ifndef KITH_SOURCE_TABLE_COLUMNS_H
#define KITH_SOURCE_TABLE_COLUMNS_H
/*
 * What the columns of a table of people are called, in the languages and
 * spellings of the programs that export them: words/columns, whose sections
 * bear the names of these kinds.
 */
#include "core/arena.h"

enum column_kind {
	COLUMN_OTHER, /* of no kind that is known */
	COLUMN_NAME,
	COLUMN_NAME_OR_GIVEN, /* "nombre": with surnames beside it, given */
	COLUMN_FILE_AS, /* a name where there is no better */
	COLUMN_PREFIX,
	COLUMN_GIVEN,
	COLUMN_MIDDLE,
	COLUMN_FAMILY,
	COLUMN_SUFFIX,
	COLUMN_NICKNAME,
	COLUMN_EMAIL,
	COLUMN_EMAIL_LABEL,
	COLUMN_TEL,
	COLUMN_TEL_LABEL,
	COLUMN_CUSTOMER, /* the number that we know a customer by */
	COLUMN_ORG,
	COLUMN_TITLE,
	COLUMN_TITLE_OR_PREFIX, /* "title": beside "job title" no job's */
	COLUMN_DEPARTMENT,
	COLUMN_ADDRESS_LABEL,
	COLUMN_ADDRESS, /* formatted, or its street */
	COLUMN_STREET,
	COLUMN_CITY,
	COLUMN_REGION,
	COLUMN_CODE,
	COLUMN_COUNTRY,
	COLUMN_BIRTHDAY,
	COLUMN_NOTE,
	COLUMN_LABELS,
	COLUMN_URL,
	COLUMN_LANGUAGE,
	COLUMN_CREATED,
	COLUMN_UPDATED,
	COLUMN_SHOPIFY, /* only its tables of customers call one so */
	COLUMN_FORM, /* only tables of what people typed into a form */
	COLUMN_IGNORED, /* "Address 1 - Type" */
	COLUMN_HOUSE, /* the number of it */
	COLUMN_IDENT, /* a number that an office gave */
	COLUMN_GENDER,
	COLUMN_CATEGORY,
	COLUMN_ROW, /* tells rows apart, not people */
	COLUMN_BIRTH_YEAR,
	COLUMN_BIRTH_MONTH,
	COLUMN_BIRTH_DAY,
	COLUMN_BIRTH_PLACE,
	COLUMN_FOREIGN, /* what tables of messages or orders have */
};

struct column {
	enum column_kind kind;
	unsigned number; /* "E-mail 2 - Value" */
	unsigned line; /* "Address 2" */
	struct str group; /* which of several: "home", "2"; "" */
};

/* name is UTF-8; group lives in the arena. */
struct column column_of(struct str name, struct arena *a);

#endif
