#ifndef KITH_SOURCE_TABLE_SCAN_H
#define KITH_SOURCE_TABLE_SCAN_H
/*
 * Where in a text the bytes are that a table is cut at: quotes, separators,
 * CR and LF.
 */
#include <stddef.h>
#include <stdint.h>

/* Writes base + their offsets to out (room for n), and returns how many. */
size_t tablescan(
    const char *p, size_t n, char separator, uint32_t base, uint32_t *out);

#endif
