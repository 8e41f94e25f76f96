#include "route/rules/rule.h"

#include <stdio.h>

#include "record/channels.h"
#include "record/fields.h"
#include "text/unicode.h"

const char *const equal_names[EQUALS] = { "channel", "type", "account", "from",
	"keyword", "segment", "label", "language", "org" };
const char *const flag_names[FLAGS] = { "quarantine", "answered", "overdue" };
const char *const what_names[WHATS] = { "queue", "team", "assignee", "priority",
	"stakes", "replyOn", "service" };

enum { KEYS_MAX = 32, FIELD_VALUES = CHANNELS_MAX };

/* The values that the record's schema has for a field: the channels, or those
 * of "enum:a|b|c". */
static size_t
field_values(struct rulefile *f, const char *name, const char **out)
{
	const struct field *at = fields;
	struct str rest;
	size_t n = 0;

	while (at->name != NULL && strcmp(at->name, name) != 0)
		at++;
	if (at->name != NULL && strcmp(at->type, "channel") == 0)
		while (n < FIELD_VALUES && channels[n].about != NULL) {
			out[n] = channels[n].name;
			n++;
		}
	if (at->name == NULL || strncmp(at->type, "enum:", 5) != 0)
		return n;
	for (rest = str_of(at->type + 5); rest.p != NULL && n < FIELD_VALUES;)
		out[n++] = arena_cstr(&f->rules->arena, str_split(&rest, '|'));
	return n;
}

/* An error for each of the words that is no value of the field. */
static void
check_values(struct rulefile *f, const struct yaml_node *n, const char *field)
{
	const char *values[FIELD_VALUES];
	size_t i, count = field_values(f, field, values);
	size_t items = yaml_kind(n) == YAML_LIST ? yaml_count(n) : 1;

	for (i = 0; count > 0 && i < items; i++)
		rulefile_choice(f, rulefile_item(n, i), field, values, count);
}

/* --- what it decides --- */

/* Somebody outside of all teams may be meant, or a slip of the pen. */
static void
check_assignee(struct rulefile *f, const struct yaml_node *n)
{
	const struct names *teams = &f->rules->sections[TEAMS];
	size_t i, j;

	for (i = 0; i < teams->n; i++) {
		const struct team *t = (const struct team *)teams->v[i];

		for (j = 0; j < t->n; j++)
			if (str_eq(t->members[j].name, yaml_text(n)))
				return;
	}
	if (teams->n > 0)
		rulefile_warn(f, n, "assignee '%.*s' is in no team",
		    STR_ARG(yaml_text(n)));
}

static void
decide(struct rulefile *f, const struct yaml_node *v, enum what w,
    struct outcome *out)
{
	static const char *const stakes[] = { "low", "normal", "high" };

	out->what[w] = rulefile_text(f, v, what_names[w]);
	if (out->what[w].p == NULL)
		return;
	switch (w) {
	case WHAT_TEAM:
		rulefile_named(f, v, TEAMS);
		break;
	case WHAT_PRIORITY:
		/* Without service levels any word is one. */
		if (f->rules->sections[LEVELS].n > 0)
			rulefile_named(f, v, LEVELS);
		break;
	case WHAT_ASSIGNEE:
		check_assignee(f, v);
		roster_put(&f->rules->roster, out->what[w]);
		break;
	case WHAT_STAKES:
		rulefile_choice(f, v, "stakes", stakes, 3);
		break;
	case WHAT_SERVICE:
		rulefile_service(f, v);
		break;
	case WHAT_REPLY_ON:
		check_values(f, v, "channel");
		break;
	default:
		break;
	}
}

/* As they stand, each once. */
static void
read_labels(struct rulefile *f, const struct yaml_node *n, struct words *out)
{
	struct words w = rulefile_words(f, n, "a label");

	if (w.n > RULES_LABELS) {
		rulefile_error(
		    f, n, "at most %d labels at once", (int)RULES_LABELS);
		return;
	}
	for (size_t i = 0; i < w.n; i++)
		if (str_chr(w.v[i], '\n') >= 0)
			rulefile_error(
			    f, rulefile_item(n, i), "a label must be one line");
	*out = w;
}

void
rule_read_outcome(struct rulefile *f, const struct yaml_node *n,
    struct outcome *out, bool *stop, const char *where)
{
	const char *keys[WHATS + 4];
	size_t i, count = WHATS + (stop == NULL ? 2 : 4);
	int k;

