#include <stdlib.h>
#include <unistd.h>

#include "core/io/db.h"
#include "core/time.h"
#include "reply/sending/outbox.h"
#include "tap.h"

static char dir[] = "/tmp/kith-outbox-XXXXXX";
static struct err e;
static struct arena arena;

static struct outbox_entry
entry_of(const char *key)
{
	return (struct outbox_entry){
		.key = str_of(key),
		.channel = STR("email"),
		.recipient = STR("anna@example.org"),
		.subject = STR("Re: hoop"),
		.answers = STR("m1"),
		.record = STR("{}"),
		.at = TIME_MINUTE,
	};
}

static int64_t
add(struct outbox *o, const char *key)
{
	struct outbox_entry entry = entry_of(key);
	int64_t number = 0;

	ok(outbox_add(o, &entry, &number, &e) == 0, "taken in");
	return number;
}

static const char *
state(struct outbox *o, const char *key)
{
	struct outbox_entry entry;

	return outbox_get(o, str_of(key), &arena, &entry, &e) == 1
		   ? outbox_words[entry.state]
		   : "none";
}

static void
test_kill(void)
{
	struct outbox *o = outbox_open(dir, &e), *other;
	int64_t n, count = -1;

	if (!ok(o != NULL, "opens"))
		return;
	ok(outbox_recover(o, &count, &e) == 0 && count == 0, "nothing left");
	add(o, "queued");
	ok(outbox_reserve(o, add(o, "reserved"), &e) == 0, "reserved");
	ok(outbox_sync(o, &e) == 0, "synced");
	n = add(o, "attempting");
	ok(outbox_attempt(o, n, STR("mail"), 0, &e) == 0, "attempted");
	ok(outbox_commit(o, &e) == 0, "committed");
	add(o, "lost");
	other = outbox_open(dir, &e);
	ok(other == NULL && e.code == ERR_AGAIN, "a second run waits");
	outbox_close(o);
	o = outbox_open(dir, &e);
	is_str(str_of(state(o, "lost")), "none", "not committed, not there");
	ok(outbox_recover(o, &count, &e) == 0 && count == 1, "one in doubt");
	is_str(str_of(state(o, "queued")), "queued", "queued stays");
	is_str(str_of(state(o, "reserved")), "queued",
	    "reserved was not begun on the same boot");
	is_str(str_of(state(o, "attempting")), "ambiguous", "nobody knows");
	ok(outbox_left(o, &count, &e) == 0 && count == 2, "two are left");
	outbox_close(o);
}

static void
test_due(void)
{
	struct outbox *o = outbox_open(dir, &e);
	struct outbox_entry entry, got;
	int64_t count;

	entry = entry_of("later");
	ok(outbox_add(o, &entry, &entry.number, &e) == 0, "taken in");
	entry.state = OUTBOX_FAILED;
	entry.reason = STR("451");
	entry.next = TIME_HOUR;
	ok(outbox_result(o, &entry, &e) == 0, "failed for a time");
	ok(outbox_due(o, 2, TIME_HOUR - 1, &arena, &got, &e) == 0,
	    "not due before its time");
	ok(outbox_due(o, 2, TIME_HOUR, &arena, &got, &e) == 1 &&
		got.number == entry.number && got.next == TIME_HOUR,
	    "due at its time");
	entry.next = TIME_NONE;
	ok(outbox_result(o, &entry, &e) == 0, "failed for good");
	ok(outbox_due(o, 2, TIME_DAY, &arena, &got, &e) == 0, "never due");
	ok(outbox_answered(o, STR("m1"), STR("new"), TIME_NONE, &e) == 1,
	    "what is queued or in doubt answers");
	ok(outbox_answered(o, STR("m2"), STR("new"), TIME_NONE, &e) == 0,
	    "another request");
	ok(outbox_answered(o, STR("m1"), STR("new"), 2 * TIME_MINUTE, &e) == 0,
	    "what came back is no answer");
	entry = entry_of("automatic");
	entry.automatic = true;
	ok(outbox_add(o, &entry, &entry.number, &e) == 0, "taken in");
	ok(outbox_automatic(
	       o, STR("anna@example.org"), STR("new"), 0, &count, &e) == 0 &&
		count == 1,
	    "counted");
	ok(outbox_automatic(o, STR("anna@example.org"), STR("new"), TIME_HOUR,
	       &count, &e) == 0 &&
		count == 0,
	    "not what is long ago");
	ok(outbox_automatic(o, STR("anna@example.org"), STR("automatic"), 0,
	       &count, &e) == 0 &&
		count == 0,
	    "not itself");
	ok(outbox_repeats(o, STR("anna@example.org"), STR("Re: hoop"),
	       STR("new"), 0, &e) == 1,
	    "its subject is known");
	outbox_close(o);
}

int
main(void)
{
	char command[64];
	bool missing;

	if (mkdtemp(dir) == NULL)
		return 2;
	ok(outbox_open_read(dir, &missing, &e) == NULL && missing, "none yet");
	test_kill();
	test_due();
	arena_release(&arena);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ok(system(command) == 0, "cleaned up");
	return done();
}
