#include "source/table/columns.h"

#include "core/map.h"
#include "text/unicode.h"

enum {
	NAME_BYTES = 200, /* of a column's name; longer ones are of no kind */
	NAME_WORDS = 12,
};

/* Names are compared folded, without what is no letter between the words. */
static const struct {
	enum column_kind kind;
	const char *names;
} names[] = {
	{ COLUMN_NAME,
	    "name|full name|contact|contact name|"
	    "vollständiger name|nom|nom complet|nom et prénom|"
	    "nom prénom|prénom nom|nombre completo|nombre y apellidos|"
	    "nome completo|nome e cognome|nominativo|volledige naam|naam|namn|"
	    "navn|nimi|fulde navn|fullständigt namn|imię i nazwisko|"
	    "jméno a příjmení|celé jméno|teljes név|név|nume complet|"
	    "nume și prenume|ad soyad|adı soyadı|isim soyisim|фио|полное имя|"
	    "имя и фамилия|фамилия имя|піб|повне ім'я|"
	    "ονοματεπώνυμο|όνομα|氏名|名前|お名前|顧客名|姓名|全名|客户姓名|联系人|聯絡人|"
	    "이름|성명|성함|고객명|الاسم|الاسم الكامل|اسم|שם|שם מלא|नाम|पूरा नाम|ชื่อ|"
	    "ชื่อ-นามสกุล|nama|nama lengkap|họ và tên|họ tên|tên" },
	{ COLUMN_NAME_OR_GIVEN, "nombre|nombres|nome|имя|ad|adı|isim|jméno|"
				"meno|nume|名字|ім'я" },
	{ COLUMN_FILE_AS, "file as|display name|anzeigename|speichern unter" },
	{ COLUMN_PREFIX, "name prefix|prefix|honorific prefix" },
	{ COLUMN_GIVEN,
	    "first name|first|fname|f name|given name|given|forename|vorname|"
	    "vornamen|prénom|prenom|primer nombre|nombre de pila|"
	    "nome próprio|primeiro nome|voornaam|förnamn|fornavn|etunimi|"
	    "keresztnév|utónév|prenume|křestní jméno|imię|名" },
	{ COLUMN_MIDDLE,
	    "middle name|middle|additional name|weitere vornamen|"
	    "zweiter vorname|deuxième prénom|segundo nombre|"
	    "secondo nome|nome do meio|tussenvoegsel|отчество|по батькові" },
	{ COLUMN_FAMILY,
	    "last name|last|lname|l name|family name|family|surname|second "
	    "name|nachname|familienname|zuname|nom de famille|apellido|"
	    "apellidos|primer apellido|cognome|sobrenome|apelido|achternaam|"
	    "efternamn|efternavn|etternavn|sukunimi|vezetéknév|"
	    "nume de familie|příjmení|priezvisko|nazwisko|фамилия|прізвище|"
	    "soyad|soyadı|soyisim|επώνυμο|姓|姓氏|성|اسم العائلة|שם משפחה" },
	{ COLUMN_SUFFIX, "name suffix|suffix|honorific suffix" },
	{ COLUMN_NICKNAME, "nickname|spitzname|surnom|apodo|soprannome" },
	{ COLUMN_EMAIL,
	    "email|e-mail|mail|email address|mail address|email value|"
	    "email id|emails|email addresses|courriel|adresse email|adresse mail|"
	    "adresse de messagerie|messagerie|adresse courriel|"
	    "adresse électronique|email adresse|mailadresse|correo|"
	    "correo electrónico|correo electronico|dirección de correo|"
	    "dirección de correo electrónico|dirección de email|"
	    "indirizzo email|indirizzo di posta elettronica|"
	    "posta elettronica|endereço de email|endereço eletrônico|"
	    "correio eletrônico|correio eletrónico|e-mailadres|e-post|"
	    "e-postadress|e-postadresse|sähköposti|sähköpostiosoite|"
	    "adres e-mail|adresa e-mail|emailová adresa|e-mail cím|"
	    "adresă e-mail|adresă de email|электронная почта|эл. почта|почта|"
	    "адрес электронной почты|электронный адрес|имейл|емейл|"
	    "електронна пошта|e-posta|e-posta adresi|メール|メールアドレス|"
	    "eメール|電子メール|电子邮件|电子邮箱|邮箱|邮件|邮箱地址|電子郵件|"
	    "電子信箱|電郵|이메일|이메일 주소|메일|البريد الإلكتروني|بريد إلكتروني|"
	    "אימייל|דואר אלקטרוני|ηλεκτρονικό ταχυδρομείο|ईमेल|อีเมล|surel|"
	    "alamat email|địa chỉ email|thư điện tử" },
	{ COLUMN_EMAIL_LABEL, "email label|email type|e-mail typ" },
	{ COLUMN_TEL,
	    "phone|phone number|phone no|phone nr|phones|telephone|"
	    "telephone number|tel|tel no|tel nr|phone value|mobile|"
	    "mobile phone|phone mobile|mobile number|mobile no|mobile phone number|cell|"
	    "cell phone|cell number|cell phone number|landline|gsm|whatsapp|"
	    "whatsapp number|handy|handynummer|mobil|mobiltelefon|"
	    "mobilnummer|mobilfunk|mobilfunknummer|telefon|telefonnummer|"
	    "telefonnr|rufnummer|festnetz|téléphone|tél|numéro de téléphone|"
	    "portable|téléphone portable|téléphone mobile|téléphone fixe|fixe|"
	    "numéro de mobile|teléfono|telefono|número de teléfono|móvil|movil|"
	    "celular|teléfono móvil|teléfono celular|teléfono fijo|cellulare|"
	    "telefono cellulare|telefono fisso|numero di telefono|"
	    "numero di cellulare|telefone|telemóvel|número de telefone|"
	    "número de celular|telefoon|telefoonnummer|mobiel|"
	    "mobiel nummer|gsm nummer|puhelin|puhelinnumero|matkapuhelin|"
	    "telefon komórkowy|komórka|numer telefonu|telefonní číslo|"
	    "telefonszám|mobilszám|număr de telefon|телефон|номер телефона|"
	    "мобильный|мобильный телефон|моб. телефон|сотовый|сотовый телефон|"
	    "мобільний|номер телефону|telefon numarası|cep telefonu|cep|電話|"
	    "電話番号|携帯|携帯電話|携帯番号|携帯電話番号|電話號碼|电话|电话号码|"
	    "手机|手机号|手机号码|手機|手機號碼|移动电话|联系电话|聯絡電話|전화|"
	    "전화번호|휴대폰|휴대전화|휴대폰 번호|핸드폰|연락처|الهاتف|رقم الهاتف|"
	    "الجوال|رقم الجوال|هاتف|טלפון|נייד|τηλέφωνο|κινητό|फ़ोन|फोन|मोबाइल|"
	    "फ़ोन नंबर|โทรศัพท์|เบอร์โทร|เบอร์โทรศัพท์|telepon|nomor telepon|no hp|"
	    "điện thoại|số điện thoại|company main phone|callback|sms|sms number" },
	{ COLUMN_TEL_LABEL, "phone label|phone type|telephone type" },
	{ COLUMN_CUSTOMER,
	    "customer id|customer number|customer no|customer nr|customer num|"
	    "customer code|customer ref|customer reference|cust no|cust id|client id|"
	    "client number|client no|client code|kundennummer|kunden nr|"
	    "kunden id|kd nr|numéro client|numéro de client|n° client|"
	    "no client|id client|code client|identifiant client|"
	    "número de cliente|numero de cliente|nº de cliente|nº cliente|"
	    "código de cliente|código cliente|codigo cliente|id cliente|"
	    "id de cliente|codice cliente|numero cliente|número do cliente|"
	    "código do cliente|id do cliente|klantnummer|klant nr|klant id|"
	    "kundnummer|kundnr|kundenr|kundenummer|kunde id|kund id|asiakasnumero|"
	    "numer klienta|id klienta|nr klienta|číslo zákazníka|zákaznické číslo|"
	    "ügyfélszám|număr client|номер клиента|код клиента|id клиента|"
	    "номер клієнта|müşteri no|müşteri numarası|顧客番号|顧客id|"
	    "会員番号|お客様番号|客户编号|客户id|客户号|客戶編號|고객번호|고객 id|"
	    "رقم العميل|מספר לקוח|αριθμός πελάτη|membership number|"
	    "mitgliedsnummer" },
	{ COLUMN_ORG,
	    "company|company name|organization|organisation|associated company|"
	    "primary associated company|organización|organizzazione|organização|"
	    "organization name|organisation name|organization value|account "
	    "name|employer|business name|firma|firmenname|unternehmen|société|"
	    "societe|entreprise|raison sociale|empresa|azienda|"
	    "ragione sociale|bedrijf|bedrijfsnaam|företag|virksomhed|"
	    "firmanavn|yritys|cég|cégnév|компания|организация|компанія|şirket|"
	    "会社|会社名|勤務先|公司|公司名称|公司名稱|单位|회사|회사명|الشركة" },
	{ COLUMN_TITLE,
	    "job title|organization title|position|occupation|role|"
	    "stellung|beruf|poste|fonction|cargo|puesto|职务|職稱|qualifica|"
	    "função|functie|stanowisko|должность|役職|职位|"
	    "직책" },
	{ COLUMN_TITLE_OR_PREFIX, "title|titel|titre|título|titolo" },
	{ COLUMN_DEPARTMENT, "department|organization department|abteilung|"
			     "service|departamento|отдел|部署|部门|부서" },
	{ COLUMN_ADDRESS, "address|address formatted|address value|"
			  "full address|postal address|mailing address|"
			  "anschrift|adresse|adresse postale|dirección|"
			  "direccion|indirizzo|endereço|adres|adress|адрес|"
			  "адреса|住所|地址|주소|العنوان|alamat" },
	{ COLUMN_STREET,
	    "street|street address|address street|address line|address address|"
	    "gatuadress|gateadresse|ulica|via e numero|"
	    "straße|rue|calle|via|rua|straat|gata|улица|街道" },
	{ COLUMN_CITY, "city|town|address city|ort|stadt|wohnort|ville|ciudad|"
		       "localidad|población|città|comune|cidade|plaats|stad|"
		       "miasto|město|город|місто|şehir|市|市区町村|城市|도시" },
	{ COLUMN_REGION, "state|province|region|county|state province|"
			 "address region|bundesland|provincia|estado|région|"
			 "область|регион|都道府県|省|省份" },
	{ COLUMN_CODE,
	    "zip|zip code|postal code|post code|address postal code|"
	    "address zip|zip postal code|postleitzahl|plz|code postal|cp|"
	    "código postal|codigo postal|cap|cep|postnummer|postcode|"
	    "kod pocztowy|psč|индекс|почтовый индекс|posta kodu|郵便番号|邮编|"
	    "邮政编码|우편번호" },
	{ COLUMN_COUNTRY, "country|country region|land region|"
			  "pays région|país o región|address country|"
			  "country code|land|pays|país|pais|paese|kraj|země|"
			  "страна|країна|ülke|国|国家|國家|국가" },
	{ COLUMN_BIRTHDAY,
	    "birthday|birth date|date of birth|dob|geburtstag|geburtsdatum|"
	    "date de naissance|anniversaire|fecha de nacimiento|cumpleaños|"
	    "data di nascita|compleanno|data de nascimento|aniversário|"
	    "geboortedatum|verjaardag|födelsedag|födelsedatum|fødselsdag|"
	    "syntymäaika|data urodzenia|datum narození|дата рождения|"
	    "день рождения|дата народження|doğum tarihi|誕生日|生年月日|生日|"
	    "出生日期|생년월일|생일" },
	{ COLUMN_NOTE,
	    "notes|note|notiz|notizen|bemerkung|bemerkungen|"
	    "remarques|remarque|notas|nota|osservazioni|"
	    "opmerkingen|anteckningar|notatki|comments|comment|description|"
	    "kommentar|kommentare|anmerkung|anmerkungen|commentaires|"
	    "comentarios|observaciones|observações|uwagi|notlar|poznámky|примечание|заметки|"
	    "備考|メモ|备注|메모|비고" },
	{ COLUMN_LABELS,
	    "labels|group membership|groups|categories|tags|"
	    "kategorien|gruppen|étiquettes|catégories|etiquetas|"
	    "categorías|categorie|etichette|метки|теги|タグ|标签" },
	{ COLUMN_URL,
	    "url|website|website value|website url|web page|web site|homepage|"
	    "home page|webseite|site web|sitio web|sito web" },
	{ COLUMN_LANGUAGE,
	    "language|locale|preferred language|sprache|langue|"
	    "idioma|lingua|taal|språk|язык|мова|言語|语言|언어" },
	{ COLUMN_CREATED,
	    "created|created utc|created at|created on|created date|created time|"
	    "create date|creation date|date created|date added|added|"
	    "customer since|registered|registered at|registration date|"
	    "signup date|sign up date|signed up at|erstellt|erstellt am|"
	    "angelegt am|kunde seit|date de création|fecha de creación|"
	    "fecha de alta|data di creazione|data de criação|"
	    "дата создания|作成日|作成日時|登録日|创建时间|创建日期|등록일" },
	{ COLUMN_UPDATED,
	    "updated|updated at|updated on|last updated|last modified|"
	    "last modified date|modified|modified at|modified on|"
	    "modified time|update time|do not modify modified on|geändert|geändert am|zuletzt geändert|"
	    "letzte änderung|modifié le|date de modification|"
	    "fecha de modificación|更新日|更新日時|更新时间" },
	{ COLUMN_ADDRESS_LABEL, "address label|address type" },
	{ COLUMN_IGNORED, "website label|website type|"
			  "organization type|email display name" },
	{ COLUMN_SHOPIFY, "accepts email marketing|accepts marketing" },
	{ COLUMN_FOREIGN,
	    "subject|betreff|objet|asunto|oggetto|assunto|тема|件名|主题|"
	    "body|message|message body|nachricht|mensaje|messaggio|mensagem|"
	    "сообщение|text|content|question|duration|dauer|from|to|"
	    "sender|recipient|src|dst|disposition|order|order id|order number|"
	    "order no|order date|order name|order total|bestellnummer|"
	    "lineitem name|lineitem quantity|lineitem price|item|items|"
	    "quantity|qty|sku|price|unit price|amount|total|subtotal|"
	    "financial status|product|product name|product id|ticket|"
	    "ticket id|ticket number|invoice|invoice number|transaction id|"
	    "rating|review|event|event name|session id|message id|"
	    "user agent" },
};

