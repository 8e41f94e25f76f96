/* The walls, from inside: what a process behind them cannot do any more. */
#include "core/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { NO_WALL = 99 };

/* What act returns behind the walls: 0, an errno, minus a signal; NO_WALL
 * where this kernel has not all that are wanted. */
static int
behind(const struct sandbox *s, unsigned wanted, int (*act)(void))
{
	unsigned missing;
	const char *why;
	struct err e;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (sandbox_raise(s, &missing, &why, &e) < 0)
			_exit(98);
		/* At once, since sanitizers would look for leaks. */
		_exit((missing & wanted) != 0 ? NO_WALL : act());
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 97;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void
gives(const struct sandbox *s, unsigned wanted, int (*act)(void), int want,
    const char *what)
{
	int got = behind(s, wanted, act);

	if (got == NO_WALL)
		printf("ok %d - %s # SKIP this kernel has no such wall\n",
		    ++tap_count, what);
	else
		is_int(got, want, what);
}

static int
opening(const char *path, int flags)
{
	return open(path, flags | O_CLOEXEC, 0600) < 0 ? errno : 0;
}

#define ACT(name, call)        \
	static int name(void)  \
	{                      \
		return (call); \
	}
#define OR_ERRNO(call) ((call) < 0 ? errno : 0)

ACT(read_in, opening("in/file", O_RDONLY))
ACT(list_in, opening("in", O_RDONLY | O_DIRECTORY))
ACT(read_below, opening("in/sub/file", O_RDONLY))
ACT(read_one, opening("one", O_RDONLY))
ACT(read_out, opening("out/file", O_RDONLY))
ACT(read_none, opening("out/none", O_RDONLY))
ACT(list_out, opening("out", O_RDONLY | O_DIRECTORY))
ACT(read_link, opening("in/link", O_RDONLY))
ACT(read_dots, opening("in/../out/file", O_RDONLY))
ACT(write_in, opening("in/file", O_WRONLY))
ACT(make_in, opening("in/new", O_WRONLY | O_CREAT))
ACT(cut_one, opening("one", O_RDONLY | O_TRUNC))
ACT(make_state, opening("state/new", O_RDWR | O_CREAT | O_TRUNC))
ACT(make_folder, OR_ERRNO(mkdir("state/folder", 0700)))
ACT(move_in_state, OR_ERRNO(rename("state/a", "state/b")))
ACT(move_out, OR_ERRNO(rename("state/c", "out/c")))
ACT(take_in, OR_ERRNO(rename("out/file", "state/file")))
ACT(remove_out, OR_ERRNO(unlink("out/file")))
ACT(link_in, OR_ERRNO(symlink("../out", "state/link")))
ACT(node_in, OR_ERRNO(mkfifo("state/fifo", 0600)))
ACT(stat_out, OR_ERRNO(access("out/file", F_OK)))
ACT(no_socket, OR_ERRNO(socket(AF_INET, SOCK_STREAM, 0)))
ACT(no_local, OR_ERRNO(socket(AF_UNIX, SOCK_STREAM, 0)))
ACT(raw_socket, OR_ERRNO(socket(AF_PACKET, SOCK_RAW, 0)))
ACT(no_pair, OR_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){ 0 })))
ACT(mounting, mount("none", "out", "tmpfs", 0, NULL))
ACT(reading_others, (int)syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0))
ACT(no_call, OR_ERRNO(syscall(SYS_setpriority, 0, 0, 0)))
ACT(no_clone3, OR_ERRNO(syscall(SYS_clone3, NULL, 0)))
ACT(typing, OR_ERRNO(ioctl(STDIN_FILENO, TIOCSTI, "x")))
ACT(killing, OR_ERRNO(kill(getppid(), 0)))
ACT(owning, OR_ERRNO(fcntl(STDOUT_FILENO, F_SETOWN, getppid())))
ACT(killing_one, OR_ERRNO(tgkill(getppid(), getppid(), 0)))
ACT(aborting, (abort(), 0))
ACT(getting_rights, OR_ERRNO(setuid(0)))

static int
starting(void)
{
	char *const argv[] = { (char[]){ "true" }, NULL };
	char *const none[] = { NULL };

	return execve("/bin/true", argv, none), errno;
}

static int
forking(void)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child < 0 || waitpid(child, &status, 0) != child ? errno : 0;
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
threading(void)
{
	pthread_t t;
	int rc = pthread_create(&t, NULL, nothing, NULL);

	return rc != 0 ? rc : pthread_join(t, NULL);
}

/* The port of the test's own server. */
static struct sockaddr_in server;

