#include "record/native.h"

#include "core/text/base64.h"

int
native_bytes(struct json v, struct arena *a, struct str *out, struct err *e)
{
	struct json text = json_get(v, "text");
	struct str base64 = json_str(json_get(v, "base64"), a);
	char *to;

	if (json_type(text) == JSON_STRING) {
		*out = json_str(text, a);
		return 0;
	}
	if (base64.p == NULL)
		return err_set(
		    e, "native has neither a text nor a base64 member");
	if (!base64_is(base64))
		return err_set(e, "native.base64 is no base64");
	to = arena_alloc(a, BASE64_DECODED(base64.n));
	*out = str_make(to, base64_decode(base64, to));
	return 0;
}