/* Which of several it is, or whose: such words may stand beside the others. */
static const char qualifiers[] =
    "home|work|business|private|privat|privé|geschäftlich|dienstlich|"
    "primary|secondary|main|other|alternate|alternative|additional|second|"
    "personal|company|contact|customer|client|account|billing|mailing|"
    "shipping|postal|default|office|subscriber|member|lead|person|owner|"
    "firma|weitere|weiteres|zweite|haupt|kunde|kunden|kontakt|bureau|"
    "domicile|professionnel|professionnelle|personnel|personnelle|perso|pro|"
    "principal|principale|casa|trabajo|particular|laboral|empresa|cliente|"
    "ufficio|lavoro|personale|residencial|comercial|trabalho|pessoal|thuis|"
    "werk|zakelijk|hem|arbete|jobb|служебный|рабочий|домашний|личный|"
    "основной|дополнительный|контактный|自宅|会社|勤務先|办公|家庭|my|your|the";

static struct {
	struct map kinds, qualifiers;
	bool made;
} table;

/* A name taken apart into folded words; digits count for the number only. */
struct words {
	struct str v[NAME_WORDS];
	size_t n;
	unsigned number;
	bool too_many;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

/* "firstName" is two words: a blank goes between. */
static struct str
split_camel(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, 2 * s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (i > 0 && s.p[i] >= 'A' && s.p[i] <= 'Z' &&
		    s.p[i - 1] >= 'a' && s.p[i - 1] <= 'z')
			out[n++] = ' ';
		out[n++] = s.p[i];
	}
	return str_make(out, n);
}

