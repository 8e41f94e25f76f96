/* Telegram's exports. */
#define FORMAT source_telegram
#define FILE_NAME "result.json"
#include "source.h"