	memcpy(keys, what_names, sizeof(what_names));
	keys[WHATS] = "human";
	keys[WHATS + 1] = "label";
	keys[WHATS + 2] = "asks";
	keys[WHATS + 3] = "stop";
	if (yaml_kind(n) != YAML_MAP) {
		rulefile_error(f, n,
		    "decisions are missing%s; write {queue: "
		    "inbox}",
		    where);
		return;
	}
	for (i = 0; i < yaml_count(n); i++) {
		k = rulefile_key(f, n, i, keys, count, where);
		if (k == WHATS)
			out->human = rulefile_bool(f, yaml_at(n, i), "human");
		else if (k == WHATS + 1)
			read_labels(f, yaml_at(n, i), &out->labels);
		else if (k == WHATS + 2)
			out->asks = rulefile_bool(f, yaml_at(n, i), "asks");
		else if (k == WHATS + 3)
			*stop =
			    rulefile_bool(f, yaml_at(n, i), "stop") == TRI_YES;
		else if (k >= 0)
			decide(f, yaml_at(n, i), (enum what)k, out);
	}
}

/* --- its conditions --- */

static int *
read_patterns(struct rulefile *f, const struct yaml_node *n, size_t *count)
{
	struct words w = rulefile_words(f, n, "a pattern");
	int *out = arena_calloc(&f->rules->arena, w.n + 1, sizeof(*out)), id;
	struct err e;
	size_t i;

	*count = 0;
	for (i = 0; i < w.n; i++) {
		id = patterns_add(f->rules->patterns, w.v[i], &e);
		if (id < 0)
			rulefile_error(
			    f, rulefile_item(n, i), "pattern %s", e.msg);
		else
			out[(*count)++] = id;
	}
	return out;
}

/* An address, "@domain", "+number" or a key "type:value". */
static void
check_from(struct rulefile *f, const struct yaml_node *n)
{
	size_t i, items = yaml_kind(n) == YAML_LIST ? yaml_count(n) : 1;
	struct str s;

	for (i = 0; i < items; i++) {
		s = yaml_text(rulefile_item(n, i));
		if (s.n > 0 && str_chr(s, '@') < 0 && str_chr(s, ':') < 0 &&
		    s.p[0] != '+')
			rulefile_error(f, rulefile_item(n, i),
			    "from: '%.*s' is no address, @domain, +number or "
			    "type:value",
			    STR_ARG(s));
	}
}

static void
read_equal(struct rulefile *f, const struct yaml_node *v, enum equal q,
    struct rule *rule)
{
	rule->equal[q] = rulefile_words(f, v, equal_names[q]);
	if (q == EQUAL_CHANNEL || q == EQUAL_TYPE)
		check_values(f, v, equal_names[q]);
	if (q == EQUAL_FROM)
		check_from(f, v);
	for (size_t i = 0; q >= EQUAL_LABEL && i < rule->equal[q].n; i++)
		rule->equal[q].v[i] =
		    unicode_fold(rule->equal[q].v[i], &f->rules->arena);
}

/* --- its paths --- */

/* The number of a path, or -1 after an error; a slip of the pen is a
 * warning, since records may have members that no tool of ours writes. */
static int
read_path(struct rulefile *f, const struct yaml_node *n, struct str text)
{
	struct rules *r = f->rules;
	struct str meant;
	struct err e;
	int number;

	if (!str_starts(text, STR("."))) {
		rulefile_error(f, n,
		    "'%.*s' is no path: it begins with a dot, as .data.total",
		    STR_ARG(text));
		return -1;
	}
	number = paths_add(r->paths, text, &e);
	if (number < 0) {
		rulefile_error(f, n, "%s", e.msg);
		return -1;
	}
	meant = paths_meant(r->paths, number, &r->arena);
	if (meant.p != NULL)
		rulefile_warn(f, n, "no tool writes %.*s; did you mean %.*s?",
		    STR_ARG(text), STR_ARG(meant));
	return number;
}

static void
read_exists(struct rulefile *f, const struct yaml_node *n, struct rule *rule)
{
	struct words w = rulefile_words(f, n, "exists");

	rule->exists =
	    arena_calloc(&f->rules->arena, w.n + 1, sizeof(*rule->exists));
	for (size_t i = 0; i < w.n; i++) {
		int number = read_path(f, rulefile_item(n, i), w.v[i]);

		if (number >= 0)
			rule->exists[rule->n_exists++] = number;
	}
}

