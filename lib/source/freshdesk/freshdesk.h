#ifndef KITH_SOURCE_FRESHDESK_FRESHDESK_H
#define KITH_SOURCE_FRESHDESK_FRESHDESK_H
/*
 * Freshdesk's and Freshchat's exports: what the parts of the format share.
 */
#include "source/ticket/ticket.h"

struct freshdesk {
	struct normalize *n;
	enum ticket_spelling how;
	struct json item; /* out of its wrapper */
	struct json around; /* the wrapper, or what stands beside */
	struct json ticket; /* may be absent */
};

struct json freshdesk_get(struct freshdesk *f, struct json v, const char *name);
struct str freshdesk_str(struct freshdesk *f, struct json v, const char *name);
/* The first of these that is something; ends with a NULL. */
struct str
freshdesk_any(struct freshdesk *f, struct json v, const char *const *names);
bool freshdesk_true(struct freshdesk *f, struct json v, const char *name);
/* 0, or -1. */
int freshdesk_time(
    struct freshdesk *f, struct json v, const char *const *names, int64_t *t);
/* A member that an object of one of these names may be wrapped in. */
struct json
freshdesk_unwrap(struct freshdesk *f, struct json v, const char *const *names);

/* people.c */
/* Adds what an object tells of a person. */
void
freshdesk_person(struct freshdesk *f, struct json v, struct ticket_person *p);
enum stage_result freshdesk_contact(struct freshdesk *f, struct err *e);

/* ticket.c */
enum stage_result freshdesk_ticket(struct freshdesk *f, struct err *e);
enum stage_result
freshdesk_conversation(struct freshdesk *f, struct json from, struct err *e);
enum stage_result freshdesk_rating(struct freshdesk *f, struct err *e);
enum stage_result freshdesk_listed(struct freshdesk *f, struct err *e);

/* chat.c */
enum stage_result
freshdesk_message(struct freshdesk *f, struct json from, struct err *e);
enum stage_result freshdesk_chat(struct freshdesk *f, struct err *e);

enum stage_result
freshdesk_normalize(struct normalize *n, struct json native, struct err *e);

/* table.c */
int freshdesk_sniff_table(struct str head);
int freshdesk_read_table(struct ingest *in, struct input *file, struct err *e);

#endif
