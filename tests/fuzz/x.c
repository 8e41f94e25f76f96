/* Direct messages of X. */
#define FORMAT source_x
#define FILE_NAME "direct-messages.js"
#include "source.h"
