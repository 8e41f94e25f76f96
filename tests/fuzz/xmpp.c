/* Archives of XMPP. */
#define FORMAT source_xmpp
#define FILE_NAME "mam.xml"
#include "source.h"
