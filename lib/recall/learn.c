/*
 * What is kept of people who did more than talk: pages, orders, wishes,
 * traits.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text/utf8.h"
#include "core/time.h"
#include "recall/profile.h"
#include "record/fields.h"
#include "text/unicode.h"

static char *
copy(struct str s)
{
	return s.n == 0 ? NULL : xmemdup0(s.p, s.n);
}

static void
keep_id(char out[ID_SIZE], struct str id)
{
	memset(out, 0, ID_SIZE);
	if (id.n > 0 && id.n < ID_SIZE)
		memcpy(out, id.p, id.n);
}

/* Pages. */

void
activity_visit(
    struct context *c, struct profile *k, struct record *r, int64_t at)
{
	struct str channel = context_word(c, record_str(r, "channel"));
	struct activities *d;
	struct visit v;

	/* What a page loads by itself nobody looks at. */
	if (record_has_keyword(r, "automatic"))
		return;
	visit_read(record_get(r, "data"), record_arena(r), &v);
	if (v.url.n + v.page.n + v.product.n + v.category.n + v.order.n == 0)
		return;
	d = context_activities(k);
	interests_visit(
	    &d->interests, &v, channel, at, c->o.half_life, &c->interests);
	if (v.zone.n > 0)
		d->zone = context_word(c, v.zone);
	page_release(&d->page);
	d->page = (struct last_page){
		.at = at,
		.channel = channel,
		.url = copy(v.url),
		.page = copy(v.page),
		.product = copy(v.product),
		.category = copy(v.category),
		.order = copy(v.order),
	};
}

/* Orders. */

/* What says nothing of its items has those that it had. */
static void
keep_items(struct context *c, struct order_kept *kept, const struct order *o)
{
	struct writer w;

	if (o->n == 0)
		return;
	buf_reset(&c->scratch);
	write_init(&w, &c->scratch);
	write_object(&w);
	order_items(&w, o);
	free(kept->items);
	kept->items = copy(str_sub(buf_str(&c->scratch), 1, c->scratch.n));
}

static char *
render(struct context *c, const struct order_kept *kept, const struct order *o,
    int64_t at)
{
	struct writer w;

	buf_reset(&c->scratch);
	write_init(&w, &c->scratch);
	write_object(&w);
	write_member(&w, "id", str_of(kept->id));
	write_member_time(&w, "at", kept->at);
	if (at != kept->at)
		write_member_time(&w, "updated", at);
	order_head(&w, o);
	if (kept->items != NULL)
		buf_printf(&c->scratch, ",%s", kept->items);
	buf_add_char(&c->scratch, '}');
	return copy(buf_str(&c->scratch));
}

/* A first version that was changed since: what it was before is not known. */
static void
render_order(struct context *c, struct order_kept *kept, const struct order *o,
    int64_t at)
{
	struct order first = *o;

	keep_items(c, kept, o);
	free(kept->json);
	kept->json = render(c, kept, o, at);
	free(kept->status);
	kept->status = copy(o->status);
	free(kept->before);
	kept->before = NULL;
	kept->changed = o->changed;
	if (o->changed == TIME_NONE || at == TIME_NONE || o->changed <= at)
		return;
	first.status = STR_NONE;
	kept->before = render(c, kept, &first, at);
}

static struct order_kept *
order_of(struct activities *d, struct str number)
{
	for (size_t i = 0; i < d->order_n; i++)
		if (number.n > 0 && d->orders[i].number != NULL &&
		    str_is(number, d->orders[i].number))
			return &d->orders[i];
	return NULL;
}

/* A later record of the same number tells how it went on. */
void
activity_order(
    struct context *c, struct profile *k, struct record *r, int64_t at)
{
	struct activities *d = context_activities(k);
	struct order_kept *kept;
	struct order o;

	order_read(record_get(r, "data"), record_arena(r), &o);
	kept = order_of(d, o.number);
	if (kept == NULL && d->order_n == CONTEXT_ORDERS) {
		order_release(&d->orders[0]);
		memmove(d->orders, d->orders + 1,
		    (CONTEXT_ORDERS - 1) * sizeof(*d->orders));
		d->order_n--;
	}
	if (kept == NULL) {
		kept = &d->orders[d->order_n++];
		*kept = (struct order_kept){
			.number = copy(o.number),
			.at = at,
		};
		keep_id(kept->id, record_str(r, "id"));
	}
	render_order(c, kept, &o, at);
	interests_order(&d->interests, &o,
	    o.number.n > 0 ? o.number : str_of(kept->id), at, &c->interests);
}

/* Wishes. */

static void
say(struct profile *k, struct record *r, const struct consent_word *w,
    int64_t at)
{
	struct json name = json_get(record_get(r, "from"), "name");

	consents_say(&context_activities(k)->consents, w, at,
	    json_str(name, record_arena(r)), record_str(r, "id"));
}

void
activity_consent(struct profile *k, struct record *r, int64_t at, bool apart)
{
	struct consent_word w;

	if (consent_said(r, &w) && !(apart && w.said == CONSENT_IN))
		say(k, r, &w, at);
}

/* Rows of the CRM. */

static void
set_trait(struct context *c, struct activities *d, const struct trait *t)
{
	size_t i = 0;

	while (i < d->trait_n && !str_eq(d->traits[i].name, t->name))
		i++;
	if (i == ACTIVITY_TRAITS)
		return;
	if (i == d->trait_n) {
		d->traits = xreallocarray(
		    d->traits, (size_t)d->trait_n + 1, sizeof(*d->traits));
		d->traits[d->trait_n++] =
		    (struct trait_kept){ context_word(c, t->name), NULL };
	}
	free(d->traits[i].value);
	d->traits[i].value = copy(t->value);
}

void
activity_contact(
    struct context *c, struct profile *k, struct record *r, int64_t at)
{
	struct json data = record_get(r, "data");
	struct contact row;

	if (json_type(data) != JSON_OBJECT)
		return;
	contact_read(data, record_arena(r), &row);
	if (row.preferred.n > 0)
		context_activities(k)->preferred =
		    context_word(c, row.preferred);
	if (row.zone.n > 0)
		context_activities(k)->zone = context_word(c, row.zone);
	for (size_t i = 0; i < row.wish_n; i++)
		say(k, r, &row.wishes[i], at);
	for (size_t i = 0; i < row.trait_n; i++)
		set_trait(c, context_activities(k), &row.traits[i]);
}
