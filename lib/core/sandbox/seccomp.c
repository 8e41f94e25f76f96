/*
 * The filter of system calls.  It lists what is allowed, since what kernels
 * add later cannot be listed.  By number, in three answers:
 *
 *	allowed		what filters of text, and the libraries under them, do
 *	EPERM		what a library may try, and a fault of ours would: a
 *			program, a socket, a process
 *	ENOSYS		all others, as on an older kernel: libc and libraries
 *			have another way then (clone3 and clone)
 *
 * and the death of the process for what takes over others or the machine: no
 * code of ours or of a library ever asks for that.
 *
 * The filter is classic BPF, written here in forty lines rather than by
 * libseccomp: lists of numbers and three arguments need no compiler for every machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/sandbox/walls.h"

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MACHINE AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define MACHINE AUDIT_ARCH_S390X
#endif

#ifndef MACHINE
/* One whose numbers nobody has tried. */
bool
seccomp_raise(const struct sandbox *s)
{
	return (void)s, false;
}
#else

/* Bytes, memory, time, itself: for all, the workers too. */
static const int always[] = {
	SYS_read,
	SYS_write,
	SYS_readv,
	SYS_writev,
	SYS_pread64,
	SYS_pwrite64,
	SYS_lseek,
	SYS_close,
	SYS_fstat,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_mprotect,
	SYS_madvise,
	SYS_brk,
	SYS_futex,
	SYS_clock_gettime,
	SYS_clock_getres,
	SYS_gettimeofday,
	SYS_getrandom,
	SYS_getpid,
	SYS_gettid,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_sysinfo,
	SYS_uname,
	SYS_getrusage,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_restart_syscall,
	SYS_set_robust_list,
	SYS_exit,
	SYS_exit_group,
	SYS_timer_create,
	SYS_timer_settime,
	SYS_timer_delete,
	SYS_ppoll,
#ifdef SYS_rseq
	SYS_rseq,
#endif
#ifdef SYS_poll
	SYS_poll,
#endif
#ifdef SYS_time
	SYS_time,
#endif
	/* Without a path it is fstat of another name. */
	SYS_newfstatat,
};

/* Files, behind the other wall, and waiting. */
static const int tools[] = {
	SYS_openat,
	SYS_statx,
	SYS_faccessat,
	SYS_readlinkat,
	SYS_getcwd,
	SYS_getdents64,
	SYS_flock,
	SYS_ftruncate,
	SYS_fallocate,
	SYS_fsync,
	SYS_fdatasync,
	SYS_fadvise64,
	SYS_fstatfs,
	SYS_statfs,
	SYS_fchmod,
	SYS_fchown,
	SYS_renameat2,
	SYS_linkat,
	SYS_unlinkat,
	SYS_mkdirat,
	SYS_umask,
	SYS_dup,
	SYS_dup3,
	SYS_pipe2,
	SYS_eventfd2,
	SYS_epoll_create1,
	SYS_epoll_ctl,
	SYS_epoll_pwait,
	SYS_pselect6,
	SYS_nanosleep,
	SYS_clock_nanosleep,
	SYS_times,
	SYS_getppid,
	SYS_getuid,
	SYS_geteuid,
	SYS_getgid,
	SYS_getegid,
#ifdef SYS_open
	SYS_open,
	SYS_stat,
	SYS_lstat,
	SYS_access,
	SYS_readlink,
	SYS_unlink,
	SYS_mkdir,
	SYS_rmdir,
	SYS_dup2,
	SYS_pipe,
	SYS_select,
	SYS_epoll_wait,
#endif
#ifdef SYS_faccessat2
	SYS_faccessat2,
#endif
#ifdef SYS_rename
	SYS_rename,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_getrlimit
	SYS_getrlimit,
#endif
};

static const int network[] = {
	SYS_connect,
	SYS_bind, /* of netlink; Landlock has a word on TCP */
	SYS_sendto,
	SYS_recvfrom,
	SYS_sendmsg,
	SYS_sendmmsg,
	SYS_recvmsg,
	SYS_recvmmsg,
	SYS_shutdown,
	SYS_getsockopt,
	SYS_setsockopt,
	SYS_getsockname,
	SYS_getpeername,
	SYS_socketpair,
};

