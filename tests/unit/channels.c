#include "record/channels.h"

#include "tap.h"

static const char *
say(const char *what, const char *name)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s: %s", name, what);
	return text;
}

/* A row says all that a tool asks for, or the defaults are meant. */
static void
rows(void)
{
	for (const struct channel *c = channels; c->about != NULL; c++) {
		enum length_unit unit;

		ok(c->email != NO_ADDRESS || c->tel != NO_ADDRESS ||
			c->uri != NO_ADDRESS,
		    say("some kind of address", c->name));
		ok(c->unit == IN_SEGMENTS || channel_max(c, &unit) > 0,
		    say("a length", c->name));
		ok((c->to != TO_EMAIL || c->email != NO_ADDRESS) &&
			(c->to != TO_TEL || c->tel != NO_ADDRESS) &&
			(c->to != TO_URI || c->uri != NO_ADDRESS),
		    say("a reply goes to an address that it has", c->name));
		ok(c->template_member == NULL || c->free_hours > 0,
		    say("templates go out where text no longer may", c->name));
		ok(channel_named(str_of(c->name)) == c, say("found", c->name));
		ok(c->uri == NO_ADDRESS ||
			channel_of_scheme(channel_scheme(c)) == c,
		    say("so is its scheme", c->name));
		ok(channel_number(c) == (unsigned)(c - channels) + 1,
		    say("its number", c->name));
		for (const struct channel *d = channels; d < c; d++)
			if (strcmp(c->name, d->name) == 0)
				ok(false, say("stands twice", c->name));
	}
}

static void
names(void)
{
	static const char *const none[] = { "", "all", "fax", "emai", "emaill",
		"EMAIL", "whatsappwhatsapp", "messengers", NULL };
	struct str nul = { "sms\0x", 5 };

	for (int i = 0; none[i] != NULL; i++)
		ok(channel_named(str_of(none[i])) == NULL,
		    say("none", none[i]));
	ok(channel_named(STR_NONE) == NULL, "absent");
	ok(channel_named(nul) == NULL, "a NUL within");
	ok(channel_named(str_make("sms\0", 4)) == NULL, "a NUL behind");
	ok(channel_of_scheme(STR("email")) == NULL, "mail has no uri");
	ok(channel_of_scheme(STR("web")) == NULL, "a scheme of another name");
	ok(channel_of_scheme(STR("cookie")) == channel_named(STR("web")),
	    "cookies are the web's");
}

static void
tables_of_people(void)
{
	static const char *const written[][2] = { { "E-Mail", "email" },
		{ "Text Message", "sms" }, { "Telefon", "voice" },
		{ "Twitter", "x" }, { "Facebook", "messenger" },
		{ "WHATSAPP", "whatsapp" }, { "MS Teams", "teams" },
		{ "in-app", "app" }, { "TELÉFONO", "voice" },
		{ "По телефону", "voice" }, { "هاتف", "voice" },
		{ "短信", "sms" }, { "Correo electrónico", "email" },
		{ "Signal", "signal" }, { "shop", NULL }, { "review", NULL },
		{ "drum", NULL }, { "", NULL } };
	struct arena a = { 0 };
	static const char *const headers[][2] = { { "emailOptOut", "email" },
		{ "SMS consent", "sms" }, { "Opt-in: WhatsApp", "whatsapp" },
		{ "phone_opt_in", "voice" }, { "Chat consent", "chat" },
		{ "push opt-in", "push" }, { "Consent", NULL },
		{ "Acepta mensajes de texto", "sms" },
		{ "Zgoda na e-mail", "email" },
		{ "Согласие на звонки", "voice" },
		{ "موافقة واتساب", "whatsapp" }, { "メール配信希望", "email" },
		{ "Texto libre", NULL } };

	for (size_t i = 0; i < sizeof(written) / sizeof(*written); i++) {
		const struct channel *c =
		    channel_spelled(str_of(written[i][0]), &a);

		ok(written[i][1] == NULL
			? c == NULL
			: c != NULL && strcmp(c->name, written[i][1]) == 0,
		    say("spelled", written[i][0]));
	}
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		const struct channel *c =
		    channel_in_header(str_of(headers[i][0]), &a);

		ok(headers[i][1] == NULL
			? c == NULL
			: c != NULL && strcmp(c->name, headers[i][1]) == 0,
		    say("a column", headers[i][0]));
	}
	arena_release(&a);
}

/* As the services number them: Slack's U and W are users, B bots, C, D and G
 * conversations; Matrix' rooms begin with ! or #, IRC's with four signs. */
static void
ids(void)
{
	static const struct {
		const char *channel, *id;
		bool person;
	} cases[] = {
		{ "slack", "T1/U2", true },
		{ "slack", "W2", true },
		{ "slack", "T1/C2", false },
		{ "slack", "T1/B2", false },
		{ "slack", "T1/USLACKBOT", false },
		{ "slack", "T1/U", false },
		{ "slack", "", false },
		{ "whatsapp", "OURS/Anna", true },
		{ "whatsapp", "1203@g.us", false },
		{ "matrix", "@anna:example.org", true },
		{ "matrix", "!room:example.org", false },
		{ "matrix", "#help:example.org", false },
		{ "irc", "anna", true },
		{ "irc", "#help", false },
		{ "telegram", "user1", true },
		{ "fax", "anything", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(channel_id_is_person(channel_named(str_of(cases[i].channel)),
		       str_of(cases[i].id)) == cases[i].person,
		    say(cases[i].id, cases[i].channel));
}

/* What no table knows is answered with care. */
static void
unknown(void)
{
	enum length_unit unit;

	ok(channel_number(NULL) == 0, "no number");
	ok(!channel_vouches_tel(NULL) && !channel_vouches_email(NULL),
	    "nobody vouches");
	ok(!channel_is_mail(NULL) && !channel_is_site(NULL) &&
		!channel_replies_by_mail(NULL),
	    "neither mail nor site");
	ok(channel_max(NULL, &unit) == 16000 && unit == IN_CHARACTERS,
	    "a length");
	ok(channel_markup(NULL) == MARKUP_TEXT, "no marks");
	ok(channel_markup(channel_named(STR("email"))) == MARKUP_TEXT,
	    "one rendering of a mail is its text");
}

int
main(void)
{
	rows();
	names();
	tables_of_people();
	ids();
	unknown();
	return done();
}
