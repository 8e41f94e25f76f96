/* Answers of the DNS: bytes of whoever sends them. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "net/dns/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const enum dns_type types[] = { DNS_A, DNS_PTR, DNS_MX, DNS_TXT,
		DNS_AAAA, DNS_TLSA };
	struct arena a = { 0 };
	struct wire_name name;
	uint16_t id = n < 2 ? 0 : (uint16_t)(p[0] << 8 | p[1]);

	if (wire_name(STR("a.example"), &name) != 0)
		abort();
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct wire_reading r;

		if (wire_read(str_make((const char *)p, n), id, &name, types[i],
			&a, &r) == WIRE_ANSWER &&
		    (r.answer.status == DNS_FOUND) != (r.answer.n > 0))
			abort();
	}
	(void)wire_name(str_make((const char *)p, n), &name);
	arena_release(&a);
	return 0;
}

#include "fuzz.h"