/* .data.total: "> 500", one or several. */
static void
read_test(struct rulefile *f, const struct yaml_node *key,
    const struct yaml_node *n, struct rule *rule)
{
	struct arena *a = &f->rules->arena;
	size_t count = yaml_kind(n) == YAML_LIST ? yaml_count(n) : 1;
	struct path_test t = { read_path(f, key, yaml_text(key)) };
	struct err e;

	t.v = arena_calloc(a, count + 1, sizeof(*t.v));
	t.text = STR("");
	for (size_t i = 0; t.path >= 0 && i < count; i++) {
		const struct yaml_node *v = rulefile_item(n, i);
		struct str text = yaml_text(v);

		if (yaml_kind(v) != YAML_SCALAR) {
			rulefile_error(f, v,
			    "%.*s must be a text, a number, true, false, null, "
			    "or a comparison such as \"> 500\"",
			    STR_ARG(yaml_text(key)));
			continue;
		}
		if (text.n == 0)
			text = yaml_plain(v) ? STR("null") : STR("");
		t.v[t.n] = compare_read(text, yaml_plain(v), a, &e);
		if (t.v[t.n] == NULL)
			rulefile_error(f, v, "%s", e.msg);
		else
			t.n++;
		t.text = arena_printf(a, "%.*s%c%.*s\n", STR_ARG(t.text),
		    yaml_plain(v) ? ' ' : '"', STR_ARG(text));
	}
	if (t.n > 0)
		rule->paths[rule->n_paths++] = t;
}

static void
read_if(struct rulefile *f, const struct yaml_node *v, struct rule *rule)
{
	rule->program = rulefile_text(f, v, "if");
	rule->program_line = yaml_line(v) - 1;
	rule->program_column = yaml_column(v) - 1;
	/* A block begins its lines at column 1, a quoted text behind the
	 * quote. */
	if (!yaml_plain(v) && rule->program_column > 0)
		rule->program_column++;
}

/* An error for each of the programs that jq does not take. */
static void
blame(struct rulefile *f)
{
	struct rules *r = f->rules;
	struct err e;

	for (size_t i = 0; i < r->n; i++) {
		const struct rule *v = &r->v[i];
		struct expr *x;

		if (v->program.p == NULL)
			continue;
		x = expr_new(r->path, v->program_line, v->program_column,
		    v->program, &e);
		if (x == NULL)
			rulefile_passed(f, NULL, e.msg);
		expr_free(x);
	}
}

void
rule_compile_programs(struct rulefile *f)
{
	struct rules *r = f->rules;
	struct str *programs =
	    arena_calloc(&r->arena, r->n + 1, sizeof(*programs));
	size_t n = 0, part;
	struct err e;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].program.p != NULL) {
			r->v[i].number = n;
			programs[n++] = r->v[i].program;
		}
	r->tests =
	    arena_calloc(&r->arena, n / RULES_TOGETHER + 1, sizeof(*r->tests));
	r->input = expr_input_new();
	for (size_t at = 0; at < n; at += part) {
		part = n - at < RULES_TOGETHER ? n - at : RULES_TOGETHER;
		r->tests[r->n_tests] =
		    expr_new_many(r->path, programs + at, part, &e);
		if (r->tests[r->n_tests] == NULL) {
			blame(f);
			if (f->is->errors == 0)
				rulefile_passed(f, NULL, e.msg);
			return;
		}
		expr_input_for(r->input, r->tests[r->n_tests++]);
	}
}

enum {
	KEY_NAME,
	KEY_MATCH,
	KEY_EXCEPT,
	KEY_WAITING,
	KEY_OLDER,
	KEY_WITHIN,
	KEY_OUTSIDE,
	KEY_EXISTS,
	KEY_IF,
	KEY_THEN,
	KEYS
};

/* The names of one calendar or of several. */
static void
read_calendars(
    struct rulefile *f, const struct yaml_node *v, struct calendars *out)
{
	bool list = yaml_kind(v) == YAML_LIST;
	size_t n = list ? yaml_count(v) : 1;

	out->v = arena_calloc(&f->rules->arena, n + 1, sizeof(*out->v));
	for (size_t i = 0; i < n; i++) {
		struct named *found =
		    rulefile_named(f, rulefile_item(v, i), CALENDARS);

		if (found != NULL)
			out->v[out->n++] = (struct named_calendar *)found;
	}
	if (n == 0)
		rulefile_error(f, v, "the name of a calendar is missing");
}

static void
read_part(
    struct rulefile *f, const struct yaml_node *v, int key, struct rule *rule)
{
	switch (key) {
	case KEY_NAME:
		rule->name = rulefile_text(f, v, "name");
		break;
	case KEY_MATCH:
		rule->match = read_patterns(f, v, &rule->n_match);
		break;
	case KEY_EXCEPT:
		rule->except = read_patterns(f, v, &rule->n_except);
		break;
	case KEY_WAITING:
		rule->waiting = rulefile_duration(f, v, "waiting");
		break;
	case KEY_OLDER:
		rule->older = rulefile_duration(f, v, "older");
		break;
	case KEY_WITHIN:
		read_calendars(f, v, &rule->within);
		break;
	case KEY_OUTSIDE:
		read_calendars(f, v, &rule->outside);
		break;
	case KEY_EXISTS:
		read_exists(f, v, rule);
		break;
	case KEY_IF:
		read_if(f, v, rule);
		break;
	case KEY_THEN:
		rule_read_outcome(f, v, &rule->then, &rule->stop, " of then");
		break;
	default:
		break;
	}
}

