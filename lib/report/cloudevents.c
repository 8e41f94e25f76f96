#include "report/cloudevents.h"

#include "core/text/ascii.h"
#include "core/text/percent.h"
#include "record/fields.h"

/* What may stand in a URI's path (RFC 3986) as it is, else percent-encoded. */
static void
add_segment(struct buf *out, struct str s)
{
	percent_encode(out, s, "-._~@+:");
}

/* Where it happened: the channel, and our side of it. */
static struct str
source_of(struct record *r)
{
	struct str channel = record_str(r, "channel"), uri;
	struct str account = record_str(r, "account");
	struct buf b;

	buf_init(&b, SIZE_MAX / 4);
	buf_add_char(&b, '/');
	add_segment(&b, channel.n > 0 ? channel : STR("kith"));
	if (account.n > 0) {
		buf_add_char(&b, '/');
		add_segment(&b, account);
	}
	uri = arena_dup(record_arena(r), buf_str(&b));
	buf_release(&b);
	return uri;
}

static struct str
id_of(struct record *r)
{
	struct str id = record_str(r, "id");
	char at[TIME_SIZE];

	if (!record_has_keyword(r, "updated") || record_known(r) == TIME_NONE)
		return id;
	time_format(record_known(r), at);
	return ARENA_JOIN(record_arena(r), id, STR("/"), str_of(at));
}

void
cloudevent_write(struct writer *w, struct record *r)
{
	struct str type = record_str(r, "type");

	write_object(w);
	write_member(w, "specversion", STR("1.0"));
	write_member(w, "id", id_of(r));
	write_member(w, "source", source_of(r));
	write_member(w, "type",
	    ARENA_JOIN(record_arena(r), STR("kith.record."),
		type.n > 0 ? type : STR("other")));
	write_member(w, "subject", record_str(r, "conversation"));
	write_member_time(w, "time", record_time(r));
	write_member(w, "datacontenttype", STR("application/json"));
	write_member_raw(w, "data", record_line(r));
	write_object_end(w);
}