/* To have workers, and for these to raise their own walls. */
static const int processes[] = {
	SYS_wait4,
	SYS_landlock_create_ruleset,
	SYS_landlock_add_rule,
	SYS_landlock_restrict_self,
#ifdef SYS_close_range
	SYS_close_range,
#endif
};

/* To start one, behind the other wall, and what one does before its main. */
static const int programs[] = {
	SYS_execve,
	SYS_set_tid_address,
	SYS_chdir,
#ifdef SYS_arch_prctl
	SYS_arch_prctl,
#endif
};

/* A worker's files, behind its other wall. */
static const int opening[] = {
	SYS_openat,
	SYS_faccessat,
#ifdef SYS_faccessat2
	SYS_faccessat2,
#endif
#ifdef SYS_open
	SYS_open,
	SYS_access,
#endif
};

static const int refused[] = {
	SYS_execve,
	SYS_execveat,
	SYS_socket,
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_accept,
	SYS_accept4,
	SYS_socketpair,
	SYS_sendto,
	SYS_sendmsg,
	SYS_clone,
	SYS_kill,
	SYS_tgkill,
	SYS_ioctl,
	SYS_prctl,
	SYS_openat,
	SYS_truncate,
	SYS_linkat,
	SYS_symlinkat,
	SYS_mknodat,
#ifdef SYS_fork
	SYS_fork,
	SYS_vfork,
#endif
#ifdef SYS_open
	SYS_open,
	SYS_creat,
	SYS_link,
	SYS_symlink,
	SYS_mknod,
#endif
};

/* What sanitizers do: at the end of a program another process looks for leaks,
 * and whether memory can be read is asked of a pipe. */
static const int traced[] = {
	SYS_pipe2,
#ifdef SYS_pipe
	SYS_pipe,
	SYS_getdents,
#endif
	SYS_tgkill,
	SYS_ptrace,
	SYS_clone,
	SYS_prctl,
	SYS_wait4,
	SYS_fcntl,
	SYS_openat,
	SYS_getdents64,
	SYS_readlinkat,
#ifdef SYS_getdents
	SYS_getdents,
#endif
#ifdef SYS_open
	SYS_open,
	SYS_readlink,
#endif
};

static const int deadly[] = {
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_kcmp,
	SYS_bpf,
	SYS_perf_event_open,
	SYS_userfaultfd,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_setns,
	SYS_unshare,
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_reboot,
	SYS_swapon,
	SYS_swapoff,
	SYS_acct,
	SYS_settimeofday,
	SYS_clock_settime,
	SYS_sethostname,
#ifdef SYS_kexec_load
	SYS_kexec_load,
#endif
#ifdef SYS_io_uring_setup
	SYS_io_uring_setup,
	SYS_io_uring_enter,
	SYS_io_uring_register,
#endif
};

enum {
	PROGRAM = 1024, /* instructions; the kernel takes 4096 */
#ifdef __x86_64__
	OTHER_NUMBERS = 0x40000000, /* x32, another table of calls */
#endif
};

struct filter {
	struct sock_filter code[PROGRAM];
	unsigned short n;
};

#define DENY (SECCOMP_RET_ERRNO | EPERM)
#define UNKNOWN (SECCOMP_RET_ERRNO | ENOSYS)
#define LOW(argument)                                          \
	((unsigned)(offsetof(struct seccomp_data, args) +      \
		    (argument) * sizeof(uint64_t) +            \
		    (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) * \
			sizeof(uint32_t)))

static void
put(struct filter *f, unsigned short code, unsigned k, unsigned char yes,
    unsigned char no)
{
	f->code[f->n++] = (struct sock_filter){ code, yes, no, k };
}

static void
load(struct filter *f, unsigned at)
{
	put(f, BPF_LD | BPF_W | BPF_ABS, at, 0, 0);
}

static void
answer(struct filter *f, unsigned what)
{
	put(f, BPF_RET | BPF_K, what, 0, 0);
}

/* What is loaded is this: the answer. */
static void
where(struct filter *f, unsigned value, unsigned what)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	answer(f, what);
}

static void
each(struct filter *f, const int *calls, size_t n, unsigned what)
{
	for (size_t i = 0; i < n; i++)
		where(f, (unsigned)calls[i], what);
}
#define EACH(f, list, what) \
	each((f), (list), sizeof(list) / sizeof(*(list)), (what))

