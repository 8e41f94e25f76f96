/* FreeSWITCH's records of calls. */
#define FORMAT source_freeswitch
#define FILE_NAME "a.cdr.json"
#include "source.h"
