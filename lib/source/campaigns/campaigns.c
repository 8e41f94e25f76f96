/*
 * Mailchimp's tables of an audience and pages of its API, Klaviyo's pages.
 */
#include "source/campaigns/campaigns.h"

#include "core/text/ascii.h"
#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

struct look {
	unsigned person, ids, campaign, klaviyo, api;
	bool action;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const ids[] = { "email_id", "unique_email_id",
		"list_id", "campaign_id", "list_is_active", NULL };
	static const char *const campaign[] = { "web_id", "emails_sent",
		"archive_url", "long_archive_url", "send_time", NULL };
	static const char *const klaviyo[] = { "event_properties",
		"subscriptions", "attributes", "relationships", "external_id",
		NULL };
	struct look *l = arg;

	l->person += str_is(p->name, "email_address");
	l->ids += str_is_one_of(p->name, ids);
	l->campaign += str_is_one_of(p->name, campaign);
	l->klaviyo += str_is_one_of(p->name, klaviyo);
	if (str_is(p->name, "type") &&
	    (str_is(p->text, "event") || str_is(p->text, "profile")))
		l->klaviyo++;
	/* {"ana@riba.example":[{"action":"open",...}]} */
	l->api +=
	    p->within.n == 0 && str_chr(p->name, '@') > 0 && p->first == '[';
	l->action |= str_is(p->name, "action") && str_chr(p->within, '@') > 0;
}

static int
sniff_json(struct str head)
{
	struct look l = { 0 };
	bool klaviyo = str_find(head, STR("klaviyo.com/api/")) >= 0 ||
		       str_find(head, STR("\"event_properties\"")) >= 0;

	json_peek(head, see, &l);
	if (l.person > 0 && l.ids > 0)
		return 92;
	if (l.campaign >= 3 || (l.klaviyo >= 2 && klaviyo))
		return 92;
	return l.api > 0 && l.action ? 90 : 0;
}

/* EUID and LEID are Mailchimp's alone. */
static int
sniff_table(struct str head)
{
	struct table *t = table_peek(head, NULL);
	const struct str *names;
	unsigned marks = 0;
	size_t n;

	if (t == NULL)
		return 0;
	n = table_columns(t, &names);
	for (size_t i = 0; i < n; i++)
		marks += str_eq_nocase(names[i], STR("EUID")) ||
			 str_eq_nocase(names[i], STR("LEID")) ||
			 str_eq_nocase(names[i], STR("OPTIN_TIME")) ||
			 str_eq_nocase(names[i], STR("UNSUB_CAMPAIGN_ID"));
	table_close(t);
	return marks >= 2 ? 93 : 0;
}

static int
campaigns_sniff(const char *base_name, struct str head)
{
	(void)base_name;
	return json_peek_is(head) ? sniff_json(head) : sniff_table(head);
}

static int
campaigns_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "members", "emails", "sent_to",
		"unsubscribes", "campaigns", "data", NULL };
	/* What Klaviyo's events refer to. */
	static const char *const repeat[] = { "included", NULL };
	static const struct items_form form = { .paths = paths,
		.repeat = repeat,
		.each = 256 << 10,
		.whole = true };

	return items_or_table_read(in, file, &form, e);
}

static enum stage_result
campaigns_normalize(struct normalize *n, struct json native, struct err *e)
{
	int is;

	normalize_begin(n);
	is = campaign_klaviyo(n, native, e);
	if (is == CAMPAIGN_UNKNOWN)
		is = campaign_mailchimp(n, native, e);
	if (is == CAMPAIGN_UNKNOWN)
		return native_reject(
		    e, "nothing of Mailchimp's or Klaviyo's that is known");
	return (enum stage_result)is;
}

const struct source_format source_campaigns = {
	.name = "campaigns",
	.about = "Mailchimp and Klaviyo: people, what they got and did",
	.sniff = campaigns_sniff,
	.read = campaigns_read,
	.normalize = campaigns_normalize,
};
