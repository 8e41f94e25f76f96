/* Amazon Connect's contacts and transcripts. */
#define FORMAT source_connect
#define FILE_NAME "chat.json"
#include "source.h"