static void
split_words(struct str name, struct words *w, struct arena *a)
{
	struct str s = unicode_fold(split_camel(name, a), a);

	*w = (struct words){ 0 };
	for (size_t i = 0; i < s.n;) {
		size_t from = i;

		if (is_digit(s.p[i])) {
			if (w->number < 100000)
				w->number =
				    w->number * 10 + (unsigned)(s.p[i] - '0');
			i++;
			continue;
		}
		while (i < s.n && is_letter(s.p[i]))
			i++;
		if (i == from) {
			i++;
		} else if (w->n < NAME_WORDS) {
			w->v[w->n++] = str_sub(s, from, i - from);
		} else {
			w->too_many = true;
		}
	}
}

/* Words one behind the other, those left out that skip names. */
static struct str
join(const struct words *w, unsigned skip, struct arena *a)
{
	size_t n = 0;
	char *out;

	for (size_t i = 0; i < w->n; i++)
		n += w->v[i].n;
	out = arena_alloc(a, n + 1);
	n = 0;
	for (size_t i = 0; i < w->n; i++) {
		if ((skip >> i & 1) != 0)
			continue;
		memcpy(out + n, w->v[i].p, w->v[i].n);
		n += w->v[i].n;
	}
	return str_make(out, n);
}

/* Each of a list's names, folded and joined, into the map. */
static void
add_names(struct map *m, const char *list, uint64_t value)
{
	struct str rest = str_of(list);
	struct arena a = { 0 };
	struct words w;

	while (rest.p != NULL) {
		bool fresh;
		uint64_t *at;

		split_words(str_split(&rest, '|'), &w, &a);
		at = map_put(m, join(&w, 0, &a), &fresh);
		if (fresh)
			*at = value;
	}
	arena_release(&a);
}

