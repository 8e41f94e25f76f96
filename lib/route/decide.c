#include "route/decide.h"

#include <stdio.h>

#include "identify/ids.h"
#include "text/unicode.h"

static const char *const equal_members[EQUALS] = { "channel", "type", "account",
	"from", "keywords", "context", "data", "language", "org" };

/* One look at a record. */
struct look {
	struct rules *rules;
	const struct facts *facts;
	struct str value[EQUALS]; /* of the members that are plain texts */
	struct json list[EQUALS]; /* and of those that are lists */
	struct str email, tel, uri; /* of from */
	struct json ids;
	const struct decision *d; /* as far as it is */
	bool scanned;
	bool silent; /* it is, and nothing was found */
	struct err *e;
	struct buf *say; /* explain: what each condition found, or NULL */
};

/* What the record says itself, else its contact row, else what contact rows
 * said before: in any case, so it is folded. */
static struct str
said(struct record *r, const char *member, struct json v, struct arena *a)
{
	struct json data = record_get(r, "data");
	struct json traits = json_get(record_get(r, "context"), "traits");
	struct str s = json_str(v, a);

	if (s.n == 0)
		s = json_str(json_get(data, member), a);
	if (s.n == 0)
		s = json_str(json_get(traits, member), a);
	return s.n == 0 ? STR_NONE : unicode_fold(s, a);
}

/* What a condition of some rule compares, read once for all rules. */
static void
read_equal(struct look *l, enum equal q)
{
	struct record *r = l->facts->record;
	struct json v = record_get(r, equal_members[q]);
	struct arena *a = record_arena(r);

	switch (q) {
	case EQUAL_FROM:
		l->email = json_str(json_get(v, "email"), a);
		l->tel = json_str(json_get(v, "tel"), a);
		l->uri = json_str(json_get(v, "uri"), a);
		l->ids = record_get(r, "ids");
		break;
	case EQUAL_KEYWORD:
		l->list[q] = v;
		break;
	case EQUAL_SEGMENT:
		l->list[q] = json_get(v, "segments");
		break;
	case EQUAL_LABEL:
		l->list[q] = json_get(v, "labels");
		l->value[q] = json_str(json_get(v, "tags"), a);
		if (l->list[q].doc == NULL)
			l->list[q] = json_get(v, "tags");
		break;
	case EQUAL_LANGUAGE:
	case EQUAL_ORG:
		l->value[q] = said(r, equal_members[q], v, a);
		break;
	default:
		l->value[q] = json_str(v, a);
		break;
	}
}

static void
look_at(struct look *l, struct rules *r, const struct facts *f,
    const struct decision *d, struct buf *say, struct err *e)
{
	*l =
	    (struct look){ .rules = r, .facts = f, .d = d, .say = say, .e = e };
	for (size_t i = 0; i < EQUALS; i++)
		if ((r->asks >> (ASK_EQUAL + i) & 1) != 0)
			read_equal(l, (enum equal)i);
	patterns_clear(r->patterns);
	if ((r->asks >> ASK_EXISTS & 3) != 0)
		paths_look(
		    r->paths, record_root(f->record), record_arena(f->record));
	if (r->n_tests > 0)
		expr_input_set(r->input, record_root(f->record));
}

/* A line of an explanation; the conditions' own sentences. */
static void
say(const struct look *l, bool held, const char *what, struct str found)
{
	if (l->say == NULL)
		return;
	buf_printf(l->say, "    %-11s %s%s%.*s%s\n", what, held ? "yes" : "no",
	    found.p == NULL ? "" : ": ", STR_ARG(str_sub(found, 0, 200)),
	    found.n > 200 ? "..." : "");
}

static bool
has(const struct words *w, struct str s)
{
	size_t i;

	for (i = 0; s.p != NULL && i < w->n; i++)
		if (str_eq(w->v[i], s))
			return true;
	return false;
}

/* Some string of the list stands among the words. */
static bool
list_has(
    const struct words *w, struct json list, struct arena *a, struct str *found)
{
	struct json_iter it = json_each(list);
	struct json v;

	while (json_next(&it, NULL, &v)) {
		*found = json_str(v, a);
		if (has(w, *found))
			return true;
	}
	*found = STR_NONE;
	return false;
}

/*
 * True where the record was given the key "type:value" by somebody who can
 * be believed: what a sender merely claims does not count.
 */
static bool
has_key(struct look *l, struct str key)
{
	struct ids it = ids_each(l->ids, record_arena(l->facts->record));
	struct str type = str_split(&key, ':');
	struct evidence e;

	while (ids_next(&it, &e))
		if (trust_joins(e.trust) && e.trust != TRUST_PROFILE &&
		    str_eq(e.type, type) && str_eq(e.value, key))
			return true;
	return false;
}

