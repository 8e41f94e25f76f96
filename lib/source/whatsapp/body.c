/*
 * What the body of a WhatsApp message says beside its words: that a file came
 * with it, that it was deleted or edited, that it was a call.  The phone
 * writes such marks in its own language; most have a form that tells them in
 * all, the rest are listed.
 */
#include "source/whatsapp/whatsapp.h"

#define LRM "\xe2\x80\x8e"

enum {
	MARK_BYTES = 160, /* of a mark; longer lines are somebody's words */
	MARK_WORDS = 6, /* of what was left out */
	NAME_WORDS = 8, /* of an administrator, with the word for one */
	FILE_BYTES = 255,
};

static const struct {
	const char *ending, *type;
} types[] = { { "jpg", "image/jpeg" }, { "jpeg", "image/jpeg" },
	{ "png", "image/png" }, { "gif", "image/gif" },
	{ "webp", "image/webp" }, { "heic", "image/heic" },
	{ "mp4", "video/mp4" }, { "3gp", "video/3gpp" },
	{ "mov", "video/quicktime" }, { "mkv", "video/x-matroska" },
	{ "webm", "video/webm" }, { "opus", "audio/ogg" },
	{ "ogg", "audio/ogg" }, { "m4a", "audio/mp4" }, { "aac", "audio/aac" },
	{ "mp3", "audio/mpeg" }, { "amr", "audio/amr" }, { "wav", "audio/wav" },
	{ "pdf", "application/pdf" }, { "vcf", "text/vcard" },
	{ "txt", "text/plain" }, { "csv", "text/csv" },
	{ "zip", "application/zip" }, { "doc", "application/msword" },
	{ "docx",
	    "application/vnd.openxmlformats-officedocument.wordprocessingml."
	    "document" },
	{ "xls", "application/vnd.ms-excel" },
	{ "xlsx",
	    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
	{ "ppt", "application/vnd.ms-powerpoint" },
	{ "pptx",
	    "application/vnd.openxmlformats-officedocument.presentationml."
	    "presentation" } };

/* Behind a file's name, in parentheses. */
static const char *const attached[] = { "file attached", "Datei angehängt",
	"archivo adjunto", "arquivo anexado", "ficheiro anexado",
	"fichier joint", "file allegato", "bestand bijgevoegd",
	"bijgevoegd bestand", "файл добавлен", "файл прикреплён", "файл додано",
	"dosya ekli", "ekli dosya", "plik załączony", "załączono plik",
	"bifogad fil", "fil bifogad", "vedhæftet fil", "fil vedhæftet",
	"fil vedlagt", "liitetty tiedosto", "tiedosto liitetty",
	"soubor přiložen", "přiložený soubor", "súbor priložený",
	"fájl csatolva", "fișier atașat", "fişier ataşat", "συνημμένο αρχείο",
	"επισυνάφθηκε αρχείο", "ملف مرفق", "الملف مرفق", "קובץ מצורף",
	"फ़ाइल संलग्न", "फ़ाइल संलग्न है", "file terlampir", "fail dilampirkan",
	"tệp đính kèm", "đã đính kèm file", "ไฟล์ที่แนบ", "文件附件", "附件",
	"已附加文件", "檔案附件", "添付ファイル", "ファイル添付", "파일 첨부됨",
	"첨부된 파일", "прикрепленный файл", "прикреплённый файл",
	"plik dołączony", "dołączono plik", "załączony plik", "đã đính kèm tệp",
	"tệp được đính kèm", "檔案已附加", "已附加檔案", "fitxer adjunt",
	"datoteka priložena", "priložena datoteka", "прикачен файл",
	"прикачен файл", "приложена датотека", "tiedosto liitteenä", "allegato",
	"liitetiedosto", "lampiran file", "फ़ाइल अटैच की गई", "파일이 첨부됨",
	"แนบไฟล์แล้ว", "ekteki dosya", "پرونده پیوست شد", "فایل پیوست",
	"lêer aangeheg", NULL };

/* Parts of the words that say that a file was left out of the export. */
static const char *const left_out[] = { "omitted", "weggelassen",
	"ausgeschlossen", "omitid", "omitted", "ocult", "oculta", "omis",
	"absent", "omess", "weggelaten", "dahil edilmedi", "без медиа",
	"пропущен", "опущен", "отсутств", "без медіа", "пропущено", "pominięt",
	"utelämnad", "uteladt", "udeladt", "utelatt", "utelat", "ohitettu",
	"poistettu mediatiedosto", "jätetty pois", "vynechán", "vynechan",
	"vynechané", "kihagyva", "omisă", "omise", "παραλείφθηκε", "εξαιρέθηκε",
	"تم استبعاد", "تم حذف الوسائط", "הושמט", "नहीं हैं", "छोड़ा गया",
	"tidak disertakan", "dihilangkan", "bị bỏ qua", "đã bỏ qua", "ถูกละไว้",
	"省略", "略过", "忽略", "なし", "생략", "ausgelassen", "غير مدرجة",
	"غير مدرج", "تم حذف", "छोड़ी गई", "छोड़े गए", "शामिल नहीं", "略過", "略去",
	"未包含", "含まれて", "ละเว้น", "omesa", "omès", "omesos", "izostavljen",
	"изостављен", "пропуснат", "حذف شد", "không bao gồm", "제외",
	"izlaists", "välja jäetud", "weggelaat", "شامل نہیں", "uten vedlegg",
	"hiányzó", "Εξαίρεση", "לא נכלל", "haijajumuishwa", "ausente",
	"non incluso", "não incluíd", "nicht enthalten", "bez médií",
	"bez medij", "ез медија", "fără media", "ilman mediaa", "utan media",
	"uden media", "tanpa media", "tiada media", "không có phương tiện",
	"بدون رسانه", "بدون وسائط", "मीडिया के बिना", "ไม่มีสื่อ", NULL };

/* Whole bodies; a final period does not matter. */
static const char *const deleted[] = { "This message was deleted",
	"You deleted this message", "This message was deleted by admin",
	"Diese Nachricht wurde gelöscht", "Du hast diese Nachricht gelöscht",
	"Se eliminó este mensaje", "Eliminaste este mensaje",
	"Este mensaje fue eliminado", "Este mensaje se eliminó",
	"Esta mensagem foi apagada", "Você apagou esta mensagem",
	"Mensagem apagada", "Apagou esta mensagem", "Ce message a été supprimé",
	"Vous avez supprimé ce message", "Questo messaggio è stato eliminato",
	"Hai eliminato questo messaggio", "Dit bericht is verwijderd",
	"Je hebt dit bericht verwijderd", "U hebt dit bericht verwijderd",
	"Данное сообщение удалено", "Вы удалили данное сообщение",
	"Сообщение удалено", "Это сообщение удалено", "Цей допис видалено",
	"Це повідомлення видалено", "Bu mesaj silindi", "Bu mesajı sildiniz",
	"Ta wiadomość została usunięta", "Usunięto tę wiadomość",
	"Det här meddelandet raderades", "Detta meddelande raderades",
	"Denne besked blev slettet", "Denne meldingen ble slettet",
	"Tämä viesti poistettiin", "Tato zpráva byla odstraněna",
	"Tato zpráva byla smazána", "Acest mesaj a fost șters",
	"Ezt az üzenetet törölték", "تم حذف هذه الرسالة",
	"لقد حذفت هذه الرسالة", "הודעה זו נמחקה", "यह मैसेज मिटाया गया",
	"Pesan ini telah dihapus", "Anda menghapus pesan ini",
	"Mesej ini telah dipadam", "Tin nhắn này đã bị xóa", "此消息已被删除",
	"你已删除这条消息", "此訊息已刪除", "このメッセージは削除されました",
	"삭제된 메시지입니다", "이 메시지는 삭제되었습니다",
	"Eliminou esta mensagem", "Esta mensagem foi eliminada",
	"Apagaste esta mensagem", "Usunąłeś tę wiadomość", "Usunięto wiadomość",
	"Detta meddelande togs bort", "Det här meddelandet togs bort",
	"Du tog bort detta meddelande", "Du raderade detta meddelande",
	"Du raderade det här meddelandet", "Du slettede denne besked",
	"Du slettede denne meddelelse", "Denne meddelelse blev slettet",
	"Du slettet denne meldingen", "Poistit tämän viestin",
	"Tämä viesti on poistettu", "Smazali jste tuto zprávu",
	"Odstranili jste tuto zprávu", "Táto správa bola odstránená",
	"Odstránili ste túto správu", "Törölted ezt az üzenetet",
	"Ezt az üzenetet törölted", "Ați șters acest mesaj",
	"Ai șters acest mesaj", "Mesajul a fost șters",
	"Αυτό το μήνυμα διαγράφηκε", "Αυτό το μήνυμα διαγράφτηκε",
	"Διαγράψατε αυτό το μήνυμα", "حذفتَ هذه الرسالة", "حذفت هذه الرسالة",
	"تم حذف هذه الرسالة من قبل المشرف", "מחקת את ההודעה הזו",
	"מחקת הודעה זו", "ההודעה נמחקה", "यह मैसेज डिलीट किया गया",
	"यह मैसेज डिलीट कर दिया गया", "यह संदेश हटाया गया",
	"यह संदेश हटा दिया गया था", "आपने यह मैसेज डिलीट किया",
	"आपने यह संदेश हटा दिया", "Anda telah menghapus pesan ini",
	"Pesan ini dihapus", "Anda memadam mesej ini",
	"Bạn đã xóa tin nhắn này", "Tin nhắn này đã được thu hồi",
	"此消息已删除", "您删除了这条消息", "您已删除此消息",
	"你删除了这条消息", "您已刪除此訊息", "你已刪除此訊息",
	"已刪除這則訊息", "您已刪除這則訊息", "このメッセージを削除しました",
	"삭제한 메시지입니다", "이 메시지를 삭제했습니다", "ข้อความนี้ถูกลบแล้ว",
	"ข้อความนี้ถูกลบ", "คุณลบข้อความนี้แล้ว", "คุณลบข้อความนี้",
	"Ви видалили це повідомлення", "Ова порука је избрисана",
	"Избрисали сте ову поруку", "Ova poruka je izbrisana",
	"Izbrisali ste ovu poruku", "To sporočilo je bilo izbrisano",
	"Това съобщение беше изтрито", "Изтрихте това съобщение",
	"Aquest missatge s'ha suprimit", "Heu suprimit aquest missatge",
	"Has suprimit aquest missatge", "این پیام حذف شد",
	"این پیام حذف شده است", "این پیام را حذف کردید",
	"آپ نے یہ پیغام حذف کیا", "یہ پیغام حذف کر دیا گیا",
	"Hierdie boodskap is geskrap", "Ujumbe huu ulifutwa",
	"See sõnum kustutati", "Šis ziņojums tika dzēsts", "Ši žinutė ištrinta",
	"இந்தச் செய்தி நீக்கப்பட்டது", "ఈ మెసేజ్ తొలగించబడింది", "এই মেসেজটি মুছে ফেলা হয়েছে",
	NULL };

/* What a deletion by an administrator ends with, where his name comes first. */
static const char *const deleted_by[] = { " deleted this message",
	" hat diese Nachricht gelöscht", " eliminó este mensaje",
	" ha eliminado este mensaje", " apagou esta mensagem",
	" eliminou esta mensagem", " a supprimé ce message",
	" ha eliminato questo messaggio", " heeft dit bericht verwijderd",
	" удалил данное сообщение", " удалил это сообщение",
	" usunął tę wiadomość", " bu mesajı sildi", " menghapus pesan ini",
	" telah menghapus pesan ini", NULL };

/* Parts of the words for an administrator. */
static const char *const administrators[] = { "admin", "amministrator",
	"beheerder", "ylläpitäjä", "správc", "διαχειριστ", "админ", "адмін",
	"yönetici", "quản trị viên", "管理员", "管理員", "管理者", "관리자",
	"مشرف", "مسؤول", "مدیر", "מנהל", "एडमिन", "ผู้ดูแล", "rendszergazda",
	"verwalter", "gestor", NULL };

/*
 * What the program says of itself under the name of a chat or a person: the
 * first sentence whole, or all that there is.  "%" is somebody's name.
 */
static const char *const notices[] = {
	"Messages and calls are end-to-end encrypted",
	"Messages to this chat and calls are now secured with end-to-end encryption",
	"Messages to this group are now secured with end-to-end encryption",
	"Messages you send to this chat and calls are now secured with end-to-end "
	"encryption",
	"Messages you send to this group are now secured with end-to-end encryption",
	"Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt",
	"Nachrichten, die du in diesem Chat sendest, sowie Anrufe, sind jetzt mit "
	"Ende-zu-Ende-Verschlüsselung geschützt",
	"Nachrichten in diesem Chat sowie Anrufe sind jetzt mit "
	"Ende-zu-Ende-Verschlüsselung geschützt",
	"Los mensajes y las llamadas están cifrados de extremo a extremo",
	"Los mensajes y llamadas están cifrados de extremo a extremo",
	"Las llamadas y mensajes enviados a este chat ahora están seguros con "
	"cifrado de extremo a extremo",
	"As mensagens e as chamadas são protegidas com a criptografia de ponta a "
	"ponta",
	"As mensagens e ligações são protegidas com a criptografia de ponta a "
	"ponta",
	"As mensagens e chamadas são encriptadas ponto a ponto",
	"As mensagens e as chamadas são encriptadas ponto a ponto",
	"Les messages et les appels sont chiffrés de bout en bout",
	"Les messages et appels sont chiffrés de bout en bout",
	"I messaggi e le chiamate sono crittografati end-to-end",
	"I messaggi e le chiamate sono protetti con la crittografia end-to-end",
	"Berichten en oproepen worden end-to-end versleuteld",
	"Berichten en gesprekken worden end-to-end versleuteld",
	"Сообщения и звонки защищены сквозным шифрованием",
	"Повідомлення та дзвінки захищені наскрізним шифруванням",
	"Mesajlar ve aramalar uçtan uca şifrelidir",
	"Wiadomości i połączenia są w pełni szyfrowane",
	"Wiadomości i rozmowy są w pełni szyfrowane",
	"Meddelanden och samtal är totalsträckskrypterade",
	"Meddelanden och samtal är end-to-end-krypterade",
	"Beskeder og opkald er end-to-end-krypterede",
	"Meldinger og anrop er ende-til-ende-kryptert",
	"Viestit ja puhelut ovat täysin salattuja",
	"Viestit ja puhelut ovat päästä päähän -salattuja",
	"Zprávy a hovory jsou koncově šifrovány",
	"Správy a hovory sú šifrované end-to-end",
	"Az üzenetek és a hívások végpontok közötti titkosítással védettek",
	"Mesajele și apelurile sunt criptate integral",
	"Τα μηνύματα και οι κλήσεις κρυπτογραφούνται από άκρο σε άκρο",
	"الرسائل والمكالمات مشفرة تمامًا بين الطرفين",
	"ההודעות והשיחות מוצפנות מקצה לקצה", "संदेश और कॉल एंड-टू-एंड एन्क्रिप्टेड हैं",
	"Pesan dan panggilan terenkripsi secara end-to-end",
	"Mesej dan panggilan disulitkan hujung ke hujung",
	"Tin nhắn và cuộc gọi được mã hóa đầu cuối",
	"消息和通话都进行端到端加密", "訊息和通話經端對端加密",
	"訊息和通話已受到端對端加密",
	"メッセージと通話はエンドツーエンドで暗号化されています",
	"メッセージと通話はエンドツーエンド暗号化されています",
	"메시지와 통화는 종단간 암호화됩니다",
	"This business uses a secure service from Meta to manage this chat",
	"This chat is with a business account",
	"This business account has now registered as a standard account",
	"Your security code with % changed", "% changed their security code",
	"Deine Sicherheitsnummer für % hat sich geändert",
	"Die Sicherheitsnummer von % hat sich geändert",
	"Tu código de seguridad con % cambió",
	"Cambió tu código de seguridad con %",
	"Seu código de segurança com % mudou",
	"Votre code de sécurité avec % a changé",
	"Il tuo codice di sicurezza con % è cambiato",
	"Je beveiligingscode voor % is gewijzigd", NULL
};

/* What such a notice goes on with; all others name the program. */
static const char *const notice_ends[] = { "No one outside", "Only people in",
	"Tap ", "Learn more", "Niemand außerhalb", "Nur Personen", "Tippe",
	"Mehr erfahren", "Nadie fuera", "Solo las personas", "Toca ",
	"Toca para", "Pulsa", "Obtén más", "Más información", "Ninguém fora",
	"Somente as pessoas", "Só as pessoas", "Apenas as pessoas", "Toque",
	"Saiba mais", "Aucun tiers", "Personne", "Seules les personnes",
	"Appuyez", "En savoir plus", "Nessuno", "Solo le persone", "Tocca",
	"Scopri", "Niemand buiten", "Alleen mensen", "Alleen personen", "Tik",
	"Meer informatie", "Только участники", "Никто", "Нажмите", "Подробнее",
	"Yalnızca", "Dokun", "Daha fazla", "Tylko osoby", "Nikt", "Dotknij",
	NULL };

/* Behind a body, between < and >. */
static const char *const edited[] = { "This message was edited",
	"Diese Nachricht wurde bearbeitet", "Se editó este mensaje",
	"Este mensaje fue editado", "Mensagem editada",
	"Esta mensagem foi editada", "Ce message a été modifié",
	"Questo messaggio è stato modificato", "Dit bericht is bewerkt",
	"Это сообщение изменено", "Данное сообщение изменено",
	"Сообщение изменено", "Bu mesaj düzenlendi",
	"Ta wiadomość została edytowana", "Det här meddelandet redigerades",
	"Denne besked blev redigeret", "Pesan ini diedit", "此消息已编辑",
	"此消息已被编辑", "此訊息已編輯", "このメッセージは編集されました",
	"تم تعديل هذه الرسالة", "Denne meldingen ble redigert",
	"Tätä viestiä muokattiin", "Tätä viestiä on muokattu",
	"Tato zpráva byla upravena", "Táto správa bola upravená",
	"Ezt az üzenetet szerkesztették", "Szerkesztett üzenet",
	"Acest mesaj a fost editat", "Αυτό το μήνυμα τροποποιήθηκε",
	"Αυτό το μήνυμα έχει υποστεί επεξεργασία", "הודעה זו נערכה",
	"ההודעה נערכה", "Tin nhắn này đã được chỉnh sửa", "此訊息已被編輯",
	"您已編輯此訊息", "수정된 메시지", "이 메시지가 수정되었습니다",
	"수정된 메시지입니다", "Це повідомлення змінено",
	"Повідомлення змінено", "यह मैसेज एडिट किया गया",
	"इस मैसेज को एडिट किया गया", "Aquest missatge s'ha editat",
	"S'ha editat aquest missatge", "Ova poruka je uređena",
	"Това съобщение беше редактирано", "ข้อความนี้ถูกแก้ไข",
	"این پیام ویرایش شد", "Mesej ini telah diedit",
	"Pesan ini telah diedit", NULL };

/* What a mark of a call begins with; longer ones before shorter. */
static const struct {
	const char *begin, *disposition;
} calls[] = { { "Missed voice call", "missed" },
	{ "Missed video call", "missed" }, { "Missed group v", "missed" },
	{ "Silenced voice call", "missed" },
	{ "Silenced video call", "missed" }, { "Voice call", "answered" },
	{ "Video call", "answered" }, { "Verpasster Sprachanruf", "missed" },
	{ "Verpasster Videoanruf", "missed" },
	{ "Sprachanruf verpasst", "missed" },
	{ "Videoanruf verpasst", "missed" }, { "Sprachanruf", "answered" },
	{ "Videoanruf", "answered" }, { "Llamada perdida", "missed" },
	{ "Llamada de voz perdida", "missed" },
	{ "Videollamada perdida", "missed" }, { "Llamada de voz", "answered" },
	{ "Videollamada", "answered" }, { "Appel vocal manqué", "missed" },
	{ "Appel vidéo manqué", "missed" }, { "Appel vocal", "answered" },
	{ "Appel vidéo", "answered" }, { "Ligação de voz perdida", "missed" },
	{ "Chamada de voz perdida", "missed" },
	{ "Ligação de vídeo perdida", "missed" },
	{ "Chamada de vídeo perdida", "missed" },
	{ "Ligação de voz", "answered" }, { "Chamada de voz", "answered" },
	{ "Ligação de vídeo", "answered" }, { "Chamada de vídeo", "answered" },
	{ "Chiamata vocale persa", "missed" },
	{ "Videochiamata persa", "missed" }, { "Chiamata vocale", "answered" },
	{ "Videochiamata", "answered" }, { "Gemiste spraakoproep", "missed" },
	{ "Gemiste video-oproep", "missed" }, { "Spraakoproep", "answered" },
	{ "Video-oproep", "answered" }, { "Пропущенный аудиозвонок", "missed" },
	{ "Пропущенный видеозвонок", "missed" } };

/* Said behind a call's mark where nobody took it. */
static const char *const unanswered[] = { "No answer", "Keine Antwort",
	"Sin respuesta", "Sans réponse", "Aucune réponse", "Sem resposta",
	"Nessuna risposta", "Geen antwoord", "Нет ответа", NULL };

/* What is left out, by the word for it. */
static const struct {
	const char *word, *type;
} classes[] = { { "image", "image/*" }, { "photo", "image/*" },
	{ "bild", "image/*" }, { "foto", "image/*" }, { "imag", "image/*" },
	{ "immagine", "image/*" }, { "afbeelding", "image/*" },
	{ "изображение", "image/*" }, { "gif", "image/*" },
	{ "sticker", "image/*" }, { "figurinha", "image/*" },
	{ "video", "video/*" }, { "vídeo", "video/*" }, { "vidéo", "video/*" },
	{ "видео", "video/*" }, { "audio", "audio/*" }, { "áudio", "audio/*" },
	{ "voice", "audio/*" }, { "аудио", "audio/*" },
	{ "contact card", "text/vcard" }, { "kontaktkarte", "text/vcard" } };

const char *
whatsapp_media_type(struct str file)
{
	ptrdiff_t dot = str_rchr(file, '.');
	struct str ending = str_sub(file, (size_t)(dot + 1), file.n);

	for (size_t i = 0; dot > 0 && i < sizeof(types) / sizeof(*types); i++)
		if (str_eq_nocase(ending, str_of(types[i].ending)))
			return types[i].type;
	return NULL;
}

static struct str
without_period(struct str s)
{
	s = str_trim(s);
	if (str_ends(s, STR(".")))
		s.n--;
	return s;
}

static bool
listed(struct str s, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (str_eq_nocase(s, str_of(list[i])))
			return true;
	return false;
}

static bool
holds_any(struct str s, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (str_find_nocase(s, str_of(list[i])) >= 0)
			return true;
	return false;
}

/* A name, with the word for its bearer's office maybe: no sentence. */
static bool
is_name(struct str s)
{
	size_t words = 1;

	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		if (strchr(",;:?!\n", s.p[i]) != NULL)
			return false;
		words += s.p[i] == ' ';
	}
	return s.n > 0 && words <= NAME_WORDS;
}

