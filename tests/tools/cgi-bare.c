/*
 * A program of the CGI that keeps a body and nothing else: as long as
 * CONTENT_LENGTH says, into a new file of the folder KITH_SPOOL, synced, under its
 * name, synced, too, and then 200.  What kith-hook is measured against.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int
main(void)
{
	static char body[4 << 20];
	const char *spool = getenv("KITH_SPOOL");
	const char *length = getenv("CONTENT_LENGTH");
	char beside[80], whole[64];
	struct timespec t;
	size_t n = 0, want = length == NULL ? 0 : strtoul(length, NULL, 10);
	ssize_t got;
	int folder, fd;

	if (spool == NULL || want > sizeof(body))
		return 2;
	while (n < want && (got = read(0, body + n, want - n)) > 0)
		n += (size_t)got;
	clock_gettime(CLOCK_REALTIME, &t);
	snprintf(whole, sizeof(whole), "%lld%09ld-%ld.hook",
	    (long long)t.tv_sec, t.tv_nsec, (long)getpid());
	snprintf(beside, sizeof(beside), ".%s.new", whole);
	folder = open(spool, O_RDONLY | O_DIRECTORY);
	fd = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (n < want || folder < 0 || fd < 0 ||
	    write(fd, body, n) != (ssize_t)n || fsync(fd) < 0 ||
	    close(fd) < 0 || renameat(folder, beside, folder, whole) < 0 ||
	    fsync(folder) < 0)
		return 1;
	puts("Status: 200 OK\r\nContent-Type: text/plain\r\n\r");
	return fflush(stdout) == 0 ? 0 : 1;
}
