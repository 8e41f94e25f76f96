/*
 * Slack: a day's file, or one of the others told by its items.
 */
#define FORMAT source_slack
#define FILE_NAME "export/support/2024-06-03.json"
#include "source.h"