static size_t
same_begin(struct str a, struct str b)
{
	size_t n = 0;

	while (n < a.n && n < b.n &&
	       str_eq_nocase(str_sub(a, n, 1), str_sub(b, n, 1)))
		n++;
	return n;
}

static size_t
same_end(struct str a, struct str b)
{
	size_t n = 0;

	while (n < a.n && n < b.n &&
	       str_eq_nocase(
		   str_sub(a, a.n - n - 1, 1), str_sub(b, b.n - n - 1, 1)))
		n++;
	return n;
}

/*
 * "This message was deleted by admin Olaf": one of the sentences with an
 * administrator put in somewhere, as every language does it in its own place.
 */
static bool
deleted_by_admin(struct str s)
{
	for (size_t i = 0; deleted[i] != NULL; i++) {
		struct str whole = str_of(deleted[i]);
		size_t head, tail;

		if (s.n <= whole.n + 2)
			continue;
		head = same_begin(s, whole);
		if (head == 0)
			continue;
		tail = same_end(s, str_sub(whole, head, whole.n));
		if (head + tail < whole.n)
			continue;
		s = str_sub(s, head, s.n - head - tail);
		return holds_any(s, administrators) && is_name(s);
	}
	for (size_t i = 0; deleted_by[i] != NULL; i++) {
		struct str end = str_of(deleted_by[i]);

		if (str_ends(s, end) &&
		    holds_any(str_sub(s, 0, s.n - end.n), administrators))
			return is_name(str_sub(s, 0, s.n - end.n));
	}
	return false;
}

