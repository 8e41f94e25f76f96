/*
 * Which rows take part, and what they say.
 */
#include "merge/link/rows.h"

#include "core/alloc.h"
#include "core/io/file.h"

enum { MODEL_MAX = 1 << 20 }; /* bytes of a file */

static struct merger_link *
link_new(const struct merger_options *o)
{
	struct linkage_options lo = { .join = o->link,
		.suggest = LINKAGE_SUGGEST_PERCENT / 100. };
	struct merger_link *k = xcalloc(1, sizeof(*k));

	if (lo.suggest > lo.join)
		lo.suggest = lo.join;
	k->linkage = linkage_new(&lo);
	return k;
}

void
merger_link_free(struct merger_link *k)
{
	if (k == NULL)
		return;
	linkage_free(k->linkage);
	vec_release(&k->likely);
	free(k->keys);
	free(k);
}

/* Taking in. */

static struct str
text_at(struct record *r, struct json object, const char *name)
{
	return str_trim(json_str(json_get(object, name), record_arena(r)));
}

/* The first of a list. */
static struct str
first_of(struct record *r, struct json list)
{
	struct json_iter it = json_each(list);
	struct json v;

	return json_next(&it, NULL, &v) ? json_str(v, record_arena(r))
					: STR_NONE;
}

/* Nobody of ours wrote it: all its keys are claimed. */
static bool
is_claimed(const struct spooled *s, struct json data)
{
	return (s->claimed > 0 && s->trusted == s->profile) ||
	       json_get(data, "unverified").doc != NULL;
}

bool
merger_link_add(struct merger *m, struct str id)
{
	static const enum link_field plain[] = { LINK_GIVEN, LINK_FAMILY,
		LINK_DATE, LINK_HOUSE, LINK_STREET, LINK_STREET2, LINK_CITY,
		LINK_POSTCODE, LINK_STATE, LINK_IDENT, LINK_GENDER,
		LINK_CATEGORY };
	struct record *r = m->record;
	struct linkage_row row = { .id = id, .version = m->at->content };
	struct json from, data;
	struct str birthday;

	if (m->link == NULL || (m->at->flags & SPOOL_CONTACT) == 0)
		return false;
	from = record_get(r, "from");
	data = record_get(r, "data");
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		row.text[plain[i]] =
		    text_at(r, data, link_field_name(plain[i]));
	if (row.text[LINK_CITY].n == 0)
		row.text[LINK_CITY] = text_at(r, data, "birthPlace");
	if (row.text[LINK_CATEGORY].n == 0)
		row.text[LINK_CATEGORY] = text_at(r, data, "title");
	/* As it was written: what others wrote tells how to read it. */
	birthday = text_at(r, data, "birthday");
	if (birthday.n > 0)
		row.text[LINK_DATE] = birthday;
	row.text[LINK_FULL] = text_at(r, from, "name");
	row.text[LINK_EMAIL] = text_at(r, from, "email");
	row.text[LINK_PHONE] = text_at(r, from, "tel");
	if (row.text[LINK_EMAIL].n == 0)
		row.text[LINK_EMAIL] = first_of(r, json_get(data, "emails"));
	if (row.text[LINK_PHONE].n == 0)
		row.text[LINK_PHONE] = text_at(r, data, "number");
	row.claimed = is_claimed(m->at, data);
	linkage_add(m->link->linkage, &row);
	return true;
}

/* Whose each row is, by keys. */

uint32_t
merger_link_row(const struct merger *m, struct str id)
{
	char text[4 + ID_MAX];

	if (m->link == NULL || id.n > ID_MAX)
		return GRAPH_NONE;
	memcpy(text, "row:", 4);
	memcpy(text + 4, id.p, id.n);
	return graph_lookup(&m->graph, str_make(text, id.n + 4));
}

/* A row that has no key of its own is known by its id. */
uint32_t
merger_link_key(struct merger *m, struct str id)
{
	char text[4 + ID_MAX];
	struct str s = { text, id.n + 4 };
	uint32_t k;

	memcpy(text, "row:", 4);
	memcpy(text + 4, id.p, id.n);
	graph_intern(&m->graph, &s, 1, &k);
	m->graph.keys[k].flags |= KEY_TRUSTED;
	if (m->at->time < m->graph.keys[k].since)
		m->graph.keys[k].since = m->at->time;
	return k;
}

uint32_t
merger_link_want(struct merger *m, struct str id)
{
	const struct spooled *s = m->at;
	uint32_t key;

	if (m->link == NULL || (s->flags & SPOOL_CONTACT) == 0)
		return GRAPH_NONE;
	key = merger_link_key(m, id);
	/* Never the oldest: the person's id stays. */
	m->graph.keys[key].since = INT64_MAX;
	for (size_t i = 0; i < s->trusted; i++)
		(void)graph_join(
		    &m->graph, key, s->keys[i], false, INT64_MAX, id);
	return key;
}

static int
read_probability(const char *name, const char *text, double *out, struct err *e)
{
	char *end;

	*out = LINKAGE_JOIN_PERCENT / 100.;
	if (*text == '\0')
		return 0;
	*out = strtod(text, &end);
	if (*end != '\0' || !(*out > 0 && *out < 1))
		return err_set(e,
		    "%s '%s' is not a probability between 0 and 1", name, text);
	return 0;
}

int
merger_link_told(struct merger_options *o, const char *text, struct err *e)
{
	const struct workspace *w = o->workspace;

	o->link = 0;
	if (text != NULL) {
		if (read_probability("--link:", text, &o->link, e) != 0)
			return -1;
	} else if (w->link != NULL) {
		if (read_probability("link:", w->link, &o->link, e) != 0)
			return -1;
		if (o->follow || (o->state != NULL && !o->explain))
			o->link = 0;
	}
	if (o->model == NULL && o->link > 0)
		o->model = w->model;
	return 0;
}

static int
may_link(const struct merger_options *o, struct err *e)
{
	if (o->model != NULL && !(o->link > 0))
		return err_set(e, "--model goes with --link");
	if (o->link > 0 && o->follow)
		return err_set(e, "--link looks at all rows together: it does "
				  "not go with --follow");
	if (o->link > 0 && o->state != NULL && !o->explain)
		return err_set(e, "--link keeps nothing in a state yet: give "
				  "all rows again, and leave -S out");
	return 0;
}

int
merger_link_open(struct merger *m, struct err *e)
{
	const char *path = m->o.model;
	struct err why = { 0 };
	struct buf text;
	int rc;

	if (may_link(&m->o, e) != 0)
		return -1;
	if (!(m->o.link > 0))
		return 0;
	m->link = link_new(&m->o);
	if (path == NULL || file_is_missing(path))
		return 0;
	buf_init(&text, MODEL_MAX);
	rc = file_read(path, &text, e);
	if (rc == 0 &&
	    linkage_load(m->link->linkage, buf_str(&text), &why) != 0)
		rc = err_set(e,
		    "%s: no model of --model: %s; take it away, and a new one "
		    "is made",
		    path, why.msg);
	m->link->loaded = rc == 0;
	buf_release(&text);
	return rc;
}
