/* The store's promises, held by both of its implementations. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/time.h"
#include "people/store/store.h"
#include "tap.h"

static const struct str anna = { "email:anna@x.org", 16 };
static const struct str phone = { "tel:+4930123456", 15 };
static const struct str bert = { "email:bert@x.org", 16 };

static const struct store_answer ours = { .id = { "m8", 2 } };
static const struct store_answer elsewhere = { .id = { "m9", 2 },
	.elsewhere = true };

static uint32_t
key(struct graph *g, struct str text)
{
	uint32_t k;

	graph_intern(g, &text, 1, &k);
	return k;
}

/* Anna has two keys, Bert one. */
static void
people(struct graph *g)
{
	uint32_t a[2] = { key(g, anna), key(g, phone) }, b = key(g, bert);

	graph_evidence(g, a, 2, 0, 1000, STR("m1"));
	graph_evidence(g, &b, 1, 0, 2000, STR("m2"));
}

/* As merge does: a message of the key's person in a conversation. */
static void
say(struct store *s, struct graph *g, const char *id, struct str by, int64_t at,
    uint32_t number, struct str place)
{
	uint32_t k = key(g, by);
	struct store_message m = {
		.id = str_of(id),
		.person = store_person(s, k),
		.key = by,
		.conversation = str_of(store_conversation(s, number)->id),
		.channel = STR("chat"),
		.place = place,
		.time = at,
		.edited = TIME_NONE,
	};
	struct err e;

	ok(store_put_message(s, &m, &e) == 0, "a message is put");
	store_continue(s, number, at, 1, place);
	ok(store_continue_person(s, number, k, &e) == 0, "and is their last");
}

static void
conversations(struct store *s, struct graph *g)
{
	struct conversation c = { .id = "cone",
		.owner = key(g, anna),
		.last = TIME_NONE,
		.waiting = TIME_NONE };
	struct conversation d = { .id = "ctwo",
		.owner = key(g, bert),
		.last = TIME_NONE,
		.waiting = TIME_NONE };
	struct store_last last = { 0 };
	struct store_ref ref = { 0 };
	struct str place = STR("p\tchat\t\troom");
	uint32_t one = 9, two = 9, found = 9;
	struct err e;

	c.trusted = true;
	ok(store_last_of_person(s, c.owner, 5000, &last, &e) == 0,
	    "nobody spoke yet");
	ok(store_put_conversation(s, &c, &one, &e) == 0 &&
		store_put_conversation(s, &d, &two, &e) == 0 && one != two,
	    "conversations are told apart");
	ok(store_conversation(s, one)->trusted &&
		store_conversation(s, two)->owner == d.owner,
	    "and are as they were put");
	is_int(store_find_conversation(s, STR("ctwo"), &found, &e),
	    store_keeps(s),
	    "by its id is found what a record that is kept has");
	ok(!store_keeps(s) || found == two, "and it is that one");
	ok(store_ref(s, STR("m\tchat\t\t7"), &ref, &e) == 0,
	    "no reference yet");
	ok(store_put_ref(s, STR("m\tchat\t\t7"),
	       (struct store_ref){ two, true }, STR("m1"), &e) == 0 &&
		store_ref(s, STR("m\tchat\t\t7"), &ref, &e) == 1 &&
		ref.number == two && ref.weak,
	    "a weak reference leads there");
	ok(store_put_ref(s, STR("m\tchat\t\t7"),
	       (struct store_ref){ one, false }, STR("m1"), &e) == 0 &&
		store_ref(s, STR("m\tchat\t\t7"), &ref, &e) == 1 &&
		ref.number == one && !ref.weak,
	    "another takes its place");
	say(s, g, "m1", anna, 3000, one, place);
	say(s, g, "m2", bert, 4000, two, place);
	ok(store_last_of_person(s, key(g, phone), 5000, &last, &e) == 1 &&
		last.number == one && last.time == 3000,
	    "the last one of a person, by any key");
	ok(store_last_of_place(s, place, 5000, &last, &e) == 1 &&
		last.number == two && last.time == 4000,
	    "the last one at a place");
	ok(store_last_of_place(s, STR("p\tchat\t\tother"), 5000, &last, &e) ==
		0,
	    "and nowhere else");
}

