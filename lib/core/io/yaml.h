#ifndef KITH_CORE_IO_YAML_H
#define KITH_CORE_IO_YAML_H
/*
 * YAML files as a tree in which every node knows its line and column.
 * Anchors and aliases are resolved; documents after the first are refused.
 */
#include "core/err.h"

enum { YAML_MAX = 4 << 20 }; /* bytes a file */

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml; /* a document: owns its nodes and texts */
struct yaml_node;

struct yaml *yaml_read(const char *path, struct err *e);
/* The same from text; name is what messages call it.  For tests and fuzzing,
 * whose documents are no files. */
struct yaml *yaml_parse(const char *name, struct str text, struct err *e);
void yaml_free(struct yaml *y);
/* NULL for an empty document. */
const struct yaml_node *yaml_root(const struct yaml *y);

enum yaml_kind yaml_kind(const struct yaml_node *n);
/* From 1. */
int yaml_line(const struct yaml_node *n);
int yaml_column(const struct yaml_node *n);
/* A scalar's text, lists and maps give STR_NONE; so does NULL. */
struct str yaml_text(const struct yaml_node *n);
/* True for a plain (unquoted) scalar: null, true, 12 are such. */
bool yaml_plain(const struct yaml_node *n);
/* Items of a list, pairs of a map, 0 otherwise and for NULL. */
size_t yaml_count(const struct yaml_node *n);
/* Item i of a list, value i of a map. */
const struct yaml_node *yaml_at(const struct yaml_node *n, size_t i);
/* Key i of a map. */
const struct yaml_node *yaml_key(const struct yaml_node *n, size_t i);
/* The value of a map's key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *n, const char *key);

/* Fills e with "file:line:column: ..." for the node.  Returns -1. */
int yaml_fail(struct err *e, const struct yaml *y, const struct yaml_node *n,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
