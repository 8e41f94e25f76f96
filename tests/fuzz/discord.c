/* Messages of Discord. */
#define FORMAT source_discord
#define FILE_NAME "channel.json"
#include "source.h"
