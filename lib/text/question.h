#ifndef KITH_TEXT_QUESTION_H
#define KITH_TEXT_QUESTION_H
/*
 * Is something asked in a text, by the question marks of any script?  Greek has
 * a semicolon for one.  Scripts without one (Thai, Lao) are not told.
 */
#include "core/str.h"

bool text_has_question(struct str s);

#endif
