#include "report/page.h"

#include "report/chart.h"

static const char style[] =
    ":root{--ink:#1c2430;--soft:#5d6b7e;--line:#e3e8ef;--paper:#fff;"
    "--back:#f5f7fa;--main:#2f6fde;--tick:#12376f;--warn:#c6362c}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6ebf2;--soft:#96a3b5;"
    "--line:#2b3544;--paper:#161d27;--back:#0e141c;--main:#5b95f5;"
    "--tick:#c3d8ff;--warn:#ff7a6e}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--back);color:var(--ink);"
    "font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\n"
    "main{max-width:1180px;margin:0 auto;padding:32px 20px 64px}\n"
    "h1{font-size:26px;margin:0}h2{font-size:18px;margin:0 0 4px}\n"
    "header p,section>p{color:var(--soft);margin:2px 0 14px}\n"
    "section{background:var(--paper);border:1px solid var(--line);"
    "border-radius:10px;padding:20px 22px;margin-top:20px;overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;font-size:14px}\n"
    "th{font-weight:600;color:var(--soft);font-size:12.5px}\n"
    "th,td{text-align:left;padding:7px 12px 7px 0;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\n"
    "tr:last-child td{border-bottom:0}\n"
    ".r{text-align:right;font-variant-numeric:tabular-nums;"
    "white-space:nowrap}time,.n{white-space:nowrap}\n"
    ".w{color:var(--warn);font-weight:600}\n"
    "td.i{max-width:7em;overflow:hidden;text-overflow:ellipsis;"
    "white-space:nowrap}.key{font-size:13px;margin-top:-10px}\n"
    "td.t{min-width:16em;max-width:30em;overflow-wrap:anywhere}\n"
    "details{margin-top:10px;color:var(--soft);font-size:13.5px}\n"
    "ul{margin:4px 0;padding-left:18px;font:12.5px/1.5 ui-monospace,"
    "monospace}\n"
    ".tiles{display:grid;gap:12px;margin:0;"
    "grid-template-columns:repeat(auto-fit,minmax(150px,1fr))}\n"
    ".tiles div{border:1px solid var(--line);border-radius:8px;"
    "padding:12px 14px}.tiles dt{color:var(--soft);font-size:13px}\n"
    ".tiles dd{margin:0;font-size:24px;font-weight:650}\n"
    ".tiles .warn dd{color:var(--warn)}\n"
    "svg{width:100%;max-width:820px;display:block;margin:6px 0 16px}\n"
    "svg text{font:13px system-ui,sans-serif;fill:var(--ink)}\n"
    "svg .name{text-anchor:end}svg .value,svg .axis{fill:var(--soft)}\n"
    ".bar{fill:var(--main)}.tick{stroke:var(--tick);stroke-width:2;"
    "fill:none;opacity:.75}.lane{stroke:var(--line);stroke-width:2}\n"
    ".in{fill:var(--main)}.out{fill:var(--paper);stroke:var(--main);"
    "stroke-width:3}\n"
    "@media print{body{background:#fff}section{break-inside:avoid}}\n";

static const char *
class_of(const struct column *c)
{
	switch (c->kind) {
	case CELL_COUNT:
	case CELL_DURATION:
	case CELL_HOURS:
		return "r";
	case CELL_TEXT:
		return "t";
	case CELL_NAME:
		return "i";
	default:
		return "n";
	}
}

static bool
shown(const struct column *c)
{
	return !(c->flags & COLUMN_HIDDEN) && c->kind != CELL_LIST;
}

/* Whether the row has ids to show behind its figures. */
static const struct cell *
list_of(const struct table *t, const struct cell *row)
{
	for (size_t i = 0; i < t->column_n; i++)
		if (t->columns[i].kind == CELL_LIST &&
		    !(t->columns[i].flags & COLUMN_HIDDEN) && row[i].list_n > 0)
			return &row[i];
	return NULL;
}

static void
write_row(const struct table *t, size_t r, struct buf *out)
{
	const struct cell *row = &t->cells[r * t->column_n];
	const struct cell *list = list_of(t, row);
	size_t columns = 0;

	buf_add_z(out, "<tr>");
	for (size_t i = 0; i < t->column_n; i++) {
		const struct column *c = &t->columns[i];
		bool warn = (c->flags & COLUMN_WARN) &&
			    (c->kind != CELL_COUNT || row[i].n > 0);

		if (!shown(c))
			continue;
		columns++;
		buf_printf(
		    out, "<td class=\"%s%s\">", class_of(c), warn ? " w" : "");
		html_cell(c, &row[i], out);
		buf_add_z(out, "</td>");
	}
	buf_add_z(out, "</tr>\n");
	if (list == NULL)
		return;
	buf_printf(out,
	    "<tr><td colspan=\"%zu\"><details><summary>%zu behind it"
	    "</summary><ul>",
	    columns, list->list_n);
	for (size_t k = 0; k < list->list_n; k++) {
		buf_add_z(out, "<li>");
		html_escape(out, list->list[k]);
		if (list->notes != NULL)
			buf_printf(out, " &nbsp;%.*s", STR_ARG(list->notes[k]));
		buf_add_z(out, "</li>");
	}
	buf_add_z(out, "</ul></details></td></tr>\n");
}

static void
write_table(const struct table *t, struct buf *out)
{
	buf_add_z(out, "<table>\n<thead><tr>");
	for (size_t i = 0; i < t->column_n; i++)
		if (shown(&t->columns[i]))
			buf_printf(out, "<th class=\"%s\">%s</th>",
			    class_of(&t->columns[i]), t->columns[i].title);
	buf_add_z(out, "</tr></thead>\n<tbody>\n");
	for (size_t r = 0; r < t->row_n; r++)
		write_row(t, r, out);
	buf_add_z(out, "</tbody></table>\n");
}

static void
write_section(const struct table *t, struct buf *out)
{
	buf_printf(
	    out, "<section id=\"%s\">\n<h2>%s</h2>\n", t->name, t->title);
	if (t->row_n == 0)
		buf_printf(out, "<p>%s</p>\n", t->empty);
	chart_write(t, out);
	if (t->row_n > 0 && t->chart != CHART_TILES)
		write_table(t, out);
	buf_add_z(out, "<details><summary>How this is counted</summary><p>");
	html_escape(out, str_of(t->about));
	buf_add_z(out, "</p></details>\n</section>\n");
}

void
report_page(struct table *const *tables, size_t n, const char *title,
    int64_t now, struct buf *out)
{
	char text[TIME_SIZE];

	buf_add_z(out,
	    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
	    "form-action 'none'\">\n<title>");
	html_escape(out, str_of(title));
	buf_printf(out, "</title>\n<style>\n%s</style>\n<main>\n<header>\n<h1>",
	    style);
	html_escape(out, str_of(title));
	time_format(now, text);
	buf_printf(out, "</h1>\n<p>As of %.10s %.5s UTC</p>\n</header>\n", text,
	    text + 11);
	for (size_t i = 0; i < n; i++)
		write_section(tables[i], out);
	buf_add_z(out, "</main>\n</html>\n");
}
