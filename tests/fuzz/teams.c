/* Microsoft Teams. */
#define FORMAT source_teams
#define FILE_NAME "messages.json"
#include "source.h"
