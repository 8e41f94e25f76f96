/*
 * A review is a message in public, one of stars alone an event; our answer is
 * a message of ours.
 */
#include "core/hash.h"
#include "source/reviews/reviews.h"

enum { STARS = 5 };

struct view {
	struct normalize *n;
	struct message *m;
	struct json native;
	struct review r;
};

/* 4, "4", "FOUR"; 0 for none. */
static int
stars(struct str s)
{
	static const char *const words[] = { "ONE", "TWO", "THREE", "FOUR",
		"FIVE" };
	int64_t n;

	for (int i = 0; i < STARS; i++)
		if (str_eq_nocase(s, str_of(words[i])))
			return i + 1;
	/* What a spreadsheet made of it. */
	if (str_ends(s, STR(".0")))
		s = str_sub(s, 0, s.n - 2);
	return str_to_int(s, &n) == 0 && n >= 1 && n <= STARS ? (int)n : 0;
}

/* The id of a review, with the service and the place, which are the same in
 * its table and in its API. */
static struct str
review_id(struct view *v, struct str id)
{
	struct arena *a = &v->m->arena;
	const struct review *r = &v->r;
	struct str link = r->link;
	ptrdiff_t at = str_find(link, STR("reviewid="));

	if (at < 0)
		at = str_find(link, STR("reviewId="));
	if (id.p == NULL && at >= 0) {
		id = str_sub(link, (size_t)at + 9, link.n);
		at = str_chr(id, '&');
		id = at < 0 ? id : str_sub(id, 0, (size_t)at);
	}
	if (id.p == NULL) {
		struct str parts[5] = { r->place, r->author, r->title, r->text,
			r->stars };
		char *hash = arena_alloc(a, ID_SIZE);

		if (r->created != TIME_NONE)
			parts[4] = arena_printf(a, "%.*s/%jd",
			    STR_ARG(r->stars), (intmax_t)r->created);
		id_make(hash, 'h', parts, 5);
		id = str_of(hash);
	}
	return ARENA_JOIN(a, str_of(r->service), STR("/"), id);
}

/* "(Translated by Google) Good (Original) Gut": what was written. */
static struct str
original(struct str s, struct str *translation)
{
	static const char mark[] = "(Translated by Google)";
	ptrdiff_t own = str_find(s, STR("(Original)"));
	ptrdiff_t theirs = str_find(s, str_of(mark));

	*translation = STR_NONE;
	if (theirs < 0)
		return s;
	if (own > theirs) {
		*translation = str_trim(
		    str_sub(s, strlen(mark), (size_t)own - strlen(mark)));
		return str_trim(str_sub(s, (size_t)own + 10, s.n));
	}
	*translation = str_trim(str_sub(s, (size_t)theirs + strlen(mark), s.n));
	return str_trim(str_sub(s, 0, (size_t)theirs));
}

/* Everything of a record lives as long as it: each reads the review anew. */
static struct str
begin(struct view *v)
{
	struct str id;
	bool app;

	v->m = normalize_begin(v->n);
	(void)review_read(v->n, v->native, &v->r, &app);
	id = review_id(v, v->r.about.p != NULL ? v->r.about : v->r.id);
	v->m->type = "message";
	v->m->channel = "review";
	v->m->account = v->r.place;
	v->m->id_without_account = true;
	v->m->message_id = v->m->native_id = id;
	v->m->thread_id = id;
	return id;
}

static int
write_data(struct view *v, int score, struct str translation, struct err *e)
{
	const struct review *r = &v->r;
	struct writer *w = native_data(v->n);

	write_member(w, "service", str_of(r->service));
	if (v->m->type[0] == 'e') {
		write_member(w, "act", STR("rating"));
		write_member_int(w, "score", score);
		write_member_int(w, "of", STARS);
	} else if (score > 0) {
		write_key(w, "rating");
		write_object(w);
		write_member_int(w, "score", score);
		write_member_int(w, "of", STARS);
		write_object_end(w);
	}
	if (r->updated != TIME_NONE && r->updated != r->created)
		write_member_time(w, "editedAt", r->updated);
	write_member(w, "chat", r->place_name);
	write_member(w, "language", r->language);
	write_member(w, "link", r->link);
	write_member(w, "translation", translation);
	for (size_t i = 0; r->kept != NULL && r->kept[i] != NULL; i++) {
		struct json more = json_get(r->more, r->kept[i]);
		struct json label = json_get(more, "label");

		native_data_raw(
		    w, r->kept[i], json_type(label) > JSON_NULL ? label : more);
	}
	return native_data_end(v->n, e);
}

static enum stage_result
emit_review(struct view *v, struct err *e)
{
	const struct review *r = &v->r;
	struct str translation;
	int score;

	(void)begin(v);
	score = stars(r->stars);
	v->m->direction = "inbound";
	v->m->sent = r->created != TIME_NONE ? r->created : r->updated;
	v->m->from.name = r->author;
	v->m->from.uri = r->author_id.p == NULL
			     ? STR_NONE
			     : ARENA_JOIN(&v->m->arena, STR("review:"),
				   str_of(r->service), STR("/"), r->author_id);
	native_email(v->n, &v->m->from, r->email);
	v->m->subject = r->title;
	v->m->text = original(r->text, &translation);
	if (v->m->text.n == 0)
		v->m->text = STR_NONE;
	if (v->m->text.p == NULL && v->m->subject.p == NULL)
		v->m->type = "event";
	if (r->updated != TIME_NONE && r->created != TIME_NONE &&
	    r->updated > r->created)
		message_keyword(v->m, "edited");
	return write_data(v, score, translation, e) < 0 ? STAGE_REJECT
							: native_emit(v->n, e);
}

static enum stage_result
emit_reply(struct view *v, struct err *e)
{
	const struct review *r = &v->r;
	struct str about = begin(v);
	struct writer *w;

	v->m->message_id = v->m->native_id =
	    ARENA_JOIN(&v->m->arena, about, STR("/reply"));
	v->m->direction = "outbound";
	v->m->sent = r->replied != TIME_NONE   ? r->replied
		     : r->updated != TIME_NONE ? r->updated
					       : r->created;
	message_add_str(v->m, &v->m->in_reply_to, about);
	v->m->text = r->reply;
	if (r->author.p != NULL)
		message_add_address(
		    v->m, &v->m->to, (struct address){ .name = r->author });
	w = native_data(v->n);
	write_member(w, "service", str_of(r->service));
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

enum stage_result
reviews_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n), .native = native };
	enum stage_result rc = STAGE_OK;
	bool app;

	if (!review_read(n, native, &v.r, &app))
		return native_reject(e, "no review that is known");
	if (app) {
		sink_sum(n->sink, "entries of apps, which are no reviews", 1);
		return STAGE_OK;
	}
	if (v.r.about.p == NULL && stars(v.r.stars) == 0 &&
	    v.r.text.p == NULL && v.r.title.p == NULL)
		return native_reject(e, "a review without stars and words");
	if (v.r.about.p == NULL)
		rc = emit_review(&v, e);
	if (rc == STAGE_OK && v.r.reply.p != NULL)
		rc = emit_reply(&v, e);
	return rc;
}
