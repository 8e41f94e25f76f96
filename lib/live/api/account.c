#include "live/api/account.h"

#include <stdlib.h>

#include "core/diag.h"
#include "core/hash.h"
#include "core/text/base64.h"
#include "json/write.h"
#include "live/api/mark.h"

enum { RESULTS = 256 << 20 /* bytes of what a program gives */ };

/* One poll. */
struct visit {
	struct api_account *account;
	struct api *api;
	struct live_store *store;
	struct sink *out;
	struct seen seen;
	/* Of the place in hand. */
	struct api_turn turn;
	const char *file; /* what records say: @NAME/PLACE */
	bool found; /* the service named it, not the workspace */
	struct str key; /* in the cursor */
	struct arena arena; /* of the place */
	struct mark *mark; /* NULL: a token */
	/* Of the page in hand. */
	struct str latest, earliest; /* `at` of its items */
	struct arena page, item;
	struct buf shown; /* what the list's programs see of it */
};

static struct str
quoted(struct arena *a, struct str s)
{
	struct writer w;
	struct buf b;

	if (s.p == NULL)
		return STR_NONE;
	buf_init(&b, s.n * 6 + 3);
	write_init(&w, &b);
	write_str(&w, s);
	s = arena_dup(a, buf_str(&b));
	buf_release(&b);
	return s;
}

static bool
is_stopped(const struct visit *v)
{
	return v->api->signalled != NULL && *v->api->signalled != 0;
}

/* What is in the journal now is what the cursor stands for. */
static int
settle(struct visit *v, struct err *e)
{
	struct buf b;
	int rc;

	buf_init(&b, (size_t)64 << 20);
	if (v->mark != NULL) {
		mark_write(v->mark, &b);
		cursor_set(&v->store->cursor, v->key, buf_str(&b));
		buf_reset(&b);
	}
	seen_write(&v->seen, &b);
	cursor_set(&v->store->cursor, STR("seen"), buf_str(&b));
	buf_release(&b);
	rc = live_store_settle(v->store, e);
	return rc == 0 ? live_store_give(v->store, v->out, e) : rc;
}

static int
reject(struct visit *v, const char *why, struct str bytes, struct err *e)
{
	struct sink *sink = journal_sink(&v->store->journal);

	sink_rollback(sink);
	return sink_reject(sink, str_of(v->file), STR(""), why, bytes, e);
}

/* To the format, unless it came before. */
static int
read_bytes(struct visit *v, struct str bytes, struct err *e)
{
	struct sink *sink = journal_sink(&v->store->journal);
	uint64_t outs = sink->outs, rejected = sink->rejected;
	struct source_reading how = {
		.format = v->api->service->format,
		.max_item = v->account->max_item,
	};
	int rc;

	if (seen_before(&v->seen, v->key, bytes))
		return 0;
	if (bytes.n > how.max_item)
		return reject(
		    v, "larger than --max-item", str_sub(bytes, 0, 65536), e);
	rc = source_ingest_bytes(
	    v->account->context, sink, v->file, bytes, &how, e);
	if (rc < 0 && e->code == ERR_ITEM)
		return reject(v, e->msg, bytes, e);
	if (rc == 0 && sink->outs == outs && sink->rejected == rejected)
		return reject(v, "nothing of it is an item", bytes, e);
	return rc;
}

static int
read_base64(struct visit *v, struct str coded, struct err *e)
{
	struct str bytes = base64_url(&v->item, coded);

	return bytes.p == NULL ? reject(v, "read64 is no base64", coded, e)
			       : read_bytes(v, bytes, e);
}

