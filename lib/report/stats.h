#ifndef KITH_REPORT_STATS_H
#define KITH_REPORT_STATS_H
/*
 * Samples and their quantiles, computed from the values themselves.
 */
#include <stddef.h>
#include <stdint.h>

struct samples {
	int64_t *v;
	size_t n, cap;
	int sorted;
};

/* A zeroed struct samples is ready. */
void samples_add(struct samples *s, int64_t value);
void samples_release(struct samples *s);
/*
 * The quantile q (0..1) by the nearest-rank method: the smallest value that at
 * least q of all samples do not exceed.  CELL_NONE (INT64_MIN) for none.
 */
int64_t samples_quantile(struct samples *s, double q);

#endif
