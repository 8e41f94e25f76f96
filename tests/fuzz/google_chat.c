/* Google Chat. */
#define FORMAT source_google_chat
#define FILE_NAME "messages.json"
#include "source.h"