static void
read_key(
    struct rulefile *f, const struct yaml_node *n, size_t i, struct rule *rule)
{
	static const char *const parts[KEYS] = { "name", "match", "except",
		"waiting", "older", "within", "outside", "exists", "if",
		"then" };
	const char *keys[KEYS_MAX];
	const struct yaml_node *v = yaml_at(n, i), *key = yaml_key(n, i);
	struct str name = yaml_text(key);
	int k;

	if (str_chr(name, '.') > 0) {
		rulefile_error(f, key,
		    "unknown key '%.*s' of a rule; a path begins with a dot: "
		    "'.%.*s'",
		    STR_ARG(name), STR_ARG(name));
		return;
	}
	if (str_starts(name, STR("."))) {
		read_test(f, key, v, rule);
		return;
	}
	memcpy(keys, parts, sizeof(parts));
	memcpy(keys + KEYS, equal_names, sizeof(equal_names));
	memcpy(keys + KEYS + EQUALS, flag_names, sizeof(flag_names));
	k = rulefile_key(
	    f, n, i, keys, KEYS + (size_t)EQUALS + FLAGS, " of a rule");
	if (k < 0)
		return;
	if (k < KEYS)
		read_part(f, v, k, rule);
	else if (k < KEYS + EQUALS)
		read_equal(f, v, (enum equal)(k - KEYS), rule);
	else
		rule->flag[k - KEYS - EQUALS] = rulefile_bool(f, v, keys[k]);
}

static void
check_name(struct rulefile *f, const struct yaml_node *n, struct rule *rule)
{
	struct rules *r = f->rules;
	size_t i, number = (size_t)(rule - r->v);

	if (rule->name.p == NULL)
		rule->name = arena_printf(&r->arena, "#%zu", number + 1);
	for (i = 0; i < number; i++)
		if (str_eq(r->v[i].name, rule->name))
			rulefile_error(f, yaml_get(n, "name"),
			    "'%.*s' is the name of the rule of line %d too",
			    STR_ARG(rule->name), r->v[i].line);
}

static unsigned
asks_of(const struct rule *rule)
{
	unsigned asks = 0;

	for (size_t i = 0; i < FLAGS; i++)
		if (rule->flag[i] != TRI_ANY)
			asks |= 1U << (ASK_FLAG + i);
	if (rule->waiting >= 0)
		asks |= 1U << ASK_WAITING;
	if (rule->older >= 0)
		asks |= 1U << ASK_OLDER;
	if (rule->within.n > 0)
		asks |= 1U << ASK_WITHIN;
	if (rule->outside.n > 0)
		asks |= 1U << ASK_OUTSIDE;
	for (size_t i = 0; i < EQUALS; i++)
		if (rule->equal[i].n > 0)
			asks |= 1U << (ASK_EQUAL + i);
	if (rule->n_exists > 0)
		asks |= 1U << ASK_EXISTS;
	if (rule->n_paths > 0)
		asks |= 1U << ASK_PATHS;
	if (rule->n_match > 0 || rule->n_except > 0)
		asks |= 1U << ASK_TEXT;
	return asks;
}

void
rule_read(struct rulefile *f, const struct yaml_node *n, struct rule *rule)
{
	size_t i;

	rule->line = yaml_line(n);
	rule->column = yaml_column(n);
	rule->waiting = rule->older = -1;
	if (yaml_kind(n) != YAML_MAP) {
		rulefile_error(f, n, "a rule needs then, and conditions");
		return;
	}
	rule->paths = arena_calloc(
	    &f->rules->arena, yaml_count(n) + 1, sizeof(*rule->paths));
	for (i = 0; i < yaml_count(n); i++)
		read_key(f, n, i, rule);
	rule->asks = asks_of(rule);
	f->rules->asks |= rule->asks;
	f->rules->take_in = f->rules->take_in || rule->then.asks == TRI_YES;
	check_name(f, n, rule);
	if (yaml_get(n, "then") == NULL)
		rulefile_error(f, n,
		    "rule %.*s decides nothing: it has no "
		    "then",
		    STR_ARG(rule->name));
}
