/* Who wrote a mail that another one carried. */
#include "source/mail/author/author.h"

#include "source/mail/author/forwarddate.h"
#include "tap.h"

static struct arena arena;
static struct str emails[] = { { "help@shop.example", 17 } };
static struct str domains[] = { { "shop.example", 12 } };
static const struct workspace config = {
	.emails = { emails, 1 }, .domains = { domains, 1 }, .region = "DE"
};

static struct address
person(const char *name, const char *email)
{
	struct address a = { 0 };

	if (name[0] != '\0')
		a.name = str_of(name);
	if (email[0] != '\0')
		a.email = str_of(email);
	return a;
}

/* The author of a mail to us, as "name email tel". */
static void
found(struct address from, struct address reply_to, bool list,
    const char *subject, const char *text, const char *want)
{
	struct address us = person("", "help@shop.example"), who;
	struct author_clues c = { .config = &config,
		.from = from,
		.to = { &us, 1 },
		.reply_to = { &reply_to, 1 },
		.subject = str_of(subject),
		.list = list };
	enum author_kind kind = author_find(&c, str_of(text), &arena, &who);

	is_str(kind == AUTHOR_FROM
		   ? STR("itself")
		   : arena_printf(&arena, "%.*s|%.*s|%.*s", STR_ARG(who.name),
			 STR_ARG(who.email), STR_ARG(who.tel)),
	    want, want);
}

static void
lists(void)
{
	struct address none = person("", "");
	struct address jo = person("Jo", "jo@reh.example");
	const char *list = "talk@lists.example";

	found(person("'Jo' via Talk", list), jo, true, "", "",
	    "Jo|jo@reh.example|");
	found(person("Jo \xc3\xbc"
		     "ber Talk",
		  list),
	    person("", "jo@reh.example"), true, "", "", "Jo|jo@reh.example|");
	found(person("Jo (via Talk)", list), none, true, "", "", "Jo||");
	found(person("Jo Via Talk", "jo@reh.example"), none, false, "", "",
	    "itself");
	found(person("Jo", "jo@reh.example"), none, true, "", "", "itself");
	found(person("Jo via Talk", "jo=reh.example@lists.example"), none, true,
	    "", "", "Jo|jo@reh.example|");
}

static void
programs(void)
{
	struct address none = person("", ""), jo = person("Jo", "j@r.example");
	struct address ours = person("Web", "help@shop.example");
	struct address robot = person("Forms", "no-reply7@forms.example");

	found(ours, jo, false, "", "", "Jo|j@r.example|");
	found(robot, jo, false, "", "", "Jo|j@r.example|");
	found(robot, person("", "support@forms.example"), false, "", "",
	    "itself");
	found(robot, ours, false, "", "", "itself");
	found(robot, person("", "j@r.example"), false, "",
	    "Name: Jo Reh\nEmail: j@r.example", "Jo Reh|j@r.example|");
	found(robot, person("", "j@r.example"), false, "",
	    "Name: Kim\nEmail: kim@k.example", "|j@r.example|");
	found(person("Stays", "automated@stays.example"),
	    person("Jo (Stays)", "4f5a@reply.stays.example"), false, "", "",
	    "Jo|4f5a@reply.stays.example|");
	found(person("Stays", "automated@stays.example"),
	    person("Stays", "help@stays.example"), false, "", "", "itself");
	found(person("Shop", "shop@chats.example"),
	    person("Jo Reh", "talk.77@chats.example"), false,
	    "New message from Jo Reh", "", "Jo Reh|talk.77@chats.example|");
	found(person("Ann Low", "ann@firm.example"),
	    person("Ticket", "help+77@firm.example"), false, "Your order", "",
	    "itself");
	found(ours, none, false, "",
	    "First name: Jo\nLast name: Reh\nEmail: j@r.example",
	    "Jo Reh|j@r.example|");
	found(ours, none, false, "",
	    "Nom : Reh\nPrénom : Jo\nE-mail : j@r.example",
	    "Jo Reh|j@r.example|");
	found(ours, none, false, "",
	    "姓：山田\n名：花子\nメールアドレス：j@r.example",
	    "山田 花子|j@r.example|");
	found(ours, none, false, "", "Nachname: Reh\nE-Mail: j@r.example",
	    "Reh|j@r.example|");
	found(ours, none, false, "", "From: Jo Reh <j@r.example>\nHello",
	    "Jo Reh|j@r.example|");
	found(person("Bo", "bo@b.example"), jo, false, "", "", "itself");
	found(ours, none, false, "", "E-Mail: j@r.example", "|j@r.example|");
	found(ours, none, false, "", "Email:\nj@r.example", "|j@r.example|");
	found(ours, none, false, "", "Call me at noon", "itself");
	found(person("", "pbx@shop.example"), none, false,
	    "Voicemail from +49 151 12345678", "", "||+4915112345678");
	found(person("", "pbx@shop.example"), none, false, "Missed call",
	    "Caller: withheld", "||");
	found(person("", "ada@shop.example"), none, false, "Missed call",
	    "Caller: withheld", "itself");
}

