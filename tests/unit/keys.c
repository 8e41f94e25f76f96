#include "identify/keys.h"
#include "people/guards.h"
#include "tap.h"

static struct arena a;

static void
mail(const char *in, const char *want)
{
	is_str(key_email(str_of(in), &a), want, in);
}

static void
addresses(void)
{
	mail("Anna@Example.ORG", "anna@example.org");
	mail("  anna@example.org\t", "anna@example.org");
	mail("anna+news@example.org", "anna+news@example.org");
	mail("an.na@example.org", "an.na@example.org");
	mail("anna@example.org.", "anna@example.org");
	mail("\"John Doe\"@example.org", NULL);
	mail("\"john\"@example.org", "john@example.org");
	mail("\"jo\\hn\"@example.org", "john@example.org");
	mail("anna@b\xc3\xbc"
	     "cher.example",
	    "anna@xn--bcher-kva.example");
	mail("anna@B\xc3\x9c"
	     "CHER.example",
	    "anna@xn--bcher-kva.example");
	mail("anna@XN--BCHER-KVA.example", "anna@xn--bcher-kva.example");
	mail("\xc3\x84nna@example.org", "\xc3\xa4nna@example.org");
	/* What looks alike or folds alike stays apart. */
	mail("\xef\xbd\x81nna@example.org", "\xef\xbd\x81nna@example.org");
	mail("\xe2\x84\xaa@example.org", "\xe2\x84\xaa@example.org");
	mail("stra\xc3\x9f"
	     "e@example.org",
	    "stra\xc3\x9f"
	    "e@example.org");
	mail("\xd0\xb0nna@example.org", "\xd0\xb0nna@example.org");
	mail("anna@ex\xd0\xb0mple.org", "anna@xn--exmple-4nf.org");
	mail("anna@[192.0.2.1]", "anna@[192.0.2.1]");
	mail("a@b@example.org", NULL);
	mail("", NULL);
	mail("@example.org", NULL);
	mail("anna@", NULL);
	mail("anna", NULL);
	mail("anna@exa mple.org", NULL);
	mail("anna@a..b", NULL);
	mail("anna\xff@example.org", NULL);
	mail("anna@\xff.org", NULL);
	mail("<anna@example.org>", NULL);
}

static void
providers(void)
{
	mail("An.Na+x@googlemail.com", "anna@gmail.com");
	mail("a.n.n.a@gmail.com", "anna@gmail.com");
	mail("+x@gmail.com", "+x@gmail.com");
	mail("...@gmail.com", "...@gmail.com");
	mail("an.na+x@outlook.com", "an.na@outlook.com");
	mail("anna+x@hotmail.com", "anna@hotmail.com");
	mail("anna-shop@yahoo.com", "anna@yahoo.com");
	mail("anna+shop@yahoo.com", "anna+shop@yahoo.com");
	mail("shop@anna.fastmail.com", "anna@fastmail.com");
	mail("anna+shop@fastmail.com", "anna@fastmail.com");
	mail("an.na+shop@proton.me", "an.na@proton.me");
	mail("anna+shop@icloud.com", "anna@icloud.com");
	mail("an.na+x@notgmail.com", "an.na+x@notgmail.com");
	mail("x@mail.gmail.com", "x@mail.gmail.com");
}

static void
typed(void)
{
	is_str(key_read(STR("+4930123456"), &a), "tel:+4930123456", "number");
	is_str(key_read(STR(" +49 30/123-456 "), &a), "tel:+4930123456",
	    "number with signs");
	is_str(key_read(STR("tel:+49-30-123456"), &a), "tel:+4930123456",
	    "tel: with signs");
	is_str(key_read(STR("+49 (0)30 123456"), &a), NULL,
	    "what a country's rules decide");
	is_str(key_read(STR("Anna@X.org"), &a), "email:anna@x.org", "address");
	is_str(key_read(STR("email:Anna@X.org"), &a), "email:anna@x.org",
	    "email:");
	is_str(key_read(STR("MAILTO:Anna@X.org"), &a), "email:anna@x.org",
	    "mailto:");
	is_str(key_read(STR("tel:+4930123456"), &a), "tel:+4930123456", "tel:");
	is_str(key_read(STR("Slack:T1/U2"), &a), "slack:T1/U2", "slack user");
	is_str(key_read(STR("slack:T1/C2"), &a), NULL, "slack channel");
	is_str(key_read(STR("slack:T1/USLACKBOT"), &a), NULL, "slackbot");
	is_str(key_read(STR("030 123"), &a), NULL, "no key");
	ok(!key_is_e164(STR("+0123456789")), "E.164 begins with 1-9");
	ok(!key_is_e164(STR("+1234567890123456")), "E.164 has 15 digits");
	ok(trust_of(STR("operator")) == TRUST_OPERATOR, "trust by name");
	ok(!trust_joins(TRUST_CLAIMED), "a claim joins nobody");
}

static enum guard
guard(const char *type, const char *value)
{
	return guard_key(str_of(type), str_of(value));
}

