#include "merge/acts/acts.h"

#include "core/diag.h"
#include "people/acts.h"

enum { WARNED_MOST = 20 };

void
merger_acts_release(struct merger_acts *acts)
{
	map_release(&acts->let_in);
	acted_release(&acts->acted);
	arena_release(&acts->arena);
	buf_release(&acts->files);
	buf_release(&acts->fresh);
	buf_release(&acts->first);
}

/* What the links say of messages is that these are let in, too: whose they are
 * is what they say. */
static void
let_in_links(struct merger *m)
{
	struct merger_acts *acts = &m->acts;

	for (; acts->lets < m->links.let_in.n; acts->lets++)
		map_put(&acts->let_in, m->links.let_in.v[acts->lets], NULL);
	for (; acts->links < m->links.n; acts->links++) {
		const struct link *l = &m->links.v[acts->links];

		if (l->same && l->a.kind == LINK_MESSAGE)
			map_put(&acts->let_in, l->a.s, NULL);
		if (l->same && l->b.kind == LINK_MESSAGE)
			map_put(&acts->let_in, l->b.s, NULL);
	}
}

static int
add_line(void *arg, struct str line, const struct act *a, struct err *e)
{
	struct buf *lines = arg;

	(void)a;
	buf_add_str(lines, line);
	buf_add_char(lines, '\n');
	return lines->over ? err_set(e, "acts: more than %d bytes", ACTS_MAX)
			   : 0;
}

int
merger_read_files(struct merger *m, struct err *e)
{
	buf_init(&m->acts.files, ACTS_MAX);
	buf_init(&m->acts.fresh, ACTS_MAX);
	for (size_t i = 0; i < m->o.links.n; i++)
		if (links_read(&m->links, m->o.links.v[i].p, e) != 0)
			return -1;
	for (size_t i = 0; i < m->o.acts.n; i++)
		if (acts_read(m->o.acts.v[i].p, add_line, &m->acts.files, e) !=
		    0)
			return -1;
	let_in_links(m);
	return 0;
}

int
merger_learn_act(
    struct merger *m, const struct act *a, struct str id, struct err *e)
{
	m->acts.any = true;
	arena_reset(&m->acts.arena);
	acted_name(&m->acts.acted, a, &m->acts.arena);
	if (links_act(&m->links, a, id, e) != 0)
		return -1;
	let_in_links(m);
	return 0;
}

int
merger_take_act(struct merger *m, struct str id, struct err *e)
{
	struct act a;

	if (!act_read(m->record, &a))
		return 0;
	if (act_check(&a, e) != 0 || merger_learn_act(m, &a, id, e) != 0)
		return -1;
	if (store_keeps(m->store))
		(void)add_line(&m->acts.fresh, record_line(m->record), &a, e);
	return 1;
}

/* Written by an earlier run it is known, else it is to come. */
static int
take_first(void *arg, struct str line, const struct act *a, struct err *e)
{
	struct merger *m = arg;
	struct store_message had;
	struct str id;
	int rc;

	if (record_parse(m->record, line, e) != 0)
		return -1;
	id = record_str(m->record, "id");
	rc = store_message(m->store, id, &had, e);
	if (rc != 1)
		return rc < 0 ? -1 : add_line(&m->acts.first, line, a, e);
	if (merger_learn_act(m, a, id, e) != 0)
		return -1;
	acted_join(&m->acts.acted, a, &m->acts.arena);
	return 0;
}

int
merger_acts_first(struct merger *m, struct str *out, struct err *e)
{
	struct str rest = buf_str(&m->acts.files);
	struct act a;

	buf_init(&m->acts.first, ACTS_MAX);
	while (rest.n > 0) {
		struct str line = str_line(&rest);

		if (record_parse(m->record, line, e) != 0 ||
		    !act_read(m->record, &a) || take_first(m, line, &a, e) != 0)
			return -1;
	}
	if (acts_of_state_behind(m->o.state, &m->acts.had, take_first, m, e) !=
	    0)
		return -1;
	*out = buf_str(&m->acts.first);
	return 0;
}

