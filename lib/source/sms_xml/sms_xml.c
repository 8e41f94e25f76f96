/*
 * SMS Backup & Restore: <smses> of SMS and MMS, <calls> of calls, in XML whose
 * elements hold everything in attributes.  Files of gigabytes are a stream.
 * A native record is one of
 *	{"sms":{attributes}}
 *	{"mms":{attributes},"parts":[{attributes}],"addrs":[{attributes}]}
 *	{"call":{attributes}}
 * with every attribute as it stands, base64 included; "cut":true where the
 * file ends within it.
 */
#include "source/sms_xml/sms_xml.h"

#include "source/peek.h"

#include "core/diag.h"
#include "core/text/ascii.h"
#include "json/escape.h"
#include "source/item.h"
#include "text/markup/xml.h"

enum { MMS_DEPTH = 3 }; /* of <part> and <addr> */

struct reader {
	struct ingest *in;
	struct buf json, addrs;
	struct writer w, addr; /* of the two */
	const char *kind; /* of the item in hand, NULL between */
	bool parts, cut;
	uint64_t items, unknown;
	int64_t count; /* what the root says, -1 nothing */
	bool has_root;
	char at[STR_COUNT];
};

static const char *const kinds[] = { "sms", "mms", "call", NULL };

static struct str
attr(const struct xml_attr *attrs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(attrs[i].name, name))
			return attrs[i].value;
	return STR_NONE;
}

/* A file is hardly more than these; a name of XML has nothing to escape. */
static void
write_attrs(struct writer *w, const struct xml_attr *attrs, size_t n)
{
	struct buf *out = w->out;

	write_raw(w, STR("{"));
	for (size_t i = 0; i < n; i++) {
		struct str name = attrs[i].name, value = attrs[i].value;
		char *to = buf_room(out, name.n + value.n + 6), *p = to;

		if (p == NULL)
			return;
		if (i > 0)
			*p++ = ',';
		*p++ = '"';
		memcpy(p, name.p, name.n);
		p += name.n;
		memcpy(p, "\":\"", 3);
		out->n += (size_t)(p + 3 - to);
		json_escape(out, value);
		buf_add_char(out, '"');
	}
	buf_add_char(out, '}');
}

static void
drop(void *arg)
{
	struct reader *r = arg;

	r->kind = NULL;
}

static struct str
place(struct reader *r)
{
	return str_count(r->at, '#', ++r->items);
}

/* What stands in the root and is none of the kinds: its attributes at least. */
static int
reject_unknown(struct reader *r, struct str name, const struct xml_attr *attrs,
    size_t n, struct err *e)
{
	char why[XML_NAME + 64];

	buf_reset(&r->json);
	write_init(&r->w, &r->json);
	write_attrs(&r->w, attrs, n);
	snprintf(why, sizeof(why), "an element that is not known: <%.*s>",
	    (int)(name.n < XML_NAME ? name.n : XML_NAME), name.p);
	return ingest_reject(r->in, place(r), why, buf_str(&r->json), e);
}

static int
start_item(struct reader *r, struct str name, const struct xml_attr *attrs,
    size_t n, struct err *e)
{
	drop(r);
	for (size_t i = 0; kinds[i] != NULL; i++)
		if (str_is(name, kinds[i]))
			r->kind = kinds[i];
	if (r->kind == NULL)
		return reject_unknown(r, name, attrs, n, e);
	r->parts = false;
	buf_reset(&r->json);
	buf_reset(&r->addrs);
	write_init(&r->w, &r->json);
	write_init(&r->addr, &r->addrs);
	write_object(&r->w);
	write_key(&r->w, r->kind);
	write_attrs(&r->w, attrs, n);
	return 0;
}

