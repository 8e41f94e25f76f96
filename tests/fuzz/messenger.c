/* Downloads of Messenger and Instagram. */
#define FORMAT source_messenger
#define FILE_NAME "message_1.json"
#include "source.h"
