/* Skype's and Teams's personal data. */
#define FORMAT source_skype
#define FILE_NAME "messages.json"
#include "source.h"
