/* Asterisk's channel events. */
#define FORMAT source_asterisk_cel
#define FILE_NAME "Master.csv"
#include "source.h"
