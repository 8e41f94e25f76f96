#include "text/phrase.h"

#include <pthread.h>
#include <string.h>

/*
 * Lists are one string each, entries between bars, in folded form (NFKC
 * casefold: ss for sharp s, the Greek medial sigma).
 */
static const char from[] =
    "|from|von|de|da|van|od|от|от кого|від|від кого|från|fra|lähettäjä|"
    "gönderen|kimden|feladó|de la|από|发件人|發件人|寄件者|寄件人|差出人|"
    "送信者|送信元|보낸 사람|보낸사람|발신|발신자|từ|dari|จาก|מאת|من|"
    "expéditeur|remitente|remetente|mittente|afzender|nadawca|отправитель|"
    "відправник|avsändare|avsender|afsender|absender|odesílatel|odosielateľ|"
    "pošiljatelj|šalje|подател|saatja|nuo|no|nork|kellől|desde|";

static const char date[] =
    "|sent|date|sent on|sent at|date sent|gesendet|gesendet am|datum|"
    "gesendet um|envoyé|envoyé le|date d'envoi|date d’envoi|le|enviado|"
    "enviado el|enviado em|enviada em|enviada|data de envio|data|fecha|"
    "fecha de envío|inviato|data invio|verzonden|verzonden op|verstuurd|"
    "wysłano|wysłane|wysłana|data wysłania|отправлено|дата|дата отправки|"
    "отправлен|надіслано|відправлено|skickat|skickad|sendt|dato|lähetetty|"
    "päiväys|päivämäärä|odesláno|odoslané|dátum|elküldve|küldve|gönderildi|"
    "gönderilme tarihi|gönderme tarihi|gönderim tarihi|tarih|στάλθηκε|εστάλη|"
    "ημερομηνία|发送时间|發送時間|发送日期|日期|时间|時間|傳送時間|寄件日期|"
    "日時|送信日時|送信日|送信|보낸 날짜|보낸날짜|날짜|đã gửi|ngày|"
    "đã gửi vào|dikirim|tanggal|ส่ง|วันที่|ส่งเมื่อ|נשלח|תאריך|"
    "تم الإرسال|التاريخ|أرسلت|trimis|poslano|изпратено|saadetud|išsiųsta|"
    "nosūtīts|enviat|bidalia|послато|";

static const char to[] =
    "|to|an|à|a|para|aan|do|dla|кому|до|till|til|vastaanottaja|kime|alıcı|"
    "címzett|către|catre|προσ|收件人|收件者|宛先|받는 사람|받는사람|수신|"
    "수신자|tới|đến|kepada|ถึง|אל|إلى|destinataire|destinataires|"
    "destinatario|destinatário|komu|za|prima|empfänger|ontvanger|odbiorca|"
    "получатель|mottagare|mottaker|modtager|до кого|pentru|per|per a|saaja|"
    "adressaat|kam|nori|";

static const char subject[] =
    "|subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|temat|"
    "тема|ämne|emne|aihe|předmět|predmet|tárgy|konu|subiect|θέμα|主题|主旨|"
    "主題|件名|표제|제목|chủ đề|tiêu đề|subjek|subyek|perihal|เรื่อง|נושא|"
    "الموضوع|относно|zadeva|tema|teema|tēma|naslov|assumpte|gaia|";

static const char other[] =
    "|cc|bcc|kopie|kopie (cc)|kopia|copie|copie à|cópia|copia|копия|копія|"
    "kopi|kopio|másolat|抄送|副本|参加者|참조|bilgi|κοιν.|reply-to|reply to|"
    "antwort an|antworten an|répondre à|responder a|risposta|rispondi a|"
    "beantwoorden - aan|antwoord aan|svara till|svar til|vastaa|odpověď na|"
    "odpowiedź do|ответить|importance|priority|wichtigkeit|priorität|"
    "attachments|attachment|anlagen|anhänge|pièces jointes|pj|archivos "
    "adjuntos|allegati|bijlagen|bijlage|załączniki|вложения|ek|ekler|"
    "sensitivity|reference|organization|newsgroups|message-id|mailed-by|"
    "signed-by|received|return-path|delivered-to|mime-version|content-type|"
    "in-reply-to|references|sender|errors-to|precedence|x-mailer|user-agent|";

