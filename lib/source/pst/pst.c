/*
 * Outlook's mailboxes (.pst, .ost).  readpst takes one apart, behind walls and
 * into a folder of its own (core/sandbox/program.h); what it wrote there is
 * read as mails and cards.
 *
 * Its sentences and the marks that it leaves are those of pst-utils 0.6.76.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/sort.h"
#include "core/sandbox/program.h"
#include "core/text/ascii.h"
#include "core/vec.h"
#include "source/mail/mail.h"
#include "source/mail/marks.h"
#include "source/tree.h"

extern const struct source_format source_vcard;

enum {
	HEAD = 512, /* bytes of a file by which it is known again */
	BOUNDARIES = 100, /* of a mail that are told apart */
	TIMES = 10, /* as many bytes may come out as went in */
};
#define LEAST (UINT64_C(256) << 20) /* of what may come out */
#define PROGRAM "readpst"

static int
pst_sniff(const char *base_name, struct str head)
{
	struct str client = str_sub(head, 8, 2);

	(void)base_name;
	if (!str_starts(head, STR("!BDN")))
		return 0;
	return str_is(client, "SM") || str_is(client, "SO") ? 95 : 60;
}

/* Where the file lies on a disk as it is, in path: false for one out of an
 * archive, a pipe or a compressed file. */
