/* What services report of mail. */
#define FORMAT source_mail_events
#define FILE_NAME "events.json"
#include "source.h"
