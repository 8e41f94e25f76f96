/*
 * Mail: single files (eml), mailboxes (mbox) and Maildir folders.  An item is
 * the raw mail, as text or base64, with the From_ line (`envelope`) or the
 * flags of its Maildir name beside.
 */
#include "source/mail/mail.h"

#include "core/io/stream.h"
#include "core/text/ascii.h"
#include "source/mail/apple.h"
#include "source/mail/mbox.h"

static const char apple_index[] = "table_of_contents";
static const struct str bom = { "\xef\xbb\xbf", 3 };

/* Where a file of its own stands, and what is known of it beside. */
struct single {
	struct str flags; /* of its Maildir name; absent */
	struct apple *apple; /* of the tree, or NULL */
	struct tree *tree;
	const char *name; /* in the tree */
};

/* One raw mail into a native record. */
static int
item(struct ingest *in, uint64_t at, struct str bytes, struct str envelope,
    struct err *e)
{
	char place[STR_COUNT];
	struct writer *w = ingest_item(in, str_count(place, '\0', at));

	write_object(w);
	ingest_bytes(w, bytes);
	write_member(w, "envelope", envelope);
	write_object_end(w);
	return ingest_item_end(in, e);
}

/* The same of a file of its own, which may be one of Apple Mail's. */
static int
item_of_file(
    struct ingest *in, struct str file, const struct single *s, struct err *e)
{
	struct writer *w = ingest_item(in, STR("0"));
	struct str mail = apple_mail(file);
	int64_t flags = apple_flags(file);

	write_object(w);
	ingest_bytes(w, mail);
	write_member(w, "maildirFlags", s->flags);
	if (flags >= 0)
		write_member_int(w, "appleFlags", flags);
	if (s->apple != NULL && apple_has_parts(s->apple, s->name)) {
		write_key(w, "parts");
		write_list(w);
		apple_write_parts(
		    s->apple, s->tree, s->name, in->max_item - mail.n, w);
		write_list_end(w);
	}
	write_object_end(w);
	return ingest_item_end(in, e);
}

int
mail_given_item(struct ingest *in, const struct mail_given *m, struct err *e)
{
	struct writer *w = ingest_item(in, m->at);

	write_object(w);
	ingest_bytes(w, m->bytes);
	write_member_strs(w, "imapFlags", m->flags, m->flag_count);
	write_member_time(w, "flagsAt", m->flags_at);
	write_member_strs(w, "labels", m->labels, m->label_count);
	write_member(w, "thread", m->thread);
	write_member_time(w, "internalDate", m->received);
	write_object_end(w);
	return ingest_item_end(in, e);
}

int
mail_given_reject(struct ingest *in, struct str at, uint64_t whole,
    struct str head, struct err *e)
{
	char why[128];

	snprintf(why, sizeof(why),
	    "a mail of %" PRIu64 " bytes; --max-item sets the bound, which is "
	    "%zu",
	    whole, in->max_item);
	return ingest_reject(in, at, why, head, e);
}

int
mail_too_large(struct ingest *in, uint64_t at, struct str bytes, struct err *e)
{
	char place[STR_COUNT], why[96];

	snprintf(why, sizeof(why),
	    "a mail of more than %zu bytes; --max-item sets the bound",
	    in->max_item);
	return ingest_reject(in, str_count(place, '\0', at), why, bytes, e);
}

static int
drain(struct ingest *in, struct mbox *m, struct err *e)
{
	struct mbox_item mail;
	int rc = 0;

	while (rc == 0 && mbox_next(m, &mail) == 1)
		rc = mail.over
			 ? mail_too_large(in, mail.at, mail.bytes, e)
			 : item(in, mail.at, mail.bytes, mail.envelope, e);
	return rc;
}

static int
read_mbox(struct ingest *in, struct input *file, struct str head, struct err *e)
{
	struct str block;
	struct mbox m;
	int rc;

	mbox_init(&m, head, in->max_item);
	while ((rc = input_block(file, &block, e)) == 1) {
		mbox_feed(&m, block);
		rc = drain(in, &m, e);
		if (rc < 0)
			break;
	}
	if (rc == 0) {
		mbox_finish(&m);
		rc = drain(in, &m, e);
	}
	mbox_release(&m);
	return rc;
}

/* The whole file is one mail. */
static int
read_single(struct ingest *in, struct input *file, const struct single *s,
    struct err *e)
{
	struct buf bytes;
	struct str block;
	int rc;

