/*
 * The signatures of a vCon that is signed (RFC 7515, 7.2: general, flattened),
 * against the keys of the workspace.  What its headers say is believed of
 * nobody: a key, or where one is to be found, that stands in it is not looked
 * at, but for certificates that lead to one of the workspace.
 */
#include <stdio.h>

#include "core/crypto/keyring.h"
#include "core/text/base64.h"
#include "source/vcon/vcon.h"

enum { SIGNATURES = 8 /* of a vCon */ };

/* One of its signatures. */
struct one {
	struct json protected, header; /* what is signed of it, and what not */
	struct str text; /* the former as it stands */
	struct str bytes;
};

int
vcon_keys_read(
    struct keyring **out, const struct workspace_list *files, struct err *e)
{
	struct keyring *k;

	if (files->n == 0)
		return 0;
	*out = k = keyring_new();
	for (size_t i = 0; i < files->n; i++)
		if (keyring_add(k, files->v[i].p, e) < 0)
			return err_prefix(e, "vcon.keys");
	return 0;
}

/* What is signed counts before what is not. */
static struct json
header(const struct one *one, const char *name)
{
	struct json v = json_get(one->protected, name);

	return json_type(v) == JSON_NONE ? json_get(one->header, name) : v;
}

static int
read_one(struct json from, struct json_doc *doc, struct arena *a,
    struct one *out, struct err *e)
{
	struct json protected = json_get(from, "protected");
	struct json bytes = json_get(from, "signature");
	struct err why;
	struct str s;

	*out = (struct one){ .header = json_get(from, "header") };
	out->bytes = base64_url(a, json_str(bytes, a));
	if (out->bytes.n == 0)
		return err_set(e, "signature must be base64url");
	if (json_type(protected) == JSON_NONE)
		return 0;
	out->text = json_str(protected, a);
	if (json_type(protected) == JSON_STRING && out->text.n == 0)
		return 0;
	s = base64_url(a, out->text);
	if (s.n == 0 || json_parse_copy(doc, s, &out->protected, &why) < 0 ||
	    json_type(out->protected) != JSON_OBJECT)
		return err_set(e, "protected must be an object in base64url");
	return 0;
}

/* What must be understood (RFC 7515, 4.1.11): kith knows nothing of that. */
static int
check_header(const struct one *one, struct err *e)
{
	struct json alg = json_get(one->protected, "alg");
	struct json other = json_get(one->header, "alg");

	if (json_type(header(one, "crit")) != JSON_NONE ||
	    json_type(json_get(one->header, "crit")) != JSON_NONE)
		return err_set(e, "crit asks for what kith does not know");
	if (json_type(alg) != JSON_NONE && json_type(other) != JSON_NONE &&
	    !str_eq(json_raw(alg), json_raw(other)))
		return err_set(e, "protected and header have two algs");
	return 0;
}

/* Standard base64 of DER (RFC 7515, 4.1.6). */
static int
read_chain(const struct one *one, struct arena *a, struct str *out, size_t *n,
    struct err *e)
{
	struct json list = header(one, "x5c"), cert;
	struct json_iter it = json_each(list);

	*n = 0;
	if (json_type(list) != JSON_LIST)
		return 0;
	if (json_count(list) > KEYRING_CHAIN)
		return err_set(
		    e, "x5c has more than %d certificates", KEYRING_CHAIN);
	while (json_next(&it, NULL, &cert)) {
		out[*n] = base64_url(a, json_str(cert, a));
		if (out[(*n)++].n == 0)
			return err_set(e, "x5c[%zu]: must be base64", *n - 1);
	}
	return 0;
}

/* When the vCon says that it was made. */
static int64_t
made_at(struct vcon *v)
{
	int64_t t;

	if (native_time(v->n, json_get(v->root, "updated_at"), &t) == 0 ||
	    native_time(v->n, json_get(v->root, "created_at"), &t) == 0)
		return t;
	return TIME_NONE;
}

static int
verify_one(struct vcon *v, struct json from, struct str payload,
    struct json_doc *doc, struct err *e)
{
	struct arena a = { 0 };
	struct str chain[KEYRING_CHAIN];
	struct keyring_signature s = { .chain = chain, .at = made_at(v) };
	struct keyring_signer by;
	struct one one;
	int rc = -1;

	if (read_one(from, doc, &a, &one, e) < 0 || check_header(&one, e) < 0 ||
	    read_chain(&one, &a, chain, &s.chained, e) < 0)
		goto out;
	s.algorithm = json_str(header(&one, "alg"), &a);
	s.text = ARENA_JOIN(&a, one.text, STR("."), payload);
	s.bytes = one.bytes;
	rc = keyring_verify(v->keys, &s, &by, v->arena, e);
	if (rc == 0)
		v->signer = (struct vcon_signer){ .algorithm = arena_dup(
						      v->arena, s.algorithm),
			.key = by.file,
			.subject = by.subject };
out:
	arena_release(&a);
	return rc;
}

int
vcon_verify(
    struct vcon *v, struct json_doc *doc, struct str payload, struct err *e)
{
	struct json list = json_get(v->wrapper, "signatures"), one;
	struct json_iter it = json_each(list);
	char why[sizeof(e->msg)] = "";
	struct str told = { why, 0 };
	size_t n = json_count(list), i = 0;

	if (json_type(list) != JSON_LIST) {
		if (verify_one(v, v->wrapper, payload, doc, e) == 0)
			return 0;
		return err_prefix(e, "a signed vCon: signature");
	}
	if (json_type(json_get(v->wrapper, "signature")) != JSON_NONE || n == 0)
		return err_set(e, "a signed vCon: it must have either "
				  "signatures or a signature");
	if (n > SIGNATURES)
		return err_set(
		    e, "a signed vCon: more than %d signatures", SIGNATURES);
	for (; json_next(&it, NULL, &one); i++) {
		if (verify_one(v, one, payload, doc, e) == 0) {
			v->signer.index = i;
			return 0;
		}
		told.n += (size_t)snprintf(why + told.n, sizeof(why) - told.n,
		    "%ssignatures[%zu]: %s", i == 0 ? "" : "; ", i, e->msg);
		if (told.n >= sizeof(why))
			told.n = sizeof(why) - 1;
	}
	return err_set(e, "a signed vCon: %.*s", STR_ARG(told));
}

/* The i-th, or the one that there is. */
static struct json
signature_at(struct json wrapper, size_t i)
{
	struct json one = json_at(json_get(wrapper, "signatures"), i);

	return one.doc == NULL ? wrapper : one;
}

void
vcon_write_signed(struct vcon *v, struct writer *w)
{
	const struct vcon_signer *by = &v->signer;
	struct json h;

	if (v->wrapper.doc == NULL)
		return;
	h = json_get(signature_at(v->wrapper, by->index), "header");
	write_key(w, "signed");
	write_object(w);
	write_key(w, "status");
	write_z(w, by->key.p == NULL ? "unverified" : "verified");
	if (by->key.p == NULL) {
		native_data_raw(w, "alg", json_get(h, "alg"));
		native_data_raw(w, "x5u", json_get(h, "x5u"));
	} else {
		write_member(w, "alg", by->algorithm);
		write_member_int(w, "signature", (int64_t)by->index);
		write_member(w, "key", by->key);
		write_member(w, "subject", by->subject);
	}
	write_object_end(w);
}
