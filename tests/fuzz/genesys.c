/* Genesys Cloud's conversations. */
#define FORMAT source_genesys
#define FILE_NAME "conversations.json"
#include "source.h"
