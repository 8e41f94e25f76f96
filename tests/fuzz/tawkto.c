/* tawk.to's chats and tickets. */
#define FORMAT source_tawkto
#define FILE_NAME "export.json"
#include "source.h"