/* Whole words; below it, for scripts without spaces, parts of words. */
static const char wrote[] =
    "|wrote|writes|quoting|zitat|citando|citazione|said|says|schrieb|schrieben|schreibt|geschrieben|écrit|"
    "ecrit|écrivait|escribió|escribio|escribe|escreveu|escreve|scritto|"
    "scrive|schreef|geschreven|schrijft|skrev|skriver|skreiv|kirjoitti|"
    "kirjoittaa|napisał|napisała|napisal|napsal|napsala|"
    "píše|napísal|napísala|pisze|írta|írja|scris|"
    "yazdı|yazmış|написал|написала|писал|писала|пишет|написа|"
    "написав|пише|писав|написао|napisao|napisala|"
    "έγραψε|kirjutas|rakstīja|rašė|escriure|viết|menulis|כתב|"
    "כתבה|كتب|كتبت|نوشت|लिखा|";

static const char wrote_anywhere[] =
    "|写道|寫道|写到|撰写|撰寫|写了|のメッセージ|のメール|書きました|書き込み|"
    "작성|썼습니다|쓴 글|เขียน|";

/* Who says it of themselves introduces no quote; nor does "as goethe said". */
static const char own[] =
    "| i wrote| we wrote| i said| we said| i have written| i also wrote|"
    "habe ich|haben wir|schrieb ich|schrieben wir|ich schrieb|"
    "j'ai écrit|j’ai écrit|nous avons écrit|vous ai écrit|heb ik|schreef ik|"
    "ho scritto|le he escrito|les he escrito|skrev jeg|skrev jag|я писал|"
    "я написал|";

static const char dates[] =
    "|on|at|in|am|le|el|il|em|op|den|på|dnia|dňa|dne|dana|w|v|vào|pada|"
    "în|na|la|a|kl|tarihinde|στισ|la data|";

static const char dates_anywhere[] = "|在|于|於|בתאריך|في|";

static const char original[] =
    "|original message|original appointment|original email|originalnachricht|"
    "original-nachricht|ursprüngliche nachricht|ursprüngliche e-mail|"
    "ursprungliche nachricht|original nachricht|message d'origine|"
    "message d’origine|message original|message initial|e-mail d'origine|"
    "courriel original|mensaje original|mensagem original|"
    "messaggio originale|messaggio inoltrato|oorspronkelijk bericht|"
    "origineel bericht|oorspronkelijke bericht|oryginalna wiadomość|"
    "wiadomość oryginalna|wiadomość źródłowa|исходное сообщение|"
    "исходное письмо|оригинальное сообщение|первоначальное сообщение|"
    "оригінальне повідомлення|originalmeddelande|ursprungligt meddelande|"
    "originalmeddelelse|oprindelig meddelelse|original meddelelse|"
    "oprindelig besked|opprinnelig melding|original melding|"
    "özgün i̇leti|orijinal i̇leti|i̇letilen mesaj|i̇letilen i̇leti|alkuperäinen viesti|původní zpráva|pôvodná správa|eredeti üzenet|"
    "orijinal mesaj|özgün ileti|orijinal ileti|özgün mesaj|mesaj original|"
    "mesajul original|mesajul iniţial|αρχικό μήνυμα|原始邮件|原始郵件|"
    "原邮件|原始訊息|原始信件|邮件原件|元のメッセージ|オリジナルメッセージ|"
    "元のメール|원본 메시지|원본메시지|원본 메일|원래 메시지|thư gốc|"
    "tin nhắn gốc|pesan asli|ข้อความเดิม|ข้อความต้นฉบับ|הודעה מקורית|"
    "الرسالة الأصلية|izvorna poruka|originalna poruka|izvirno sporočilo|"
    "оригинално съобщение|изначална порука|missatge original|reply message|"
    "forwarded message|forwarded email|forwarded by|forwarded mail|"
    "begin forwarded|weitergeleitete nachricht|weitergeleiteten nachricht|"
    "weitergeleitete e-mail|message transféré|message réexpédié|"
    "message transfere|mensaje reenviado|mensagem encaminhada|"
    "mensagem reencaminhada|doorgestuurd bericht|przekazana wiadomość|"
    "przekazywanej wiadomości|przesłana wiadomość|пересылаемое сообщение|"
    "пересланное сообщение|переадресованное сообщение|"
    "переадресованного сообщения|переслане повідомлення|"
    "vidarebefordrat meddelande|vidarebefordrat brev|"
    "videresendt meddelelse|videresendt melding|videresendt besked|"
    "välitetty viesti|välitetylle viestille|přeposlaná zpráva|"
    "přeposílané zprávy|preposlaná správa|továbbított üzenet|"
    "továbbított levél|iletilen mesaj|iletilen ileti|mesaj redirecționat|"
    "转发邮件|转发的邮件|被转发的邮件|轉寄郵件|轉寄的郵件|転送メッセージ|"
    "転送されたメッセージ|전달된 메시지|전달된 메일|"
    "προωθημένο μήνυμα|";

