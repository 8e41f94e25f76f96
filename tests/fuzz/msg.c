/* Messages of Outlook's, in compound files. */
#define FORMAT source_msg
#define FILE_NAME "offer.msg"
#include "source.h"