static bool
is_deleted(struct str line)
{
	struct str s = without_period(line);

	return listed(s, deleted) || (s.n <= MARK_BYTES && deleted_by_admin(s));
}

/* Does s begin with the notice?  Then what stands behind it is *rest. */
static bool
begins_notice(struct str s, struct str notice, struct str *rest)
{
	ptrdiff_t hole = str_chr(notice, '%'), at;
	struct str begin = hole < 0 ? notice : str_sub(notice, 0, (size_t)hole);
	struct str end =
	    hole < 0 ? STR("") : str_sub(notice, (size_t)hole + 1, notice.n);

	if (!str_starts(s, begin))
		return false;
	s = str_sub(s, begin.n, s.n);
	at = hole < 0    ? 0
	     : end.n > 0 ? str_find(s, end)
			 : (ptrdiff_t)without_period(s).n;
	if (at < 0 || (hole >= 0 && !is_name(str_sub(s, 0, (size_t)at))))
		return false;
	*rest = str_sub(s, (size_t)at + end.n, s.n);
	return true;
}

bool
whatsapp_notice(struct str body)
{
	struct str rest;

	for (size_t i = 0; notices[i] != NULL; i++) {
		if (!begins_notice(body, str_of(notices[i]), &rest))
			continue;
		/* A person may quote the sentence and go on. */
		if (str_starts(rest, STR(".")) ||
		    str_starts(rest, STR("\xe3\x80\x82")))
			rest = str_sub(rest, rest.p[0] == '.' ? 1 : 3, rest.n);
		rest = str_trim(rest);
		if (rest.n == 0 || str_find(rest, STR("WhatsApp")) >= 0)
			return true;
		for (size_t k = 0; notice_ends[k] != NULL; k++)
			if (str_starts(rest, str_of(notice_ends[k])))
				return true;
	}
	return false;
}