static bool
from_is(struct look *l, struct str want)
{
	ptrdiff_t at;

	if (want.p[0] == '@') {
		at = str_rchr(l->email, '@');
		return at >= 0 &&
		       str_eq_nocase(
			   str_sub(l->email, (size_t)at, l->email.n), want);
	}
	if (want.p[0] == '+')
		return str_eq(l->tel, want);
	if (str_chr(want, ':') >= 0)
		return has_key(l, want);
	return l->email.p != NULL && str_eq_nocase(l->email, want);
}

static bool
from_holds(struct look *l, const struct words *w, struct str *found)
{
	size_t i;

	*found = l->email.p != NULL ? l->email
		 : l->tel.p != NULL ? l->tel
				    : l->uri;
	for (i = 0; i < w->n; i++)
		if (from_is(l, w->v[i]))
			return true;
	return false;
}

static bool
label_is(struct look *l, const struct words *w, struct str s, struct str *found)
{
	if (s.n == 0 ||
	    !has(w, unicode_fold(s, record_arena(l->facts->record))))
		return false;
	*found = s;
	return true;
}

/* One that the record came with, that the conversation has, or that a rule
 * above gave. */
static bool
label_holds(struct look *l, const struct words *w, struct str *found)
{
	struct json_iter it = json_each(l->list[EQUAL_LABEL]);
	struct str tags = l->value[EQUAL_LABEL];
	struct json v;

	while (json_next(&it, NULL, &v))
		if (label_is(l, w, json_str(v, record_arena(l->facts->record)),
			found))
			return true;
	while (tags.p != NULL)
		if (label_is(l, w, str_trim(str_split(&tags, ',')), found))
			return true;
	for (size_t i = 0; i < l->d->n_labels; i++)
		if (label_is(l, w, l->d->labels[i], found))
			return true;
	return false;
}

/* de is de-AT, too (RFC 4647, 3.3.1), and de_AT, as systems write it. */
static bool
language_holds(const struct words *w, struct str is)
{
	for (size_t i = 0; is.p != NULL && i < w->n; i++)
		if (str_starts(is, w->v[i]) &&
		    (is.n == w->v[i].n || is.p[w->v[i].n] == '-' ||
			is.p[w->v[i].n] == '_'))
			return true;
	return false;
}

static bool
equal_holds(struct look *l, const struct rule *rule, enum equal q)
{
	const struct words *w = &rule->equal[q];
	struct str found = STR_NONE;
	bool held;

	switch (q) {
	case EQUAL_FROM:
		held = from_holds(l, w, &found);
		break;
	case EQUAL_KEYWORD:
	case EQUAL_SEGMENT:
		held = list_has(
		    w, l->list[q], record_arena(l->facts->record), &found);
		break;
	case EQUAL_LABEL:
		held = label_holds(l, w, &found);
		break;
	case EQUAL_LANGUAGE:
		found = l->value[q];
		held = language_holds(w, found);
		break;
	default:
		found = l->value[q];
		held = has(w, found);
		break;
	}
	say(l, held, equal_names[q], found.p == NULL ? STR("none") : found);
	return held;
}

static bool
flag_holds(struct look *l, const struct rule *rule, enum flag q)
{
	const struct facts *f = l->facts;
	bool is = q == FLAG_QUARANTINE ? f->quarantined
		  : q == FLAG_ANSWERED ? f->answered
				       : f->overdue;
	bool held = is == (rule->flag[q] == TRI_YES);

	say(l, held, flag_names[q], is ? STR("true") : STR("false"));
	return held;
}

static bool
waiting_holds(struct look *l, const struct rule *rule)
{
	int64_t waited = l->facts->waited;
	bool held = waited >= 0 && waited >= rule->waiting;
	char text[TIME_SIZE];

	if (l->say != NULL)
		say(l, held, "waiting",
		    waited < 0 ? STR("not")
			       : str_make(text, duration_format(waited, text)));
	return held;
}

static bool
older_holds(struct look *l, const struct rule *rule)
{
	int64_t age = l->facts->age;
	bool held = age >= 0 && age >= rule->older;
	char text[TIME_SIZE];

	if (l->say != NULL)
		say(l, held, "older",
		    age < 0 ? STR("not known")
			    : str_make(text, duration_format(age, text)));
	return held;
}

/* Is one of the calendars open at the record's time?  A record without a time
 * is neither within nor outside of any. */
static bool
hours_hold(struct look *l, const struct calendars *c, bool within)
{
	int64_t at = l->facts->at;
	bool held = at != TIME_NONE, open = false;
	size_t i = 0;

	for (; held && !open && i < c->n; i++)
		open = calendar_open_at(c->v[i]->calendar, at);
	held = held && open == within;
	say(l, held, within ? "within" : "outside",
	    open              ? c->v[i - 1]->is.name
	    : at == TIME_NONE ? STR("no time")
			      : STR("closed"));
	return held;
}