static const char above[] =
    "|above this line|oberhalb dieser zeile|über dieser zeile|"
    "au-dessus de cette ligne|au dessus de cette ligne|"
    "por encima de esta línea|encima de esta línea|acima desta linha|"
    "sopra questa riga|sopra questa linea|boven deze regel|boven deze lijn|"
    "powyżej tej linii|выше этой линии|выше этой строки|ovanför den här|"
    "over denne linje|tämän rivin yläpuolelle|nad tento řádek|"
    "bu satırın üst|この行より上|请在此行上方|이 줄 위에|";

/* Beginnings. */
static const char mobile[] =
    "|sent from |sent via |sent with |sent by |sent using |sent on the go|"
    "sent on my |sent through |get outlook for |download outlook for |"
    "get bluemail for |von meinem |von meiner |gesendet von |gesendet mit |"
    "gesendet über |gesendet via |diese nachricht wurde von |"
    "diese nachricht wurde mit |diese e-mail wurde von |"
    "diese mail wurde von |von unterwegs gesendet|holen sie sich outlook|"
    "laden sie outlook|outlook für |envoyé depuis |envoyé de |"
    "envoyé à partir |envoyé avec |envoyé par |envoyé d'|envoyé d’|"
    "envoyé via |envoyé à l'aide |envoyé grâce |envoye de |"
    "télécharger outlook|obtenez outlook|obtenir outlook|"
    "provenance : courrier|enviado desde |enviado con |enviado de |"
    "enviado por |enviado mediante |enviado a través |obtener outlook|"
    "descargar outlook|obtenga outlook|enviado do |enviado a partir |"
    "enviado pelo |enviado pela |enviado via |enviado através |"
    "obter o outlook|obtenha o outlook|baixe o outlook|baixar o outlook|"
    "inviato da |inviato dal |inviato dalla |inviato con |inviato via |"
    "inviato tramite |scarica outlook|ottieni outlook|verzonden vanaf |"
    "verzonden met |verzonden via |verzonden vanuit |verzonden door |"
    "verstuurd vanaf |verstuurd met |verstuurd via |verstuurd vanuit |"
    "download outlook voor|outlook voor |wysłane z |wysłano z |"
    "wysłane przez |wysłane za pomocą |wysłano za pomocą |wysłano przez |"
    "wysłane ze |wysłano ze |pobierz program outlook|pobierz outlook|"
    "отправлено с |отправлено со |отправлено из |отправлено через |"
    "отправлено от |послано с |отправлено при помощи |скачать outlook|"
    "получить outlook|скачайте outlook|надіслано з |надіслано із |"
    "відправлено з |відправлено із |надіслано через |завантажити outlook|"
    "skickat från |skickad från |skickat med |skickat via |från min |"
    "hämta outlook|skaffa outlook|sendt fra |sendt med |sendt via |"
    "hent outlook|få outlook|skaff outlook|lähetetty |hanki outlook|"
    "odesláno z |odesláno ze |odesláno pomocí |odesláno přes |"
    "odesláno mobilem|poslano z |získejte outlook|získat outlook|"
    "odoslané z |odoslané zo |odoslané pomocou |získať outlook|"
    "elküldve |küldve |az outlook letöltése|trimis de pe |trimis din |"
    "trimis prin |trimis de la |obțineți outlook|στάλθηκε από |"
    "εστάλη από |αποκτήστε το outlook|发自我的|發自我的|发自|從我的|"
    "从我的|来自我的|來自我的|发送自|傳送自|通过 outlook|获取 outlook|"
    "获取outlook|取得 outlook|đã gửi từ |được gửi từ |gửi từ |tải outlook|"
    "dikirim dari |dikirim melalui |dapatkan outlook|ส่งจาก|נשלח מ|"
    "أرسلت من|أُرسلت من|تم الإرسال من|تم إرساله من|مرسل من|"
    "enviat des de |poslano s |poslano sa |poslano iz |poslano z |"
    "изпратено от |послато са |saadetud |išsiųsta iš |sūtīts no |"
    "nosūtīts no |";

