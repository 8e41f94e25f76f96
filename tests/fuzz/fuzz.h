#ifndef KITH_TESTS_FUZZ_H
#define KITH_TESTS_FUZZ_H
/*
 * A harness defines LLVMFuzzerTestOneInput and includes this behind it.
 * Compiled with -DFUZZING it is a libFuzzer target; as built here its main
 * replays the files that are named, or all files of a folder.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>

#ifndef FUZZING

#include "core/buf.h"

static int fuzz_count;

static inline void
fuzz_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	char *at;

	if (f == NULL)
		return;
	buf_init(&b, 64 << 20);
	while ((at = buf_room(&b, 1 << 16)) != NULL) {
		size_t n = fread(at, 1, 1 << 16, f);

		b.n += n;
		if (n == 0)
			break;
	}
	fclose(f);
	LLVMFuzzerTestOneInput((const uint8_t *)buf_str(&b).p, b.n);
	buf_release(&b);
	fuzz_count++;
}

static inline void
fuzz_path(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	char name[4096];

	if (d == NULL) {
		fuzz_file(path);
		return;
	}
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		fuzz_file(name);
	}
	closedir(d);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		fuzz_path(argv[i]);
	printf("%d inputs\n", fuzz_count);
	return fuzz_count > 0 ? 0 : 1;
}

#endif
#endif
