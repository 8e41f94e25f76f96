/*
 * What a vCon has to be to be read.  It is refused as a whole: whose words are
 * whose hangs on indices into its lists.
 */
#include "core/text/ascii.h"
#include "source/vcon/vcon.h"

enum { GROUP_DEPTH = 4 };

static int
check_list(
    struct vcon *v, const char *name, struct vcon_list *out, struct err *e)
{
	struct json list = json_get(v->root, name);
	enum json_type type = json_type(list);

	vcon_list_read(v, list, out);
	/* Empty ones of some programs. */
	if (type == JSON_OBJECT && json_count(list) == 0)
		return 0;
	return type == JSON_LIST || type <= JSON_NULL
		   ? 0
		   : err_set(e, "no vCon: %s must be a list", name);
}

static int
check_objects(const struct vcon_list *l, const char *name, struct err *e)
{
	for (size_t i = 0; i < l->n; i++)
		if (json_type(l->v[i]) != JSON_OBJECT)
			return err_set(
			    e, "%s[%zu]: must be an object", name, i);
	return 0;
}

/* Indices of parties: one, a list, lists in it for channels, null for one that
 * nobody is on. */
static int
check_parties(
    struct vcon *v, struct json list, const char *what, size_t i, struct err *e)
{
	struct json_iter it;
	struct json one;
	size_t n = v->party.n;

	if (json_type(list) <= JSON_NULL)
		return 0;
	if (json_type(list) != JSON_LIST) {
		int64_t at = vcon_index(list);

		return at >= 0 && (size_t)at < n
			   ? 0
			   : err_set(e,
				 "dialog[%zu].%s: %.*s is none of the %zu "
				 "parties",
				 i, what,
				 (int)(json_raw(list).n < 20 ? json_raw(list).n
							     : 20),
				 json_raw(list).p, n);
	}
	it = json_each(list);
	while (json_next(&it, NULL, &one)) {
		if (json_type(one) == JSON_LIST &&
		    json_type(json_at(one, 0)) == JSON_LIST)
			return err_set(
			    e, "dialog[%zu].%s: lists in lists", i, what);
		if (check_parties(v, one, what, i, e) < 0)
			return -1;
	}
	return 0;
}

static bool
is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) &&
		    !ascii_is_in(s.p[i], "!#$&-^_.+*"))
			return false;
	return s.n > 0;
}

/* "audio/x-wav", "text/plain; charset=utf-8" (RFC 6838). */
static bool
is_media_type(struct str s)
{
	struct str type = str_split(&s, ';');
	ptrdiff_t slash = str_chr(type, '/');

	return slash > 0 && is_token(str_sub(type, 0, (size_t)slash)) &&
	       is_token(str_trim(str_sub(type, (size_t)slash + 1, type.n)));
}

