/* Intercom: objects and tables. */
#define FORMAT source_intercom
#define FILE_NAME "conversations.json"
#include "source.h"
