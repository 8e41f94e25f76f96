/* Front's API and tables. */
#define FORMAT source_front
#define FILE_NAME "activities.csv"
#include "source.h"