static void
make_table(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		add_names(&table.kinds, names[i].names, names[i].kind);
	add_names(&table.qualifiers, qualifiers, 1);
	table.made = true;
}

void
columns_done(void)
{
	map_release(&table.kinds);
	map_release(&table.qualifiers);
	table.kinds = table.qualifiers = (struct map){ 0 };
	table.made = false;
}

static enum column_kind
look_up(struct str joined)
{
	uint64_t *kind = map_get(&table.kinds, joined);

	return kind == NULL ? COLUMN_OTHER : (enum column_kind) * kind;
}

/* Of which kinds there may be several, told apart by such words. */
static bool
may_qualify(enum column_kind kind)
{
	switch (kind) {
	case COLUMN_EMAIL:
	case COLUMN_EMAIL_LABEL:
	case COLUMN_TEL:
	case COLUMN_TEL_LABEL:
	case COLUMN_NAME:
	case COLUMN_GIVEN:
	case COLUMN_FAMILY:
	case COLUMN_ADDRESS:
	case COLUMN_STREET:
	case COLUMN_CITY:
	case COLUMN_REGION:
	case COLUMN_CODE:
	case COLUMN_COUNTRY:
	case COLUMN_NOTE:
	case COLUMN_ORG:
	case COLUMN_URL:
		return true;
	default:
		return false;
	}
}

