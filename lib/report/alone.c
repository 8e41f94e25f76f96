#include "report/alone.h"

#include "core/alloc.h"
#include "report/cloudevents.h"
#include "report/diff.h"
#include "report/vcon.h"

struct alone {
	struct diff *diff;
	struct vcons *vcons; /* without either it is cloudevents */
};

static int
check(struct str name, char *const *files, const struct report_style *style,
    struct err *e)
{
	bool diff = str_is(name, "diff");

	if (diff && (files[0] == NULL || files[1] == NULL || files[2] != NULL))
		return err_set(e,
		    "diff compares two files: kith route's output by the rules "
		    "as they are, and by other rules");
	if (!diff && style->format != FORMAT_TABLE &&
	    style->format != FORMAT_JSON)
		return err_set(
		    e, "%.*s is written in lines of JSON alone", STR_ARG(name));
	return 0;
}

struct alone *
alone_new(struct str name, char *const *files, const struct report_style *style,
    struct err *e)
{
	struct alone *a;

	if (check(name, files, style, e) < 0)
		return NULL;
	a = xcalloc(1, sizeof(*a));
	if (str_is(name, "diff"))
		a->diff = diff_new();
	else if (str_is(name, "vcon"))
		a->vcons = vcons_new();
	return a;
}

void
alone_free(struct alone *a)
{
	if (a == NULL)
		return;
	diff_free(a->diff);
	vcons_free(a->vcons);
	free(a);
}

bool
alone_sorts(const struct alone *a)
{
	return a->vcons != NULL;
}

int
alone_add(struct alone *a, int file, struct record *r, struct sink *out,
    struct err *e)
{
	struct writer w;

	if (a->vcons != NULL)
		return vcons_add(a->vcons, r, e);
	if (a->diff != NULL) {
		diff_add(a->diff, file, r);
		return 0;
	}
	write_init(&w, sink_out(out));
	cloudevent_write(&w, r);
	return sink_commit(out, e);
}

int
alone_write(struct alone *a, const struct report_options *o,
    const struct report_style *style, struct sink *out, struct err *e)
{
	struct table *t;
	int rc;

	if (a->vcons != NULL)
		return vcons_write(a->vcons, o->now, out, e);
	if (a->diff == NULL)
		return 0;
	t = diff_report(a->diff, o->now, o->why);
	rc = report_write(&t, 1, style, out, e);
	table_free(t);
	return rc;
}
