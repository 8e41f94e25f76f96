#include "live/cursor.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "json/json.h"
#include "json/write.h"

enum {
	CURSOR_BYTES = 64 << 20, /* of the file */
	PATH_BYTES = 4096,
};

static int
read_places(struct cursor *c, struct json root)
{
	struct arena a = { 0 };
	struct json_iter it = json_each(json_get(root, "places"));
	struct json name, value;
	int64_t end;

	if (json_type(json_get(root, "places")) != JSON_OBJECT ||
	    json_int(json_get(root, "end"), &end) < 0 || end < 0)
		return -1;
	c->end = (uint64_t)end;
	while (json_next(&it, &name, &value)) {
		struct str v = json_str(value, &a);

		if (v.p != NULL)
			cursor_set(c, json_str(name, &a), v);
	}
	arena_release(&a);
	return 0;
}

static int
read_file(struct cursor *c, struct err *e)
{
	struct json_doc *doc = json_doc_new();
	struct json root;
	struct buf b;
	struct err why;
	int rc;

	buf_init(&b, CURSOR_BYTES);
	rc = file_read_own(c->path, &b, e);
	if (rc == 0 && (json_parse_copy(doc, buf_str(&b), &root, &why) < 0 ||
			   read_places(c, root) < 0))
		rc = err_set(e,
		    "%s: not what kith writes; remove it, and all of the "
		    "source is read again",
		    c->path);
	buf_release(&b);
	json_doc_free(doc);
	return rc;
}

int
cursor_open(struct cursor *c, const char *folder, struct err *e)
{
	char path[PATH_BYTES];

	*c = (struct cursor){ 0 };
	if ((size_t)snprintf(path, sizeof(path), "%s/cursor", folder) >=
	    sizeof(path))
		return err_set(e, "%s: name too long", folder);
	c->path = xstrdup(path);
	return file_is_missing(path) ? 0 : read_file(c, e);
}

void
cursor_reset(struct cursor *c)
{
	for (size_t i = 0; i < c->places.n; i++) {
		free(c->places.v[i].name);
		free(c->places.v[i].value);
	}
	c->places.n = 0;
}

void
cursor_close(struct cursor *c)
{
	cursor_reset(c);
	vec_release(&c->places);
	free(c->path);
	*c = (struct cursor){ 0 };
}

static struct cursor_place *
find(const struct cursor *c, struct str place)
{
	for (size_t i = 0; i < c->places.n; i++)
		if (str_eq(str_of(c->places.v[i].name), place))
			return &c->places.v[i];
	return NULL;
}

struct str
cursor_get(const struct cursor *c, struct str place)
{
	const struct cursor_place *p = find(c, place);

	return p == NULL ? STR_NONE : str_of(p->value);
}

void
cursor_set(struct cursor *c, struct str place, struct str value)
{
	struct cursor_place *p = find(c, place);

	if (p == NULL) {
		p = vec_new(&c->places);
		p->name = xmemdup0(place.p, place.n);
	} else {
		free(p->value);
	}
	p->value = xmemdup0(value.p, value.n);
}

int
cursor_save(struct cursor *c, uint64_t end, struct err *e)
{
	struct writer w;
	struct buf b;
	int rc;

	buf_init(&b, CURSOR_BYTES);
	write_init(&w, &b);
	write_object(&w);
	write_member_int(&w, "end", (int64_t)end);
	write_key(&w, "places");
	write_object(&w);
	for (size_t i = 0; i < c->places.n; i++) {
		write_key_str(&w, str_of(c->places.v[i].name));
		write_z(&w, c->places.v[i].value);
	}
	write_object_end(&w);
	write_object_end(&w);
	buf_add_char(&b, '\n');
	rc = b.over
		 ? err_set(e, "%s: more than %d bytes", c->path, CURSOR_BYTES)
		 : file_write_durable(c->path, buf_str(&b), 0600, e);
	c->end = end;
	buf_release(&b);
	return rc;
}
