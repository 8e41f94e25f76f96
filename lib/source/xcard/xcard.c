/*
 * xCard (RFC 6351): <vcards><vcard><fn><text>...</text></fn>...
 */
#include "source/markup/elements.h"
#include "source/native.h"
#include "source/vcard/vcard.h"

enum {
	PARTS = 7, /* of a structured value */
	DEPTH = 64, /* elements within each other */
};

/* A card on the way into lines. */
struct card {
	struct arena arena;
	struct buf *out;
	struct buf params, parts[PARTS];
	size_t used; /* parts with something in them */
	struct str names[DEPTH]; /* of the elements that are open */
	size_t depth;
	size_t base; /* depth of a property: one more in a group */
	struct str group;
};

static bool
is_card(const struct markup_piece *p)
{
	return str_eq_nocase(p->name, STR("vcard"));
}

static int
between(void *arg, struct str bytes, struct err *e)
{
	(void)arg, (void)bytes, (void)e;
	return 0;
}

static int
take(void *arg, struct str xml, uint64_t offset, bool cut, struct err *e)
{
	struct ingest *in = arg;
	char place[STR_COUNT];
	struct str at = str_count(place, '\0', offset);
	struct writer *w;

	if (xml.n > in->max_item)
		return ingest_reject(in, at, "larger than --max-item", xml, e);
	w = ingest_item(in, at);
	write_object(w);
	ingest_bytes(w, xml);
	if (cut) {
		write_key(w, "cut");
		write_bool(w, true);
	}
	write_object_end(w);
	return ingest_item_end(in, e);
}

static int
xcard_read(struct ingest *in, struct input *file, struct err *e)
{
	const struct elements events = { in, is_card, between, take };

	return elements_read(file, in->max_item, &events, e);
}

/* The places of the parts of a structured value; 0 for all others. */
static size_t
part_of(struct str property, struct str element)
{
	static const char *const name[] = { "surname", "given", "additional",
		"prefix", "suffix", NULL };
	static const char *const address[] = { "pobox", "ext", "street",
		"locality", "region", "code", "country", NULL };
	const char *const *parts = str_eq_nocase(property, STR("n")) ? name
				   : str_eq_nocase(property, STR("adr"))
				       ? address
				       : NULL;

	for (size_t i = 0; parts != NULL && parts[i] != NULL; i++)
		if (str_eq_nocase(element, str_of(parts[i])))
			return i;
	return 0;
}

static struct str
name_at(const struct card *c, size_t depth)
{
	return depth < c->depth && depth < DEPTH ? c->names[depth] : STR("");
}

/* Another value of the same part; an organisation's units are parts. */
static void
next_value(struct card *c)
{
	struct str property = name_at(c, c->base);
	size_t i = part_of(property, name_at(c, c->base + 1));
	bool org = str_eq_nocase(property, STR("org"));

	if (i >= c->used)
		c->used = i + 1;
	else if (c->parts[i].n > 0 || org)
		buf_add_char(&c->parts[i], org ? ';' : ',');
}

static void
begin(struct card *c, const struct markup_piece *p)
{
	if (c->depth == 1 && str_eq_nocase(p->name, STR("group"))) {
		c->base = 2;
		c->group = markup_attr(p, "name", &c->arena);
	} else if (c->depth == 1) {
		c->base = 1;
		c->group = STR_NONE;
	}
	if (c->depth < DEPTH)
		c->names[c->depth] = p->name;
	if (c->depth == c->base) {
		c->used = 0;
		buf_reset(&c->params);
		for (size_t i = 0; i < PARTS; i++)
			buf_reset(&c->parts[i]);
	}
	c->depth++;
	if (c->depth == c->base + 2 &&
	    !str_eq_nocase(p->name, STR("parameters")))
		next_value(c);
}

static void
end(struct card *c)
{
	if (c->depth > 0)
		c->depth--;
	if (c->depth != c->base || c->used == 0 || c->depth == 0 ||
	    !vcard_add_name(c->out, c->group, c->names[c->depth]))
		return;
	buf_add_str(c->out, buf_str(&c->params));
	for (size_t i = 0; i < c->used; i++) {
		buf_add_char(c->out, i == 0 ? ':' : ';');
		buf_add_str(c->out, buf_str(&c->parts[i]));
	}
	buf_add_char(c->out, '\n');
	c->used = 0;
}

static void
text(struct card *c, struct str s)
{
	bool value = c->depth == c->base + 2;

	s = str_trim(s);
	if (s.n == 0 || c->depth < c->base + 2)
		return;
	if (str_eq_nocase(name_at(c, c->base + 1), STR("parameters"))) {
		vcard_add_param(&c->params, name_at(c, c->base + 2), s);
		return;
	}
	if (value)
		vcard_escape(&c->parts[part_of(
				 name_at(c, c->base), name_at(c, c->base + 1))],
		    s);
}

static void
read_card(struct card *c, struct str xml)
{
	struct markup m = { xml };
	struct markup_piece p;

	c->base = 1;
	while (markup_next(&m, &p) != MARKUP_END_OF_TEXT) {
		if (p.kind == MARKUP_START)
			begin(c, &p);
		else if (p.kind == MARKUP_END)
			end(c);
		else if (p.kind == MARKUP_TEXT)
			text(c, markup_text(p.text, &c->arena));
		else if (p.kind == MARKUP_CDATA)
			text(c, p.text);
	}
	while (c->depth > c->base)
		end(c);
}

static enum stage_result
xcard_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct card c = { 0 };
	enum stage_result rc = STAGE_REJECT;
	struct str xml;
	struct buf out;

	(void)normalize_begin(n);
	if (normalize_text(n, native, &xml, e) < 0)
		return STAGE_REJECT;
	buf_init(&out, NORMALIZE_SCRATCH);
	buf_init(&c.params, NORMALIZE_SCRATCH);
	for (size_t i = 0; i < PARTS; i++)
		buf_init(&c.parts[i], NORMALIZE_SCRATCH);
	c.out = &out;
	buf_add_str(&out, STR("BEGIN:VCARD\nVERSION:4.0\n"));
	read_card(&c, arena_dup(&c.arena, xml));
	buf_add_str(&out, STR("END:VCARD\n"));
	rc = vcard_contact(
	    n, buf_str(&out), json_true(json_get(native, "cut")), e);
	for (size_t i = 0; i < PARTS; i++)
		buf_release(&c.parts[i]);
	buf_release(&c.params);
	buf_release(&out);
	arena_release(&c.arena);
	return rc;
}

/* By the root's name and what it declares. */
static int
xcard_sniff(const char *base_name, struct str head)
{
	struct markup m = { str_trim(head) };
	struct markup_piece p = { 0 };
	bool declared;

	(void)base_name;
	if (str_starts(m.rest, STR("\xef\xbb\xbf")))
		m.rest = str_trim(str_sub(m.rest, 3, m.rest.n));
	if (m.rest.n == 0 || m.rest.p[0] != '<')
		return 0;
	while (p.kind != MARKUP_START)
		if (markup_next(&m, &p) == MARKUP_END_OF_TEXT)
			return 0;
	declared = str_find(p.attrs, STR("ietf:params:xml:ns:vcard")) >= 0;
	if (str_eq_nocase(p.name, STR("vcards")))
		return declared ? 95 : 85;
	return is_card(&p) && declared ? 95 : 0;
}

const struct source_format source_xcard = {
	.name = "xcard",
	.about = "xCard: people of address books, in XML",
	.sniff = xcard_sniff,
	.read = xcard_read,
	.normalize = xcard_normalize,
};
