/*
 * The meaning of a call by the rows that an exchange wrote of it.  Numbers of
 * up to six digits are extensions, and ours; what else is ours says the
 * workspace, then the context that the call came in by.
 */
#include "core/text/ascii.h"
#include "source/cdr/cdr.h"

enum {
	EXTENSION = 6, /* digits that an extension has at most */
	PARTY_BYTES = 80,
	LEG_SECONDS = 100000000, /* of a leg that is believed */
};

struct view {
	struct normalize *n;
	struct message *m;
	struct arena *a;
	struct cdr_cells first,
	    best; /* the first row; the one that was answered */
	struct str src, name, dst, dst_name, did;
	int64_t start, answer, end; /* of the call as a whole */
	int64_t duration, talk;
	const char *disposition;
	int weight; /* of the best row */
	char order; /* of days and months in the table, or 0 */
	size_t legs;
	struct str parent;
};

/* A day and a time of the day in two columns are one time. */
static struct str
join_clock(struct view *v, struct str first, struct str s)
{
	bool day = str_chr(first, ':') < 0, clock = str_chr(s, ':') >= 0;

	if (day == !clock)
		return first;
	return day ? ARENA_JOIN(v->a, first, STR(" "), s)
		   : ARENA_JOIN(v->a, s, STR(" "), first);
}

/* Of columns of one kind the first that is filled. */
static void
read_cells(struct view *v, struct json row, struct cdr_cells *out)
{
	struct json_iter it = json_each(row);
	struct json key, value;

	*out = (struct cdr_cells){ 0 };
	while (json_next(&it, &key, &value)) {
		enum cdr_column c = cdr_column_of(json_str(key, v->a), v->a);
		struct str s = str_trim(json_str(value, v->a));

		if (out->v[c].n == 0 && s.n > 0)
			out->v[c] = s;
		else if (c == CDR_START && s.n > 0)
			out->v[c] = join_clock(v, out->v[c], s);
	}
}

static struct str
get(const struct cdr_cells *row, enum cdr_column c)
{
	return row->v[c];
}

static int64_t
time_of(struct view *v, const struct cdr_cells *row, enum cdr_column c)
{
	struct str s = get(row, c);
	int64_t t;

	if (s.n == 0)
		return TIME_NONE;
	if (str_to_int(s, &t) == 0)
		return t > 0 && t < INT64_C(253402300799) ? t * TIME_SECOND
							  : TIME_NONE;
	return cdr_when(v->n, s, v->order, &t) < 0 ? TIME_NONE : t;
}

/* "7 min 9 s", "1h 02m", "1 Std. 5 Min.", "60s (1m)", by the first letters of
 * the units; -1 where it is none of them. */
static int64_t
by_units(struct str s)
{
	ptrdiff_t open = str_chr(s, '(');
	int64_t sum = 0, part = -1;

	for (size_t i = 0; i < (open > 0 ? (size_t)open : s.n); i++) {
		char c = ascii_lower(s.p[i]);

		if (ascii_is_digit(c)) {
			part = (part < 0 ? 0 : part * 10) + (c - '0');
			if (part > LEG_SECONDS)
				return -1;
		} else if (part >= 0 && ascii_is_letter(c)) {
			bool hour =
			    c == 'h' ||
			    str_starts_nocase(str_sub(s, i, s.n), STR("st"));

			if (!hour && c != 'm' && c != 's')
				return -1;
			sum += part * (hour ? 3600 : c == 'm' ? 60 : 1);
			part = -1;
		}
	}
	return part >= 0 ? -1 : sum;
}

/* Seconds, also as 1:02:03. */
static int64_t
seconds_of(const struct cdr_cells *row, enum cdr_column c)
{
	struct str whole = get(row, c), rest = whole;
	int64_t sum = 0, part;

	if (rest.n == 0)
		return -1;
	while (rest.p != NULL) {
		struct str piece = str_split(&rest, ':');
		ptrdiff_t dot = str_chr(piece, '.');

		if (dot < 0)
			dot = str_chr(piece, ',');
		if (dot > 0)
			piece = str_sub(piece, 0, (size_t)dot);
		if (str_to_int(piece, &part) < 0 || part < 0 ||
		    part > INT64_C(100000000))
			return by_units(whole);
		sum = sum * 60 + part;
	}
	return sum;
}

static bool
is_extension(struct str s)
{
	return str_is_digits(s) && s.n <= EXTENSION;
}

/* Words for a caller who is not told, and places that are no number. */
static bool
is_nobody(struct view *v, struct str s)
{
	return s.n == 0 || cdr_is(s, CDR_SAYS_NOBODY, v->a);
}

