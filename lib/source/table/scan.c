#include "source/table/scan.h"

#include <stdbool.h>

#ifdef __SSE2__
#include <emmintrin.h>

enum { BLOCK = 64 };

/* One bit a byte. */
static uint64_t
marks_of(const char *p, __m128i separator)
{
	uint64_t bits = 0;

	for (int i = 0; i < BLOCK; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(p + i));
		__m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
		__m128i cell = _mm_cmpeq_epi8(v, separator);
		__m128i cr = _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'));
		__m128i lf = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'));
		__m128i any = _mm_or_si128(
		    _mm_or_si128(quote, cell), _mm_or_si128(cr, lf));

		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(any) << i;
	}
	return bits;
}

/* Whole blocks of p; returns the bytes done. */
static size_t
scan_blocks(const char *p, size_t n, char separator, uint32_t base,
    uint32_t *out, size_t *found)
{
	__m128i all = _mm_set1_epi8(separator);
	uint32_t *to = out;
	size_t i = 0;

	for (; i + BLOCK <= n; i += BLOCK) {
		uint64_t bits = marks_of(p + i, all);

		while (bits != 0) {
			*to++ = base + (uint32_t)i +
				(uint32_t)__builtin_ctzll(bits);
			bits &= bits - 1;
		}
	}
	*found = (size_t)(to - out);
	return i;
}
#else
static size_t
scan_blocks(const char *p, size_t n, char separator, uint32_t base,
    uint32_t *out, size_t *found)
{
	(void)p, (void)n, (void)separator, (void)base, (void)out;
	*found = 0;
	return 0;
}
#endif

size_t
tablescan(const char *p, size_t n, char separator, uint32_t base, uint32_t *out)
{
	size_t found;
	size_t i = scan_blocks(p, n, separator, base, out, &found);

	for (; i < n; i++) {
		bool mark = p[i] == '"' || p[i] == separator || p[i] == '\r' ||
			    p[i] == '\n';

		if (mark)
			out[found++] = base + (uint32_t)i;
	}
	return found;
}
