/* Matrix. */
#define FORMAT source_matrix
#define FILE_NAME "export.json"
#include "source.h"
