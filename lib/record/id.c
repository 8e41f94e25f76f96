#include "record/id.h"

#include "core/text/ascii.h"

void
record_id(char out[ID_SIZE], struct str channel, struct str account,
    struct str native_id)
{
	struct str parts[3] = { channel, account.p == NULL ? STR("") : account,
		native_id };

	id_make(out, 'm', parts, 3);
}

struct str
record_mail_native_id(struct str message_id, struct str from, struct arena *a)
{
	char *p = arena_alloc(a, message_id.n + 1 + from.n);

	if (message_id.n > 0)
		memcpy(p, message_id.p, message_id.n);
	/* Neither a Message-ID nor an address holds a newline. */
	p[message_id.n] = '\n';
	for (size_t i = 0; i < from.n; i++) {
		char c = from.p[i];

		p[message_id.n + 1 + i] = ascii_lower(c);
	}
	return str_make(p, message_id.n + 1 + from.n);
}
