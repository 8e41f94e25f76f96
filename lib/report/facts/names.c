#include "report/facts/names.h"

static struct str
keep(struct facts *f, struct str s)
{
	return s.p == NULL ? s : arena_dup(&f->arena, s);
}

struct str
names_of(struct record *r, struct json party)
{
	static const char *const members[] = { "name", "email", "tel", "uri" };

	for (size_t i = 0; i < 4; i++) {
		struct str s =
		    json_str(json_get(party, members[i]), record_arena(r));

		if (s.n > 0)
			return s;
	}
	return STR_NONE;
}

/* What a customer is called: as they sign, else as we know them. */
void
names_take(struct facts *f, struct asked *asked, struct record *r)
{
	struct arena *a = record_arena(r);
	struct str s = json_str(json_get(record_get(r, "from"), "name"), a);

	if (asked->named)
		return;
	if (s.n == 0)
		s = json_str(
		    json_at(json_get(record_get(r, "context"), "names"), 0), a);
	asked->named = s.n > 0;
	if (asked->named || asked->name.p == NULL)
		asked->name =
		    keep(f, s.n > 0 ? s : names_of(r, record_get(r, "from")));
}

/* A row of our own list of customers. */
void
names_contact(struct facts *f, struct record *r, struct str person)
{
	struct json from = record_get(r, "from");
	struct str s = json_str(json_get(from, "name"), record_arena(r));
	uint64_t *name;
	bool fresh;

	if (s.n == 0 || record_get(r, "quarantine").doc != NULL)
		return;
	name = map_put(&f->names, person, &fresh);
	if (fresh)
		*name = intern_number(&f->words, s);
}

struct str
facts_name(const struct facts *f, size_t i)
{
	const struct conversation_facts *conversation = &f->conversations[i];
	struct str person = conversation->asked.person.n > 0
				? conversation->asked.person
				: f->standings.v[i].person;
	const uint64_t *name = NULL;

	if (!conversation->asked.named && person.n > 0)
		name = map_get(&f->names, person);
	return name == NULL ? conversation->asked.name
			    : intern_word(&f->words, (uint32_t)*name);
}
