#ifndef KITH_JQ_HOME_H
#define KITH_JQ_HOME_H
/*
 * A getenv(3) of ours in front of libc's, for the program and the libraries
 * that it loads: by it a thread is without a home folder for a while, for
 * libraries that read files there unasked and can be told in no other way.
 * The environment itself is never touched, and other threads see no difference.
 */
#include <stdbool.h>

/* From now on HOME is, to the calling thread, a place that has no files. */
void home_hide(bool hidden);

#endif
