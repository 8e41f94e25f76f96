#include "record/waiting/receipt.h"

#include "core/time.h"
#include "record/fields.h"

static enum receipt_status
status_of(struct json v)
{
	static const struct {
		const char *word;
		enum receipt_status is;
	} words[] = {
		{ "sent", RECEIPT_SENT },
		{ "delivered", RECEIPT_DELIVERED },
		{ "read", RECEIPT_READ },
		{ "delayed", RECEIPT_DELAYED },
		{ "failed", RECEIPT_FAILED },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (json_is(v, words[i].word))
			return words[i].is;
	return RECEIPT_NONE;
}

/* A delivery whose draft did leave. */
static bool
own_receipt(struct record *r, struct receipt *out)
{
	out->status = status_of(json_get(record_get(r, "delivery"), "status"));
	out->own = true;
	return out->status != RECEIPT_NONE &&
	       record_is(r, "direction", "outbound") &&
	       !record_has_keyword(r, "draft");
}

bool
record_receipt(struct record *r, struct receipt *out)
{
	struct json data = record_get(r, "data");
	struct str before;

	*out = (struct receipt){ .about = JSON_ABSENT,
		.recipients = JSON_ABSENT,
		.before = TIME_NONE };
	if (record_get(r, "delivery").doc != NULL)
		return own_receipt(r, out);
	if (data.doc == NULL || !json_is(json_get(data, "act"), "receipt"))
		return false;
	out->status = status_of(json_get(data, "status"));
	out->about = json_get(data, "about");
	out->recipients = json_get(data, "recipients");
	before = json_str(json_get(data, "before"), record_arena(r));
	if (out->about.doc != NULL || time_parse(before, &out->before) != 0)
		out->before = TIME_NONE;
	return out->status != RECEIPT_NONE;
}

/* A program that calls back may leave the brackets of a mail's id. */
static struct str
id_of(struct json v, struct arena *a)
{
	struct str id = json_str(v, a);

	return id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>'
		   ? str_sub(id, 1, id.n - 2)
		   : id;
}

size_t
receipt_about(struct record *r, const struct receipt *receipt,
    struct str out[RECEIPT_ABOUT])
{
	struct arena *a = record_arena(r);
	struct json_iter it = json_each(receipt->about);
	struct json v;
	size_t n = 0;

	if (receipt->own) {
		out[n++] = record_str(r, "id");
		out[n++] = record_str(r, "messageId");
	} else if (json_type(receipt->about) == JSON_STRING) {
		out[n++] = id_of(receipt->about, a);
	} else {
		while (n < RECEIPT_ABOUT && json_next(&it, NULL, &v))
			if (json_type(v) == JSON_STRING)
				out[n++] = id_of(v, a);
	}
	return n;
}
