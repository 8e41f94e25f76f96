#include "route/work/backlog.h"

#include "core/vec.h"

void
backlog_release(struct backlog *b)
{
	for (size_t i = 0; i < b->teams; i++)
		vec_release(&b->lines[i]);
	free(b->lines);
	*b = (struct backlog){ 0 };
}

bool
backlog_before(const struct backlog_entry *a, const struct backlog_entry *b)
{
	if (a->since != b->since)
		return a->since < b->since;
	return str_cmp(a->conversation, b->conversation) < 0;
}

static void
swap(struct backlog_entry *a, struct backlog_entry *b)
{
	struct backlog_entry was = *a;

	*a = *b;
	*b = was;
}

void
backlog_add(
    struct backlog *b, size_t team, struct str conversation, int64_t since)
{
	struct backlog_line *line;
	size_t i;

	if (team >= b->teams) {
		b->lines = xreallocarray(b->lines, team + 1, sizeof(*b->lines));
		memset(b->lines + b->teams, 0,
		    (team + 1 - b->teams) * sizeof(*b->lines));
		b->teams = team + 1;
	}
	line = &b->lines[team];
	vec_add(line, (struct backlog_entry){ since, conversation });
	b->n++;
	for (i = line->n - 1; i > 0; i = (i - 1) / 2) {
		if (!backlog_before(&line->v[i], &line->v[(i - 1) / 2]))
			break;
		swap(&line->v[i], &line->v[(i - 1) / 2]);
	}
}

struct backlog_line *
backlog_line(const struct backlog *b, size_t team)
{
	return team < b->teams && b->lines[team].n > 0 ? &b->lines[team] : NULL;
}

void
backlog_take(struct backlog *b, struct backlog_line *line)
{
	size_t i = 0, least;

	b->n--;
	line->v[0] = line->v[--line->n];
	for (;;) {
		least = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++)
			if (child < line->n &&
			    backlog_before(&line->v[child], &line->v[least]))
				least = child;
		if (least == i)
			return;
		swap(&line->v[i], &line->v[least]);
		i = least;
	}
}
