/*
 * cgi-calls CALLS PARALLEL BODYFILE PROGRAM: calls a program of the CGI so often,
 * so many at a time, as a web server does: a process each, the request in our
 * environment, the body on its standard input.  Prints nothing; ends with 1 where
 * an answer did not begin with "Status: 200".
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char good[] = "Status: 200";

/* A child that calls it by turns: 0 where all went well. */
static int
call(long calls, const char *body, const char *program)
{
	char said[sizeof(good) - 1], rest[4096];
	int ends[2], status;

	for (; calls > 0; calls--) {
		size_t n = 0;
		ssize_t got;
		pid_t pid;

		if (pipe(ends) < 0)
			return 1;
		pid = fork();
		if (pid == 0) {
			int in = open(body, O_RDONLY);

			if (in < 0 || dup2(in, STDIN_FILENO) < 0 ||
			    dup2(ends[1], STDOUT_FILENO) < 0)
				_exit(127);
			close(in);
			close(ends[0]);
			close(ends[1]);
			execl(program, program, (char *)NULL);
			_exit(127);
		}
		close(ends[1]);
		if (pid < 0)
			return 1;
		while (n < sizeof(said) &&
		       (got = read(ends[0], said + n, sizeof(said) - n)) > 0)
			n += (size_t)got;
		while (read(ends[0], rest, sizeof(rest)) > 0)
			;
		close(ends[0]);
		if (waitpid(pid, &status, 0) < 0 || status != 0 ||
		    n < sizeof(said) || memcmp(said, good, n) != 0)
			return 1;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	long calls, parallel;
	int status, bad = 0;

	if (argc != 5)
		return 2;
	calls = strtol(argv[1], NULL, 10);
	parallel = strtol(argv[2], NULL, 10);
	if (calls < 1 || parallel < 1)
		return 2;
	for (long i = 0; i < parallel; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(call(calls / parallel + (i < calls % parallel),
			    argv[3], argv[4]));
		bad |= pid < 0;
	}
	while (wait(&status) > 0)
		bad |= status != 0;
	return bad;
}
