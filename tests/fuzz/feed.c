/* Feeds. */
#define FORMAT source_feed
#define FILE_NAME "feed.xml"
#include "source.h"
