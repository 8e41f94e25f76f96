/*
 * Segment calls.
 */
#define FORMAT source_segment
#define FILE_NAME "calls.json"
#include "source.h"
