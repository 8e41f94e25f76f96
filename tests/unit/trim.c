#include "tap.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "text/trim.h"

static struct arena arena;

static struct trimmed
trim(const char *body)
{
	struct trimmed t;

	text_trim(str_of(body), false, &arena, &t);
	return t;
}

/* A test's name: the first line of what it is about. */
static const char *
title(const char *s)
{
	return arena_cstr(
	    &arena, str_split(&(struct str){ s, strlen(s) }, '\n'));
}

/* The reply "Hello." stands above; all of `below` must be cut off. */
static void
cut(const char *below)
{
	struct str body =
	    arena_printf(&arena, "Hello.\n\n%s\n\nSome text there\n", below);
	struct trimmed t;

	text_trim(body, false, &arena, &t);
	is_str(t.text, "Hello.", title(below));
}

/* The same with marked text: an introduction need not be so sure. */
static void
cut_marked(const char *below)
{
	struct str body =
	    arena_printf(&arena, "Hello.\n\n%s\n> Some text there\n", below);
	struct trimmed t;

	text_trim(body, false, &arena, &t);
	is_str(t.text, "Hello.", title(below));
}

/* Nothing of it is cut off. */
static void
whole(const char *body)
{
	struct trimmed t = trim(body);

	is_str(t.text, body, title(body));
	ok(t.quoted.p == NULL && t.signature.p == NULL, "nothing else");
}

static void
signed_by(const char *line)
{
	struct str body = arena_printf(&arena, "Hello.\n\n%s\n", line);
	struct trimmed t;

	text_trim(body, false, &arena, &t);
	is_str(t.text, "Hello.", title(line));
	is_str(t.signature, line, "is the signature");
}

static void
test_parts(void)
{
	struct trimmed t =
	    trim("Yes.\r\n\r\n-- \r\nAnna\r\n\r\nOn Mon, 1 Feb "
		 "2016 at 4:58, B <b@x.org> wrote:\r\n> No?\r\n");

	is_str(t.text, "Yes.", "text");
	is_str(t.quoted,
	    "On Mon, 1 Feb 2016 at 4:58, B <b@x.org> wrote:\n> No?", "quoted");
	is_str(t.signature, "-- \nAnna", "signature");
	t = trim("Yes.\n");
	is_str(t.text, "Yes.", "text alone");
	is_str(t.quoted, NULL, "no quote");
	is_str(t.signature, NULL, "no signature");
	is_str(trim("").text, "", "empty");
	is_str(trim(" \n\r\n\t\n").text, "", "white space");
	text_trim(STR_NONE, false, &arena, &t);
	is_str(t.text, "", "absent");
}

