/* What stands in blobs of chat.db. */
#include "source/imessage/imessage.h"
#include "source/imessage/plist.h"
#include "tap.h"

/* A slice over a literal with NULs in it. */
#define BYTES(s) str_make(s, sizeof(s) - 1)

#define HEAD "\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84"
#define PLAIN                                                             \
	HEAD "\x12NSAttributedString\0\x84\x84\x08NSObject\0\x85\x92\x84" \
	     "\x84\x84\x08NSString\x01\x94\x84\x01+"

static void
is_text(struct str bytes, const char *want, const char *what)
{
	struct str got = typedstream_text(bytes);

	ok(want == NULL ? got.p == NULL : str_is(got, want), what);
}

static void
streams(void)
{
	static const char mutable[] = HEAD
	    "\x19NSMutableAttributedString\0\x84\x84\x12NSAttributedString\0"
	    "\x84\x84\x08NSObject\0\x85\x92\x84\x84\x84\x0fNSMutableString\x01"
	    "\x84\x84\x08NSString\x01\x95\x84\x01+\x02Hi\x86";
	static const char big[] =
	    "\x04\x0btypedstream\x81\x03\xe8\x84\x01@\x84\x84\x84\x08NSString"
	    "\x01\x84\x84\x08NSObject\0\x85\x84\x01+\x81\0\x02Hi\x86";
	static const char others[] =
	    "\x04\x0bstreamtyped\x81\xe8\x03\x84\x0e{a=i[3c][2i]f}\x05"
	    "abc\x01\x82\1\0\0\0\x83\0\0\0\0\x84\x02*d\x84\x03xyz\x83\0\0\0\0"
	    "\0\0\0\0\x84\x01+\x02Hi";

	is_text(BYTES(PLAIN "\x04Hola\x86"), "Hola", "a string");
	is_text(
	    BYTES(PLAIN "\x81\x05\0Hola!"), "Hola!", "a length of two bytes");
	is_text(BYTES(PLAIN "\x82\x05\0\0\0Hola!"), "Hola!", "of four");
	is_text(BYTES(PLAIN "\0\x86"), "", "an empty one");
	is_text(BYTES(mutable), "Hi", "one that can be changed");
	is_text(BYTES(big), "Hi", "big-endian");
	is_text(BYTES(others), "Hi", "behind values of other types");
	is_text(BYTES(PLAIN "\x05Hola"), NULL, "one that is cut off");
	is_text(BYTES(PLAIN "\x82\xff\xff\xff\xffHola"), NULL,
	    "a length beyond all");
	is_text(BYTES(HEAD), NULL, "nothing behind the head");
	is_text(STR("bplist00"), NULL, "another format");
	is_text(STR_NONE, NULL, "nothing");
}

/* {"a":[1,2.5],"b":data 1 byte,"c":itself} */
static const char list[] = "bplist00"
			   "\xd3\x01\x02\x03\x04\x05\x00" /* 8: dict */
			   "\x51"
			   "a" /* 15 */
			   "\x51"
			   "b" /* 17 */
			   "\x51"
			   "c" /* 19 */
			   "\xa2\x06\x07" /* 21: list */
			   "\x41x" /* 24: data */
			   "\x10\x01" /* 26: 1 */
			   "\x23\x40\x04\0\0\0\0\0\0" /* 28: 2.5 */
			   "\x08\x0f\x11\x13\x15\x18\x1a\x1c" /* 37 */
			   "\0\0\0\0\0\0\x01\x01"
			   "\0\0\0\0\0\0\0\x08"
			   "\0\0\0\0\0\0\0\0"
			   "\0\0\0\0\0\0\0\x25";

static void
lists(void)
{
	struct plist p;
	uint64_t a;
	double d = 0;

	is_int(plist_open(&p, BYTES(list)), 0, "a property list");
	a = plist_get(&p, plist_top(&p), "a");
	is_int(plist_number(&p, plist_at(&p, a, 0, NULL), &d), 0, "a number");
	ok(d == 1, "  which is whole");
	is_int(plist_number(&p, plist_at(&p, a, 1, NULL), &d), 0, "another");
	ok(d == 2.5, "  which is not");
	ok(plist_at(&p, a, 2, NULL) == PLIST_NONE, "the list's end");
	is_str(plist_bytes(&p, plist_get(&p, plist_top(&p), "b")), "x", "data");
	ok(plist_get(&p, plist_top(&p), "c") == plist_top(&p),
	    "what holds itself");
	ok(plist_get(&p, plist_top(&p), "d") == PLIST_NONE, "no such key");
	ok(plist_get(&p, a, "a") == PLIST_NONE, "a list has no keys");
	is_int(plist_number(&p, a, &d), -1, "a list is no number");
	is_int(plist_open(&p, STR("bplist00")), -1, "one that is cut off");
	for (size_t n = 0; n < sizeof(list) - 1; n++)
		if (plist_open(&p, str_make(list, n)) == 0)
			(void)plist_get(&p, plist_top(&p), "a");
	ok(true, "nor does one do harm");
}

int
main(void)
{
	streams();
	lists();
	return done();
}
