#ifndef KITH_SOURCE_FEED_FEED_H
#define KITH_SOURCE_FEED_FEED_H
/*
 * RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed: feed.c tells and cuts
 * them, entry.c reads an entry's elements by whichever names and namespaces,
 * normalize.c says what they mean.
 */
#include "source/markup/markup.h"
#include "source/native.h"

/* How a text stands there. */
enum feed_text { FEED_PLAIN, FEED_HTML };

struct feed_field {
	struct str value; /* absent; HTML or plain, without references */
	enum feed_text kind;
	unsigned rank; /* the element it is from: the lowest counts */
};

struct feed_enclosure {
	struct str url, type, length;
};

/* An entry, or what stands before the first of a feed.  Absent: STR_NONE. */
struct feed_entry {
	struct arena *a;
	struct str base, language;
	struct feed_field id, link, title, summary, content;
	struct feed_field author, email, author_uri;
	struct feed_field published, updated;
	struct feed_field comments, reply_to, source, rating, of, version;
	bool guid_is_link;
	struct VEC(struct str) tags;
	struct VEC(struct feed_enclosure) enclosures;
};

/*
 * xml begins with the entry's tag, or with a feed's root, of which all until
 * its first entry is read.  root: the feed's root tag as it stands, which
 * declares namespaces and a base; absent.  Slices live in xml and in a.
 */
void feed_entry_read(struct feed_entry *out, struct str xml, struct str root,
    struct str base, struct arena *a);
/* Is it an entry's tag, of whichever prefix? */
bool feed_is_entry(const struct markup_piece *p);
/* A reference resolved against a base (RFC 3986, 5.2), without blanks around. */
struct str feed_url(struct str base, struct str ref, struct arena *a);
/* Bytes as UTF-8: what is none is decoded by the label, or as it looks. */
struct str feed_utf8(struct str bytes, struct str label, struct arena *a);

enum stage_result
feed_normalize(struct normalize *n, struct json native, struct err *e);

#endif
