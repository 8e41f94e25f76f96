#include "insight/facts.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "insight/table.h"
#include "text/unicode.h"

enum { TEXT_CUT = 160 };

static struct str
keep(struct facts *f, struct str s)
{
	return s.p == NULL ? s : arena_dup(&f->arena, s);
}

/* Keeps s where it differs from what stands there: routes repeat. */
static void
replace(struct facts *f, struct str *at, struct str s)
{
	if (s.p != NULL && !str_eq(*at, s))
		*at = keep(f, s);
}

static struct str
display_name(struct record *r)
{
	static const char *const members[] = { "name", "email", "tel", "uri" };
	struct json from = record_get(r, "from");

	for (size_t i = 0; i < 4; i++) {
		struct str s =
		    json_str(json_get(from, members[i]), record_arena(r));

		if (s.n > 0)
			return s;
	}
	return STR_NONE;
}

static void
take_route(struct facts *f, struct talk *talk, struct record *r)
{
	struct json route = record_get(r, "route");
	struct arena *a = record_arena(r);

	if (json_type(route) != JSON_OBJECT)
		return;
	replace(f, &talk->queue, json_str(json_get(route, "queue"), a));
	replace(f, &talk->priority, json_str(json_get(route, "priority"), a));
	replace(f, &talk->assignee, json_str(json_get(route, "assignee"), a));
	replace(f, &talk->team, json_str(json_get(route, "team"), a));
	talk->human = json_true(json_get(route, "human"));
	time_parse(json_str(json_get(route, "due"), a), &talk->due);
}

static struct talk *
talk_at(struct facts *f, size_t i)
{
	if (i >= f->talk_cap) {
		size_t cap = f->talk_cap == 0 ? 64 : f->talk_cap * 2;

		f->talks = xreallocarray(f->talks, cap, sizeof(*f->talks));
		memset(f->talks + f->talk_cap, 0,
		    (cap - f->talk_cap) * sizeof(*f->talks));
		for (size_t k = f->talk_cap; k < cap; k++)
			f->talks[k].due = TIME_NONE;
		f->talk_cap = cap;
	}
	return &f->talks[i];
}

static void
take_request(struct facts *f, struct talk *talk, struct record *r, bool begins)
{
	struct str channel = record_str(r, "channel");
	struct str text = record_str(r, "text");

	if (talk->first_channel.p == NULL)
		talk->first_channel = keep(f, channel);
	if (talk->name.p == NULL)
		talk->name = keep(f, display_name(r));
	if (begins) {
		talk->text = keep(f, utf8_cut(text, TEXT_CUT));
		talk->waiting_id = keep(f, record_str(r, "id"));
	}
	take_route(f, talk, r);
	*map_put(&f->channels, channel, NULL) += UINT64_C(1) << 32;
	f->requests++;
}

static void
take_answer(struct facts *f, const struct thread *before, size_t at,
    struct record *r, int64_t now)
{
	f->answers++;
	++*map_put(&f->channels, record_str(r, "channel"), NULL);
	if (before->waiting_since == TIME_NONE)
		return;
	if (f->wait_n == f->wait_cap) {
		f->wait_cap = f->wait_cap == 0 ? 64 : f->wait_cap * 2;
		f->waits =
		    xreallocarray(f->waits, f->wait_cap, sizeof(*f->waits));
	}
	f->waits[f->wait_n++] = (struct wait){
		.talk = (uint32_t)at,
		.first = before->first_answer == TIME_NONE,
		.from = before->waiting_since,
		.to = now,
	};
}

void
facts_add(struct facts *f, struct record *r)
{
	struct thread before = { .waiting_since = TIME_NONE,
		.first_answer = TIME_NONE };
	struct str person = record_str(r, "person");
	const struct thread *old =
	    threads_get(&f->threads, record_str(r, "conversation"));
	const struct thread *now;
	size_t at;

	if (old != NULL)
		before = *old;
	now = threads_add(&f->threads, r);
	if (person.n > 0)
		map_put(&f->people, person, NULL);
	f->quarantined += json_type(record_get(r, "quarantine")) != JSON_NONE;
	f->automatic += record_has_keyword(r, "automatic");
	if (now == NULL)
		return;
	if (now->last > f->last || f->threads.n == 1)
		f->last = now->last;
	at = (size_t)(now - f->threads.v);
	if (record_is_request(r))
		take_request(
		    f, talk_at(f, at), r, before.waiting_since == TIME_NONE);
	else if (record_is_answer(r))
		take_answer(f, &before, at, r, record_time(r));
	talk_at(f, at);
}

void
facts_release(struct facts *f)
{
	threads_release(&f->threads);
	free(f->talks);
	free(f->waits);
	map_release(&f->channels);
	map_release(&f->people);
	arena_release(&f->arena);
	*f = (struct facts){ 0 };
}

int64_t
facts_business(struct calendar *c, int64_t from, int64_t to)
{
	return c == NULL ? CELL_NONE : calendar_between(c, from, to);
}