static void
test_introductions(void)
{
	cut("On Wed, 5 Oct 2022 at 10:23, Anna Meier <anna@x.org> wrote:");
	cut("On Wed, Oct 5, 2022 at 10:23 AM Anna Meier via Some Very Long\n"
	    "Service <anna@x.org> wrote:");
	cut("On Wednesday, 5 October 2022, 10:23:41 CEST, Anna Meier\n"
	    "<anna@x.org> wrote:");
	cut("Am Mi., 5. Okt. 2022 um 10:23 Uhr schrieb Anna Meier\n"
	    "<anna@x.org>:");
	cut("Am 05.10.22 um 10:23 schrieb Anna Meier:");
	cut("Anna Meier <anna@x.org> schrieb am Mi. 5. Okt. 2022 um 10:23:");
	cut("Le mer. 5 oct. 2022 à 10:23, Anna Meier <anna@x.org> a écrit :");
	cut("El mié, 5 oct 2022 a las 10:23, Anna Meier (<anna@x.org>) "
	    "escribió:");
	cut("Il giorno mer 5 ott 2022 alle ore 10:23 Anna Meier <anna@x.org> "
	    "ha scritto:");
	cut("Em qua., 5 de out. de 2022 às 10:23, Anna Meier <anna@x.org> "
	    "escreveu:");
	cut("Op wo 5 okt. 2022 om 10:23 schreef Anna Meier <anna@x.org>:");
	cut("Op 5 okt. 2022 om 10:23 heeft Anna Meier <anna@x.org> het "
	    "volgende geschreven:");
	cut("śr., 5 paź 2022 o 10:23 Anna Meier <anna@x.org> napisał(a):");
	cut("W dniu 5.10.2022 o 10:23, Anna Meier pisze:");
	cut("ср, 5 окт. 2022 г. в 10:23, Anna Meier <anna@x.org>:");
	cut("5 октября 2022, 10:23, Anna Meier <anna@x.org>:");
	cut("05.10.2022, 10:23, \"Anna Meier\" <anna@x.org>:");
	cut("Den ons 5 okt. 2022 kl 10:23 skrev Anna Meier <anna@x.org>:");
	cut("ons. 5. okt. 2022 kl. 10.23 skrev Anna Meier <anna@x.org>:");
	cut("ke 5. lokak. 2022 klo 10.23 Anna Meier (anna@x.org) kirjoitti:");
	cut("st 5. 10. 2022 v 10:23 odesílatel Anna Meier <anna@x.org> "
	    "napsal:");
	cut("Dne 5. 10. 2022 v 10:23 Anna Meier napsal(a):");
	cut("Anna Meier <anna@x.org>, 5 Eki 2022 Çar, 10:23 tarihinde şunu "
	    "yazdı:");
	cut("Anna Meier <anna@x.org> ezt írta (időpont: 2022. okt. 5., Sze, "
	    "10:23):");
	cut("Anna Meier <anna@x.org> 于2022年10月5日周三 10:23写道：");
	cut("2022年10月5日(水) 10:23 Anna Meier <anna@x.org>:");
	cut("2022년 10월 5일 (수) 오전 10:23, Anna Meier <anna@x.org>님이 "
	    "작성:");
	cut("Στις Τετ 5 Οκτ 2022 στις 10:23 π.μ., ο χρήστης Anna Meier\n"
	    "<anna@x.org> έγραψε:");
	cut("Vào Th 4, 5 thg 10, 2022 vào lúc 10:23 Anna Meier <anna@x.org> "
	    "đã viết:");
	cut("\u202bבתאריך יום ד׳, 5 באוק׳ 2022 ב-10:23 מאת \u202aAnna\u202c\u200f "
	    "<\u202aanna@x.org\u202c\u200f>:\u202c");
	cut("2022-10-05 10:23 GMT+02:00 Anna Meier <anna@x.org>:");
	cut("---- On Wed, 05 Oct 2022 10:23:41 +0200 Anna Meier "
	    "<anna@x.org> wrote ----");
	cut_marked("Anna Meier wrote:");
	cut_marked("Anna schrieb:");
	cut_marked("On 10/05/2022, Anna wrote:");
	cut_marked("In message <20221005.1@x.org>, Anna Meier writes:");
}

static void
test_headers(void)
{
	cut("From: Anna Meier <anna@x.org>\nSent: Wednesday, October 5, 2022 "
	    "10:23 AM\nTo: Support\nSubject: Order");
	cut("________________________________\nVon: Anna Meier\nGesendet: "
	    "Mittwoch, 5. Oktober 2022 10:23\nAn: Support\nBetreff: Order");
	cut("De : Anna Meier\nEnvoyé : mercredi 5 octobre 2022 10:23\nÀ : "
	    "Support\nObjet : Order");
	cut("De: Anna\nEnviado el: miércoles\nPara: B\nAsunto: Order");
	cut("Da: Anna\nInviato: mercoledì\nA: B\nOggetto: Order");
	cut("Van: Anna\nVerzonden: woensdag\nAan: B\nOnderwerp: Order");
	cut("Od: Anna\nWysłano: środa\nDo: B\nTemat: Order");
	cut("От: Anna\nОтправлено: среда\nКому: B\nТема: Order");
	cut("Från: Anna\nSkickat: onsdag\nTill: B\nÄmne: Order");
	cut("Fra: Anna\nSendt: onsdag\nTil: B\nEmne: Order");
	cut("Lähettäjä: Anna\nLähetetty: ke\nVastaanottaja: B\nAihe: Order");
	cut("Od: Anna\nOdesláno: středa\nKomu: B\nPředmět: Order");
	cut("Kimden: Anna\nGönderildi: Çarşamba\nKime: B\nKonu: Order");
	cut("发件人: Anna\n发送时间: 2022年10月5日\n收件人: B\n主题: Order");
	cut("差出人: Anna\n送信日時: 2022年10月5日\n宛先: B\n件名: Order");
	cut("보낸 사람: Anna\n보낸 날짜: 2022년\n받는 사람: B\n제목: Order");
	cut("*From:* Anna [mailto:anna@x.org]\n*Sent:* Wednesday\n*To:* B;\n"
	    "C; D\n*Subject:* Order\nthat goes on");
	cut("________________________________\nNuo: Anna <anna@x.org>\n"
	    "Išsiųsta kada: 2022 m. spalio 5 d.\nKam: B\nKas per: Order");
	cut("-----Original Message-----");
	cut("-----Ursprüngliche Nachricht-----");
	cut("-------- Message original --------");
	cut("-----Mensaje original-----");
	cut("-----Messaggio originale-----");
	cut("-----Oorspronkelijk bericht-----");
	cut("-----Исходное сообщение-----");
	cut("-----Opprinnelig melding-----");
	cut("------------------ 原始邮件 ------------------");
	cut("---------- Forwarded message ---------");
	cut("---- Anna Keller wrote ----");
	cut("---- Anna schrieb ----");
	cut("---- Anna a écrit ----");
	cut("---- Anna napisał(a) ----");
	cut("---- Am Mo, 05 Okt 2026 08:00:00 +0200 Anna <anna@x.org> schrieb "
	    "----");
	whole("---- what I wrote to you ----\n\nWhere is it?");
	whole("-- Anna wrote --\n\nWhere is it?");
	cut("-------- Weitergeleitete Nachricht --------\nBetreff: x\nDatum: "
	    "Wed\nVon: Anna\nAn: B");
	cut("Begin forwarded message:\n\nFrom: A <a@x.org>\nSubject: x\nDate: "
	    "5 Oct 2022\nTo: B");
	cut("##- Please type your reply above this line -##");
}