static int
on_start(void *arg, unsigned depth, struct str name,
    const struct xml_attr *attrs, size_t n, struct err *e)
{
	struct reader *r = arg;

	if (depth == 0 && !r->has_root) {
		r->has_root = true;
		if (str_to_int(attr(attrs, n, "count"), &r->count) < 0)
			r->count = -1;
	} else if (depth == 1) {
		return start_item(r, name, attrs, n, e);
	} else if (depth == MMS_DEPTH && r->kind != NULL) {
		if (str_is(name, "part")) {
			if (!r->parts) {
				write_key(&r->w, "parts");
				write_list(&r->w);
			}
			r->parts = true;
			write_attrs(&r->w, attrs, n);
		} else if (str_is(name, "addr")) {
			if (r->addrs.n == 0)
				write_list(&r->addr);
			write_attrs(&r->addr, attrs, n);
		} else {
			r->unknown++;
		}
	}
	return 0;
}

static int
finish_item(struct reader *r, struct err *e)
{
	struct str at = place(r);

	if (r->parts)
		write_list_end(&r->w);
	if (r->addrs.n > 0) {
		write_list_end(&r->addr);
		write_member_raw(&r->w, "addrs", buf_str(&r->addrs));
	}
	if (r->cut) {
		write_key(&r->w, "cut");
		write_bool(&r->w, true);
	}
	write_object_end(&r->w);
	r->kind = NULL;
	if (r->json.n > r->in->max_item || r->json.over || r->addrs.over)
		return ingest_reject(
		    r->in, at, "larger than --max-item", buf_str(&r->json), e);
	write_raw(ingest_item(r->in, at), buf_str(&r->json));
	return ingest_item_end(r->in, e);
}

static int
on_end(void *arg, unsigned depth, struct str name, struct err *e)
{
	struct reader *r = arg;

	(void)name;
	return depth == 1 && r->kind != NULL ? finish_item(r, e) : 0;
}

static int
on_cut(void *arg, struct err *e)
{
	struct reader *r = arg;

	r->cut = true;
	return r->kind == NULL ? 0 : finish_item(r, e);
}

static int
on_bad(void *arg, bool item, uint64_t offset, const char *why, struct str bytes,
    struct err *e)
{
	struct reader *r = arg;
	char text[512];

	if (item) {
		snprintf(text, sizeof(text), "%s (at byte %ju)", why,
		    (uintmax_t)offset);
		return ingest_reject(r->in, place(r), text, bytes, e);
	}
	return ingest_reject(
	    r->in, str_count(r->at, '\0', offset), why, bytes, e);
}

/* The root's count is a hint: what stands in the file counts. */
static void
compare_count(struct reader *r)
{
	if (r->count >= 0 && (uint64_t)r->count != r->items)
		diag(DIAG_WARN, r->in->file,
		    "says count=\"%jd\" and holds %ju items",
		    (intmax_t)r->count, (uintmax_t)r->items);
	if (r->unknown > 0)
		sink_sum(
		    r->in->sink, "elements not known", (int64_t)r->unknown);
}

static int
smsxml_read(struct ingest *in, struct input *file, struct err *e)
{
	struct reader r = { .in = in, .count = -1 };
	struct xml_events events = { &r, on_start, on_end, drop, on_cut,
		on_bad };
	int rc;

	buf_init(&r.json, 2 * in->max_item);
	buf_init(&r.addrs, in->max_item);
	rc = xml_read(file, kinds, in->max_item, &events, e);
	if (rc == 0)
		compare_count(&r);
	buf_release(&r.json);
	buf_release(&r.addrs);
	return rc;
}

/* The root's name is all that tells it from other XML. */
static int
smsxml_sniff(const char *base_name, struct str head)
{
	static const char *const roots[] = { "smses", "allsms", "calls", NULL };
	struct str root = xml_peek(head);

	(void)base_name;
	for (size_t i = 0; roots[i] != NULL; i++)
		if (str_is(root, roots[i]))
			return 95;
	return 0;
}

const struct source_format source_sms_xml = {
	.name = "sms-xml",
	.about = "SMS Backup & Restore: SMS, MMS and calls of a phone",
	.sniff = smsxml_sniff,
	.read = smsxml_read,
	.apart = true,
	.normalize = smsxml_normalize,
};
