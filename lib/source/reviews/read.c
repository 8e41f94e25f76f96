/*
 * A review's members, by the names that each service has for them.
 */
#include "core/text/ascii.h"
#include "source/desk/desk.h"
#include "source/reviews/reviews.h"

struct reader {
	struct normalize *n;
	struct json native;
	struct review *r;
};

static struct str
at(struct reader *p, const char *path)
{
	return native_value(p->n, native_at(p->native, path));
}

/* The first of two spellings. */
static struct str
either(struct reader *p, const char *path, const char *other)
{
	struct str s = at(p, path);

	return s.p != NULL ? s : at(p, other);
}

static int64_t
when(struct reader *p, struct str s)
{
	int64_t t;

	return s.p == NULL || native_time_text(p->n, s, &t) < 0 ? TIME_NONE : t;
}

/* Of a column that says (UTC) of itself. */
static int64_t
when_utc(struct reader *p, struct str s)
{
	int64_t t = when(p,
	    s.p == NULL ? s : ARENA_JOIN(&p->n->message.arena, s, STR(" UTC")));

	return t != TIME_NONE ? t : when(p, s);
}

/* Older ones have a title before a tab. */
static void
split_title(struct review *r)
{
	ptrdiff_t tab = str_chr(r->text, '\t');

	if (tab <= 0)
		return;
	r->title = str_trim(str_sub(r->text, 0, (size_t)tab));
	r->text = str_trim(str_sub(r->text, (size_t)tab, r->text.n));
}

static bool
has(struct reader *p, const char *path)
{
	return json_type(native_at(p->native, path)) > JSON_NULL;
}

/* The number behind "id=" in a link of the App Store. */
static struct str
app_of(struct str link)
{
	ptrdiff_t from = str_find(link, STR("id="));
	size_t n = 0;

	if (from < 0)
		return STR_NONE;
	link = str_sub(link, (size_t)from + 3, link.n);
	while (n < link.n && ascii_is_digit(link.p[n]))
		n++;
	return n == 0 ? STR_NONE : str_sub(link, 0, n);
}

/* Each value of iTunes' feed is {"label":...}. */
static void
read_itunes(struct reader *p)
{
	static const char *const kept[] = { "im:version", "im:voteSum",
		"im:voteCount", NULL };
	struct review *r = p->r;

	r->service = "appstore";
	r->id = at(p, "id/label");
	r->author = at(p, "author/name/label");
	r->link = at(p, "author/uri/label");
	r->stars = at(p, "im:rating/label");
	r->title = at(p, "title/label");
	r->text = at(p, "content/label");
	r->created = when(p, at(p, "updated/label"));
	r->place = app_of(at(p, "link/attributes/href"));
	r->kept = kept;
}

/* App Store Connect's API; answers are objects of their own. */
static void
read_connect(struct reader *p, bool answer)
{
	static const char *const kept[] = { "territory", "state", NULL };
	struct review *r = p->r;

	r->service = "appstore";
	r->id = at(p, "id");
	r->more = json_get(p->native, "attributes");
	r->kept = kept;
	r->author = at(p, "attributes/reviewerNickname");
	r->stars = at(p, "attributes/rating");
	r->title = at(p, "attributes/title");
	r->text = at(p, "attributes/body");
	r->created = when(p, at(p, "attributes/createdDate"));
	if (!answer)
		return;
	r->reply = at(p, "attributes/responseBody");
	r->replied = when(p, at(p, "attributes/lastModifiedDate"));
	r->about = at(p, "relationships/review/data/id");
}

