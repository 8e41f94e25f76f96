#include "source/desk/spelling.h"

#include "core/text/ascii.h"

/* Letters and digits, small; 0 where there are too many. */
static size_t
fold(struct str name, char out[SPELLING_BYTES + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		if (!ascii_is_alnum(name.p[i]))
			continue;
		if (n == SPELLING_BYTES)
			return 0;
		out[n++] = ascii_lower(name.p[i]);
	}
	out[n] = '\0';
	return n;
}

int
spelling_of(const struct spellings *s, struct str name)
{
	char plain[SPELLING_BYTES + 1];
	size_t from = 0, to = s->n;

	if (fold(name, plain) == 0)
		return SPELLING_NONE;
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = strcmp(plain, s->v[mid].name);

		if (order == 0)
			return s->v[mid].field;
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return SPELLING_NONE;
}

bool
spelling_is_value(struct json v)
{
	enum json_type type = json_type(v);

	return type > JSON_NULL &&
	       (type != JSON_STRING || !str_is(json_raw(v), "\"\""));
}

void
spelling_read(const struct spellings *s, struct json from, struct json *out)
{
	struct json_iter it = json_each(from);
	struct json key, value;

	if (json_type(from) != JSON_OBJECT)
		return;
	while (json_next(&it, &key, &value)) {
		int field = spelling_of(s, json_raw(key));

		if (field != SPELLING_NONE && spelling_is_value(value) &&
		    !spelling_is_value(out[field]))
			out[field] = value;
	}
}
