#include "identify/extract.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/io/yaml.h"
#include "core/text/ascii.h"
#include "core/text/nearest.h"
#include "core/text/utf8.h"
#include "text/regex.h"
#include "text/unicode.h"

enum letters { LETTERS_KEEP, LETTERS_UPPER, LETTERS_LOWER };

/* A piece of a value: a text, or a group where text.p is NULL. */
struct piece {
	struct str text;
	int group;
};

struct pattern {
	struct str type;
	struct regex *regex;
	uint64_t fields; /* bits */
	enum trust trust;
	enum letters letters;
	struct piece *pieces;
	size_t piece_count;
	const char *place; /* "file:line" */
};

struct field {
	struct str name; /* "data.note" */
	uint64_t bit;
};

struct extract {
	struct arena arena;
	struct pattern *v;
	size_t n;
	struct field fields[EXTRACT_FIELDS];
	size_t field_count;
	size_t given_up;
	const char *costly;
};

/* Reading the file. */

struct reader {
	struct extract *x;
	struct yaml *y;
	const char *path;
	struct err *e;
};

static const char *const keys[] = { "type", "pattern", "fields", "trust",
	"value", "case" };

enum { KEYS = sizeof(keys) / sizeof(*keys) };

static int
check_keys(struct reader *r, const struct yaml_node *n)
{
	for (size_t i = 0; i < yaml_count(n); i++) {
		const struct yaml_node *key = yaml_key(n, i);
		const char *near;
		size_t k = 0;

		while (k < KEYS && !str_is(yaml_text(key), keys[k]))
			k++;
		if (k < KEYS)
			continue;
		near = nearest(yaml_text(key), keys, KEYS);
		return yaml_fail(r->e, r->y, key,
		    "unknown key '%.*s' of a pattern%s%s%s",
		    STR_ARG(yaml_text(key)),
		    near == NULL ? "" : "; did you mean '",
		    near == NULL ? "" : near, near == NULL ? "" : "'?");
	}
	return 0;
}

static int
read_type(struct reader *r, struct pattern *p, const struct yaml_node *n)
{
	const struct yaml_node *at = yaml_get(n, "type");
	struct str s = yaml_text(at);
	bool good = s.n > 0 && s.n <= 32 && ascii_is_lower(s.p[0]);

	for (size_t i = 0; good && i < s.n; i++)
		good = ascii_is_lower(s.p[i]) || ascii_is_digit(s.p[i]) ||
		       s.p[i] == '-';
	if (!good)
		return yaml_fail(r->e, r->y, at == NULL ? n : at,
		    "a pattern needs a type, such as order: small letters, "
		    "digits and '-', 32 at most");
	p->type = arena_dup(&r->x->arena, s);
	return 0;
}

static int
read_expression(struct reader *r, struct pattern *p, const struct yaml_node *n)
{
	const struct yaml_node *at = yaml_get(n, "pattern");
	struct err why;

	if (yaml_text(at).n == 0)
		return yaml_fail(r->e, r->y, at == NULL ? n : at,
		    "a pattern needs its expression: pattern: '...'");
	p->regex = regex_new(yaml_text(at), &why);
	if (p->regex == NULL)
		return yaml_fail(r->e, r->y, at, "pattern: %s", why.msg);
	return 0;
}

/* Letters, digits, '_' and '-', with single dots between them. */
static bool
is_member(struct str s)
{
	char before = '.';

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.' ? before == '.'
			     : !(ascii_is_alnum(c) || c == '_' || c == '-'))
			return false;
		before = c;
	}
	return before != '.';
}

static int
add_field(struct reader *r, struct pattern *p, const struct yaml_node *at,
    struct str name)
{
	struct extract *x = r->x;
	size_t i = 0;

