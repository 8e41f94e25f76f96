/* Logs of push notifications. */
#define FORMAT source_push
#define FILE_NAME "push.jsonl"
#include "source.h"
