#ifndef KITH_SOURCE_XMPP_XMPP_H
#define KITH_SOURCE_XMPP_XMPP_H
/*
 * Archives of XMPP.  The protocol's XML has no comments, no entities of its own
 * and nothing else that needs a library (RFC 6120, 11.1), so stanzas are found
 * by their tags in a stream, and each is read into a small tree.
 */
#include "source/item.h"

enum xmpp_tag_kind {
	XMPP_TAG_NONE, /* no more in these bytes; more may tell */
	XMPP_TAG_OPEN,
	XMPP_TAG_EMPTY, /* <a/> */
	XMPP_TAG_CLOSE,
	XMPP_TAG_OTHER, /* a comment, a declaration, <![CDATA[ ]]> */
};

struct xmpp_tag {
	enum xmpp_tag_kind kind;
	size_t begin, end; /* in the text; end is behind it */
	struct str name; /* with its prefix */
	struct str attrs; /* as they are written */
};

/* The next tag from a byte on. */
void xmpp_tag(struct str s, size_t from, struct xmpp_tag *out);
/* "message" of "c:message" */
struct str xmpp_local(struct str name);
/* The value of an attribute as it is written; absent where there is none. */
struct str xmpp_attr(struct str attrs, const char *name);

struct xmpp_node {
	struct str name; /* without its prefix */
	struct str ns;
	struct str attrs;
	struct str text; /* what stands in it beside elements */
	struct xmpp_node *first, *next, *last, *parent;
};

/* A stanza's tree in the arena; NULL where it is not well-formed, with the
 * reason in e. */
struct xmpp_node *xmpp_parse(struct str s, struct arena *a, struct err *e);
/* The first child of this name whose namespace begins so; "" is any. */
struct xmpp_node *
xmpp_child(const struct xmpp_node *n, const char *name, const char *ns);
/* An attribute, decoded; absent where there is none or n is NULL. */
struct str
xmpp_value(const struct xmpp_node *n, const char *name, struct arena *a);

enum stage_result
xmpp_normalize(struct normalize *n, struct json native, struct err *e);

#endif
