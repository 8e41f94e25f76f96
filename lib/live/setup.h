#ifndef KITH_LIVE_SETUP_H
#define KITH_LIVE_SETUP_H
/*
 * SPOOL/hook.conf of the workspace's sources, for kith-hook.
 */
#include "workspace/workspace.h"

/*
 * Writes it, whole or not at all, readable by nobody else, with what stands in
 * the files of secrets; the folder is made.  0 with how many sources have
 * hooks in it, or -1: e is the last fault, and each before was told.
 */
int live_hook_setup(const struct workspace *c,
    void (*tell)(void *arg, const char *fault), void *arg, size_t *hooks,
    struct err *e);

#endif