static void
test_whole(void)
{
	whole("Dear all,\nOn the other hand she wrote: nothing of it is true.");
	whole("On the other hand she wrote:\nnothing of it is true.");
	whole("He wrote to us on 5 May.\n\nWhat I said:\nNothing.");
	whole("A -- with dashes -- in mid line.\n--no delimiter\nMore.");
	whole("Chapter one\n-----------\n\nIt was dark.\n\nChapter two\n"
	      "===========\n\nThere was light.");
	whole("First part is here.\n\n-----\n\nThe second part is as long as "
	      "the first one and says more.\nAnd it ends here.");
	whole("---------- Forwarded message ----------\nFrom: A <a@x.org>\n"
	      "Date: Thu\nSubject: x\nTo: b@x.org\n\nText.\n\n-- \nAnna");
	whole("From: A <a@x.org>\nSent: Thursday\nTo: B\nSubject: C\n\nText");
	whole("> Do you like it?\n\nYes.\n\n> And this?\n\nNo.");
	whole("> A quote alone.");
	whole(
	    "From: Berlin\nTo: Hamburg\nDate: next week\n\nIs there a train?");
	whole("```\n-- \n> quoted\nFrom: x\n```\nThis is code.");
	whole("Thanks a lot,\nAnna Meier");
	whole("****************\n** A WARNING **\n****************\n\nMail to "
	      "a@x.org waits.");
	whole("The date is 2016-03-03 17:21 GMT in London");
	whole("Sent from my desk, which is much better than my telephone.");
	whole("Please call me on +49 30 1234567 or write to anna@x.org:\n"
	      "I am at home.");
	whole("We sent it from Berlin.\nIt came back.");
	whole("Name: Anna\nEmail: anna@x.org\nMessage: Where is my order?");
}

static void
test_signatures(void)
{
	signed_by("-- \nAnna Meier\nACME");
	signed_by("--\nAnna Meier");
	signed_by("__\nAnna Meier");
	signed_by("—————\nAnna Meier\nanna@x.org");
	signed_by("Sent from my iPhone");
	signed_by("Von meinem iPhone gesendet");
	signed_by("Gesendet von Mail für Windows");
	signed_by("Envoyé de mon iPhone");
	signed_by("Enviado desde mi iPhone");
	signed_by("Enviado do meu iPhone");
	signed_by("Inviato da iPhone");
	signed_by("Verstuurd vanaf mijn iPhone");
	signed_by("Wysłane z iPhone'a");
	signed_by("Отправлено с iPhone");
	signed_by("Skickat från min iPhone");
	signed_by("Sendt fra min iPhone");
	signed_by("Lähetetty iPhonesta");
	signed_by("Odesláno z iPhonu");
	signed_by("iPhone'umdan gönderildi");
	signed_by("发自我的iPhone");
	signed_by("iPhoneから送信");
	signed_by("나의 iPhone에서 보냄");
	signed_by("Get Outlook for Android<https://aka.ms/x>");
	signed_by("Best regards,\nAnna Meier\nACME Ltd\nTel: +49 30 12345678");
	signed_by("Mit freundlichen Grüßen\n\nAnna Meier\nwww.acme.example");
	signed_by("-Anna Meier");
	signed_by("This message is confidential and only for the intended "
		  "recipient; if you got it in error, delete it.");
}

