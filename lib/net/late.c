#include "net/late.h"

#include "core/io/library.h"

#define LIBRARY "libcurl.so.4"

const struct net_late *
net_late(struct err *e)
{
	static struct net_late lib;
#define X(f) { #f, &lib.f },
	static const struct library_function functions[] = { NET_LATE_FUNCTIONS(
	    X) };
#undef X

	if (lib.handle != NULL)
		return &lib;
	if (library_load(&lib.handle, LIBRARY, functions,
		sizeof(functions) / sizeof(*functions),
		"live sources need " LIBRARY ", which is not there: install it",
		e) < 0)
		return NULL;
	if (lib.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		return &lib;
	lib.handle = NULL;
	(void)err_set(e, "libcurl does not start");
	return NULL;
}

enum { SLICE_MS = 1000 /* without looks */ };

/* What came of the one handle that is in it. */
static CURLcode
result(const struct net_late *lib, CURLM *multi)
{
	CURLcode code = CURLE_OK;
	CURLMsg *m;
	int left;

	while ((m = lib->curl_multi_info_read(multi, &left)) != NULL)
		if (m->msg == CURLMSG_DONE)
			code = m->data.result;
	return code;
}

int
net_late_perform(const struct net_late *lib, CURLM *multi, CURL *easy,
    struct net_wait *w, CURLcode *code, struct err *e)
{
	CURLMcode rc = lib->curl_multi_add_handle(multi, easy);
	int running = 1, slice;

	while (rc == CURLM_OK) {
		rc = lib->curl_multi_perform(multi, &running);
		if (rc != CURLM_OK || running == 0)
			break;
		slice = net_wait_slice(w, SLICE_MS);
		net_wait_leave(w);
		rc = lib->curl_multi_poll(multi, NULL, 0, slice, NULL);
		net_wait_enter(w);
		if (net_wait_look(w, e) < 0)
			return -1;
	}
	*code = rc == CURLM_OK ? result(lib, multi) : CURLE_FAILED_INIT;
	return 0;
}

int
net_late_failed(CURLcode code, const char *detail, struct err *e)
{
	static const CURLcode final[] = { CURLE_PEER_FAILED_VERIFICATION,
		CURLE_SSL_CACERT_BADFILE, CURLE_USE_SSL_FAILED,
		CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL,
		CURLE_NOT_BUILT_IN };
	const struct net_late *lib = net_late(e);

	if (lib == NULL)
		return -1;
	if (detail[0] == '\0')
		detail = lib->curl_easy_strerror(code);
	for (size_t i = 0; i < sizeof(final) / sizeof(*final); i++)
		if (code == final[i])
			return err_set(e, "%s", detail);
	return err_again(e, "%s", detail);
}
