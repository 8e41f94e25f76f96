#include "record/fields.h"
#include "record/role.h"

#include "core/time.h"
#include "tap.h"

static struct record *r;
static struct buf line;
static struct err e;

static void
parse(const char *text)
{
	buf_reset(&line);
	buf_add_z(&line, text);
	if (record_parse(r, buf_str(&line), &e) != 0)
		ok(false, text);
}

static void
checks(void)
{
	static const char *const cases[][2] = {
		{ "{}", NULL },
		{ "{\"id\":\"m1\",\"type\":\"message\",\"channel\":\"email\","
		  "\"direction\":\"inbound\",\"sentAt\":\"2024-01-02T03:04:05Z\","
		  "\"from\":{\"name\":\"A\",\"email\":\"a@b.example\","
		  "\"tel\":\"+4930123456\",\"uri\":\"slack:T1/U2\"},"
		  "\"to\":[{\"email\":\"c@d.example\"}],\"references\":[\"x\"],"
		  "\"attachments\":[{\"name\":\"a\",\"size\":12}],"
		  "\"data\":{\"any\":null},\"unknown\":null}",
		    NULL },
		{ "{\"id\":7}", "id: not a string" },
		{ "{\"id\":\"\"}", "id: not an id" },
		{ "{\"type\":\"mail\"}", "type: not one of the words for it" },
		{ "{\"subject\":null}", "subject: null: leave it out" },
		{ "{\"sentAt\":\"2024-01-02\"}",
		    "sentAt: not a time in RFC 3339 with Z" },
		{ "{\"sentAt\":\"2024-13-02T00:00:00Z\"}",
		    "sentAt: not a time in RFC 3339 with Z" },
		{ "{\"from\":\"a@b\"}", "from: not an object" },
		{ "{\"from\":{\"tel\":\"030 1234\"}}",
		    "from.tel: not an E.164 number" },
		{ "{\"from\":{\"tel\":\"+0301234\"}}",
		    "from.tel: not an E.164 number" },
		{ "{\"from\":{\"email\":\"@b\"}}",
		    "from.email: not a mail address" },
		{ "{\"from\":{\"uri\":\"nothing\"}}", "from.uri: not a uri" },
		{ "{\"to\":{\"email\":\"a@b\"}}", "to: not a list" },
		{ "{\"to\":[{\"email\":\"a@b\"},{\"email\":\"x\"}]}",
		    "to.email: not a mail address" },
		{ "{\"references\":[1]}", "references: not a string" },
		{ "{\"attachments\":[{\"size\":\"1\"}]}",
		    "attachments.size: not an integer" },
		{ "{\"ids\":[{\"trust\":\"maybe\"}]}",
		    "ids.trust: not one of the words for it" },
		{ "{\"route\":{\"rules\":[{\"rule\":\"a\",\"line\":1},"
		  "{\"line\":\"2\"}]}}",
		    "route.rules.line: not an integer" },
		{ "{\"route\":{\"human\":1}}",
		    "route.human: not true or false" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc;

		parse(cases[i][0]);
		rc = fields_check(r, &e);
		is_str(rc == 0 ? STR_NONE : str_of(e.msg), cases[i][1],
		    cases[i][0]);
	}
}

static void
readings(void)
{
	static const struct {
		const char *text;
		bool request, answer;
	} cases[] = {
		{ "{\"type\":\"message\",\"direction\":\"inbound\"}", true,
		    false },
		{ "{\"type\":\"call\",\"direction\":\"inbound\"}", true,
		    false },
		{ "{\"type\":\"visit\",\"direction\":\"inbound\"}", false,
		    false },
		{ "{\"type\":\"message\",\"direction\":\"internal\"}", false,
		    false },
		{ "{\"type\":\"message\",\"direction\":\"outbound\"}", false,
		    true },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"keywords\":[\"seen\"]}",
		    true, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"keywords\":[\"seen\",\"automatic\"]}",
		    false, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"keywords\":[\"private\"]}",
		    true, false },
		{ "{\"type\":\"message\",\"direction\":\"outbound\","
		  "\"keywords\":[\"private\"]}",
		    false, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"quarantine\":{\"reason\":\"x\"}}",
		    true, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"keywords\":[\"noreply\"]}",
		    true, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"keywords\":[\"junk\"]}",
		    false, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"asks\":false,\"why\":\"list\"}",
		    false, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"asks\":false}",
		    false, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"asks\":false,\"why\":\"of a later kith\"}",
		    false, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"asks\":false,\"why\":\"list\","
		  "\"route\":{\"asks\":true}}",
		    true, false },
		{ "{\"type\":\"message\",\"direction\":\"inbound\","
		  "\"asks\":true,\"route\":{\"asks\":false}}",
		    false, false },
		{ "{\"type\":\"message\",\"direction\":\"outbound\","
		  "\"reply\":{}}",
		    false, false },
		{ "{\"type\":\"message\",\"direction\":\"outbound\","
		  "\"reply\":{},\"delivery\":{\"status\":\"sent\"}}",
		    false, true },
		{ "{\"type\":\"message\",\"direction\":\"outbound\","
		  "\"reply\":{},\"delivery\":{\"status\":\"refused\"}}",
		    false, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		parse(cases[i].text);
		ok(record_is_request(r) == cases[i].request &&
			record_is_answer(r) == cases[i].answer,
		    cases[i].text);
	}
	parse(
	    "{\"type\":\"message\",\"direction\":\"inbound\",\"asks\":false}");
	is_int(
	    record_asks(r), ASKS_RULE, "a word of somebody, without a reason");
	parse("{\"type\":\"message\",\"direction\":\"inbound\",\"asks\":false,"
	      "\"keywords\":[\"list\"]}");
	is_int(record_asks(r), ASKS_LIST, "the record itself has one");
	parse("{\"sentAt\":\"1970-01-01T00:00:01Z\"}");
	is_int(record_time(r), 1000000, "sentAt");
	parse("{\"sentAt\":\"1970-01-01T00:00:01Z\","
	      "\"receivedAt\":\"1970-01-01T00:00:02Z\"}");
	is_int(record_time(r), 2000000, "receivedAt goes first");
	parse("{\"sentAt\":\"soon\"}");
	is_int(record_time(r), TIME_NONE, "no time");
}

/* A member's row stands behind its owner's, and names are unique. */
static void
table(void)
{
	bool owned = true, unique = true;

	for (const struct field *f = fields; f->name != NULL; f++) {
		const char *dot = strrchr(f->name, '.');
		bool found = dot == NULL;

		for (const struct field *g = fields; g != f; g++) {
			unique &= strcmp(f->name, g->name) != 0;
			if (dot != NULL &&
			    strlen(g->name) == (size_t)(dot - f->name) &&
			    strncmp(
				g->name, f->name, (size_t)(dot - f->name)) == 0)
				found = true;
		}
		owned &= found;
	}
	ok(owned, "each member's member stands behind its owner");
	ok(unique, "names are unique");
}

int
main(void)
{
	r = record_new();
	buf_init(&line, 1 << 16);
	checks();
	readings();
	table();
	buf_release(&line);
	record_free(r);
	return done();
}
