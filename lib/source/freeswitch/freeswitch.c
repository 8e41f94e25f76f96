/*
 * What mod_json_cdr and mod_xml_cdr write of a leg: its channel, all of its
 * variables, and what it went through (callflow).  A file each, one behind the
 * other, a line each, or in a list.
 */
#include "source/freeswitch/freeswitch.h"

#include <string.h>

#include "source/json/items.h"
#include "source/peek.h"

struct look {
	bool switch_name, variables, callflow;
	unsigned known;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const known[] = { "uuid", "hangup_cause",
		"start_stamp", "start_epoch", "billsec", "session_id",
		"end_epoch", "channel_name", NULL };
	struct look *l = arg;

	if (p->within.n == 0) {
		l->switch_name |= str_is(p->name, "core-uuid") ||
				  str_is(p->name, "switchname");
		l->variables |= str_is(p->name, "variables");
		l->callflow |= str_is(p->name, "callflow") ||
			       str_is(p->name, "channel_data");
	}
	if (str_is(p->within, "variables"))
		l->known += str_is_one_of(p->name, known);
}

static bool
is_xml(struct str head)
{
	head = peek_unmarked(head);
	return head.n > 0 && head.p[0] == '<';
}

static int
freeswitch_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };

	(void)base_name;
	if (is_xml(head))
		return str_find(head, STR("<cdr")) >= 0 &&
			       (str_find(head, STR("core-uuid=")) >= 0 ||
				   str_find(head, STR("<channel_data>")) >= 0 ||
				   str_find(head, STR("<callflow")) >= 0)
			   ? 92
			   : 0;
	json_peek(head, see, &l);
	if (l.variables && (l.known >= 2 || (l.switch_name && l.callflow)))
		return 92;
	return l.switch_name && l.callflow ? 90 : 0;
}

struct xml_reader {
	struct ingest *in;
	struct buf held;
	struct arena arena;
	uint64_t begun; /* bytes of the file before those that are held */
};

static int
take_cdr(struct xml_reader *r, struct str xml, struct err *e)
{
	static const char broken[] = "the XML of a call that is broken or does "
				     "not end";
	char place[STR_COUNT];
	struct str at =
	    str_count(place, '\0', r->begun + (uint64_t)(xml.p - r->held.p));
	struct buf json;
	struct writer w;
	int rc;

	arena_reset(&r->arena);
	buf_init(&json, 8 * r->in->max_item);
	write_init(&w, &json);
	if (freeswitch_xml(xml, &w, &r->arena) < 0) {
		rc = ingest_reject(r->in, at, broken, xml, e);
	} else {
		write_raw(ingest_item(r->in, at), buf_str(&json));
		rc = ingest_item_end(r->in, e);
	}
	buf_release(&json);
	return rc;
}

/* Each "<cdr" up to the next, or to its end tag. */
static int
take_whole(struct xml_reader *r, bool all, struct err *e)
{
	struct str rest = buf_str(&r->held);
	size_t done = 0;
	ptrdiff_t begin, end;
	int rc = 0;

	while (rc == 0 && (begin = str_find(rest, STR("<cdr"))) >= 0) {
		rest = str_sub(rest, (size_t)begin, rest.n);
		end = str_find(rest, STR("</cdr>"));
		if (end < 0 && !all)
			break;
		end = end < 0 ? (ptrdiff_t)rest.n : end + 6;
		rc = take_cdr(r, str_sub(rest, 0, (size_t)end), e);
		rest = str_sub(rest, (size_t)end, rest.n);
	}
	done = all ? r->held.n : r->held.n - rest.n;
	r->begun += done;
	if (done > 0)
		memmove(r->held.p, r->held.p + done, r->held.n - done);
	buf_cut(&r->held, r->held.n - done);
	return rc;
}

static int
read_xml(struct ingest *in, struct input *file, struct err *e)
{
	struct xml_reader r = { .in = in };
	struct str block;
	int got, rc = 0;

	buf_init(&r.held, in->max_item + STREAM_BLOCK);
	while (rc == 0 && (got = input_block(file, &block, e)) > 0) {
		buf_add_str(&r.held, block);
		rc = take_whole(&r, r.held.n > in->max_item, e);
	}
	if (rc == 0 && got == 0)
		rc = take_whole(&r, true, e);
	buf_release(&r.held);
	arena_release(&r.arena);
	return rc < 0 || got < 0 ? -1 : 0;
}

static int
freeswitch_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "cdrs", "cdr", NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};
	struct str head;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	return is_xml(head) ? read_xml(in, file, e)
			    : items_form_read(in, file, &form, e);
}

const struct source_format source_freeswitch = {
	.name = "freeswitch",
	.about = "FreeSWITCH's records of calls in JSON and XML",
	.sniff = freeswitch_sniff,
	.read = freeswitch_read,
	.normalize = freeswitch_normalize,
};
