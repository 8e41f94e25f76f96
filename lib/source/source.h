#ifndef KITH_SOURCE_SOURCE_H
#define KITH_SOURCE_SOURCE_H
/*
 * Export formats: the table of them (formats.c, one line each), and the walk
 * from operands to items.  A format is a folder in this room; it tells itself
 * by content, cuts its files into items (ingest: native records, nothing
 * lost), and gives an item its meaning (normalize: message records).  What it
 * stands on, and has to give, is source/item.h.
 */
#include "source/item.h"

enum {
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
/*
 * What formats keep between items: one for each stage that reads or
 * normalizes, so that two of them do not meet.
 */
struct source_context {
	const struct workspace *workspace; /* borrowed, until source_free */
	struct local_clock clock; /* for times without a zone */
	void **kept; /* one a format, in the table's order */
};
/* workspace is borrowed, until source_free. */
struct source_context *source_new(const struct workspace *workspace);
void source_free(struct source_context *c);
/* Before the first item is normalized: what formats read of the workspace's
 * files.  0, or -1 with the file. */
int source_open(struct source_context *c, struct err *e);

/* n is zeroed; all of it is borrowed until the release. */
void normalize_init(
    struct normalize *n, struct source_context *c, struct sink *sink);
void normalize_release(struct normalize *n);

/* Ends with a NULL. */
extern const struct source_format *const source_formats[];
const struct source_format *source_format_named(struct str name);
/* Sets the sentence for a --format that there is not.  Returns -1. */
int source_no_format(const char *name, struct err *e);
/* "NAME<spaces>ABOUT" lines for --list-formats. */
void source_list(struct buf *out);
/* The surest format of single files, of 100, NULL when none is. */
const struct source_format *
source_surest(const char *base_name, struct str head, int *how_sure);
const struct source_format *source_tell(const char *base_name, struct str head);
/* One that reads it where none is sure, or NULL. */
const struct source_format *source_may_be(struct str head);
/* Whether the first bytes of a live pipe tell enough: one is SOURCE_SURE. */
bool source_is_sure(const char *base_name, struct str head);
/* The surest of whole folders and archives, NULL when none is. */
const struct source_format *
source_tell_tree(const char *const *names, size_t n);

/* How an operand is read. */
struct source_reading {
	const struct source_format *format; /* forced; NULL tells by content */
	const struct items_path *items; /* where format's items stand in a file
					   of JSON, or NULL */
	size_t max_item;
	const struct seek_spool *spool; /* of source/seek.h, or NULL */
	bool why; /* the sink gets text: what each format saw in each file */
};
/* Ingests one operand: a file, a folder, an archive, archives within it, or
 * "-". */
int source_ingest(struct source_context *c, struct sink *sink, const char *path,
    const struct source_reading *how, struct err *e);
/* The same with bytes of a format that how names, no archive; name is what
 * source.file says. */
int source_ingest_bytes(struct source_context *c, struct sink *sink,
    const char *name, struct str bytes, const struct source_reading *how,
    struct err *e);
/*
 * For source_reading.why: what a file or a folder is taken for (f, or NULL), how
 * sure each format is of it, and what stands at its beginning that they look
 * at.  head is in UTF-8; of a folder that no format knows nothing is said.
 */
int why_file(struct ingest *in, const struct source_format *f, struct str head,
    struct err *e);
int why_tree(struct ingest *in, const struct source_format *f,
    char *const *names, size_t n, struct err *e);
/* Of a file of the tree that somebody sent. */
int
why_sent(struct ingest *in, struct tree *t, const char *name, struct err *e);
/* One item of this format, whose normalize is not NULL, into records. */
enum stage_result source_normalize(struct normalize *n,
    const struct source_format *f, struct json native, struct err *e);

#endif
