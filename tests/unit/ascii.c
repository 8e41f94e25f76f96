#include "core/text/ascii.h"

#include <ctype.h>

#include "tap.h"

/* In the C locale the library's classes are ASCII's. */
int
main(void)
{
	bool digits = true, letters = true, cases = true, spaces = true,
	     hex = true, controls = true;

	for (int i = 0; i < 256; i++) {
		char c = (char)i;
		int digit = i < 128 && isxdigit(i)
				? isdigit(i) ? i - '0' : tolower(i) - 'a' + 10
				: -1;

		digits = digits && ascii_is_digit(c) == !!isdigit(i);
		letters = letters && ascii_is_letter(c) == !!isalpha(i) &&
			  ascii_is_upper(c) == !!isupper(i) &&
			  ascii_is_lower(c) == !!islower(i) &&
			  ascii_is_alnum(c) == !!isalnum(i);
		cases = cases && ascii_lower(c) == (char)tolower(i) &&
			ascii_upper(c) == (char)toupper(i);
		spaces = spaces && ascii_is_space(c) == !!isspace(i) &&
			 ascii_is_blank(c) == !!isblank(i);
		controls = controls && ascii_is_control(c) == !!iscntrl(i);
		hex = hex && ascii_hex(c) == digit;
		if (digit >= 0)
			hex = hex && tolower(i) == ASCII_HEX_LOWER[digit] &&
			      toupper(i) == ASCII_HEX_UPPER[digit];
	}
	ok(digits, "digits");
	ok(letters, "letters, upper and lower");
	ok(cases, "to lower and to upper case");
	ok(spaces, "blanks and white space");
	ok(controls, "controls");
	ok(ascii_is_in(']', "[]") && ascii_is_in('[', "[]") &&
		!ascii_is_in('(', "[]") && !ascii_is_in('\0', "[]") &&
		!ascii_is_in('a', ""),
	    "one of a set, to which NUL never belongs");
	ok(hex, "hexadecimal digits both ways");
	return done();
}
