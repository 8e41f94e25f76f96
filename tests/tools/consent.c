/*
 * consent CHANNEL: what each line of standing input, LANGUAGE TAB TEXT, says as
 * a message on the channel; \n in it is a new line.  Prints a line each: the
 * status ("nothing" where there is none), whether nothing else is said
 * (alone, or -), the language, the text.
 */
#include <stdio.h>
#include <string.h>

#include "json/write.h"
#include "record/consent/consent.h"

static void
write_record(struct buf *out, const char *channel, struct str text)
{
	struct buf plain;
	struct writer w;

	buf_init(&plain, 1 << 20);
	for (size_t i = 0; i < text.n; i++) {
		bool line =
		    text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == 'n';

		buf_add_char(&plain, line ? '\n' : text.p[i]);
		i += line;
	}
	buf_reset(out);
	write_init(&w, out);
	write_object(&w);
	write_member(&w, "type", STR("message"));
	write_member(&w, "direction", STR("inbound"));
	write_member(&w, "channel", str_of(channel));
	write_member(&w, "text", buf_str(&plain));
	write_object_end(&w);
	buf_release(&plain);
}

static int
tell(struct record *r, struct buf *line, const char *channel, struct str in)
{
	struct str language = str_split(&in, '\t');
	struct consent_word w, again;
	enum consent alone;
	struct err e;

	write_record(line, channel, in);
	if (record_parse(r, buf_str(line), &e) != 0) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	alone = consent_alone(r);
	(void)consent_said(r, &w);
	/* Who looked first is told the same. */
	consent_look(r);
	if (consent_alone(r) != alone ||
	    consent_said(r, &again) != (w.said != CONSENT_UNSAID) ||
	    again.said != w.said) {
		fprintf(stderr,
		    "%.*s: looked at first it says something else\n",
		    STR_ARG(in));
		return 1;
	}
	printf("%s\t%s\t%.*s\t%.*s\n",
	    w.said == CONSENT_UNSAID ? "nothing" : consent_name(w.said),
	    alone == CONSENT_UNSAID ? "-" : "alone", STR_ARG(language),
	    STR_ARG(in));
	return 0;
}

int
main(int argc, char **argv)
{
	struct record *r = record_new();
	char in[4096];
	struct buf line;
	int rc = argc != 2;

	buf_init(&line, 1 << 20);
	while (rc == 0 && fgets(in, sizeof(in), stdin) != NULL)
		rc = tell(r, &line, argv[1], str_make(in, strcspn(in, "\n")));
	buf_release(&line);
	record_free(r);
	return rc;
}
