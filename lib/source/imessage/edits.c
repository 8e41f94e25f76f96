/*
 * message_summary_info: a property list of what became of a message's parts.
 *	ec	{"0":[{"d":seconds since 2001,"t":typedstream},...]}: each text
 *		of a part that was changed, the first as it was sent
 *	rp	[0]: the parts that were taken back
 * With "ams" it tells of the message that a reaction is about.
 */
#include "source/imessage/plist.h"
#include "source/imessage/view.h"

enum { PARTS = 64, VERSIONS = 64 };

/* A text of a part as an object of the list that is open in w. */
static void
write_version(struct imessage_view *v, const struct plist *p, uint64_t one,
    struct writer *w)
{
	struct str text =
	    typedstream_text(plist_bytes(p, plist_get(p, one, "t")));
	double since;

	write_object(w);
	if (plist_number(p, plist_get(p, one, "d"), &since) == 0)
		write_member_time(w, "at", imessage_instant(since));
	write_member(w, "text", imessage_clean(v, text));
	write_object_end(w);
}

/* Those before the last one, which the message itself has; of a part that was
 * taken back all. */
static bool
write_versions(struct imessage_view *v, const struct plist *p, uint64_t part,
    bool gone, bool begun, struct writer *w)
{
	size_t n = 0;

	while (n < VERSIONS && plist_at(p, part, n, NULL) != PLIST_NONE)
		n++;
	n -= !gone && n > 0;
	for (size_t i = 0; i < n; i++) {
		if (!begun) {
			write_key(w, "versions");
			write_list(w);
		}
		begun = true;
		write_version(v, p, plist_at(p, part, i, NULL), w);
	}
	return begun;
}

/* True where a part was taken back. */
static bool
write_parts(struct imessage_view *v, const struct plist *p, struct writer *w)
{
	uint64_t all = plist_get(p, plist_top(p), "ec"), part;
	bool gone = plist_at(p, plist_get(p, plist_top(p), "rp"), 0, NULL) !=
		    PLIST_NONE;
	bool begun = false;

	for (size_t i = 0;
	     i < PARTS && (part = plist_at(p, all, i, NULL)) != PLIST_NONE; i++)
		begun = write_versions(v, p, part, gone, begun, w);
	if (begun)
		write_list_end(w);
	return gone;
}

void
imessage_edits(struct imessage_view *v, struct writer *w)
{
	struct str info = imessage_blob(v, "message_summary_info");
	int64_t edited = imessage_time(v, "date_edited");
	int64_t retracted = imessage_time(v, "date_retracted");
	struct plist p;
	bool gone = retracted != TIME_NONE;

	if (info.p != NULL && plist_open(&p, info) == 0)
		gone |= write_parts(v, &p, w);
	/* Of several parts some may be left. */
	if (gone && v->m->text.p == NULL && v->m->attachments.n == 0) {
		message_keyword(v->m, "deleted");
		write_member_time(w, "deletedAt",
		    retracted != TIME_NONE ? retracted : edited);
	} else if (gone || edited != TIME_NONE) {
		message_keyword(v->m, "edited");
		write_member_time(
		    w, "editedAt", edited != TIME_NONE ? edited : retracted);
	}
}
