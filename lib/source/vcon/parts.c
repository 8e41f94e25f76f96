/*
 * What stands beside the dialogs of a vCon: analyses, attachments, and what it
 * has as a whole.
 */
#include "source/vcon/vcon.h"

/* What stands in the vCon as a whole goes along with the first record. */
static const char *const whole[] = { "redacted", "amended", "appended",
	"extensions", "critical", "must_support", "meta", NULL };

/* One that says where it is, but not what: a tag, what a program notes. */
static bool
is_file(struct json part)
{
	return json_type(json_get(part, "filename")) > JSON_NULL ||
	       json_type(json_get(part, "url")) > JSON_NULL ||
	       json_is(json_get(part, "encoding"), "base64url") ||
	       json_is(json_get(part, "encoding"), "base64");
}

void
vcon_attach(struct vcon *v, size_t i)
{
	const struct vcon_list *l = &v->attachment;

	for (uint32_t k = l->first[i]; k != 0; k = l->next[k - 1])
		if (is_file(l->v[k - 1]))
			vcon_add_file(v, l->v[k - 1]);
}

/* A part's members, but for a body that stands elsewhere in the record. */
static void
write_part(struct vcon *v, struct writer *w, struct json part, bool body)
{
	struct json_iter it = json_each(part);
	struct json key, value;

	write_object(w);
	while (json_next(&it, &key, &value)) {
		struct str name = json_str(key, &v->n->message.arena);

		if (json_type(value) <= JSON_NULL ||
		    (!body && str_is(name, "body")))
			continue;
		write_key_str(w, name);
		write_raw(w, json_raw(value));
	}
	write_object_end(w);
}

static void
write_list_of(struct vcon *v, const char *name, const struct vcon_list *l,
    size_t i, struct json said, struct writer *w)
{
	if (l->first[i] == 0)
		return;
	write_key(w, name);
	write_list(w);
	for (uint32_t k = l->first[i]; k != 0; k = l->next[k - 1]) {
		struct json one = l->v[k - 1];
		bool is_said = said.doc != NULL && one.at == said.at;

		write_part(v, w, one, !is_said && !is_file(one));
	}
	write_list_end(w);
}

/* The first summary stands where all of them are looked for. */
static struct str
summary(struct vcon *v, size_t i)
{
	const struct vcon_list *l = &v->analysis;

	for (uint32_t k = l->first[i]; k != 0; k = l->next[k - 1])
		if (json_is(json_get(l->v[k - 1], "type"), "summary"))
			return vcon_spoken(v, l->v[k - 1]);
	return STR_NONE;
}

void
vcon_write_parts(struct vcon *v, size_t i, struct json said, struct writer *w)
{
	write_member(w, "summary", summary(v, i));
	write_list_of(v, "analysis", &v->analysis, i, said, w);
	write_list_of(v, "attached", &v->attachment, i, said, w);
}

/* Parties that are more than an address and a name. */
static bool
has_more(struct json party)
{
	static const char *const plain[] = { "name", "tel", "mailto", "email",
		NULL };
	struct json_iter it = json_each(party);
	struct json key, value;

	while (json_next(&it, &key, &value)) {
		bool known = json_type(value) <= JSON_NULL;

		for (size_t i = 0; plain[i] != NULL; i++)
			known |= json_is(key, plain[i]);
		if (!known)
			return true;
	}
	return false;
}

/* Those that stand whole in it are records of their own. */
static void
write_group(struct vcon *v, struct writer *w)
{
	struct json list = json_get(v->root, "group"), one;
	struct json_iter it = json_each(list);

	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	write_key(w, "group");
	write_list(w);
	while (json_next(&it, NULL, &one))
		write_part(v, w, one,
		    json_type(native_at(one, "body/uuid")) != JSON_STRING);
	write_list_end(w);
}

void
vcon_write_whole(struct vcon *v, struct writer *w)
{
	struct json_iter it = json_each(v->parties);
	struct json one;
	bool any = false;

	while (!any && json_next(&it, NULL, &one))
		any = has_more(one);
	if (any)
		native_data_raw(w, "parties", v->parties);
	for (size_t i = 0; whole[i] != NULL; i++)
		/* A dialog may have a meta of its own. */
		native_data_raw(w,
		    str_is(str_of(whole[i]), "meta") ? "vconMeta" : whole[i],
		    json_get(v->root, whole[i]));
	write_group(v, w);
}
