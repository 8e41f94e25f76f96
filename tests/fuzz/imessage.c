/* Apple's chat.db, from memory. */
#define FORMAT source_imessage
#define FILE_NAME "chat.db"
#include "source.h"
