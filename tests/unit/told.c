#include "live/imap/told.h"

#include "tap.h"

static struct imap_told told;
static struct buf out;

static struct str
written(void)
{
	buf_reset(&out);
	told_write(&told, &out);
	return buf_str(&out);
}

static void
take(const struct told_mail *v, size_t n)
{
	struct imap_told now = { 0 };

	for (size_t i = 0; i < n; i++)
		vec_add(&now, v[i]);
	told_take(&told, &now);
	is_int((int64_t)now.n, 0, "taken");
	vec_release(&now);
}

static void
test_marks(void)
{
	struct imap_names flags = { .v = { STR("\\seen"), STR("$junk"),
					STR("\\ANSWERED"), STR("x") },
		.n = 4 };

	is_int(told_marks(&flags), 10, "flags that matter, in any case");
	flags.n = 1;
	is_int(told_marks(&flags), 0, "one that does not");
}

static void
test_take(void)
{
	const struct told_mail some[] = { { 9, 8 }, { 5, 8 }, { 7, 0 },
		{ 6, 8 }, { 20, 2 } };
	const struct told_mail more[] = { { 6, 0 }, { 21, 2 }, { 9, 4 },
		{ 21, 2 }, { UINT32_MAX, 8 } };

	is_str(written(), "", "nothing");
	take(some, 5);
	is_str(written(), " =2:20 =8:5:6,9", "what was told");
	is_int(told_get(&told, 6), 8, "of one");
	is_int(told_get(&told, 7), 0, "of another");
	take(more, 5);
	is_str(written(), " =2:20:21 =4:9 =8:5,4294967295", "what is told now");
	told_drop(&told, 10, 20);
	told_drop(&told, 5, 5);
	told_drop(&told, 1, 4);
	told_drop(&told, 30, 29);
	is_str(written(), " =2:21 =4:9 =8:4294967295", "some are gone");
	told_drop(&told, 9, UINT64_MAX - 1);
	is_str(written(), "", "all are");
}

static void
test_read(void)
{
	static const char *const words[] = { "=8:5:6,9", "=2:20:21,7", "=",
		"=x", "=g:1", "=0:3", "=1:", "=1:0", "=1:8:x",
		"=1:4294967296" };

	told.n = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		told_read(&told, str_of(words[i]));
	told_sort(&told);
	is_str(written(), " =2:7,20:21 =8:5:6,9", "it reads what it wrote");
	told.n = 0;
	told_read(&told, STR("=8:1:4294967295"));
	is_int((int64_t)told.n, TOLD_MOST, "up to a ceiling");
}

int
main(void)
{
	buf_init(&out, 1 << 20);
	test_marks();
	test_take();
	test_read();
	vec_release(&told);
	buf_release(&out);
	return done();
}
