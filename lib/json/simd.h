#ifndef KITH_JSON_SIMD_H
#define KITH_JSON_SIMD_H
/*
 * simdjson's first stage behind a C header: the byte offsets of a text's
 * structural characters, found with the machine's widest instructions.
 * It runs line by line: on records of 880 bytes blocks of 256 KiB are faster
 * (6600 against 5000 MB/s), but that is 40 of the 700 ns that a tool spends on
 * a record, and every line with an error in it would cost a second try.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum simd_result {
	SIMD_OK,
	SIMD_EMPTY, /* white space alone */
	SIMD_UTF8, /* malformed somewhere */
	SIMD_CONTROL, /* a control character within a string */
	SIMD_OPEN, /* the last string does not end */
	SIMD_BIG, /* past 4 GB, or memory is out */
};

struct simd;

/* NULL when memory is out. */
struct simd *simd_new(void);
void simd_free(struct simd *s);
/*
 * Finds every { } [ ] : and comma outside of strings, every opening quote and
 * the first byte of every other run of bytes that is no white space.  *at
 * points to *n offsets in rising order, with three more entries behind them,
 * all free for the caller to write, until the next call.
 */
enum simd_result
simd_index(struct simd *s, const char *p, size_t len, uint32_t **at, size_t *n);

#ifdef __cplusplus
}
#endif
#endif
