/* Call detail records. */
#define FORMAT source_cdr
#define FILE_NAME "Master.csv"
#include "source.h"