static bool
is_number(struct str s)
{
	if (str_starts(s, STR("+")))
		s = str_sub(s, 1, s.n);
	return str_is_digits(s);
}

/* "Name" <number>, Name (number): either may be missing. */
static void
split_clid(struct str clid, struct str *name, struct str *number)
{
	ptrdiff_t open = str_rchr(clid, '<'), round = str_rchr(clid, '(');

	*name = clid;
	*number = STR_NONE;
	if (open >= 0 && str_ends(clid, STR(">"))) {
		*number =
		    str_sub(clid, (size_t)open + 1, clid.n - (size_t)open - 2);
		*name = str_trim(str_sub(clid, 0, (size_t)open));
	} else if (round > 0 && str_ends(clid, STR(")")) &&
		   is_number(str_sub(
		       clid, (size_t)round + 1, clid.n - (size_t)round - 2))) {
		*number = str_sub(
		    clid, (size_t)round + 1, clid.n - (size_t)round - 2);
		*name = str_trim(str_sub(clid, 0, (size_t)round));
	} else if (str_is_digits(clid) || str_starts(clid, STR("+"))) {
		*number = clid;
		*name = STR_NONE;
	}
	if (name->n >= 2 && name->p[0] == '"' && name->p[name->n - 1] == '"')
		*name = str_trim(str_sub(*name, 1, name->n - 2));
}

static void
read_caller(struct view *v)
{
	struct str number, name, said, as;

	split_clid(get(&v->first, CDR_CLID), &name, &number);
	v->src = get(&v->first, CDR_SRC);
	/* Both in one, as 3CX has them. */
	split_clid(v->src, &said, &as);
	if (as.n > 0 && said.n > 0) {
		v->src = as;
		name = said;
	}
	if (is_nobody(v, v->src))
		v->src = number;
	if (is_nobody(v, v->src))
		v->src = STR_NONE;
	v->name = get(&v->first, CDR_SRC_NAME);
	if (v->name.n == 0)
		v->name = name;
	if (is_nobody(v, v->name) || str_eq(v->name, v->src) ||
	    str_is_digits(v->name) || str_starts(v->name, STR("+")))
		v->name = STR_NONE;
	v->dst = get(&v->first, CDR_DST);
	split_clid(v->dst, &said, &as);
	if (as.n > 0 && said.n > 0) {
		v->dst = as;
		v->dst_name = said;
	}
	if (is_nobody(v, v->dst))
		v->dst = STR_NONE;
	v->did = get(&v->first, CDR_DID);
}

/* A number as the exchange has it; extensions are of no country's plan. */
static struct address
address_of(struct view *v, struct str s)
{
	struct address a = { 0 };

	bool blank = false;

	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_control(s.p[i]))
			return a;
		blank |= s.p[i] == ' ';
	}
	if (s.n == 0 || s.n > PARTY_BYTES)
		return a;
	if (is_extension(s) || s.p[0] == '*' || s.p[0] == '#')
		a.uri = ARENA_JOIN(v->a, STR("tel:"), s);
	else
		message_phone(v->m, &a, s);
	/* "55 1234 5678" is a number, "Front desk" is none. */
	if (blank)
		a.uri = STR_NONE;
	return a;
}

static bool
is_ours(struct view *v, const struct address *a)
{
	const struct workspace *c = v->n->workspace;

	return (a->tel.p != NULL && workspace_our_tel(c, a->tel)) ||
	       (a->uri.p != NULL && workspace_our_uri(c, a->uri));
}

/* What the context and the direction column say: 'i', 'o', or 0. */
static char
hint(struct view *v)
{
	struct str words[] = { get(&v->first, CDR_DIRECTION),
		get(&v->first, CDR_CONTEXT) };

	for (size_t k = 0; k < 2; k++) {
		if (cdr_says(words[k], CDR_SAYS_IN, v->a))
			return 'i';
		if (cdr_says(words[k], CDR_SAYS_OUT, v->a))
			return 'o';
		/* "Missed", where the kinds of calls are told so. */
		if (k == 0 && cdr_says(words[k], CDR_SAYS_NO_ANSWER, v->a))
			return 'i';
	}
	return 0;
}

/*
 * The workspace's numbers decide; then the direction that the row or its
 * context names; then an extension that calls a number outside.
 */
static const char *
direction_of(
    struct view *v, const struct address *from, const struct address *to)
{
	bool src = is_extension(v->src), dst = is_extension(v->dst);
	char said = hint(v);

	if (is_ours(v, from))
		return is_ours(v, to) || dst ? "internal" : "outbound";
	if (is_ours(v, to))
		return src ? "internal" : "inbound";
	if (said != 0)
		return said == 'i' ? "inbound" : "outbound";
	if (src)
		return dst || v->dst.n == 0 || v->dst.p[0] == '*' ? "internal"
								  : "outbound";
	return "inbound";
}

