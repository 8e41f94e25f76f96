#include "report/ledger/ledger.h"

#include "identify/keys.h"
#include "people/activity.h"
#include "record/channels.h"
#include "record/fields.h"

void
ledger_release(struct ledger *l)
{
	for (size_t i = 0; i < l->people.n; i++) {
		vec_release(&l->people.v[i].addresses);
		consents_release(&l->people.v[i].said);
	}
	vec_release(&l->people);
	map_release(&l->index);
	arena_release(&l->arena);
	*l = (struct ledger){ 0 };
}

static struct str
member(struct json v, const char *name, struct record *r)
{
	return json_str(json_get(v, name), record_arena(r));
}

/* As they are compared; in the record's arena. */
static struct str
email_of(struct str s, struct record *r)
{
	struct str key = s.n == 0 ? STR_NONE : key_email(s, record_arena(r));

	return key.n > 0 ? key : s;
}

static bool
has_address(const struct ledger_person *p, struct ledger_address a)
{
	for (size_t i = 0; i < p->addresses.n; i++) {
		const struct ledger_address *x = &p->addresses.v[i];

		if (str_eq(x->email, a.email) && str_eq(x->tel, a.tel) &&
		    str_eq(x->uri, a.uri))
			return true;
	}
	return false;
}

static void
add_address(struct ledger *l, struct ledger_person *p, struct ledger_address a)
{
	if (a.email.n + a.tel.n + a.uri.n == 0 || has_address(p, a))
		return;
	a.email = arena_dup(&l->arena, a.email);
	a.tel = arena_dup(&l->arena, a.tel);
	a.uri = arena_dup(&l->arena, a.uri);
	vec_add(&p->addresses, a);
}

static void
add_addresses(struct ledger *l, struct ledger_person *p, struct record *r,
    const struct ledger_address *from)
{
	struct json data = record_get(r, "data"), v;
	struct json_iter it;

	add_address(l, p, (struct ledger_address){ .email = from->email });
	add_address(l, p, (struct ledger_address){ .tel = from->tel });
	add_address(l, p, (struct ledger_address){ .uri = from->uri });
	if (!record_is(r, "type", "contact"))
		return;
	it = json_each(json_get(data, "emails"));
	while (json_next(&it, NULL, &v))
		add_address(l, p,
		    (struct ledger_address){
			.email = email_of(json_str(v, record_arena(r)), r) });
	it = json_each(json_get(data, "tels"));
	while (json_next(&it, NULL, &v))
		add_address(l, p,
		    (struct ledger_address){
			.tel = json_str(v, record_arena(r)) });
}

/* Which of these the channel sends to. */
static struct str
address_on(const struct ledger_address *a, struct str channel)
{
	const struct channel *c = channel_named(channel);
	struct str first = c == NULL                                ? STR_NONE
			   : channel_replies_by_mail(c)             ? a->email
			   : c->to == TO_TEL                        ? a->tel
			   : c->to == TO_TEL_OR_URI && a->tel.n > 0 ? a->tel
			   : c->to == TO_MESSAGE                    ? STR_NONE
								    : a->uri;

	if (first.n > 0 || c != NULL)
		return first;
	return a->email.n > 0 ? a->email : a->tel.n > 0 ? a->tel : a->uri;
}

/* The first that the channel sends to; absent. */
static struct str
known_address(const struct ledger_person *p, struct str channel)
{
	struct str s = STR_NONE;

	for (size_t i = 0; s.n == 0 && i < p->addresses.n; i++)
		s = address_on(&p->addresses.v[i], channel);
	return s;
}

/* Is a key of the author one that joins people? */
static bool
is_proved(struct record *r)
{
	struct json_iter it = json_each(record_get(r, "ids"));
	struct json v;

	while (json_next(&it, NULL, &v))
		if (str_starts(member(v, "from", r), STR("from.")) &&
		    trust_joins(trust_of(member(v, "trust", r))))
			return true;
	return false;
}

