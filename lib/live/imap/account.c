#include "live/imap/account.h"

#include "core/diag.h"
#include "live/imap/told.h"
#include "source/source.h"

static int
on_send(void *arg, struct str bytes, struct err *e)
{
	return connection_send(
	    ((struct imap_account *)arg)->connection, bytes, e);
}

static ptrdiff_t
on_recv(void *arg, void *p, size_t n, int wait_ms, struct err *e)
{
	return connection_recv(
	    ((struct imap_account *)arg)->connection, p, n, wait_ms, e);
}

void
imap_account_close(struct imap_account *a)
{
	if (a->connection == NULL)
		return;
	imap_logout(&a->client);
	connection_close(a->connection);
	imap_release(&a->client);
	imap_folders_release(&a->folders);
	a->connection = NULL;
	a->waiting = false;
}

static int
find_folders(struct imap_account *a, struct err *e)
{
	struct str one = str_of(a->folder);
	struct workspace_list only = { &one, 1 };

	return imap_find_folders(&a->client,
		   a->folder != NULL ? &only : a->patterns, &a->folders,
		   e) == IMAP_OK
		   ? 0
		   : -1;
}

static int
connect_account(struct imap_account *a, struct err *e)
{
	struct live_stream stream = { on_send, on_recv, a };
	enum imap_answer rc;

	a->connection = oauth_connect(a->oauth, &a->login, e);
	if (a->connection == NULL)
		return -1;
	imap_init(&a->client, &stream, a->max_item);
	rc = imap_ask_capabilities(&a->client, e);
	if (rc == IMAP_OK)
		rc = imap_enable(&a->client, e);
	if (rc == IMAP_OK && find_folders(a, e) == 0)
		return 0;
	imap_account_close(a);
	return -1;
}

static int
read_folder(struct imap_account *a, struct imap_reading *r,
    const struct imap_found *f, bool *refused, struct err *e)
{
	struct buf where;
	enum imap_answer rc;

	buf_init(&where, 1 << 20);
	buf_printf(&where, "%s/%s", a->url, f->shown);
	rc = imap_read_folder(r, str_of(f->name), str_of(f->shown),
	    buf_cstr(&where), &r->store->status.holes, e);
	if (rc == IMAP_NO) {
		*refused = true;
		diag(DIAG_ERROR, a->name, "folder '%s': %s", f->shown, e->msg);
	}
	if (rc == IMAP_OK && r->anew != NULL)
		diag(DIAG_NOTE, a->name, "folder '%s': %s", f->shown, r->anew);
	buf_release(&where);
	return rc == IMAP_BROKEN ? -1 : 0;
}

static int
read_folders(struct imap_account *a, struct live_store *store,
    const struct workspace *workspace, struct sink *out, struct err *e)
{
	struct imap_reading r = {
		.client = &a->client,
		.store = store,
		.out = out,
		.ingest = {
			.sink = journal_sink(&store->journal),
			.workspace = workspace,
			.max_item = a->max_item,
			.format = source_format_named(STR("mail")),
		},
		.now = a->now,
		.signalled = a->signalled,
	};
	bool refused = false;

	store->status.holes = 0;
	for (size_t i = 0; i < a->folders.n; i++)
		if (read_folder(a, &r, &a->folders.v[i], &refused, e) < 0)
			return -1;
	return refused ? err_set(e, "the server does not open every folder")
		       : 0;
}

static int
stop_waiting(struct imap_account *a, struct err *e)
{
	if (!a->waiting)
		return 0;
	a->waiting = false;
	a->client.on_mail = NULL;
	a->client.wait_ms = IMAP_DONE_MS;
	if (imap_idle_end(&a->client, e) != IMAP_OK)
		return -1;
	a->client.wait_ms = IMAP_WAIT_MS;
	return 0;
}

int
imap_account_poll(struct imap_account *a, struct live_store *store,
    const struct workspace *workspace, struct sink *out, struct err *e)
{
	if (a->connection == NULL && connect_account(a, e) < 0)
		return -1;
	if (stop_waiting(a, e) == 0 &&
	    read_folders(a, store, workspace, out, e) == 0)
		return 0;
	imap_account_close(a);
	return -1;
}

/* Flags that matter are news, too. */
static int
on_flags(void *arg, const struct imap_mail *m, struct err *e)
{
	struct imap_account *a = arg;

	(void)e;
	a->client.box.news |=
	    a->client.box.modseq != 0 && told_marks(&m->flags) != 0;
	return 0;
}

int
imap_account_wait(struct imap_account *a, int *seconds, struct err *e)
{
	bool one = a->folders.n == 1;
	enum imap_answer rc;

	*seconds = IMAP_POLL_SECONDS;
	if ((a->client.capabilities & IMAP_IDLE) == 0)
		return 0;
	/* It was another that was opened last. */
	rc = one ? IMAP_OK
		 : imap_examine(
		       &a->client, str_of(a->folders.v[0].name), NULL, e);
	a->client.arg = a;
	a->client.on_mail = on_flags;
	/* What came since the folder was opened is news already. */
	if (rc == IMAP_OK)
		rc = imap_idle(&a->client, e);
	if (rc == IMAP_BROKEN) {
		imap_account_close(a);
		return -1;
	}
	a->waiting = rc == IMAP_OK;
	if (a->waiting && one)
		*seconds = IMAP_IDLE_SECONDS;
	return 0;
}

int
imap_account_look(struct imap_account *a, struct err *e)
{
	int rc = 1;

	while (a->waiting && rc > 0 && !a->client.box.news)
		rc = imap_idle_look(&a->client, e);
	if (rc < 0) {
		imap_account_close(a);
		return -1;
	}
	return a->waiting && a->client.box.news;
}