static void
test_order(void)
{
	struct trimmed t = trim("On 5 Oct 2022, at 10:23, A <a@x.org> wrote:\n"
				"> Do you like it?\n\nYes.\n");

	is_str(t.text, "Yes.", "an answer below the quote");
	t = trim("Hi,\n\nOn 5 Oct 2022, at 10:23, A <a@x.org> wrote:\n> One?\n"
		 "\nYes.\n\n> Two?\n\nNo.\n\n> Three?\n\n--\nAnna\n");
	is_str(t.text, "Hi,\n\n> One?\n\nYes.\n\n> Two?\n\nNo.",
	    "answers between quotes keep them");
	is_str(t.signature, "--\nAnna", "signature below");
	t = trim("> On 5 Oct 2022, at 10:23, A <a@x.org> wrote:\n> > One?\n");
	is_str(t.text, "", "nothing but an introduced quote");
	t = trim("Sent from my iPhone\n\nBegin forwarded message:\n\nFrom: A "
		 "<a@x.org>\nSubject: B\nDate: 5 Oct\nTo: C\n\nText\n");
	is_str(t.signature, "Sent from my iPhone", "a forward from a phone");
	ok(t.text.n > 60, "is whole");
	t = trim("Hi.\n\nSent from my iPhone\n\n> On 5 Oct 2022, at 10:23, A "
		 "<a@x.org> wrote:\n> \n> One?\n");
	is_str(t.text, "Hi.", "reply from a phone");
	is_str(t.signature, "Sent from my iPhone", "its signature");
}

/* Each of these takes minutes where the trimming is not linear. */
/* What tells an introduction, a device or a note from what only looks so. */
static void
test_looks(void)
{
	cut_marked("Quoting Bo Olsen <bo@b.example>:");
	cut_marked("Zitat von Bo Olsen <bo@b.example>:");
	cut(">>> Bo Olsen <bo@b.example> 02.03.2026 10:00 >>>");
	cut_marked("2. 3. 2026 v 10:00, Bo Olsen:");
	is_str(trim("Hi.\n\nVirus-free. www.avast.com").text, "Hi.",
	    "a scanner's line");
	is_str(trim("Hi.\n\nBo Olsen | Sales | B Inc | +1 555 123 4567").text,
	    "Hi.", "a card in one line");
	is_str(trim("Hi.\n\n[cid:image001.png@01D]").text, "Hi.", "a picture");
	whole("Sizes: 1 | 2 | 3");
	cut("‐‐‐‐ Original Message ‐‐‐‐");
	cut("-----Özgün İleti-----");
	cut("No: Bo <bo@b.example>\nNosūtīts: 2026\nKam: Anna\nTēma: x");
	is_str(
	    trim("Hi.\n\nSent from my Verizon, Samsung Galaxy smartphone").text,
	    "Hi.", "a device with a comma");
	is_str(
	    trim("Hi.\n\nVon meinem Samsung Galaxy Smartphone gesendet.").text,
	    "Hi.", "a device with a period");
	whole("On Monday, March 2, 2026 I wrote to you:\n\nSend the screws.");
	whole("Am Montag, 2. März 2026 habe ich geschrieben:\n\nBitte.");
	whole("Hello,\n--\nwhere is it?");
	is_str(trim("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
		    "Hello Bo,\n\nit is late.\n"
		    "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n"
		    "-----END PGP SIGNATURE-----\n\n"
		    "On 2 Mar 2026 at 10:00, Bo wrote:\n> Where is it?\n")
		   .text,
	    "Hello Bo,\n\nit is late.", "what PGP signed");
	whole("As Goethe said:\n\n> Mehr Licht!\n\nSo please send lamps.");
	whole("Begin forwarded message:\n\n> From: Bo <bo@b.example>\n"
	      "> Subject: Offer\n>\n> Dear Anna");
	is_str(trim("See below.\n\nBegin forwarded message:\n\n"
		    "> From: Bo <bo@b.example>\n> Subject: x\n>\n> Dear")
		   .text,
	    "See below.", "a note above what is passed on");
}

