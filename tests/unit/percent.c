/* Percent-encoding, and what is none. */
#include "core/text/percent.h"

#include "tap.h"

static void
decodes(const char *text, bool form, const char *want)
{
	char out[64];

	is_str(percent_decode(str_of(text), form, out), want, text);
}

static void
encodes(const char *text, const char *safe, const char *want)
{
	struct buf b;

	buf_init(&b, 256);
	percent_encode(&b, str_of(text), safe);
	is_str(buf_str(&b), want, text);
	buf_release(&b);
}

static void
fields(void)
{
	struct buf b;

	buf_init(&b, 256);
	percent_field(&b, STR("a b"), STR("1&2"));
	percent_field(&b, STR("c"), STR(""));
	is_str(buf_str(&b), "a%20b=1%262&c=", "fields");
	buf_reset(&b);
	buf_add_z(&b, "https://a.example/?");
	percent_field(&b, STR("x"), STR("y"));
	is_str(buf_str(&b), "https://a.example/?x=y", "behind a question");
	buf_release(&b);
}

int
main(void)
{
	fields();
	decodes("", false, "");
	decodes("a%20b%2Fc%c3%A9", false, "a b/c\xc3\xa9");
	decodes("a+b%2B", true, "a b+");
	decodes("a+b", false, "a+b");
	decodes("100%", false, "100%");
	decodes("%2", false, "%2");
	decodes("%zz%%41", false, "%zz%A");
	encodes("az-09", "-", "az-09");
	encodes("a b/\xc3\xa9%", "-._~", "a%20b%2F%C3%A9%25");
	return done();
}
