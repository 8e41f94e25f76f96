#ifndef KITH_SOURCE_MAIL_AUTHOR_AUTHOR_H
#define KITH_SOURCE_MAIL_AUTHOR_AUTHOR_H
/*
 * Who wrote a mail, where its From names what carried it: lists that put their
 * own address there, web forms, telephone systems, shops and other programs
 * that write for a customer, and relays that the workspace names.  Nothing that
 * is found here is proven.
 */
#include "record/address.h"
#include "workspace/workspace.h"

/* What a mail's header says; all is borrowed. */
struct author_clues {
	const struct workspace *config; /* what is ours */
	struct address from;
	struct address_list to, cc, reply_to;
	struct address original_from; /* X-Original-From */
	struct address original_sender; /* X-Original-Sender */
	struct str subject;
	bool list; /* it says that a list sent it */
	bool answer; /* it answers another mail */
	bool automatic; /* it says that nobody wrote it */
};

enum author_kind {
	AUTHOR_FROM, /* From is the author */
	AUTHOR_LIST, /* a list carried it */
	AUTHOR_FORM, /* a program wrote down what they said or did */
};

/*
 * Decides who wrote it.  text is the mail's own, by whose labels ("E-mail:")
 * programs tell of whom they write.  Where it is not AUTHOR_FROM, *who is the
 * author, who may have a name alone, or nothing where nobody knows; else it is
 * nothing, or the name in From without what carried it.
 */
enum author_kind author_find(const struct author_clues *clues, struct str text,
    struct arena *a, struct address *who);

/* Whether all whom it was sent to are ours, and there is somebody. */
bool author_to_us(const struct author_clues *clues);
/* Whether its subject says that it passes a mail on ("Fwd: x"); or at least
 * nothing says that it answers one. */
bool author_says_forward(const struct author_clues *clues, struct arena *a);
bool author_may_forward(const struct author_clues *clues, struct arena *a);
/* The author in a header that a mail program wrote over a mail that it passed
 * on: "Nora Lind [mailto:nora@lind.example]", maybe a name alone. */
struct address author_passed_on(struct str from, struct arena *a);

#endif