/* Answered is more than rung; a mailbox is no person. */
static int
rank_of(const char *disposition)
{
	static const char *const ranks[] = { "failed", "busy", "no answer",
		"voicemail", "answered", NULL };

	for (int i = 0; ranks[i] != NULL; i++)
		if (strcmp(disposition, ranks[i]) == 0)
			return i;
	return 0;
}

static const char *
by_cause(int64_t cause)
{
	return cause == 17 ? "busy"
	       : cause == 16 || cause == 18 || cause == 19 || cause == 31
		   ? "no answer"
		   : "failed";
}

/* Where no column says what became of it, the kind of call may. */
static const char *
by_words(struct view *v, struct str said, struct str app, int64_t talk)
{
	if (cdr_says(said, CDR_SAYS_BUSY, v->a))
		return "busy";
	if (cdr_says(said, CDR_SAYS_NO_ANSWER, v->a))
		return "no answer";
	if (cdr_says(said, CDR_SAYS_VOICEMAIL, v->a))
		return "voicemail";
	if (str_starts_nocase(said, STR("answer")) || talk > 0 ||
	    cdr_says(said, CDR_SAYS_ANSWERED, v->a))
		return str_find_nocase(app, STR("voicemail")) >= 0 ? "voicemail"
								   : "answered";
	return NULL;
}

static const char *
disposition_of(struct view *v, const struct cdr_cells *row)
{
	struct str said = get(row, CDR_DISPOSITION);
	struct str app = get(row, CDR_APP);
	int64_t talk = seconds_of(row, CDR_TALK), cause;
	const char *is;

	/* A queue answers before anybody does. */
	if ((str_eq_nocase(app, STR("Queue")) ||
		str_eq_nocase(app, STR("Dial"))) &&
	    get(row, CDR_DST_CHANNEL).n == 0 &&
	    !cdr_says(said, CDR_SAYS_BUSY, v->a))
		return "no answer";
	is =
	    by_words(v, said.n > 0 ? said : get(row, CDR_DIRECTION), app, talk);
	if (is != NULL)
		return is;
	if (str_to_int(get(row, CDR_CAUSE), &cause) == 0 ||
	    str_to_int(said, &cause) == 0)
		return by_cause(cause);
	return cdr_says(said, CDR_SAYS_NORMAL, v->a) ? "no answer" : "failed";
}

/* How much a row tells of what became of the call: a device more than the
 * channel within the exchange that leads to it. */
static int
weight_of(const struct cdr_cells *row, const char *disposition)
{
	struct str to = get(row, CDR_DST_CHANNEL);

	return 2 * rank_of(disposition) +
	       (to.n > 0 && !str_starts(to, STR("Local/")));
}

static void
take_row(struct view *v, const struct cdr_cells *row)
{
	int64_t start = time_of(v, row, CDR_START);
	int64_t end = time_of(v, row, CDR_END);
	int64_t duration = seconds_of(row, CDR_DURATION);
	int64_t talk = seconds_of(row, CDR_TALK);
	const char *disposition = disposition_of(v, row);
	int weight = weight_of(row, disposition);

	if (start != TIME_NONE && (v->start == TIME_NONE || start < v->start)) {
		v->start = start;
		v->first = *row;
	}
	/* Few tables say when a leg ended, most how long it was. */
	if (end == TIME_NONE && start != TIME_NONE && duration >= 0 &&
	    duration < LEG_SECONDS)
		end = start + duration * TIME_SECOND;
	if (end != TIME_NONE && end > v->end)
		v->end = end;
	if (duration > v->duration)
		v->duration = duration;
	if (v->disposition == NULL || weight > v->weight ||
	    (weight == v->weight && talk > v->talk)) {
		v->weight = weight;
		v->answer = time_of(v, row, CDR_ANSWER);
		v->disposition = disposition;
		v->best = *row;
		v->talk = talk;
	}
}

/* From the first leg's begin to the last one's end. */
static void
set_duration(struct view *v)
{
	if (v->end != TIME_NONE && v->end >= v->start) {
		int64_t whole = (v->end - v->start) / TIME_SECOND;

		if (whole > v->duration && v->legs > 1)
			v->duration = whole;
	}
}

/* "PJSIP/201-0000002a" is what answered, "PJSIP/201" who. */
static struct str
device_of(struct str channel)
{
	ptrdiff_t dash = str_rchr(channel, '-');

	return dash > 0 ? str_sub(channel, 0, (size_t)dash) : channel;
}

