#include "core/table.h"

#include <sys/wait.h>
#include <unistd.h>

#include "core/vec.h"
#include "tap.h"

/* Numbers under hashes that the test chooses: a slot holds an index plus one,
 * and the owner knows what stands there. */
struct item {
	uint64_t hash;
	int key;
};

struct items VEC(struct item);
struct index TABLE(uint32_t);

static inline bool
index_free(const uint32_t *s)
{
	return *s == 0;
}

static inline uint64_t
index_home(const struct items *o, const uint32_t *s)
{
	return o->v[*s - 1].hash;
}

static inline bool
index_is(const struct items *o, const uint32_t *s, int key)
{
	return o->v[*s - 1].key == key;
}

TABLE_FUNCTIONS(index, uint32_t, const struct items *, int)

enum { FIRST = 8, MANY = 5000 };

static bool
put(struct index *t, struct items *o, uint64_t hash, int key)
{
	size_t at;

	index_room(t, o, o->n, FIRST);
	at = index_find(t, o, hash, key);
	if (!index_free(&t->slots[at]))
		return false;
	vec_add(o, (struct item){ hash, key });
	t->slots[at] = (uint32_t)o->n;
	return true;
}

static int
get(const struct index *t, const struct items *o, uint64_t hash, int key)
{
	uint32_t s = t->slots[index_find(t, o, hash, key)];

	return s == 0 ? -1 : o->v[s - 1].key;
}

/* Every key under the hash that `how` gives it. */
static void
test_hashes(uint64_t (*how)(int key), int n, const char *what)
{
	struct index t = { 0 };
	struct items o = { 0 };
	bool good = true;

	for (int i = 0; i < n; i++)
		good = put(&t, &o, how(i), i) && good;
	for (int i = 0; i < n; i++)
		good = !put(&t, &o, how(i), i) && good;
	for (int i = 0; i < n; i++)
		good = get(&t, &o, how(i), i) == i && good;
	for (int i = n; i < n + 100; i++)
		good = get(&t, &o, how(i), i) == -1 && good;
	ok(good && o.n == (size_t)n, what);
	ok(o.n * 10 <= (t.mask + 1) * 7, "three in ten slots are free");
	index_fetch(&t, how(0));
	index_clear(&t);
	ok(get(&t, &o, how(1), 1) == -1, "none after it was emptied");
	index_release(&t);
	ok(t.slots == NULL && t.mask == 0, "nothing after its release");
	vec_release(&o);
}

static uint64_t
same(int key)
{
	(void)key;
	return 5;
}

/* All begin at the last slot, whatever the size. */
static uint64_t
last(int key)
{
	(void)key;
	return UINT64_MAX;
}

static uint64_t
spread(int key)
{
	return (uint64_t)key * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t
high(int key)
{
	return (uint64_t)key << 32;
}

static void
test_growth(void)
{
	struct index t = { 0 };
	struct items o = { 0 };

	for (int i = 0; i < 5; i++)
		put(&t, &o, spread(i), i);
	is_int((int64_t)t.mask + 1, FIRST, "five of eight slots");
	put(&t, &o, spread(5), 5);
	is_int((int64_t)t.mask + 1, 2 * FIRST, "the sixth doubles it");
	index_release(&t);
	vec_release(&o);
}

static void
test_overflow(void)
{
	struct items o = { 0 };
	uint32_t slot = 0;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		struct index t = { &slot, SIZE_MAX / 2 };

		fclose(stderr);
		index_room(&t, &o, SIZE_MAX / 20, FIRST);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 2,
	    "a size that overflows ends the program");
}

int
main(void)
{
	test_hashes(spread, MANY, "keys that spread");
	test_hashes(same, 500, "keys of one hash");
	test_hashes(last, 500, "that wrap round from the last slot");
	test_hashes(high, 500, "and that differ in high bits alone");
	test_growth();
	test_overflow();
	return done();
}
