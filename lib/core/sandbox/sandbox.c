#include "core/sandbox/sandbox.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "core/sandbox/walls.h"

void
sandbox_allow(struct sandbox *s, const char *path, unsigned rights)
{
	if (path != NULL && *path != '\0')
		vec_add(
		    &s->paths, (struct sandbox_path){ xstrdup(path), rights });
}

/* The folder of one; the first is the program itself, without a name. */
static int
allow_library(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct sandbox *s = arg;
	const char *slash = strrchr(info->dlpi_name, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash - info->dlpi_name);
	char *folder;

	(void)size;
	if (n == 0)
		return 0;
	for (size_t i = 0; i < s->paths.n; i++)
		if (strlen(s->paths.v[i].path) == n &&
		    memcmp(s->paths.v[i].path, info->dlpi_name, n) == 0)
			return 0;
	folder = xmemdup0(info->dlpi_name, n);
	sandbox_allow(s, folder, SANDBOX_READ);
	free(folder);
	return 0;
}

void
sandbox_allow_libraries(struct sandbox *s)
{
	dl_iterate_phdr(allow_library, s);
	sandbox_allow(s, "/etc/ld.so.cache", SANDBOX_READ);
}

/* Of this program, which is the first: what loads it, and others. */
static int
allow_loader(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_INTERP)
			sandbox_allow(arg,
			    (const char *)(info->dlpi_addr +
					   info->dlpi_phdr[i].p_vaddr),
			    SANDBOX_RUN);
	return 1;
}

void
sandbox_allow_program(struct sandbox *s, const char *path)
{
	sandbox_allow(s, path, SANDBOX_RUN);
	dl_iterate_phdr(allow_loader, s);
}

void
sandbox_release(struct sandbox *s)
{
	for (size_t i = 0; i < s->paths.n; i++)
		free(s->paths.v[i].path);
	vec_release(&s->paths);
}

int
sandbox_raise(
    const struct sandbox *s, unsigned *missing, const char **why, struct err *e)
{
	/* By SANDBOX_FILES and SANDBOX_CALLS. */
	static const char *const sentences[] = { NULL,
		"this kernel has no Landlock, which bounds the files that are "
		"opened",
		"this kernel has no seccomp, which bounds the system calls",
		"this kernel has neither Landlock nor seccomp" };
	int files;

	*missing = 0;
	/* Both ask for it: what is started never has more rights than we. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		*missing = SANDBOX_FILES | SANDBOX_CALLS;
	} else {
		files = landlock_raise(s, e);
		if (files < 0)
			return -1;
		if (files == 0)
			*missing |= SANDBOX_FILES;
		if (!seccomp_raise(s))
			*missing |= SANDBOX_CALLS;
	}
	*why = sentences[*missing];
	return 0;
}