	if (!is_member(name))
		return yaml_fail(r->e, r->y, at,
		    "fields: a member such as text or data.note");
	while (i < x->field_count && !str_eq(x->fields[i].name, name))
		i++;
	if (i == EXTRACT_FIELDS)
		return yaml_fail(r->e, r->y, at,
		    "more than %d different fields", (int)EXTRACT_FIELDS);
	if (i == x->field_count) {
		x->fields[i].name = arena_dup(&x->arena, name);
		x->fields[i].bit = UINT64_C(1) << i;
		x->field_count++;
	}
	p->fields |= x->fields[i].bit;
	return 0;
}

static int
read_fields(struct reader *r, struct pattern *p, const struct yaml_node *n)
{
	const struct yaml_node *at = yaml_get(n, "fields");

	if (at == NULL)
		return add_field(r, p, n, STR("subject")) != 0
			   ? -1
			   : add_field(r, p, n, STR("text"));
	if (yaml_kind(at) == YAML_SCALAR)
		return add_field(r, p, at, yaml_text(at));
	if (yaml_kind(at) != YAML_LIST || yaml_count(at) == 0)
		return yaml_fail(
		    r->e, r->y, at, "fields: a list such as [subject, text]");
	for (size_t i = 0; i < yaml_count(at); i++)
		if (add_field(
			r, p, yaml_at(at, i), yaml_text(yaml_at(at, i))) != 0)
			return -1;
	return 0;
}

static int
read_trust(struct reader *r, struct pattern *p, const struct yaml_node *n)
{
	const struct yaml_node *at = yaml_get(n, "trust");

	p->trust = at == NULL ? TRUST_MENTIONED : trust_of(yaml_text(at));
	if (p->trust == TRUST_MENTIONED || p->trust == TRUST_CLAIMED)
		return 0;
	return yaml_fail(r->e, r->y, at,
	    "trust: mentioned or claimed: what somebody wrote proves nothing");
}

static int
read_case(struct reader *r, struct pattern *p, const struct yaml_node *n)
{
	const struct yaml_node *at = yaml_get(n, "case");
	struct str s = yaml_text(at);

	if (at == NULL || str_is(s, "keep"))
		p->letters = LETTERS_KEEP;
	else if (str_is(s, "upper"))
		p->letters = LETTERS_UPPER;
	else if (str_is(s, "lower"))
		p->letters = LETTERS_LOWER;
	else
		return yaml_fail(r->e, r->y, at, "case: upper, lower or keep");
	return 0;
}

/* The value's template. */

static void
add_piece(struct reader *r, struct pattern *p, struct piece piece)
{
	if (piece.text.p != NULL && piece.text.n == 0)
		return;
	if (piece.text.p != NULL)
		piece.text = arena_dup(&r->x->arena, piece.text);
	p->pieces[p->piece_count++] = piece;
}

/*
 * What stands behind a '$': "1", "{1}", "{name}".  The group's number and in
 * *used the bytes, or -1.
 */
static int
read_group(const struct pattern *p, struct str s, size_t *used, struct arena *a)
{
	ptrdiff_t end = str_chr(s, '}');
	struct str name = str_sub(s, 1, end < 1 ? 0 : (size_t)end - 1);
	int64_t n;

	if (s.n > 0 && ascii_is_digit(s.p[0])) {
		*used = 1;
		n = s.p[0] - '0';
	} else if (s.n > 2 && s.p[0] == '{' && name.n > 0) {
		*used = (size_t)end + 1;
		if (str_to_int(name, &n) != 0)
			n = regex_group(p->regex, arena_cstr(a, name));
	} else {
		return -1;
	}
	return n < 0 || n > regex_groups(p->regex) ? -1 : (int)n;
}

