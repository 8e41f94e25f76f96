#ifndef KITH_CORE_SANDBOX_SANDBOX_H
#define KITH_CORE_SANDBOX_SANDBOX_H
/*
 * Walls around a process that reads what strangers wrote: whoever takes it over
 * by a fault of a parser opens no file but those of a list, starts no program
 * and, where the list has no network, reaches nobody.
 *
 * Two of them, both for good and for all that the process starts: Landlock
 * (Linux 5.13) bounds the files, and from its later versions on ports, devices
 * and signals; a filter of system calls (seccomp) leaves those that filters of
 * text need.  The processes of a program keep what they opened before.
 *
 *	struct sandbox s = { 0 };
 *	sandbox_allow(&s, "export.mbox", SANDBOX_READ);
 *	rc = sandbox_raise(&s, &missing, &e);
 *	sandbox_release(&s);
 */
#include "core/err.h"
#include "core/vec.h"

/* Sanitizers read /proc, and look for leaks from a process of their own that
 * traces this one. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_SANITIZED 1
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

enum sandbox_rights {
	SANDBOX_READ = 1, /* the file, or all below the folder */
	SANDBOX_WRITE = 2, /* read, change, make and remove it */
	SANDBOX_RUN = 4, /* the file: read it, and start it as a program */
};

struct sandbox_path {
	char *path;
	unsigned rights;
};

struct sandbox {
	struct VEC(struct sandbox_path) paths;
	bool network; /* sockets to others; nobody connects to us */
	bool processes; /* makes processes of its own program */
	bool programs; /* starts those that it may run; they have its walls */
	/* Works on what it was given: of all calls those for memory, time and
	 * files that are open, and to open one where there are paths. */
	bool worker;
};

/* path is copied; NULL, "" and one that is not there allow nothing.  Links are
 * followed now, not later. */
void sandbox_allow(struct sandbox *s, const char *path, unsigned rights);
/* The folders that this program's libraries are in, for those that are loaded
 * later: libarchive, converters of charsets, names of hosts. */
void sandbox_allow_libraries(struct sandbox *s);
/* A program that may be started, and what loads it. */
void sandbox_allow_program(struct sandbox *s, const char *path);
void sandbox_release(struct sandbox *s);

/* What a kernel may lack. */
enum sandbox_wall { SANDBOX_FILES = 1, SANDBOX_CALLS = 2 };

/*
 * Raises the walls, as far as the kernel can; what it cannot stands in *missing
 * (of enum sandbox_wall, with a sentence for people in *why, static).  The
 * process has one thread.  0 or -1: a path could not be looked at, and nothing
 * is known of how far it came.
 */
int sandbox_raise(const struct sandbox *s, unsigned *missing, const char **why,
    struct err *e);

#endif
