/* The places of a service. */
#include "live/api/account.h"

#include "live/api/visit.h"

/* One place, or the whole where the service has none. */
static int
poll_place(struct visit *v, struct str place, struct err *e)
{
	int rc;

	arena_reset(&v->arena);
	v->api->answer.status = 0;
	v->pages = 0;
	v->turn = (struct api_turn){ .place = visit_quote(&v->arena, place) };
	v->key = ARENA_JOIN(
	    &v->arena, STR("place "), place.p == NULL ? STR("") : place);
	v->file = place.p == NULL
		      ? v->account->name
		      : ARENA_JOIN(&v->arena, str_of(v->account->name),
			    STR("/"), place)
			    .p;
	rc = visit_pages(v, e);
	if (rc < 0 && place.p != NULL)
		err_prefix(e, "%.*s", STR_ARG(place));
	return rc;
}

/* Those that the service has, where the workspace names none. */
static int
find_places(struct visit *v, struct buf *places, struct err *e)
{
	int rc = 1;

	arena_reset(&v->arena);
	v->turn = (struct api_turn){ 0 };
	v->pages = 0;
	while (rc > 0) {
		if (visit_ask(v, PLACES_LIST, e) == API_FAILED)
			return -1;
		if (api_items(v->api, PLACES_ITEMS, buf_str(&v->shown), places,
			e) < 0)
			return -1;
		rc = visit_next(v, PLACES_NEXT, e);
	}
	return rc;
}

/* A list of places has those that others may read, too; one that was read
 * before is missed. */
static bool
is_closed(const struct visit *v)
{
	return v->found && v->api->answer.status == 403 &&
	       cursor_get(&v->store->cursor, v->key).p == NULL;
}

/* One that fails does not keep the others from being read, and what is said is
 * why the first did; -1 where nothing can go on. */
static int
also(struct visit *v, struct str place, bool *failed, struct err *e)
{
	struct err why;

	if (visit_is_stopped(v) || poll_place(v, place, &why) == 0 ||
	    is_closed(v))
		return 0;
	if (!*failed || v->store->broken || v->store->journal.failed)
		*e = why;
	*failed = true;
	return v->store->broken || v->store->journal.failed ? -1 : 0;
}

/* What the service's places are, one a line. */
static int
poll_found(struct visit *v, struct str lines, struct err *e)
{
	struct json_doc *doc = json_doc_new();
	struct arena names = { 0 };
	bool failed = false;
	int rc = 0;

	while (rc == 0 && lines.n > 0) {
		struct json root;

		rc = json_parse_copy(doc, str_split(&lines, '\n'), &root, e);
		if (rc == 0 && json_type(root) == JSON_STRING)
			rc = also(v, arena_dup(&names, json_str(root, &names)),
			    &failed, e);
	}
	arena_release(&names);
	json_doc_free(doc);
	return rc < 0 || failed ? -1 : 0;
}

static bool
is_named(const struct workspace_list *named, struct str place)
{
	for (size_t i = 0; i < named->n; i++)
		if (str_eq(named->v[i], place))
			return true;
	return named->n == 0;
}

/* Those that have news, where the source is about them. */
static int
poll_only(struct visit *v, struct err *e)
{
	const struct workspace_list *named = &v->api->source->places;
	uint64_t holes = v->store->status.holes;
	bool failed = false;
	int rc = 0;

	if (named->n == 0 && !service_has(v->api->service, PLACES_LIST))
		return poll_place(v, STR_NONE, e);
	v->found = named->n == 0;
	for (size_t i = 0; rc == 0 && i < v->account->only_count; i++)
		if (is_named(named, v->account->only[i]))
			rc = also(v, v->account->only[i], &failed, e);
	/* Who knows of the others'. */
	v->store->status.holes = holes;
	return rc < 0 || failed ? -1 : 0;
}

static int
poll_places(struct visit *v, struct err *e)
{
	const struct workspace_list *named = &v->api->source->places;
	bool failed = false;
	struct buf found;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < named->n; i++)
		rc = also(v, named->v[i], &failed, e);
	if (named->n > 0)
		return rc < 0 || failed ? -1 : 0;
	if (!service_has(v->api->service, PLACES_LIST))
		return poll_place(v, STR_NONE, e);
	buf_init(&found, VISIT_RESULTS);
	v->found = true;
	rc = find_places(v, &found, e);
	if (rc == 0)
		rc = poll_found(v, buf_str(&found), e);
	buf_release(&found);
	return rc;
}

int
api_account_poll(struct api_account *a, struct live_store *store,
    struct sink *out, struct err *e)
{
	struct visit v = {
		.account = a,
		.api = &a->api,
		.store = store,
		.out = out,
	};
	int rc = a->api.http == NULL ? api_open(&a->api, e) : 0;

	buf_init(&v.shown, (size_t)API_ANSWER * 3);
	seen_read(&v.seen, cursor_get(&store->cursor, STR("seen")));
	if (a->only_count == 0)
		store->status.holes = 0;
	if (rc == 0)
		rc = a->only_count > 0 ? poll_only(&v, e) : poll_places(&v, e);
	seen_release(&v.seen);
	buf_release(&v.shown);
	arena_release(&v.arena);
	arena_release(&v.page);
	arena_release(&v.item);
	return rc;
}