static struct ledger_person *
person_of(struct ledger *l, struct record *r, const struct ledger_address *from)
{
	struct str id = record_str(r, "person"), key = id;
	struct ledger_person *p;
	uint64_t *at;
	bool fresh;

	if (key.n == 0)
		key = from->email.n > 0 ? from->email
		      : from->tel.n > 0 ? from->tel
					: from->uri;
	if (key.n == 0)
		return NULL;
	at = map_put(&l->index, key, &fresh);
	if (fresh) {
		*at = l->people.n;
		vec_add(&l->people,
		    (struct ledger_person){
			.id = id.n > 0 ? arena_dup(&l->arena, id) : STR_NONE });
	}
	p = &l->people.v[*at];
	return p;
}

static void
say(struct ledger_person *p, struct record *r,
    const struct ledger_address *from)
{
	struct consent_word words[ACTIVITY_WISHES];
	bool apart = record_get(r, "quarantine").doc != NULL;
	size_t n = activity_consents(r, words);

	for (size_t i = 0; i < n; i++) {
		struct str at = address_on(from, words[i].channel);

		if (apart && words[i].said == CONSENT_IN)
			continue;
		consents_say(&p->said, &words[i],
		    words[i].row ? record_known(r) : record_time(r), at,
		    record_str(r, "id"));
	}
}

void
ledger_add(struct ledger *l, struct record *r)
{
	struct json from = record_get(r, "from");
	struct ledger_address a = { .email =
					email_of(member(from, "email", r), r),
		.tel = member(from, "tel", r),
		.uri = member(from, "uri", r) };
	struct str name = member(from, "name", r);
	struct ledger_person *p;

	if (record_is(r, "direction", "outbound") ||
	    record_is(r, "direction", "internal"))
		return;
	p = person_of(l, r, &a);
	if (p == NULL)
		return;
	if (name.n > 0 && !str_eq(name, p->name))
		p->name = arena_dup(&l->arena, name);
	add_addresses(l, p, r, &a);
	p->proved = p->proved || is_proved(r);
	say(p, r, &a);
}

/* The table of words. */

enum {
	WHO,
	ADDRESS,
	CHANNEL,
	PURPOSE,
	STATUS,
	SINCE,
	WORDS,
	SOURCE,
	RECORD,
	PERSON,
};

static const char about[] =
    "What stands of being written to, by person, channel and purpose: a message "
    "that is a wish for no more messages and nothing else (out) or for them "
    "again (in), what is only near to the former (asked: a person must look at "
    "it, and no solicitation goes there), an event with data.act consent, and "
    "rows of customer tables. Marketing is what nobody asked for, service what "
    "is about their own orders and questions, all both. Since: when they first "
    "said what stands now; the words and the record are those.";

/* A word that stands. */
struct line {
	const struct ledger_person *p;
	const struct consents_channel *c;
	enum purpose purpose;
	const struct consent_kept *k;
};

static int
oldest_first(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order;

	if (x->k->at != y->k->at)
		return x->k->at < y->k->at ? -1 : 1;
	order = strcmp(x->k->record, y->k->record);
	if (order != 0)
		return order;
	order = strcmp(x->c->name, y->c->name);
	return order != 0 ? order : (int)x->purpose - (int)y->purpose;
}

struct lines VEC(struct line);

static void
gather(const struct ledger_person *p, const struct ledger_options *o,
    struct lines *out)
{
	for (size_t i = 0; i < p->said.n; i++) {
		const struct consents_channel *c = &p->said.v[i];
		bool one = consents_agree(c);

		if (o->channel != NULL && strcmp(c->name, o->channel) != 0)
			continue;
		for (int s = 0; s < (one ? 1 : 2); s++) {
			const struct consent_kept *k = &c->of[s];

			if (k->said != CONSENT_UNSAID &&
			    (o->since == TIME_NONE || k->at >= o->since))
				vec_add(out,
				    (struct line){ p, c,
					one ? PURPOSE_ALL : (enum purpose)s,
					k });
		}
	}
}

static void
add_row(struct table *t, const struct line *x)
{
	struct str address = str_of(x->k->who);
	struct cell *row;

	if (address.n == 0)
		address = known_address(x->p, str_of(x->c->name));
	row = table_row(t);
	row[WHO] = cell_text(t, x->p->name.n > 0 ? x->p->name : address);
	row[ADDRESS] = cell_text(t, address);
	row[CHANNEL] = cell_text(t, str_of(x->c->name));
	row[PURPOSE] = cell_text(t, str_of(purpose_name(x->purpose)));
	row[STATUS] = cell_text(t, str_of(consent_name(x->k->said)));
	row[SINCE] = cell_count(x->k->at);
	row[WORDS] = cell_text(t, str_of(x->k->words));
	row[SOURCE] = cell_text(t, str_of(x->k->source));
	row[RECORD] = cell_text(t, str_of(x->k->record));
	row[PERSON] = cell_text(t, x->p->id);
}

