#include "people/guards.h"

#include <ctype.h>

#include "text/placeholder.h"

/* Each list in the order of its bytes: they are searched by halves. */

/* Filled in where there was nothing. */
static const char *const placeholders[] = { "-1", "0", "anon", "anonym",
	"anonyme", "anonymized", "anonymous", "desconocido", "inconnu",
	"invalid-email", "kein-email", "keine", "keine-email", "keineemail",
	"keinemail", "n.a", "n.a.", "n/a", "n/v", "na", "nan", "neant",
	"nessuna", "nessuno", "nicht-angegeben", "nichtangegeben", "nil",
	"ninguna", "ninguno", "no-email", "no-mail", "no-tiene", "no.email",
	"no_email", "no_mail", "noaplica", "noemail", "nomail", "noname",
	"none", "nonemail", "not-applicable", "not-available", "not-given",
	"not-provided", "not-set", "not_provided", "notavailable", "notiene",
	"notprovided", "null", "ohne-email", "onbekend", "sans-email",
	"sansmail", "sconosciuto", "sem-email", "sememail", "senza-email",
	"sin-correo", "sin-email", "sincorreo", "sinemail", "tbd", "unbekannt",
	"undefined", "unknown" };

/* The same as an id; as a mail address it may be a mailbox. */
static const char *const no_ids[] = { "-", "--", ".", "?", "blank", "blocked",
	"deleted", "deleted-user", "empty", "false", "guest", "guest-user",
	"invalid", "leer", "missing", "no", "nothing", "nulo", "private",
	"removed", "restricted", "test", "tester", "true", "unavailable",
	"unset", "user", "vide", "withheld", "x", "xx", "xxx" };

/* Try-outs and stand-ins. */
static const char *const tests[] = { "aaa", "aaaa", "abc", "abcd", "asd",
	"asdasd", "asdf", "asdfasdf", "asdfgh", "bar", "blah", "deleted",
	"demo", "dummy", "email", "empty", "example", "fake", "false",
	"firstname", "foo", "foobar", "guest", "invalid", "johndoe", "lastname",
	"lorem", "mail-address", "mustermann", "name", "nobody-test",
	"placeholder", "prueba", "qa", "qwe", "qwerty", "sample", "somebody",
	"somebody-else", "someone", "test", "test-user", "test1", "test123",
	"test2", "teste", "tester", "testing", "testuser", "true", "user",
	"username", "xxx", "xxxx", "xyz", "your-email", "your.email",
	"your.name", "youremail", "yourname" };

/* Local parts that no person reads. */
static const char *const no_reply[] = { "alert", "alerts", "auto",
	"auto-confirm", "auto-mailer", "auto-reply", "automailer", "autoreply",
	"autoresponder", "bounce", "bounce-notification", "bounces", "cron",
	"daemon", "delivery", "do-not-answer", "do-not-reply", "do.not.reply",
	"do_not_reply", "donotreply", "donotrespond", "echo-reply",
	"keine-antwort", "keineantwort", "listserv", "mailer", "mailer-daemon",
	"mailerdaemon", "majordomo", "nao-responda", "nao_responda",
	"naoresponda", "ne-pas-repondre", "ne-reponds-pas", "ne_pas_repondre",
	"nepasrepondre", "nepasr\xc3\xa9pondre", "nicht-antworten",
	"nicht_antworten", "nichtantworten", "niet-beantwoorden",
	"nietbeantwoorden", "no-contestar", "no-reply", "no-responda",
	"no-responder", "no-respuesta", "no-rispondere", "no.reply", "no_reply",
	"no_responder", "nobody", "nocontestar", "non-repondre",
	"non-rispondere", "nonrispondere", "noreply", "noreply-notifications",
	"noreplys", "noresponda", "noresponder", "norispondere",
	"notificaciones", "notification", "notifications", "notify",
	"null-sender", "otrs", "replies", "reply", "return", "returns-mailer",
	"robot", "root", "svar-ikke", "svarikke", "system", "uucp" };

