/* Gorgias' tickets and messages. */
#define FORMAT source_gorgias
#define FILE_NAME "others.jsonl"
#include "source.h"
