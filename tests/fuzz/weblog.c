/* Access logs of web servers. */
#define FORMAT source_weblog
#define FILE_NAME "access.log"
#include "source.h"
