#include "live/pop3/account.h"

#include <stdlib.h>

#include "core/map.h"
#include "source/mail/mail.h"
#include "source/source.h"

#define IDS_BYTES ((size_t)48 << 20) /* of all ids, in the cursor */

struct listed {
	uint64_t number, size;
	struct str id; /* in the arena */
	bool read;
};

struct visit {
	struct pop3_account *account;
	struct live_store *store;
	struct sink *out;
	struct ingest ingest;
	struct connection *connection;
	struct pop3 client;
	struct VEC(struct listed) mails;
	struct arena arena;
	struct map read, tries; /* by id */
	struct buf mail;
};

static int
on_send(void *arg, struct str bytes, struct err *e)
{
	return connection_send(((struct visit *)arg)->connection, bytes, e);
}

static ptrdiff_t
on_recv(void *arg, void *p, size_t n, int wait_ms, struct err *e)
{
	return connection_recv(
	    ((struct visit *)arg)->connection, p, n, wait_ms, e);
}

static int
on_id(void *arg, uint64_t number, struct str id, struct err *e)
{
	struct visit *v = arg;

	(void)e;
	/* RFC 1939: bytes from ! to ~ alone, so that a blank divides them. */
	if (id.n > 0 && str_is_ascii(id) && str_chr(id, ' ') < 0)
		vec_add(&v->mails, (struct listed){ .number = number,
				       .id = arena_dup(&v->arena, id) });
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = ((const struct listed *)a)->number,
		 y = ((const struct listed *)b)->number;

	return x < y ? -1 : x > y;
}

static int
on_size(void *arg, uint64_t number, struct str size, struct err *e)
{
	struct visit *v = arg;
	struct listed key = { .number = number }, *m;
	int64_t n;

	(void)e;
	m = v->mails.n == 0 ? NULL
			    : bsearch(&key, v->mails.v, v->mails.n,
				  sizeof(*v->mails.v), by_number);
	if (m != NULL && str_to_int(size, &n) == 0 && n > 0)
		m->size = (uint64_t)n;
	return 0;
}

static int
list(struct visit *v, struct err *e)
{
	if (pop3_list(&v->client, "UIDL", on_id, v, e) != POP3_OK)
		return -1;
	if (v->mails.n == 0)
		return 0;
	qsort(v->mails.v, v->mails.n, sizeof(*v->mails.v), by_number);
	return pop3_list(&v->client, "LIST", on_size, v, e) == POP3_OK ? 0 : -1;
}

/* What the cursor has. */
static void
read_cursor(struct visit *v)
{
	struct str ids = cursor_get(&v->store->cursor, STR("read"));
	struct str holes = cursor_get(&v->store->cursor, STR("holes"));
	int64_t n;

	while (ids.n > 0)
		*map_put(&v->read, str_split(&ids, ' '), NULL) = 1;
	while (holes.n > 0) {
		struct str id = str_split(&holes, ' ');

		if (holes.p != NULL &&
		    str_to_int(str_split(&holes, ' '), &n) == 0 && n > 0)
			*map_put(&v->tries, id, NULL) = (uint64_t)n;
	}
	for (size_t i = 0; i < v->mails.n; i++)
		v->mails.v[i].read =
		    map_get(&v->read, v->mails.v[i].id) != NULL;
}

