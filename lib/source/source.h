#ifndef KITH_SOURCE_SOURCE_H
#define KITH_SOURCE_SOURCE_H
/*
 * Export formats.  One file each in this room, one line each in the table
 * (formats.c).  A format tells itself by content, cuts its files into items
 * (ingest: native records, nothing lost), and gives an item its meaning
 * (normalize: message records).
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
#include "source/localtime.h"
#include "source/message.h"
#include "source/tree.h"

enum {
	SOURCE_HEAD = 64 << 10, /* bytes of a file that a sniff may see */
	SOURCE_SURE = 80, /* of 100: more of a live pipe need not be seen */
	SOURCE_ITEM_MAX = 40 << 20, /* bytes of one item (--max-item) */
	SOURCE_NAMES = 1000, /* file names that sniff_tree may see */
	SOURCE_FILES = 100000, /* names of an archive in which folders of a
				  format are looked for */
	SOURCE_ROOTS = 256, /* such folders; what is in more of them comes out
			       file by file */
};
/* Bytes of an archive that stands in an archive or comes by a pipe: it is
 * held in memory. */
#define SOURCE_ARCHIVE_MAX ((size_t)1 << 30)
/* Bytes of what normalize makes of an item beside its record. */
#define NORMALIZE_SCRATCH ((size_t)1 << 30)

/*
 * What formats keep between items: one for each stage that reads or
 * normalizes, so that two of them do not meet.
 */
struct source_context {
	const struct config *workspace; /* borrowed, until source_free */
	struct local_clock clock; /* for times without a zone */
	void **kept; /* one a format, in the table's order */
};
/* workspace is borrowed, until source_free. */
struct source_context *source_new(const struct config *workspace);
void source_free(struct source_context *c);

/* Where items go. */
struct ingest {
	struct sink *sink;
	const struct config *workspace;
	const char *file; /* what source.file says */
	struct input *input; /* the file being read, NULL between files */
	size_t max_item;
	struct writer writer;
	const struct source_format *format; /* of the item being written */
	const struct source_format *forced; /* by --format, or NULL */
	unsigned depth; /* of archives in archives */
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
 * The tree's current file in the ordinary way: an archive in it, a file of a
 * format told by its content, or a reject.  For what a read_tree finds beside
 * its own.
 */
int ingest_tree_file(
    struct ingest *in, struct tree *tree, const char *name, struct err *e);
/* Bytes as a member of the object that is open: "text":"..." where they are
 * UTF-8 without NUL, else "base64":"...". */
void ingest_bytes(struct writer *w, struct str bytes);
/* The way back, for normalize: in the arena, or in the text itself. */
int ingest_bytes_read(
    struct json v, struct arena *a, struct str *out, struct err *e);

/* Where a native item becomes records. */
struct normalize {
	struct sink *sink;
	const struct config *workspace;
	struct local_clock *clock; /* for times without a zone */
	void **kept; /* the format's own, NULL at first: see release */
	struct source_context *context;
	struct str source; /* raw `source` of the native record */
	struct str line; /* the whole native record */
	struct json root; /* the same */
	struct str native; /* raw, where records keep it (--keep-native) */
	struct message message;
	struct buf scratch;
};
/* n is zeroed; all of it is borrowed until the release. */
void normalize_init(
    struct normalize *n, struct source_context *c, struct sink *sink);
void normalize_release(struct normalize *n);
/* n->message, emptied, with the source (and native) filled in. */
struct message *normalize_begin(struct normalize *n);

struct source_format {
	const char *name; /* "mail", for --format and source.format */
	const char *about; /* one line, for --list-formats */
	/*
	 * How sure, 0..100, that a file with this base name and these first
	 * bytes (at most SOURCE_HEAD, the whole file when shorter) is of the
	 * format.  NULL: not a format of single files.
	 */
	int (*sniff)(const char *base_name, struct str head);
	int most; /* what sniff says at most: it is not asked where another
		     format is as sure; 0: not said */
	/* Cuts a file into items; what is in UTF-16 comes in UTF-8. */
	int (*read)(struct ingest *in, struct input *file, struct err *e);
	/*
	 * The same for a whole folder or archive, where the format is one of
	 * those (Maildir, Slack): NULL otherwise.  names are its first 1000
	 * file names.
	 */
	int (*sniff_tree)(const char *const *names, size_t n);
	int (*read_tree)(struct ingest *in, struct tree *tree, struct err *e);
	/* One native item into any number of records (message_emit each). */
	enum stage_result (*normalize)(
	    struct normalize *n, struct json native, struct err *e);
	/* Frees what normalize put into *n->kept; may be NULL. */
	void (*release)(void *kept);
};

/* Ends with a NULL. */
extern const struct source_format *const source_formats[];
const struct source_format *source_format_named(struct str name);
/* Sets the sentence for a --format that there is not.  Returns -1. */
int source_no_format(const char *name, struct err *e);
/* "NAME<spaces>ABOUT" lines for --list-formats. */
void source_list(struct buf *out);
/* The surest format of single files, NULL when none is. */
const struct source_format *source_tell(const char *base_name, struct str head);
/* Whether the first bytes of a live pipe tell enough: one is SOURCE_SURE. */
bool source_is_sure(const char *base_name, struct str head);
/* The surest of whole folders and archives, NULL when none is. */
const struct source_format *
source_tell_tree(const char *const *names, size_t n);

/*
 * Ingests one operand: a file, a folder, an archive, archives within it, or
 * "-".  format forces one; NULL tells by content.
 */
int source_ingest(struct source_context *c, struct sink *sink, const char *path,
    const struct source_format *format, size_t max_item, struct err *e);
/* One item of this format, whose normalize is not NULL, into records. */
enum stage_result source_normalize(struct normalize *n,
    const struct source_format *f, struct json native, struct err *e);

#endif
