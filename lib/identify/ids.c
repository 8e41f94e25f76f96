#include "identify/ids.h"

/* False where the entry says nothing. */
static bool
read_entry(struct json v, struct arena *a, struct evidence *out)
{
	struct json_iter members = json_each(v);
	struct json name, value;

	*out = (struct evidence){ .trust = TRUST_UNKNOWN };
	while (members.object && json_next(&members, &name, &value)) {
		if (json_is(name, "type"))
			out->type = json_str(value, a);
		else if (json_is(name, "value"))
			out->value = json_str(value, a);
		else if (json_is(name, "trust"))
			out->trust = trust_of(json_str(value, a));
	}
	return out->type.n > 0 && out->value.n > 0;
}

bool
ids_next(struct ids *it, struct evidence *out)
{
	struct json v;

	while (json_next(&it->entries, NULL, &v))
		if (read_entry(v, it->arena, out))
			return true;
	return false;
}

static bool
is_one_of(struct json type, const char *const *types)
{
	for (; *types != NULL; types++)
		if (json_is_str(type, str_of(*types)))
			return true;
	return false;
}

bool
ids_next_of(struct ids *it, const char *const *types, struct evidence *out)
{
	struct json v;

	while (json_next(&it->entries, NULL, &v))
		if (is_one_of(json_get(v, "type"), types) &&
		    read_entry(v, it->arena, out))
			return true;
	return false;
}

bool
ids_next_recipient(struct ids *it, struct evidence *out)
{
	struct json v;

	while (json_next(&it->entries, NULL, &v)) {
		struct str from = json_str(json_get(v, "from"), it->arena);

		if ((str_starts(from, STR("to[")) ||
			str_starts(from, STR("cc["))) &&
		    read_entry(v, it->arena, out))
			return true;
	}
	return false;
}
