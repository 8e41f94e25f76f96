#include "identify/ids.h"

#include "record/record.h"
#include "tap.h"

static void
entry_is(struct ids *it, const char *type, const char *value, enum trust trust)
{
	struct evidence e;

	if (!ok(ids_next(it, &e), value))
		return;
	is_str(e.type, type, "its type");
	is_str(e.value, value, "its value");
	is_int(e.trust, trust, "its trust");
}

int
main(void)
{
	static const char text[] =
	    "{\"ids\":[{\"type\":\"email\",\"value\":\"a@x.example\","
	    "\"trust\":\"authenticated\",\"from\":\"from.email\"},"
	    "{\"type\":\"tel\"},{\"value\":\"1\"},3,\"a\",null,[],{},"
	    "{\"type\":\"\",\"value\":\"2\"},{\"type\":\"tel\",\"value\":3},"
	    "{\"value\":\"b\\u0040y.example\",\"more\":{\"type\":\"no\"},"
	    "\"type\":\"email\",\"trust\":\"wished\"}]}";
	struct record *r = record_new();
	struct err e;
	struct evidence v;
	struct ids it;

	ok(record_parse(r, str_of(text), &e) == 0, "a record");
	it = ids_each(record_get(r, "ids"), record_arena(r));
	entry_is(&it, "email", "a@x.example", TRUST_AUTHENTICATED);
	entry_is(&it, "email", "b@y.example", TRUST_UNKNOWN);
	ok(!ids_next(&it, &v), "none that lacks a type or a value");
	ok(!ids_next(&it, &v), "nor any behind the end");
	it = ids_each(record_get(r, "ids"), record_arena(r));
	ok(!ids_next_of(&it, (const char *[]){ "tel", "uri", NULL }, &v),
	    "none of a type that no whole entry has");
	it = ids_each(record_get(r, "ids"), record_arena(r));
	ok(ids_next_of(&it, (const char *[]){ "uri", "email", NULL }, &v) &&
		ids_next_of(&it, (const char *[]){ "email", NULL }, &v),
	    "entries of types that are asked for");
	is_str(v.value, "b@y.example", "the second");
	it = ids_each(record_get(r, "none"), record_arena(r));
	ok(!ids_next(&it, &v), "none where there is no list");
	record_free(r);
	return done();
}
