/* Freshdesk: objects and the agents' table. */
#define FORMAT source_freshdesk
#define FILE_NAME "tickets.json"
#include "source.h"