/* Notes where it stands in the list. */
static int
note_at(struct visit *v, struct json at, struct err *e)
{
	struct mark *m = v->mark;
	struct str value = json_type(at) == JSON_STRING ? json_str(at, &v->page)
							: json_raw(at);

	/* What a second request gives has no place in the list. */
	if (m == NULL || v->turn.item.p != NULL)
		return 0;
	if (json_type(at) <= JSON_NULL || !mark_is(m->kind, value))
		return err_set(e, "%s: an item's `at` must be %s: '%.*s'",
		    v->api->service->path,
		    m->kind == CURSOR_TIME ? "a time (RFC 3339)" : "a number",
		    STR_ARG(value));
	value = arena_dup(&v->page, value);
	if (v->latest.p == NULL || mark_compare(m->kind, value, v->latest) > 0)
		v->latest = value;
	if (v->earliest.p == NULL ||
	    mark_compare(m->kind, value, v->earliest) < 0)
		v->earliest = value;
	return 0;
}

static int give_more(struct visit *v, struct str item, struct err *e);

/* What a second request gives, with all of its pages. */
static int
read_more(struct visit *v, struct str item, struct str request, struct err *e)
{
	struct api_turn before = v->turn;
	struct buf next;
	int rc = 0;

	v->turn.item = item;
	v->turn.page = STR_NONE;
	buf_init(&next, RESULTS);
	while (rc == 0 && request.p != NULL) {
		enum api_word word = api_ask(v->api, &v->turn, request, e);
		struct str last = arena_dup(&v->page, request);

		if (word == API_SAME || word == API_GONE)
			break;
		rc = word == API_FAILED ? -1 : give_more(v, item, e);
		if (rc == 0)
			rc = api_first(v->api, MORE_NEXT,
			    buf_str(&v->api->seen), &next, &request, e);
		if (rc == 0 && request.p != NULL && str_eq(request, last))
			rc = err_set(e, "the next page is the same: %.*s",
			    STR_ARG(last));
	}
	buf_release(&next);
	v->turn = before;
	return rc;
}

/* How often that request failed, which is the item's `stuck` in the cursor. */
static int
count_failures(struct visit *v, struct str request)
{
	struct str stuck = cursor_get(&v->store->cursor, STR("stuck"));
	char id[ID_SIZE];
	int64_t n = 0;
	struct buf b;

	id_make(id, 's', &request, 1);
	if (stuck.p == NULL || !str_is(str_split(&stuck, ' '), id) ||
	    str_to_int(stuck, &n) < 0)
		n = 0;
	buf_init(&b, 256);
	buf_printf(&b, "%s %d", id, (int)++n);
	cursor_set(&v->store->cursor, STR("stuck"), buf_str(&b));
	buf_release(&b);
	return (int)n;
}

/*
 * A second request that fails is asked for in the next poll, for which this
 * ends without its page; the fifth time, or at once where the service will not
 * give it or the program not read it, the item is a reject and the list goes on.
 */
static int
get_item(struct visit *v, struct str item, struct str request, struct err *e)
{
	struct err why;
	long status;

	if (read_more(v, item, request, &why) == 0)
		return 0;
	status = v->api->answer.status;
	*e = why;
	if (v->store->broken || v->store->journal.failed || is_stopped(v))
		return -1;
	if (why.code == ERR_FAIL &&
	    (v->api->stop || (status != 404 && status != 410 && status != 403)))
		return -1;
	/* Who is asked too often says nothing of the item. */
	if (why.code == ERR_AGAIN &&
	    (status == 429 || v->api->stop ||
		count_failures(v, request) < API_ITEM_TRIES)) {
		if (settle(v, e) < 0)
			return -1;
		*e = why;
		return -1;
	}
	return reject(v, why.msg, item, e);
}

/* {read, read64, get}. */
static int
read_result(struct visit *v, struct str item, struct json result, struct err *e)
{
	struct json read = json_get(result, "read"),
		    coded = json_get(result, "read64"),
		    get = json_get(result, "get");
	struct str bytes;
	int rc = 0;

	arena_reset(&v->item);
	bytes = json_type(read) == JSON_STRING ? json_str(read, &v->item)
					       : json_raw(read);
	get = json_type(get) == JSON_OBJECT ? get : JSON_ABSENT;
	if (json_type(read) > JSON_NULL)
		rc = read_bytes(v, bytes, e);
	if (rc == 0 && json_type(coded) == JSON_STRING)
		rc = read_base64(v, json_str(coded, &v->item), e);
	if (rc == 0 && get.doc != NULL)
		rc = get_item(v, item, arena_dup(&v->page, json_raw(get)), e);
	return rc;
}