static int64_t
waits(const struct store *s, uint32_t number)
{
	return store_conversation(s, number)->waiting;
}

static size_t
waiting_of(struct store *s, uint32_t k)
{
	struct store_numbers list = { 0 };
	struct err e;
	size_t n;

	ok(store_waiting(s, k, &list, &e) == 0, "who waits is told");
	n = list.n;
	vec_release(&list);
	return n;
}

/* Who waits for us: anna in two conversations, bert in none. */
static void
waiting(struct store *s, struct graph *g)
{
	struct conversation c = { .id = "cthree",
		.owner = key(g, anna),
		.last = TIME_NONE,
		.waiting = TIME_NONE };
	struct conversation d = { .id = "cfour",
		.aside = true,
		.owner = key(g, anna),
		.last = TIME_NONE,
		.waiting = TIME_NONE };
	struct store_last last;
	uint32_t three, four, k;
	struct err e;

	ok(store_put_conversation(s, &c, &three, &e) == 0 &&
		store_put_conversation(s, &d, &four, &e) == 0,
	    "two more");
	is_int((int64_t)waiting_of(s, key(g, phone)), 0, "nobody waits");
	ok(store_asked(s, three, 6000, 1, &e) == 0 &&
		store_asked(s, three, 7000, 2, &e) == 0 &&
		store_asked(s, four, 6500, 1, &e) == 0,
	    "requests");
	is_int(waits(s, three), 6000, "waits since the first");
	ok(store_conversation(s, three)->waits_on ==
		(channel_bit(1) | channel_bit(2)),
	    "on both channels");
	is_int((int64_t)waiting_of(s, key(g, phone)), 2, "both are anna's");
	is_int((int64_t)waiting_of(s, key(g, bert)), 0, "none is bert's");
	ok(store_answered(s, three, 5000, &ours, &e) == 0 &&
		waits(s, three) == 6000,
	    "what is older than the request is no answer to it");
	ok(store_answered(s, three, 8000, &ours, &e) == 0, "an answer");
	is_int(waits(s, three), TIME_NONE, "nobody waits there any more");
	is_int((int64_t)waiting_of(s, key(g, anna)), 1, "the other one waits");
	ok(store_conversation(s, four)->aside, "which is kept apart");
	say(s, g, "m3", anna, 9000, four, STR_NONE);
	ok(!store_conversation(s, four)->aside, "until something is believed");
	is_int(store_last_of(s, four, 9999, &last, &e), 1, "when it went on");
	is_int(last.time, 9000, "then");
	ok(store_unasked(s, four, 6500, STR("m4"), &e) == 0 &&
		waits(s, four) == TIME_NONE,
	    "what was asked is taken back");
	ok(store_asked(s, three, 9500, 2, &e) == 0, "asks again");
	is_int((int64_t)waiting_of(s, key(g, anna)), 1, "waits again");
	is_int(store_find_key(s, phone, &k, &e), 1, "a key by its text");
	is_int(store_find_key(s, STR("?email:nobody@x.org"), &k, &e), 0,
	    "and none that nobody has");
}