/* What came in the stream is there by now, too. */
static int
take_since(void *arg, struct str line, const struct act *a, struct err *e)
{
	struct merger *m = arg;

	if (record_parse(m->record, line, e) != 0)
		return -1;
	return idset_has(&m->seen, idset_hash(record_str(m->record, "id")))
		   ? 0
		   : take_first(m, line, a, e);
}

int
merger_acts_since(struct merger *m, struct str *out, struct err *e)
{
	buf_reset(&m->acts.first);
	if (acts_of_state_behind(m->o.state, &m->acts.had, take_since, m, e) !=
	    0)
		return -1;
	*out = buf_str(&m->acts.first);
	return 0;
}

bool
merger_is_let_in(const struct merger *m, struct str id)
{
	return m->acts.let_in.n > 0 && map_get(&m->acts.let_in, id) != NULL;
}

void
merger_let_in(struct merger *m, struct str id, struct spooled *s)
{
	uint64_t *met =
	    m->acts.let_in.n == 0 ? NULL : map_get(&m->acts.let_in, id);

	if (met == NULL)
		return;
	*met = 1;
	s->flags &= ~(SPOOL_FAILED | SPOOL_UNPROVEN);
	s->trusted = (uint8_t)(s->trusted + s->claimed);
	s->profile = 0;
	s->claimed = 0;
	s->claim = GRAPH_NONE;
	s->rank = s->trusted > 0 ? 0 : 1;
	s->plain = 0;
}

bool
merger_let_in_next(struct merger *m, struct str *id)
{
	const struct map *ids = &m->acts.let_in;

	if (m->acts.looked == ids->n)
		return false;
	*id = ids->entries[m->acts.looked++].key;
	return true;
}

int
merger_let_in_line(struct merger *m, struct str id, struct arena *a,
    struct str *line, struct err *e)
{
	uint64_t *met = map_get(&m->acts.let_in, id);
	struct store_message had;
	int rc = store_message(m->store, id, &had, e);

	if (rc != 1 || met == NULL)
		return rc;
	/* It is known, and in by now or set aside. */
	*met = 1;
	if (had.quarantine.p == NULL)
		return 0;
	rc = store_aside(m->store, id, a, line, e);
	if (rc == 0)
		diag(DIAG_WARN, NULL,
		    "%.*s is let in, and the state does not have all of it: "
		    "give it again",
		    STR_ARG(id));
	return rc;
}

int
merger_act(struct merger *m, struct err *e)
{
	struct act a;
	int rc;

	if (!m->acts.any || !act_read(m->record, &a))
		return 0;
	rc = conversations_act(
	    m->conversations, &a, record_str(m->record, "id"), e);
	if (rc == 0 && m->acts.unknown++ < WARNED_MOST)
		diag(DIAG_WARN, NULL,
		    "act %.*s is about a conversation that no record before "
		    "it has",
		    STR_ARG(record_str(m->record, "id")));
	return rc < 0 ? -1 : 0;
}

int
merger_keep_acts(struct merger *m, struct err *e)
{
	int rc = m->o.state == NULL
		     ? 0
		     : acts_keep(m->o.state, buf_str(&m->acts.fresh), e);

	buf_reset(&m->acts.fresh);
	return rc;
}

void
merger_warn_acts(const struct merger *m)
{
	const struct map *ids = &m->acts.let_in;
	size_t told = 0;

	for (size_t i = 0; i < ids->n && told < WARNED_MOST; i++) {
		if (ids->entries[i].value != 0)
			continue;
		diag(DIAG_WARN, NULL,
		    "%.*s is let in by a line, and no record has this id",
		    STR_ARG(ids->entries[i].key));
		told++;
	}
}