static const char mobile_end[] =
    "| gönderildi| gönderilmiştir|'den gönderildi|から送信|より送信|"
    "から送信されました|에서 보냄|에서 보낸 메일|에서 전송|에서 보냈습니다|"
    "에서 작성| from mobile|傳送| outlook'u edinin|を入手| 다운로드| küldve|"
    "से भेजा गया|发送| gesendet.|";

/* What may follow the device in such a line. */
static const char excuse[] =
    "|excuse|pardon|sorry|apolog|typo|brevity|forgive|brief|autocorrect|"
    "smartphone|tablet|galaxy|entschuld|tippfehler|kürze|excusez|fautes|disculp|perdon|scus|";

static const char closing[] =
    "|regards|best regards|kind regards|warm regards|kindest regards|"
    "with kind regards|with best regards|many thanks and kind regards|"
    "warmest regards|thanks and regards|thanks & regards|best|all the best|"
    "best wishes|with best wishes|cheers|sincerely|yours sincerely|"
    "sincerely yours|yours truly|yours faithfully|respectfully|cordially|"
    "thanks|many thanks|thank you|thanks in advance|thank you in advance|"
    "thank you very much|thanks a lot|thx|rgds|br|kr|"
    "mit freundlichen grüssen|mit freundlichem gruss|freundliche grüsse|"
    "freundliche grüsse aus|mit besten grüssen|beste grüsse|viele grüsse|"
    "liebe grüsse|schöne grüsse|herzliche grüsse|mit herzlichen grüssen|"
    "mit lieben grüssen|grüsse|gruss|mfg|lg|vg|hg|bg|hochachtungsvoll|"
    "vielen dank|danke|vielen dank und freundliche grüsse|"
    "mit freundlichen gruessen|viele gruesse|"
    "cordialement|bien cordialement|très cordialement|bien à vous|"
    "sincères salutations|salutations|meilleures salutations|"
    "salutations distinguées|merci|merci d'avance|bonne journée|"
    "bonne réception|cdt|cdlt|saludos|un saludo|un cordial saludo|"
    "saludos cordiales|atentamente|muchas gracias|gracias|cordialmente|"
    "reciba un cordial saludo|atte|atenciosamente|att|abraços|"
    "cumprimentos|com os melhores cumprimentos|melhores cumprimentos|"
    "obrigado|obrigada|abs|cordiali saluti|distinti saluti|saluti|"
    "un saluto|grazie|grazie mille|un cordiale saluto|"
    "met vriendelijke groet|met vriendelijke groeten|"
    "vriendelijke groeten|vriendelijke groet|groeten|groet|mvg|"
    "hartelijke groet|bedankt|pozdrawiam|z poważaniem|pozdrawiam serdecznie|"
    "z wyrazami szacunku|dziękuję|с уважением|с наилучшими пожеланиями|"
    "спасибо|всего доброго|з повагою|дякую|med vänlig hälsning|"
    "med vänliga hälsningar|vänliga hälsningar|vänlig hälsning|"
    "hälsningar|mvh|tack|med venlig hilsen|venlig hilsen|"
    "med vennlig hilsen|vennlig hilsen|hilsen|mange hilsner|de bedste hilsner|"
    "bedste hilsner|bedste hilsener|tak|takk|ystävällisin terveisin|"
    "terveisin|parhain terveisin|kiitos|s pozdravem|s přátelským pozdravem|"
    "děkuji|s pozdravom|ďakujem|üdvözlettel|tisztelettel|köszönettel|"
    "saygılarımla|saygılarımızla|iyi çalışmalar|teşekkürler|cu stimă|"
    "cu respect|mulțumesc|με εκτίμηση|lep pozdrav|s poštovanjem|"
    "srdačan pozdrav|с поздрави|с уважение|此致|此致敬礼|顺颂商祺|谢谢|敬具|"
    "よろしくお願いします|よろしくお願いいたします|以上|감사합니다|드림|"
    "trân trọng|terima kasih|salam|hormat kami|בברכה|مع أطيب التحيات|تحياتي|";