/* Bert was in copy of a mail of anna's conversation, and writes there. */
static void
participants(struct store *s, struct graph *g)
{
	struct conversation c = { .id = "cfive",
		.owner = key(g, anna),
		.last = TIME_NONE,
		.waiting = TIME_NONE };
	uint32_t five, b = key(g, bert);
	struct err e;

	ok(store_put_conversation(s, &c, &five, &e) == 0, "one of anna's");
	is_int(store_is_participant(s, five, b, 9700, &e), 0, "hers alone");
	ok(store_put_participant(s, five, STR("email:who@x.org"), 9600, &e) ==
		    0 &&
		store_put_participant(s, five, bert, 9600, &e) == 0 &&
		store_put_participant(s, five, bert, 9700, &e) == 0,
	    "a mail to others");
	is_int(store_is_participant(s, five, b, 9700, &e), 1, "he is one");
	is_int(store_is_participant(s, five, key(g, anna), 9700, &e), 0,
	    "whose it is need not be");
	is_int((int64_t)waiting_of(s, b), 0, "he waits nowhere");
	ok(store_asked(s, five, 9800, 1, &e) == 0 &&
		store_guest_spoke(s, five, b, 9750, true, &e) == 0 &&
		waiting_of(s, b) == 0,
	    "what he asked before was answered");
	ok(store_guest_spoke(s, five, b, 9900, false, &e) == 0 &&
		waiting_of(s, b) == 0,
	    "what asks for nothing waits for nothing");
	ok(store_guest_spoke(s, five, b, 9850, true, &e) == 0, "he asks");
	is_int((int64_t)waiting_of(s, b), 1, "and waits there, too");
	ok(store_answered(s, five, 9900, &elsewhere, &e) == 0,
	    "an answer from elsewhere");
	is_int((int64_t)waiting_of(s, b), 0, "ends that");
}

/* A request (channel "chat"), or an answer of ours, that is told and kept. */
static void
tell(struct store *s, const char *id, int64_t at, uint32_t number, bool asks)
{
	const struct store_answer by = { .id = str_of(id),
		.names = { (uint64_t)at, 0 } };
	struct store_message m = {
		.id = str_of(id),
		.conversation = str_of(store_conversation(s, number)->id),
		.channel = STR("chat"),
		.time = at,
		.edited = TIME_NONE,
		.asks = asks,
		.flags = asks ? 0 : 1024,
	};
	struct err e;

	ok((asks ? store_asked(s, number, at, 1, &e)
		 : store_answered(s, number, at, &by, &e)) == 0 &&
		store_put_message(s, &m, &e) == 0,
	    "is told and kept");
}

/* What ended a wait is taken back, in what was joined, too. */
static void
taken_back(struct store *s, struct graph *g)
{
	struct conversation c = { .id = "csix",
		.owner = key(g, bert),
		.last = TIME_NONE,
		.waiting = TIME_NONE };
	uint32_t six, seven;
	struct err e;

	ok(store_put_conversation(s, &c, &six, &e) == 0, "one of bert's");
	memcpy(c.id, "cseven", 7);
	ok(store_put_conversation(s, &c, &seven, &e) == 0, "and another");
	tell(s, "n1", 100, six, true);
	ok(store_done(s, six, 110, STR("x1"), &e) == 0, "done");
	is_int(waits(s, six), TIME_NONE, "waits no more");
	ok(store_reopened(s, six, 120, 1, STR("x2"), &e) == 0, "reopened");
	is_int(waits(s, six), 100, "waits since it did");
	tell(s, "n2", 130, six, false);
	is_int(waits(s, six), TIME_NONE, "an answer");
	tell(s, "n3", 140, six, true);
	tell(s, "n4", 150, six, false);
	ok(store_failed(s, six, STR("n2"), 130, &e) == 0 &&
		waits(s, six) == TIME_NONE,
	    "one came back, and the next one answers that, too");
	ok(store_failed(s, six, STR("n4"), 150, &e) == 0, "and came back");
	is_int(waits(s, six), 100, "as if they had never been");
	is_int((int64_t)waiting_of(s, key(g, bert)), 1, "bert waits there");
	tell(s, "n5", 160, seven, true);
	tell(s, "n6", 170, seven, false);
	ok(store_joined(s, six, seven, 180, STR("x3"), &e) == 0, "joined");
	tell(s, "n7", 190, six, false);
	ok(store_reopened(s, six, 200, 1, STR("x4"), &e) == 0 &&
		waits(s, six) == 200,
	    "nothing was done: it waits from then on");
	ok(store_failed(s, seven, STR("n6"), 170, &e) == 0 &&
		waits(s, six) == 200 && waits(s, seven) == TIME_NONE,
	    "what waited in the other one was answered since");
	ok(store_failed(s, six, STR("n7"), 190, &e) == 0 &&
		waits(s, six) == 100,
	    "until that came back");
	tell(s, "n8", 210, six, false);
	is_int((int64_t)waiting_of(s, key(g, bert)), 0, "in the end nothing");
	ok(store_has_failed(s, 7, &e) == 0 && store_put_failed(s, 7, &e) == 0 &&
		store_has_failed(s, 7, &e) == 1 &&
		store_has_failed(s, 0, &e) == 0,
	    "what comes back before it comes");
}

