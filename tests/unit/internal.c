/* Words that stay in the house. */
#include "reply/internal.h"

#include "json/write.h"
#include "tap.h"
#include "text/unicode.h"

static const char note[] =
    "OK.\nShe is a known troublemaker. Be brief!\napproved\n"
    "https://shop.example/orders/4711/track\n"
    "\xe5\xbd\xbc\xe5\xa5\xb3\xe3\x81\xaf\xe5\xb8\xb8\xe7\xbf\x92"
    "\xe3\x82\xaf\xe3\x83\xac\xe3\x83\xbc\xe3\x83\x9e\xe3\x83\xbc"
    "\xe3\x81\xa7\xe3\x81\x99\xe3\x80\x82\xe7\x9f\xad\xe3\x81\x8f\xe3\x80\x82"
    "\nAs we said";

static const struct {
	const char *draft;
	bool quotes;
	const char *what;
} drafts[] = {
	{ "You: she is  a known\nTROUBLEMAKER, they say.", true, "a sentence" },
	{ "OK, approved.", false, "short lines are nobody's" },
	{ "Be brief!", false, "two words" },
	{ "See https://shop.example/orders/4711/track", false,
	    "an address is one word" },
	{ "As we said, it left.", true, "three words" },
	{ "Gas we saiditch", false, "but not within words" },
	{ "Gas we said. As we said.", true, "at the second place" },
	{ "\xe3\x80\x8c\xe5\xbd\xbc\xe5\xa5\xb3\xe3\x81\xaf\xe5\xb8\xb8\xe7\xbf"
	  "\x92\xe3\x82\xaf\xe3\x83\xac\xe3\x83\xbc\xe3\x83\x9e\xe3\x83\xbc\xe3"
	  "\x81\xa7\xe3\x81\x99\xe3\x80\x8d",
	    true, "a sentence without blanks" },
	{ "\xe7\x9f\xad\xe3\x81\x8f\xe3\x80\x82", false, "a short one" },
	{ "", false, "nothing" },
};

static void
quotes(void)
{
	for (size_t i = 0; i < sizeof(drafts) / sizeof(*drafts); i++)
		is_int(internal_quotes(str_of(drafts[i].draft), str_of(note)),
		    drafts[i].quotes, drafts[i].what);
	ok(!internal_quotes(STR("OK"), STR("ok")), "a note that is one word");
	ok(!internal_quotes(STR("It is approved."), STR("approved")),
	    "  a longer one");
}

/* The record {"a":[{"a":[ ... inner ... ]}]}, each level one of depth. */
static void
nest(struct buf *out, int depth, const char *inner)
{
	for (int i = 0; i < depth; i++)
		buf_add_z(out, i % 2 == 0 ? "{\"a\":" : "[");
	buf_add_z(out, inner);
	for (int i = depth; i-- > 0;)
		buf_add_z(out, i % 2 == 0 ? "}" : "]");
}

static void
hides(int depth, const char *inner, const char *want, bool hidden,
    const char *what)
{
	struct json_doc *doc = json_doc_new();
	struct buf text, out, right;
	struct json v;
	struct err e;

	buf_init(&text, 1 << 20);
	buf_init(&out, 1 << 20);
	buf_init(&right, 1 << 20);
	nest(&text, depth, inner);
	nest(&right, depth, want);
	ok(json_parse_copy(doc, buf_str(&text), &v, &e) == 0, what);
	is_int(internal_hide(v, false, &out), hidden, "  hidden");
	is_str(buf_str(&out), hidden ? buf_cstr(&right) : "", "  the rest");
	buf_release(&text);
	buf_release(&out);
	buf_release(&right);
	json_doc_free(doc);
}

static void
hidden(void)
{
	static const char letter[] = "{\"text\":\"Hi\",\"note\":\"No\"}";
	static const char bare[] = "{\"text\":\"Hi\"}";

	hides(0, letter, bare, true, "a note");
	hides(0, bare, bare, false, "none");
	hides(9, letter, bare, true, "a note nine deep");
	hides(WRITE_DEPTH - 2, letter, bare, true, "as deep as is looked at");
	hides(WRITE_DEPTH, letter, "null", true, "deeper");
	hides(WRITE_DEPTH, "1", "1", false, "a number as deep");
	hides(10, "[{\"direction\":\"internal\",\"text\":\"No\"},2]", "[2]",
	    true, "a message between us");
	hides(10, "[{\"keywords\":[\"private\"],\"text\":\"No\"},2]", "[2]",
	    true, "a private one");
}

/* Who calls themselves so, whatever is shown of the rest. */
static void
lines(bool all)
{
	static const char given[] =
	    "{\"from\":{\"name\":\"A\\nB\\u0085C\"},\"note\":\"No\",\"subject\":\"x\","
	    "\"text\":\"1\\n2\"}";
	struct json_doc *doc = json_doc_new();
	struct buf out;
	struct json v;
	struct err e;

	buf_init(&out, 1 << 10);
	ok(json_parse_copy(doc, str_of(given), &v, &e) == 0, "a record");
	ok(internal_hide(v, all, &out), "with a name of three lines");
	is_str(buf_str(&out),
	    all ? "{\"from\":{\"name\":\"A B C\"},\"note\":\"No\",\"subject\":"
		  "\"x\",\"text\":\"1\\n2\"}"
		: "{\"from\":{\"name\":\"A B C\"},\"subject\":\"x\",\"text\":"
		  "\"1\\n2\"}",
	    "which is one, and nothing else is touched");
	buf_release(&out);
	json_doc_free(doc);
}

static void
words(void)
{
	is_int((int)unicode_words(STR("")), 0, "no words");
	is_int((int)unicode_words(STR(" - don't, e-mail  me! ")), 3, "three");
	is_int((int)unicode_words(STR("\xe7\x9f\xad")), 1, "one character");
	is_int((int)unicode_words(
		   STR("\xe7\x9f\xad\xe7\x9f\xad\xe7\x9f\xad\xe7\x9f\xad a")),
	    3, "four of Han, and one more");
}

int
main(void)
{
	quotes();
	hidden();
	lines(false);
	lines(true);
	words();
	return done();
}