static const char footer[] =
    "|mailing list|unsubscribe|abmelden|abbestellen|désabonner|désinscrire|"
    "darse de baja|cancelar suscripción|descadastrar|disiscri|annulla iscriz|"
    "uitschrijven|wypisać|отписаться|avregistrera|avprenumerera|afmeld|"
    "this email has been checked|virus|avast|virenfrei|list archives|"
    "groups.google|listinfo|privacy policy|all rights reserved|"
    "handelsregister|geschäftsführer|amtsgericht|ust-id|kvk|btw|siret|"
    "registered office|company number|registered in england|p.iva|nif |cnpj|";

static const char notice[] =
    "|confidential|intended recipient|privileged|unauthorized|unauthorised|"
    "intended only|intended solely|disclos|notify the sender|"
    "in error|delete this|delete it|vertraulich|irrtümlich|"
    "nicht der richtige adressat|nicht der beabsichtigte|unbefugt|"
    "nicht gestattet|confidentiel|destinataire|par erreur|confidencial|"
    "destinatario|destinatário|por error|por engano|riservat|"
    "per errore|vertrouwelijk|geadresseerde|abusievelijk|poufn|adresat|"
    "конфиденциальн|konfidentiell|fortrolig|luottamuksel|důvěrn|gizli|保密|"
    "機密|기밀|environment before printing|drucken dieser|imprimer ce|"
    "imprimir este|stampare questa|";

/* What scanners and printers' friends put below, whole by itself. */
static const char advert[] =
    "|virus-free. www|virus-free.www|virenfrei. www|email has been scanned|"
    "e-mail has been scanned|message has been scanned|"
    "email has been checked|e-mail has been checked|wurde auf viren|"
    "consider the environment before|environment before printing|"
    "denken sie an die umwelt|umwelt, bevor|avant d'imprimer|"
    "antes de imprimir|prima di stampare|voordat u deze e-mail print|"
    "follow us on |[cid:|[image:|";

/* The lists taken apart: arrays to walk, and one table of whole entries. */
enum { ENTRIES_MAX = 1536, TABLE = 4096 };

struct list {
	const struct str *v;
	size_t n;
};

enum exact {
	IS_FROM = 1,
	IS_DATE = 2,
	IS_TO = 4,
	IS_SUBJECT = 8,
	IS_OTHER = 16,
	IS_WROTE = 32,
	IS_DATES = 64,
	IS_CLOSING = 128,
};

