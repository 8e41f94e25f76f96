/* xCards. */
#define FORMAT source_xcard
#define FILE_NAME "cards.xml"
#include "source.h"
