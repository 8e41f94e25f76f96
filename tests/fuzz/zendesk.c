/* Zendesk: objects and tables. */
#define FORMAT source_zendesk
#define FILE_NAME "tickets.json"
#include "source.h"
