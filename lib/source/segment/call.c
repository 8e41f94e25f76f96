/*
 * How calls are written: their kinds, and their members by names whose
 * spelling varies.
 */
#include "core/text/ascii.h"
#include "source/segment/segment.h"

enum segment_kind
segment_kind(struct str type)
{
	static const char *const names[] = {
		[SEGMENT_TRACK] = "track",
		[SEGMENT_IDENTIFY] = "identify",
		[SEGMENT_PAGE] = "page",
		[SEGMENT_SCREEN] = "screen",
		[SEGMENT_GROUP] = "group",
		[SEGMENT_ALIAS] = "alias",
	};

	for (int i = SEGMENT_TRACK; i <= SEGMENT_ALIAS; i++)
		if (str_is(type, names[i]))
			return (enum segment_kind)i;
	return SEGMENT_NONE;
}

struct str
segment_text(struct json v, struct arena *a)
{
	struct str s = json_type(v) == JSON_NUMBER ? json_raw(v)
						   : str_trim(json_str(v, a));

	return s.n == 0 ? STR_NONE : s;
}

/* A name without case, blanks, '_' and '-': Segment's own spellings vary. */
static bool
same_name(struct str a, const char *b)
{
	size_t i = 0;

	for (; *b != '\0'; b++) {
		while (i < a.n && ascii_is_in(a.p[i], " _-"))
			i++;
		if (i == a.n || (a.p[i] | 0x20) != *b)
			return false;
		i++;
	}
	return i == a.n;
}

bool
segment_is(struct str name, const char *names)
{
	struct str rest = str_of(names);
	char one[64];

	while (rest.p != NULL) {
		struct str s = str_split(&rest, '|');

		memcpy(one, s.p, s.n);
		one[s.n] = '\0';
		if (same_name(name, one))
			return true;
	}
	return false;
}

struct json
segment_member(struct json v, const char *names, struct arena *a)
{
	struct str rest = str_of(names);

	while (rest.p != NULL) {
		struct str name = str_split(&rest, '|');
		struct json_iter it = json_each(v);
		struct json key, value;
		char wanted[64];

		if (json_type(v) != JSON_OBJECT || name.n >= sizeof(wanted))
			break;
		memcpy(wanted, name.p, name.n);
		wanted[name.n] = '\0';
		while (json_next(&it, &key, &value))
			if (same_name(json_str(key, a), wanted) &&
			    segment_text(value, a).n > 0)
				return value;
	}
	return JSON_ABSENT;
}
