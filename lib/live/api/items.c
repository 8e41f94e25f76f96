/* The items of a page, and what a second request has of them. */
#include "core/hash.h"
#include "core/text/base64.h"
#include "live/api/visit.h"

static int
reject(struct visit *v, const char *why, struct str bytes, struct err *e)
{
	struct sink *sink = journal_sink(&v->store->journal);

	sink_rollback(sink);
	return sink_reject(sink, str_of(v->file), STR(""), why, bytes, e);
}

int
visit_bytes(struct visit *v, struct str bytes, struct err *e)
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
			       : visit_bytes(v, bytes, e);
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
	buf_init(&next, VISIT_RESULTS);
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
	if (v->store->broken || v->store->journal.failed || visit_is_stopped(v))
		return -1;
	if (why.code == ERR_FAIL &&
	    (v->api->stop || (status != 404 && status != 410 && status != 403)))
		return -1;
	/* Who is asked too often says nothing of the item. */
	if (why.code == ERR_AGAIN &&
	    (status == 429 || v->api->stop ||
		count_failures(v, request) < API_ITEM_TRIES)) {
		if (visit_settle(v, e) < 0)
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
		rc = visit_bytes(v, bytes, e);
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
	struct str body = buf_str(&v->api->answer.body);
	struct buf results;
	int rc;

	if (!service_has(v->api->service, MORE_ITEMS))
		return body.n == 0 ? err_again(e, "the service answers nothing")
				   : visit_bytes(v, body, e);
	buf_init(&results, VISIT_RESULTS);
	rc = (int)api_items(
	    v->api, MORE_ITEMS, buf_str(&v->api->seen), &results, e);
	if (rc < 0 && e->code == ERR_FAIL)
		e->code = ERR_ITEM; /* it will not fare better */
	else if (rc >= 0)
		rc = take_results(v, item, buf_str(&results), e);
	buf_release(&results);
	return rc;
}

int
visit_take(struct visit *v, struct str item, struct err *e)
{
	struct api_turn turn = v->turn;
	struct buf seen, results;
	struct err why;
	int rc;

	if (!service_has(v->api->service, POLL_ITEM))
		return visit_bytes(v, item, e);
	turn.item = item;
	buf_init(&seen, VISIT_RESULTS);
	buf_init(&results, VISIT_RESULTS);
	api_show(v->api, &turn, &seen);
	if (api_run(v->api, POLL_ITEM, buf_str(&seen), &results, &why) < 0)
		rc = reject(v, why.msg, item, e);
	else
		rc = take_results(v, item, buf_str(&results), e);
	buf_release(&seen);
	buf_release(&results);
	return rc;
}
