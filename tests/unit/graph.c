#include <stdio.h>
#include <stdlib.h>

#include "core/time.h"
#include "people/graph.h"
#include "people/names.h"
#include "tap.h"

/* A fixed generator: the same cases in every run. */
static uint64_t seed = 42;

static uint32_t
below(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

enum { KEYS = 120, RECORDS = 90, PARTS = 3 };

/* A record of up to three keys; its number is its time and id. */
struct idset {
	unsigned key[3], n, time;
	unsigned profile; /* the last so many */
};

static struct idset records[RECORDS];
static unsigned apart[4][2];

static void
invent(void)
{
	for (unsigned i = 0; i < RECORDS; i++) {
		records[i].n = 1 + below(3);
		records[i].time = below(50);
		records[i].profile = records[i].n > 1 ? below(2) : 0;
		for (unsigned k = 0; k < 3; k++)
			records[i].key[k] = below(KEYS);
	}
	for (unsigned i = 0; i < 4; i++)
		for (unsigned k = 0; k < 2; k++)
			apart[i][k] = below(KEYS);
}

static uint32_t
key(struct graph *g, unsigned k)
{
	char name[32];
	struct str s = { name, 0 };
	uint32_t out;

	s.n = (size_t)snprintf(name, sizeof(name),
	    k % 5 == 1   ? "user:%u"
	    : k % 3 == 0 ? "slack:T/U%u"
			 : "email:k%u@x.org",
	    k);
	graph_intern(g, &s, 1, &out);
	return out;
}

static void
take(struct graph *g, unsigned i)
{
	uint32_t k[3];
	char id[16];

	for (unsigned j = 0; j < records[i].n; j++)
		k[j] = key(g, records[i].key[j]);
	snprintf(id, sizeof(id), "m%04u", i);
	graph_evidence(g, k, records[i].n, records[i].profile, records[i].time,
	    str_of(id));
}

static void
settle(struct graph *g, bool split)
{
	for (unsigned i = 0; split && i < 4; i++)
		if (apart[i][0] != apart[i][1])
			graph_different(
			    g, key(g, apart[i][0]), key(g, apart[i][1]));
	graph_resolve(g);
}

/* Every key's person. */
static void
people(struct graph *g, char out[KEYS][ID_SIZE])
{
	for (unsigned k = 0; k < KEYS; k++)
		graph_person_id(g, graph_root(g, key(g, k)), out[k]);
}

static void
whole(char out[KEYS][ID_SIZE], bool split)
{
	struct graph g;

	graph_init(&g);
	for (unsigned i = 0; i < RECORDS; i++)
		take(&g, i);
	settle(&g, split);
	people(&g, out);
	graph_release(&g);
}

static bool
same(char a[KEYS][ID_SIZE], char b[KEYS][ID_SIZE])
{
	return memcmp(a, b, (size_t)KEYS * ID_SIZE) == 0;
}

static void
any_order(bool split)
{
	char want[KEYS][ID_SIZE], got[KEYS][ID_SIZE];
	unsigned order[RECORDS], wrong = 0;

	for (unsigned round = 0; round < 20; round++) {
		struct graph g;

		invent();
		whole(want, split);
		for (unsigned i = 0; i < RECORDS; i++)
			order[i] = i;
		for (unsigned i = RECORDS - 1; i > 0; i--) {
			unsigned j = below(i + 1), t = order[i];

			order[i] = order[j];
			order[j] = t;
		}
		graph_init(&g);
		/* Twice is once. */
		for (unsigned i = 0; i < 2 * RECORDS; i++)
			take(&g, order[i % RECORDS]);
		settle(&g, split);
		people(&g, got);
		wrong += !same(want, got);
		graph_release(&g);
	}
	is_int(wrong, 0,
	    split ? "any order, twice, with some kept apart"
		  : "any order, twice");
}

/* What a part knows, as the state keeps it: keys and evidence. */
static void
put_together(struct graph *g, const struct graph *part)
{
	for (uint32_t k = 0; k < part->n; k++) {
		struct str text = graph_text(part, k);
		uint32_t i;

		graph_intern(g, &text, 1, &i);
		graph_evidence(g, &i, 1, 0, part->keys[k].since, STR("m"));
	}
	for (size_t k = 0; k < part->edge_n; k++) {
		const struct graph_edge *e = &part->edges[k];

		graph_join(g, graph_lookup(g, graph_text(part, e->a)),
		    graph_lookup(g, graph_text(part, e->b)), e->profile,
		    e->since, STR("m"));
	}
}

/* What parts learned, put together, is what the whole learns. */
static void
parts(void)
{
	char want[KEYS][ID_SIZE], got[KEYS][ID_SIZE];
	unsigned wrong = 0;

	for (unsigned round = 0; round < 20; round++) {
		struct graph part[PARTS], g;

		invent();
		whole(want, false);
		graph_init(&g);
		for (unsigned p = 0; p < PARTS; p++) {
			graph_init(&part[p]);
			for (unsigned i = p; i < RECORDS; i += PARTS)
				take(&part[p], i);
			graph_resolve(&part[p]);
			put_together(&g, &part[p]);
			graph_release(&part[p]);
		}
		graph_resolve(&g);
		people(&g, got);
		wrong += !same(want, got);
		graph_release(&g);
	}
	is_int(wrong, 0, "parts and then their results are the whole");
}

static uint32_t
named(struct graph *g, const char *name)
{
	struct str s = str_of(name);
	uint32_t out;

	graph_intern(g, &s, 1, &out);
	return out;
}

/* A record of up to six keys, at a time; in a profile it is the site's id and
 * what was typed. */
static void
row(struct graph *g, int64_t at, unsigned profile, const char *const *keys)
{
	uint32_t k[6];
	size_t n = 0;

	for (; keys[n] != NULL; n++)
		k[n] = named(g, keys[n]);
	graph_evidence(g, k, n, profile, at, STR("m1"));
}
#define KEYS_OF(...)              \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}
#define ROW(g, at, ...) row((g), (at), 0, KEYS_OF(__VA_ARGS__))
#define TYPED(g, at, user, key) row((g), (at), 1, KEYS_OF(user, key))

static bool
one(struct graph *g, const char *a, const char *b)
{
	return graph_root(g, named(g, a)) == graph_root(g, named(g, b));
}

static void
guards(struct graph *g)
{
	char name[32];

	ROW(g, 1, "email:info@x.org", "slack:T/U1");
	ROW(g, 2, "email:info@x.org", "slack:T/U2");
	ROW(g, 1, "uid:null", "slack:T/U3");
	ROW(g, 1, "uid:null", "slack:T/U4");
	ROW(g, 1, "tel:+49123456789", "slack:T/U5");
	ROW(g, 1, "tel:+49123456789", "slack:T/U6");
	ROW(g, 1, "tel:+34612345678", "slack:T/U7");
	ROW(g, 1, "tel:+34612345678", "slack:T/U8");
	for (unsigned i = 0; i < 21; i++) {
		snprintf(name, sizeof(name), "email:c%u@x.org", i);
		ROW(g, 3, "tel:+4930123456", name);
		snprintf(name, sizeof(name), "cookie:%u", i);
		ROW(g, 3, "email:anna@x.org", name);
	}
	graph_resolve(g);
	ok(!one(g, "slack:T/U1", "slack:T/U2"), "a role address joins nobody");
	ok(!one(g, "slack:T/U3", "slack:T/U4"), "a placeholder joins nobody");
	ok(!one(g, "slack:T/U5", "slack:T/U6"), "nor does 123456789 by phone");
	ok(one(g, "slack:T/U7", "slack:T/U8"),
	    "612345678 is somebody's number in Spain");
	ok(!one(g, "email:c1@x.org", "email:c2@x.org"),
	    "a number beside 21 addresses joins nobody");
	ok(one(g, "cookie:1", "cookie:20"), "one person may have 21 cookies");
}

static void
operators(struct graph *g)
{
	uint32_t path[8];

	ROW(g, 1, "email:a@x.org", "slack:T/U1");
	ROW(g, 2, "slack:T/U1", "email:b@x.org");
	graph_resolve(g);
	ok(one(g, "email:a@x.org", "email:b@x.org"), "a chain");
	is_int((int64_t)graph_path(g, named(g, "email:a@x.org"),
		   named(g, "email:b@x.org"), false, path, 8),
	    3, "of two steps");
	is_str(graph_text(g, path[1]), "slack:T/U1", "over the middle");
	graph_different(
	    g, named(g, "email:a@x.org"), named(g, "email:b@x.org"));
	graph_resolve(g);
	ok(!one(g, "email:a@x.org", "email:b@x.org"), "kept apart");
	ok(one(g, "email:a@x.org", "slack:T/U1"), "the older evidence stays");
	is_int((int64_t)graph_path(g, named(g, "email:a@x.org"),
		   named(g, "email:b@x.org"), false, path, 8),
	    0, "and no chain");
	graph_same(g, named(g, "email:a@x.org"), named(g, "email:b@x.org"));
	graph_resolve(g);
	ok(!one(g, "email:a@x.org", "email:b@x.org"),
	    "different wins over same");
}

/* An id that was given out stays, whatever older evidence turns up. */
static void
stays(struct graph *g)
{
	char id[ID_SIZE], want[ID_SIZE];
	uint32_t late;

	late = named(g, "email:late@x.org");
	g->keys[late].since = 100;
	g->keys[late].flags |= KEY_HANDED;
	ROW(g, 1, "email:early@x.org", "email:late@x.org");
	graph_resolve(g);
	graph_person_id(g, late, want);
	graph_person_id(g, graph_root(g, named(g, "email:early@x.org")), id);
	is_str(str_of(id), want, "the id that was given out");
	is_int(g->keys[late].since, 100, "and its age");
}

static bool
is_demoted(struct graph *g, const char *name, enum graph_why why)
{
	const struct graph_conflict *d = graph_conflict_of(g, named(g, name));

	return d != NULL && d->why == why &&
	       (g->keys[named(g, name)].flags & KEY_DEMOTED) != 0;
}

static void
kiosk(struct graph *g)
{
	ROW(g, 1, "cookie:k", "user:1");
	ROW(g, 2, "user:1", "email:a@x.org");
	ROW(g, 3, "cookie:k", "user:2");
	ROW(g, 4, "cookie:own", "user:2");
	graph_resolve(g);
	ok(!one(g, "user:1", "user:2"), "a kiosk's cookie joins nobody");
	ok(is_demoted(g, "cookie:k", WHY_LIMIT), "and that is said");
	ok(!one(g, "cookie:k", "user:1"), "not even the first");
	ok(one(g, "cookie:own", "user:2"), "a cookie of one does");
	ok(one(g, "email:a@x.org", "user:1"), "and so do others");
	graph_same(g, named(g, "user:1"), named(g, "user:2"));
	graph_resolve(g);
	ok(one(g, "user:1", "user:2") && one(g, "cookie:k", "user:1"),
	    "an operator knows better");
}

static void
chain_of_weaker(struct graph *g)
{
	ROW(g, 1, "user:1", "email:a@x.org");
	ROW(g, 2, "email:a@x.org", "tel:+4930123456");
	ROW(g, 3, "tel:+4930123456", "email:b@x.org");
	ROW(g, 4, "email:b@x.org", "user:2");
	graph_resolve(g);
	ok(!one(g, "user:1", "user:2"), "two ids are two people");
	ok(is_demoted(g, "tel:+4930123456", WHY_LIMIT),
	    "the weakest key gives way");
	ok(one(g, "user:1", "email:a@x.org") &&
		one(g, "user:2", "email:b@x.org"),
	    "the others stay");
}

static void
issuers(struct graph *g)
{
	ROW(g, 1, "user:shop/1", "user:forum/1");
	ROW(g, 2, "user:shop/1", "email:a@x.org");
	graph_resolve(g);
	ok(one(g, "email:a@x.org", "user:forum/1"),
	    "ids of two issuers are no conflict");
	ROW(g, 3, "email:a@x.org", "user:shop/2");
	graph_resolve(g);
	ok(!one(g, "user:shop/2", "user:shop/1"), "of one they are");
}

static void
too_many(struct graph *g)
{
	struct err e;
	char mail[32];
	unsigned held = 0;

	for (int i = 0; i < 7; i++) {
		snprintf(mail, sizeof(mail), "email:k%d@x.org", i);
		ROW(g, i, "slack:T/U1", mail);
	}
	graph_resolve(g);
	for (int i = 0; i < 7; i++) {
		snprintf(mail, sizeof(mail), "email:k%d@x.org", i);
		held += one(g, "slack:T/U1", mail);
	}
	is_int(held, 5, "the oldest five addresses stay");
	ok(one(g, "slack:T/U1", "email:k4@x.org"), "in their order");
	is_int(limits_set(&g->limits, STR("email=0"), &e), 0, "no limit");
	graph_resolve(g);
	ok(one(g, "slack:T/U1", "email:k6@x.org"), "takes all");
	is_int(limits_set(&g->limits, STR("email"), &e), -1, "what is none");
	is_int(limits_set(&g->limits, STR("email=-1"), &e), -1, "or below 0");
}

static void
number_of_many(struct graph *g)
{
	char mail[32], tel[32];

	for (int i = 0; i < 6; i++) {
		snprintf(mail, sizeof(mail), "email:k%d@x.org", i);
		snprintf(tel, sizeof(tel), "tel:+49300000%d", i);
		ROW(g, i, "tel:+4930123456", mail, tel);
	}
	graph_resolve(g);
	ok(is_demoted(g, "tel:+4930123456", WHY_LIMIT),
	    "a number beside six addresses joins nobody");
	ok(one(g, "tel:+493000001", "email:k1@x.org"), "their own do");
}

static void
profiles(struct graph *g)
{
	TYPED(g, 5, "user:1", "email:evil@x.org");
	TYPED(g, 3, "user:1", "email:a@x.org");
	TYPED(g, 4, "user:1", "tel:+4930123456");
	ROW(g, 9, "cookie:evil", "user:1");
	graph_resolve(g);
	ok(one(g, "user:1", "email:a@x.org") &&
		one(g, "user:1", "tel:+4930123456"),
	    "a profile gives one address and one number, the first");
	ok(!one(g, "user:1", "email:evil@x.org"), "and no other");
	is_int(g->conflict_n, 1, "which is said");
	is_int(g->conflicts[0].why, WHY_PROFILE, "with the reason");
	ROW(g, 20, "user:1", "customer:7");
	ROW(g, 20, "customer:7", "email:b@x.org");
	graph_resolve(g);
	ok(!one(g, "user:1", "email:a@x.org") &&
		one(g, "user:1", "email:b@x.org"),
	    "none where better evidence has one, however late");
	ROW(g, 30, "user:1", "email:a@x.org");
	graph_resolve(g);
	ok(one(g, "user:1", "email:a@x.org"), "which may be the same");
}

static void
typed_of_others(struct graph *g)
{
	ROW(g, 1, "user:1", "email:a@x.org");
	ROW(g, 1, "tel:+4930123456", "email:a@x.org");
	TYPED(g, 0, "user:2", "email:a@x.org");
	TYPED(g, 0, "user:3", "tel:+4930123457");
	TYPED(g, 1, "user:4", "tel:+4930123457");
	ROW(g, 1, "tel:+4930123457", "email:c@x.org");
	ROW(g, 2, "cookie:k", "user:1");
	ROW(g, 3, "cookie:k", "user:5");
	TYPED(g, 3, "user:5", "email:evil@x.org");
	graph_resolve(g);
	ok(one(g, "user:1", "email:a@x.org") &&
		one(g, "tel:+4930123456", "email:a@x.org"),
	    "what is somebody's stays theirs, whoever types it");
	ok(!one(g, "user:2", "email:a@x.org"), "and joins nobody to them");
	ok(!one(g, "user:3", "tel:+4930123457") &&
		!one(g, "user:4", "tel:+4930123457"),
	    "what stands in two profiles is in none");
	ok(one(g, "email:c@x.org", "tel:+4930123457"),
	    "but joins who was known by it before");
	ok(one(g, "user:5", "email:evil@x.org") && !one(g, "user:1", "user:5"),
	    "two at one kiosk have a profile each");
}

/* Keys that are known by way of others count, too. */
static void
order_of_keys(void)
{
	static const char *const rows[][3] = {
		{ "email:k77@x.org", "email:k68@x.org", NULL },
		{ "email:k94@x.org", "email:k68@x.org", "email:k14@x.org" },
		{ "email:k68@x.org", "email:k38@x.org", "email:k37@x.org" },
	};
	static const int64_t at[] = { 43, 30, 28 };

	for (int turn = 0; turn < 2; turn++) {
		struct graph g;

		graph_init(&g);
		for (int i = 0; i < 3; i++) {
			int n = turn == 0 ? i : 2 - i;

			ROW(&g, at[n], rows[n][0], rows[n][1], rows[n][2]);
		}
		graph_resolve(&g);
		ok(!one(&g, "email:k77@x.org", "email:k68@x.org"),
		    "the sixth address stays out, first or last");
		graph_release(&g);
	}
}

static void
other_names(struct graph *g)
{
	static const char *const rows[][2] = { { "anna keler", "a" },
		{ "ben keler", "b" }, { "anna keler", "c" } };

	for (size_t i = 0; i < 3; i++) {
		char mail[32];
		uint32_t name = graph_name_intern(g, str_of(rows[i][0]));

		snprintf(mail, sizeof(mail), "email:%s@x.org", rows[i][1]);
		ROW(g, (int64_t)i, "tel:+4930123456", mail);
		graph_named(g, named(g, "tel:+4930123456"), name, STR("m1"));
		graph_named(g, named(g, mail), name, STR("m1"));
	}
	graph_resolve(g);
	ok(is_demoted(g, "tel:+4930123456", WHY_NAMES),
	    "a number of two names joins nobody");
	ok(!one(g, "email:a@x.org", "email:b@x.org"), "they stay two");
	ok(!one(g, "email:a@x.org", "email:c@x.org"),
	    "nor is a name that is the same a key");
}

static bool
agree(const char *a, const char *b)
{
	struct arena arena = { 0 };
	struct str x = name_fold(str_of(a), &arena);
	struct str y = name_fold(str_of(b), &arena);
	bool got = names_agree(x, y);

	ok(got == names_agree(y, x), "either way");
	arena_release(&arena);
	return got;
}

static void
names(void)
{
	ok(agree("Anna Keller", "KELLER, Anna"), "order and case");
	ok(agree("Dr. Jörg Müller", "Joerg Mueller"), "titles and umlauts");
	ok(agree("A. Keller", "Anna Keller"), "an initial");
	ok(agree("Chris Okafor", "Christopher Okafor"), "a short form");
	ok(agree("Anna", "Anna Keller-Meier"), "a part");
	ok(agree("李 雷", "李 雷"), "other scripts");
	ok(!agree("Anna Keller", "Ben Keller"), "a family");
	ok(!agree("Anna Keller", "Hanna Keller"), "nearly the same");
	ok(!agree("李 雷", "王 雷"), "other families");
}

/* Each has a graph of its own. */
static void
in_graph(void (*test)(struct graph *g))
{
	struct graph g;

	graph_init(&g);
	test(&g);
	graph_release(&g);
}

int
main(void)
{
	any_order(false);
	any_order(true);
	parts();
	in_graph(guards);
	in_graph(operators);
	in_graph(stays);
	in_graph(kiosk);
	in_graph(chain_of_weaker);
	in_graph(issuers);
	in_graph(too_many);
	in_graph(number_of_many);
	order_of_keys();
	in_graph(profiles);
	in_graph(typed_of_others);
	in_graph(other_names);
	names();
	return done();
}
