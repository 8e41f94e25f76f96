#include "core/intern.h"

#include "tap.h"

enum { MANY = 2000 };

int
main(void)
{
	struct intern w = { 0 };
	char text[] = "email";
	struct str kept = intern_str(&w, str_of(text)), word;
	bool good = true;

	is_str(kept, "email", "a word is kept");
	ok(kept.p != text, "as a copy");
	text[0] = 'E';
	is_str(kept, "email", "which stays as it was");
	ok(intern_str(&w, STR("email")).p == kept.p, "there is one copy");
	ok(intern_str(&w, STR_NONE).p == NULL, "an absent one stays absent");
	is_int(intern_number(&w, STR("")), 1, "the empty word is one");
	is_int(intern_number(&w, STR("email")), 0, "numbers in their order");
	for (uint32_t i = 0; i < MANY; i++) {
		char name[16];
		int n = snprintf(name, sizeof(name), "w%u", i);

		word = str_make(name, (size_t)n);
		good = intern_number(&w, word) == i + 2 && good;
		good = intern_number(&w, word) == i + 2 && good;
		good = str_eq(intern_word(&w, i + 2), word) && good;
	}
	ok(good, "many of them");
	ok(intern_word(&w, 0).p == kept.p, "none moves when the table grows");
	intern_release(&w);
	is_int(intern_number(&w, STR("x")), 0, "from nothing after a release");
	intern_release(&w);
	return done();
}