/* A scheme and something behind it (RFC 3986). */
static bool
is_url(struct str s)
{
	ptrdiff_t colon = str_chr(s, ':');

	if (colon < 1 || (size_t)colon + 1 >= s.n || ascii_is_digit(s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' ||
		    (i < (size_t)colon && !ascii_is_alnum(s.p[i]) &&
			!ascii_is_in(s.p[i], "+-.")))
			return false;
	return true;
}

static int
check_duration(struct vcon *v, struct json duration, size_t i, struct err *e)
{
	struct str s = native_value(v->n, duration);
	bool digit = false;

	if (s.p == NULL && json_type(duration) <= JSON_NULL)
		return 0;
	for (size_t at = 0; s.p != NULL && at < s.n; at++) {
		digit |= ascii_is_digit(s.p[at]);
		if (!ascii_is_digit(s.p[at]) && !ascii_is_in(s.p[at], ".eE+-"))
			digit = false, s.n = 0;
	}
	return digit && s.p[0] != '-'
		   ? 0
		   : err_set(e,
			 "dialog[%zu].duration: must be seconds, 0 or more", i);
}

static int
check_content(struct vcon *v, struct json dialog, size_t i, struct err *e)
{
	static const char *const media[] = { "mediatype", "mimetype", NULL };
	struct json url = json_get(dialog, "url"), type;
	struct str s;

	type = vcon_any(dialog, media);
	s = json_type(type) == JSON_STRING ? vcon_media(v, dialog) : STR_NONE;
	if (json_type(type) > JSON_NULL && !json_is(type, "") &&
	    !is_media_type(s))
		return err_set(e,
		    "dialog[%zu]: the media type must be one such as "
		    "audio/x-wav",
		    i);
	if (json_type(url) > JSON_NULL && !json_is(url, "") &&
	    !is_url(native_value(v->n, url)))
		return err_set(e, "dialog[%zu].url: must be a URL", i);
	return check_duration(v, json_get(dialog, "duration"), i, e);
}

/* A time of its own, or that of the vCon. */
static bool
has_time(struct vcon *v, struct json dialog)
{
	static const char *const whole[] = { "created_at", "updated_at", NULL };
	int64_t t;

	if (native_time(v->n, json_get(dialog, "start"), &t) == 0)
		return true;
	for (size_t i = 0; whole[i] != NULL; i++)
		if (native_time(v->n, json_get(v->root, whole[i]), &t) == 0)
			return true;
	return false;
}

/* What kith wrote into it beside the dialogs. */
static int
check_records(struct vcon *v, struct err *e)
{
	struct json list = native_at(v->root, "kith/records"), one;
	struct json_iter it = json_each(list);
	size_t i = 0;

	while (json_next(&it, NULL, &one)) {
		if (!vcon_is_record(v, one))
			return err_set(e, "kith.records[%zu]: no record", i);
		i++;
	}
	return 0;
}

static int
check_dialog(struct vcon *v, struct json dialog, size_t i, struct err *e)
{
	static const char *const people[] = { "parties", "originator",
		"transferee", "transferor", "transfer_target", NULL };
	struct json start = json_get(dialog, "start");
	struct json type = json_get(dialog, "type");
	int64_t t;

	if (json_type(type) > JSON_NULL && json_type(type) != JSON_STRING)
		return err_set(e, "dialog[%zu].type: must be a word", i);
	if (!has_time(v, dialog) || (native_value(v->n, start).p != NULL &&
					native_time(v->n, start, &t) < 0))
		return err_set(e, "dialog[%zu].start: must be a time", i);
	for (size_t k = 0; people[k] != NULL; k++)
		if (check_parties(
			v, json_get(dialog, people[k]), people[k], i, e) < 0)
			return -1;
	return check_content(v, dialog, i, e);
}

static int
check_group(struct vcon *v, struct err *e)
{
	struct json root;

	for (size_t i = 0; (root = vcon_inner(v->root, i)).doc != NULL; i++) {
		struct vcon inner = *v;
		int rc;

		inner.root = root;
		if (++inner.depth > GROUP_DEPTH)
			return err_set(e,
			    "vCons within each other, more than %d deep",
			    GROUP_DEPTH);
		rc = vcon_check(&inner, e);

		if (rc < 0)
			return -1;
	}
	return 0;
}

int
vcon_check(struct vcon *v, struct err *e)
{
	v->uuid = native_text(v->n, v->root, "uuid");
	if (json_type(v->root) != JSON_OBJECT || v->uuid.p == NULL)
		return err_set(e, "no vCon: it must have a uuid");
	if (check_list(v, "parties", &v->party, e) < 0 ||
	    check_list(v, "dialog", &v->dialog, e) < 0 ||
	    check_list(v, "analysis", &v->analysis, e) < 0 ||
	    check_list(v, "attachments", &v->attachment, e) < 0 ||
	    check_objects(&v->party, "parties", e) < 0 ||
	    check_objects(&v->dialog, "dialog", e) < 0 ||
	    check_objects(&v->analysis, "analysis", e) < 0 ||
	    check_objects(&v->attachment, "attachments", e) < 0)
		return -1;
	v->parties = json_get(v->root, "parties");
	vcon_list_hang(v, &v->analysis);
	vcon_list_hang(v, &v->attachment);
	for (size_t i = 0; i < v->dialog.n; i++)
		if (check_dialog(v, v->dialog.v[i], i, e) < 0)
			return -1;
	if (check_records(v, e) < 0)
		return -1;
	return check_group(v, e);
}
