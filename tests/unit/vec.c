#include "core/vec.h"

#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

struct pair {
	uint32_t a, b;
};

struct pairs VEC(struct pair);

#ifdef __SANITIZE_ADDRESS__
/* What memory cannot hold gives NULL, as it does without the sanitizer. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}
#endif

enum { MANY = 300000 };

static void
test_growth(void)
{
	struct pairs list = { 0 };
	bool good = true;
	size_t grown = 0, cap = 0;

	for (uint32_t i = 0; i < MANY; i++) {
		vec_add(&list, (struct pair){ (uint32_t)list.n, i * 3 });
		grown += list.cap != cap;
		cap = list.cap;
	}
	for (uint32_t i = 0; i < MANY; i++)
		good = good && list.v[i].a == i && list.v[i].b == i * 3;
	ok(good && list.n == MANY, "what was added stands in its order");
	ok(grown < 30, "room grows by doubling, not one by one");
	ok(list.cap - list.n <= list.n / 2 + VEC_FIRST,
	    "a large list holds half of it too much at most");
	*vec_new(&list) = (struct pair){ 1, 2 };
	is_int((int64_t)list.n, MANY + 1, "a new element counts");
	cap = list.cap;
	list.n = 0;
	vec_room(&list, MANY);
	ok(list.cap == cap, "memory is kept");
	vec_release(&list);
	ok(list.v == NULL && list.n == 0 && list.cap == 0, "and given back");
	vec_room(&list, 1000);
	ok(list.cap >= 1000 && list.n == 0, "room for many at once");
	vec_release(&list);
}

static void
test_arena(void)
{
	struct arena a = { 0 };
	struct pairs list = { 0 };
	struct pair *first;
	bool good = true;

	vec_add_in(&a, &list, (struct pair){ 7, 8 });
	first = list.v;
	for (uint32_t i = 1; i < 1000; i++)
		vec_add_in(&a, &list, (struct pair){ i, i });
	for (uint32_t i = 1; i < 1000; i++)
		good = good && list.v[i].a == i;
	ok(good && list.v[0].b == 8, "a list in an arena grows");
	ok(first[0].a == 7 && first != list.v, "old elements stay until reset");
	arena_release(&a);
}

/* How a child ends that asks for too much. */
static int
exit_of(size_t n, size_t more, size_t size)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		size_t cap = n;

		fclose(stderr);
		free(vec_grow(NULL, &cap, n, more, size));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_overflow(void)
{
	is_int(exit_of(SIZE_MAX - 1, 2, 1), 2, "numbers that overflow");
	is_int(exit_of(SIZE_MAX / 8, 1, 16), 2, "bytes that overflow");
	is_int(exit_of(SIZE_MAX / 3 * 2, 1, 1), 2, "a capacity that overflows");
	is_int(exit_of(0, SIZE_MAX / 4, 2), 2, "more than memory has");
	is_int(exit_of(0, 3, 16), 0, "what fits");
}

int
main(void)
{
	test_growth();
	test_arena();
	test_overflow();
	return done();
}