static void
guards(void)
{
	ok(guard("email", "anna@x.org") == GUARD_NONE, "a person");
	ok(guard("email", "info@x.org") == GUARD_SHARED, "info@");
	ok(guard("email", "support+de@x.org") == GUARD_SHARED, "support+de@");
	ok(guard("email", "no-reply@x.org") == GUARD_SHARED, "no-reply@");
	ok(guard("email", "test@x.org") == GUARD_SHARED, "test@");
	ok(guard("email", "null@x.org") == GUARD_PLACEHOLDER, "null@");
	ok(guard("email", "a@x.invalid") == GUARD_PLACEHOLDER, ".invalid");
	ok(guard("uid", "NULL") == GUARD_PLACEHOLDER, "uid NULL");
	ok(guard("uid", "-1") == GUARD_PLACEHOLDER, "uid -1");
	ok(guard("cookie", "00000000-0000-0000-0000-000000000000") ==
		GUARD_PLACEHOLDER,
	    "all zeros");
	ok(guard("uid", "shop/anonymous") == GUARD_PLACEHOLDER, "anonymous");
	ok(guard("uid", "100") == GUARD_NONE, "uid 100");
	ok(guard("user", "shop/[object Object]") == GUARD_PLACEHOLDER,
	    "a shape behind the account");
	ok(guard("whatsapp", "Shop/(Ana)") == GUARD_NONE, "a name in brackets");
	ok(guard("tel", "+10000000000") == GUARD_PLACEHOLDER, "zero number");
	ok(guard("tel", "+4930123456") == GUARD_NONE, "a number");
	is_str(str_of(guard_why(STR("email"), STR("noreply@x.org"))),
	    "a no-reply address", "why");
	is_str(str_of(guard_why(STR("tel"), STR("+18005551234"))),
	    "a freephone number", "why a number");
	is_str(str_of(guard_why(STR("email"), STR("asdf@x.org"))), "a stand-in",
	    "why a try-out");
}

/* Some of each list, its ends too: they are searched by halves. */
static void
guard_lists(void)
{
	static const char *const shared[] = { "abuse", "zentrale", "zarzad",
		"info2", "info-de", "support.uk", "sales-team", "order_support",
		"atendimento", "kundtj\xc3\xa4nst", "comptabilite", "soporte",
		"uucp", "alert", "nepasrepondre", "no-responder", "bounces",
		"bounce=anna=y.org", "support+123", "aaa", "yourname",
		"test123", "johndoe", "rechnungen", "reklamacje-pl" };
	static const char *const nobody[] = { "-1", "anonymous", "n/a", "none",
		"keine-email", "sinemail", "unknown", "0", "000", "tbd" };
	static const char *const people[] = { "anna", "x", "info-anna",
		"it-girl", "supporter", "salesman", "a.b", "rosa", "nonna",
		"max.muster", "hi", "family", "postma", "anna.sales" };
	static const char *const numbers[] = { "+266696687", "+86282452253",
		"+8656696", "+10000000000", "+15555555555", "+491234567890",
		"+33123456789", "+4900000000" };

	for (size_t i = 0; i < sizeof(shared) / sizeof(*shared) - 1; i++) {
		struct str s = arena_printf(&a, "%s@x.org", shared[i]);

		ok(guard_key(STR("email"), s) == GUARD_SHARED, shared[i]);
	}
	for (size_t i = 0; i < sizeof(nobody) / sizeof(*nobody); i++) {
		struct str s = arena_printf(&a, "%s@x.org", nobody[i]);

		ok(guard_key(STR("email"), s) == GUARD_PLACEHOLDER, nobody[i]);
		ok(guard("cookie", nobody[i]) == GUARD_PLACEHOLDER, "  an id");
	}
	for (size_t i = 0; i < sizeof(people) / sizeof(*people); i++) {
		struct str s = arena_printf(&a, "%s@x.org", people[i]);

		ok(guard_key(STR("email"), s) == GUARD_NONE, people[i]);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		ok(guard("tel", numbers[i]) == GUARD_PLACEHOLDER, numbers[i]);
	ok(guard("tel", "+80024681357") == GUARD_SHARED, "freephone");
	ok(guard("tel", "+18885551234") == GUARD_SHARED, "freephone +1 888");
	ok(guard("tel", "+18015551234") == GUARD_NONE, "801 is Utah");
	ok(guard("tel", "+12125550123") == GUARD_NONE, "a number of films");
	ok(guard("tel", "+491711234567") == GUARD_NONE, "a number");
	ok(guard("user", "user") == GUARD_PLACEHOLDER, "no id");
	ok(guard("user", "distinct_id") == GUARD_PLACEHOLDER, "a name of ids");
	ok(guard("user", "AnonymousUser") == GUARD_PLACEHOLDER, "nobody's");
	ok(guard("user", "ffffffff-ffff-ffff-ffff-ffffffffffff") ==
		GUARD_PLACEHOLDER,
	    "the UUID of ones");
	ok(guard("email", "customer@x.org") == GUARD_NONE, "an address");
	ok(guard("user", "user1") == GUARD_NONE, "an id");
	ok(guard("user", "ffffffff-0fff-4fff-bfff-ffffffffffff") == GUARD_NONE,
	    "a UUID");
	ok(guard("email", "") == GUARD_PLACEHOLDER, "nothing");
}

int
main(void)
{
	addresses();
	providers();
	typed();
	guards();
	guard_lists();
	arena_release(&a);
	return done();
}
