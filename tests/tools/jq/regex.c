#include "regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

struct match {
	pcre2_code *code;
	pcre2_match_data *data;
	const char *text;
	size_t n;
	const size_t *at; /* where it is found: from, to, of each group */
};

static void
compile(struct match *m, jv in, jv expression, bool caseless)
{
	int error;
	size_t where;

	if (jv_get_kind(in) != JV_KIND_STRING ||
	    jv_get_kind(expression) != JV_KIND_STRING)
		fail(
		    jv_string_fmt("%s cannot be matched, as it is not a string",
			jv_kind_name(jv_get_kind(in))));
	m->code = pcre2_compile((PCRE2_SPTR)jv_string_value(expression),
	    PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_UCP | (caseless ? PCRE2_CASELESS : 0), &error,
	    &where, NULL);
	if (m->code == NULL)
		fail(jv_string("not a valid regex"));
	m->data = pcre2_match_data_create_from_pattern(m->code, NULL);
	m->text = jv_string_value(in);
	m->n = (size_t)jv_string_length_bytes(jv_copy(in));
	m->at = pcre2_get_ovector_pointer(m->data);
}

static bool
next(struct match *m, size_t from)
{
	return pcre2_match(m->code, (PCRE2_SPTR)m->text, m->n, from, 0, m->data,
		   NULL) > 0;
}

/* The name of group g, or NULL. */
static const char *
name_of(const struct match *m, size_t g)
{
	const unsigned char *names;
	uint32_t count = 0, size = 0;

	pcre2_pattern_info(m->code, PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(m->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(m->code, PCRE2_INFO_NAMETABLE, &names);
	for (; count > 0; count--, names += size)
		if ((size_t)(names[0] << 8 | names[1]) == g)
			return (const char *)names + 2;
	return NULL;
}

static jv
groups(const struct match *m)
{
	size_t n = pcre2_get_ovector_count(m->data);
	jv all = jv_object();

	for (size_t g = 1; g < n; g++) {
		const char *name = name_of(m, g);
		size_t from = m->at[2 * g], to = m->at[2 * g + 1];

		if (name == NULL)
			continue;
		all = jv_object_set(all, jv_string(name),
		    from == PCRE2_UNSET
			? jv_null()
			: jv_string_sized(m->text + from, (int)(to - from)));
	}
	return all;
}

jv
regex_test(jv in, const jv *args)
{
	struct match m;

	compile(&m, in, args[0], false);
	return jv_bool(next(&m, 0));
}

jv
regex_test_flags(jv in, const jv *args)
{
	const char *flags = jv_get_kind(args[1]) == JV_KIND_STRING
				? jv_string_value(args[1])
				: "";
	struct match m;

	if (strcmp(flags, "i") != 0)
		fail(jv_string("only the flag i is known"));
	compile(&m, in, args[0], true);
	return jv_bool(next(&m, 0));
}

/* No match is no result to jq, which has no value for that. */
jv
regex_capture(jv in, const jv *args)
{
	struct match m;

	compile(&m, in, args[0], false);
	if (!next(&m, 0))
		fail(jv_string("nothing is captured"));
	return groups(&m);
}

bool
regex_sub(
    const struct node *n, const struct env *e, struct val in, emit *f, void *to)
{
	jv out = jv_string(""), with;
	struct match m;
	size_t from = 0;

	compile(&m, in.v, jv_array_get(collect(n->args[0], e, in.v), 0), false);
	while (next(&m, from) && m.at[1] > m.at[0]) {
		out = jv_string_append_buf(
		    out, m.text + from, (int)(m.at[0] - from));
		with = jv_array_get(collect(n->args[1], e, groups(&m)), 0);
		if (jv_get_kind(with) != JV_KIND_STRING)
			fail(jv_string("a text is replaced by a text"));
		from = m.at[1];
		out = jv_string_concat(out, with);
		if (n->name[0] == 's')
			break;
	}
	out = jv_string_append_buf(out, m.text + from, (int)(m.n - from));
	return f(to, val_of(out));
}
