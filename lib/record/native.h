#ifndef KITH_RECORD_NATIVE_H
#define KITH_RECORD_NATIVE_H
/*
 * A raw item as `native` of a record: {"text":"..."} or {"base64":"..."}.
 */
#include "json/json.h"

/* Its bytes, in the arena or in the text itself; -1 where it holds none. */
int
native_bytes(struct json v, struct arena *a, struct str *out, struct err *e);

#endif
