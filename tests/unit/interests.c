#include "recall/interests.h"

#include "tap.h"

static struct interests t;
static struct interest_scratch s;
static struct buf out;

#define HALF_LIFE (10 * TIME_DAY)

static void
saw(const char *page, const char *sku, int64_t day)
{
	struct visit v = { .page = str_of(page) };

	if (sku != NULL) {
		v.product = str_of(page);
		v.sku = str_of(sku);
	}
	interests_visit(&t, &v, STR("web"), day * TIME_DAY, HALF_LIFE, &s);
}

static void
ordered(const char *item, const char *sku, bool gone, int64_t day)
{
	struct order o = { .n = 1, .gone = gone };

	o.items[0].name = str_of(item);
	o.items[0].sku = str_of(sku);
	interests_order(&t, &o, STR("LB-1"), day * TIME_DAY, &s);
}

/* One of the first interest's members, or of the n-th. */
static struct str
told(int64_t day, const char *member, size_t n)
{
	static struct json_doc *doc;
	static struct arena a;
	struct writer w;
	struct json root;
	struct err e;

	if (doc == NULL)
		doc = json_doc_new();
	if (member == NULL) {
		json_doc_free(doc);
		arena_release(&a);
		doc = NULL;
		return STR_NONE;
	}
	buf_reset(&out);
	write_init(&w, &out);
	write_object(&w);
	interests_write(&t, day * TIME_DAY, HALF_LIFE, &w);
	write_object_end(&w);
	if (json_parse(doc, buf_str(&out), &root, &e) != 0)
		return str_of("no JSON");
	root = json_get(json_at(json_get(root, "interests"), n), member);
	return json_type(root) == JSON_STRING ? json_str(root, &a)
					      : json_raw(root);
}

static void
fading(void)
{
	saw("Basketball hoops | Lumen", NULL, 0);
	is_str(told(0, "topic", 0), "Basketball hoops", "a page's title");
	is_str(told(0, "weight", 0), "1", "a visit weighs 1");
	is_str(told(10, "weight", 0), "0.5", "half after a half-life");
	saw("basketball hoop", NULL, 10);
	is_str(told(10, "weight", 0), "1.5", "the same words, the same topic");
	is_str(told(10, "count", 0), "2", "seen twice");
	interests_spoken(&t, STR("Which HOOP?"), STR("for basketball"),
	    STR("sms"), 10 * TIME_DAY, HALF_LIFE, &s);
	is_str(told(10, "weight", 0), "2.5", "who speaks of it is interested");
	is_str(told(10, "channels", 0), "[\"web\",\"sms\"]", "on two channels");
	interests_spoken(&t, STR("a hoop"), STR_NONE, STR("sms"), 10 * TIME_DAY,
	    HALF_LIFE, &s);
	is_str(told(10, "weight", 0), "2.5", "half of the words are not it");
	is_str(told(100, "topic", 0), NULL, "in time it is forgotten");
	saw("My account", NULL, 10);
	saw("Cart", NULL, 10);
	is_str(told(10, "topic", 1), NULL, "pages that everybody passes");
	interests_release(&t);
}

static void
settling(void)
{
	saw("Dynamo light Nova", "S-1", 0);
	ordered("Front light, black", "S-2", false, 1);
	is_str(
	    told(1, "settledBy", 0), NULL, "another product settles nothing");
	ordered("Front light, black", "S-1", false, 2);
	is_str(told(2, "settledBy", 0), "LB-1", "the product's SKU does");
	ordered("Front light, black", "S-1", true, 3);
	is_str(told(3, "settledBy", 0), NULL, "a cancelled order opens it");
	ordered("Nova: the dynamo light", "", false, 4);
	is_str(told(4, "settledBy", 0), "LB-1", "so do all of its words");
	saw("Dynamo light Nova", NULL, 5);
	saw("Dynamo light Nova", NULL, 5);
	is_str(told(5, "settledBy", 0), "LB-1", "a look back is no new wish");
	saw("Dynamo light Nova", NULL, 5);
	is_str(told(5, "settledBy", 0), NULL, "three are");
	is_str(told(5, "weight", 0), "3", "which weighs what came after");
	ordered("Dynamo light Nova", "", false, 6);
	saw("Tyres", NULL, 6);
	is_str(told(6, "topic", 0), "Tyres", "open ones are told first");
	is_str(
	    told(6 + 61, "topic", 0), NULL, "settled ones for six half-lives");
	interests_release(&t);
}

static void
many(void)
{
	char page[] = "topic a";

	saw("the lightest", NULL, 0);
	for (int i = 0; i < INTERESTS; i++) {
		page[6] = (char)('b' + i);
		saw(page, NULL, 5);
	}
	is_int((int64_t)t.n, INTERESTS, "so many and no more");
	saw("the lightest", NULL, 5);
	is_str(told(5, "count", 0), "1", "the lightest was forgotten");
	is_str(told(5, "topic", INTERESTS_TOLD), NULL, "fewer are told");
	interests_release(&t);
}

int
main(void)
{
	interest_scratch_init(&s);
	buf_init(&out, 1 << 16);
	fading();
	settling();
	many();
	told(0, NULL, 0);
	interest_scratch_release(&s);
	buf_release(&out);
	return done();
}