/* Something stands at one of the paths, and not only null. */
static bool
exists(struct look *l, const struct rule *rule)
{
	struct paths *p = l->rules->paths;

	for (size_t i = 0; i < rule->n_exists; i++) {
		const struct json *v;
		size_t n = paths_values(p, rule->exists[i], &v);

		for (size_t k = 0; k < n; k++)
			if (json_type(v[k]) != JSON_NULL) {
				say(l, true, "exists",
				    paths_text(p, rule->exists[i]));
				return true;
			}
	}
	say(l, false, "exists", STR("nothing there"));
	return false;
}

static bool
path_holds(struct look *l, const struct path_test *t)
{
	struct arena *a = record_arena(l->facts->record);
	const struct json *v;
	size_t n = paths_values(l->rules->paths, t->path, &v);
	struct str found = STR_NONE, first = STR_NONE;
	bool held = false;

	for (size_t i = 0; !held && i < t->n; i++) {
		held = compare_holds(t->v[i], v, n, a, &found);
		if (i == 0)
			first = found;
	}
	if (!held)
		found = first;
	if (l->say != NULL)
		say(l, held,
		    arena_cstr(a, paths_text(l->rules->paths, t->path)),
		    found.p == NULL ? STR("nothing there") : found);
	return held;
}

static bool
paths_hold(struct look *l, const struct rule *rule)
{
	bool all = true;

	for (size_t i = 0; i < rule->n_paths && (all || l->say != NULL); i++)
		all = path_holds(l, &rule->paths[i]) && all;
	return all;
}

static int
scan(struct look *l)
{
	struct record *r = l->facts->record;
	struct patterns *p = l->rules->patterns;

	if (l->scanned)
		return 0;
	l->scanned = true;
	if (patterns_scan(p, record_str(r, "subject"), l->e) != 0 ||
	    patterns_scan(p, record_str(r, "text"), l->e) != 0)
		return -1;
	l->silent = !patterns_any(p);
	return 0;
}

static bool
some_found(struct look *l, const int *ids, size_t n, struct str *which)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (patterns_found(l->rules->patterns, (size_t)ids[i])) {
			*which =
			    patterns_text(l->rules->patterns, (size_t)ids[i]);
			return true;
		}
	return false;
}

/* match and except: 1, 0, -1. */
static int
text_holds(struct look *l, const struct rule *rule)
{
	struct str which = STR_NONE;
	bool held = true;

	if (scan(l) != 0)
		return -1;
	if (rule->n_match > 0) {
		held = some_found(l, rule->match, rule->n_match, &which);
		say(l, held, "match", which);
		if (!held && l->say == NULL)
			return 0;
	}
	if (rule->n_except > 0 &&
	    some_found(l, rule->except, rule->n_except, &which)) {
		say(l, false, "except", which);
		return 0;
	}
	if (rule->n_except > 0)
		say(l, true, "except", STR_NONE);
	return held;
}

/* The `if`; 1, 0, or 0 with d->failed set. */
static bool
test_holds(struct look *l, const struct rule *rule, struct decision *d)
{
	int held = rules_test(l->rules, rule, &d->why);

	if (held < 0) {
		d->failed = rule;
		say(l, false, "if", str_of(d->why.msg));
		return false;
	}
	say(l, held == 1, "if", rule->program);
	return held == 1;
}

static int
condition_holds(struct look *l, const struct rule *rule, int ask)
{
	if (ask < ASK_WAITING)
		return flag_holds(l, rule, (enum flag)(ask - ASK_FLAG));
	if (ask == ASK_WAITING)
		return waiting_holds(l, rule);
	if (ask == ASK_OLDER)
		return older_holds(l, rule);
	if (ask == ASK_WITHIN || ask == ASK_OUTSIDE)
		return hours_hold(l,
		    ask == ASK_WITHIN ? &rule->within : &rule->outside,
		    ask == ASK_WITHIN);
	if (ask == ASK_EXISTS)
		return exists(l, rule);
	if (ask == ASK_PATHS)
		return paths_hold(l, rule);
	if (ask < ASK_EXISTS)
		return equal_holds(l, rule, (enum equal)(ask - ASK_EQUAL));
	return text_holds(l, rule);
}

/*
 * 1 where the rule holds, 0, -1.  The cheap conditions come first, and unless
 * somebody wants to read about all of them the first that fails is the end.
 */
