/*
 * measure [--user | --cpu] RUNS COMMAND...: runs the commands (sh -c) in turn, A
 * B A B ..., and prints for each: the median of the seconds that it took, or that
 * its processes spent in themselves (--user), and in the kernel, too (--cpu),
 * and the peak memory in KiB of its largest process.  Standard output of the commands is thrown away.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/str.h"

struct series {
	double *seconds;
	long peak;
};

struct used {
	long peak;
	double user, kernel;
};

enum what { WALL, USER, CPU };

static double
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/*
 * A process between us and the command, so that its children's peak is not
 * mixed with that of other commands.
 */
static int
run(const char *command, enum what what, struct series *s, size_t i)
{
	double start = clock_now();
	int ends[2], status;
	struct used used = { 0 };
	pid_t pid;

	if (pipe(ends) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		struct rusage use;
		pid_t child = fork();

		if (child == 0) {
			int null = open("/dev/null", O_WRONLY);

			dup2(null, STDOUT_FILENO);
			execl("/bin/sh", "sh", "-c", command, (char *)NULL);
			_exit(127);
		}
		waitpid(child, &status, 0);
		getrusage(RUSAGE_CHILDREN, &use);
		used.peak = use.ru_maxrss;
		used.user = (double)use.ru_utime.tv_sec +
			    (double)use.ru_utime.tv_usec / 1e6;
		used.kernel = (double)use.ru_stime.tv_sec +
			      (double)use.ru_stime.tv_usec / 1e6;
		if (write(ends[1], &used, sizeof(used)) < 0)
			_exit(126);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 125);
	}
	close(ends[1]);
	if (read(ends[0], &used, sizeof(used)) != sizeof(used))
		used = (struct used){ 0 };
	close(ends[0]);
	waitpid(pid, &status, 0);
	s->seconds[i] = what == WALL   ? clock_now() - start
			: what == USER ? used.user
				       : used.user + used.kernel;
	if (used.peak > s->peak)
		s->peak = used.peak;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int
main(int argc, char **argv)
{
	int64_t runs;
	struct series *all;
	enum what what = argc < 2                         ? WALL
			 : strcmp(argv[1], "--user") == 0 ? USER
			 : strcmp(argv[1], "--cpu") == 0  ? CPU
							  : WALL;
	int bad = 0;

	argc -= what != WALL;
	argv += what != WALL;
	if (argc < 3 || str_to_int(str_of(argv[1]), &runs) < 0 || runs < 1) {
		fprintf(stderr,
		    "usage: measure [--user | --cpu] RUNS COMMAND...\n");
		return 2;
	}
	all = xcalloc((size_t)argc, sizeof(*all));
	for (int c = 2; c < argc; c++)
		all[c].seconds = xcalloc((size_t)runs, sizeof(double));
	for (int64_t i = 0; i < runs; i++) {
		for (int c = 2; c < argc; c++) {
			int rc = run(argv[c], what, &all[c], (size_t)i);

			if (rc == 0 || bad)
				continue;
			fprintf(stderr, "measure: exit %d: %s\n", rc, argv[c]);
			bad = 1;
		}
	}
	for (int c = 2; c < argc; c++) {
		qsort(all[c].seconds, (size_t)runs, sizeof(double), ascending);
		printf("%.4f %ld\n", all[c].seconds[runs / 2], all[c].peak);
		free(all[c].seconds);
	}
	free(all);
	return bad;
}
