/* Dialpad's calls and messages. */
#define FORMAT source_dialpad
#define FILE_NAME "calls.jsonl"
#include "source.h"