static void
write_data(struct view *v)
{
	struct str id = get(&v->first, CDR_LINKED_ID);
	struct writer w;

	if (id.n == 0)
		id = get(&v->first, CDR_UNIQUE_ID);
	buf_reset(&v->n->scratch);
	write_init(&w, &v->n->scratch);
	write_object(&w);
	if (v->parent.n > 0) {
		write_member(&w, "subtype", STR("leg"));
		write_member(&w, "call", v->parent);
	}
	if (v->duration >= 0)
		write_member_int(&w, "duration", v->duration);
	if (v->talk >= 0)
		write_member_int(&w, "talk", v->talk);
	write_member(&w, "disposition", str_of(v->disposition));
	if (rank_of(v->disposition) >= rank_of("voicemail")) {
		write_member_time(&w, "answeredAt", v->answer);
		write_member(&w, "answeredBy",
		    device_of(get(&v->best, CDR_DST_CHANNEL)));
	}
	write_member(&w, "application", get(&v->best, CDR_APP));
	write_member(&w, "context", get(&v->first, CDR_CONTEXT));
	write_member(&w, "uniqueId", id);
	write_member(&w, "userField", get(&v->first, CDR_USER));
	if (v->legs > 1)
		write_member_int(&w, "legs", (int64_t)v->legs);
	write_object_end(&w);
	v->m->data = buf_str(&v->n->scratch);
}

static void
set_id(struct view *v)
{
	struct str id = get(&v->first, CDR_LINKED_ID);

	if (id.n == 0)
		id = get(&v->first, CDR_UNIQUE_ID);
	/* Without an id of its own: when, who, to whom, by which line. */
	v->m->id_without_account = true;
	v->m->native_id = ARENA_JOIN(v->a, id,
	    arena_printf(v->a, "/%jd/", (intmax_t)v->start), v->src, STR("/"),
	    v->dst, STR("/"), id.n > 0 ? STR("") : get(&v->first, CDR_CHANNEL));
}

static void
set_parties(struct view *v)
{
	struct message *m = v->m;
	struct address from = address_of(v, v->src);
	struct address to = address_of(v, v->dst), did = address_of(v, v->did);
	struct str account = get(&v->first, CDR_ACCOUNT);

	to.name = v->dst_name.n > 0 ? v->dst_name : STR_NONE;
	m->direction = direction_of(v, &from, &to);
	/* The number of ours that was called is where the call came in. */
	if (m->direction[0] == 'i' && m->direction[2] == 'b' &&
	    did.tel.p != NULL)
		to = did;
	if (is_ours(v, &to) && m->direction[0] == 'i')
		m->account = to.tel;
	else if (is_ours(v, &from))
		m->account = from.tel;
	if (m->account.p == NULL && account.n > 0)
		m->account = account;
	from.name = v->name;
	m->from = from;
	if (to.tel.p != NULL || to.uri.p != NULL)
		message_add_address(m, &m->to, to);
}

enum stage_result
cdr_call(struct normalize *n, const struct cdr_cells *rows, size_t legs,
    const struct cdr_how *how, struct err *e)
{
	struct view v = {
		.n = n,
		.m = &n->message,
		.a = &n->message.arena,
		.start = TIME_NONE,
		.answer = TIME_NONE,
		.end = TIME_NONE,
		.duration = -1,
		.talk = -1,
		.order = how->order,
		.legs = how->legs > legs ? how->legs : legs,
		.parent = how->parent,
	};

	for (size_t i = 0; i < legs; i++)
		take_row(&v, &rows[i]);
	if (v.start == TIME_NONE) {
		err_set(e, "no column of a known layout has the call's start: "
			   "--map FILE.jq gives the columns a meaning");
		return STAGE_REJECT;
	}
	set_duration(&v);
	read_caller(&v);
	v.m->type = v.parent.n > 0 ? "event" : "call";
	v.m->thread_id = v.parent;
	v.m->channel = "voice";
	v.m->sent = v.start;
	set_parties(&v);
	set_id(&v);
	write_data(&v);
	return message_emit(v.m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

enum stage_result
cdr_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n) };
	struct json rows = json_get(native, "rows"), row;
	struct json dates = json_get(native, "dates");
	struct json_iter it = json_each(rows);
	struct cdr_how how = { .order = json_is(dates, "mdy")   ? 'm'
					: json_is(dates, "dmy") ? 'd'
								: 0 };
	struct cdr_cells *cells;
	size_t legs = 0;

	v.a = &v.m->arena;
	if (json_type(json_at(rows, 0)) != JSON_OBJECT) {
		err_set(e, "native.rows has no row of a call");
		return STAGE_REJECT;
	}
	cells = arena_calloc(v.a, json_count(rows), sizeof(*cells));
	while (json_next(&it, NULL, &row))
		read_cells(&v, row, &cells[legs++]);
	return cdr_call(n, cells, legs, &how, e);
}
