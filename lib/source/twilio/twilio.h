#ifndef KITH_SOURCE_TWILIO_TWILIO_H
#define KITH_SOURCE_TWILIO_TWILIO_H
/*
 * Twilio's messages and calls, by whichever way they come: twilio.c tells and
 * cuts files, fields.c knows what members, columns and parameters are called,
 * normalize.c gives messages their meaning, call.c calls and what belongs to
 * them.
 */
#include "source/item.h"
#include "source/desk/spelling.h"

enum twilio_field {
	T_SID,
	T_ACCOUNT,
	T_FROM,
	T_TO,
	T_BODY,
	T_STATUS, /* of a message, in a list or as it comes in */
	T_CALLED_BACK, /* the same, of one that left before */
	T_DIRECTION,
	T_SENT,
	T_CREATED,
	T_UPDATED,
	T_STAMP, /* of what is called back */
	T_RECEIVED, /* what stands before a form on its line */
	T_ERROR,
	T_ERROR_TEXT,
	T_MEDIA_COUNT,
	T_SEGMENTS,
	T_PRICE,
	T_PRICE_UNIT,
	T_SERVICE,
	T_URI,
	T_PROFILE,
	T_OPT_OUT,
	T_REPLIED,
	T_FORWARDED,
	T_LATITUDE,
	T_LONGITUDE,
	T_PLACE,
	T_ADDRESS,
	T_BUTTON,
	/* Conversations, and Chat before them. */
	T_AUTHOR,
	T_CONVERSATION,
	T_CHAT_SERVICE,
	T_ORIGIN,
	T_DELIVERY,
	T_MEDIA,
	T_ATTRIBUTES,
	T_INDEX,
	T_PARTICIPANT,
	T_ABOUT, /* of a receipt */
	T_CHANNEL_SID,
	/* Calls. */
	T_CALL,
	T_PARENT,
	T_CALL_STATUS,
	T_START,
	T_END,
	T_DURATION, /* in forms, minutes */
	T_CALL_DURATION,
	T_QUEUE_TIME,
	T_ANSWERED_BY,
	T_CALLER_NAME,
	T_FORMATTED,
	T_TRUNK,
	T_GROUP,
	T_RECORDING,
	T_RECORDING_URL,
	T_RECORDING_DURATION,
	T_TRANSCRIPTION,
	T_TRANSCRIPT,
	/* An event around it, and what else tells that it is Twilio's. */
	T_EVENT,
	T_DATA,
	T_API,
	T_FIVETRAN,
	T_OTHER, /* only tables of no messages have such columns */
	TWILIO_FIELDS
};

extern const struct spellings twilio_names;

struct twilio {
	struct normalize *n;
	struct message *m;
	struct json f[TWILIO_FIELDS];
	struct str sid;
	struct json event; /* what it stood in, or absent */
};

/* A field as text, absent where it is empty. */
struct str twilio_text(struct twilio *t, enum twilio_field f);
/* The first of these times; TIME_NONE. */
int64_t
twilio_time(struct twilio *t, const enum twilio_field *fields, size_t n);
/*
 * An address as Twilio writes it: +49..., 49... (tables), whatsapp:+49...,
 * messenger:ID, client:NAME, sip:..., a short code, a name.  Returns the
 * channel that it names, or NULL.
 */
const char *twilio_party(struct twilio *t, struct str raw, struct address *a);
/* The direction in Twilio's words; NULL where it says none. */
const char *twilio_direction(struct str said);
/* From, to, channel unless it is set, and the account, which is our side. */
void twilio_parties(struct twilio *t, const char *otherwise);
/* Members of data that are as they stand, by a list of fields. */
struct twilio_kept {
	const char *name;
	enum twilio_field field;
};
void twilio_keep(struct twilio *t, struct writer *w,
    const struct twilio_kept *kept, size_t n);

/* What each kind becomes. */
enum stage_result twilio_call(struct twilio *t, struct err *e);
enum stage_result twilio_recording(struct twilio *t, struct err *e);
enum stage_result
twilio_normalize(struct normalize *n, struct json native, struct err *e);

#endif