/* name.ext, with 1 to 5 letters and digits behind the last dot. */
static bool
is_file_name(struct str s)
{
	ptrdiff_t dot = str_rchr(s, '.');
	size_t ending = s.n - (size_t)dot - 1;

	if (dot <= 0 || s.n > FILE_BYTES || ending < 1 || ending > 5)
		return false;
	for (size_t i = (size_t)dot + 1; i < s.n; i++) {
		char c = (char)(s.p[i] | 0x20);

		if (!(c >= 'a' && c <= 'z') &&
		    !(s.p[i] >= '0' && s.p[i] <= '9'))
			return false;
	}
	return str_chr(s, '/') < 0 && str_chr(s, '\t') < 0;
}

/* IMG-20191224-WA0001.jpg, as phones of Android name what they save. */
static bool
is_saved_name(struct str s)
{
	ptrdiff_t wa = str_find(s, STR("-WA"));

	if (wa != 12 || s.n < 20 || s.p[3] != '-')
		return false;
	for (size_t i = 4; i < 12; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* Android: "name.ext (file attached)", whatever the language says there. */
static bool
android_file(struct str line, bool marked, struct str *file)
{
	ptrdiff_t open = str_find(line, STR(" ("));
	ptrdiff_t next;
	struct str name, words;

	while (open >= 0 &&
	       (next = str_find(
		    str_sub(line, (size_t)open + 2, line.n), STR(" ("))) >= 0)
		open += 2 + next;
	if (open <= 0 || !str_ends(line, STR(")")))
		return false;
	name = str_sub(line, 0, (size_t)open);
	words = str_sub(line, (size_t)open + 2, line.n - (size_t)open - 3);
	if (!is_file_name(name) ||
	    !(marked || is_saved_name(name) || listed(words, attached)))
		return false;
	*file = name;
	return true;
}

/* iOS: "<attached: name.ext>". */
static bool
ios_file(struct str line, bool marked, struct str *file)
{
	ptrdiff_t colon;
	struct str name;

	if (line.n < 6 || line.p[0] != '<' || line.p[line.n - 1] != '>')
		return false;
	colon = str_chr(line, ':');
	if (colon < 0)
		colon = str_find(line, STR("\xef\xbc\x9a"));
	if (colon < 2 || colon > 60)
		return false;
	name = str_sub(line, (size_t)colon + 1, line.n - (size_t)colon - 2);
	if (str_starts(name, STR("\xbc\x9a")))
		name = str_sub(name, 2, name.n);
	name = str_trim(name);
	/* 00000012-PHOTO-2019-12-24-11-23-00.jpg */
	if (!is_file_name(name) || !(marked || str_chr(name, '-') == 8))
		return false;
	*file = name;
	return true;
}

/* As short as a mark is, and no sentence: "<Media omitted>". */
static bool
is_phrase(struct str s)
{
	size_t words = 1;

	for (size_t i = 0; i < s.n; i++) {
		if (strchr("</>=:\",;?!", s.p[i]) != NULL)
			return false;
		words += s.p[i] == ' ';
	}
	return words <= MARK_WORDS;
}

/* Between < and > as all that there is: Android. */
static bool
omitted(struct str line, bool marked, struct whatsapp_body *out)
{
	struct str words = without_period(line);
	bool angled =
	    words.n > 2 && words.p[0] == '<' && words.p[words.n - 1] == '>';

	if (angled)
		words = str_sub(words, 1, words.n - 2);
	if (words.n > MARK_BYTES || !(angled || marked) ||
	    !holds_any(words, left_out) || !(marked || is_phrase(words)))
		return false;
	out->omitted = words;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (str_find_nocase(words, str_of(classes[i].word)) >= 0) {
			out->media_type = classes[i].type;
			break;
		}
	return true;
}

static bool
call(struct str line, struct whatsapp_body *out)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		struct str begin = str_of(calls[i].begin);
		struct str rest;

		if (!str_starts_nocase(line, begin))
			continue;
		rest = str_sub(line, begin.n, line.n);
		/* A mark goes on with a comma, a time, a duration. */
		if (rest.n > 0 && str_chr(STR(".,: ("), rest.p[0]) < 0 &&
		    begin.p[begin.n - 1] != 'v')
			return false;
		out->disposition = calls[i].disposition;
		if (holds_any(rest, unanswered))
			out->disposition = "no answer";
		return true;
	}
	return false;
}