/* RFC 2142, and what companies of many languages write on their sites. */
static const char *const roles[] = { "abuse", "account", "accountant",
	"accounting", "accounts", "accueil", "achats", "acquisti", "adm",
	"admin", "administracao", "administracion", "administratie",
	"administration", "administrativa", "administrativo", "administrator",
	"advertising", "affiliate", "affiliates", "all", "allgemein",
	"amministrazione", "anfrage", "anfragen", "angebot", "angebote",
	"apoyo", "asiakaspalvelu", "assistance", "assistenza", "ateliers",
	"atencion", "atencion-cliente", "atencionalcliente", "atendimento",
	"attendance", "auftraege", "auftrag", "ausbildung", "backoffice",
	"bedrijf", "bestellen", "bestelling", "bestellung", "bestellungen",
	"bestilling", "bewerber", "bewerbung", "bewerbungen", "bilgi",
	"billing", "biuro", "board", "boekhouding", "booking", "booking-office",
	"bookings", "bookkeeping", "boutique", "buchhaltung", "buchung",
	"buchungen", "buero", "buhgalter", "buhgalteria", "bureau", "business",
	"buyer", "buying", "cadastro", "callcenter", "care", "career",
	"careers", "ceo", "cfo", "chat", "claims", "clientes", "clienti",
	"clients", "clientservice", "comenzi", "comercial", "comercio",
	"commande", "commandes", "commerce", "commercial", "commerciale",
	"communication", "community", "company", "compliance", "compras",
	"compta", "comptabilite", "concierge", "consultas", "contabil",
	"contabilidad", "contabilidade", "contabilita", "contact", "contact-us",
	"contacto", "contactos", "contacts", "contactus", "contato", "contatos",
	"contatti", "contatto", "contracts", "corporate", "correo",
	"customer-care", "customer-service", "customer-support",
	"customer.service", "customer.support", "customer_service",
	"customercare", "customerrelations", "customers", "customerservice",
	"customersupport", "cv", "data", "data-protection", "dataprotection",
	"datenschutz", "datenschutzbeauftragter", "design", "desk", "destek",
	"dev", "developer", "developers", "development", "devops", "direccion",
	"direction", "direktion", "dispatch", "disposition", "distribution",
	"dns", "donations", "dpo", "dsb", "einkaeufe", "einkauf", "ekonomi",
	"ekonomiavdelningen", "empfang", "empleo", "emploi", "employment",
	"engineering", "enquire", "enquiries", "enquiry", "events", "everybody",
	"everyone", "export", "facilities", "facturacion", "facturare",
	"facturas", "facturation", "factures", "faktura", "fakturor", "faq",
	"fatture", "faturamento", "feedback", "fibu", "finance", "financeiro",
	"finances", "finans", "finanzas", "finanzen", "firma", "formation",
	"franchise", "front-desk", "frontdesk", "ftp", "gdpr", "gerencia",
	"geschaeftsfuehrung", "geschaeftsleitung", "gestion", "giving", "group",
	"groups", "grupo", "hallo", "hei", "hej", "hello", "help", "help-desk",
	"helpdesk", "helpline", "hilfe", "hola", "hosting", "hostmaster",
	"hotel", "hotline", "hr", "human.resources", "humanresources",
	"ictsupport", "ideas", "iletisim", "impressum", "info", "info-de",
	"info-en", "info.de", "info1", "infodesk", "infomail", "informacion",
	"informacje", "informacoes", "informatie", "information",
	"informations", "informatique", "infos", "inkoop", "inquiries",
	"inquiry", "inscription", "inscriptions", "internet", "invest",
	"investor", "investor-relations", "investors", "invoice", "invoices",
	"invoicing", "it", "it-support", "itsupport", "job", "jobs", "kadry",
	"kantoor", "karriere", "kasse", "kauf", "klantenservice", "klientai",
	"klienten", "kontakt", "kontakte", "kontaktformular", "kontor",
	"ksiegowosc", "kundenbetreuung", "kundenbuero", "kundendienst",
	"kundenservice", "kundeservice", "kundesupport", "kundtjanst",
	"kundtj\xc3\xa4nst", "lager", "laskutus", "leads", "legal", "leitung",
	"letters", "license", "licensing", "lists", "livraison", "logistica",
	"logistics", "logistik", "logistique", "magasin", "magazin", "mail",
	"mailbox", "maintenance", "management", "manager", "mantenimiento",
	"marketing", "media", "member", "members", "membership", "moderator",
	"muhasebe", "musteri", "myynti", "network", "news", "newsletter",
	"nieuws", "no-spam", "noc", "obchod", "objednavky", "office",
	"office-manager", "oficina", "online", "onlineshop", "operations",
	"operator", "ops", "order", "order-support", "orderdesk", "orders",
	"ordine", "ordini", "ordre", "ordrer", "outreach", "owners",
	"pagamenti", "pagos", "pardavimai", "partner", "partners",
	"partnership", "partnerships", "parts", "pay", "payable", "payables",
	"payment", "payments", "payroll", "pedido", "pedidos",
	"personalabteilung", "personeel", "phone", "planning", "podpora",
	"pomoc", "post", "postbox", "postfach", "postmaster", "poststelle",
	"ppc", "pr", "praktikum", "praxis", "prensa", "press", "presse",
	"privacidad", "privacidade", "privacy", "privat-office", "procurement",
	"prodaja", "prodazhi", "prodej", "production", "produktion", "program",
	"proposals", "prospects", "public", "publicity", "publicrelations",
	"purchase", "purchasing", "qualitaet", "quality", "query", "questions",
	"quotation", "quotes", "receivables", "recepcao", "recepcion",
	"reception", "rechnung", "rechnungen", "reclamaciones", "recruit",
	"recruiting", "recruitment", "reklamation", "reklamationen",
	"rekrutacja", "relatii", "reparatur", "request", "requests", "reservar",
	"reservas", "reservation", "reservations", "reservering",
	"reservierung", "reservierungen", "retoure", "retouren", "retours",
	"returns", "rezerwacja", "rezerwacje", "rh", "rma", "rrhh", "sac",
	"safety", "sales", "salesteam", "salg", "salgs", "salgsavdelning",
	"satis", "schule", "secretaire", "secretaria", "secretariaat",
	"secretariat", "secretary", "security", "segreteria", "sekretar",
	"sekretariat", "seo", "service", "service-client", "serviceclient",
	"serviceclients", "servicedesk", "services", "serviceteam", "servicio",
	"servicioalcliente", "servicios", "servis", "servizio",
	"servizioclienti", "serwis", "shipping", "shop", "siparis", "sklep",
	"skontakt", "social", "soporte", "spam", "sprzedaz", "staff", "store",
	"stores", "studio", "subscribe", "subscriptions", "suggestions",
	"supervisor", "suport", "suporte", "supplier", "suppliers", "support",
	"support-team", "supports", "survey", "sysadmin", "team", "teams",
	"tech", "technical", "technicalsupport", "technik", "tecnico",
	"telecom", "ticket", "tickets", "tienda", "tienda-online", "tilaukset",
	"tips", "trade", "training", "travel", "treasurer", "ugyfelszolgalat",
	"umfrage", "unsubscribe", "update", "updates", "usenet", "vanzari",
	"vendas", "vendedor", "vendita", "vendite", "vendor", "vendors",
	"venta", "ventas", "vente", "ventes", "verein", "verkauf", "verkoop",
	"versand", "vertrieb", "verwaltung", "verzekering", "voorlichting",
	"vorstand", "warehouse", "warranty", "web", "webadmin", "webinfo",
	"webmaster", "webshop", "webteam", "welcome", "wholesale", "widerruf",
	"winkel", "worldwide", "www", "zakaz", "zakazy", "zamowienia",
	"zapytania", "zarzad", "zentrale" };

