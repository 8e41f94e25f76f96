/*
 * Mails that Outlook saved (.msg): each becomes the mail that it was, an item
 * of the format mail.  What is in a calendar, an address book or a chat is
 * none.
 */
#include "source/mail/mail.h"
#include "source/msg/message.h"

enum {
	IS_READ = 1, /* of MAPI_FLAGS */
	UNSENT = 8,
};

static int
msg_sniff(const char *base_name, struct str head)
{
	/* What each message has, and no other document. */
	static const struct str mark = { "_\0_\0p\0r\0o\0p\0e\0r\0t\0i\0e\0s\0"
					 "_\0v\0e\0r\0s\0i\0o\0n\0",
		40 };

	if (!cfb_is(head))
		return 0;
	if (str_find(head, mark) >= 0)
		return 95;
	return str_ends_nocase(str_of(base_name), STR(".msg")) ? 90 : 60;
}

/* What is no mail, by the beginning of its class. */
static const char *no_mail(struct str class)
{
	static const struct {
		struct str class;
		const char *why;
	} table[] = {
		{ { "IPM.Appointment", 15 },
		    "an appointment of Outlook's calendar, no message" },
		{ { "IPM.OLE.CLASS", 13 },
		    "an exception of a series in Outlook's calendar, no "
		    "message" },
		{ { "IPM.Contact", 11 },
		    "a contact of Outlook's, no message; saved as vCard "
		    "(.vcf) it is read" },
		{ { "IPM.DistList", 12 },
		    "a list of contacts of Outlook's, no message" },
		{ { "IPM.AbchPerson", 14 },
		    "a contact of Outlook's, no message; saved as vCard "
		    "(.vcf) it is read" },
		{ { "IPM.Task", 8 }, "a task of Outlook's, no message" },
		{ { "IPM.StickyNote", 14 }, "a note of Outlook's, no message" },
		{ { "IPM.Activity", 12 },
		    "a journal entry of Outlook's, no message" },
		{ { "IPM.Configuration", 17 },
		    "settings of Outlook's, no message" },
		{ { "IPM.Document", 12 },
		    "a document in a folder of Outlook's, no message" },
		{ { "IPM.SkypeTeams", 14 },
		    "a message of Teams, kept for compliance, no mail; an "
		    "export of Teams is read (format teams)" },
		{ { "IPM.Note.Microsoft.Conversation", 31 },
		    "a conversation of Skype for Business or Lync as a "
		    "transcript, no mail" },
		{ { "IPM.Note.Microsoft.Missed", 25 },
		    "a note that a conversation was missed, no mail" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (str_starts_nocase(class, table[i].class) &&
		    (class.n == table[i].class.n ||
			class.p[table[i].class.n] == '.'))
			return table[i].why;
	return NULL;
}

/* Marks that Outlook keeps beside a mail, in the letters of a Maildir. */
static struct str
flags_of(const struct mapi *m, char letters[2])
{
	size_t n = 0;
	int64_t flags;

	if (!mapi_number(m, MAPI_FLAGS, &flags))
		return STR_NONE;
	if ((flags & UNSENT) != 0)
		letters[n++] = 'D';
	if ((flags & IS_READ) != 0)
		letters[n++] = 'S';
	return str_make(letters, n);
}

static int
convert(struct ingest *in, struct msg *g, struct str file, struct err *e)
{
	struct cfb *c = &g->file.cfb;
	struct mapi m;
	struct err why;
	const char *other;
	char letters[2];

	if (cfb_open(c, file, g->file.arena, &why) < 0)
		return ingest_reject(in, STR("0"), why.msg, file, e);
	if (cfb_find(c, CFB_ROOT, STR("__properties_version1.0")) == CFB_NONE)
		return ingest_reject(in, STR("0"),
		    "an OLE file that is no message of Outlook's: a document "
		    "of Word or Excel, an installer",
		    file, e);
	mapi_open(&m, &g->file, CFB_ROOT, MAPI_TOP, 0);
	other = no_mail(mapi_line(&m, MAPI_CLASS));
	if (other != NULL)
		return ingest_reject(in, STR("0"), other, file, e);
	msg_put(g, &m);
	if (g->file.bad)
		return ingest_reject(in, STR("0"), g->file.why.msg, file, e);
	return g->out->over
		   ? mail_too_large(in, 0, file, e)
		   : mail_remade(in, buf_str(g->out), flags_of(&m, letters), e);
}

static int
msg_read(struct ingest *in, struct input *file, struct err *e)
{
	struct arena arena = { 0 };
	struct buf bytes, out;
	struct msg g = { .file.arena = &arena, .out = &out };
	struct str block;
	int rc = 0;

	buf_init(&bytes, in->max_item);
	buf_init(&out, in->max_item);
	while (!bytes.over && (rc = input_block(file, &block, e)) == 1)
		(void)buf_add_str(&bytes, block);
	if (rc >= 0)
		rc = bytes.over ? mail_too_large(in, 0, buf_str(&bytes), e)
				: convert(in, &g, buf_str(&bytes), e);
	buf_release(&bytes);
	buf_release(&out);
	arena_release(&arena);
	return rc;
}

const struct source_format source_msg = {
	.name = "msg",
	.about = "mails that Outlook saved (.msg)",
	.sniff = msg_sniff,
	.read = msg_read,
	.apart = true,
	.binary = true,
};
