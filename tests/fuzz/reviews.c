/* Reviews. */
#define FORMAT source_reviews
#define FILE_NAME "reviews.json"
#include "source.h"