static int
tcp(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int
connecting(void)
{
	int fd = tcp();

	return fd < 0 ? errno
		      : OR_ERRNO(connect(fd, (const struct sockaddr *)&server,
			    sizeof(server)));
}

static int
listening(void)
{
	int fd = tcp();

	return fd < 0 ? errno : OR_ERRNO(listen(fd, 1));
}

/* Memory and what is open already: that is all that parsers need. */
static int
working(void)
{
	char *p = malloc(1 << 24);
	struct stat st;

	if (p == NULL || fstat(STDOUT_FILENO, &st) < 0)
		return errno;
	memset(p, 1, 1 << 24);
	free(p);
	return write(STDOUT_FILENO, "# working\n", 10) == 10 ? 0 : errno;
}

/* What the tests find: 0, or -1. */
static int
make_files(void)
{
	static const char *const folders[] = { "in", "in/sub", "out", "state" },
				 *const names[] = { "one", "in/file",
					 "in/sub/file", "out/file", "state/a",
					 "state/c" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (mkdir(folders[i], 0700) < 0)
			return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (opening(names[i], O_WRONLY | O_CREAT) != 0)
			return -1;
	return symlink("../out/file", "in/link");
}

static void
files(void)
{
	struct sandbox s = { 0 };

	sandbox_allow(&s, "in", SANDBOX_READ);
	sandbox_allow(&s, "one", SANDBOX_READ);
	sandbox_allow(&s, "state", SANDBOX_WRITE);
	sandbox_allow(&s, "none", SANDBOX_READ);
	sandbox_allow(&s, NULL, SANDBOX_READ);
#define FILES(act, want, what) gives(&s, SANDBOX_FILES, act, want, what)
	FILES(read_in, 0, "a file of a folder that is named");
	FILES(list_in, 0, "the folder itself");
	FILES(read_below, 0, "a file of a folder in it");
	FILES(read_one, 0, "a file that is named");
	FILES(read_out, EACCES, "a file elsewhere is not read");
	FILES(read_none, ENOENT, "nor is it hidden that there is none");
	FILES(list_out, EACCES, "a folder elsewhere is not listed");
	FILES(read_link, EACCES, "a link leads nowhere");
	FILES(read_dots, EACCES, "nor do dots");
	FILES(write_in, EACCES, "what is read is not written");
	FILES(make_in, EACCES, "nothing is made there");
	FILES(cut_one, EACCES, "nothing is cut off");
	FILES(make_state, 0, "a file of the state");
	FILES(make_folder, 0, "a folder there");
	FILES(move_in_state, 0, "it gets another name");
	FILES(move_out, EACCES, "and does not leave");
	FILES(take_in, EACCES, "nor does what is elsewhere come in");
	FILES(remove_out, EACCES, "nothing is removed elsewhere");
	FILES(stat_out, 0, "that something is there can be seen");
	sandbox_release(&s);
}

static void
calls(void)
{
	struct sandbox s = { 0 };

	sandbox_allow(&s, ".", SANDBOX_WRITE);
#define CALLS(act, want, what) gives(&s, SANDBOX_CALLS, act, want, what)
	CALLS(working, 0, "memory, and what is open");
	CALLS(link_in, EPERM, "no link is made");
	CALLS(node_in, EPERM, "no pipe with a name");
	CALLS(no_socket, EPERM, "no socket");
	CALLS(no_local, EPERM, "nor one to processes here");
	CALLS(no_pair, EPERM, "nor a pair");
	CALLS(starting, EPERM, "no program is started");
	CALLS(typing, EPERM, "nothing is typed on the terminal");
	CALLS(killing, EPERM, "no signal to others");
#ifndef __SANITIZE_ADDRESS__
	CALLS(killing_one, EPERM, "nor to their threads");
	CALLS(owning, EPERM, "nor by way of a file");
	CALLS(aborting, -SIGABRT, "but to itself");
#endif
	CALLS(no_call, ENOSYS, "a call of no use is not there");
	CALLS(no_clone3, ENOSYS, "nor one whose arguments cannot be seen");
	CALLS(getting_rights, ENOSYS, "nor another user's rights");
	CALLS(mounting, -SIGSYS, "what is an attack ends the process");
	CALLS(reading_others, -SIGSYS, "so does a look at others");
#if !SANDBOX_SANITIZED
	CALLS(forking, EPERM, "no process");
	CALLS(threading, EPERM, "no thread");
#endif
	s.processes = true;
	CALLS(forking, 0, "processes, where they are meant");
	CALLS(starting, EPERM, "but no program");
	CALLS(no_socket, EPERM, "and no socket");
	sandbox_release(&s);
}

static void
network(void)
{
	struct sandbox s = { .network = true };

	CALLS(connecting, 0, "a connection, where the network is meant");
	CALLS(threading, 0, "a thread, which looks up hosts");
	CALLS(listening, EPERM, "nobody connects to us");
	CALLS(raw_socket, EPERM, "no socket but those of the network");
	CALLS(starting, EPERM, "no program there either");
	sandbox_release(&s);
}

static void
workers(void)
{
	struct sandbox s = { .worker = true };

	CALLS(working, 0, "a worker works on what it has");
	CALLS(no_socket, EPERM, "it has no socket");
	CALLS(starting, EPERM, "it starts nothing");
	CALLS(move_in_state, ENOSYS, "it moves nothing");
	gives(&s, SANDBOX_FILES | SANDBOX_CALLS, read_one,
#if SANDBOX_SANITIZED
	    EACCES,
#else
	    EPERM,
#endif
	    "it opens no file");
}

static int
serve(void)
{
	int fd = tcp();
	socklen_t n = sizeof(server);

	server.sin_family = AF_INET;
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return fd >= 0 && bind(fd, (const struct sockaddr *)&server, n) == 0 &&
		       listen(fd, 8) == 0 &&
		       getsockname(fd, (struct sockaddr *)&server, &n) == 0
		   ? fd
		   : -1;
}

int
main(void)
{
	char dir[] = "/tmp/kith-sandbox.XXXXXX", command[64];
	int fd;

	if (mkdtemp(dir) == NULL || chdir(dir) < 0 || make_files() < 0 ||
	    (fd = serve()) < 0)
		return 1;
	files();
	calls();
	network();
	workers();
	close(fd);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) != 0 || done();
}