static void
read_google(struct reader *p)
{
	struct review *r = p->r;
	struct str name = at(p, "name");
	ptrdiff_t reviews = str_find(name, STR("/reviews/"));

	r->service = "google";
	r->id = either(p, "reviewId", "review_id");
	if (reviews > 0) {
		r->place = str_sub(name, 0, (size_t)reviews);
		if (r->id.p == NULL)
			r->id = str_sub(name, (size_t)reviews + 9, name.n);
	}
	r->author = either(p, "reviewer/displayName", "reviewer/display_name");
	r->stars = either(p, "starRating", "star_rating");
	r->text = at(p, "comment");
	r->created = when(p, either(p, "createTime", "create_time"));
	r->updated = when(p, either(p, "updateTime", "update_time"));
	r->reply = either(p, "reviewReply/comment", "review_reply/comment");
	r->replied = when(
	    p, either(p, "reviewReply/updateTime", "review_reply/update_time"));
}

/* Google Play's API: what the user wrote last, and what we did. */
static void
read_play(struct reader *p)
{
	static const char *const kept[] = { "appVersionName", "appVersionCode",
		"device", "androidOsVersion", "thumbsUpCount",
		"thumbsDownCount", "originalText", NULL };
	struct json_iter it = json_each(json_get(p->native, "comments"));
	struct review *r = p->r;
	struct json one;

	r->service = "play";
	r->id = either(p, "reviewId", "review_id");
	r->author = either(p, "authorName", "author_name");
	r->kept = kept;
	r->place = native_value(p->n, native_beside(p->n, "packageName"));
	while (json_next(&it, NULL, &one)) {
		struct json user = json_get(one, "userComment");
		struct json ours = json_get(one, "developerComment");

		if (json_type(user) == JSON_OBJECT) {
			r->more = user;
			r->text = native_text(p->n, user, "text");
			split_title(r);
			r->stars = native_text(p->n, user, "starRating");
			r->language =
			    native_text(p->n, user, "reviewerLanguage");
			r->created = when(
			    p, native_value(p->n,
				   native_at(user, "lastModified/seconds")));
		}
		if (json_type(ours) == JSON_OBJECT) {
			r->reply = native_text(p->n, ours, "text");
			r->replied = when(
			    p, native_value(p->n,
				   native_at(ours, "lastModified/seconds")));
		}
	}
}

static void
read_trustpilot(struct reader *p)
{
	static const char *const kept[] = { "referenceId", "isVerified",
		"source", "status", "tags", NULL };
	struct review *r = p->r;

	r->service = "trustpilot";
	r->id = at(p, "id");
	r->author = either(p, "consumer/displayName", "consumer/display_name");
	r->author_id = at(p, "consumer/id");
	r->email = either(p, "referralEmail", "consumer/email");
	r->stars = at(p, "stars");
	r->title = at(p, "title");
	r->text = at(p, "text");
	r->language = at(p, "language");
	r->created = when(p, either(p, "createdAt", "created_at"));
	r->updated = when(p, either(p, "updatedAt", "updated_at"));
	r->place = either(p, "businessUnit/id", "business_unit/id");
	r->place_name = at(p, "businessUnit/displayName");
	r->reply = either(p, "companyReply/text", "company_reply/text");
	r->replied = when(
	    p, either(p, "companyReply/createdAt", "company_reply/created_at"));
	r->kept = kept;
}

/* Yelp's API, and the reviews of the data set that it gives away. */
static void
read_yelp(struct reader *p)
{
	static const char *const kept[] = { "useful", "funny", "cool", NULL };
	struct review *r = p->r;

	r->service = "yelp";
	r->id = either(p, "review_id", "id");
	r->place = either(p, "business_id", "business/id");
	r->place_name = at(p, "business/name");
	r->author = at(p, "user/name");
	r->author_id = either(p, "user_id", "user/id");
	r->stars = either(p, "stars", "rating");
	r->text = at(p, "text");
	r->link = at(p, "url");
	r->created = when(p, either(p, "time_created", "date"));
	r->reply = either(p, "public_reply/content", "public_reply/text");
	r->replied = when(p, at(p, "public_reply/time_created"));
	r->kept = kept;
}

