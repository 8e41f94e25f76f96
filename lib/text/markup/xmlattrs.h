#ifndef KITH_TEXT_MARKUP_XMLATTRS_H
#define KITH_TEXT_MARKUP_XMLATTRS_H
/*
 * How many attributes an element has, before libxml2 is asked: that compares
 * each with each, so that one element of a few megabytes takes hours.
 */
#include <stdbool.h>

#include "core/str.h"

/*
 * Has no element of these bytes more than max attributes?  Linear; where nearly
 * all bytes are values, one look at each.  Bytes whose tags cannot be told for
 * sure (comments, CDATA, declarations, a quote that stays open) may have 8 * max
 * in all.
 */
bool xml_attrs_within(struct str s, size_t max);

#endif
