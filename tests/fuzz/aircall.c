/* Aircall's calls. */
#define FORMAT source_aircall
#define FILE_NAME "calls.csv"
#include "source.h"