/* Of the mails that are there: those that were read, and holes. */
static int
settle(struct visit *v, struct err *e)
{
	struct buf ids, holes;
	int rc = 0;

	buf_init(&ids, IDS_BYTES);
	buf_init(&holes, IDS_BYTES);
	v->store->status.holes = 0;
	for (size_t i = 0; i < v->mails.n; i++) {
		const struct listed *m = &v->mails.v[i];
		const uint64_t *tries = map_get(&v->tries, m->id);

		if (m->read)
			buf_printf(&ids, "%s%.*s", ids.n > 0 ? " " : "",
			    STR_ARG(m->id));
		if (m->read || tries == NULL)
			continue;
		buf_printf(&holes, "%s%.*s %llu", holes.n > 0 ? " " : "",
		    STR_ARG(m->id), (unsigned long long)*tries);
		v->store->status.holes++;
	}
	if (ids.over || holes.over)
		rc = err_set(e, "more mails than a POP3 mailbox may have here; "
				"read it by IMAP");
	cursor_set(&v->store->cursor, STR("read"), buf_str(&ids));
	cursor_set(&v->store->cursor, STR("holes"), buf_str(&holes));
	if (rc == 0)
		rc = live_store_settle(v->store, e);
	if (rc == 0)
		rc = live_store_give(v->store, v->out, e);
	buf_release(&ids);
	buf_release(&holes);
	return rc;
}

/* One that the server does not give, for the how-manieth time? */
static int
not_given(struct visit *v, struct listed *m, struct err *e)
{
	uint64_t *tries = map_put(&v->tries, m->id, NULL);

	if (++*tries < POP3_TRIES)
		return 0;
	m->read = true;
	return ingest_reject(&v->ingest, m->id, e->msg, STR(""), e);
}

static int
read_one(struct visit *v, struct listed *m, struct err *e)
{
	bool large = m->size > v->ingest.max_item;
	struct mail_given given = {
		.at = m->id, .received = TIME_NONE, .flags_at = TIME_NONE
	};
	enum pop3_answer rc;
	uint64_t size;

	buf_reset(&v->mail);
	rc = pop3_retr(&v->client, m->number, large, &v->mail, &size, e);
	if (rc == POP3_BROKEN)
		return -1;
	if (rc == POP3_NO && !large)
		return not_given(v, m, e);
	m->read = true;
	if (large || size > v->ingest.max_item)
		return mail_given_reject(&v->ingest, m->id,
		    m->size > size ? m->size : size,
		    str_sub(buf_str(&v->mail), 0, 64 << 10), e);
	given.bytes = buf_str(&v->mail);
	return mail_given_item(&v->ingest, &given, e);
}

static int
read_mails(struct visit *v, struct err *e)
{
	const volatile sig_atomic_t *stop = v->account->signalled;
	uint64_t mails = 0, bytes = 0;

	for (size_t i = 0; i < v->mails.n; i++) {
		struct listed *m = &v->mails.v[i];
		bool fresh;

		/* Of two with one id the server says that they are the same. */
		*map_put(&v->read, m->id, &fresh) = 1;
		if (m->read || !fresh)
			continue;
		if (read_one(v, m, e) < 0)
			return -1;
		mails++;
		bytes += v->mail.n;
		if (mails < POP3_BATCH_MAILS && bytes < POP3_BATCH_BYTES)
			continue;
		if (settle(v, e) < 0)
			return -1;
		mails = bytes = 0;
		if (stop != NULL && *stop != 0)
			return 0;
	}
	return settle(v, e);
}

int
pop3_account_poll(struct pop3_account *a, struct live_store *store,
    const struct workspace *workspace, struct sink *out, struct err *e)
{
	struct visit v = {
		.account = a,
		.store = store,
		.out = out,
		.ingest = {
			.sink = journal_sink(&store->journal),
			.workspace = workspace,
			.file = a->url,
			.max_item = a->max_item,
			.format = source_format_named(STR("mail")),
		},
	};
	struct live_stream stream = { on_send, on_recv, &v };
	int rc;

	v.connection = oauth_connect(a->oauth, &a->login, e);
	if (v.connection == NULL)
		return -1;
	pop3_init(&v.client, &stream);
	buf_init(&v.mail, a->max_item);
	rc = list(&v, e);
	if (rc == 0) {
		read_cursor(&v);
		rc = read_mails(&v, e);
	}
	pop3_release(&v.client);
	connection_close(v.connection);
	buf_release(&v.mail);
	vec_release(&v.mails);
	map_release(&v.read);
	map_release(&v.tries);
	arena_release(&v.arena);
	return rc;
}
