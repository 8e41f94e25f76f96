/*
 * The meaning of SMS, MMS and calls as Android keeps them.  The word "null"
 * stands for nothing; addresses of several people are joined by "~"; the
 * phone's own number is not in the file, but for MMS.
 */
#include "core/hash.h"
#include "core/text/ascii.h"
#include "core/text/base64.h"
#include "source/sms_xml/sms_xml.h"
#include "text/unicode.h"

/* Types of SMS and boxes of MMS, as Android numbers them. */
enum {
	BOX_INBOX = 1,
	BOX_SENT = 2,
	BOX_DRAFT = 3,
	BOX_OUTBOX = 4,
	BOX_FAILED = 5,
	BOX_QUEUED = 6,
};

/* WAP-209: the headers that an address of an MMS stood in. */
enum { ADDR_BCC = 129, ADDR_CC = 130, ADDR_FROM = 137, ADDR_TO = 151 };

struct view {
	struct normalize *n;
	struct message *m;
	struct arena *a;
	struct json native, item; /* the attributes */
	struct str addresses; /* as written */
	const char *status; /* of what was not sent */
	struct str names; /* of several, which of them is whose not known */
	struct str_list damaged; /* names of attachments that are no base64 */
};

/* An attribute; "null" is none. */
static struct str
attr(struct view *v, struct json from, const char *name)
{
	struct str s = json_str(json_get(from, name), v->a);

	return s.n == 0 || str_is(s, "null") ? STR_NONE : s;
}

static int
number(struct view *v, struct json from, const char *name, int64_t *out)
{
	return str_to_int(str_trim(attr(v, from, name)), out);
}

/* Milliseconds; old MMS and their date_sent count seconds. */
static int64_t
time_attr(struct view *v, const char *name)
{
	int64_t t;

	if (number(v, v->item, name, &t) < 0 || t <= 0)
		return TIME_NONE;
	if (t < INT64_C(100000000000))
		t *= 1000;
	/* The year 9999 ends here. */
	return t > INT64_C(253402300799999) ? TIME_NONE : t * 1000;
}

static int
set_time(struct view *v, bool inbound, struct err *e)
{
	int64_t date = time_attr(v, "date"), sent = time_attr(v, "date_sent");
	struct str raw = json_raw(json_get(v->item, "date"));

	if (date == TIME_NONE && sent == TIME_NONE)
		return err_set(e, "date: no time in milliseconds: %.*s",
		    (int)(raw.n < 40 ? raw.n : 40), raw.n == 0 ? "" : raw.p);
	v->m->sent = sent != TIME_NONE && inbound ? sent : date;
	if (v->m->sent == TIME_NONE)
		v->m->sent = sent;
	if (inbound && sent != TIME_NONE)
		v->m->received = date;
	return 0;
}

/* The phone's placeholder for its own number. */
static bool
is_token(struct str s)
{
	return str_eq_nocase(s, STR("insert-address-token"));
}

/* A service's number, which is of no country's plan. */
static bool
is_short_code(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.n >= 3 && s.n <= SMSXML_SHORT_CODE;
}

/* An address as SMS and MMS carry it: a number, a name, a mail address; a
 * group of RCS is no person. */
static struct address
address_of(struct view *v, struct str raw)
{
	struct address a = { 0 };

	raw = str_trim(raw);
	if (raw.n == 0 || is_token(raw) || str_is(raw, "null"))
		return a;
	if (is_short_code(raw))
		a.uri = ARENA_JOIN(v->a, STR("tel:"), raw);
	else if (str_ends(raw, STR("@rcs.google.com")))
		a.uri = ARENA_JOIN(v->a, STR("rcs:"), raw);
	else if (str_chr(raw, '@') > 0 && str_chr(raw, ' ') < 0 &&
		 raw.p[raw.n - 1] != '@')
		a.email = raw;
	else
		message_phone(v->m, &a, raw);
	for (size_t i = 0; i < raw.n; i++)
		if (ascii_is_control(raw.p[i]))
			a.uri = a.email = STR_NONE;
	return a;
}

static bool
is_none(const struct address *a)
{
	return a->tel.p == NULL && a->uri.p == NULL && a->email.p == NULL;
}

static bool
same(const struct address *a, const struct address *b)
{
	return str_eq(a->tel, b->tel) && str_eq(a->uri, b->uri) &&
	       str_eq(a->email, b->email);
}

static bool
holds(const struct address_list *list, const struct address *a)
{
	for (size_t i = 0; i < list->n; i++)
		if (same(&list->v[i], a))
			return true;
	return false;
}

static void
add(struct view *v, struct address_list *list, struct address a)
{
	if (!is_none(&a) && list->n < SMSXML_PARTIES && !holds(list, &a))
		message_add_address(v->m, list, a);
}

