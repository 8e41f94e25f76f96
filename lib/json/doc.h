#ifndef KITH_JSON_DOC_H
#define KITH_JSON_DOC_H
/*
 * What json.c, which makes the index of a document, and value.c, which reads
 * it, share.
 */
#include "core/text/ascii.h"
#include "json/json.h"
#include "json/simd.h"

/* What JSON takes for white space. */
static inline bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The 16 bits that four hex digits say, or -1. */
static inline int32_t
hex4(const char *p)
{
	int32_t v = 0;

	for (int i = 0; i < 4; i++) {
		int digit = ascii_hex(p[i]);

		if (digit < 0)
			return -1;
		v = v * 16 + digit;
	}
	return v;
}

/* The string's or scalar's bytes at entry i: up to the next one, without the
 * white space between. */
static inline struct str
scalar(const struct json_doc *d, uint32_t i)
{
	const char *p = d->text + d->at[i], *end = d->text + d->at[i + 1];

	while (is_space(end[-1]))
		end--;
	return str_make(p, (size_t)(end - p));
}

/* The content of the string at entry i as it is written: its closing quote
 * is the last one before the next entry. */
static inline struct str
content(const struct json_doc *d, uint32_t i)
{
	const char *p = d->text + d->at[i] + 1, *end = d->text + d->at[i + 1];

	while (*--end != '"')
		;
	return str_make(p, (size_t)(end - p));
}

static inline bool
opens(char c)
{
	return c == '{' || c == '[';
}

/* The entry behind the value at entry i: a comma's or a closing one. */
static inline uint32_t
behind(const struct json_doc *d, uint32_t i)
{
	return (opens(d->text[d->at[i]]) ? d->skip[i] : i) + 1;
}

#endif
