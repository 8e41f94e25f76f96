#ifndef KITH_SOURCE_CLOCK_DAYHALF_H
#define KITH_SOURCE_CLOCK_DAYHALF_H
/*
 * Which half of the day a word beside a time means, in the languages of phones
 * and of mail programs: "PM", "p. m.", "오후", "下午".
 */
#include "core/str.h"

struct dayhalf {
	/* 'a' before noon, 'p' behind it, 'n' around noon, 'e' at night; ' '
	 * says nothing; 0: no such word */
	char half;
	bool year_first; /* who says so writes the year before the month */
};

/* word: without dots, blanks and marks, ASCII in lower case; empty says
 * nothing.  before: it stands before the time, else behind. */
struct dayhalf dayhalf_of(struct str word, bool before);
/* The hour of 24 of an hour with such a half. */
int dayhalf_hour(int hour, char half);

#endif