	buf_init(&bytes, in->max_item);
	while ((rc = input_block(file, &block, e)) == 1)
		if (buf_add_str(&bytes, block) < 0) {
			rc = mail_too_large(in, 0, buf_str(&bytes), e);
			buf_release(&bytes);
			return rc;
		}
	if (rc == 0)
		rc = item_of_file(in, buf_str(&bytes), s, e);
	buf_release(&bytes);
	return rc;
}

/* What mail programs keep in a form of their own, and what turns it into
 * mail; NULL where the file is none of it. */
static const char *
foreign(struct str head)
{
	static const struct {
		struct str magic;
		const char *why;
	} known[] = {
		{ { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8 },
		    "an Outlook message (.msg) or another OLE file: it is "
		    "none of the format mail, -f msg reads it" },
		{ { "!BDN", 4 },
		    "an Outlook mailbox (.pst, .ost): it is none of the "
		    "format mail, -f pst reads it" },
		{ { "\xcf\xad\x12\xfe", 4 },
		    "an Outlook Express mailbox (.dbx); readdbx or undbx "
		    "makes mail of it" },
		{ { "\x78\x9f\x3e\x22", 4 },
		    "an attachment in TNEF (winmail.dat); tnef takes it "
		    "apart" },
		{ { "BABYL OPTIONS:", 14 },
		    "an Emacs mailbox (Babyl); b2m or Rmail makes mbox of "
		    "it" },
		{ { "\1\1\1\1\n", 5 },
		    "a mailbox in MMDF; formail or mutt makes mbox of it" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_starts(head, known[i].magic))
			return known[i].why;
	return NULL;
}

static int
mail_read(struct ingest *in, struct input *file, struct err *e)
{
	static const struct single alone = { 0 };
	struct str head;

	if (input_peek(file, STREAM_BLOCK, &head, e) < 0)
		return -1;
	if (mbox_start(head) != SIZE_MAX)
		return read_mbox(in, file, head, e);
	if (foreign(head) != NULL)
		return ingest_reject(in, STR("0"), foreign(head), head, e);
	return read_single(in, file, &alone, e);
}

size_t
mail_field_name(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] > ' ' && line.p[n] < 127 &&
	       line.p[n] != ':')
		n++;
	return n < line.n && line.p[n] == ':' ? n : 0;
}

/* How many of the header's lines are fields that every mail program knows. */
static int
known_fields(struct str head)
{
	static const char *const names[] = { "From", "To", "Cc", "Subject",
		"Date", "Received", "Return-Path", "Delivered-To", "Message-ID",
		"MIME-Version", "Content-Type", "Content-Transfer-Encoding",
		"Reply-To", "In-Reply-To", "References", "X-Mailer",
		"DKIM-Signature", "Sender", "X-Original-To", "Resent-From",
		"Bcc", NULL };
	int found = 0, lines = 0;
	struct str rest = head, line;

	while (rest.p != NULL && lines++ < 200) {
		size_t n;

		line = str_line(&rest);
		if (line.n == 0)
			break;
		if (ascii_is_blank(line.p[0]))
			continue;
		n = mail_field_name(line);
		if (n == 0 && lines > 1)
			break;
		for (size_t i = 0; names[i] != NULL; i++)
			if (str_eq_nocase(
				str_sub(line, 0, n), str_of(names[i])))
				found++;
	}
	return found;
}

static int
mail_sniff(const char *base_name, struct str head)
{
	bool named = str_ends_nocase(str_of(base_name), STR(".eml")) ||
		     str_ends_nocase(str_of(base_name), STR(".emlx"));
	int known;

	if (mbox_start(head) != SIZE_MAX)
		return 95;
	/* Nothing else reads them; a folder of them says what to do. */
	if (foreign(head) != NULL)
		return 50;
	head = apple_mail(head);
	if (str_starts(head, bom))
		head = str_sub(head, bom.n, head.n);
	while (head.n > 0 && ascii_is_in(head.p[0], "\r\n"))
		head = str_sub(head, 1, head.n);
	known = known_fields(head);
	if (known >= 2)
		return named ? 95 : 85;
	if (known == 1)
		return named ? 90 : 40;
	return named ? 60 : 0;
}

/* "cur", "new" or "tmp" where the file stands in such a folder. */
static struct str
maildir_folder(const char *name)
{
	struct str path = str_of(name), dir;
	ptrdiff_t slash = str_rchr(path, '/');

	if (slash < 0)
		return STR_NONE;
	dir = str_sub(path, 0, (size_t)slash);
	slash = str_rchr(dir, '/');
	dir = str_sub(dir, (size_t)(slash + 1), dir.n);
	return str_is(dir, "cur") || str_is(dir, "new") || str_is(dir, "tmp")
		   ? dir
		   : STR_NONE;
}