/* What was set aside is kept as it came, until it is let in. */
static void
aside(struct store *s)
{
	struct arena a = { 0 };
	struct str line = STR_NONE;
	struct err e;

	ok(store_put_aside(s, STR("m1"), STR("{}"), &e) == 0, "as it came");
	is_int(store_aside(s, STR("m1"), &a, &line, &e), store_keeps(s),
	    "is kept");
	ok(!store_keeps(s) || str_is(line, "{}"), "so");
	ok(store_drop_aside(s, STR("m1"), &e) == 0 &&
		store_aside(s, STR("m1"), &a, &line, &e) == 0,
	    "until it is let in");
	arena_release(&a);
}

/* What only a store that keeps can say; all others say nothing. */
static void
records(struct store *s)
{
	bool keeps = store_keeps(s);
	struct store_message m;
	struct arena a = { 0 };
	char id[ID_SIZE] = "";
	struct str text = STR_NONE;
	struct err e;

	is_int(store_message(s, STR("m1"), &m, &e), keeps, "a record");
	if (keeps)
		is_str(m.conversation, "cone", "and where it is");
	is_int(
	    store_message_key(s, STR("m2"), &a, &text, &e), keeps, "its key");
	is_int(store_who(s, bert, id, &e), keeps, "who has a key");
	is_int(store_next_key(s, STR("t"), &a, &text, &e), keeps, "next key");
	is_int(store_next_ref(s, STR("m"), &a, &text, &e), keeps, "next ref");
	is_int(store_ref_message(s, STR("m\tchat\t\t7"), id, &e), keeps,
	    "whose id a reference is");
	ok(!store_was_parted(s, STR("m1")), "nothing left its conversation");
	text = STR("pnobody");
	ok(store_stands_now(s, &text, &e) == 0 && str_is(text, "pnobody"),
	    "an id that nobody has stands for itself");
	arena_release(&a);
}

static void
both(const char *dir, bool reload)
{
	struct channel_set set = { 0 };
	struct store_options o = { dir, true, reload, &set };
	struct graph g;
	struct err e;
	struct store *s;
	char id[ID_SIZE];

	graph_init(&g);
	s = store_open(&o, &e);
	ok(s != NULL, "opens");
	g.keep_records = store_keeps(s);
	is_int(store_keeps(s), dir != NULL || reload, "keeps records");
	people(&g);
	ok(store_load(s, &g, &e) == 0, "nothing was known before");
	graph_resolve(&g);
	ok(store_begin(s, &e) == 0 && store_begin(s, &e) == 0 &&
		store_save(s, &g, &e) == 0,
	    "a transaction begins once");
	graph_person_id(&g, graph_root(&g, key(&g, phone)), id);
	is_str(store_person(s, key(&g, anna)), id, "a person's id");
	conversations(s, &g);
	waiting(s, &g);
	participants(s, &g);
	taken_back(s, &g);
	aside(s);
	ok(store_commit(s, &e) == 0 && store_commit(s, &e) == 0,
	    "and ends once");
	records(s);
	store_close(s);
	graph_release(&g);
}

