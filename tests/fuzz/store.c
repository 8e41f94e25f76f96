/* Tables of tills and of visits. */
#define FORMAT source_store
#define FILE_NAME "sales.csv"
#include "source.h"
