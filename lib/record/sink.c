#include "record/sink.h"

int
sink_too_big(struct sink *s, struct err *e)
{
	sink_rollback(s);
	return sink_reject(s, STR_NONE, STR_NONE,
	    "the record would be too long; --max-line gives it more room",
	    STR(""), e);
}

int
sink_commit_text(struct sink *s, struct err *e)
{
	if (s->out->over) {
		sink_rollback(s);
		return err_set(e, "the output does not fit into memory");
	}
	s->mark = s->out->n;
	return s->mark < s->block ? 0 : sink_flush(s, e);
}

int
sink_commit_lines(struct sink *s, struct str lines, struct err *e)
{
	while (lines.n > 0) {
		buf_add_str(s->out, str_split(&lines, '\n'));
		if (sink_commit(s, e) != 0)
			return -1;
	}
	return 0;
}

int
sink_reject(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	s->rejected++;
	return s->owner->reject(s, file, at, why, bytes, e);
}

void
sink_sum(struct sink *s, const char *name, int64_t add)
{
	if (s->owner->sum != NULL)
		s->owner->sum(s, name, add);
}

void
sink_progress(struct sink *s, uint64_t done, int64_t total)
{
	if (s->owner->progress != NULL)
		s->owner->progress(s, done, total);
}

int
sink_apart(struct sink *s, struct input *in,
    int (*work)(void *arg, struct err *e), void *arg, struct err *e)
{
	return s->owner->apart == NULL ? work(arg, e)
				       : s->owner->apart(s, in, work, arg, e);
}

const char *
sink_place(struct sink *s)
{
	return s->owner->place == NULL ? NULL : s->owner->place(s);
}