static struct {
	struct str pool[ENTRIES_MAX];
	size_t n;
	struct list wrote_anywhere, dates_anywhere, own, original, above,
	    mobile, mobile_end, excuse, footer, notice, advert;
	struct {
		struct str key;
		unsigned exact;
	} table[TABLE];
	size_t longest; /* key in it */
} words;

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       ((unsigned char)c & 0x80) != 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Is s[i] the '@' of a mail address? */
static bool
is_mail_at(struct str s, size_t i)
{
	return s.p[i] == '@' && i > 0 && i + 1 < s.n &&
	       is_word_byte(s.p[i - 1]) && is_word_byte(s.p[i + 1]);
}

/* The place of a key: where it is or where it would go.  The keys are ours, so
 * a plain hash does: no input fills the table. */
static size_t
place(struct str key)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 16777619U;
	for (h %= TABLE; words.table[h].key.p != NULL; h = (h + 1) % TABLE)
		if (str_eq(words.table[h].key, key))
			break;
	return h;
}

static struct list
take_apart(const char *list)
{
	struct list l = { .v = words.pool + words.n };
	const char *end;

	for (list++; (end = strchr(list, '|')) != NULL; list = end + 1)
		if (words.n < ENTRIES_MAX && end > list) {
			words.pool[words.n++] =
			    str_make(list, (size_t)(end - list));
			l.n++;
		}
	return l;
}

static void
add_exact(const char *list, unsigned exact)
{
	struct list l = take_apart(list);

	for (size_t i = 0; i < l.n; i++) {
		size_t at = place(l.v[i]);

		words.table[at].key = l.v[i];
		words.table[at].exact |= exact;
		if (l.v[i].n > words.longest)
			words.longest = l.v[i].n;
	}
}

static void
take_all_apart(void)
{
	add_exact(from, IS_FROM);
	add_exact(date, IS_DATE);
	add_exact(to, IS_TO);
	add_exact(subject, IS_SUBJECT);
	add_exact(other, IS_OTHER);
	add_exact(wrote, IS_WROTE);
	add_exact(dates, IS_DATES);
	add_exact(closing, IS_CLOSING);
	words.wrote_anywhere = take_apart(wrote_anywhere);
	words.dates_anywhere = take_apart(dates_anywhere);
	words.own = take_apart(own);
	words.original = take_apart(original);
	words.above = take_apart(above);
	words.mobile = take_apart(mobile);
	words.mobile_end = take_apart(mobile_end);
	words.excuse = take_apart(excuse);
	words.footer = take_apart(footer);
	words.notice = take_apart(notice);
	words.advert = take_apart(advert);
}

void
phrase_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, take_all_apart);
}

/* The lists that hold s as a whole entry. */
static unsigned
exact_of(struct str s)
{
	return s.n == 0 || s.n > words.longest ? 0
					       : words.table[place(s)].exact;
}

static int
count_held(const struct list *l, struct str s)
{
	int n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->v[i].n <= s.n && str_find(s, l->v[i]) >= 0;
	return n;
}

static bool
holds(const struct list *l, struct str s)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].n <= s.n && str_find(s, l->v[i]) >= 0)
			return true;
	return false;
}

static bool
begins(const struct list *l, struct str s)
{
	for (size_t i = 0; i < l->n; i++)
		if (s.n >= l->v[i].n && s.p[0] == l->v[i].p[0] &&
		    memcmp(s.p, l->v[i].p, l->v[i].n) == 0)
			return true;
	return false;
}

static bool
ends(const struct list *l, struct str s)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_ends(s, l->v[i]))
			return true;
	return false;
}

static struct str
strip(struct str s, const char *chars)
{
	while (s.n > 0 && strchr(chars, s.p[s.n - 1]) != NULL)
		s.n--;
	while (s.n > 0 && strchr(chars, *s.p) != NULL)
		s = str_sub(s, 1, s.n);
	return s;
}

