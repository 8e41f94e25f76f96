/* Mailboxes and single mails, all the way to records. */
#define FORMAT source_mail
#define FILE_NAME "inbox.mbox"
#include "source.h"