/* Takes "<This message was edited>" off the end. */
static struct str
cut_edited(struct str body, bool *was)
{
	struct str s = str_trim_right(body), words;
	ptrdiff_t open = str_rchr(s, '<');
	bool marked;

	if (open < 0 || !str_ends(s, STR(">")) ||
	    s.n - (size_t)open > MARK_BYTES)
		return body;
	words = str_sub(s, (size_t)open + 1, s.n - (size_t)open - 2);
	s = str_sub(s, 0, (size_t)open);
	marked = str_ends(s, STR(LRM));
	if (marked)
		s.n -= 3;
	if (!listed(without_period(words), edited) &&
	    !(marked && s.n > 0 && str_chr(words, ':') < 0 &&
		str_find(words, STR("\xef\xbc\x9a")) < 0 &&
		!holds_any(words, left_out)))
		return body;
	*was = true;
	return str_trim_right(s);
}

/* The program's mark at the beginning is no part of what it says. */
static struct str
unmark(struct str s, bool *marked)
{
	*marked = false;
	while (str_starts(s, STR(LRM)) || str_starts(s, STR("\xe2\x80\x8f"))) {
		*marked = true;
		s = str_sub(s, 3, s.n);
	}
	return s;
}

/*
 * What the program itself says under somebody's name ("Messages and calls are
 * end-to-end encrypted").  Its mark also opens places and polls, which are
 * somebody's: those hold an address, or more marks on further lines.
 */
