#include "report/facts/moves.h"

#include <stdio.h>
#include <stdlib.h>

static struct move *
move_of(struct facts *f, uint64_t from, uint64_t to)
{
	char key[32];
	int n =
	    snprintf(key, sizeof(key), "%u %u", (unsigned)from, (unsigned)to);
	bool fresh;
	uint64_t *slot =
	    map_put(&f->move_index, str_make(key, (size_t)n), &fresh);

	if (!fresh)
		return &f->moves[*slot];
	*slot = f->move_n;
	vec_hold(f->moves, f->move_n, f->move_cap, 1);
	f->moves[f->move_n] = (struct move){
		.from = intern_word(&f->words, (uint32_t)from),
		.to = intern_word(&f->words, (uint32_t)to),
	};
	return &f->moves[f->move_n++];
}

static void
add_gap(struct move *m, int64_t gap)
{
	vec_hold(m->gaps, m->gap_n, m->gap_cap, 1);
	m->gaps[m->gap_n++] = gap;
}

static struct last_request *
last_request(struct facts *f, struct str person, bool *fresh)
{
	uint64_t *slot = map_put(&f->people, person, NULL);

	*fresh = *slot == 0;
	if (!*fresh)
		return &f->last[*slot - 1];
	vec_hold(f->last, f->last_n, f->last_cap, 1);
	*slot = ++f->last_n;
	return &f->last[f->last_n - 1];
}

void
moves_take(
    struct facts *f, struct record *r, int64_t t, bool waited, bool counts)
{
	struct str person = record_str(r, "person"), word;
	struct last_request *last;
	uint64_t channel;
	bool fresh;

	if (person.n == 0)
		return;
	word = record_str(r, "channel");
	channel = intern_number(&f->words, word.n == 0 ? STR("-") : word);
	last = last_request(f, person, &fresh);
	if (!fresh && last->channel != channel && counts) {
		struct move *m = move_of(f, last->channel, channel);

		m->times++;
		m->unanswered += waited;
		map_put(&m->who, person, &fresh);
		m->people += fresh;
		add_gap(m, t - last->at);
	}
	*last = (struct last_request){ channel, t };
}

void
moves_release(struct facts *f)
{
	for (size_t i = 0; i < f->move_n; i++) {
		map_release(&f->moves[i].who);
		free(f->moves[i].gaps);
	}
	free(f->moves);
	free(f->last);
	map_release(&f->move_index);
	map_release(&f->people);
}
