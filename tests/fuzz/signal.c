/* Signal. */
#define FORMAT source_signal
#define FILE_NAME "chat.md"
#include "source.h"