/* "Anna, Bo": the next of the names in the phone's address book. */
static struct str
next_name(struct str *rest)
{
	ptrdiff_t comma = str_find(*rest, STR(", "));
	struct str s = comma < 0 ? *rest : str_sub(*rest, 0, (size_t)comma);

	*rest =
	    comma < 0 ? STR_NONE : str_sub(*rest, (size_t)comma + 2, rest->n);
	return str_is(s, "(Unknown)") ? STR_NONE : s;
}

/* Each address's name: all of it is that of one, of several there are as many
 * as there are addresses, unless a name has a comma in it. */
static void
set_names(struct view *v, struct address_list *list)
{
	struct str names = attr(v, v->item, "contact_name"), rest = names;
	size_t n = 0;

	if (list->n == 1) {
		list->v[0].name = str_is(names, "(Unknown)") ? STR_NONE : names;
		return;
	}
	for (; rest.p != NULL; n++)
		(void)next_name(&rest);
	if (n != list->n) {
		v->names = names;
		return;
	}
	for (size_t i = 0; i < n; i++)
		list->v[i].name = next_name(&names);
}

/* The other side: the item's own address, or several. */
static struct address_list
others(struct view *v)
{
	struct address_list list = { 0 };
	struct str rest = v->addresses;

	while (rest.p != NULL)
		add(v, &list, address_of(v, str_split(&rest, '~')));
	set_names(v, &list);
	return list;
}

/* Our number where the workspace has just one. */
static void
set_account(struct view *v)
{
	const struct workspace *c = v->n->workspace;

	if (v->m->account.p == NULL && c->tels.n == 1)
		v->m->account = c->tels.v[0];
}

static struct address
ours(struct view *v)
{
	struct address a = { 0 };

	if (v->m->account.p != NULL)
		message_phone(v->m, &a, v->m->account);
	return a;
}

/* What a box says: the direction, and whether it went out at all. */
static bool
set_box(struct view *v, const char *name)
{
	static const char *const status[] = { [BOX_DRAFT] = "draft",
		[BOX_OUTBOX] = "outbox",
		[BOX_FAILED] = "failed",
		[BOX_QUEUED] = "queued" };
	int64_t box;
	bool outbound;

	if (number(v, v->item, name, &box) < 0)
		box = 0;
	outbound = box >= BOX_SENT && box <= BOX_QUEUED;
	v->m->direction = outbound ? "outbound" : "inbound";
	if (outbound && box != BOX_SENT) {
		v->status = status[box];
		message_keyword(v->m, "draft");
	} else if (box != BOX_SENT && box != BOX_INBOX) {
		v->status = "unknown";
	}
	return outbound;
}

static void
set_sides(struct view *v, bool outbound)
{
	struct address_list list = others(v);

	set_account(v);
	if (outbound) {
		v->m->from = ours(v);
		v->m->to = list;
		return;
	}
	if (list.n > 0)
		v->m->from = list.v[0];
	add(v, &v->m->to, ours(v));
	for (size_t i = 1; i < list.n; i++)
		add(v, &v->m->cc, list.v[i]);
}

static void
write_data(struct view *v)
{
	struct writer w;

	if (v->status == NULL && v->damaged.n == 0 && v->names.p == NULL)
		return;
	write_init(&w, &v->n->scratch);
	write_object(&w);
	write_member(&w, "status", str_of(v->status));
	write_member(&w, "names", v->names);
	write_member_strs(&w, "damaged", v->damaged.v, v->damaged.n);
	write_object_end(&w);
	v->m->data = buf_str(&v->n->scratch);
}

