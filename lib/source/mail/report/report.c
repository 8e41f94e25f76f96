#include "source/mail/report/report.h"

#include "core/text/ascii.h"
#include "mail/encodedword.h"
#include "source/mail/report/reportfields.h"

enum {
	RECIPIENTS = 1000, /* that a report is read for */
	PROPERTIES = 2000, /* lines of an invitation */
};

static void
write_recipient(struct writer *w, struct str block, struct arena *a)
{
	struct str to =
	    report_address(report_value(block, "Final-Recipient", a), a);
	struct str reply = report_value(block, "Diagnostic-Code", a);

	if (to.p == NULL)
		to = report_address(
		    report_value(block, "Original-Recipient", a), a);
	if (to.p == NULL)
		return;
	write_object(w);
	write_member(w, "email", to);
	write_member(w, "action", report_value(block, "Action", a));
	write_member(w, "status", report_value(block, "Status", a));
	if (reply.p != NULL)
		write_member(w, "reply", report_typed(reply));
	write_object_end(w);
}

static void
write_delivery(struct writer *w, struct str content, struct arena *a)
{
	write_member(w, "type", STR("delivery-status"));
	/* The first block is of the mail, each other of a recipient. */
	(void)report_block(&content);
	write_key(w, "recipients");
	write_list(w);
	for (int i = 0; i < RECIPIENTS && content.n > 0; i++) {
		struct str block = report_block(&content);

		if (block.n > 0)
			write_recipient(w, block, a);
	}
	write_list_end(w);
}

static void
write_feedback(struct writer *w, struct str content, struct arena *a)
{
	struct str block = report_block(&content);

	write_member(w, "type", STR("feedback-report"));
	write_member(
	    w, "feedbackType", report_value(block, "Feedback-Type", a));
	write_member(w, "email",
	    report_address(report_value(block, "Original-Rcpt-To", a), a));
}

static void
write_receipt(struct writer *w, struct str content, struct arena *a)
{
	struct str block = report_block(&content);
	struct str how = report_value(block, "Disposition", a);

	write_member(w, "type", STR("disposition-notification"));
	write_member(w, "email",
	    report_address(report_value(block, "Final-Recipient", a), a));
	if (how.p != NULL)
		write_member(w, "disposition", report_typed(how));
}

void
mail_report(struct writer *w, const struct mime *m, struct buf *scratch,
    struct arena *a)
{
	static const struct {
		const char *type;
		void (*write)(struct writer *w, struct str s, struct arena *a);
	} kinds[] = {
		{ "message/delivery-status", write_delivery },
		{ "message/global-delivery-status", write_delivery },
		{ "message/feedback-report", write_feedback },
		{ "message/disposition-notification", write_receipt },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct mime_part *p = report_part(m, kinds[i].type);
		struct str content;

		if (p == NULL)
			continue;
		content = arena_dup(a, mime_content(p, scratch));
		write_key(w, "report");
		write_object(w);
		kinds[i].write(w, content, a);
		write_member(
		    w, "messageId", report_original_id(m, content, scratch, a));
		write_object_end(w);
		return;
	}
}

/* Invitations */

struct event {
	struct str method, uid, title, place, words, organizer, zone;
	struct str start, end;
};

/* "20260302T100000" as "2026-03-02T10:00:00"; a date without a time too. */
static struct str
local_time(struct str s, struct arena *a)
{
	int64_t day, time;

	if (s.n < 8 || str_to_int(str_sub(s, 0, 8), &day) < 0)
		return STR_NONE;
	if (s.n < 15 || s.p[8] != 'T' ||
	    str_to_int(str_sub(s, 9, 6), &time) < 0)
		return arena_printf(a, "%.4s-%.2s-%.2s", s.p, s.p + 4, s.p + 6);
	return arena_printf(a, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", s.p, s.p + 4,
	    s.p + 6, s.p + 9, s.p + 11, s.p + 13);
}

/* RFC 5545, 3.3.11: "\\n" is a new line, other characters are escaped. */
static struct str
unescaped(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\\' || i + 1 == s.n) {
			to[n++] = s.p[i];
			continue;
		}
		i++;
		to[n++] = s.p[i] == 'n' || s.p[i] == 'N' ? '\n' : s.p[i];
	}
	return str_trim(str_make(to, n));
}

static void
take_start(
    struct event *v, struct str parameters, struct str value, struct arena *a)
{
	v->start = local_time(value, a);
	v->zone = words_parameter(parameters, "tzid", a);
	if (value.n > 0 && value.p[value.n - 1] == 'Z')
		v->zone = STR("Etc/UTC");
}