/* "RS" of "1204680122.27c448.host:2,RS"; absent where there are none. */
static struct str
maildir_flags(const char *name)
{
	struct str s = str_of(name);
	ptrdiff_t comma = str_rchr(s, ',');
	struct str flags = str_sub(s, (size_t)(comma + 1), s.n);

	if (comma < 2 || s.p[comma - 1] != '2' || flags.n == 0)
		return STR_NONE;
	for (size_t i = 0; i < flags.n; i++)
		if (flags.p[i] < 'A' || flags.p[i] > 'z')
			return STR_NONE;
	return flags;
}

/* A folder of Apple Mail's export: `mbox`, and an index beside. */
static bool
is_apple_folder(const char *const *names, size_t n)
{
	bool mbox = false, index = false;

	for (size_t i = 0; i < n; i++) {
		mbox = mbox || strcmp(names[i], "mbox") == 0;
		index = index || strcmp(names[i], apple_index) == 0;
	}
	return mbox && index;
}

static int
mail_sniff_tree(const char *const *names, size_t n)
{
	size_t inside = 0;

	for (size_t i = 0; i < n; i++)
		inside += maildir_folder(names[i]).p != NULL;
	return inside * 2 > n || is_apple_folder(names, n) ||
		       apple_is_tree(names, n)
		   ? 90
		   : 0;
}

/* What mail servers and programs keep beside mails. */
static bool
is_companion(const char *name)
{
	const char *slash = strrchr(name, '/');
	struct str base = str_of(slash == NULL ? name : slash + 1);

	return str_starts(base, STR("dovecot")) ||
	       str_starts(base, STR("courierimap")) ||
	       str_starts(base, STR("courierpop3")) ||
	       str_is(base, apple_index) || str_is(base, "maildirfolder") ||
	       str_is(base, "maildirsize") || str_is(base, "subscriptions");
}

static int
single_file(struct ingest *in, const struct single *s, struct err *e)
{
	const char *outer = in->file;
	struct input *file = tree_input(s->tree, in->max_item, e);
	struct buf path;
	int rc;

	if (file == NULL)
		return -1;
	buf_init(&path, 64 << 10);
	buf_printf(&path, "%s/%s", tree_name(s->tree), s->name);
	in->file = buf_cstr(&path);
	rc = read_single(in, file, s, e);
	in->file = outer;
	buf_release(&path);
	input_close(file);
	return rc;
}

static int
mail_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e)
{
	const char *name;
	struct err why;
	int got, rc = 0;

	if (*kept == NULL && (*kept = apple_new(tree, in->max_item, e)) == NULL)
		return -1;
	while (rc == 0 && (got = tree_next(tree, &name, &why)) != 0) {
		struct single s = {
			.apple = *kept, .tree = tree, .name = name
		};
		struct str dir;

		if (got < 0) {
			rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
			continue;
		}
		dir = maildir_folder(name);
		/* tmp holds what is still being delivered. */
		if (str_is(dir, "tmp") ||
		    (dir.p == NULL && is_companion(name)) ||
		    apple_is_part(*kept, name))
			continue;
		*other = name;
		if (dir.p != NULL)
			s.flags = maildir_flags(name);
		rc = dir.p != NULL || apple_has_parts(*kept, name)
			 ? single_file(in, &s, e)
			 : TREE_SOURCE;
	}
	return rc;
}

static void
mail_release_tree(void *kept)
{
	apple_free(kept);
}

const struct source_format source_mail = {
	.name = "mail",
	.about = "mail: .eml files, mbox of all kinds, Maildir folders",
	.sniff = mail_sniff,
	.read = mail_read,
	.sniff_tree = mail_sniff_tree,
	.read_tree = mail_read_tree,
	.release_tree = mail_release_tree,
	.normalize = mail_normalize,
	.verifiable = true,
	.release = mail_release,
};

int
mail_remade(struct ingest *in, struct str mail, struct str flags, struct err *e)
{
	struct writer *w;

	in->format = &source_mail;
	w = ingest_item(in, STR("0"));
	write_object(w);
	ingest_bytes(w, mail);
	if (flags.n > 0)
		write_member(w, "maildirFlags", flags);
	write_member_raw(w, "remade", STR("true"));
	write_object_end(w);
	return ingest_item_end(in, e);
}