/* This call: an answer where its argument is one of the values, and another. */
static void
by_argument(struct filter *f, int call, unsigned argument,
    const unsigned *values, size_t n, unsigned one, unsigned other)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0,
	    (unsigned char)(2 * n + 2));
	load(f, LOW(argument));
	for (size_t i = 0; i < n; i++)
		where(f, values[i], one);
	answer(f, other);
}

static void
one_of(struct filter *f, int call, unsigned argument, const unsigned *values,
    size_t n)
{
	by_argument(f, call, argument, values, n, SECCOMP_RET_ALLOW, DENY);
}

/* Threads, and no process: its flags stand in the first argument of clone (the
 * second on one machine). */
static void
threads(struct filter *f)
{
#ifdef __s390x__
	enum { FLAGS = 1 };
#else
	enum { FLAGS = 0 };
#endif
	put(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
	load(f, LOW(FLAGS));
	put(f, BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1);
	answer(f, SECCOMP_RET_ALLOW);
	answer(f, DENY);
}

/* A process as fork makes one, of its own, in no other space of names. */
static void
forks(struct filter *f)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
	load(f, LOW(0));
	put(f, BPF_JMP | BPF_JSET | BPF_K,
	    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
		CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_PTRACE,
	    1, 0);
	answer(f, SECCOMP_RET_ALLOW);
	answer(f, DENY);
}

static void
for_tools(struct filter *f, const struct sandbox *s)
{
	/* Is it a terminal, how wide, what waits in a pipe or socket; never
	 * what types on the terminal that we were started from. */
	static const unsigned asks[] = { TCGETS, TIOCGWINSZ, FIONREAD,
		FIONBIO };
	static const unsigned families[] = { AF_INET, AF_INET6, AF_UNIX,
		AF_NETLINK };

	/* What a worker does before its own walls stand. */
	static const unsigned walls[] = { PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP,
		PR_SET_PDEATHSIG };
	static const unsigned itself[] = { 0 };
	/* Whom a file signals, and how, may be anybody, and SIGKILL. */
	static const unsigned owners[] = { F_SETOWN, F_SETOWN_EX, F_SETSIG };

	EACH(f, tools, SECCOMP_RET_ALLOW);
	by_argument(f, SYS_fcntl, 1, owners, sizeof(owners) / sizeof(*owners),
	    DENY, SECCOMP_RET_ALLOW);
	one_of(f, SYS_prlimit64, 0, itself, 1);
	one_of(f, SYS_ioctl, 1, asks, sizeof(asks) / sizeof(*asks));
	if (s->network) {
		EACH(f, network, SECCOMP_RET_ALLOW);
		one_of(f, SYS_socket, 0, families,
		    sizeof(families) / sizeof(*families));
	}
	if (s->programs)
		EACH(f, programs, SECCOMP_RET_ALLOW);
	if (s->processes) {
		EACH(f, processes, SECCOMP_RET_ALLOW);
		one_of(f, SYS_prctl, 0, walls, sizeof(walls) / sizeof(*walls));
		forks(f);
	} else if (s->network) {
		threads(f);
	}
}

static void
build(struct filter *f, const struct sandbox *s)
{
	/* Signals go to itself: how abort ends. */
	unsigned self = (unsigned)getpid();

	load(f, offsetof(struct seccomp_data, arch));
	put(f, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
	answer(f, SECCOMP_RET_KILL_PROCESS);
	load(f, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
	put(f, BPF_JMP | BPF_JGE | BPF_K, OTHER_NUMBERS, 0, 1);
	answer(f, SECCOMP_RET_KILL_PROCESS);
#endif
	EACH(f, always, SECCOMP_RET_ALLOW);
	one_of(f, SYS_tgkill, 0, &self, 1);
	if (SANDBOX_SANITIZED)
		EACH(f, traced, SECCOMP_RET_ALLOW);
	if (!s->worker)
		for_tools(f, s);
	else if (s->paths.n > 0)
		EACH(f, opening, SECCOMP_RET_ALLOW);
	EACH(f, refused, DENY);
	EACH(f, deadly, SECCOMP_RET_KILL_PROCESS);
	answer(f, UNKNOWN);
}

bool
seccomp_raise(const struct sandbox *s)
{
	struct filter f = { .n = 0 };
	struct sock_fprog program = { .filter = f.code };

	build(&f, s);
	program.len = f.n;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
#endif
