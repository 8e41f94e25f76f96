#include "report/write.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report/page.h"

const char *const report_formats[] = { "table", "json", "csv", "html",
	"prometheus", NULL };

/* COLUMNS where it is exported, else the terminal's; 0 without one. */
static int
terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t n;

	if (columns != NULL && str_to_int(str_of(columns), &n) == 0 && n > 0 &&
	    n < INT16_MAX)
		return (int)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		return size.ws_col;
	return 0;
}

static bool
may_color(void)
{
	const char *term = getenv("TERM"), *plain = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (plain == NULL || *plain == '\0') &&
	       (term == NULL || !str_is(str_of(term), "dumb"));
}

static int
write_each(struct table *const *tables, size_t n, const struct report_style *s,
    struct buf *out, struct err *e)
{
	bool apart = s->format == FORMAT_TABLE || s->format == FORMAT_CSV;
	struct table_style text = s->text;

	text.color = may_color();
	text.width = terminal_width();
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && apart)
			buf_add_char(out, '\n');
		if (s->format == FORMAT_JSON)
			table_json(tables[i], out);
		else if (s->format == FORMAT_CSV)
			table_csv(tables[i], out);
		else if (s->format == FORMAT_TABLE)
			table_text(tables[i], &text, out);
		else if (table_prometheus(tables[i], out, e) < 0)
			return -1;
	}
	return 0;
}

int
report_write(struct table *const *tables, size_t n,
    const struct report_style *s, struct sink *out, struct err *e)
{
	const char *title =
	    s->title == NULL ? "Customer service report" : s->title;

	if (s->format == FORMAT_HTML)
		report_page(tables, n, title, s->now, sink_out(out));
	else if (write_each(tables, n, s, sink_out(out), e) < 0)
		return -1;
	return sink_commit_text(out, e);
}
