#ifndef KITH_TESTS_DOUBLING_H
#define KITH_TESTS_DOUBLING_H
/*
 * Is an algorithm linear?  It is given a text that repeats a unit, and twice
 * that text, which may take 2.5 times as long at the most.  Time is the
 * processor's, the least of several runs: what another process takes is no part
 * of it, and one that is told too slow runs on until it is, or is not.
 */
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#include "core/buf.h"
#include "tap.h"

enum {
	DOUBLING_BYTES = 16 << 10, /* of the smaller text */
	DOUBLING_ROUNDS = 12,
};

/* Times as long for twice as much. */
#define DOUBLING_MOST 2.5

struct doubling {
	const char *name;
	void (*run)(struct str text, void *arg);
	void *arg;
	void (*fresh)(void); /* before each run, or NULL */
	/* What stands once before the units, and behind them; or NULL. */
	const char *before, *behind;
	size_t bytes; /* of the smaller text, 0: DOUBLING_BYTES */
};

static inline double
doubling_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Appends n units to what stands before them, at the least 64. */
static inline struct str
doubling_text(
    const struct doubling *d, const char *unit, size_t bytes, struct buf *out)
{
	size_t n = bytes / strlen(unit);

	buf_reset(out);
	buf_add_z(out, d->before == NULL ? "" : d->before);
	for (n = n < 64 ? 64 : n; n > 0; n--)
		buf_add_z(out, unit);
	buf_add_z(out, d->behind == NULL ? "" : d->behind);
	return buf_str(out);
}

/* The less of *least and what the run takes. */
static inline void
doubling_time(const struct doubling *d, struct str text, double *least)
{
	double from, took;

	if (d->fresh != NULL)
		d->fresh();
	from = doubling_seconds();
	d->run(text, d->arg);
	took = doubling_seconds() - from;
	if (*least == 0 || took < *least)
		*least = took;
}

/* How many times as long twice as many bytes take. */
static inline double
doubling_ratio(const struct doubling *d, const char *unit, size_t bytes)
{
	static struct buf one = { .max = 64 << 20 }, two = { .max = 64 << 20 };
	struct str a = doubling_text(d, unit, bytes, &one);
	struct str b = doubling_text(d, unit, 2 * bytes, &two);
	double least = 0, twice = 0;

	for (int i = 0; i < DOUBLING_ROUNDS; i++) {
		doubling_time(d, a, &least);
		doubling_time(d, b, &twice);
		/* Too little to be told from the clock's own steps. */
		if (twice < DOUBLING_MOST * least || twice < 100e-6)
			break;
	}
	return twice < 100e-6 ? 2 : twice / least;
}

/* One test: all of the units, NULL at their end.  Sanitizers have work of their
 * own, so that under them it is only run. */
static inline void
doubling(const struct doubling *d, const char *const *units)
{
	bool timed = getenv("KITH_SANITIZED") == NULL, good = true;
	struct buf text = { .max = 64 << 20 };

	/* Pages that come and go are no work of the algorithm. */
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_MMAP_THRESHOLD, INT_MAX);
	/* What is made once is made. */
	d->run(STR("a"), d->arg);
	for (; *units != NULL; units++) {
		size_t bytes = d->bytes == 0 ? DOUBLING_BYTES : d->bytes;
		double ratio;

		if (!timed) {
			doubling_time(d, doubling_text(d, *units, bytes, &text),
			    &(double){ 0 });
			continue;
		}
		ratio = doubling_ratio(d, *units, bytes);
		/* A step, such as that out of a cache, comes but once. */
		if (ratio >= DOUBLING_MOST)
			ratio = doubling_ratio(d, *units, 2 * bytes);
		if (ratio >= DOUBLING_MOST) {
			good = false;
			printf("# %s: %.1f times as long for twice as many "
			       "'%.*s'\n",
			    d->name, ratio, (int)strcspn(*units, "\n"), *units);
		}
	}
	buf_release(&text);
	ok(good, d->name);
}

/* What texts are made of that somebody wants to be slow. */
static const char *const doubling_units[] = { "How are you, my dear? ",
	"Hello there, dear Anna.\n", "a", " ", "\n", "\r\n", "a\n", "\t", "-",
	"-- \n", "____\n", "> ", "> a\n", ">\n", "a@b.example, ",
	"<a@b.example>", "@", "<", "<<a@b> ", "(", "()", "((a) ", "\"", "\"a ",
	"\\", "\\\"", "'", "[", "![", "[a](", "[a](b) ", "]", "*", "**a ",
	"_a_ ", "`", "`` ` ", "~~", "# a\n", "- a\n", "1. a\n", "  - a\n",
	"***\n", "| a ", ":", ";", ",", "=", "=\n", "=41",
	"=?utf-8?q?a?= ", "=?utf-8?b?w6Q=?= ", "=?", "&", "&lt;", "&#38;",
	"&amp", "<a", "<a>", "</a>", "<a b=c>", "<p>", "<div>", "<blockquote>a",
	"<a href=\"x\">y</a>", "<table><tr><td>", "<b><i></b>", "<!--",
	"<!-- a -->", "<![CDATA[", "]]>", "<!", "<style>", "<script>", "<a b='",
	"On Monday Anna wrote:\n", "From: Anna\nSent: Monday\n",
	"-----Original Message-----\n", "Sent from my phone\n",
	"+49 171 1234567 ", "0171", "1-2", "12:34 ", "10:00 on 5 March 2026 ",
	"STOP ", "thank you ", "Re: ", "[EXT] ",
	"[EXT] Re: ", "https://x.example/a?b=c ", "<https://x.example|",
	"<U123ABC> ", "<@U123ABC>", "{{a", "{", "[[", "{\"a\":", "\"a\":1,",
	"\xc3\xa9", "e\xcc\x81", "\xcc\x81", "\xd9\x85", "\xe4\xb8\xad",
	"\xf0\x9f\x99\x82", "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", "\xe2\x80\x8f",
	"\xff", "\xc3", "\xe2\x80\xaf", "a.b.", "..", "xn--a.", "/", "/a",
	"%41", "$1,000 ", "!", "?", "\xc2\xa0", "Content-Type: a\n", "a: b\n",
	"--b\n", "--b\nContent-Type: text/plain\n\na\n", "\n\n", "\f", "a=b; ",
	"a=\"b\"; ", "a*0*=b; ", NULL };

#endif
