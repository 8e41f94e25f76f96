/*
 * The model as a file: JSON, its numbers written so that they read back the
 * same.
 */
#include "people/linkage/inside.h"

#include "core/hash.h"
#include "json/json.h"
#include "json/write.h"

enum { FILE_VERSION = 1 };

static const char *const classes[CLASSES] = { "same", "moved", "relatives",
	"others" };

static void
write_levels(struct writer *w, const char *name, const double *v, unsigned n)
{
	write_key(w, name);
	write_list(w);
	for (unsigned i = 0; i < n; i++)
		write_real(w, v[i]);
	write_list_end(w);
}

static void
write_names(struct writer *w, enum link_field f)
{
	write_key(w, "levels");
	write_list(w);
	for (unsigned i = 0; i < link_levels[f]; i++)
		write_str(w, str_of(link_level_name(f, i)));
	write_list_end(w);
}

static void
write_fields(struct writer *w, const struct model *m)
{
	write_key(w, "fields");
	write_object(w);
	for (int f = 0; f < LINK_FIELDS; f++) {
		write_key(w, link_field_name((enum link_field)f));
		write_object(w);
		write_names(w, (enum link_field)f);
		write_levels(w, "same", m->m[f], link_levels[f]);
		write_levels(w, "relatives", m->h[f], link_levels[f]);
		write_levels(w, "others", m->u[f], link_levels[f]);
		write_levels(w, "usual", m->c[f], link_levels[f]);
		write_object_end(w);
	}
	write_object_end(w);
}

static void
write_rules(struct writer *w, const struct linkage *l)
{
	write_key(w, "rules");
	write_list(w);
	for (size_t i = 0; i < l->rules_n; i++) {
		write_object(w);
		write_member_int(w, "features", l->rules[i].mask);
		write_key(w, "equal");
		write_list(w);
		for (uint32_t v = l->rules[i].mask; v != 0; v &= v - 1)
			write_str(w,
			    str_of(feature_name((unsigned)__builtin_ctz(v))));
		write_list_end(w);
		write_member_int(w, "pairs", (int64_t)l->rules[i].pairs);
		write_member_int(w, "dropped", (int64_t)l->rules[i].dropped);
		write_member_int(
		    w, "droppedRows", (int64_t)l->rules[i].dropped_rows);
		write_object_end(w);
	}
	write_list_end(w);
}

/* Pairs by weight, in bits; where there are any. */
static void
write_bins(struct writer *w, const struct linkage *l)
{
	write_key(w, "weights");
	write_list(w);
	for (int i = 0; i < BINS; i++) {
		if (l->bins[i] == 0)
			continue;
		write_object(w);
		write_member_int(w, "bits", i - BINS_LOW);
		write_member_int(w, "pairs", (int64_t)l->bins[i]);
		write_object_end(w);
	}
	write_list_end(w);
}

void
linkage_save(const struct linkage *l, struct buf *out)
{
	char id[LINKAGE_MODEL_ID + 1];
	struct writer w;

	write_init(&w, out);
	write_object(&w);
	write_member_int(&w, "version", FILE_VERSION);
	linkage_model_id(l, id);
	write_member(&w, "id", str_of(id));
	write_member_int(&w, "rows", l->n);
	write_member_int(&w, "rounds", l->rounds);
	write_key(&w, "frequencies");
	write_real(&w, l->model.tf);
	write_key(&w, "shares");
	write_object(&w);
	for (int i = 0; i < CLASSES; i++) {
		write_key(&w, classes[i]);
		write_real(&w, l->model.pi[i]);
	}
	write_object_end(&w);
	write_fields(&w, &l->model);
	write_rules(&w, l);
	write_bins(&w, l);
	write_object_end(&w);
	buf_add_char(out, '\n');
}

void
linkage_model_id(const struct linkage *l, char out[LINKAGE_MODEL_ID + 1])
{
	static const char letters[] = "0123456789abcdef";
	const struct model *m = &l->model;
	uint64_t h = mix64(l->rules_n + 1);

	for (int f = 0; f < LINK_FIELDS; f++)
		for (unsigned i = 0; i < link_levels[f]; i++) {
			const double v[] = { m->m[f][i], m->h[f][i], m->u[f][i],
				m->c[f][i] };

			h = mix64(h ^ mix_bytes(str_make(
					  (const char *)v, sizeof(v))));
		}
	for (int i = 0; i < CLASSES; i++)
		h = mix64(h ^ mix_bytes(str_make(
				  (const char *)&m->pi[i], sizeof(m->pi[i]))));
	for (int i = 0; i < LINKAGE_MODEL_ID; i++, h >>= 4)
		out[i] = letters[h & 15];
	out[LINKAGE_MODEL_ID] = '\0';
}

static int
read_levels(struct json list, double *v, unsigned n, struct err *e)
{
	for (unsigned i = 0; i < n; i++)
		if (json_real(json_at(list, i), &v[i]) != 0)
			return err_set(e, "levels are missing");
	return 0;
}

static int
read_fields(struct json all, struct model *m, struct err *e)
{
	for (int f = 0; f < LINK_FIELDS; f++) {
		struct json v =
		    json_get(all, link_field_name((enum link_field)f));
		unsigned n = link_levels[f];

		if (read_levels(json_get(v, "same"), m->m[f], n, e) != 0 ||
		    read_levels(json_get(v, "relatives"), m->h[f], n, e) != 0 ||
		    read_levels(json_get(v, "others"), m->u[f], n, e) != 0 ||
		    read_levels(json_get(v, "usual"), m->c[f], n, e) != 0)
			return -1;
		for (unsigned i = 0; i < n; i++)
			if (!(m->m[f][i] > 0) || !(m->h[f][i] > 0) ||
			    !(m->u[f][i] > 0))
				return err_set(e, "%s: a share is not above 0",
				    link_field_name((enum link_field)f));
	}
	return 0;
}

static int
read_rules(struct json list, struct linkage *l, struct err *e)
{
	struct json_iter it = json_each(list);
	struct json v;
	int64_t mask;

	while (json_next(&it, NULL, &v)) {
		if (l->rules_n == RULES_MAX ||
		    json_int(json_get(v, "features"), &mask) != 0 ||
		    mask <= 0 || mask > UINT32_MAX)
			return err_set(e, "a rule is none");
		l->rules[l->rules_n++] =
		    (struct rule){ .mask = (uint32_t)mask };
	}
	return l->rules_n > 0 ? 0 : err_set(e, "there are no rules");
}

int
linkage_load(struct linkage *l, struct str text, struct err *e)
{
	struct json_doc *d = json_doc_new();
	struct model *m = &l->model;
	struct json root;
	int64_t version;
	int rc = json_parse_copy(d, text, &root, e);

	if (rc == 0 && (json_int(json_get(root, "version"), &version) != 0 ||
			   version != FILE_VERSION))
		rc = err_set(e, "no model of this version");
	if (rc == 0 && json_real(json_get(root, "frequencies"), &m->tf) != 0)
		rc = err_set(e, "no frequencies");
	for (int i = 0; rc == 0 && i < CLASSES; i++)
		if (json_real(json_get(json_get(root, "shares"), classes[i]),
			&m->pi[i]) != 0)
			rc = err_set(e, "no shares");
	if (rc == 0)
		rc = read_fields(json_get(root, "fields"), m, e);
	if (rc == 0)
		rc = read_rules(json_get(root, "rules"), l, e);
	if (rc == 0)
		model_weigh(m);
	l->trained = rc == 0;
	json_doc_free(d);
	return rc;
}
