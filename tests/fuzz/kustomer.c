/* Kustomer's objects. */
#define FORMAT source_kustomer
#define FILE_NAME "hooks.jsonl"
#include "source.h"
