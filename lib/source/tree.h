#ifndef KITH_SOURCE_TREE_H
#define KITH_SOURCE_TREE_H
/*
 * A container: a folder, or an archive on disk or within another, seen as a
 * list of regular files.  Folders are walked in byte order of the names, so
 * that the same folder gives the same output; archives in their own order.
 * Symbolic links in a folder are not followed (what they point to stands in
 * the folder itself, or is none of it); tree_skipped tells of them.
 */
#include "core/err.h"
#include "core/io/stream.h"
#include "core/vec.h"

enum {
	TREE_DEPTH = 64, /* folders in folders */
	TREE_FILES = 4 << 20, /* files of a folder; their names are held */
};

struct tree;

/* Names, each of malloc. */
struct tree_names VEC(char *);
void tree_names_release(struct tree_names *l);

/* path is a folder or an archive; NULL on error. */
struct tree *tree_open(const char *path, struct err *e);
/* An archive within an archive, in memory (bytes are copied). */
struct tree *tree_open_bytes(const char *name, struct str bytes, struct err *e);
/* A folder within an archive, seen as a tree of its own; t (an archive, or such
 * a view) outlives it.  Each walk over it is one over the archive. */
struct tree *
tree_within(const struct tree *t, struct str folder, struct err *e);
void tree_close(struct tree *t);
/* As given to tree_open; a view has the folder behind. */
const char *tree_name(const struct tree *t);
/* 1 with the next file's name within the tree (lives until the next call), 0
 * at the end, -1: with the name of what an archive holds and is refused, and the
 * next call goes on; or with NULL, also at the end of a walk where one before it
 * broke off. */
int tree_next(struct tree *t, const char **name, struct err *e);
/* Name i of what a folder holds and the walk leaves out: links, devices; NULL
 * past the last. */
const char *tree_skipped(const struct tree *t, size_t i);
bool tree_is_folder(const struct tree *t);
/* What desktops leave in folders and archives, and nobody exported. */
bool tree_is_litter(const char *name);
/* Whether an archive has a file of this name: in *found a tree whose current
 * file it is (t outlives it), by a walk of its own. */
bool tree_find(const struct tree *t, const char *name, struct tree **found);
/* From the first again. */
int tree_rewind(struct tree *t, struct err *e);
/* The current file as input (closed by the caller before tree_next); a
 * compressed file within is decompressed. */
struct input *tree_input(struct tree *t, size_t max_line, struct err *e);

#endif