static enum stage_result
finish(struct view *v, struct err *e)
{
	v->m->id_without_account = true;
	if (json_true(json_get(v->native, "cut")))
		message_keyword(v->m, "truncated");
	if (v->m->text.n == 0)
		v->m->text = STR_NONE;
	return message_emit(v->m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

static enum stage_result
sms(struct view *v, struct err *e)
{
	struct message *m = v->m;
	bool outbound = set_box(v, "type");
	struct str date = attr(v, v->item, "date");

	m->type = "message";
	m->channel = "sms";
	if (set_time(v, !outbound, e) < 0)
		return STAGE_REJECT;
	set_sides(v, outbound);
	m->text = attr(v, v->item, "body");
	m->subject = attr(v, v->item, "subject");
	m->native_id = ARENA_JOIN(v->a, str_of(outbound ? "out" : "in"),
	    STR("/"), v->addresses, STR("/"), date, STR("/"), m->text);
	write_data(v);
	return finish(v, e);
}

/* The addresses of an MMS by their headers. */
static void
read_addrs(struct view *v, struct address_list *from, struct address_list *to,
    struct address_list *cc)
{
	struct json_iter it = json_each(json_get(v->native, "addrs"));
	struct json addr;
	int64_t type;

	while (json_next(&it, NULL, &addr)) {
		struct address a = address_of(v, attr(v, addr, "address"));

		if (number(v, addr, "type", &type) < 0)
			continue;
		if (type == ADDR_FROM)
			add(v, from, a);
		else if (type == ADDR_TO)
			add(v, to, a);
		else if (type == ADDR_CC || type == ADDR_BCC)
			add(v, cc, a);
	}
}

/* A name from those beside the item's own addresses. */
static void
take_name(const struct address_list *side, struct address *a)
{
	for (size_t i = 0; i < side->n && a->name.p == NULL; i++)
		if (same(a, &side->v[i]))
			a->name = side->v[i].name;
}

static void
take_names(const struct address_list *side, struct address_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		take_name(side, &list->v[i]);
}

static void
set_received(struct view *v, const struct address_list *side,
    const struct address_list *from, const struct address_list *to,
    const struct address_list *cc)
{
	struct message *m = v->m;

	if (from->n > 0)
		m->from = from->v[0];
	else if (side->n > 0)
		m->from = side->v[0];
	take_name(side, &m->from);
	/* The only one that it was sent to is the phone itself. */
	if (to->n == 1 && !same(&to->v[0], &m->from))
		m->account = to->v[0].tel;
	set_account(v);
	m->to = *to;
	if (to->n == 0)
		add(v, &m->to, ours(v));
	for (size_t i = 0; i < cc->n; i++)
		if (!same(&cc->v[i], &m->from))
			add(v, &m->cc, cc->v[i]);
	take_names(side, &m->to);
	take_names(side, &m->cc);
}

static void
set_sent(struct view *v, const struct address_list *side,
    const struct address_list *from, const struct address_list *to,
    const struct address_list *cc)
{
	struct message *m = v->m;

	/* Some programs write the other side as the sender. */
	if (from->n > 0 && !holds(side, &from->v[0]))
		m->account = from->v[0].tel;
	set_account(v);
	m->from = ours(v);
	m->to = to->n > 0 ? *to : *side;
	m->cc = *cc;
	take_names(side, &m->to);
	take_names(side, &m->cc);
}

static struct str
part_name(struct view *v, struct json part)
{
	static const char *const names[] = { "fn", "cl", "name", NULL };

	for (size_t i = 0; names[i] != NULL; i++) {
		struct str s = attr(v, part, names[i]);

		if (s.p != NULL)
			return s;
	}
	return STR_NONE;
}

/* A part's bytes from base64; false where it is none. */
static bool
part_bytes(struct view *v, struct str data, struct str *out)
{
	char *to;

	if (!base64_is(data))
		return false;
	to = arena_alloc(v->a, BASE64_DECODED(data.n));
	*out = str_make(to, base64_decode(data, to));
	return true;
}

static void
add_file(struct view *v, struct json part, struct str type)
{
	struct attachment file = {
		.name = part_name(v, part), .type = type, .size = -1
	};
	struct str data = attr(v, part, "data"), bytes;
	char *id;

	if (data.p != NULL && part_bytes(v, data, &bytes)) {
		id = arena_alloc(v->a, ID_SIZE);
		id_make(id, 'b', &bytes, 1);
		file.blob_id = str_of(id);
		file.size = (int64_t)bytes.n;
	} else if (data.p != NULL) {
		message_add_str(v->m, &v->damaged,
		    file.name.p == NULL ? STR("?") : file.name);
		sink_sum(v->n->sink, "attachments that are no base64", 1);
	}
	if (file.name.p != NULL || file.type.p != NULL || file.size >= 0)
		message_add_attachment(v->m, file);
}

/* A text part's words, wherever the program put them. */
static struct str
part_text(struct view *v, struct json part)
{
	struct str s = attr(v, part, "text"), bytes;
	struct buf *b = &v->n->scratch;
	struct str data;

	if (s.p != NULL)
		return s;
	data = attr(v, part, "data");
	if (data.p == NULL || !part_bytes(v, data, &bytes))
		return STR_NONE;
	buf_reset(b);
	charset_decode(bytes, str_of(charset_guess(bytes)), b);
	s = arena_dup(v->a, buf_str(b));
	buf_reset(b);
	return s;
}

static void
add_line(struct buf *b, struct str s)
{
	if (s.n > 0 && b->n > 0)
		buf_add_char(b, '\n');
	buf_add_str(b, s);
}

/* Plain text is the message's; of other parts the words, where they have any
 * (a card, a page), are quoted. */
static void
set_parts(struct view *v)
{
	struct json_iter it = json_each(json_get(v->native, "parts"));
	struct message *m = v->m;
	struct buf text, quoted;
	struct json part;

	buf_init(&text, v->n->scratch.max);
	buf_init(&quoted, v->n->scratch.max);
	while (json_next(&it, NULL, &part)) {
		struct str type = attr(v, part, "ct");

		if (str_eq_nocase(type, STR("application/smil")))
			continue;
		if (str_eq_nocase(type, STR("text/plain"))) {
			add_line(&text, part_text(v, part));
			continue;
		}
		add_file(v, part, type);
		add_line(&quoted, attr(v, part, "text"));
	}
	m->text = arena_dup(v->a, buf_str(&text));
	if (quoted.n > 0)
		m->quoted = arena_dup(v->a, buf_str(&quoted));
	buf_release(&text);
	buf_release(&quoted);
}

/* Of an MMS: its own id, and all that it brings. */
static struct str
mms_id(struct view *v, bool outbound)
{
	struct message *m = v->m;
	struct str date = attr(v, v->item, "date");
	struct str own = attr(v, v->item, "m_id"), id;
	struct buf b;

	buf_init(&b, SIZE_MAX / 4);
	buf_printf(&b, "%s/%.*s/%.*s/%.*s/%.*s/%zu", outbound ? "out" : "in",
	    STR_ARG(v->addresses), STR_ARG(date), STR_ARG(own),
	    STR_ARG(m->text), m->attachments.n);
	for (size_t i = 0; i < m->attachments.n; i++)
		buf_printf(&b, "/%.*s", STR_ARG(m->attachments.v[i].blob_id));
	id = arena_dup(v->a, buf_str(&b));
	buf_release(&b);
	return id;
}

static enum stage_result
mms(struct view *v, struct err *e)
{
	struct message *m = v->m;
	bool outbound = set_box(v, "msg_box");
	struct address_list side, from = { 0 }, to = { 0 }, cc = { 0 };

	m->type = "message";
	m->channel = "mms";
	if (set_time(v, !outbound, e) < 0)
		return STAGE_REJECT;
	side = others(v);
	read_addrs(v, &from, &to, &cc);
	(outbound ? set_sent : set_received)(v, &side, &from, &to, &cc);
	m->subject = attr(v, v->item, "sub");
	set_parts(v);
	m->native_id = mms_id(v, outbound);
	write_data(v);
	return finish(v, e);
}

/* What Android calls the types of its call log. */
static const char *
disposition(int64_t type, int64_t duration)
{
	switch (type) {
	case 1:
	case 7: /* on another device */
		return "answered";
	case 2:
		return duration > 0 ? "answered" : "no answer";
	case 3:
		return "missed";
	case 4:
		return "voicemail";
	case 5:
		return "rejected";
	case 6:
		return "blocked";
	default:
		return "unknown";
	}
}

static enum stage_result
call(struct view *v, struct err *e)
{
	struct message *m = v->m;
	struct str number_raw = attr(v, v->item, "number");
	int64_t type, duration, shown;
	struct writer w;

	m->type = "call";
	m->channel = "voice";
	if (number(v, v->item, "type", &type) < 0)
		type = 0;
	if (number(v, v->item, "duration", &duration) < 0 || duration < 0)
		duration = 0;
	if (set_time(v, false, e) < 0)
		return STAGE_REJECT;
	/* -1, -2, -3: the number is unknown, withheld, a payphone's. */
	if ((number(v, v->item, "presentation", &shown) == 0 && shown > 1) ||
	    str_starts(number_raw, STR("-")))
		number_raw = STR("");
	v->addresses = number_raw;
	m->direction = type == 2 ? "outbound" : "inbound";
	set_sides(v, type == 2);
	m->native_id = ARENA_JOIN(v->a, str_of(m->direction), STR("/"),
	    number_raw, STR("/"), attr(v, v->item, "date"));
	write_init(&w, &v->n->scratch);
	write_object(&w);
	write_member_int(&w, "duration", duration);
	write_member(&w, "disposition", str_of(disposition(type, duration)));
	write_object_end(&w);
	m->data = buf_str(&v->n->scratch);
	return finish(v, e);
}

enum stage_result
smsxml_normalize(struct normalize *n, struct json native, struct err *e)
{
	static const struct {
		const char *member;
		enum stage_result (*read)(struct view *, struct err *);
	} kinds[] = { { "sms", sms }, { "mms", mms }, { "call", call } };
	struct view v = { .n = n, .m = normalize_begin(n), .native = native };

	v.a = &v.m->arena;
	buf_reset(&n->scratch);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		v.item = json_get(native, kinds[i].member);
		if (json_type(v.item) != JSON_OBJECT)
			continue;
		v.addresses = attr(&v, v.item, "address");
		return kinds[i].read(&v, e);
	}
	err_set(e, "native has no sms, mms or call");
	return STAGE_REJECT;
}
