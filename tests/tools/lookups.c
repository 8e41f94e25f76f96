/*
 * lookups PROGRAM ARGUMENT...: for each line of standard input one run of the
 * program with the line as its last argument; prints the median and the 99th
 * percentile of their times in milliseconds, process start included.  A run
 * that fails ends it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"

enum { LINE = 1024 };

static double
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
run(char **argv)
{
	int status = -1;
	pid_t pid = vfork();

	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
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
	char **args = xcalloc((size_t)argc + 1, sizeof(*args)), line[LINE];
	double *times = NULL;
	size_t n = 0;
	int rc = 0, out = dup(STDOUT_FILENO);

	if (argc < 2 || out < 0) {
		fprintf(stderr, "usage: lookups PROGRAM ARGUMENT...\n");
		return 2;
	}
	memcpy(args, argv + 1, ((size_t)argc - 1) * sizeof(*args));
	args[argc - 1] = line;
	dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
	while (rc == 0 && fgets(line, LINE, stdin) != NULL) {
		double start = clock_now();

		line[strcspn(line, "\n")] = '\0';
		rc = run(args);
		if ((n & (n - 1)) == 0)
			times = xreallocarray(
			    times, n == 0 ? 1 : n * 2, sizeof(*times));
		times[n++] = clock_now() - start;
	}
	if (rc != 0 || n == 0) {
		fprintf(stderr, "lookups: exit %d for %s\n", rc, line);
		return 2;
	}
	qsort(times, n, sizeof(*times), ascending);
	dprintf(out, "%.2f %.2f\n", times[n / 2], times[n * 99 / 100]);
	free(times);
	free(args);
	return 0;
}