/* The next run goes on with who waits. */
static void
goes_on(const char *dir)
{
	struct channel_set set = { 0 };
	struct store_options o = { dir, true, false, &set };
	struct graph g;
	struct err e;
	struct store *s = store_open(&o, &e);
	uint32_t three = 0;

	ok(s != NULL, "opens once more");
	graph_init(&g);
	g.keep_records = true;
	people(&g);
	ok(store_load(s, &g, &e) == 0, "people are known");
	graph_resolve(&g);
	ok(store_begin(s, &e) == 0 && store_save(s, &g, &e) == 0, "and stay");
	is_int((int64_t)waiting_of(s, key(&g, phone)), 1, "anna waits still");
	ok(store_find_conversation(s, STR("cfive"), &three, &e) == 1 &&
		store_is_participant(s, three, key(&g, bert), 9600, &e) == 1 &&
		store_is_participant(s, three, key(&g, bert), 9500, &e) == 0,
	    "who may go on with what is another's, and from when on");
	ok(store_asked(s, three, 9950, 1, &e) == 0 &&
		store_guest_spoke(s, three, key(&g, bert), 9960, true, &e) ==
		    0 &&
		store_answered(s, three, 9970, &ours, &e) == 0,
	    "asks and is answered");
	ok(store_find_conversation(s, STR("cthree"), &three, &e) == 1 &&
		waits(s, three) == 9500 &&
		store_conversation(s, three)->waits_on == channel_bit(2),
	    "where and since when she did");
	ok(store_asked(s, three, 7500, 1, &e) == 0 && waits(s, three) == 9500,
	    "what comes late was answered");
	ok(store_answered(s, three, 9600, &ours, &e) == 0 &&
		waiting_of(s, key(&g, anna)) == 0,
	    "until she is answered");
	ok(store_commit(s, &e) == 0, "which is kept");
	store_close(s);
	graph_release(&g);
}

struct said {
	size_t n;
	uint64_t sum; /* of the texts */
	int64_t last;
};

static void
hear(void *arg, const struct store_said *x)
{
	struct said *s = arg;

	s->n++;
	s->sum += x->text;
	s->last = x->time > s->last ? x->time : s->last;
}

/* What was said in the last hour is there for the next run, each once. */
static void
said(const char *dir)
{
	const int64_t hour = TIME_HOUR, minute = TIME_MINUTE, at = 100 * hour;
	struct channel_set set = { 0 };
	struct store_options o = { dir, true, false, &set };
	struct said heard = { 0 };
	struct err e;
	struct store *s = store_open(&o, &e);
	const struct store_said all[] = {
		{ .text = 1,
		    .who = 7,
		    .time = at - hour - minute,
		    .people = 1 },
		{ .text = 2, .who = 7, .time = at - hour, .people = 3 },
		{ .text = UINT64_MAX, .who = 8, .time = at, .people = 1 },
		{ .text = UINT64_MAX, .who = 8, .time = at, .people = 1 },
	};

	ok(s != NULL && store_begin(s, &e) == 0, "opens for what was said");
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		ok(store_put_said(s, &all[i], at, &e) == 0, "is said");
	ok(store_each_said(s, hear, &heard, &e) == 0, "is heard");
	is_int((int64_t)heard.n, 2, "within an hour, and once");
	is_int((int64_t)heard.sum, 1, "texts are whole numbers of 64 bits");
	ok(store_put_said(s, &(struct store_said){ 4, 9, at + minute, 1 },
	       at + minute, &e) == 0 &&
		store_commit(s, &e) == 0,
	    "a minute later");
	store_close(s);
	s = store_open(&o, &e);
	heard = (struct said){ 0 };
	ok(s != NULL && store_each_said(s, hear, &heard, &e) == 0,
	    "the next run");
	is_int((int64_t)heard.n, 2, "what is an hour past is forgotten");
	is_int(heard.last, at + minute, "the last stays");
	store_close(s);
}

/* A state is there for the next run, which only reads it. */
static void
next_run(const char *dir)
{
	struct store_options o = { .dir = dir };
	struct err e;
	struct store *s = store_open(&o, &e);

	ok(s != NULL, "opens again");
	records(s);
	store_close(s);
}

int
main(void)
{
	char dir[] = "/tmp/kith-store-XXXXXX", path[64];

	both(NULL, false);
	both(NULL, true);
	ok(mkdtemp(dir) != NULL, "a folder");
	both(dir, false);
	goes_on(dir);
	said(dir);
	next_run(dir);
	for (size_t i = 0; i < 4; i++) {
		static const char *const files[] = { "people.db",
			"people.db-wal", "people.db-shm", "people.lock" };

		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		(void)unlink(path);
	}
	rmdir(dir);
	return done();
}