static int
holds(struct look *l, const struct rule *rule, struct decision *d)
{
	bool all = true, more = l->say != NULL;
	unsigned asks = rule->asks;
	int rc;

	if (l->facts->quarantined && rule->flag[FLAG_QUARANTINE] != TRI_YES) {
		say(l, false, "quarantine",
		    STR("true, and the rule does not ask for it"));
		return 0;
	}
	for (; asks != 0 && (all || more); asks &= asks - 1) {
		rc = condition_holds(l, rule, __builtin_ctz(asks));
		if (rc < 0)
			return -1;
		all = rc == 1 && all;
	}
	if (!all && !more)
		return 0;
	if (rule->program.p == NULL)
		return all;
	if (!all) {
		say(l, false, "if", STR("not asked, another condition fails"));
		return 0;
	}
	return test_holds(l, rule, d);
}

/* Takes what is open in `into` from o; true where there was something. */
static bool
fill(struct outcome *into, const struct outcome *o)
{
	bool some = false;
	size_t i;

	for (i = 0; i < WHATS; i++)
		if (into->what[i].p == NULL && o->what[i].p != NULL) {
			into->what[i] = o->what[i];
			some = true;
		}
	if (into->human == TRI_ANY && o->human != TRI_ANY) {
		into->human = o->human;
		some = true;
	}
	if (into->asks == TRI_ANY && o->asks != TRI_ANY) {
		into->asks = o->asks;
		some = true;
	}
	return some;
}

/* The labels that the conversation has. */
static void
begin_labels(struct decision *d, struct str labels)
{
	d->n_labels = 0;
	d->labels_by_rule = 0;
	while (labels.p != NULL && d->n_labels < RULES_LABELS)
		d->labels[d->n_labels++] = str_split(&labels, '\n');
}

/* Which label that is, added where it is new; RULES_LABELS where there is no
 * room for it. */
static size_t
label_at(struct decision *d, struct str label)
{
	size_t i = 0;

	while (i < d->n_labels && !str_eq(d->labels[i], label))
		i++;
	if (i == d->n_labels && i < RULES_LABELS)
		d->labels[d->n_labels++] = label;
	return i;
}

/* True where one was given by no rule above. */
static bool
add_labels(struct decision *d, const struct words *w)
{
	uint64_t before = d->labels_by_rule;

	for (size_t i = 0; i < w->n; i++) {
		size_t at = label_at(d, w->v[i]);

		if (at < RULES_LABELS)
			d->labels_by_rule |= UINT64_C(1) << at;
	}
	return d->labels_by_rule != before;
}

/* True where it decided something. */
static bool
take(struct decision *d, const struct rule *rule)
{
	bool some = fill(&d->is, &rule->then);

	return add_labels(d, &rule->then.labels) || some || rule->stop;
}

int
decide(
    struct rules *r, const struct facts *f, struct decision *d, struct err *e)
{
	struct look l;
	size_t i;
	int rc;

	d->is = d->by_rule = (struct outcome){ 0 };
	d->failed = NULL;
	d->n = 0;
	begin_labels(d, f->labels);
	look_at(&l, r, f, d, NULL, e);
	for (i = 0; i < r->n; i++) {
		const struct rule *rule = &r->v[i];

		if (l.silent && rule->n_match > 0)
			continue;
		rc = holds(&l, rule, d);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		if (take(d, rule) && d->n < DECISION_RULES)
			d->rules[d->n++] = rule;
		if (rule->stop)
			break;
	}
	d->by_rule = d->is;
	return 0;
}

void
decide_rest(struct decision *d, const struct outcome *o)
{
	fill(&d->is, o);
	for (size_t i = 0; i < o->labels.n; i++)
		label_at(d, o->labels.v[i]);
}

int
decide_explain(
    struct rules *r, const struct facts *f, struct buf *out, struct err *e)
{
	struct decision d;
	struct rule *rule;
	struct buf text;
	struct look l;
	bool stopped = false;
	int rc = 0;

	buf_init(&text, 1 << 20);
	begin_labels(&d, f->labels);
	look_at(&l, r, f, &d, &text, e);
	for (rule = r->v; rc >= 0 && rule < r->v + r->n; rule++) {
		buf_reset(&text);
		rc = holds(&l, rule, &d);
		buf_printf(out, "  %s:%d: rule %.*s %s%s\n", r->path,
		    rule->line, STR_ARG(rule->name),
		    rc == 1 ? "holds" : "does not hold",
		    !stopped  ? ""
		    : rc == 1 ? ", but a rule above has stopped"
			      : "");
		buf_add_str(out, buf_str(&text));
		if (rc == 1 && !stopped)
			add_labels(&d, &rule->then.labels);
		stopped = stopped || (rc == 1 && rule->stop);
	}
	buf_release(&text);
	return rc < 0 ? -1 : 0;
}
