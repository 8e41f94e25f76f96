/*
 * Files of vCons: one, a list, one a line, or an answer of a conserver that
 * lists some.  Each is an item; signed and encrypted ones are items as they
 * stand.
 */
#include "source/vcon/vcon.h"

#include "core/text/base64.h"
#include "source/json/items.h"
#include "source/peek.h"

enum { PAYLOAD_HEAD = 4 << 10 }; /* of what is signed, to tell it */

struct look {
	unsigned vcon, uuid, created, parts, parties, dialog;
	unsigned jws, jwe, says; /* says: its type is that of a vCon */
	struct str payload;
};

static void
count(unsigned *n, struct str name, const char *const *names)
{
	for (; *names != NULL; names++)
		*n += str_is(name, *names);
}

static void
see(void *arg, const struct peeked *p)
{
	static const char *const parts[] = { "dialog", "analysis",
		"attachments", "group", NULL };
	static const char *const created[] = { "created_at", "updated_at",
		NULL };
	static const char *const dialog[] = { "start", "parties", "mediatype",
		"mimetype", "originator", "duration", "type", NULL };
	static const char *const party[] = { "tel", "mailto", "sip", "name",
		NULL };
	static const char *const signing[] = { "signatures", "protected",
		"signature", NULL };
	static const char *const encrypted[] = { "recipients", "ciphertext",
		"tag", "iv", NULL };
	struct look *l = arg;

	if (str_is(p->within, "dialog"))
		count(&l->dialog, p->name, dialog);
	else if (str_is(p->within, "parties"))
		count(&l->parties, p->name, party);
	else if (str_is(p->within, "unprotected") && str_is(p->name, "cty"))
		l->says += str_starts(p->text, STR("application/vcon"));
	if (p->within.n > 0)
		return;
	l->vcon += str_is(p->name, "vcon") && p->first == '"';
	l->uuid += str_is(p->name, "uuid");
	l->parties +=
	    str_is(p->name, "parties") && (p->first == '[' || p->first == 'n');
	count(&l->parts, p->name, parts);
	count(&l->created, p->name, created);
	count(&l->jws, p->name, signing);
	count(&l->jwe, p->name, encrypted);
	if (str_is(p->name, "payload"))
		l->payload = p->text;
}

static int
sure(const struct look *l)
{
	if (l->vcon > 0 && l->parts + l->parties > 0)
		return 92;
	if (l->uuid + l->created > 0 && l->parts > 0 &&
	    (l->dialog >= 3 || l->parties > 1))
		return 90;
	return l->uuid > 0 && l->created > 0 && l->parts + (l->parties > 0) > 1
		   ? 84
		   : 0;
}

/* What is signed says itself whether it is a vCon. */
static int
signed_sure(struct str payload)
{
	struct arena a = { 0 };
	struct look inner = { 0 };
	struct str head = str_sub(payload, 0, PAYLOAD_HEAD);
	struct str text = base64_url(&a, head);

	json_peek(text, see, &inner);
	arena_release(&a);
	return sure(&inner) > 0 ? 92 : 0;
}

static int
vcon_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };
	bool named = str_find_nocase(str_of(base_name), STR("vcon")) >= 0;

	json_peek(head, see, &l);
	if (l.payload.n > 0 && l.jws > 0)
		return signed_sure(l.payload);
	if (l.jwe >= 2 && (l.says > 0 || named))
		return 90;
	if (sure(&l) == 0 && named && l.uuid + l.vcon > 0)
		return 84;
	return sure(&l);
}

static int
vcon_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "vcons", "data", "results",
		"items", NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 0, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

const struct source_format source_vcon = {
	.name = "vcon",
	.about = "vCons: calls, messages and mails in the IETF's container",
	.sniff = vcon_sniff,
	.read = vcon_read,
	.open = vcon_open,
	.normalize = vcon_normalize,
	.release = vcon_release,
};
