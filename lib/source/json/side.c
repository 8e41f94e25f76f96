#include "source/json/side.h"

#include "core/text/ascii.h"

enum { SIDE_ID = 64 }; /* bytes of an id */

void
side_release(struct side *s)
{
	map_release(&s->by_id);
}

void
side_add(struct side *s, struct str id, struct str raw)
{
	uint64_t *at;

	if (id.n == 0 || id.n > SIDE_ID)
		return;
	at = map_put(&s->by_id, id, NULL);
	if (*at == 0) {
		vec_add_in(s->arena, &s->all, (struct side_one){ 0 });
		*at = s->all.n;
	}
	s->all.v[*at - 1].raw = arena_dup(s->arena, raw);
}

struct str
side_get(const struct side *s, struct str id)
{
	uint64_t *at =
	    id.n == 0 || id.n > SIDE_ID ? NULL : map_get(&s->by_id, id);

	return at == NULL ? STR_NONE : s->all.v[*at - 1].raw;
}

void
side_read(struct side *s, struct str name, struct json list)
{
	struct json_iter it = json_each(list);
	struct json one;

	s->name = name;
	while (json_next(&it, NULL, &one)) {
		struct json v = json_get(one, "id");
		struct str id = json_type(v) == JSON_NUMBER
				    ? json_raw(v)
				    : json_str(v, s->arena);

		side_add(s, id, json_raw(one));
	}
}

static bool
look_up(struct side *s, struct str id, uint64_t turn)
{
	uint64_t *at =
	    id.n == 0 || id.n > SIDE_ID ? NULL : map_get(&s->by_id, id);

	if (at == NULL)
		return false;
	s->all.v[*at - 1].named = turn;
	return true;
}

/* From behind a quote to the next one. */
static size_t
string_end(struct str s, size_t i)
{
	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i : s.n;
}

bool
side_named(struct side *s, struct str item, uint64_t turn)
{
	bool any = false;

	for (size_t i = 0; s->all.n > 0 && i < item.n; i++) {
		size_t from = i;

		if (item.p[i] == '"') {
			i = string_end(item, ++from);
		} else if (ascii_is_digit(item.p[i])) {
			while (i + 1 < item.n && ascii_is_digit(item.p[i + 1]))
				i++;
		} else {
			continue;
		}
		/* A number's last digit, a string's quote. */
		any |= look_up(s,
		    str_sub(item, from,
			i - from + (i < item.n && item.p[i] != '"')),
		    turn);
	}
	return any;
}

void
side_write(const struct side *s, struct writer *w, uint64_t turn)
{
	write_key_str(w, s->name);
	write_list(w);
	for (size_t i = 0; i < s->all.n; i++)
		if (s->all.v[i].named == turn)
			write_raw(w, s->all.v[i].raw);
	write_list_end(w);
}
