/* vCons. */
#define FORMAT source_vcon
#define FILE_NAME "a.vcon.json"
#include "source.h"