static void
read_tripadvisor(struct reader *p)
{
	static const char *const kept[] = { "trip_type", "travel_date",
		"subratings", "helpful_votes", NULL };
	struct review *r = p->r;

	r->service = "tripadvisor";
	r->id = at(p, "id");
	r->place = at(p, "location_id");
	r->author = at(p, "user/username");
	r->stars = at(p, "rating");
	r->title = at(p, "title");
	r->text = at(p, "text");
	r->language = at(p, "lang");
	r->link = at(p, "url");
	r->created = when(p, at(p, "published_date"));
	r->reply = at(p, "owner_response/text");
	r->replied = when(p, at(p, "owner_response/published_date"));
	r->kept = kept;
}

static struct str
cell(struct reader *p, const char *names)
{
	return desk_text(p->n, p->native, names);
}

/* A time of the first of these, then one that says (UTC) of itself. */
static int64_t
cell_time(struct reader *p, const char *names, const char *utc)
{
	int64_t t = when(p, cell(p, names));

	return t != TIME_NONE ? t : when_utc(p, cell(p, utc));
}

/* Tables: the columns of Google Play's and of Trustpilot's. */
static void
read_row(struct reader *p)
{
	static const char *const kept[] = { "App Version Name",
		"App Version Code", "Device", "Reference Id",
		"Reference Number", "Source Of Review", "Tags", "Location Name",
		NULL };
	struct review *r = p->r;
	bool play = cell(p, "package_name").p != NULL;

	r->service = play ? "play" : "trustpilot";
	r->place = cell(p, "package_name|domain_url");
	r->id = cell(p, "review_id");
	r->author = cell(p, "review_username|reviewer_name");
	r->author_id = cell(p, "review_consumer_user_id");
	r->email = cell(p, "consumer_email|reference_email|review_email");
	r->stars = cell(p, "star_rating|review_stars");
	r->title = cell(p, "review_title");
	r->text = cell(p, "review_text|review_content");
	r->language = cell(p, "reviewer_language|review_language");
	r->link = cell(p, "review_link");
	r->created = cell_time(p,
	    "review_submit_millis_since_epoch|review_submit_date_and_time",
	    "review_created_(utc)|review_created");
	r->updated = when(p, cell(p, "review_last_update_millis_since_epoch|"
				     "review_last_update_date_and_time"));
	r->reply = cell(p,
	    "developer_reply_text|company_reply_text|company_reply_content|"
	    "company_reply");
	r->replied = cell_time(p,
	    "developer_reply_millis_since_epoch|developer_reply_date_and_time",
	    "company_reply_date_(utc)|company_reply_date");
	r->kept = kept;
}

bool
review_read(
    struct normalize *n, struct json native, struct review *out, bool *app)
{
	struct reader p = { n, native, out };
	struct json type = json_get(native, "type");

	*out = (struct review){ .created = TIME_NONE,
		.updated = TIME_NONE,
		.replied = TIME_NONE,
		.more = native };
	*app = false;
	if (has(&p, "im:rating") || has(&p, "im:name")) {
		*app = !has(&p, "im:rating");
		read_itunes(&p);
	} else if (json_is(type, "customerReviews") ||
		   json_is(type, "customerReviewResponses")) {
		read_connect(&p, json_is(type, "customerReviewResponses"));
	} else if (has(&p, "comments")) {
		read_play(&p);
	} else if (has(&p, "time_created") || has(&p, "business_id")) {
		read_yelp(&p);
	} else if (has(&p, "published_date")) {
		read_tripadvisor(&p);
	} else if (cell(&p,
		       "star_rating|review_stars|review_text|review_content")
			   .p != NULL &&
		   desk_get(native, "package_name|review_title|review_content")
			   .doc != NULL) {
		read_row(&p);
	} else if (has(&p, "starRating") || has(&p, "star_rating") ||
		   has(&p, "reviewer")) {
		read_google(&p);
	} else if (has(&p, "stars") || has(&p, "consumer")) {
		read_trustpilot(&p);
	} else {
		return false;
	}
	return true;
}
