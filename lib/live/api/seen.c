#include "live/api/seen.h"

#include "core/hash.h"

/* Forgets all but the last ones. */
static void
forget(struct seen *s)
{
	struct map kept = { 0 };

	for (size_t i = s->known.n - SEEN_MOST; i < s->known.n; i++)
		*map_put(&kept, s->known.entries[i].key, NULL) = 1;
	map_release(&s->known);
	s->known = kept;
}

void
seen_read(struct seen *s, struct str text)
{
	while (text.n > 0)
		*map_put(&s->known, str_split(&text, ' '), NULL) = 1;
}

void
seen_write(const struct seen *s, struct buf *out)
{
	size_t i = s->known.n > SEEN_MOST ? s->known.n - SEEN_MOST : 0;

	for (bool first = true; i < s->known.n; i++, first = false) {
		if (!first)
			buf_add_char(out, ' ');
		buf_add_str(out, s->known.entries[i].key);
	}
}

void
seen_release(struct seen *s)
{
	map_release(&s->known);
}

static struct str
key_of(struct str place, struct str item, char id[ID_SIZE])
{
	const struct str parts[] = { place, item };

	id_make(id, 's', parts, 2);
	return str_make(id + 1, ID_LETTERS);
}

bool
seen_has(const struct seen *s, struct str place, struct str item)
{
	char id[ID_SIZE];

	return map_get(&s->known, key_of(place, item, id)) != NULL;
}

bool
seen_before(struct seen *s, struct str place, struct str item)
{
	char id[ID_SIZE];
	bool fresh;

	*map_put(&s->known, key_of(place, item, id), &fresh) = 1;
	if (s->known.n >= 2 * (size_t)SEEN_MOST)
		forget(s);
	return !fresh;
}
