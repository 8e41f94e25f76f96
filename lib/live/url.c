#include "live/url.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"

/* "%20" and its like are bytes; NULL where one is none, or a NUL. */
static const char *
decoded(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int high, low;

		if (s.p[i] != '%') {
			out[n++] = s.p[i];
			continue;
		}
		high = i + 2 < s.n ? ascii_hex(s.p[i + 1]) : -1;
		low = i + 2 < s.n ? ascii_hex(s.p[i + 2]) : -1;
		if (high < 0 || low < 0 || high + low == 0)
			return NULL;
		out[n++] = (char)(high * 16 + low);
		i += 2;
	}
	out[n] = '\0';
	return utf8_is_valid(str_make(out, n)) ? out : NULL;
}

static const char *
lower(struct str s, struct arena *a)
{
	char *out = arena_cstr(a, s);

	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_lower(out[i]);
	return out;
}

/* What may stand in a name or number of a host, and its port. */
static bool
is_host(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !ascii_is_in(s.p[i], "-._:[]"))
			return false;
	return s.n > 0;
}

int
live_url_read(
    struct live_url *u, const char *url, struct arena *a, struct err *e)
{
	struct str s = str_of(url), user = STR_NONE, folder = STR_NONE;
	ptrdiff_t colon = str_find(s, STR("://")), at;

	*u = (struct live_url){ 0 };
	if (colon <= 0)
		return err_set(e,
		    "%s: must be a url such as "
		    "imaps://desk@mail.example.com/INBOX",
		    url);
	u->scheme = lower(str_sub(s, 0, (size_t)colon), a);
	s = str_sub(s, (size_t)colon + 3, s.n);
	if (str_chr(s, '/') >= 0) {
		folder = str_sub(s, (size_t)str_chr(s, '/') + 1, s.n);
		s = str_sub(s, 0, (size_t)str_chr(s, '/'));
	}
	at = str_rchr(s, '@');
	if (at >= 0) {
		user = str_sub(s, 0, (size_t)at);
		s = str_sub(s, (size_t)at + 1, s.n);
	}
	if (str_chr(user, ':') >= 0)
		return err_set(e,
		    "a password must not stand in a url, where others see "
		    "it: write it into a file, for passwordFile or "
		    "--password-file");
	if (!is_host(s))
		return err_set(e, "%s: it names no server", url);
	if (user.n > 0 && (u->user = decoded(user, a)) == NULL)
		return err_set(
		    e, "%s: %%XX in its user must be bytes of UTF-8", url);
	if (folder.n > 0 && (u->folder = decoded(folder, a)) == NULL)
		return err_set(
		    e, "%s: %%XX in its folder must be bytes of UTF-8", url);
	u->server = arena_printf(a, "%s://%.*s", u->scheme, STR_ARG(s)).p;
	u->account = arena_printf(a, "%s://%.*s%s%.*s", u->scheme,
	    STR_ARG(user), user.n > 0 ? "@" : "", STR_ARG(s))
			 .p;
	return 0;
}
