/* Twice as much text takes all that reads text no more than twice as long. */
#include "doubling.h"

#include <stdlib.h>

#include "core/text/base64.h"
#include "core/text/contentline.h"
#include "core/text/terminal.h"
#include "core/text/utf8.h"
#include "identify/authres.h"
#include "identify/keys.h"
#include "identify/mentions.h"
#include "jq/expr.h"
#include "json/escape.h"
#include "json/write.h"
#include "mail/address.h"
#include "mail/date.h"
#include "mail/encodedword.h"
#include "mail/mime.h"
#include "merge/courtesy.h"
#include "record/consent/consent.h"
#include "record/consent/optout.h"
#include "reply/markdown.h"
#include "route/rules/patterns.h"
#include "source/msg/rtf.h"
#include "source/slack/text.h"
#include "source/whatsapp/whatsapp.h"
#include "text/flowed.h"
#include "text/forward.h"
#include "text/markup/html.h"
#include "text/phone.h"
#include "text/placeholder.h"
#include "text/question.h"
#include "text/regex.h"
#include "text/sms.h"
#include "text/subject.h"
#include "text/trim.h"
#include "text/unicode.h"

/* cmark makes a node of each sign: they stay in a cache. */
enum { MARKDOWN_BYTES = 3 << 10 };

static struct arena a;
static struct buf out = { .max = 256 << 20 };
static struct err e;

/* What runs left behind is no part of the next one's work. */
static void
fresh(void)
{
	arena_reset(&a);
	buf_reset(&out);
}

static void
run_html(struct str s, void *arg)
{
	(void)arg;
	(void)html_to_text(s, &out, &e);
}

static void
run_markdown(struct str s, void *arg)
{
	static const enum markup all[] = { MARKUP_TEXT, MARKUP_SLACK,
		MARKUP_WHATSAPP };

	(void)arg;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		(void)markdown_render(s, all[i], &out, &e);
		markup_escape(s, all[i], &out);
	}
	(void)markdown_is_plain(s);
}

static void
run_trim(struct str s, void *arg)
{
	struct trimmed t;

	text_trim(s, arg != NULL, &a, &t);
}

static void
run_forward(struct str s, void *arg)
{
	struct forward f;

	(void)text_forward(s, arg != NULL, &a, &f);
}

static void
run_mentions(struct str s, void *arg)
{
	struct mention m[MENTIONS_MAX];

	(void)mentions_likely(s, true);
	(void)mentions_find(s, "DE", arg != NULL, m, MENTIONS_MAX, &a);
}

static void
run_addresses(struct str s, void *arg)
{
	struct address_list l = { 0 };

	(void)arg;
	mailaddr_read(s, &a, &l);
}

static void
run_words(struct str s, void *arg)
{
	(void)arg;
	(void)words_decode(s, &a);
	(void)words_parameter(s, "name", &a);
	(void)words_raw_parameter(s, "name", &a);
}

static void
run_dates(struct str s, void *arg)
{
	int64_t t;

	(void)arg;
	(void)mailtime_parse(s, &t);
	(void)mailtime_parse_day(s, &t);
	(void)mailtime_received(s, &t);
}

static void
run_mime(struct str s, void *arg)
{
	struct mime *m = mime_new();

	(void)arg;
	if (mime_parse(m, s, &a, &e) == 0)
		for (size_t i = 0; i < mime_part_count(m); i++) {
			const struct mime_part *p = mime_part(m, i);

			mime_text_decode(p, mime_content(p, &out), &out);
		}
	mime_free(m);
}

static void
run_results(struct str s, void *arg)
{
	struct authres *r = arena_alloc(&a, sizeof(*r));

	(void)arg;
	(void)authres_parse(s, &a, r);
}

static void
run_contentlines(struct str s, void *arg)
{
	struct content c;
	struct str line;

	(void)arg;
	content_init(&c, s, &a, 1 << 20);
	while (content_next(&c, &line))
		(void)content_value(line, content_name(line));
}

static struct str
nobody(void *arg, struct str id)
{
	(void)arg, (void)id;
	return STR_NONE;
}

static void
run_slack(struct str s, void *arg)
{
	const struct slack_names names = { nobody, nobody, NULL };

	(void)arg;
	slack_mrkdwn(s, &names, &out);
	while (slack_mention(&s).p != NULL)
		;
}

static void
run_rtf(struct str s, void *arg)
{
	(void)arg;
	(void)rtf_read(s, &out);
}

static void
run_whatsapp(struct str s, void *arg)
{
	struct whatsapp_line line;
	bool own;

	(void)arg;
	(void)whatsapp_line(s, STR_NONE, &line);
	(void)whatsapp_name(s, &a, &own);
	(void)whatsapp_unmarked(whatsapp_plain(s, &a), &a);
}

static void
run_wishes(struct str s, void *arg)
{
	struct optout o;

	(void)arg;
	optout_read(s, STR_NONE, true, &o);
	(void)courtesy_is_question(s);
	(void)text_has_question(s);
}

static void
run_subject(struct str s, void *arg)
{
	int count;

	(void)arg;
	(void)subject_bare(s, &a, &count);
}

static void
run_keys(struct str s, void *arg)
{
	(void)arg;
	(void)placeholder_is(s);
	(void)key_email(s, &a);
	(void)key_read(s, &a);
	(void)idna_ascii(s, &a);
}

static void
run_sms(struct str s, void *arg)
{
	struct sms sms;

	(void)arg;
	sms_measure(s, &sms);
}

