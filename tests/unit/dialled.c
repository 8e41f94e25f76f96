#include "recall/dialled.h"

#include "tap.h"

static struct arena a;

/* Is it among the sure ones, among the guesses, or none? */
static const char *
place(const char *typed, const char *region, const char *e164)
{
	struct dialled d;

	dialled_read(str_of(typed), region, &a, &d);
	for (size_t i = 0; i < d.n; i++)
		if (str_is(d.v[i], e164))
			return i < d.sure ? "sure" : "guess";
	return "none";
}

static void
sure(const char *typed, const char *region, const char *e164)
{
	is_str(str_of(place(typed, region, e164)), "sure", typed);
}

static void
guess(const char *typed, const char *region, const char *e164)
{
	is_str(str_of(place(typed, region, e164)), "guess", typed);
}

static void
none(const char *typed, const char *region, const char *e164)
{
	is_str(str_of(place(typed, region, e164)), "none", typed);
}

static void
countries(void)
{
	sure("02 5551 2345", "IT", "+390255512345");
	sure("+39 (0)2 5551 2345", NULL, "+390255512345");
	sure("347 555 1234", "IT", "+393475551234");
	sure("(21) 9 7654-3210", "BR", "+5521976543210");
	sure("(21) 7654-3210", "BR", "+5521976543210");
	sure("0 21 21 97654-3210", "BR", "+5521976543210");
	sure("021 3333-4444", "BR", "+552133334444");
	sure("011 15-2345-6789", "AR", "+541123456789");
	sure("+54 9 11 2345-6789", NULL, "+541123456789");
	sure("0351 15-234-5678", "AR", "+543512345678");
	sure("045 55 1234 5678", "MX", "+525512345678");
	sure("+52 1 55 1234 5678", NULL, "+525512345678");
	sure("1-800-555-0199", "US", "+18005550199");
	sure("(800) 555-0199", "CA", "+18005550199");
	sure("8 (495) 555-12-34", "RU", "+74955551234");
	sure("8-029-555-12-34", "BY", "+375295551234");
	sure("06 1 555 1234", "HU", "+3615551234");
	sure("020 7946 0958", "GB", "+442079460958");
	sure("07 07 55 12 34", "CI", "+2250707551234");
	sure("91 555 12 34", "ES", "+34915551234");
	sure("03-5555-1234", "JP", "+81355551234");
}

static void
writings(void)
{
	sure("(+49) 171 2345678", NULL, "+491712345678");
	sure("+49 (0)171 2345678", NULL, "+491712345678");
	sure("\xe2\x80\xaa+49 171 2345678\xe2\x80\xac", NULL, "+491712345678");
	sure("+49\xc2\xa0"
	     "171\xe2\x80\x91"
	     "2345678",
	    NULL, "+491712345678");
	sure("+49 171 2345678 ext. 12", NULL, "+491712345678");
	sure("tel:+49-171-2345678;ext=7", NULL, "+491712345678");
	sure("\xef\xbc\x90\xef\xbc\x93-5555-1234", "JP", "+81355551234");
	sure("011 49 171 2345678", "US", "+491712345678");
	sure("8 10 49 171 2345678", "RU", "+491712345678");
	sure("0011 49 171 2345678", "AU", "+491712345678");
	sure("00 15 49 171 2345678", "BR", "+491712345678");
	sure("49 171 2345678", "DE", "+491712345678");
	none("+49 171 2345678 nobody", NULL, "+491712345678");
	none("1234", "DE", "+491234");
}

static void
others(void)
{
	guess("0171 2345678", NULL, "+491712345678");
	guess("079 555 12 34", "DE", "+41795551234");
	guess("8 (495) 555-12-34", "DE", "+74955551234");
	sure("1-212-555-0199", "DE", "+12125550199");
	guess("02 5551 2345", "DE", "+390255512345");
	none("06221 12345", "DE", "+4922112345");
	none("+44 171 2345678", "DE", "+491712345678");
	none("0123", NULL, "+49123");
}

int
main(void)
{
	countries();
	writings();
	others();
	arena_release(&a);
	return done();
}
