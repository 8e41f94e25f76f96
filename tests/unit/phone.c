#include "text/phone.h"

#include "tap.h"

static void
number(const char *raw, const char *region, const char *want)
{
	char out[PHONE_SIZE] = "";
	bool good = phone_e164(str_of(raw), region, out);

	is_str(good ? str_of(out) : STR_NONE, want, raw);
}

int
main(void)
{
	char region[PHONE_REGION];

	number("+4930123456", NULL, "+4930123456");
	number("+49 30 12 34 56", NULL, "+4930123456");
	number("+49 (0)30 123456", NULL, "+4930123456");
	number("030 123456", "DE", "+4930123456");
	number("030 123456", NULL, NULL);
	number("0049 30 123456", "DE", "+4930123456");
	number("0049 30 123456", NULL, "+4930123456");
	number("011 49 30 123456", "US", "+4930123456");
	number("(212) 555-0123", "US", "+12125550123");
	number("tel:+1-212-555-0123", NULL, "+12125550123");
	number("tel:+1-212-555-0123;ext=5", NULL, "+12125550123");
	number("22000", "US", NULL);
	number("AMAZON", "US", NULL);
	number("anonymous", "DE", NULL);
	number("", "DE", NULL);
	number("+", "DE", NULL);
	number("+123456789012345678", "DE", NULL);
	number("\xef\xbc\x8b\xef\xbc\x94\xef\xbc\x99 30 123456", NULL,
	    "+4930123456");
	number("030 123456", "DE", "+4930123456");
	/* E.164 that lost its plus. */
	number("4915112345678", "DE", "+4915112345678");
	number("4915112345678", NULL, "+4915112345678");
	number("4915112345678", "US", "+4915112345678");
	number("4930123456", "DE", "+4930123456");
	number("5541987991234", "BR", "+5541987991234");
	number("51987654321", "BR", "+5551987654321");
	number("005541987991234", "BR", "+5541987991234");
	number("00 15 49 30 123456", "BR", "+4930123456");
	number("044 55 1234 5678", "MX", "+525512345678");
	number("045-55-12345678", "MX", "+525512345678");
	number("01 55 1234 5678", "MX", "+525512345678");
	number("390669812345", "IT", "+390669812345");
	number("3931234567", "IT", "+393931234567");
	number("919876543210", "IN", "+919876543210");
	number("9198765432", "IN", "+919198765432");
	number("79161234567", "RU", "+79161234567");
	number("14155550123", "DE", "+14155550123");
	number("4155550123", NULL, NULL);
	number("99912345678", NULL, NULL);
	ok(phone_is_e164(STR("+4930123456")), "E.164 is");
	ok(!phone_is_e164(STR("+0930123456")), "no country begins with 0");
	ok(!phone_is_e164(STR("+49 30123456")), "no spaces");
	ok(phone_region_known("AT"), "a region");
	ok(!phone_region_known("XX"), "no region");
	is_str(str_of(phone_region(STR("+4930123456"), region)), "DE",
	    "whose number");
	is_str(str_of(phone_region(STR("+80012345678"), region)), "",
	    "nobody's in particular");
	return done();
}
