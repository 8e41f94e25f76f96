/*
 * A vCon, opened where it is signed, as records: one for each dialog; one for
 * it alone where it has none.
 */
#include "core/text/base64.h"
#include "source/vcon/vcon.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/crypto/keyring.h"
#include "record/fields.h"

struct kept {
	struct json_doc *doc; /* of what is signed */
	struct json_doc *header; /* of a signature */
	struct record *record;
	struct keyring *keys; /* the workspace's, or NULL */
};

static struct kept *
kept_of(void **kept)
{
	struct kept *k = *kept;

	if (k != NULL)
		return k;
	*kept = k = xcalloc(1, sizeof(*k));
	k->doc = json_doc_new();
	k->header = json_doc_new();
	k->record = record_new();
	return k;
}

int
vcon_open(void **kept, const struct workspace *workspace, struct err *e)
{
	return vcon_keys_read(&kept_of(kept)->keys, &workspace->vcon_keys, e);
}

void
vcon_release(void *kept)
{
	struct kept *k = kept;

	if (k == NULL)
		return;
	json_doc_free(k->doc);
	json_doc_free(k->header);
	record_free(k->record);
	keyring_free(k->keys);
	free(k);
}

/* A vCon in which nobody spoke. */
static enum stage_result
alone(struct vcon *v, struct err *e)
{
	struct message *m = normalize_begin(v->n);
	struct writer *w;

	m->type = "event";
	m->channel = "voice";
	m->thread_id = m->native_id = m->message_id = v->uuid;
	m->id_without_account = true;
	m->subject = native_text(v->n, v->root, "subject");
	if (native_time(v->n, json_get(v->root, "created_at"), &m->sent) < 0 &&
	    native_time(v->n, json_get(v->root, "updated_at"), &m->sent) < 0)
		return native_reject(
		    e, "a vCon without dialog must have a created_at");
	m->from = vcon_party(v, 0, m->channel);
	for (size_t i = 1; i < v->party.n; i++)
		message_add_address(
		    m, &m->to, vcon_party(v, (int64_t)i, m->channel));
	vcon_attach(v, 0);
	w = native_data(v->n);
	write_member(w, "subtype", STR("vcon"));
	vcon_write_parts(v, 0, JSON_ABSENT, w);
	vcon_write_whole(v, w);
	vcon_write_signed(v, w);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

static enum stage_result
each_dialog(struct vcon *v, struct err *e)
{
	enum stage_result rc = STAGE_OK;
	struct json records = native_at(v->root, "kith/records"), one;
	struct json_iter it = json_each(records);
	size_t n = v->dialog.n;

	for (size_t i = 0; rc == STAGE_OK && i < n; i++)
		rc = vcon_dialog(v, i, e);
	while (rc == STAGE_OK && json_next(&it, NULL, &one)) {
		(void)normalize_begin(v->n);
		rc = vcon_restore(v, one, e) < 0 ? STAGE_REJECT
						 : native_emit(v->n, e);
	}
	return n == 0 && json_count(records) == 0 &&
		       vcon_inner(v->root, 0).doc == NULL
		   ? alone(v, e)
		   : rc;
}

/* A vCon and those within it, which are parts of the same conversation. */
static enum stage_result
read_all(struct vcon *v, struct err *e)
{
	enum stage_result rc = each_dialog(v, e);
	struct json root;

	for (size_t i = 0;
	     rc == STAGE_OK && (root = vcon_inner(v->root, i)).doc != NULL;
	     i++) {
		struct vcon inner = *v;

		inner.root = root;
		if (vcon_check(&inner, e) < 0)
			return STAGE_REJECT;
		inner.uuid = arena_dup(v->arena, inner.uuid);
		rc = read_all(&inner, e);
	}
	return rc;
}

/* What is signed, parsed, and by whom, where the workspace has keys. */
static int
open_signed(struct vcon *v, struct str payload, struct err *e)
{
	struct kept *k = kept_of(v->n->kept);
	struct str s;

	s = base64_url(v->arena, payload);
	if (s.p == NULL)
		return err_set(e, "a signed vCon: its payload must be "
				  "base64url");
	v->wrapper = v->root;
	if (json_parse_copy(k->doc, s, &v->root, e) < 0)
		return err_set(e, "a signed vCon: its payload must be JSON");
	return k->keys == NULL ? 0 : vcon_verify(v, k->header, payload, e);
}

enum stage_result
vcon_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct arena a = { 0 };
	struct vcon v = { .n = n, .root = native, .arena = &a };
	struct json payload = json_get(native, "payload");
	enum stage_result rc = STAGE_REJECT;

	(void)normalize_begin(n);
	if (json_type(json_get(native, "ciphertext")) == JSON_STRING)
		return native_reject(
		    e, "an encrypted vCon: decrypt it first, kith has no key");
	v.record = kept_of(n->kept)->record;
	v.keys = kept_of(n->kept)->keys;
	if (json_type(payload) == JSON_STRING &&
	    open_signed(&v, json_str(payload, &a), e) < 0)
		goto out;
	if (vcon_check(&v, e) < 0)
		goto out;
	v.uuid = arena_dup(&a, v.uuid);
	v.thread = v.uuid;
	rc = read_all(&v, e);
out:
	arena_release(&a);
	return rc;
}
