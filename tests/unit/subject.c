#include "text/subject.h"

#include "tap.h"

int
main(void)
{
	static const struct {
		const char *in, *bare;
		int count;
	} rows[] = {
		{ "lamp", "lamp", 0 },
		{ "RE : lampe", "lampe", 1 },
		{ "Re: AW: Antw: lamp", "lamp", 3 },
		{ "Re[2]: lamp", "lamp", 1 },
		{ "回复：灯", "灯", 1 },
		{ "Antw.: lamp", "lamp", 1 },
		{ "Réf. : lampe", "lampe", 1 },
		{ "Rép : lampe", "lampe", 1 },
		{ "Antwort: Angebot", "Angebot", 1 },
		{ "Trả lời: đèn", "đèn", 1 },
		{ "Відповідь: лампа", "лампа", 1 },
		{ "תגובה: מנורה", "מנורה", 1 },
		{ "Re: [Desk] Re: lamp", "[Desk] lamp", 2 },
		{ "Fwd: lamp", "Fwd: lamp", 0 },
		{ "Order.: lamp", "Order.: lamp", 0 },
		{ "", "", 0 },
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int count;
		struct str bare = subject_bare(str_of(rows[i].in), &a, &count);

		is_str(bare, rows[i].bare, rows[i].in);
		ok(count == rows[i].count, "  how many marks");
	}
	arena_release(&a);
	return done();
}
