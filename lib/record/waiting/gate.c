#include "record/waiting/gate.h"

#include "core/time.h"
#include "record/fields.h"

void
gate_see(struct gate *g, struct record *r)
{
	int64_t t;

	if (!g->came)
		g->newest = TIME_NONE;
	g->came = true;
	if (g->fresh == 0)
		return;
	t = record_time(r);
	if (t > g->newest && t <= g->now + TIME_DAY)
		g->newest = t;
}

/* Every answer of ours was taken for a customer's. */
static int
judge_us(const struct us *u, struct err *e)
{
	struct buf text;
	int rc = 0;

	buf_init(&text, sizeof(e->msg));
	if (!u->fits && us_misfits(u, &text))
		rc = err_set(e, "%s: %s", u->config->path, buf_cstr(&text));
	buf_release(&text);
	return rc;
}

static int
judge_age(const struct gate *g, struct err *e)
{
	char at[TIME_SIZE], fresh[TIME_SIZE];

	if (g->fresh == 0 ||
	    (g->newest != TIME_NONE && g->newest >= g->now - g->fresh))
		return 0;
	duration_format(g->fresh, fresh);
	if (g->newest == TIME_NONE)
		return err_set(e,
		    "no record has a time that has come, so none is known to "
		    "be younger than --fresh %s",
		    fresh);
	time_format(g->newest, at);
	return err_set(e,
	    "the newest record is of %s, older than --fresh %s: are new ones "
	    "still fetched?",
	    at, fresh);
}

int
gate_judge(const struct gate *g, const struct pipeline *p, struct err *e)
{
	if (!g->came && g->known)
		return judge_age(g, e);
	if (!g->came)
		return err_set(e,
		    "no record came, so who waits is not known: see what "
		    "failed before");
	if (judge_us(&p->us, e) != 0)
		return -1;
	us_warn(&p->us);
	if (!p->had)
		return err_set(e,
		    "no record has a conversation, so who waits is not known: "
		    "run them through kith identify and kith merge first");
	return judge_age(g, e);
}
