#include "live/imap/told.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/text/ascii.h"
#include "source/mail/marks.h"

unsigned
told_marks(const struct imap_names *flags)
{
	unsigned marks = 0;

	for (size_t i = 0; i < flags->n; i++) {
		marks |= mark_flag(flags->v[i]);
		if (str_eq_nocase(flags->v[i], STR("\\Answered")))
			marks |= TOLD_ANSWERED;
	}
	return marks;
}

static int
by_uid(const void *a, const void *b)
{
	uint32_t x = ((const struct told_mail *)a)->uid,
		 y = ((const struct told_mail *)b)->uid;

	return x < y ? -1 : x > y;
}

void
told_sort(struct imap_told *t)
{
	if (t->n > 0)
		qsort(t->v, t->n, sizeof(*t->v), by_uid);
}

/* Where it stands, or would. */
static size_t
place(const struct imap_told *t, uint64_t uid)
{
	size_t from = 0, to = t->n;

	while (from < to) {
		size_t half = from + (to - from) / 2;

		if (t->v[half].uid < uid)
			from = half + 1;
		else
			to = half;
	}
	return from;
}

unsigned
told_get(const struct imap_told *t, uint32_t uid)
{
	size_t i = place(t, uid);

	return i < t->n && t->v[i].uid == uid ? t->v[i].marks : 0;
}

static void
add(struct imap_told *t, struct told_mail m)
{
	if (m.marks != 0)
		vec_add(t, m);
}

void
told_take(struct imap_told *t, struct imap_told *now)
{
	struct imap_told both = { 0 };
	size_t i = 0, k = 0;

	if (now->n == 0)
		return;
	told_sort(now);
	while (i < t->n || k < now->n) {
		if (k == now->n || (i < t->n && t->v[i].uid < now->v[k].uid)) {
			add(&both, t->v[i++]);
			continue;
		}
		i += i < t->n && t->v[i].uid == now->v[k].uid;
		if (k + 1 == now->n || now->v[k + 1].uid != now->v[k].uid)
			add(&both, now->v[k]);
		k++;
	}
	if (both.n > TOLD_MOST) {
		memmove(both.v, both.v + both.n - TOLD_MOST,
		    TOLD_MOST * sizeof(*both.v));
		both.n = TOLD_MOST;
	}
	vec_release(t);
	*t = both;
	now->n = 0;
}

void
told_drop(struct imap_told *t, uint64_t from, uint64_t to)
{
	size_t i = place(t, from), k = place(t, to + 1);

	if (k <= i)
		return;
	memmove(t->v + i, t->v + k, (t->n - k) * sizeof(*t->v));
	t->n -= k - i;
}

static void
write_range(struct buf *out, uint32_t from, uint32_t to)
{
	char last = out->n > 0 ? out->p[out->n - 1] : ':';

	if (last != ':')
		buf_add_char(out, ',');
	buf_printf(out, "%" PRIu32, from);
	if (to > from)
		buf_printf(out, ":%" PRIu32, to);
}

void
told_write(const struct imap_told *t, struct buf *out)
{
	unsigned there = 0;

	for (size_t i = 0; i < t->n; i++)
		there |= 1U << t->v[i].marks;
	for (unsigned marks = 1; marks < TOLD_MARKS; marks++) {
		uint32_t from = 0, to = 0;

		if ((there & 1U << marks) == 0)
			continue;
		for (size_t i = 0; i < t->n; i++) {
			if (t->v[i].marks != marks)
				continue;
			if (from == 0)
				buf_printf(out, " =%x:", marks);
			if (from != 0 && t->v[i].uid != to + 1)
				write_range(out, from, to);
			if (from == 0 || t->v[i].uid != to + 1)
				from = t->v[i].uid;
			to = t->v[i].uid;
		}
		if (from != 0)
			write_range(out, from, to);
	}
}

static int
number(struct str s, uint32_t *out)
{
	int64_t n;

	if (str_to_int(s, &n) < 0 || n <= 0 || n > UINT32_MAX)
		return -1;
	*out = (uint32_t)n;
	return 0;
}

void
told_read(struct imap_told *t, struct str word)
{
	struct str bits = str_split(&word, ':');
	int marks = bits.n == 2 ? ascii_hex(bits.p[1]) : -1;

	while (marks > 0 && word.n > 0) {
		struct str rest = str_split(&word, ',');
		struct str first = str_split(&rest, ':');
		uint32_t from, to;

		if (number(first, &from) < 0)
			return;
		to = from;
		if (rest.p != NULL && number(rest, &to) < 0)
			return;
		for (uint64_t uid = from; uid <= to && t->n < TOLD_MOST; uid++)
			vec_add(t, (struct told_mail){
				       (uint32_t)uid, (unsigned)marks });
	}
}
