/* jCards. */
#define FORMAT source_jcard
#define FILE_NAME "cards.json"
#include "source.h"