/* NAME;PARAMETERS:VALUE */
static void
take_property(struct event *v, struct str line, struct arena *a)
{
	struct str rest = line, head, value;
	ptrdiff_t colon = str_chr(line, ':'), quote = str_chr(line, '"');

	/* A parameter in quotes may hold a colon. */
	if (quote >= 0 && quote < colon) {
		rest = str_sub(line, (size_t)quote + 1, line.n);
		quote += str_chr(rest, '"') + 1;
		colon = str_chr(str_sub(line, (size_t)quote, line.n), ':');
		colon += colon < 0 ? 0 : quote;
	}
	if (colon < 0)
		return;
	head = str_sub(line, 0, (size_t)colon);
	value = str_trim(str_sub(line, (size_t)colon + 1, line.n));
	rest = head;
	line = str_split(&rest, ';');
	if (value.n == 0)
		return;
	if (str_eq_nocase(line, STR("METHOD")))
		v->method = value;
	else if (str_eq_nocase(line, STR("UID")))
		v->uid = value;
	else if (str_eq_nocase(line, STR("SUMMARY")))
		v->title = unescaped(value, a);
	else if (str_eq_nocase(line, STR("LOCATION")))
		v->place = unescaped(value, a);
	else if (str_eq_nocase(line, STR("DESCRIPTION")))
		v->words = unescaped(value, a);
	else if (str_eq_nocase(line, STR("ORGANIZER")))
		v->organizer = report_address(value, a);
	else if (str_eq_nocase(line, STR("DTSTART")))
		take_start(v, rest, value, a);
	else if (str_eq_nocase(line, STR("DTEND")))
		v->end = local_time(value, a);
}

/* RFC 5545, 3.1: a line that begins with a blank goes on the one before. */
static struct str
unfolded(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\r')
			continue;
		if (s.p[i] == '\n' && i + 1 < s.n && ascii_is_blank(s.p[i + 1]))
			i++;
		else
			to[n++] = s.p[i];
	}
	return str_make(to, n);
}

/* The first event; what stands in alarms and zones is passed over. */
static bool
take_event(struct str s, struct event *v, struct arena *a)
{
	struct str rest = unfolded(s, a), inside = STR("VCALENDAR");
	bool any = false;

	for (int i = 0; i < PROPERTIES && rest.p != NULL; i++) {
		struct str line = str_line(&rest);

		if (str_starts_nocase(line, STR("BEGIN:"))) {
			inside = str_trim(str_sub(line, 6, line.n));
			any = any || str_eq_nocase(inside, STR("VEVENT"));
		} else if (str_starts_nocase(line, STR("END:"))) {
			line = str_trim(str_sub(line, 4, line.n));
			if (str_eq_nocase(line, STR("VEVENT")))
				return true;
			inside = any ? STR("VEVENT") : STR("VCALENDAR");
		} else if (str_eq_nocase(inside, STR("VEVENT")) ||
			   str_eq_nocase(inside, STR("VCALENDAR")))
			take_property(v, line, a);
	}
	return any;
}

/* "2026-03-02T10:00:00" for people: the T and the seconds go. */
static void
put_time(struct buf *out, struct str t)
{
	if (t.n < 16)
		buf_add_str(out, t);
	else
		buf_printf(out, "%.10s %.5s", t.p, t.p + 11);
}

static void
put_words(struct buf *out, const struct event *v)
{
	if (v->title.p != NULL)
		buf_printf(out, "%.*s\n", STR_ARG(v->title));
	if (v->start.p != NULL) {
		put_time(out, v->start);
		if (v->end.p != NULL) {
			buf_add_z(out, " - ");
			put_time(out, v->end);
		}
		if (v->zone.p != NULL)
			buf_printf(out, " (%.*s)", STR_ARG(v->zone));
		buf_add_char(out, '\n');
	}
	if (v->place.p != NULL)
		buf_printf(out, "%.*s\n", STR_ARG(v->place));
	if (v->words.p != NULL)
		buf_printf(out, "\n%.*s\n", STR_ARG(v->words));
}

void
mail_invitation(struct writer *w, const struct mime *m, struct buf *scratch,
    struct arena *a, struct buf *text)
{
	const struct mime_part *p = report_part(m, "text/calendar");
	struct event v = { 0 };
	struct buf decoded;

	if (p == NULL)
		p = report_part(m, "application/ics");
	if (p == NULL)
		return;
	buf_init(&decoded, (size_t)1 << 30);
	mime_text_decode(p, mime_content(p, scratch), &decoded);
	if (take_event(buf_str(&decoded), &v, a)) {
		write_key(w, "invitation");
		write_object(w);
		write_member(w, "method", v.method);
		write_member(w, "uid", v.uid);
		write_member(w, "title", v.title);
		write_member(w, "start", v.start);
		write_member(w, "end", v.end);
		write_member(w, "timeZone", v.zone);
		write_member(w, "location", v.place);
		write_member(w, "organizer", v.organizer);
		write_object_end(w);
		put_words(text, &v);
	}
	buf_release(&decoded);
}
