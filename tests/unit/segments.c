#include "recall/segments.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static char path[] = "/tmp/kith-segments-XXXXXX";

static struct segments *
read_text(const char *text, struct err *e)
{
	FILE *f = fopen(path, "w");

	struct segments *s;

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		return NULL;
	(void)segments_open(path, true, &s, e);
	return s;
}

/* What holds, as the member is written; context lacks its brace. */
static struct str
held(struct segments *s, const char *record, const char *context)
{
	static char text[256];
	struct writer w;
	struct buf b;
	size_t n;

	segments_ask(s, str_of(record), str_of(context));
	buf_init(&b, sizeof(text) - 1);
	write_init(&w, &b);
	write_object(&w);
	segments_write(s, &w);
	write_object_end(&w);
	n = b.n;
	memcpy(text, b.p, n);
	buf_release(&b);
	return str_make(text, n);
}

int
main(void)
{
	int fd = mkstemp(path);
	struct segment_trouble x;
	struct segments *s;
	size_t next = 0;
	struct err e;

	if (fd < 0)
		return 1;
	close(fd);
	s = read_text("segments:\n"
		      "  vip: .context.plan == \"gold\"\n"
		      "  here: {about: who writes, if: .record.n > 1}\n"
		      "  broken: (.context.n | length) > 1 and "
		      "(.record.n | error)\n",
	    &e);
	ok(s != NULL, "a file");
	is_int((int64_t)segments_count(s), 3, "of three");
	is_str(held(s, "{\"n\":1}", "{\"plan\":\"gold\""),
	    "{\"segments\":[\"vip\"]}", "by what is known");
	is_str(held(s, "{\"n\":2}", "{\"plan\":\"gold\""),
	    "{\"segments\":[\"vip\",\"here\"]}", "in the file's order");
	is_str(held(s, NULL, "{\"plan\":\"tin\""), "{}", "none, no member");
	ok(!segments_trouble(s, &next, &x), "no errors so far");
	is_str(held(s, "{\"n\":2}", "{\"n\":[1,2]"),
	    "{\"segments\":[\"here\"]}", "an error does not hold");
	next = 0;
	ok(segments_trouble(s, &next, &x) && str_is(x.name, "broken") &&
		x.count == 1,
	    "and is told of");
	segments_free(s);
	s = read_text("segments:\n  one: .context | foo\n", &e);
	ok(s == NULL && str_find(str_of(e.msg), STR(":2:")) > 0,
	    "an error names its line");
	segments_free(s);
	unlink(path);
	return done();
}
