#ifndef KITH_CORE_BAN_H
#define KITH_CORE_BAN_H
/*
 * Functions of the C library that this project does not use, because each
 * has a safer form: struct buf, struct str, arena_printf, str_to_int,
 * str_split, time_parse.  The Makefile includes this file before every C
 * source; the ban works once the system's own headers have been read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets
#pragma GCC poison strtok strtok_r atoi atol atoll atof asctime ctime
#endif