/* Answers that look like a quote, and what looks like a signature. */
static void
test_answers(void)
{
	struct trimmed t = trim("Hallo Bo,\n\nMonday, 5 October 2026, 10:23:00 "
				"AM, you wrote:\n\nBO> Which one?\n\nThe red "
				"one.\n\nBO> And when?\n\nToday.\n\n-- \nAnna");

	is_str(t.text,
	    "Hallo Bo,\n\n\nBO> Which one?\n\nThe red one.\n\n"
	    "BO> And when?\n\nToday.",
	    "initials in lines of their own");
	t = trim("Hallo,\n\nOn 5 Oct 2026 at 10:23, B <b@x.org> wrote:\n"
		 "\xd0\x91\xd0\x9e> Which one?\n\nThe red one.");
	is_str(t.text, "Hallo,\n\n\xd0\x91\xd0\x9e> Which one?\n\nThe red one.",
	    "of another script");
	t = trim("Hallo\n\nOn 5 Oct 2026 at 10:23, B <b@x.org> wrote:\n"
		 "| Which one?\n| And when?\n\nThe red one.");
	is_str(t.text, "Hallo\n\n| Which one?\n| And when?\n\nThe red one.",
	    "bars");
	t = trim("Hi!\n\nOn 5 Oct 2026 at 10:23, B <b@x.org> wrote:\n\n"
		 "(...)\n> Which one?\n\nThe red one.");
	is_str(t.text, "Hi!\n\n> Which one?\n\nThe red one.",
	    "a mark of what was left out");
	t = trim("Dear Bo,\n\nOn 5 Oct 2026 at 10:23, B <b@x.org> wrote:\n\n"
		 "Which one?\n\nThe red one.");
	is_str(t.text, "Dear Bo,\n\n\nWhich one?\n\nThe red one.",
	    "below a greeting alone");
	t = trim("On 5 Oct 2026 at 10:23, B <b@x.org> wrote:\n"
		 "> Which one?\n>\n> The red one.");
	is_str(
	    t.text, "> Which one?\n>\n> The red one.", "typed into the quote");
	whole("Hello,\n\n---\n\nThe bell is loose.\n\n---\n\nAnd the lamp "
	      "is dark.");
	whole("Hello,\n\n--\n\nThe bell has been loose since I bought it "
	      "here.\n\nAnna");
	whole("Please send it to:\n\n---\nAm Ring 5\n10115 Berlin");
	whole("A new request.\n\n-----\nName: Uma Lund\nE-mail: uma@x.org");
	whole("Please fetch me.\n\nFrom: Berlin\nTo: Bonn\nDate: 5 May\n"
	      "Contact: uma@x.org");
	is_str(trim("The bell is loose.\n\n---\nUma Lund\nTel: +49 30 1234567")
		   .text,
	    "The bell is loose.", "a signature is one");
}

/* A quote at the top of an answer. */
static void
test_quote_first(void)
{
	struct trimmed t;

	text_trim(STR("> Which one?\n\nThe red one."), true, &arena, &t);
	is_str(t.text, "The red one.", "what was answered stands above");
	is_str(t.quoted, "> Which one?", "and apart");
	text_trim(STR("> Which?\nRed.\n> When?\nNow."), true, &arena, &t);
	is_str(t.text, "> Which?\nRed.\n> When?\nNow.", "answers between");
}

static void
test_long(const char *piece, size_t bytes)
{
	struct buf b;
	struct trimmed t;

	buf_init(&b, bytes + 1024);
	buf_add_z(&b, "Hello.\n");
	while (b.n < bytes)
		buf_add_z(&b, piece);
	text_trim(buf_str(&b), false, &arena, &t);
	ok(t.text.n > 0, title(piece));
	buf_release(&b);
	arena_reset(&arena);
}

int
main(void)
{
	test_parts();
	test_introductions();
	test_headers();
	test_whole();
	test_signatures();
	test_order();
	test_looks();
	test_answers();
	test_quote_first();
	test_long(">", 4 << 20);
	test_long("> ", 4 << 20);
	test_long("x", 4 << 20);
	test_long("\n", 4 << 20);
	test_long("-- \n", 1 << 20);
	test_long("On ", 1 << 20);
	test_long("On 1:00 <\n\n", 1 << 20);
	test_long("A wrote:\n> x\n\n", 1 << 20);
	test_long("From: a\n", 1 << 20);
	test_long("Sent from my iPhone\n> x\n", 1 << 20);
	test_long("--\nx\n\n", 1 << 20);
	test_long("--- a ---\n", 1 << 20);
	test_long("```\n", 1 << 20);
	arena_release(&arena);
	return done();
}
