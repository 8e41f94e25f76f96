/* LiveChat's chats. */
#define FORMAT source_livechat
#define FILE_NAME "archives.json"
#include "source.h"