/* The same, with {at, once}. */
static int
take_result(struct visit *v, struct str item, struct json result, struct err *e)
{
	struct json once = json_get(result, "once");
	struct str id = STR_NONE;
	int rc;

	if (note_at(v, json_get(result, "at"), e) < 0)
		return -1;
	if (v->turn.item.p == NULL && json_type(once) > JSON_NULL)
		id = arena_dup(&v->page, json_raw(once));
	if (id.p == NULL)
		return read_result(v, item, result, e);
	if (seen_has(&v->seen, STR("once"), id))
		return 0;
	rc = read_result(v, item, result, e);
	if (rc == 0)
		(void)seen_before(&v->seen, STR("once"), id);
	return rc;
}

/* Each of the results, a line each. */
static int
take_results(
    struct visit *v, struct str item, struct str results, struct err *e)
{
	int rc = 0;

	while (rc == 0 && results.n > 0) {
		/* What a second request gives is results, too. */
		struct json_doc *doc = json_doc_new();
		struct json root;

		rc = json_parse_copy(doc, str_split(&results, '\n'), &root, e);
		if (rc == 0 && json_type(root) == JSON_OBJECT)
			rc = take_result(v, item, root, e);
		json_doc_free(doc);
	}
	return rc;
}

/* What the answer to a second request has; without a program it is one as it
 * is. */
static int
give_more(struct visit *v, struct str item, struct err *e)
{
	struct buf results;
	int rc;

	if (v->api->service->poll.programs[MORE_ITEMS] == NULL)
		return read_bytes(v, buf_str(&v->api->answer.body), e);
	buf_init(&results, RESULTS);
	rc = (int)api_run(
	    v->api, MORE_ITEMS, buf_str(&v->api->seen), &results, e);
	if (rc < 0)
		e->code = ERR_ITEM; /* it will not fare better */
	else
		rc = take_results(v, item, buf_str(&results), e);
	buf_release(&results);
	return rc;
}

/* What an item is, by the description; one of which it cannot tell is a
 * reject. */
static int
take_item(struct visit *v, struct str item, struct err *e)
{
	struct api_turn turn = v->turn;
	struct buf seen, results;
	struct err why;
	int rc;

	if (v->api->service->poll.programs[POLL_ITEM] == NULL)
		return read_bytes(v, item, e);
	turn.item = item;
	buf_init(&seen, RESULTS);
	buf_init(&results, RESULTS);
	api_show(v->api, &turn, &seen);
	if (api_run(v->api, POLL_ITEM, buf_str(&seen), &results, &why) < 0)
		rc = reject(v, why.msg, item, e);
	else
		rc = take_results(v, item, buf_str(&results), e);
	buf_release(&seen);
	buf_release(&results);
	return rc;
}

static void
swap(struct buf *a, struct buf *b)
{
	struct buf held = *a;

	*a = *b;
	*b = held;
}

/* By a request of POLL_LIST, or PLACES_LIST. */
static enum api_word
ask_list(struct visit *v, enum service_program p, struct err *e)
{
	struct buf seen, out;
	enum api_word word = API_FAILED;
	struct str request;

	buf_init(&seen, RESULTS);
	buf_init(&out, RESULTS);
	api_show(v->api, &v->turn, &seen);
	if (api_first(v->api, p, buf_str(&seen), &out, &request, e) == 0 &&
	    request.p == NULL)
		err_set(e, "%s: list gives no request", v->api->service->path);
	else if (request.p != NULL)
		word = api_ask(v->api, &v->turn, request, e);
	/* Second requests have answers of their own. */
	swap(&v->shown, &v->api->seen);
	buf_release(&seen);
	buf_release(&out);
	return word;
}

