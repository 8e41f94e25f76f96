/*
 * W3C's extended form, as IIS and CloudFront write it: values in the order of
 * a line "#Fields:"; and lines of JSON, whose members have as many names as
 * there are servers.
 */
#include "core/text/ascii.h"
#include "source/native.h"
#include "source/weblog/weblog.h"

enum { JSON_LEVELS = 4, PATH_BYTES = 120 };

/* "Mozilla/5.0+(Windows)" of IIS, "Mozilla/5.0%20(Windows)" of CloudFront,
 * once more encoded in old files. */
static struct str
unfolded(struct weblog *v, struct str s)
{
	char *out = arena_alloc(v->a, s.n + 1);
	bool blank = str_chr(s, ' ') >= 0, percent = str_chr(s, '%') >= 0;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '+' && !blank && !percent)
			c = ' ';
		if (c == '%' && i + 2 < s.n && ascii_hex(s.p[i + 1]) >= 0 &&
		    ascii_hex(s.p[i + 2]) >= 0) {
			c = (char)(ascii_hex(s.p[i + 1]) * 16 +
				   ascii_hex(s.p[i + 2]));
			i += 2;
		}
		out[n++] = c == '\0' ? ' ' : c;
	}
	s = str_make(out, n);
	return percent && str_find(s, STR("%20")) >= 0 ? unfolded(v, s) : s;
}

static void
set_field(struct weblog *v, struct str name, struct str value)
{
	enum weblog_member m = weblog_member(name, v->a);
	int64_t ms;

	if (value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = str_sub(value, 1, value.n - 2);
	if (m == WEBLOG_AGENT)
		value = unfolded(v, value);
	if (m == WEBLOG_IP)
		value = weblog_ip(value);
	/* Of IIS they are thousandths. */
	if (m == WEBLOG_SECONDS && str_to_int(value, &ms) == 0)
		value = arena_printf(
		    v->a, "%jd.%03d", (intmax_t)(ms / 1000), (int)(ms % 1000));
	weblog_set(v, m, value);
}

int
weblog_fields(struct weblog *v, struct str line, struct str fields,
    struct str date, struct err *e)
{
	char separator = str_chr(line, '\t') >= 0 ? '\t' : ' ';
	struct str names = str_trim(fields), *part = v->part, when;

	while (names.p != NULL && line.p != NULL) {
		struct str name =
		    str_split(&names, str_chr(names, '\t') >= 0 ? '\t' : ' ');

		if (name.n > 0)
			set_field(v, name, str_split(&line, separator));
	}
	if (part[WEBLOG_DATE].p != NULL)
		date = part[WEBLOG_DATE];
	when = part[WEBLOG_TIME];
	/* Its clock is UTC's; a time with its day is one alone. */
	if (date.n > 0 && when.n > 0 && when.n <= 12)
		when = ARENA_JOIN(
		    v->a, str_sub(date, 0, 10), STR("T"), when, STR("Z"));
	if (weblog_time(v->n, when, &v->at) < 0)
		return err_set(
		    e, "the line has no date and time where #Fields says");
	return part[WEBLOG_URL].p != NULL || part[WEBLOG_REQUEST].p != NULL
		   ? 0
		   : err_set(e, "the line ends before its request");
}

/* JSON. */

static void
set_value(struct weblog *v, struct str path, struct json value)
{
	enum weblog_member m = weblog_member(path, v->a);
	struct str s;

	if (m == WEBLOG_MEMBERS)
		return;
	if (json_type(value) == JSON_LIST)
		value = json_at(value, 0);
	s = native_value(v->n, value);
	if (m == WEBLOG_REQUEST)
		weblog_request(v, s);
	else if (m == WEBLOG_IP || m == WEBLOG_PEER)
		weblog_set(v, m, weblog_ip(s).p != NULL ? weblog_ip(s) : s);
	else
		weblog_set(v, m, s);
}

/* path: of the object, with a slash behind it. */
static void
walk(struct weblog *v, struct json from, struct str path, unsigned depth)
{
	struct json_iter it = json_each(from);
	struct json key, value;
	char joined[PATH_BYTES];

	while (json_next(&it, &key, &value)) {
		struct str raw = json_raw(key);
		struct str name = str_sub(raw, 1, raw.n - 2);
		size_t n = path.n + name.n;

		if (n + 1 > sizeof(joined))
			continue;
		memcpy(joined, path.p, path.n);
		memcpy(joined + path.n, name.p, name.n);
		if (json_type(value) != JSON_OBJECT) {
			set_value(v, str_make(joined, n), value);
		} else if (depth < JSON_LEVELS) {
			joined[n] = '/';
			walk(v, value, str_make(joined, n + 1), depth + 1);
		}
	}
}

int
weblog_json(struct weblog *v, struct json native, struct err *e)
{
	/* Of containers, and of what ships lines: the line is a member. */
	static const char *const lines[] = { "log", "message", "textPayload",
		NULL };
	struct str *part = v->part;
	struct str line = native_any(v->n, native, lines);

	if (json_type(native) != JSON_OBJECT)
		return err_set(e, "no line of an access log: not an object");
	walk(v, native, STR(""), 0);
	if (part[WEBLOG_URL].p == NULL && part[WEBLOG_REQUEST].p == NULL) {
		memset(part, 0, sizeof(v->part));
		return line.n == 0
			   ? err_set(e, "no line of an access log: it has "
					"no request")
			   : weblog_line(v, line, e);
	}
	if (weblog_time(v->n, part[WEBLOG_TIME], &v->at) < 0 &&
	    weblog_time(v->n, part[WEBLOG_LATER], &v->at) < 0)
		return err_set(e, "no line of an access log: it has no time");
	return 0;
}