static void
clock_is(const char *s, const char *want)
{
	struct local_clock clock = { .workspace = &config };
	char text[TIME_SIZE] = "not to be read";
	int64_t t;

	if (forwarddate_parse(&clock, str_of(s), &arena, &t) == 0)
		time_format(t, text);
	is_str(str_of(text), want, s);
	local_release(&clock);
}

static void
dates(void)
{
	clock_is("Mon, 5 Oct 2026 at 08:12", "2026-10-05T08:12:00Z");
	clock_is("Mon, 05 Oct 2026 08:12:30 +0200", "2026-10-05T06:12:30Z");
	clock_is("October 5, 2026 at 8:12:00 PM GMT+2", "2026-10-05T18:12:00Z");
	clock_is("Montag, 5. Oktober 2026 08:12", "2026-10-05T08:12:00Z");
	clock_is("lundi 5 octobre 2026 08:12", "2026-10-05T08:12:00Z");
	clock_is("5 \xd0\xbe\xd0\xba\xd1\x82\xd1\x8f\xd0\xb1\xd1\x80\xd1\x8f "
		 "2026 08:12",
	    "2026-10-05T08:12:00Z");
	clock_is("2026\xe5\xb9\xb4"
		 "10\xe6\x9c\x88"
		 "5\xe6\x97\xa5 8:12",
	    "2026-10-05T08:12:00Z");
	/* Tuesday is called as March is. */
	clock_is("mar, 6 oct 2026 a las 8:12", "2026-10-06T08:12:00Z");
	clock_is("mar. 6 oct. 2026 à 08:12", "2026-10-06T08:12:00Z");
	clock_is("mar 6 ott 2026 alle ore 08:12", "2026-10-06T08:12:00Z");
	clock_is("Mar 6, 2026 at 8:12 AM", "2026-03-06T08:12:00Z");
	clock_is("ti 6. lokak. 2026 klo 8.12", "2026-10-06T08:12:00Z");
	clock_is("вт, 6 жовт. 2026 р. о 08:12", "2026-10-06T08:12:00Z");
	clock_is("Τρί, 6 Οκτ 2026 στις 08:12", "2026-10-06T08:12:00Z");
	clock_is("6 October 2026 at 08:12:00 AEST", "2026-10-05T22:12:00Z");
	clock_is("2026年10月6日 8:12:00 JST", "2026-10-05T23:12:00Z");
	clock_is("6 October 2026 at 08:12:00 CST", "2026-10-06T08:12:00Z");
	clock_is("10/5/2026 12:12 AM", "2026-10-05T00:12:00Z");
	clock_is("25/10/2026 12:12", "2026-10-25T12:12:00Z");
	clock_is("5/10/2026 12:12", "not to be read");
	clock_is("2/10/2026 8:12 p. m.", "not to be read");
	clock_is("yesterday", "not to be read");
	clock_is("", "not to be read");
}

/* Halves of the day, as mail programs write them in other languages. */
static void
halves(void)
{
	static const char *const evening[] = {
		"5 oct 2026 a las 8:12 p. m.",
		"lun, 5 oct 2026 a las 8:12\xc2\xa0p.\xc2\xa0m.",
		"October 5, 2026 8:12:00 P.M. UTC",
		"5 de octubre de 2026 8:12 de la tarde",
		"2026. 10. 5. 오후 8:12",
		"2026년 10월 5일 (월) 오후 8:12",
		"2026年10月5日 下午8:12",
		"2026年10月5日下午 8:12",
		"2026年10月5日周一 晚上8:12",
		"2026年10月5日(月) 午後8:12",
		"2026. 10. 5. du. 8:12",
		"5 Οκτωβρίου 2026, 8:12 μ.μ.",
		"2026-10-05 8:12 CH",
	};

	for (size_t i = 0; i < sizeof(evening) / sizeof(*evening); i++)
		clock_is(evening[i], "2026-10-05T20:12:00Z");
	clock_is("October 5, 2026 at 12:12 a.m. ET", "2026-10-05T00:12:00Z");
	clock_is("25/10/2026, 12:12 p. m.", "2026-10-25T12:12:00Z");
	clock_is("2026年10月5日 凌晨12:12", "2026-10-05T00:12:00Z");
	clock_is("Montag, 5. Oktober 2026 um 8:12", "2026-10-05T08:12:00Z");
	clock_is("5 oct 2026 a las 8:12", "2026-10-05T08:12:00Z");
	clock_is("5 oct. 2026 à 08:12", "2026-10-05T08:12:00Z");
}

int
main(void)
{
	lists();
	programs();
	dates();
	halves();
	arena_release(&arena);
	return done();
}