static bool
is_notice(struct str first, struct str rest)
{
	return str_find(first, STR("://")) < 0 &&
	       !(rest.p != NULL && str_find(rest, STR(LRM)) >= 0);
}

/* "bill.pdf â¢ 1 page" before the mark of what is left out. */
static void
named_before(struct str *before, struct whatsapp_body *out)
{
	ptrdiff_t dot = str_find(*before, STR(" \xe2\x80\xa2 "));
	struct str name =
	    str_trim(dot < 0 ? *before : str_sub(*before, 0, (size_t)dot));

	if (!is_file_name(name))
		return;
	out->file = name;
	out->media_type = whatsapp_media_type(name);
	*before = STR("");
}

/* iOS puts the file's mark behind its caption.  Takes it off. */
static bool
mark_behind(struct str *body, struct whatsapp_body *out)
{
	struct str s = str_trim_right(*body), mark, before;
	ptrdiff_t at = -1, next;

	while (
	    (next = str_find(str_sub(s, (size_t)(at + 1), s.n), STR(LRM))) >= 0)
		at += 1 + next;
	if (at <= 0)
		return false;
	mark = str_sub(s, (size_t)at + 3, s.n);
	before = str_trim_right(str_sub(s, 0, (size_t)at));
	if (ios_file(mark, true, &out->file)) {
		out->kind = WHATSAPP_FILE;
	} else if (str_chr(mark, '\n') < 0 && omitted(mark, true, out)) {
		out->kind = WHATSAPP_OMITTED;
		named_before(&before, out);
	} else {
		return false;
	}
	*body = before;
	return true;
}

