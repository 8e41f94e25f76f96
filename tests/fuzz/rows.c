/* JSON of any program: lists, objects, lines. */
#define FORMAT source_json
#define FILE_NAME "rows.json"
#include "source.h"
