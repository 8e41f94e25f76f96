/*
 * Tables: header, quotes, charsets, rows that do not end.
 */
#define FORMAT source_csv
#define FILE_NAME "a.csv"
#include "source.h"
