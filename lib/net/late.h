#ifndef KITH_NET_LATE_H
#define KITH_NET_LATE_H
/*
 * libcurl, loaded when the first live source is asked for: linked, it and the
 * libraries that it brings are 8 of the 11 ms that a filter takes to start.
 */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "core/err.h"
#include "net/wait.h"

#define NET_LATE_FUNCTIONS(X)       \
	X(curl_global_init)         \
	X(curl_easy_init)           \
	X(curl_easy_cleanup)        \
	X(curl_easy_reset)          \
	X(curl_easy_setopt)         \
	X(curl_easy_getinfo)        \
	X(curl_easy_send)           \
	X(curl_easy_recv)           \
	X(curl_easy_strerror)       \
	X(curl_multi_init)          \
	X(curl_multi_cleanup)       \
	X(curl_multi_add_handle)    \
	X(curl_multi_remove_handle) \
	X(curl_multi_perform)       \
	X(curl_multi_poll)          \
	X(curl_multi_info_read)     \
	X(curl_slist_append)        \
	X(curl_slist_free_all)

struct net_late {
	void *handle;
#define X(f) __typeof__(f) *f;
	NET_LATE_FUNCTIONS(X)
#undef X
};

/* NULL where it is not there, with the mend. */
const struct net_late *net_late(struct err *e);
/*
 * curl_easy_perform of a handle, which is in the multi handle afterwards, with
 * looks while it waits (w may be NULL).  0 with what came of it in *code; -1
 * where a look ends it.
 */
int net_late_perform(const struct net_late *lib, CURLM *multi, CURL *easy,
    struct net_wait *w, CURLcode *code, struct err *e);
/* What libcurl says it died of; ERR_FAIL where trying again will not help. */
int net_late_failed(CURLcode code, const char *detail, struct err *e);

#endif
