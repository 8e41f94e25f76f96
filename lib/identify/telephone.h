#ifndef KITH_IDENTIFY_TELEPHONE_H
#define KITH_IDENTIFY_TELEPHONE_H
/*
 * One telephone, one key.  In three countries the same mobile has two
 * international numbers, an older and a newer or a domestic one, and channels
 * disagree which they give:
 *	Brazil      +55 41 8799-1234, with the ninth digit +55 41 98799-1234
 *		    (Anatel, Resolution 553 of 2010: in use since 2016)
 *	Argentina   +54 11 2345-6789, from abroad +54 9 11 2345-6789
 *	Mexico      +52 55 1234 5678, until 2019 from abroad +52 1 55 1234 5678
 *		    (IFT, in force since 3 August 2019)
 */
#include "core/arena.h"

/*
 * The number that stands for the telephone: an E.164 number (borrowed) itself,
 * or in the arena the form with Brazil's ninth digit, without Argentina's 9,
 * without Mexico's 1.  What is not E.164 comes back as it is.
 */
struct str telephone_key(struct str e164, struct arena *a);

#endif
