/* mrkdwn and blocks as people read them. */
#include "source/slack/text.h"

#include "tap.h"

static struct str
user(void *arg, struct str id)
{
	(void)arg;
	return str_is(id, "U0ANA0001") ? STR("Ana *R*") : STR_NONE;
}

static struct str
channel(void *arg, struct str id)
{
	(void)arg;
	return str_is(id, "C0SUPPORT") ? STR("support") : STR_NONE;
}

static const struct slack_names names = { user, channel, NULL };
static const struct slack_names nobody;

static void
reads(const char *mrkdwn, const char *want)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	slack_mrkdwn(str_of(mrkdwn), &names, &out);
	is_str(buf_str(&out), want, mrkdwn);
	buf_release(&out);
}

static void
test_sequences(void)
{
	reads("", "");
	reads("hi <@U0ANA0001>!", "hi @Ana *R*!");
	reads("<@U0BOB0001|bob &amp; co>", "@bob & co");
	reads("<#C0SUPPORT> <#C0OTHER01|o>", "#support #o");
	reads("<!here|here> <!subteam^S1^x>", "@here @S1");
	reads("<https://a.example/_x_*y*>", "https://a.example/_x_*y*");
	reads("*<https://a.example|l*bel>*", "l*bel (https://a.example)");
	reads("<mailto:a@b.example|A@b.example>", "A@b.example");
	reads("<tel:+4930|+49-30> <tel:+4930>", "+49-30 +4930");
	reads("<", "<");
	reads("<>", "<>");
	reads("<|x>", "x");
	reads("<@", "<@");
}

static void
test_marks(void)
{
	reads("*a* _b_ ~c~ `d`", "a b c d");
	reads("*a _b_ c*", "a b c");
	reads("_*~a~*_", "a");
	reads("a*b* *c*d", "a*b* *c*d");
	reads("* a * b", "* a * b");
	reads("*a\n*b", "*a\n*b");
	reads("`*a*` *`b`*", "*a* b");
	reads("```a\n*b*```", "a\n*b*");
	reads("x ```\na\n``` y", "x \na\n y");
	reads("**a**", "**a**");
	reads("2*3*4", "2*3*4");
	reads("ñ*a*", "ñ*a*");
	reads("*ñ*", "ñ");
}

static void
test_entities(void)
{
	reads("&amp;lt; &lt;x&gt; &copy; &", "&lt; <x> &copy; &");
	reads("&gt; quoted", "> quoted");
}

static void
test_mentions(void)
{
	struct str rest = STR("<@U0A> <@W0B|b> <@x> <@U0> <@U0C");

	is_str(slack_mention(&rest), "U0A", "a mention");
	is_str(slack_mention(&rest), "W0B", "with a label");
	is_str(slack_mention(&rest), "U0C", "not closed, but still an id");
	is_str(slack_mention(&rest), NULL, "no more");
	ok(slack_is_user(STR("U02ABC")), "a user's id");
	ok(!slack_is_user(STR("U02abc")), "no small letters");
	ok(!slack_is_user(STR("C02ABC")), "a channel's is none");
}

/* What costs the square of its length would take minutes here. */
static void
test_linear(void)
{
	static const char *const bits[] = { "<", "*", "_a ", "```", "`x ", "<@",
		"*<", "&", "<x|", "~a~ ", "`` ", "\n*", "<\n" };
	struct buf text, out;

	buf_init(&text, 64 << 20);
	buf_init(&out, 256 << 20);
	for (size_t k = 0; k < sizeof(bits) / sizeof(bits[0]); k++) {
		buf_reset(&text);
		buf_reset(&out);
		while (text.n < 2 << 20)
			buf_add_z(&text, bits[k]);
		slack_mrkdwn(buf_str(&text), &nobody, &out);
		ok(out.n > 0, "two megabytes of nothing but marks");
	}
	buf_release(&text);
	buf_release(&out);
}

static void
blocks(const char *json, const char *want)
{
	struct json_doc *d = json_doc_new();
	struct arena a = { 0 };
	struct json root;
	struct buf out;
	struct err e;

	buf_init(&out, 1 << 20);
	ok(json_parse_copy(d, str_of(json), &root, &e) == 0, "blocks parse");
	slack_blocks(root, &names, &a, &out);
	is_str(buf_str(&out), want, json);
	buf_release(&out);
	arena_release(&a);
	json_doc_free(d);
}

static void
test_blocks(void)
{
	blocks("[]", "");
	blocks("{}", "");
	blocks("[1,null,{\"type\":7}]", "");
	blocks("[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\","
	       "\"text\":\"*a* <@U0ANA0001>\"}}]",
	    "a @Ana *R*");
	blocks("[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\","
	       "\"text\":\"*a*\"}}]",
	    "*a*");
	blocks("[{\"type\":\"rich_text\",\"elements\":["
	       "{\"type\":\"rich_text_list\",\"style\":\"ordered\","
	       "\"elements\":[{\"type\":\"rich_text_section\",\"elements\":"
	       "[{\"type\":\"text\",\"text\":\"one\"}]}]},"
	       "{\"type\":\"rich_text_quote\",\"elements\":"
	       "[{\"type\":\"text\",\"text\":\"q\"}]}]}]",
	    "1. one\n> q\n");
}

int
main(void)
{
	test_sequences();
	test_marks();
	test_entities();
	test_mentions();
	test_linear();
	test_blocks();
	return done();
}
