/* Logs of IRC. */
#define FORMAT source_irc
#define FILE_NAME "#kith_20260302.log"
#include "source.h"
