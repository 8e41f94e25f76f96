/* Chatwoot's conversations and webhooks. */
#define FORMAT source_chatwoot
#define FILE_NAME "conversations.json"
#include "source.h"
