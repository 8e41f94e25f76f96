/*
 * jCard (RFC 7095): ["vcard", [[name, {parameters}, type, value ...], ...]],
 * alone, in a list, one a line, or as the vcardArray of an object (RFC 9083).
 */
#include "source/native.h"
#include "source/peek.h"
#include "source/vcard/vcard.h"
#include "source/wrapped.h"

struct reader {
	struct ingest *in;
	bool named; /* the list's first item was "vcard" */
};

static bool
is_card(struct json v)
{
	return json_is(json_at(v, 0), "vcard") &&
	       json_type(json_at(v, 1)) == JSON_LIST;
}

static int
emit(struct reader *r, const struct cut_item *item, bool bare, struct err *e)
{
	struct writer *w = ingest_item(r->in, item->at);

	if (bare) {
		write_list(w);
		write_z(w, "vcard");
		write_raw(w, item->text);
		write_list_end(w);
	} else {
		write_raw(w, item->text);
	}
	return ingest_item_end(r->in, e);
}

/* A file that is one card is a list of two: its name, and its properties. */
static int
take(void *arg, const struct cut_item *item, struct err *e)
{
	struct reader *r = arg;
	struct json v = item->value;
	bool named = r->named;

	r->named = json_is(v, "vcard");
	if (r->named)
		return 0;
	if (named && json_type(v) == JSON_LIST)
		return emit(r, item, true, e);
	if (is_card(v) || is_card(json_get(v, "vcardArray")))
		return emit(r, item, false, e);
	return ingest_reject(r->in, item->at, "no jCard", item->text, e);
}

static int
jcard_read(struct ingest *in, struct input *file, struct err *e)
{
	struct reader r = { .in = in };

	return wrapped_each(in, file, take, &r, e);
}

/* A part of a value: a word, or several with commas between. */
static void
add_part(struct buf *out, struct json v, struct arena *a)
{
	struct json_iter it = json_each(v);
	struct json one;
	bool any = false;

	if (json_type(v) == JSON_STRING)
		vcard_escape(out, json_str(v, a));
	else if (json_type(v) != JSON_LIST && json_type(v) > JSON_NULL)
		vcard_escape(out, json_raw(v));
	while (json_type(v) == JSON_LIST && json_next(&it, NULL, &one)) {
		if (any)
			buf_add_char(out, ',');
		any = true;
		if (json_type(one) != JSON_LIST)
			add_part(out, one, a);
	}
}

/* ["Doe","John",["Q.","Public"],"",""] */
static void
add_value(struct buf *out, struct json v, struct arena *a)
{
	struct json_iter it = json_each(v);
	struct json one;
	bool any = false;

	if (json_type(v) != JSON_LIST)
		add_part(out, v, a);
	while (json_type(v) == JSON_LIST && json_next(&it, NULL, &one)) {
		if (any)
			buf_add_char(out, ';');
		any = true;
		add_part(out, one, a);
	}
}

static void
add_params(struct buf *out, struct json params, struct arena *a)
{
	struct json_iter it = json_each(params), values;
	struct json key, value, one;

	while (json_next(&it, &key, &value)) {
		struct str name = json_str(key, a);

		if (str_eq_nocase(name, STR("group")))
			continue;
		if (json_type(value) != JSON_LIST)
			vcard_add_param(out, name,
			    json_type(value) == JSON_STRING ? json_str(value, a)
							    : json_raw(value));
		values = json_each(value);
		while (json_type(value) == JSON_LIST &&
		       json_next(&values, NULL, &one))
			vcard_add_param(out, name, json_str(one, a));
	}
}

static void
add_property(struct buf *out, struct json p, struct arena *a)
{
	struct json params = json_at(p, 1);
	size_t n = json_count(p);

	if (json_type(p) != JSON_LIST || n < 4 ||
	    json_is(json_at(p, 0), "version") ||
	    !vcard_add_name(out, json_str(json_get(params, "group"), a),
		json_str(json_at(p, 0), a)))
		return;
	if (json_type(params) == JSON_OBJECT)
		add_params(out, params, a);
	buf_add_char(out, ':');
	for (size_t i = 3; i < n; i++) {
		if (i > 3)
			buf_add_char(out, ',');
		add_value(out, json_at(p, i), a);
	}
	buf_add_char(out, '\n');
}

static enum stage_result
jcard_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct json card =
	    is_card(native) ? native : json_get(native, "vcardArray");
	struct json_iter it = json_each(json_at(card, 1));
	enum stage_result rc;
	struct arena a = { 0 };
	struct json one;
	struct buf text;

	if (!is_card(card))
		return native_reject(e, "no jCard");
	buf_init(&text, NORMALIZE_SCRATCH);
	buf_add_str(&text, STR("BEGIN:VCARD\nVERSION:4.0\n"));
	while (json_next(&it, NULL, &one))
		add_property(&text, one, &a);
	buf_add_str(&text, STR("END:VCARD\n"));
	rc = vcard_contact(n, buf_str(&text), false, e);
	buf_release(&text);
	arena_release(&a);
	return rc;
}

static void
see(void *arg, const struct peeked *p)
{
	bool *is = arg;

	*is |= p->within.n == 0 && str_is(p->name, "vcardArray") &&
	       p->first == '[';
}

static int
jcard_sniff(const char *base_name, struct str head)
{
	bool is = false;
	struct str s = peek_unmarked(head);

	(void)base_name;
	for (int i = 0; i < 2 && s.n > 0 && s.p[0] == '['; i++)
		s = str_trim(str_sub(s, 1, s.n));
	if (str_starts(s, STR("\"vcard\""))) {
		s = str_trim(str_sub(s, 7, s.n));
		if (s.n > 0 && s.p[0] == ',')
			s = str_trim(str_sub(s, 1, s.n));
		return s.n > 0 && s.p[0] == '[' ? 95 : 0;
	}
	json_peek(head, see, &is);
	return is ? 86 : 0;
}

const struct source_format source_jcard = {
	.name = "jcard",
	.about = "jCard: people of address books, in JSON",
	.sniff = jcard_sniff,
	.read = jcard_read,
	.normalize = jcard_normalize,
};
