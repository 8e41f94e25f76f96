#ifndef KITH_SOURCE_WEBLOG_WEBLOG_H
#define KITH_SOURCE_WEBLOG_WEBLOG_H
/*
 * Access logs of web servers: what a line says, whatever its form, and who
 * reads which form.
 */
#include "source/item.h"

/* What members of JSON and fields of W3C's logs are called (words/members). */
enum weblog_member {
	WEBLOG_TIME,
	WEBLOG_LATER, /* a time where there is no better */
	WEBLOG_DATE, /* the day alone: its clock is WEBLOG_TIME */
	WEBLOG_IP,
	WEBLOG_PEER, /* an address where there is no better */
	WEBLOG_HOST,
	WEBLOG_SERVER, /* a host where there is no better */
	WEBLOG_METHOD,
	WEBLOG_URL,
	WEBLOG_QUERY,
	WEBLOG_REQUEST, /* "GET /x HTTP/1.1" */
	WEBLOG_STATUS,
	WEBLOG_BYTES,
	WEBLOG_REFERRER,
	WEBLOG_AGENT,
	WEBLOG_USER,
	WEBLOG_COOKIE,
	WEBLOG_ID,
	WEBLOG_SECONDS,
	WEBLOG_FORWARDED,
	WEBLOG_SCHEME,
	WEBLOG_MEMBERS
};

/* A line's parts in UTF-8, without quotes and escapes; absent ones are not
 * there, or "-". */
struct weblog {
	struct normalize *n;
	struct arena *a;
	int64_t at;
	struct str part[WEBLOG_MEMBERS];
	struct str_list more; /* what has no member of its own */
};

/* One of these by its name, in whatever spelling; WEBLOG_MEMBERS: none. */
enum weblog_member weblog_member(struct str name, struct arena *a);
/* Sets a part that is not there yet; "-" is nothing. */
void weblog_set(struct weblog *v, enum weblog_member m, struct str s);
/* "10/Oct/2000:13:55:36 -0700", and all that native_time_text reads. */
int weblog_time(struct normalize *n, struct str s, int64_t *out);
/* "GET /x HTTP/1.1" into its parts. */
void weblog_request(struct weblog *v, struct str s);
/* An address of a machine, without its port; absent where it is none. */
struct str weblog_ip(struct str s);
/* Without \x41, \" and the like, in UTF-8. */
struct str weblog_plain(struct weblog *v, struct str s);

/* Is that the time of a line of NCSA's form: "[10/Oct/2000:13:55:36 -0700]"? */
bool weblog_is_stamp(struct str s);
/* Each reads a form; 0, or -1 with what is wrong. */
int weblog_line(struct weblog *v, struct str line, struct err *e);
int weblog_fields(struct weblog *v, struct str line, struct str fields,
    struct str date, struct err *e);
int weblog_json(struct weblog *v, struct json native, struct err *e);

enum stage_result
weblog_normalize(struct normalize *n, struct json native, struct err *e);

#endif