static void
run_unicode(struct str s, void *arg)
{
	(void)arg;
	(void)unicode_fold(s, &a);
	(void)unicode_lower(s, &a);
	(void)unicode_words(s);
	(void)unicode_fit(s, unicode_width(s) / 2);
	(void)charset_guess(s);
	(void)charset_decode(s, STR("windows-1252"), &out);
}

static void
run_written(struct str s, void *arg)
{
	(void)arg;
	json_escape(&out, s);
	html_escape(&out, s);
	terminal_text(&out, s);
	utf8_clean(s, &out);
	flowed_join(s, true, &out);
	enriched_to_text(s, false, &out);
	enriched_to_text(s, true, &out);
}

/* A message that says so: its opt-out, its courtesy, and the words again. */
static void
run_record(struct str s, void *arg)
{
	struct consent_word w;
	struct writer writer;
	static struct buf line = { .max = 256 << 20 };

	buf_reset(&line);
	write_init(&writer, &line);
	write_object(&writer);
	write_member(&writer, "type", STR("message"));
	write_member(&writer, "direction", STR("inbound"));
	write_member(&writer, "channel", STR("sms"));
	write_member(&writer, "text", s);
	write_object_end(&writer);
	if (record_parse(arg, buf_str(&line), &e) != 0)
		return;
	(void)consent_said(arg, &w);
	(void)consent_alone(arg);
	(void)record_courtesy(arg);
}

static void
run_json(struct str s, void *arg)
{
	struct json root, key, value;
	struct json_iter it;

	if (json_parse_copy(arg, s, &root, &e) != 0)
		return;
	it = json_each(root);
	while (json_next(&it, &key, &value))
		(void)json_raw(value);
}

static void
run_patterns(struct str s, void *arg)
{
	utf8_clean(s, &out);
	(void)patterns_scan(arg, buf_str(&out), &e);
	patterns_clear(arg);
}

static void
run_regex(struct str s, void *arg)
{
	struct str groups[REGEX_GROUPS];

	utf8_clean(s, &out);
	(void)regex_find(arg, buf_str(&out), 0, groups);
}

static struct patterns *
patterns(void)
{
	static const char *const words[] = { "cancel*", "*wrote*", "my lawyer",
		"/order\\s+#?\\d{4,}/", "/(a+)+b/", "/\\w+@\\w+/",
		"/k\xc3\xbcndig\\w+/", "/^stop$/", "can*ing", NULL };
	struct patterns *p = patterns_new();

	for (size_t i = 0; words[i] != NULL; i++)
		if (patterns_add(p, str_of(words[i]), &e) < 0)
			printf("# %s\n", e.msg);
	if (patterns_compile(p, &e) < 0)
		printf("# %s\n", e.msg);
	return p;
}

static void
all(const char *name, void (*run)(struct str, void *), void *arg,
    const char *before, const char *behind)
{
	const struct doubling d = { name, run, arg, fresh, before, behind,
		run == run_markdown ? MARKDOWN_BYTES : 0 };

	doubling(&d, doubling_units);
}

int
main(void)
{
	struct record *record = record_new();
	struct json_doc *doc = json_doc_new();
	struct patterns *p = patterns();
	struct regex *x = regex_new(STR("order\\s+#?(\\d+)|(a+)+b"), &e);
	bool yes = true;

	all("html to text", run_html, NULL, NULL, NULL);
	all("markdown", run_markdown, NULL, NULL, NULL);
	all("trimming", run_trim, NULL, "Yes.\n", NULL);
	all("trimming an answer", run_trim, &yes, NULL, "\nAnna\n");
	all("a forwarded mail", run_forward, NULL, NULL, NULL);
	all("what is said to be one", run_forward, &yes, NULL, NULL);
	all("mentions", run_mentions, NULL, NULL, NULL);
	all("mentions of a signature", run_mentions, &yes, NULL, NULL);
	all("lists of addresses", run_addresses, NULL, NULL, NULL);
	all("one that ends in an address", run_addresses, NULL, NULL,
	    " a@b.example");
	all("words of header fields", run_words, NULL, NULL, NULL);
	all("parameters", run_words, NULL, "a; name=", NULL);
	all("dates", run_dates, NULL, NULL, NULL);
	all("a mail's header", run_mime, NULL, "From: a@b.example\n", NULL);
	all("a mail's parts", run_mime, NULL,
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n", NULL);
	all("results of servers", run_results, NULL, "a; ", NULL);
	all("lines of cards", run_contentlines, NULL, NULL, NULL);
	all("a card's value", run_contentlines, NULL, "NOTE;", NULL);
	all("Slack's text", run_slack, NULL, NULL, NULL);
	all("RTF", run_rtf, NULL, "{\\rtf1 ", NULL);
	all("HTML in RTF", run_rtf, NULL, "{\\rtf1\\fromhtml1 \\'e4", "}");
	all("WhatsApp's line", run_whatsapp, NULL, "1/2/24, 10:00 - ", NULL);
	all("wishes and questions", run_wishes, NULL, NULL, NULL);
	all("subjects", run_subject, NULL, NULL, NULL);
	all("keys", run_keys, NULL, NULL, NULL);
	all("SMS", run_sms, NULL, NULL, NULL);
	all("Unicode", run_unicode, NULL, NULL, NULL);
	all("what is written", run_written, NULL, NULL, NULL);
	all("a record's words", run_record, record, NULL, NULL);
	all("JSON", run_json, doc, "[", NULL);
	all("patterns of rules", run_patterns, p, NULL, NULL);
	all("an expression", run_regex, x, NULL, NULL);
	regex_free(x);
	patterns_free(p);
	json_doc_free(doc);
	record_free(record);
	return done();
}