struct table *
ledger_table(struct ledger *l, const struct ledger_options *o)
{
	struct table *t = table_new("consent", "Who wants which messages",
	    about, "Nobody said anything of being written to.");
	struct lines lines = { 0 };

	t->chart = CHART_NONE;
	table_column(t, "who", "who", CELL_TEXT, 0);
	table_column(t, "address", "address", CELL_NAME, 0);
	table_column(t, "channel", "channel", CELL_NAME, 0);
	table_column(t, "purpose", "purpose", CELL_NAME, 0);
	table_column(t, "status", "status", CELL_NAME, 0);
	table_column(t, "since", "since (UTC)", CELL_TIME, 0);
	table_column(t, "words", "words", CELL_TEXT, 0);
	table_column(t, "source", "source", CELL_TEXT, COLUMN_HIDDEN);
	table_column(t, "record", "record", CELL_NAME, 0);
	table_column(t, "person", "person", CELL_NAME, COLUMN_HIDDEN);
	for (size_t i = 0; i < l->people.n; i++)
		gather(&l->people.v[i], o, &lines);
	if (lines.n > 0)
		qsort(lines.v, lines.n, sizeof(*lines.v), oldest_first);
	for (size_t i = 0; i < lines.n; i++)
		add_row(t, &lines.v[i]);
	vec_release(&lines);
	return t;
}

/* The list of who gets nothing. */

static const char list_about[] =
    "Addresses of people who opted out of solicitations on the channel, by the "
    "same account as kith report consent: all addresses that are known of "
    "them, also those of who only claims to be at one. Who may have opted out "
    "(asked) is not among them.";

/* What stands of an address: by whom it belongs to, and by who claims it. */
struct standing_address {
	struct str address;
	const struct consent_kept *proved, *claimed;
};

struct standing_list VEC(struct standing_address);

/* Of two people of one kind the stricter word. */
static void
take(const struct consent_kept **at, const struct consent_kept *k)
{
	if (*at == NULL || k->said == CONSENT_OUT)
		*at = k;
}

static void
collect(const struct ledger_person *p, struct str channel,
    struct standing_list *out, struct map *index)
{
	const struct consent_kept *k =
	    consents_find(&p->said, channel, PURPOSE_MARKETING);

	for (size_t i = 0; k != NULL && i < p->addresses.n; i++) {
		struct str s = address_on(&p->addresses.v[i], channel);
		uint64_t *at;
		bool fresh;

		if (s.n == 0)
			continue;
		at = map_put(index, s, &fresh);
		vec_room(out, 1);
		if (fresh) {
			*at = out->n++;
			out->v[*at] = (struct standing_address){ .address = s };
		}
		take(p->proved ? &out->v[*at].proved : &out->v[*at].claimed, k);
	}
}

static int
by_address(const void *a, const void *b)
{
	const struct standing_address *x = a, *y = b;

	return str_cmp(x->address, y->address);
}

struct table *
ledger_suppression(struct ledger *l, const struct ledger_options *o)
{
	struct table *t = table_new("suppression",
	    "Who must get no solicitation", list_about, "Nobody opted out.");
	struct str channel =
	    o->channel == NULL ? STR("email") : str_of(o->channel);
	struct standing_list list = { 0 };
	struct map index = { 0 };

	t->chart = CHART_NONE;
	t->list = true;
	table_column(t, "address", "address", CELL_TEXT, 0);
	for (size_t i = 0; i < l->people.n; i++)
		collect(&l->people.v[i], channel, &list, &index);
	if (list.n > 0)
		qsort(list.v, list.n, sizeof(*list.v), by_address);
	for (size_t i = 0; i < list.n; i++) {
		const struct consent_kept *k =
		    consents_stricter(list.v[i].proved, list.v[i].claimed);

		if (k->said == CONSENT_OUT)
			table_row(t)[0] = cell_text(t, list.v[i].address);
	}
	map_release(&index);
	vec_release(&list);
	return t;
}
