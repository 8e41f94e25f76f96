#include "reply/status.h"

#include "core/text/terminal.h"
#include "core/time.h"
#include "reply/sending/delivery.h"

static void
write_line(struct buf *out, const struct outbox_entry *entry)
{
	char at[TIME_SIZE], next[TIME_SIZE] = "";

	time_format(entry->at - entry->at % TIME_SECOND, at);
	buf_printf(out, "%-10s  %-20s  %5lld  %-8.*s  ",
	    outbox_words[entry->state], at, (long long)entry->attempts,
	    STR_ARG(entry->channel));
	terminal_line(out, entry->recipient);
	buf_add_z(out, "  ");
	terminal_line(out, entry->key);
	if (entry->state != OUTBOX_SENT && entry->reason.n > 0) {
		buf_add_z(out, "  ");
		terminal_line(out, entry->reason);
	}
	if (entry->state == OUTBOX_FAILED && entry->next != TIME_NONE) {
		time_format(entry->next - entry->next % TIME_SECOND, next);
		buf_printf(out, "; again %s", next);
	}
	buf_add_char(out, '\n');
}

/* r and line are for its own use. */
static int
write_entry(const struct outbox_entry *entry, struct record *r,
    struct buf *line, struct sink *out, struct err *e)
{
	if (r == NULL) {
		write_line(sink_out(out), entry);
		return sink_commit_text(out, e);
	}
	buf_reset(line);
	buf_add_str(line, entry->record);
	if (record_parse(r, buf_str(line), e) < 0)
		return -1;
	delivery_put(r, entry, NULL);
	return delivery_emit(out, r, e);
}

static int
write_head(struct sink *out, struct err *e)
{
	buf_printf(sink_out(out), "%-10s  %-20s  %5s  %-8s  %s\n", "STATE",
	    "SINCE", "TRIES", "CHANNEL", "TO, KEY, REASON");
	return sink_commit_text(out, e);
}

int
status_write(struct outbox *o, bool json, struct sink *out, struct err *e)
{
	struct record *r = json ? record_new() : NULL;
	struct outbox_entry entry = { .number = 0 };
	struct arena arena = { 0 };
	struct buf line;
	int rc = json ? 0 : write_head(out, e), more = o != NULL;

	buf_init(&line, SIZE_MAX / 4);
	while (rc == 0 && more > 0) {
		arena_reset(&arena);
		more = outbox_next(o, entry.number, &arena, &entry, e);
		rc = more > 0 ? write_entry(&entry, r, &line, out, e) : more;
	}
	buf_release(&line);
	arena_release(&arena);
	record_free(r);
	return rc;
}
