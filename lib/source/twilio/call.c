/*
 * Calls, their legs, recordings and what was understood of these.
 */
#include "source/native.h"
#include "source/twilio/twilio.h"

enum { DAYS = 30 * 86400 }; /* seconds of the longest call */

/* A form has seconds beside the minutes that are paid for. */
static enum twilio_field
seconds_field(const struct twilio *t)
{
	return spelling_is_value(t->f[T_CALL_DURATION]) ? T_CALL_DURATION
							: T_DURATION;
}

/* In the words of call detail records; NULL: it has not ended. */
static const char *
disposition_of(struct twilio *t, struct str status)
{
	static const struct {
		const char *status, *is;
	} words[] = {
		{ "completed", "answered" },
		{ "busy", "busy" },
		{ "no-answer", "no answer" },
		{ "noanswer", "no answer" },
		{ "no_answer", "no answer" },
		{ "canceled", "no answer" },
		{ "cancelled", "no answer" },
		{ "failed", "failed" },
	};
	struct str by = twilio_text(t, T_ANSWERED_BY);
	const char *is = NULL;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(status, str_of(words[i].status)))
			is = words[i].is;
	if (is == NULL || is[0] != 'a')
		return is;
	if (str_starts_nocase(by, STR("machine")))
		return "voicemail";
	return str_is(twilio_text(t, seconds_field(t)), "0") ? "no answer" : is;
}

static void
write_seconds(
    struct twilio *t, struct writer *w, const char *name, enum twilio_field f)
{
	int64_t seconds;

	if (str_to_int(twilio_text(t, f), &seconds) == 0 && seconds >= 0)
		write_member_int(w, name, seconds);
}

/* A form comes when the call has ended. */
static int64_t
begin_of(struct twilio *t)
{
	static const enum twilio_field begins[] = { T_START, T_CREATED };
	static const enum twilio_field ends[] = { T_STAMP, T_RECEIVED,
		T_UPDATED };
	int64_t at = twilio_time(t, begins, 2), seconds;

	if (at != TIME_NONE)
		return at;
	at = twilio_time(t, ends, 3);
	if (at == TIME_NONE ||
	    str_to_int(twilio_text(t, seconds_field(t)), &seconds) < 0 ||
	    seconds < 0 || seconds > DAYS)
		return at;
	return at - seconds * TIME_SECOND;
}

static int
write_data(struct twilio *t, const char *disposition, struct err *e)
{
	static const struct twilio_kept kept[] = {
		{ "answeredBy", T_ANSWERED_BY },
		{ "recording", T_RECORDING_URL },
		{ "price", T_PRICE },
		{ "priceUnit", T_PRICE_UNIT },
	};
	struct writer *w = native_data(t->n);
	struct str parent = twilio_text(t, T_PARENT);
	bool called_back = spelling_is_value(t->f[T_CALL_STATUS]);

	if (parent.n > 0) {
		write_member(w, "subtype", STR("leg"));
		write_member(w, "call", parent);
	}
	write_seconds(t, w, "duration", seconds_field(t));
	write_member(w, "disposition", str_of(disposition));
	write_member_time(
	    w, "endedAt", twilio_time(t, (enum twilio_field[]){ T_END }, 1));
	write_seconds(t, w, "queueTime", T_QUEUE_TIME);
	native_data_raw(
	    w, "status", t->f[called_back ? T_CALL_STATUS : T_STATUS]);
	twilio_keep(t, w, kept, sizeof(kept) / sizeof(*kept));
	return native_data_end(t->n, e);
}

/*
 * A call that is dialled within another is a leg of that: an event in its
 * thread, for the call itself is one.
 */
enum stage_result
twilio_call(struct twilio *t, struct err *e)
{
	struct message *m = t->m;
	struct str parent = twilio_text(t, T_PARENT);
	struct str status = twilio_text(t, T_CALL_STATUS);
	const char *disposition;

	if (status.n == 0)
		status = twilio_text(t, T_STATUS);
	disposition = disposition_of(t, status);
	if (disposition == NULL && status.n > 0) {
		sink_sum(t->n->sink, "calls that had not ended", 1);
		return STAGE_OK;
	}
	m->type = parent.n > 0 ? "event" : "call";
	m->direction = twilio_direction(twilio_text(t, T_DIRECTION));
	m->sent = begin_of(t);
	twilio_parties(t, "voice");
	m->channel = "voice";
	if (m->direction[0] == 'i')
		m->from.name = twilio_text(t, T_CALLER_NAME);
	m->native_id = m->message_id = t->sid;
	m->thread_id = parent.n > 0 ? parent : t->sid;
	return write_data(t, disposition, e) < 0 ? STAGE_REJECT
						 : native_emit(t->n, e);
}

/*
 * What a caller said to a machine is a message where it is known who called;
 * a recording, or its words alone, are told of in the thread of their call.
 */
enum stage_result
twilio_recording(struct twilio *t, struct err *e)
{
	static const enum twilio_field times[] = { T_START, T_CREATED, T_STAMP,
		T_RECEIVED, T_UPDATED };
	static const struct twilio_kept kept[] = {
		{ "url", T_RECORDING_URL },
		{ "source", T_ORIGIN },
		{ "status", T_STATUS },
	};
	struct message *m = t->m;
	struct str call = twilio_text(t, T_CALL);
	struct str recording = twilio_text(t, T_RECORDING);
	struct str words = twilio_text(t, T_TRANSCRIPT);
	bool said = words.n > 0 && spelling_is_value(t->f[T_FROM]);
	struct writer *w;

	m->type = said ? "message" : "event";
	m->direction = twilio_direction(twilio_text(t, T_DIRECTION));
	if (m->direction == NULL && !said)
		m->direction = "internal";
	m->sent = twilio_time(t, times, sizeof(times) / sizeof(*times));
	twilio_parties(t, "voice");
	m->channel = "voice";
	m->native_id = m->message_id = t->sid;
	m->thread_id = call;
	m->text = words;
	w = native_data(t->n);
	write_member(w, "subtype",
	    said          ? STR("voicemail")
	    : words.n > 0 ? STR("transcription")
			  : STR("recording"));
	write_member(w, "call", call);
	if (!str_eq(recording, t->sid))
		write_member(w, "recording", recording);
	write_seconds(t, w, "duration",
	    spelling_is_value(t->f[T_RECORDING_DURATION]) ? T_RECORDING_DURATION
							  : T_DURATION);
	twilio_keep(t, w, kept, sizeof(kept) / sizeof(*kept));
	return native_data_end(t->n, e) < 0 ? STAGE_REJECT
					    : native_emit(t->n, e);
}
