#include "source/reviews/reviews.h"

#include "source/desk/desk.h"
#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

struct look {
	unsigned google, play, trustpilot, apple, connect, yelp, tripadvisor;
};

/* What only one service calls so, in a review, which stands alone or first in
 * a list. */
static void
see(void *arg, const struct peeked *p)
{
	static const char *const google[] = { "starRating", "star_rating",
		"reviewer", "createTime", "create_time", "reviewReply",
		"review_reply", NULL };
	static const char *const play[] = { "reviewId", "review_id",
		"authorName", "author_name", "comments", NULL };
	static const char *const trustpilot[] = { "stars", "consumer",
		"businessUnit", "business_unit", "companyReply",
		"company_reply", NULL };
	static const char *const yelp[] = { "time_created", "review_id",
		"business_id", "user_id", "useful", "funny", "cool", NULL };
	static const char *const tripadvisor[] = { "location_id",
		"published_date", "trip_type", "travel_date", "subratings",
		"rating_image_url", "helpful_votes", NULL };
	static const char *const entry[] = { "im:rating", "im:version",
		"im:name", "im:voteSum", NULL };
	struct look *l = arg;

	if (str_is(p->within, "feed") && str_is(p->name, "entry"))
		l->apple++;
	if ((p->within.n == 0 || str_is(p->within, "data")) &&
	    str_is(p->name, "type"))
		l->connect += str_is(p->text, "customerReviews") ||
			      str_is(p->text, "customerReviewResponses");
	if (p->within.n == 0)
		l->apple += 2 * str_is_one_of(p->name, entry);
	if (p->within.n == 0 || str_is(p->within, "data"))
		l->tripadvisor += str_is_one_of(p->name, tripadvisor);
	if (p->within.n > 0 && !str_is(p->within, "reviews"))
		return;
	l->yelp += str_is_one_of(p->name, yelp);
	if (str_is(p->name, "url") && str_find(p->text, STR(".yelp.")) > 0)
		l->yelp += 3;
	l->google += str_is_one_of(p->name, google);
	l->play += str_is_one_of(p->name, play);
	l->trustpilot += str_is_one_of(p->name, trustpilot);
}

static int
sniff_json(struct str head)
{
	struct look l = { 0 };
	bool stars = str_find(head, STR("\"im:rating\"")) >= 0 ||
		     str_find(head, STR("\"im:name\"")) >= 0;

	json_peek(head, see, &l);
	if (l.connect > 0)
		return 92;
	if (l.apple > 0 && stars)
		return 92;
	if (l.yelp >= 4 || l.tripadvisor >= 4)
		return 92;
	return l.google >= 3 || l.trustpilot >= 3 || l.play >= 3 ? 88 : 0;
}

static int
sniff_table(struct str head)
{
	if (desk_columns(head, "package_name|star_rating|review_text") == 3)
		return 95;
	return desk_columns(head,
		   "review_stars|review_content|review_title|review_id") >= 3
		   ? 90
		   : 0;
}

static int
reviews_sniff(const char *base_name, struct str head)
{
	struct str s = peek_unmarked(head);

	(void)base_name;
	return json_peek_is(s) ? sniff_json(s) : sniff_table(head);
}

static int
reviews_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "feed/entry", "reviews", "data",
		"included", NULL };
	static const char *const repeat[] = { "packageName", "package_name",
		"businessUnit", "locationName", NULL };
	/* An app without reviews is a feed without entries. */
	static const struct items_form form = { .paths = paths,
		.repeat = repeat,
		.each = 1024,
		.whole = true,
		.lacking = true };

	return items_or_table_read(in, file, &form, e);
}

const struct source_format source_reviews = {
	.name = "reviews",
	.about = "reviews: App Store, Google Play, Google, Trustpilot, Yelp",
	.sniff = reviews_sniff,
	.read = reviews_read,
	.normalize = reviews_normalize,
};
