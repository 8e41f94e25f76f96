/* Crisp's messages. */
#define FORMAT source_crisp
#define FILE_NAME "messages.json"
#include "source.h"
