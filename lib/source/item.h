#ifndef KITH_SOURCE_ITEM_H
#define KITH_SOURCE_ITEM_H
/*
 * What formats stand on: an item on its way out of ingest and into normalize,
 * and what a format has to give.
 *
 * A native record is
 *	{"source":{"format":"mail","file":"a.mbox","at":"1032"},"native":...}
 * where file is the path as the user gave it (with "/member" behind for what
 * stands in a folder or archive) and at the place in it: the byte offset in
 * the decompressed file, or "#3" for the third item of a list.
 */
#include "core/io/stream.h"
#include "json/json.h"
#include "json/write.h"
#include "source/clock/localtime.h"
#include "source/message.h"
#include "source/tree.h"

enum {
	SOURCE_HEAD = 64 << 10, /* bytes of a file that a sniff may see */
	WITHIN_PATH = 128, /* bytes of a path to a list that is wrapped */
};
/* A file in a tree of a format that is none of the format's own: somebody sent
 * it, nobody knows what it does there, or it is a source for itself. */
enum { TREE_ATTACHMENT = 1, TREE_FOREIGN, TREE_SOURCE };
/* Bytes of what normalize makes of an item beside its record. */
#define NORMALIZE_SCRATCH ((size_t)1 << 30)

struct source_format;
struct source_sent;
struct items_path;
struct source_context;
struct seek;
struct seek_spool;

/* Where items go. */
struct ingest {
	struct sink *sink;
	const struct workspace *workspace;
	const char *file; /* what source.file says */
	struct input *input; /* the file being read, NULL between files */
	size_t max_item;
	struct writer writer;
	const struct source_format *format; /* of the item being written */
	const struct source_format *forced; /* by --format, or NULL */
	const struct items_path *items_path; /* of --items, or NULL */
	/* Where the list stands in an object that only wraps it (json/within.h),
	 * for what reads lists of a format of its own; or "". */
	char within[WITHIN_PATH];
	struct tree *tree; /* where the file stands in, or NULL */
	const char *entry; /* and its name there */
	const struct seek_spool *spool; /* for source/seek.h, or NULL */
	const struct seek *seek; /* the file, for a format that seeks */
	unsigned depth; /* of archives in archives */
	bool foreign; /* the file lies in an export and is none of its own */
	bool why; /* says what files are taken for, instead of reading them */
	bool said_endless; /* that messages of some export show no end */
	uint64_t items;
	char at[64]; /* of the item being written */
};

/*
 * Begins a native record and returns the writer, which stands where the value
 * of `native` goes; ingest_item_end finishes and commits it.
 */
struct writer *ingest_item(struct ingest *in, struct str at);
int ingest_item_end(struct ingest *in, struct err *e);
int ingest_reject(struct ingest *in, struct str at, const char *why,
    struct str bytes, struct err *e);
/*
 * 1 with the next file of an export's folder or archive, 0 at its end, -1.  What
 * cannot be read of it is a reject, and what desktops leave in it is counted,
 * both in silence where quiet is set: in a walk before the last.
 */
int ingest_tree_next(struct ingest *in, struct tree *tree, bool quiet,
    const char **name, struct err *e);
/* Bytes as a member of the object that is open: "text":"..." where they are
 * UTF-8 without NUL, else "base64":"...". */
void ingest_bytes(struct writer *w, struct str bytes);

/* Where a native item becomes records. */
struct normalize {
	struct sink *sink;
	const struct workspace *workspace;
	struct local_clock *clock; /* for times without a zone */
	int64_t now; /* what is much later has not come */
	void **kept; /* the format's own, NULL at first: see release */
	struct source_context *context; /* for source_normalize */
	struct str source; /* raw `source` of the native record */
	struct str line; /* the whole native record */
	struct json root; /* the same */
	struct str native; /* raw, where records keep it (--keep-native) */
	struct message message;
	struct us us; /* does it fit what came out? */
	struct buf scratch;
	struct writer data; /* of source/native.h, over scratch */
};
/* n->message, emptied, with the source (and native) filled in. */
struct message *normalize_begin(struct normalize *n);
/*
 * What ingest_bytes wrote, in the message's arena and in UTF-8 without NULs:
 * what is none is decoded from the charset that it looks like.  0, or -1.
 */
int normalize_text(
    struct normalize *n, struct json native, struct str *out, struct err *e);
/* A text of several lines, without the carriage returns of their ends. */
struct str normalize_lines(struct normalize *n, struct str s);

struct source_format {
	const char *name; /* "mail", for --format and source.format */
	const char *about; /* one line, for --list-formats */
	/*
	 * How sure, 0..100, that a file with this base name and these first
	 * bytes (at most SOURCE_HEAD, the whole file when shorter) is of the
	 * format: 90 for a mark that nobody else writes, SOURCE_SURE and more
	 * where the rest of a pipe need not be seen; json and csv, which read
	 * any, say 60 at most.  NULL: not a format of single files.
	 */
	int (*sniff)(const char *base_name, struct str head);
	/* Its files are no text: one that sniff is sure of at all is of no
	 * other format, and these, which look for words, are not asked. */
	bool binary;
	/* Whether the format reads such a file, where sniff does not say so,
	 * since others are written so, too: a reject names it.  May be NULL. */
	bool (*may_be)(struct str head);
	int most; /* what sniff says at most: it is not asked where another
		     format is as sure; 0: not said */
	/* Cuts a file into items; what is in UTF-16 comes in UTF-8. */
	int (*read)(struct ingest *in, struct input *file, struct err *e);
	/* By a worker: a library that is not ours reads it.  For formats
	 * whose files are large and few, a process each. */
	bool apart;
	/* Reads at any place: in->seek has the file (source/seek.h), or is NULL
	 * where `file` gives all, as from memory. */
	bool seeks;
	/*
	 * The same for a whole folder or archive, where the format is one of
	 * those (Maildir, Slack): NULL otherwise.  names are its first 1000
	 * file names.
	 */
	int (*sniff_tree)(const char *const *names, size_t n);
	/*
	 * 0 at the tree's end, or -1; one of TREE_... where the current file,
	 * *other, is none of the format's: the walk counts it, rejects it, or
	 * reads it like any file, and calls again.  *kept is NULL at first, and what the format keeps from one
	 * call to the next.
	 */
	int (*read_tree)(struct ingest *in, struct tree *tree, void **kept,
	    const char **other, struct err *e);
	void (*release_tree)(void *kept); /* frees it; may be NULL */
	/* For a format of files: folders beside them of what people sent (sent.h);
	 * the last has a file of NULL.  May be NULL. */
	const struct source_sent *sent;
	/*
	 * What normalize reads of files that the workspace names, before the
	 * first item: behind the walls it opens none.  Where normalize keeps
	 * something, in *kept, NULL at first.  0, or -1 with the file; may be
	 * NULL.
	 */
	int (*open)(
	    void **kept, const struct workspace *workspace, struct err *e);
	/* One native item into any number of records (message_emit each). */
	enum stage_result (*normalize)(
	    struct normalize *n, struct json native, struct err *e);
	/* From its items a sender can be checked: kept where the workspace
	 * says verify. */
	bool verifiable;
	/* Frees what normalize put into *n->kept; may be NULL. */
	void (*release)(void *kept);
};

#endif