static int
read_template(struct reader *r, struct pattern *p, const struct yaml_node *at)
{
	struct str s = yaml_text(at), rest = s;
	size_t used = 0;

	if (s.n == 0 || s.n > EXTRACT_VALUE)
		return yaml_fail(r->e, r->y, at,
		    "value: a text of at most %d bytes such as '$1'",
		    (int)EXTRACT_VALUE);
	p->pieces = arena_calloc(&r->x->arena, s.n + 1, sizeof(*p->pieces));
	while (rest.n > 0) {
		ptrdiff_t sign = str_chr(rest, '$');
		int group;

		add_piece(r, p,
		    (struct piece){
			str_sub(rest, 0, sign < 0 ? rest.n : (size_t)sign),
			0 });
		if (sign < 0)
			return 0;
		rest = str_sub(rest, (size_t)sign + 1, rest.n);
		if (str_starts(rest, STR("$"))) {
			add_piece(r, p, (struct piece){ STR("$"), 0 });
			rest = str_sub(rest, 1, rest.n);
			continue;
		}
		group = read_group(p, rest, &used, &r->x->arena);
		if (group < 0)
			return yaml_fail(r->e, r->y, at,
			    "value: no such group in '%.*s': $1 or ${name}; "
			    "$$ is a '$'",
			    STR_ARG(s));
		add_piece(r, p, (struct piece){ STR_NONE, group });
		rest = str_sub(rest, used, rest.n);
	}
	return 0;
}

static int
read_value(struct reader *r, struct pattern *p, const struct yaml_node *n)
{
	const struct yaml_node *at = yaml_get(n, "value");

	if (at != NULL)
		return read_template(r, p, at);
	p->pieces = arena_calloc(&r->x->arena, 1, sizeof(*p->pieces));
	p->pieces[0].group = regex_groups(p->regex) > 0;
	p->piece_count = 1;
	return 0;
}

static int
read_pattern(struct reader *r, const struct yaml_node *n)
{
	struct pattern *p = &r->x->v[r->x->n];

	if (yaml_kind(n) != YAML_MAP)
		return yaml_fail(
		    r->e, r->y, n, "a pattern is {type: ..., pattern: ...}");
	r->x->n++;
	p->place =
	    arena_printf(&r->x->arena, "%s:%d%c", r->path, yaml_line(n), '\0')
		.p;
	if (check_keys(r, n) != 0 || read_type(r, p, n) != 0 ||
	    read_expression(r, p, n) != 0 || read_fields(r, p, n) != 0 ||
	    read_trust(r, p, n) != 0 || read_case(r, p, n) != 0)
		return -1;
	return read_value(r, p, n);
}

static int
read_all(struct reader *r)
{
	const struct yaml_node *root = yaml_root(r->y);
	size_t n = yaml_count(root);

	if (root == NULL)
		return 0;
	if (yaml_kind(root) != YAML_LIST)
		return yaml_fail(r->e, r->y, root,
		    "a list of patterns: - {type: ..., pattern: ...}");
	if (n > EXTRACT_PATTERNS)
		return yaml_fail(r->e, r->y, root, "more than %d patterns",
		    (int)EXTRACT_PATTERNS);
	r->x->v = xcalloc(n + 1, sizeof(*r->x->v));
	for (size_t i = 0; i < n; i++)
		if (read_pattern(r, yaml_at(root, i)) != 0)
			return -1;
	return 0;
}

struct extract *
extract_read(const char *path, struct err *e)
{
	struct reader r = { .path = path, .e = e };
	int rc;

	r.y = yaml_read(path, e);
	if (r.y == NULL)
		return NULL;
	r.x = xcalloc(1, sizeof(*r.x));
	rc = read_all(&r);
	yaml_free(r.y);
	if (rc == 0)
		return r.x;
	extract_free(r.x);
	return NULL;
}

void
extract_free(struct extract *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < x->n; i++)
		regex_free(x->v[i].regex);
	free(x->v);
	arena_release(&x->arena);
	free(x);
}

/* Looking through a record. */

struct search {
	struct extract *x;
	struct arena *a;
	struct extracted *out;
	size_t n;
};

static size_t
value_size(const struct pattern *p, const struct str *groups)
{
	size_t n = 0;

	for (size_t i = 0; i < p->piece_count; i++) {
		const struct piece *at = &p->pieces[i];

		n += at->text.p != NULL ? at->text.n : groups[at->group].n;
	}
	return n;
}