/* What telephone networks show for a caller who shows no number: words typed
 * on the keys (ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE, PRIVATE).
 */
static const char *const hidden[] = { "+2562533", "+266696687", "+7378742833",
	"+7748283", "+86282452253", "+8656696" };

static bool
in(struct str s, const char *const *list, size_t n)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = str_cmp(s, str_of(list[mid]));

		if (order == 0)
			return true;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}
#define IN(s, list) in((s), (list), sizeof(list) / sizeof(*list))

/* ^[0-]*$: zeros and hyphens, however many. */
static bool
is_zeros(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0' && s.p[i] != '-')
			return false;
	return true;
}

/* E.164 (2016), annex: a country code has one digit, two of these, or three. */
static size_t
country_code_length(struct str tel)
{
	static const char *const two[] = { "20", "27", "30", "31", "32", "33",
		"34", "36", "39", "40", "41", "43", "44", "45", "46", "47",
		"48", "49", "51", "52", "53", "54", "55", "56", "57", "58",
		"60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
		"86", "90", "91", "92", "93", "94", "95", "98" };

	if (str_starts(tel, STR("+1")) || str_starts(tel, STR("+7")))
		return 1;
	return IN(str_sub(tel, 1, 2), two) ? 2 : 3;
}

/* The same digit all along, or 123456789, behind the country code: typed where
 * a form insisted.  A prefix before them makes a number that somebody has. */
