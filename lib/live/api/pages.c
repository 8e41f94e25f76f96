/* The pages of a place, by a token or from what was known up to the newest. */
#include "core/diag.h"
#include "live/api/visit.h"

static void
swap(struct buf *a, struct buf *b)
{
	struct buf held = *a;

	*a = *b;
	*b = held;
}

enum api_word
visit_ask(struct visit *v, enum service_program p, struct err *e)
{
	struct buf seen, out;
	enum api_word word = API_FAILED;
	struct str request;

	buf_init(&seen, VISIT_RESULTS);
	buf_init(&out, VISIT_RESULTS);
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

int
visit_next(struct visit *v, enum service_program p, struct err *e)
{
	struct str page;
	struct buf out;
	int rc;

	buf_init(&out, VISIT_RESULTS);
	rc = api_first(v->api, p, buf_str(&v->shown), &out, &page, e);
	if (rc == 0 && page.p != NULL && !str_is(page, "true") &&
	    str_eq(page, v->turn.page))
		rc = err_set(
		    e, "the page behind %.*s is the same", STR_ARG(page));
	if (rc == 0 && page.p != NULL && ++v->pages > VISIT_PAGES)
		rc = err_again(e, "more than %d pages", VISIT_PAGES);
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
	if (!service_has(v->api->service, POLL_ITEMS))
		return visit_bytes(v, buf_str(&v->api->answer.body), e);
	buf_init(&list, VISIT_RESULTS);
	if (api_items(v->api, POLL_ITEMS, buf_str(&v->shown), &list, e) < 0)
		rc = -1;
	rest = buf_str(&list);
	while (rc == 0 && rest.n > 0)
		rc = visit_take(v, str_split(&rest, '\n'), e);
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

	buf_init(&out, VISIT_RESULTS);
	if (token.p != NULL)
		v->turn.since = arena_dup(&v->arena, token);
	while (rc > 0 && !visit_is_stopped(v)) {
		enum api_word word = visit_ask(v, POLL_LIST, e);

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
			rc = visit_settle(v, e);
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
		rc = visit_settle(v, e);
		if (rc == 0)
			rc = visit_next(v, POLL_NEXT, e);
	}
	buf_release(&out);
	return rc < 0 ? -1 : 0;
}

/* Below which nothing is asked for, as the list wants it. */
static void
turn_from(struct visit *v, struct str from)
{
	const struct service_poll *p = &v->api->service->poll;

	v->turn.done = visit_quote(&v->arena, from);
	v->turn.since = visit_quote(
	    &v->arena, mark_before(p->cursor, from, p->overlap, &v->arena));
}

/* The oldest first: each page moves what is done. */
static int
poll_oldest(struct visit *v, struct err *e)
{
	struct mark *m = v->mark;
	int rc = 1;

	turn_from(v, m->done);
	while (rc > 0 && !visit_is_stopped(v)) {
		struct str before = m->done;
		enum api_word word = visit_ask(v, POLL_LIST, e);

		if (word == API_FAILED ||
		    (word == API_ANSWERED && take_page(v, e) < 0))
			return -1;
		if (word == API_SAME)
			return visit_settle(v, e);
		if (mark_compare(m->kind, v->latest, m->done) > 0)
			m->done = arena_dup(&m->arena, v->latest);
		rc = visit_settle(v, e);
		if (rc == 0)
			rc = visit_next(v, POLL_NEXT, e);
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

/* A page of a hole: 1 where there is another. */
static int
hole_page(struct visit *v, size_t i, struct str bottom, struct err *e)
{
	enum api_word word = visit_ask(v, POLL_LIST, e);
	int rc;

	/* 304: there is nothing in it. */
	if (word == API_SAME)
		return 0;
	if (word == API_FAILED || take_page(v, e) < 0)
		return -1;
	mark_take(v->mark, i, v->latest, v->earliest);
	rc = visit_next(v, POLL_NEXT, e);
	if (rc > 0 && bottom.p != NULL && v->earliest.p != NULL &&
	    mark_compare(v->mark->kind, v->earliest, bottom) < 0)
		rc = 0;
	return rc;
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
	v->turn.before = visit_quote(&v->arena, m->holes.v[i].to);
	while (rc > 0) {
		if (visit_is_stopped(v))
			return 0;
		rc = hole_page(v, i, bottom, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			mark_close(m, i);
		if (visit_settle(v, e) < 0)
			return -1;
	}
	return 0;
}

static int
poll_newest(struct visit *v, struct err *e)
{
	struct mark *m = v->mark;

	mark_begin(m);
	for (size_t n = m->holes.n; n > 0 && !visit_is_stopped(v); n--)
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

int
visit_pages(struct visit *v, struct err *e)
{
	return v->api->service->poll.cursor == CURSOR_TOKEN ? poll_token(v, e)
							    : poll_marked(v, e);
}