enum label
phrase_label(struct str line)
{
	struct str name = strip(str_sub(line, 0, 64), " \t*_>|");
	ptrdiff_t colon = str_chr(name, ':');
	unsigned exact;

	if (colon <= 0 || colon > 48)
		return LABEL_NONE;
	name = strip(str_sub(name, 0, (size_t)colon), " \t*_");
	exact = exact_of(name);
	return (exact & IS_FROM) != 0      ? LABEL_FROM
	       : (exact & IS_DATE) != 0    ? LABEL_DATE
	       : (exact & IS_TO) != 0      ? LABEL_TO
	       : (exact & IS_SUBJECT) != 0 ? LABEL_SUBJECT
	       : (exact & IS_OTHER) != 0   ? LABEL_OTHER
					   : LABEL_NONE;
}

/* Whether one of its words is such a verb; the last one. */
static bool
any_wrote(struct str s, bool last)
{
	size_t i = 0;

	while (i < s.n) {
		size_t start = i;
		bool verb;

		while (i < s.n && is_word_byte(s.p[i]))
			i++;
		verb = i > start &&
		       (exact_of(str_sub(s, start, i - start)) & IS_WROTE) != 0;
		if (verb && (!last || s.n - i <= 8))
			return true;
		i += i == start || i < s.n;
	}
	return last ? ends(&words.wrote_anywhere, s)
		    : holds(&words.wrote_anywhere, s);
}

bool
phrase_wrote(struct str line)
{
	return any_wrote(line, false);
}

bool
phrase_own(struct str line)
{
	return str_starts(line, STR("as ")) || str_starts(line, STR("wie ")) ||
	       str_starts(line, STR("comme ")) || holds(&words.own, line);
}

bool
phrase_wrote_last(struct str line)
{
	return any_wrote(strip(line, " -*_:"), true);
}

bool
phrase_dates(struct str line)
{
	struct str s = strip(line, " \t-*_>\"'"), word;
	size_t n = 0;

	while (n < s.n && s.p[n] != ' ' && s.p[n] != ',' && s.p[n] != '.')
		n++;
	word = str_sub(s, 0, n);
	if (n == 0)
		return false;
	if (is_digit(s.p[0]) || (exact_of(word) & IS_DATES) != 0 ||
	    begins(&words.dates_anywhere, s))
		return true;
	/* "fri, 5", "søn. 30", "pe 5." */
	for (size_t i = n; i < s.n && i < n + 4; i++)
		if (is_digit(s.p[i]))
			return n <= 32;
	return false;
}

bool
phrase_original(struct str line)
{
	return holds(&words.original, line);
}

bool
phrase_above(struct str line)
{
	return holds(&words.above, line);
}

/* Without markdown's brackets, and the address in them. */
static size_t
unlink(struct str line, char *out, size_t max)
{
	size_t n = 0;
	bool skip = false;

	for (size_t i = 0; i < line.n && n < max; i++) {
		char c = line.p[i];

		if (c == '(' && i > 0 && line.p[i - 1] == ']')
			skip = true;
		if (!skip && c != '[' && c != ']')
			out[n++] = c;
		if (c == ')')
			skip = false;
	}
	return n;
}

/* Prose goes on behind a comma or a period; only excuses do not. */
static bool
goes_on(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		struct str rest;

		if (s.p[i + 1] != ' ' ||
		    (s.p[i] != ',' && s.p[i] != '.' && s.p[i] != ';' &&
			s.p[i] != '!' && s.p[i] != '?'))
			continue;
		rest = str_trim(str_sub(s, i + 1, s.n));
		return rest.n > 0 && !holds(&words.excuse, rest);
	}
	return false;
}

bool
phrase_mobile(struct str line)
{
	enum { LONG = 160, SPACES = 17 };
	char plain[LONG];
	struct str s;
	int spaces = 0;

	if (line.n >= LONG)
		return false;
	s = str_make(plain, unlink(line, plain, sizeof(plain)));
	s = strip(s, " \t<>()*_-|~");
	for (size_t i = 0; i < s.n; i++)
		spaces += s.p[i] == ' ';
	if (spaces > SPACES || goes_on(s))
		return false;
	if (str_starts(s, STR("von meine")) &&
	    !str_ends(strip(s, "."), STR("gesendet")))
		return false;
	if (str_starts(s, STR("from my ")) && s.n <= 28)
		return true;
	return begins(&words.mobile, s) || ends(&words.mobile_end, s);
}

