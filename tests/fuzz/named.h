#ifndef KITH_TESTS_FUZZ_NAMED_H
#define KITH_TESTS_FUZZ_NAMED_H
/* The bytes of an input as a file, for what reads files alone. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The name of a file that lives in memory: the same one each time. */
static const char *
fuzz_named(const uint8_t *p, size_t n)
{
	static char name[64];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", 0);
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	}
	if (fd < 0 || ftruncate(fd, 0) != 0 ||
	    pwrite(fd, p, n, 0) != (ssize_t)n)
		abort();
	return name;
}

#endif
