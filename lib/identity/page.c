#include "identity/page.h"

#include <inttypes.h>

#include "core/plain.h"
#include "core/time.h"

enum { PAGE_JSON = 1 << 20 };

/* "2024-05-01 10:00Z", in UTC. */
static void
add_time(struct buf *out, int64_t t)
{
	struct civil c;

	if (t == TIME_NONE)
		return;
	time_to_civil(t, &c);
	buf_printf(out, "%04d-%02d-%02d %02d:%02dZ", c.year, c.month, c.day,
	    c.hour, c.minute);
}

static struct str
member(struct json v, const char *name, struct arena *a)
{
	struct str s = json_str(json_get(v, name), a);

	return s.p == NULL ? STR("") : s;
}

static int64_t
time_of(struct json v, const char *name, struct arena *a)
{
	int64_t t;

	return time_parse(member(v, name, a), &t) == 0 ? t : TIME_NONE;
}

static void
add_list(struct buf *out, const char *label, struct json list, struct arena *a)
{
	struct json_iter it = json_each(list);
	struct json v;

	while (json_next(&it, NULL, &v)) {
		buf_printf(out, "  %-9s ", label);
		plain_line(out, json_str(v, a));
		buf_add_char(out, '\n');
		label = "";
	}
}

static void
add_head(struct buf *out, struct json root, struct str person,
    const struct str *aliases, size_t n, struct arena *a)
{
	struct json names = json_get(root, "names");
	struct str name = json_str(json_at(names, 0), a);

	plain_line(out, name.p == NULL ? STR("(no name)") : name);
	buf_add_z(out, "  ");
	plain_line(out, person);
	buf_add_char(out, '\n');
	if (json_count(names) > 1)
		add_list(out, "names", names, a);
	add_list(out, "ids", json_get(root, "ids"), a);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "  %-9s %.*s\n", i == 0 ? "was" : "",
		    STR_ARG(aliases[i]));
	if (time_of(root, "firstSeen", a) == TIME_NONE)
		return;
	buf_add_z(out, "  seen      ");
	add_time(out, time_of(root, "firstSeen", a));
	buf_add_z(out, " to ");
	add_time(out, time_of(root, "lastSeen", a));
	buf_add_char(out, '\n');
}

static void
add_channels(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "channels"));
	struct str preferred = member(root, "preferred", a);
	const char *label = "channels";
	struct json v;

	while (json_next(&it, NULL, &v)) {
		struct str name = member(v, "channel", a);
		int64_t in = 0, sent = 0;

		json_int(json_get(v, "inbound"), &in);
		json_int(json_get(v, "outbound"), &sent);
		buf_printf(out, "  %-9s ", label);
		plain_line(out, name);
		buf_printf(
		    out, ": %" PRId64 " in, %" PRId64 " out, last ", in, sent);
		add_time(out, time_of(v, "last", a));
		buf_add_z(out, preferred.n > 0 && str_eq(preferred, name)
				   ? " (writes here most)\n"
				   : "\n");
		label = "";
	}
}

static void
add_conversations(
    struct buf *out, struct json root, int64_t now, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "conversations"));
	struct json v;

	if (json_count(json_get(root, "conversations")) > 0)
		buf_add_z(out, "open\n");
	while (json_next(&it, NULL, &v)) {
		int64_t waits = time_of(v, "waitingSince", a);
		char lapse[TIME_SIZE];

		buf_add_z(out, "  ");
		if (waits != TIME_NONE && now >= waits) {
			duration_format(now - waits, lapse);
			buf_printf(out, "waits %s, since ", lapse);
			add_time(out, waits);
		} else {
			buf_add_z(out, "quiet since ");
			add_time(out, time_of(v, "last", a));
		}
		buf_add_z(out, "  ");
		plain_line(out, member(v, "channel", a));
		buf_add_z(out, "  ");
		plain_line(out, member(v, "subject", a));
		buf_printf(
		    out, "  %.*s\n", STR_ARG(member(v, "conversation", a)));
	}
}

static void
add_recent(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "recent"));
	struct json v;

	if (json_count(json_get(root, "recent")) > 0)
		buf_add_z(out, "last\n");
	while (json_next(&it, NULL, &v)) {
		struct str text = member(v, "text", a);

		buf_add_z(out, "  ");
		add_time(out, time_of(v, "at", a));
		buf_add_z(out, "  ");
		plain_line(out, member(v, "channel", a));
		buf_add_z(out, json_is(json_get(v, "direction"), "inbound")
				   ? "  <  "
				   : "  >  ");
		plain_line(out, text.n > 0 ? text : member(v, "subject", a));
		buf_add_char(out, '\n');
	}
}

static void
add_rest(struct buf *out, struct json root, struct arena *a)
{
	struct json_iter it = json_each(json_get(root, "orders"));
	struct json v;

	while (json_next(&it, NULL, &v)) {
		buf_add_z(out, "  order     ");
		add_time(out, time_of(v, "at", a));
		buf_add_z(out, "  ");
		plain_line(out, json_raw(v));
		buf_add_char(out, '\n');
	}
	it = json_each(json_get(root, "consent"));
	while (json_next(&it, NULL, &v)) {
		buf_printf(out, "  consent   opted %.*s on ",
		    STR_ARG(member(v, "state", a)));
		plain_line(out, member(v, "channel", a));
		buf_add_z(out, ", ");
		add_time(out, time_of(v, "at", a));
		buf_add_char(out, '\n');
	}
}

void
person_page_write(struct buf *out, const struct context *c, struct known *k,
    const struct str *aliases, size_t n, int64_t as_of, int64_t now)
{
	struct json_doc *doc = json_doc_new();
	struct arena a = { 0 };
	struct json root;
	struct writer w;
	struct buf b;
	struct err e;

	buf_init(&b, PAGE_JSON);
	write_init(&w, &b);
	write_object(&w);
	context_members(c, k, as_of, &w);
	write_object_end(&w);
	if (json_parse_copy(doc, buf_str(&b), &root, &e) == 0) {
		add_head(out, root, context_person(k), aliases, n, &a);
		add_channels(out, root, &a);
		add_rest(out, root, &a);
		add_conversations(out, root, now, &a);
		add_recent(out, root, &a);
	}
	buf_release(&b);
	arena_release(&a);
	json_doc_free(doc);
}