static bool
is_filled(struct str tel)
{
	size_t n = country_code_length(tel);
	bool same = true, rising = true;

	if (tel.n < n + 8)
		return false;
	for (size_t i = n + 2; i < tel.n; i++) {
		same &= tel.p[i] == tel.p[i - 1];
		rising &=
		    tel.p[i] == (tel.p[i - 1] == '9' ? '0' : tel.p[i - 1] + 1);
	}
	return same || (rising && tel.p[n + 1] == '1');
}

/* Freephone numbers: of companies, +800 world-wide and +1 800, 833 to 888. */
static bool
is_freephone(struct str tel)
{
	struct str area = str_sub(tel, 2, 3);

	if (str_starts(tel, STR("+800")))
		return true;
	if (tel.n != 12 || tel.p[1] != '1' || area.p[0] != '8')
		return false;
	return str_is(area, "800") ||
	       (area.p[1] == area.p[2] && area.p[1] >= '3' && area.p[1] <= '8');
}

static enum guard
guard_tel(struct str tel)
{
	if (IN(tel, hidden) || is_filled(tel))
		return GUARD_PLACEHOLDER;
	return is_freephone(tel) ? GUARD_SHARED : GUARD_NONE;
}

static bool
is_separator(char c)
{
	return c == '-' || c == '.' || c == '_';
}

/* A part of a role's name: "info", "de", "2". */
static bool
is_role_part(struct str s)
{
	bool digits = s.n > 0;

	for (size_t i = 0; i < s.n; i++)
		digits &= s.p[i] >= '0' && s.p[i] <= '9';
	return digits || s.n == 2 || IN(s, roles);
}

/* "info", "info2", "support-uk", "sales.team", "order_support". */
static bool
is_role(struct str local)
{
	struct str word = local;
	size_t i = 0;

	if (IN(local, roles))
		return true;
	while (word.n > 0 && word.p[word.n - 1] >= '0' &&
	       word.p[word.n - 1] <= '9')
		word.n--;
	if (IN(word, roles))
		return true;
	while (i < local.n && !is_separator(local.p[i]))
		i++;
	return i < local.n && IN(str_sub(local, 0, i), roles) &&
	       is_role_part(str_sub(local, i + 1, local.n));
}

/* What is left of the local part: no "+tag", and one word of VERP's. */
static struct str
plain_local(struct str value)
{
	ptrdiff_t at = str_rchr(value, '@'), cut;
	struct str local = str_sub(value, 0, at < 0 ? value.n : (size_t)at);

	cut = str_chr(local, '+');
	if (cut > 0)
		local.n = (size_t)cut;
	cut = str_chr(local, '=');
	return cut > 0 ? str_sub(local, 0, (size_t)cut) : local;
}

static enum guard
guard_email(struct str value)
{
	struct str local = plain_local(value);

	if (str_ends(value, STR(".invalid")) || is_zeros(local) ||
	    IN(local, placeholders) || placeholder_is(local))
		return GUARD_PLACEHOLDER;
	if (IN(local, no_reply) || IN(local, tests) || is_role(local))
		return GUARD_SHARED;
	return GUARD_NONE;
}

static bool
is_no_id(struct str id)
{
	char low[32];

	if (is_zeros(id))
		return true;
	if (id.n > sizeof(low))
		return false;
	for (size_t i = 0; i < id.n; i++)
		low[i] = (char)tolower((unsigned char)id.p[i]);
	id.p = low;
	return IN(id, placeholders) || IN(id, no_ids);
}

enum guard
guard_key(struct str type, struct str value)
{
	ptrdiff_t slash;

	if (str_is(type, "email"))
		return guard_email(value);
	if (str_is(type, "tel"))
		return guard_tel(value);
	slash = str_rchr(value, '/');
	if (is_no_id(value) || (slash >= 0 && is_no_id(str_sub(value,
						  (size_t)slash + 1, value.n))))
		return GUARD_PLACEHOLDER;
	/* Address books hold names of any shape. */
	if (!str_is(type, "whatsapp") &&
	    (placeholder_is(value) ||
		(slash >= 0 && placeholder_is(str_sub(
				   value, (size_t)slash + 1, value.n)))))
		return GUARD_PLACEHOLDER;
	return GUARD_NONE;
}

const char *
guard_why(struct str type, struct str value)
{
	struct str local = plain_local(value);

	if (guard_key(type, value) == GUARD_PLACEHOLDER)
		return "a placeholder";
	if (str_is(type, "tel"))
		return "a freephone number";
	if (IN(local, tests))
		return "a stand-in";
	return IN(local, no_reply) ? "a no-reply address" : "a role address";
}