static void
turn_case(char *p, size_t n, enum letters how)
{
	char from = how == LETTERS_UPPER ? 'a' : 'A';

	for (size_t i = 0; how != LETTERS_KEEP && i < n; i++)
		if (p[i] >= from && p[i] <= from + 25)
			p[i] ^= 'a' ^ 'A';
}

/* STR_NONE where nothing or no text is left. */
static struct str
value_of(const struct pattern *p, const struct str *groups, struct arena *a)
{
	size_t size = value_size(p, groups), n = 0;
	struct str s;
	char *to;

	if (size == 0 || size > EXTRACT_VALUE)
		return STR_NONE;
	to = arena_alloc(a, size);
	for (size_t i = 0; i < p->piece_count; i++) {
		const struct piece *at = &p->pieces[i];
		struct str part =
		    at->text.p != NULL ? at->text : groups[at->group];

		if (part.n > 0)
			memcpy(to + n, part.p, part.n);
		n += part.n;
	}
	turn_case(to, n, p->letters);
	s = str_trim(str_make(to, n));
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return STR_NONE;
	return s.n == 0 ? STR_NONE : s;
}

static void
found(struct search *s, const struct pattern *p, const struct field *f,
    const struct str *groups)
{
	struct str value = value_of(p, groups, s->a);

	if (value.p == NULL)
		return;
	for (size_t i = 0; i < s->n; i++) {
		struct extracted *old = &s->out[i];

		if (str_eq(old->value, value) && str_eq(old->type, p->type) &&
		    old->trust <= p->trust)
			return;
	}
	s->out[s->n++] =
	    (struct extracted){ p->type, value, p->trust, f->name };
}

static void
search_one(struct search *s, const struct pattern *p, const struct field *f,
    struct str text)
{
	struct str groups[REGEX_GROUPS];
	size_t from = 0;
	int rc;

	while (s->n < EXTRACT_KEYS && from < text.n) {
		rc = regex_find(p->regex, text, from, groups);
		if (rc < 0) {
			s->x->given_up++;
			s->x->costly = p->place;
		}
		/* With \K it may end where it began. */
		if (rc <= 0 || groups[0].n == 0)
			return;
		found(s, p, f, groups);
		from = (size_t)(groups[0].p - text.p) + groups[0].n;
	}
}

static void
search_text(struct search *s, const struct field *f, struct json v)
{
	struct str text = json_str(v, s->a);

	if (text.n > EXTRACT_TEXT)
		text = utf8_cut(text, EXTRACT_TEXT);
	for (size_t i = 0; text.n > 0 && i < s->x->n; i++)
		if ((s->x->v[i].fields & f->bit) != 0)
			search_one(s, &s->x->v[i], f, text);
}

/* "data.note": of a list, each of its texts. */
static void
search_field(struct search *s, const struct field *f, struct json v)
{
	struct str rest = f->name, part;
	struct json_iter it;

	while (rest.p != NULL) {
		part = str_split(&rest, '.');
		v = json_get_str(v, part);
	}
	if (json_type(v) == JSON_STRING) {
		search_text(s, f, v);
	} else if (json_type(v) == JSON_LIST) {
		it = json_each(v);
		while (s->n < EXTRACT_KEYS && json_next(&it, NULL, &v))
			if (json_type(v) == JSON_STRING)
				search_text(s, f, v);
	}
}

size_t
extract_find(struct extract *x, struct record *r, struct extracted *out)
{
	struct search s = { x, record_arena(r), out, 0 };

	for (size_t i = 0; i < x->field_count; i++)
		search_field(&s, &x->fields[i], record_root(r));
	return s.n;
}

size_t
extract_given_up(const struct extract *x, const char **place)
{
	if (place != NULL)
		*place = x->costly;
	return x->given_up;
}
