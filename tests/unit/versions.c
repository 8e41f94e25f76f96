#include "merge/versions.h"

#include "core/time.h"
#include "tap.h"

enum { FIRST = 100 * TIME_SECOND, DAY = 86400 * TIME_SECOND };

static struct spooled
one(uint64_t content, int64_t edited, uint64_t given)
{
	return (struct spooled){
		.time = FIRST,
		.edited = edited,
		.content = content,
		.given = given,
	};
}

/* What becomes of each, in the order of their places: o, l, s, p or f. */
static void
parts(const struct spooled *v, const size_t *order, size_t n, char *out)
{
	static const char letters[] = "olspf";
	struct versions vs = { 0 };
	struct str id = STR("m1");

	versions_met(&vs, id);
	versions_begin(&vs);
	for (size_t i = 0; i < n; i++)
		versions_take(&vs, id, &v[order[i]], order[i] + 1);
	versions_end(&vs);
	for (size_t i = 0; i < n; i++)
		out[i] = letters[versions_part(&vs, id, &v[i], i + 1)];
	out[n] = '\0';
	versions_release(&vs);
}

/* In every order the same. */
static bool
are(const struct spooled *v, size_t n, const char *want)
{
	size_t order[8] = { 0 };
	bool good = true;
	char got[9];

	for (size_t turn = 0; turn < 5040; turn++) {
		size_t left[8], rest = turn;

		for (size_t i = 0; i < n; i++)
			left[i] = i;
		for (size_t i = 0; i < n; i++) {
			size_t at = rest % (n - i);

			rest /= n - i;
			order[i] = left[at];
			memmove(left + at, left + at + 1,
			    (n - i - at - 1) * sizeof(*left));
		}
		parts(v, order, n, got);
		if (strcmp(got, want) != 0) {
			printf("# %s, want %s\n", got, want);
			good = false;
			break;
		}
	}
	return good;
}

static void
test_parts(void)
{
	struct spooled v[8];

	v[0] = one(1, TIME_NONE, 1);
	v[1] = one(2, FIRST + DAY, 2);
	v[2] = one(3, FIRST + 2 * DAY, 3);
	v[3] = one(1, TIME_NONE, 4);
	v[3].tie = 1;
	ok(are(v, 4, "olls"), "each at its own time, doubles once");
	v[3] = one(4, FIRST + DAY, 9);
	ok(are(v, 4, "opll"), "of two from one time the later stands");
	v[3] = one(4, TIME_NONE, 9);
	v[3].flags = SPOOL_DELETED;
	ok(are(v, 4, "pppo"), "what was deleted was never anything else");
	v[3] = one(4, FIRST + 3 * DAY, 9);
	v[3].rank = 2;
	v[3].trusted = v[3].claimed = 0;
	v[3].flags = SPOOL_FAILED;
	ok(are(v, 4, "ollf"), "a worse witness says nothing");
	for (int i = 0; i < 4; i++) {
		v[i].flags = SPOOL_MAIL;
		v[i].content <<= 32;
	}
	v[3].rank = 0;
	ok(are(v, 4, "offf"), "a mail has no versions with other words");
}

/* What its mailbox said of it later differs in the lower bits alone. */
static void
test_mails(void)
{
	const uint64_t words = UINT64_C(7) << 32;
	struct spooled v[5];

	v[0] = one(words, TIME_NONE, 1);
	v[1] = one(words ^ (1 << 20 | 5), FIRST + DAY, 2);
	v[2] = one(words ^ (1 << 20 | 9), FIRST + 2 * DAY, 3);
	v[3] = one(words, TIME_NONE, 4);
	v[3].tie = 1;
	v[4] = one(UINT64_C(9) << 32, TIME_NONE, 5);
	for (int i = 0; i < 5; i++)
		v[i].flags = SPOOL_MAIL;
	v[1].flags |= SPOOL_DELETED;
	ok(are(v, 5, "ollsf"),
	    "of a mail what its mailbox said later stands, each at its time");
	v[2].rank = 3;
	v[2].flags |= SPOOL_FAILED;
	ok(are(v, 5, "olpsf"), "a forgery with its words says nothing");
}

static void
test_many(void)
{
	struct versions vs = { 0 };
	struct str id = STR("m1");
	size_t late = 0, only = 0;

	versions_met(&vs, id);
	versions_begin(&vs);
	for (uint64_t i = 0; i < 1000; i++) {
		/* Some order that is none. */
		uint64_t n = i * 617 % 1000;
		struct spooled s = one(n, FIRST + (int64_t)n * DAY, n);

		versions_take(&vs, id, &s, n + 1);
	}
	versions_end(&vs);
	for (uint64_t n = 0; n < 1000; n++) {
		struct spooled s = one(n, FIRST + (int64_t)n * DAY, n);
		enum version_part p = versions_part(&vs, id, &s, n + 1);

		late += p == VERSION_LATE && n > 1000 - VERSIONS_MAX;
		only += p == VERSION_ONLY && n == 0;
	}
	ok(late == VERSIONS_MAX - 1 && only == 1,
	    "of many the first and the last ones");
	versions_release(&vs);
}

int
main(void)
{
	test_parts();
	test_mails();
	test_many();
	return done();
}
