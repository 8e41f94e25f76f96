#include "text/placeholder.h"

#include "tap.h"

int
main(void)
{
	static const char *const none[] = { "[object Object]",
		"[object Window]", "%5Bobject%20Object%5D", "(not set)",
		"(null)", "(none)", "<null>", "(nicht gesetzt)", "<em branco>",
		"{{user.id}}", "{{ customer_id }}", "${uid}", "{user_id}",
		"{0}", "#{id}", "<%= user.id %>", "%USER_ID%", "%%uid%%",
		"*|EMAIL|*", "__USER_ID__", "[[user]]", "$(id)", "%s",
		"%7B%7Bid%7D%7D", "\"\"", "\"null\"", "'undefined'", "{}", "[]",
		"--", "...", "???", "#N/A", "#REF!", "#DIV/0!", "#NAME?", "\\N",
		"undefined", "undefined undefined", "null-null", "User: null",
		"user_undefined", "customer-null", "id=NaN", "not set",
		"Not_Logged_In", "no user id", "Infinity",
		"function () { return id }", "<Person object at 0x7f01>", "",
		"Optional(nil)", "undefinedundefined", "xxxxxxxx", "XXX-XXX",
		"userId", "YOUR_USER_ID", ":user_id", "$userId", "@user.id",
		" " };
	static const char *const ids[] = { "cust-4711", "100", "ana",
		"{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "(4711)", "[42]",
		"<ana@ridge.example>", "john.null", "nullah", "user_12",
		"user-anna", "not-a-bot-7", "auth0|5f7c8ec7c33c6c004bbafe82",
		"google-oauth2|1034", "a%20b", "nan-tucket", "#1001", "q?",
		"$RCAnonymousID:8f0c", "us-east-1:3f25", "xx", "foxxx",
		"userid7", "Optional(\"u7\")", ":ana", "100%", "_ana_",
		"\xe6\x9d\x8e" };

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		ok(placeholder_is(str_of(none[i])), none[i]);
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		ok(!placeholder_is(str_of(ids[i])), ids[i]);
	return done();
}
