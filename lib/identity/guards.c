#include "identity/guards.h"

#include <ctype.h>

static const char *const placeholders[] = {
	"-1",
	"0",
	"anon",
	"anonymous",
	"n/a",
	"na",
	"nan",
	"nil",
	"no-email",
	"no_email",
	"noemail",
	"none",
	"not-provided",
	"null",
	"undefined",
	"unknown",
};

/* A try-out or a stand-in; as a mail address it still is a mailbox. */
static const char *const tests[] = {
	"deleted",
	"empty",
	"false",
	"guest",
	"invalid",
	"test",
	"tester",
	"true",
	"user",
	"xxx",
};

/* Local parts that no person reads. */
static const char *const no_reply[] = {
	"auto-reply",
	"autoreply",
	"bounce",
	"bounces",
	"daemon",
	"do-not-reply",
	"do_not_reply",
	"donotreply",
	"mailer-daemon",
	"no-reply",
	"no.reply",
	"no_reply",
	"nobody",
	"noreply",
	"notification",
	"notifications",
	"notify",
	"reply",
	"root",
};

/* RFC 2142, and what companies of several languages write on their sites. */
static const char *const roles[] = {
	"abuse",
	"accounting",
	"accounts",
	"admin",
	"administracion",
	"administration",
	"administrator",
	"all",
	"atendimento",
	"bestellung",
	"billing",
	"booking",
	"bookings",
	"buchhaltung",
	"careers",
	"clientes",
	"compras",
	"comptabilite",
	"contabilidad",
	"contact",
	"contacto",
	"contato",
	"customer-service",
	"customercare",
	"customerservice",
	"datenschutz",
	"dev",
	"enquiries",
	"enquiry",
	"everyone",
	"facturacion",
	"feedback",
	"finance",
	"ftp",
	"hello",
	"help",
	"helpdesk",
	"hola",
	"hostmaster",
	"hr",
	"info",
	"inquiries",
	"inquiry",
	"it",
	"jobs",
	"kontakt",
	"kundenservice",
	"legal",
	"mail",
	"mailbox",
	"marketing",
	"media",
	"news",
	"newsletter",
	"noc",
	"office",
	"operations",
	"order",
	"orders",
	"payments",
	"post",
	"postmaster",
	"poststelle",
	"presse",
	"press",
	"privacy",
	"purchasing",
	"rechnung",
	"reception",
	"recruiting",
	"reservations",
	"sales",
	"secretary",
	"security",
	"sekretariat",
	"service",
	"services",
	"shop",
	"soporte",
	"staff",
	"store",
	"subscribe",
	"suporte",
	"support",
	"team",
	"tech",
	"unsubscribe",
	"ventas",
	"verkauf",
	"vertrieb",
	"webmaster",
	"welcome",
	"www",
};

static bool
in(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i][0] == s.p[0] && str_is(s, list[i]))
			return true;
	return false;
}
#define IN(s, list) ((s).n > 0 && in((s), (list), sizeof(list) / sizeof(*list)))

/* ^[0-]*$: zeros and hyphens, however many. */
static bool
is_zeros(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0' && s.p[i] != '-')
			return false;
	return true;
}

/* The same digit all along, behind a country code of up to three. */
static bool
is_filled(struct str tel)
{
	size_t from = tel.n > 11 ? 4 : 3;

	if (tel.n < 8)
		return false;
	for (size_t i = from + 1; i < tel.n; i++)
		if (tel.p[i] != tel.p[from])
			return false;
	return true;
}

static enum guard
guard_email(struct str value)
{
	ptrdiff_t at = str_rchr(value, '@');
	struct str local = str_sub(value, 0, at < 0 ? value.n : (size_t)at);
	ptrdiff_t tag = str_chr(local, '+');

	if (tag > 0)
		local.n = (size_t)tag;
	if (str_ends(value, STR(".invalid")) || is_zeros(local) ||
	    IN(local, placeholders))
		return GUARD_PLACEHOLDER;
	if (IN(local, no_reply) || IN(local, roles) || IN(local, tests))
		return GUARD_SHARED;
	return GUARD_NONE;
}

enum guard
guard_key(struct str type, struct str value)
{
	struct str id = value;
	ptrdiff_t slash;
	char low[32];

	if (str_is(type, "email"))
		return guard_email(value);
	if (str_is(type, "tel"))
		return is_filled(value) ? GUARD_PLACEHOLDER : GUARD_NONE;
	slash = str_rchr(value, '/');
	if (slash >= 0)
		id = str_sub(value, (size_t)slash + 1, value.n);
	if (is_zeros(id))
		return GUARD_PLACEHOLDER;
	if (id.n > sizeof(low))
		return GUARD_NONE;
	for (size_t i = 0; i < id.n; i++)
		low[i] = (char)tolower((unsigned char)id.p[i]);
	id.p = low;
	return IN(id, placeholders) || IN(id, tests) ? GUARD_PLACEHOLDER
						     : GUARD_NONE;
}

const char *
guard_why(struct str type, struct str value)
{
	ptrdiff_t at = str_rchr(value, '@');
	struct str local = str_sub(value, 0, at < 0 ? value.n : (size_t)at);

	if (guard_key(type, value) == GUARD_PLACEHOLDER)
		return "a placeholder";
	return IN(local, no_reply) ? "a no-reply address" : "a role address";
}