/* Without the words that skip names, which only tell which of several. */
static enum column_kind
look_up_without(const struct words *w, unsigned skip, struct arena *a)
{
	enum column_kind kind = look_up(join(w, skip, a));

	return skip != 0 && may_qualify(kind) ? kind : COLUMN_OTHER;
}

/* What a name is that has such words beside it: "Home E-mail", and "Home
 * Postal Code", in which one of two of them belongs to the name. */
static enum column_kind
look_up_qualified(const struct words *w, unsigned *skip, struct arena *a)
{
	enum column_kind kind;
	unsigned all = 0;

	for (size_t i = 0; i < w->n; i++)
		if (map_get(&table.qualifiers, w->v[i]) != NULL)
			all |= 1U << i;
	*skip = all;
	kind = look_up_without(w, all, a);
	for (size_t i = 0; i < w->n && kind == COLUMN_OTHER; i++) {
		*skip = all & 1U << i;
		kind = look_up_without(w, *skip, a);
		/* "Contact Owner" is somebody else. */
		if (kind == COLUMN_NAME)
			kind = COLUMN_OTHER;
	}
	return kind;
}

/* HOMEPHONE: taken apart into the two words that it is made of. */
static enum column_kind
look_up_glued(struct words *w, unsigned *skip)
{
	struct str s = w->v[0];

	for (size_t i = 3; w->n == 1 && i + 3 <= s.n; i++) {
		struct str rest = str_sub(s, i, s.n);

		if (map_get(&table.qualifiers, str_sub(s, 0, i)) == NULL ||
		    !may_qualify(look_up(rest)))
			continue;
		*skip = 1;
		w->v[0] = str_sub(s, 0, i);
		w->v[1] = rest;
		w->n = 2;
		return look_up(rest);
	}
	return COLUMN_OTHER;
}

/* "home", "2", "home 2". */
static struct str
group_of(const struct words *w, unsigned skip, struct arena *a)
{
	struct str own = join(w, ~skip, a);

	if (w->number == 0)
		return own;
	return arena_printf(
	    a, "%.*s%s%u", STR_ARG(own), own.n > 0 ? " " : "", w->number);
}

struct column
column_of(struct str name, struct arena *a)
{
	struct column c = { COLUMN_OTHER, 0, 0, STR("") };
	struct words w;
	unsigned skip = 0;

	if (name.n == 0 || name.n > NAME_BYTES)
		return c;
	if (!table.made)
		make_table();
	split_words(name, &w, a);
	if (w.n == 0 || w.too_many)
		return c;
	c.kind = look_up(join(&w, 0, a));
	if (c.kind == COLUMN_OTHER)
		c.kind = look_up_qualified(&w, &skip, a);
	if (c.kind == COLUMN_OTHER)
		c.kind = look_up_glued(&w, &skip);
	/* "Address 2" is a line of the first. */
	if ((c.kind == COLUMN_STREET || c.kind == COLUMN_ADDRESS) &&
	    is_digit(name.p[name.n - 1])) {
		c.line = w.number;
		w.number = 0;
	}
	c.number = w.number;
	c.group = group_of(&w, skip, a);
	return c;
}