/* The next page: 1, 0 at the end.  `true` asks again from the cursor. */
static int
next_page(struct visit *v, enum service_program p, struct err *e)
{
	struct str page;
	struct buf out;
	int rc;

	buf_init(&out, RESULTS);
	rc = api_first(v->api, p, buf_str(&v->shown), &out, &page, e);
	if (rc == 0 && page.p != NULL && !str_is(page, "true") &&
	    str_eq(page, v->turn.page))
		rc = err_set(
		    e, "the page behind %.*s is the same", STR_ARG(page));
	if (rc == 0 && page.p != NULL) {
		v->turn.page = str_is(page, "true")
				   ? STR_NONE
				   : arena_dup(&v->arena, page);
		rc = 1;
	}
	buf_release(&out);
	return rc;
}

/* The page in hand; without a program for items it is one as it is. */
static int
take_page(struct visit *v, struct err *e)
{
	struct buf list;
	struct str rest;
	int rc = 0;

	arena_reset(&v->page);
	v->latest = v->earliest = STR_NONE;
	if (v->api->service->poll.programs[POLL_ITEMS] == NULL)
		return read_bytes(v, buf_str(&v->api->answer.body), e);
	buf_init(&list, RESULTS);
	if (api_run(v->api, POLL_ITEMS, buf_str(&v->shown), &list, e) < 0)
		rc = -1;
	rest = buf_str(&list);
	while (rc == 0 && rest.n > 0)
		rc = take_item(v, str_split(&rest, '\n'), e);
	buf_release(&list);
	return rc;
}

/* The service's token goes on with each page. */
static int
poll_token(struct visit *v, struct err *e)
{
	struct str token = cursor_get(&v->store->cursor, v->key);
	struct buf out;
	bool anew = false;
	int rc = 1;

	buf_init(&out, RESULTS);
	if (token.p != NULL)
		v->turn.since = arena_dup(&v->arena, token);
	while (rc > 0 && !is_stopped(v)) {
		enum api_word word = ask_list(v, POLL_LIST, e);

		if (word == API_GAP && !anew) {
			diag(DIAG_NOTE, v->account->name,
			    "the service does not know how far it was read "
			    "any more: all is read again");
			v->turn.since = v->turn.page = STR_NONE;
			anew = true;
			continue;
		}
		if (word == API_GAP)
			err_set(e, "the service does not begin anew");
		if (word == API_FAILED || word == API_GAP ||
		    (word == API_ANSWERED && take_page(v, e) < 0)) {
			rc = -1;
			break;
		}
		if (word == API_SAME) {
			rc = settle(v, e);
			break;
		}
		rc = api_first(
		    v->api, POLL_CURSOR, buf_str(&v->shown), &out, &token, e);
		if (rc < 0)
			break;
		if (token.p != NULL) {
			v->turn.since = arena_dup(&v->arena, token);
			cursor_set(&v->store->cursor, v->key, v->turn.since);
		}
		rc = settle(v, e);
		if (rc == 0)
			rc = next_page(v, POLL_NEXT, e);
	}
	buf_release(&out);
	return rc < 0 ? -1 : 0;
}

/* Below which nothing is asked for, as the list wants it. */
static void
turn_from(struct visit *v, struct str from)
{
	const struct service_poll *p = &v->api->service->poll;

	v->turn.done = quoted(&v->arena, from);
	v->turn.since = quoted(
	    &v->arena, mark_before(p->cursor, from, p->overlap, &v->arena));
}

/* The oldest first: each page moves what is done. */
static int
poll_oldest(struct visit *v, struct err *e)
{
	struct mark *m = v->mark;
	int rc = 1;

	turn_from(v, m->done);
	while (rc > 0 && !is_stopped(v)) {
		struct str before = m->done;

		if (ask_list(v, POLL_LIST, e) == API_FAILED ||
		    take_page(v, e) < 0)
			return -1;
		if (mark_compare(m->kind, v->latest, m->done) > 0)
			m->done = arena_dup(&m->arena, v->latest);
		rc = settle(v, e);
		if (rc == 0)
			rc = next_page(v, POLL_NEXT, e);
		if (rc <= 0 || v->turn.page.p != NULL)
			continue;
		/* Asked again from here. */
		if (mark_compare(m->kind, m->done, before) <= 0)
			return err_set(e,
			    "more than a page of items stand at %.*s",
			    STR_ARG(m->done));
		turn_from(v, m->done);
	}
	return rc < 0 ? -1 : 0;
}