bool
phrase_closing(struct str line)
{
	return line.n < 80 &&
	       (exact_of(strip(line, " \t,.!-:;*_~")) & IS_CLOSING) != 0;
}

/* Of a line of contact details: eight digits and more with nothing but what
 * telephone numbers hold between them, an address, a link. */
bool
phrase_contact(struct str line)
{
	enum { ELSE, BETWEEN, DIGIT, MAY };
	static const unsigned char kinds[256] = {
		[' '] = BETWEEN,
		['+'] = BETWEEN,
		['-'] = BETWEEN,
		['/'] = BETWEEN,
		['('] = BETWEEN,
		[')'] = BETWEEN,
		['.'] = BETWEEN,
		['\t'] = BETWEEN,
		['\0'] = BETWEEN,
		['0' ... '9'] = DIGIT,
		['@'] = MAY,
		['w'] = MAY,
		['h'] = MAY,
	};
	size_t digits = 0;

	if (line.n >= 200)
		return false;
	for (size_t i = 0; i < line.n; i++) {
		unsigned char kind = kinds[(unsigned char)line.p[i]];
		struct str rest;

		if (kind == BETWEEN)
			continue;
		digits = kind == DIGIT ? digits + 1 : 0;
		if (digits >= 8)
			return true;
		if (kind != MAY)
			continue;
		rest = str_make(line.p + i, line.n - i);
		if (is_mail_at(line, i) || str_starts(rest, STR("www.")) ||
		    str_starts(rest, STR("http")))
			return true;
	}
	return false;
}

bool
phrase_footer(struct str line)
{
	return holds(&words.footer, line);
}

int
phrase_notice(struct str line)
{
	return count_held(&words.notice, line);
}

bool
phrase_advert(struct str line)
{
	return line.n < 200 && holds(&words.advert, line);
}

bool
phrase_card(struct str line)
{
	size_t bars = 0;

	for (size_t i = 1; i + 1 < line.n; i++)
		bars += line.p[i] == '|' && line.p[i - 1] == ' ' &&
			line.p[i + 1] == ' ';
	return bars >= 2 && line.n < 200 && phrase_contact(line);
}

bool
phrase_time(struct str s)
{
	for (size_t i = 1; i + 2 < s.n; i++) {
		if ((s.p[i] != ':' && s.p[i] != '.' && s.p[i] != 'h') ||
		    !is_digit(s.p[i - 1]) || !is_digit(s.p[i + 1]) ||
		    !is_digit(s.p[i + 2]))
			continue;
		if (s.p[i] == ':')
			return true;
		/* 20.42 is a time, 20.04.2016 and 3.1415 are not. */
		if ((i < 3 || s.p[i - 2] != '.') &&
		    (i + 3 == s.n ||
			(s.p[i + 3] != '.' && !is_digit(s.p[i + 3]))))
			return true;
	}
	return false;
}

bool
phrase_year(struct str s)
{
	for (size_t i = 0; i + 3 < s.n; i++) {
		if ((i > 0 && is_digit(s.p[i - 1])) ||
		    (i + 4 < s.n && is_digit(s.p[i + 4])))
			continue;
		if (((s.p[i] == '1' && s.p[i + 1] == '9') ||
			(s.p[i] == '2' && s.p[i + 1] == '0')) &&
		    is_digit(s.p[i + 2]) && is_digit(s.p[i + 3]))
			return true;
	}
	return false;
}

bool
phrase_mail(struct str s)
{
	for (size_t i = 1; i + 1 < s.n; i++)
		if (is_mail_at(s, i))
			return true;
	return false;
}

bool
phrase_sentence(struct str s)
{
	s = str_trim_right(s);
	if (s.n == 0)
		return true;
	if (s.p[s.n - 1] == '.')
		return s.n < 2 || s.p[s.n - 2] < '0' || s.p[s.n - 2] > '9';
	return s.p[s.n - 1] == '!' || s.p[s.n - 1] == '?';
}
