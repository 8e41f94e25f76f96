/* Who else reads along. */
#include "reply/drafting/recipients.h"

#include "record/record.h"
#include "tap.h"

static struct record *r;
static struct buf line, out;

/* The addresses of the others, a blank behind each, of a request with this To
 * (JSON) and these further members. */
static struct str
others(const char *to, const char *more)
{
	static const struct party anna = { .email = { "Anna@x.example", 14 } };
	struct recipients o;
	struct err e;

	buf_reset(&line);
	buf_reset(&out);
	buf_printf(&line,
	    "{\"id\":\"m1\",\"channel\":\"email\",\"from\":{\"email\":"
	    "\"anna@x.example\"},\"to\":[%s]%s}",
	    to, more);
	if (record_parse(r, buf_str(&line), &e) < 0)
		return STR("not parsed");
	recipients_also(r, NULL, &anna, record_get(r, "wrote"), &o);
	for (size_t i = 0; i < o.n; i++)
		buf_printf(&out, "%.*s ", STR_ARG(o.v[i].email));
	return buf_str(&out);
}

#define TO(x) "{\"email\":\"" x "\"}"

static void
people(void)
{
	is_str(
	    others(TO("Ben@x.example") "," TO("eve@y.example") "," TO(
		       "ben@X.example"),
		",\"cc\":[" TO("ANNA@x.example") "," TO("eve@Y.example") "," TO(
		    "kim@z.example") ",{\"name\":\"nobody\"}]"),
	    "Ben@x.example eve@y.example kim@z.example ",
	    "each once, not the writer");
	is_str(others(TO("info@x.example") "," TO("it-admin@x.example") "," TO(
			  "test@x.example"),
		   ""),
	    "info@x.example it-admin@x.example test@x.example ",
	    "people behind names of roles");
	is_str(
	    others(
		TO("no-reply@x.example") "," TO("mailer-daemon@x.example") "," TO("postmaster@x.example") "," TO("users-request@x.example") "," TO("owner-users@x.example") "," TO(
		    "users-bounces+ben=x.example@y.example") "," TO("Do-Not-Reply@x.example") "," TO("nicht-antworten@x.example") "," TO("undisclosed"),
		""),
	    "", "no machines");
}

/* Who wrote in the conversation, and was not answered. */
static void
writers(void)
{
	is_str(others(TO("ben@x.example"),
		   ",\"wrote\":[" TO("Anna@x.example") "," TO(
		       "ben@x.example") "," TO("kim@z.example") "]"),
	    "ben@x.example kim@z.example ",
	    "who wrote, too, behind the others and once");
}

static void
lists(void)
{
	static const char id[] =
	    ",\"data\":{\"listId\":\"users.lists.example.org\"}";

	is_str(others(TO("users@lists.example.org"), id), "", "the list");
	is_str(others(TO("Users@example.org"), id), "", "  at a domain above");
	is_str(others(TO("users@ample.org"), id), "users@ample.org ",
	    "  not at one whose name ends the same");
	is_str(others(TO("users@my.lists.example.org"), id),
	    "users@my.lists.example.org ", "  nor below");
}

static void
many(void)
{
	struct buf to;
	struct str all;
	size_t n = 0;

	buf_init(&to, 1 << 20);
	for (int i = 0; i < 120; i++)
		buf_printf(&to, "%s{\"email\":\"p%d@x.example\"}",
		    i > 0 ? "," : "", i);
	all = others(buf_cstr(&to), "");
	for (size_t i = 0; i < all.n; i++)
		n += all.p[i] == ' ';
	is_int((int)n, 120, "all of a hundred and twenty");
	buf_release(&to);
}

int
main(void)
{
	r = record_new();
	buf_init(&line, 1 << 20);
	buf_init(&out, 1 << 20);
	people();
	writers();
	lists();
	many();
	record_free(r);
	buf_release(&line);
	buf_release(&out);
	return done();
}