static enum whatsapp_kind
kind_of(struct str first, struct str rest, bool marked, bool sender,
    struct whatsapp_body *out)
{
	bool alone = str_trim(rest).n == 0;

	if (sender && (android_file(first, marked, &out->file) ||
			  ios_file(first, marked, &out->file)))
		return WHATSAPP_FILE;
	if (sender && alone && is_deleted(first))
		return WHATSAPP_DELETED;
	if (sender && omitted(first, marked, out))
		return WHATSAPP_OMITTED;
	if ((marked || !sender) && alone && call(first, out))
		return WHATSAPP_CALL;
	if (!sender || (marked && is_notice(first, rest)) ||
	    (alone && whatsapp_notice(first)))
		return WHATSAPP_NOTICE;
	return WHATSAPP_TEXT;
}

/* Tells the kind by the first line; returns what is left as text. */
static struct str
tell(struct str body, bool marked, bool sender, struct arena *a,
    struct whatsapp_body *out)
{
	struct str rest = body, first = str_line(&rest);

	if (rest.p == NULL)
		rest = STR("");
	first = str_trim_right(whatsapp_unmarked(first, a));
	out->kind = kind_of(first, rest, marked, sender, out);
	switch (out->kind) {
	case WHATSAPP_FILE:
	case WHATSAPP_OMITTED:
		return rest;
	case WHATSAPP_DELETED:
		return STR("");
	default:
		return body;
	}
}

void
whatsapp_body(
    struct str body, bool sender, struct arena *a, struct whatsapp_body *out)
{
	bool marked;

	*out = (struct whatsapp_body){ .kind = WHATSAPP_TEXT };
	body = unmark(body, &marked);
	if (sender)
		body = cut_edited(body, &out->edited);
	if (!sender || !mark_behind(&body, out))
		body = tell(body, marked, sender, a, out);
	if (out->kind == WHATSAPP_FILE)
		out->media_type = whatsapp_media_type(out->file);
	out->text = str_trim_right(whatsapp_unmarked(body, a));
}
