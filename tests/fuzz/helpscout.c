/* Help Scout's conversations and threads. */
#define FORMAT source_helpscout
#define FILE_NAME "conversations.json"
#include "source.h"