/* The newest first: a hole, from its newest end down. */
static int
close_hole(struct visit *v, size_t i, struct err *e)
{
	struct mark *m = v->mark;
	struct str from = m->holes.v[i].from;
	const struct service_poll *p = &v->api->service->poll;
	struct str bottom;
	int rc = 1;

	turn_from(v, from);
	bottom = mark_before(p->cursor, from, p->overlap, &v->arena);
	v->turn.page = STR_NONE;
	v->turn.before = quoted(&v->arena, m->holes.v[i].to);
	while (rc > 0) {
		if (is_stopped(v))
			return 0;
		if (ask_list(v, POLL_LIST, e) == API_FAILED ||
		    take_page(v, e) < 0)
			return -1;
		mark_take(m, i, v->latest, v->earliest);
		rc = next_page(v, POLL_NEXT, e);
		if (rc > 0 && bottom.p != NULL && v->earliest.p != NULL &&
		    mark_compare(m->kind, v->earliest, bottom) < 0)
			rc = 0;
		if (rc < 0)
			return -1;
		if (rc == 0)
			mark_close(m, i);
		if (settle(v, e) < 0)
			return -1;
	}
	return 0;
}

static int
poll_newest(struct visit *v, struct err *e)
{
	struct mark *m = v->mark;

	mark_begin(m);
	for (size_t n = m->holes.n; n > 0 && !is_stopped(v); n--)
		if (close_hole(v, m->holes.n - n, e) < 0)
			return -1;
	return 0;
}

static int
poll_marked(struct visit *v, struct err *e)
{
	const struct service_poll *p = &v->api->service->poll;
	struct mark m;
	int rc =
	    mark_read(&m, p->cursor, cursor_get(&v->store->cursor, v->key));

	if (rc < 0) {
		mark_release(&m);
		return err_set(e,
		    "%s: the cursor of '%.*s' is not what kith writes",
		    v->store->cursor.path, STR_ARG(v->key));
	}
	v->mark = &m;
	rc = p->newest ? poll_newest(v, e) : poll_oldest(v, e);
	v->store->status.holes += m.holes.n;
	v->mark = NULL;
	mark_release(&m);
	return rc;
}

/* One place, or the whole where the service has none. */
static int
poll_place(struct visit *v, struct str place, struct err *e)
{
	int rc;

	arena_reset(&v->arena);
	v->api->answer.status = 0;
	v->turn = (struct api_turn){ .place = quoted(&v->arena, place) };
	v->key = ARENA_JOIN(
	    &v->arena, STR("place "), place.p == NULL ? STR("") : place);
	v->file = place.p == NULL
		      ? v->account->name
		      : ARENA_JOIN(&v->arena, str_of(v->account->name),
			    STR("/"), place)
			    .p;
	rc = v->api->service->poll.cursor == CURSOR_TOKEN ? poll_token(v, e)
							  : poll_marked(v, e);
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
	while (rc > 0) {
		if (ask_list(v, PLACES_LIST, e) == API_FAILED)
			return -1;
		if (api_run(v->api, PLACES_ITEMS, buf_str(&v->shown), places,
			e) < 0)
			return -1;
		rc = next_page(v, PLACES_NEXT, e);
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

	if (is_stopped(v) || poll_place(v, place, &why) == 0 || is_closed(v))
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

	if (named->n == 0 &&
	    v->api->service->poll.programs[PLACES_LIST] == NULL)
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
	if (v->api->service->poll.programs[PLACES_LIST] == NULL)
		return poll_place(v, STR_NONE, e);
	buf_init(&found, RESULTS);
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