static bool
on_disk(const struct ingest *in, struct str head, char path[PATH_MAX])
{
	char bytes[HEAD];
	struct stat st;
	int fd = open(in->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = -1;

	head = str_sub(head, 0, HEAD);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = pread(fd, bytes, head.n, 0);
	close(fd);
	return n >= 0 && str_eq(str_make(bytes, (size_t)n), head) &&
	       realpath(in->file, path) != NULL;
}

/* A copy in the folder. */
static int
copy(struct input *file, const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct str block;
	int rc = fd < 0 ? -1 : 0;

	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	while (rc == 0 && (rc = input_block(file, &block, e)) == 1) {
		rc = 0;
		while (rc == 0 && block.n > 0) {
			ssize_t n = write(fd, block.p, block.n);

			if (n < 0 && errno != EINTR)
				rc = err_sys(e, errno, "%s", path);
			else if (n > 0)
				block = str_sub(block, (size_t)n, block.n);
		}
	}
	if (close(fd) < 0 && rc == 0)
		rc = err_sys(e, errno, "%s", path);
	return rc;
}

/* The name in From that stands where it knows no address: nobody's. */
static void
put_author(struct buf *out, struct str line)
{
	static const struct str nobody = { "<MAILER-DAEMON>", 15 };
	ptrdiff_t at = str_find(line, nobody);
	struct str name = str_trim(str_sub(line, 5, (size_t)at - 5));

	if (name.n > 0)
		buf_printf(out, "From: %.*s\n", STR_ARG(name));
}

/* Boundaries, which it rolls dice for: the first is 1 in each mail, so that the
 * same mailbox gives the same items. */
static void
number_boundaries(struct str s, struct buf *out)
{
	static const struct str mark = { "LibPST-iamunique-", 17 };
	struct VEC(struct str) seen = { 0 };
	ptrdiff_t at;

	while ((at = str_find(s, mark)) >= 0) {
		size_t n = (size_t)at + mark.n, end = n, i = 0;
		struct str dice;

		while (end < s.n && ascii_is_digit(s.p[end]))
			end++;
		dice = str_sub(s, n, end - n);
		while (i < seen.n && !str_eq(seen.v[i], dice))
			i++;
		if (i == seen.n && i < BOUNDARIES)
			vec_add(&seen, dice);
		buf_add(out, s.p, n);
		if (i < BOUNDARIES)
			buf_printf(out, "%zu", i + 1);
		else
			buf_add_str(out, dice);
		s = str_sub(s, end, s.n);
	}
	buf_add_str(out, s);
	vec_release(&seen);
}

/* A mail as it would be without what readpst makes up, where it has no header
 * that the mail came with. */
static void
remake_mail(struct str s, struct buf *out)
{
	struct str head = str_sub(s, 0, (size_t)str_find(s, STR("\n\n")));

	if (str_starts(head, STR("Received:")) ||
	    str_find(head, STR("\nReceived:")) >= 0) {
		buf_add_str(out, s);
		return;
	}
	while (s.n > 0) {
		struct str before = s, line = str_line(&s);

		if (line.n == 0) {
			buf_add_str(out, before);
			return;
		}
		if (str_starts(line, STR("From: ")) &&
		    str_ends(line, STR("<MAILER-DAEMON>")))
			put_author(out, line);
		else
			buf_add_str(out, str_sub(before, 0, before.n - s.n));
	}
}

/* A card without the values that are none. */
static void
remake_card(struct str s, struct buf *out)
{
	while (s.n > 0) {
		struct str before = s, line = str_line(&s);

		if (!str_ends(line, STR(":(null)")))
			buf_add_str(out, str_sub(before, 0, before.n - s.n));
	}
}

/* Does it lie in a folder of what was thrown away? */
static bool
is_deleted(struct str name)
{
	struct arena a = { 0 };
	bool is = false;

	while (name.p != NULL && !is) {
		struct str folder = str_split(&name, '/');

		is = name.p != NULL &&
		     (mark_label(folder, &a) & MARK_DELETED) != 0;
	}
	arena_release(&a);
	return is;
}

static int
read_card(struct ingest *in, struct str card, struct err *e)
{
	struct input *file = input_from_bytes(in->file, &card, in->max_item, e);
	int rc;

	if (file == NULL)
		return -1;
	in->format = &source_vcard;
	rc = source_vcard.read(in, file, e);
	input_close(file);
	return rc;
}

/* One file that it wrote. */
static int
read_entry(
    struct ingest *in, struct input *file, struct str name, struct err *e)
{
	struct buf bytes, plain, out;
	struct str block;
	bool card = str_ends(name, STR(".vcf"));
	int rc = 0;

	buf_init(&bytes, in->max_item);
	buf_init(&plain, in->max_item + 64);
	buf_init(&out, in->max_item + 64);
	while (!bytes.over && (rc = input_block(file, &block, e)) == 1)
		(void)buf_add_str(&bytes, block);
	if (rc >= 0 && bytes.over) {
		rc = mail_too_large(in, 0, buf_str(&bytes), e);
	} else if (rc == 0 && card) {
		remake_card(buf_str(&bytes), &out);
		rc = read_card(in, buf_str(&out), e);
	} else if (rc == 0) {
		remake_mail(buf_str(&bytes), &plain);
		number_boundaries(buf_str(&plain), &out);
		rc = mail_remade(in, buf_str(&out),
		    is_deleted(name) ? STR("T") : STR_NONE, e);
	}
	buf_release(&bytes);
	buf_release(&plain);
	buf_release(&out);
	return rc;
}

static int
read_named(struct ingest *in, struct tree *t, const char *name, struct err *e)
{
	const char *outer = in->file;
	struct input *file = tree_input(t, in->max_item, e);
	struct buf path;
	int rc;

	if (file == NULL)
		return -1;
	buf_init(&path, 64 << 10);
	buf_printf(&path, "%s/%s", outer, name);
	in->file = buf_cstr(&path);
	rc = read_entry(in, file, str_of(name), e);
	in->file = outer;
	buf_release(&path);
	input_close(file);
	return rc;
}

/* All that it wrote: how many mails and cards, or -1. */
static int64_t
read_all(struct ingest *in, const char *folder, struct err *e)
{
	struct tree *t = tree_open(folder, e);
	const char *name;
	int64_t n = 0, others = 0;
	int rc;

	if (t == NULL)
		return -1;
	while ((rc = tree_next(t, &name, e)) == 1) {
		struct str s = str_of(name);

		if (!str_ends(s, STR(".eml")) && !str_ends(s, STR(".vcf"))) {
			others++;
			continue;
		}
		n++;
		rc = read_named(in, t, name, e);
		if (rc < 0)
			break;
	}
	tree_close(t);
	if (others > 0)
		sink_sum(in->sink, "appointments, journal entries and others",
		    others);
	return rc < 0 ? -1 : n;
}

/* "  "Inbox" - 3 items done, 1 items skipped.": how many in all. */
static int64_t
skipped(struct str said)
{
	int64_t sum = 0, n;

	while (said.p != NULL) {
		struct str line = str_line(&said);
		ptrdiff_t at = str_find(line, STR(" items done, "));
		struct str rest = str_sub(line, (size_t)at + 13, line.n);
		ptrdiff_t end = str_find(rest, STR(" items skipped"));

		if (at >= 0 && end > 0 &&
		    str_to_int(str_sub(rest, 0, (size_t)end), &n) == 0 &&
		    n > 0 && n < INT32_MAX)
			sum += n;
	}
	return sum;
}

/* The last line that it said. */
static struct str
last_line(struct str said)
{
	struct str last = STR("nothing");

	while (said.p != NULL) {
		struct str line = str_trim(str_line(&said));

		if (line.n > 0)
			last = str_sub(line, 0, 300);
	}
	return last;
}

/* Says how it ended, unless well. */
static int
judge(
    struct ingest *in, const struct program_end *end, int64_t n, struct err *e)
{
	const char *read = n > 0 ? "; what it had written is read, the last of "
				   "it may be cut off"
				 : "";
	struct err why;

	if (end->silent)
		err_set(&why, PROGRAM " did nothing for %d seconds%s",
		    (int)PROGRAM_PATIENCE, read);
	else if (end->large)
		err_set(&why,
		    PROGRAM " wrote more than %d times as much as it read%s",
		    (int)TIMES, read);
	else if (WIFSIGNALED(end->status))
		err_set(&why, PROGRAM " died of a signal: %s%s",
		    strsignal(WTERMSIG(end->status)), read);
	else if (WEXITSTATUS(end->status) != 0)
		err_set(&why,
		    PROGRAM " cannot read it: it is damaged, encrypted or of "
			    "a kind that it does not know; it says: %.*s",
		    STR_ARG(last_line(buf_str(&end->said))));
	else
		return 0;
	for (size_t i = 0; why.msg[i] != '\0'; i++)
		if ((unsigned char)why.msg[i] < ' ')
			why.msg[i] = ' ';
	return ingest_reject(in, STR(""), why.msg, STR(""), e);
}

/* In p's folder, of a file on the disk. */
static int
unpack(struct ingest *in, struct program *p, const char *program,
    const char *path, struct err *e)
{
	static const char *const arguments[] = { PROGRAM, "-D", "-e", "-8",
		"-j", "0", "-o", "mails" };
	const char *all[16];
	struct program_job job = {
		.path = program, .arguments = all, .file = path
	};
	size_t n = sizeof(arguments) / sizeof(*arguments);
	struct program_end end;
	char folder[sizeof(p->folder) + 8];
	struct stat st;
	int64_t items, left;
	int rc;

	memcpy(all, arguments, sizeof(arguments));
	all[n] = path;
	all[n + 1] = NULL;
	snprintf(folder, sizeof(folder), "%s/mails", p->folder);
	if (mkdir(folder, 0700) < 0)
		return err_sys(e, errno, "%s", folder);
	if (stat(path, &st) < 0)
		return err_sys(e, errno, "%s", path);
	job.most = LEAST + TIMES * (uint64_t)st.st_size;
	if (program_run(p, &job, &end, e) < 0)
		return -1;
	items = read_all(in, folder, e);
	rc = items < 0 ? -1 : judge(in, &end, items, e);
	left = skipped(buf_str(&end.said));
	if (rc == 0 && left > 0)
		sink_sum(in->sink, "entries that " PROGRAM " left out", left);
	buf_release(&end.said);
	return rc;
}

static int
pst_read(struct ingest *in, struct input *file, struct err *e)
{
	char *program = program_find(PROGRAM), path[PATH_MAX + 16];
	struct program p;
	struct str head;
	int rc;

	if (input_peek(file, HEAD, &head, e) < 0) {
		free(program);
		return -1;
	}
	if (program == NULL)
		return ingest_reject(in, STR(""),
		    "an Outlook mailbox is read by " PROGRAM ", which is not "
		    "there: install pst-utils",
		    head, e);
	rc = program_open(&p, sort_folder(), e);
	if (rc == 0 && !on_disk(in, head, path)) {
		snprintf(path, sizeof(path), "%s/mailbox", p.folder);
		rc = copy(file, path, e);
	}
	if (rc == 0)
		rc = unpack(in, &p, program, path, e);
	program_close(&p);
	free(program);
	return rc;
}

const struct source_format source_pst = {
	.name = "pst",
	.about = "mailboxes of Outlook (.pst, .ost), by readpst",
	.sniff = pst_sniff,
	.read = pst_read,
	.binary = true,
};
