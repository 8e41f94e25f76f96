#ifndef KITH_SOURCE_INTERCOM_INTERCOM_H
#define KITH_SOURCE_INTERCOM_INTERCOM_H
/*
 * Intercom's exports: what the parts of the format share.  An item is a
 * conversation with its parts, a part alone, a ticket, a contact; an object of
 * the API or a row of a table, whose columns are the same members, those of
 * inner objects joined by "_".
 */
#include "source/ticket/ticket.h"

struct intercom {
	struct normalize *n;
	enum ticket_spelling how;
	struct json item; /* out of its wrapper */
	struct json around; /* what stands beside it */
	struct json conversation; /* may be absent */
	struct json rows; /* of people, beside a row of a table */
};

struct json intercom_get(struct intercom *c, struct json v, const char *name);
struct str intercom_str(struct intercom *c, struct json v, const char *name);
/* A member of an inner object, or the column of both names. */
struct json intercom_in(
    struct intercom *c, struct json v, const char *object, const char *name);
struct str intercom_str_in(
    struct intercom *c, struct json v, const char *object, const char *name);
/* A time that is the value of a member; 0 or -1. */
int
intercom_time(struct intercom *c, struct json v, const char *name, int64_t *t);

/* people.c */
/* The author of a part or a source, which have one, or the columns of it. */
struct ticket_person
intercom_author(struct intercom *c, struct json part, const char *prefix);
/* Whose conversation it is. */
struct ticket_person intercom_customer(struct intercom *c);
enum stage_result intercom_contact(struct intercom *c, struct err *e);
enum stage_result intercom_company(struct intercom *c, struct err *e);

/* conversation.c */
enum stage_result intercom_conversation(struct intercom *c, struct err *e);
/* What opened it. */
enum stage_result intercom_source(struct intercom *c, struct err *e);
enum stage_result
intercom_part(struct intercom *c, struct json part, struct err *e);
/* rating: an object, or the conversation's row. */
enum stage_result
intercom_rating(struct intercom *c, struct json rating, struct err *e);

enum stage_result
intercom_normalize(struct normalize *n, struct json native, struct err *e);

/* table.c */
int intercom_sniff_table(struct str head);
int intercom_read_table(struct ingest *in, struct input *file, struct err *e);
int intercom_sniff_tree(const char *const *names, size_t n);
int intercom_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e);
void intercom_release_tree(void *kept);

#endif
