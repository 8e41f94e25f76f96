/*
 * corpus records N | mbox N | keys N | people N: a corpus for scripts/bench,
 * the same bytes every time.  Records are message records of about 800 bytes
 * with escapes and non-ASCII; mails are plain, alternative with HTML, or with
 * an attachment; people are N contact rows with an address and a number each,
 * and a message of each, as identify writes them.
 */
#include <stdio.h>

#include "core/buf.h"
#include "core/str.h"
#include "core/time.h"
#include "json/write.h"

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t
next(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static size_t
below(size_t n)
{
	return (size_t)(next() % n);
}

static const char *const words[] = { "the", "order", "came", "yesterday", "and",
	"one", "wheel", "is", "missing", "please", "send", "it", "to", "my",
	"new", "address", "thank", "you", "für", "Grüße", "wir", "haben",
	"noch", "keine", "Antwort", "la", "batería", "no", "carga", "więc",
	"nie", "działa", "配送", "まだ", "届きません", "invoice", "number",
	"refund", "battery", "warranty", "since", "three", "weeks", "nobody",
	"answers", "\"quoted\"", "C:\\bikes", "50%", "call", "me", "tomorrow",
	"morning", "at", "home", "best", "regards" };

static const char *const names[] = { "Anna", "Bilal", "Chiara", "Dario", "Emil",
	"Feng", "Gül", "Hanna", "Ines", "Jörg", "Kofi", "Lena" };

static void
text(struct buf *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_z(out, i % 14 == 0 ? "\n" : " ");
		buf_add_z(out, words[below(sizeof(words) / sizeof(*words))]);
	}
}

static void
id(struct buf *out, char prefix, uint64_t n)
{
	buf_add_char(out, prefix);
	for (int i = 0; i < 26; i++) {
		buf_add_char(out, "abcdefghijklmnopqrstuvwxyz234567"[n & 31]);
		n = n >> 5 | n << 59;
	}
}

/* A person of the corpus: three messages each on the average. */
static void
write_from(struct writer *w, size_t person)
{
	struct buf email;

	buf_init(&email, 256);
	buf_printf(&email, "%s.%zu@mail%zu.example",
	    person % 3 == 0 ? "Kontakt" : "customer", person, person % 977);
	write_key(w, "from");
	write_object(w);
	write_member(w, "name", str_of(names[person % 12]));
	write_member(w, "email", buf_str(&email));
	write_object_end(w);
	buf_release(&email);
}

static void
record(struct buf *out, size_t i, size_t people)
{
	int64_t at =
	    INT64_C(1767225600) * TIME_SECOND + (int64_t)i * 7 * TIME_SECOND;
	size_t person = below(people);
	struct buf part;
	struct writer w;

	buf_init(&part, 1 << 20);
	write_init(&w, out);
	write_object(&w);
	id(&part, 'm', next());
	write_member(&w, "id", buf_str(&part));
	write_member(&w, "type", STR("message"));
	write_member(&w, "channel", STR("email"));
	write_member(&w, "direction", STR("inbound"));
	write_member_time(&w, "sentAt", at);
	write_member_time(&w, "receivedAt", at + 2 * TIME_SECOND);
	write_from(&w, person);
	write_key(&w, "to");
	write_raw(&w, STR("[{\"email\":\"support@lumenbikes.example\"}]"));
	buf_reset(&part);
	text(&part, 5);
	write_member(&w, "subject", buf_str(&part));
	buf_reset(&part);
	text(&part, 40 + below(30));
	write_member(&w, "text", buf_str(&part));
	buf_reset(&part);
	buf_printf(&part, "%zu.%zu@mail%zu.example", i, person, person % 977);
	write_member(&w, "messageId", buf_str(&part));
	write_key(&w, "data");
	write_raw(&w,
	    STR("{\"authenticationResults\":[{\"value\":\"mx.lumenbikes.example; "
		"spf=pass smtp.mailfrom=x; dmarc=pass\",\"hop\":0}]}"));
	write_key(&w, "source");
	write_raw(&w,
	    STR("{\"format\":\"mail\",\"file\":\"corpus.mbox\",\"at\":\"0\"}"));
	write_object_end(&w);
	buf_add_char(out, '\n');
	buf_release(&part);
}

/*
 * Identified records with little but their keys: two or three each, of the
 * three that a person has.
 */
static void
keyed(struct buf *out, size_t i, size_t people)
{
	int64_t at =
	    INT64_C(1767225600) * TIME_SECOND + (int64_t)i * TIME_SECOND;
	size_t person = below(people), which = below(4);
	struct buf part;
	struct writer w;

	buf_init(&part, 256);
	write_init(&w, out);
	write_object(&w);
	id(&part, 'm', next());
	write_member(&w, "id", buf_str(&part));
	write_member(&w, "type", STR("message"));
	write_member(&w, "channel", STR("web"));
	write_member_time(&w, "sentAt", at);
	write_key(&w, "ids");
	buf_reset(&part);
	buf_printf(&part,
	    "[{\"type\":\"email\",\"value\":\"customer.%zu@mail%zu.example\","
	    "\"trust\":\"authenticated\"}",
	    person, person % 977);
	if (which != 0)
		buf_printf(&part,
		    ",{\"type\":\"tel\",\"value\":\"+4917%08zu\","
		    "\"trust\":\"platform\"}",
		    person);
	if (which < 3)
		buf_printf(&part,
		    ",{\"type\":\"slack\",\"value\":\"T04LUMEN/U%zu\","
		    "\"trust\":\"platform\"}",
		    person);
	buf_add_char(&part, ']');
	write_raw(&w, buf_str(&part));
	write_object_end(&w);
	buf_add_char(out, '\n');
	buf_release(&part);
}

static void
write_key_of(
    struct writer *w, const char *type, struct str value, const char *trust)
{
	write_object(w);
	write_member(w, "type", str_of(type));
	write_member(w, "value", value);
	write_member(w, "trust", str_of(trust));
	write_object_end(w);
}

/* A row of the CRM, or the message of the one who stands in it. */
static void
person(struct buf *out, size_t i, bool row)
{
	struct buf email, tel, text_of;
	struct writer w;

	buf_init(&email, 256);
	buf_init(&tel, 64);
	buf_init(&text_of, 1 << 12);
	buf_printf(&email, "customer.%zu@mail%zu.example", i, i % 977);
	buf_printf(&tel, "+49151%08zu", i);
	write_init(&w, out);
	write_object(&w);
	id(&text_of, 'm', next());
	write_member(&w, "id", buf_str(&text_of));
	write_member(&w, "type", row ? STR("contact") : STR("message"));
	write_member(&w, "channel", row ? STR("store") : STR("sms"));
	write_member(&w, "direction", STR("inbound"));
	write_member_time(&w, "sentAt",
	    INT64_C(1767225600) * TIME_SECOND + (int64_t)i * TIME_SECOND);
	write_key(&w, "from");
	write_object(&w);
	write_member(&w, "name", str_of(names[i % 12]));
	write_object_end(&w);
	if (!row) {
		buf_reset(&text_of);
		text(&text_of, 12);
		write_member(&w, "text", buf_str(&text_of));
	}
	write_key(&w, "ids");
	write_list(&w);
	if (row)
		write_key_of(&w, "email", buf_str(&email), "operator");
	write_key_of(&w, "tel", buf_str(&tel), row ? "operator" : "platform");
	write_list_end(&w);
	write_object_end(&w);
	buf_add_char(out, '\n');
	buf_release(&email);
	buf_release(&tel);
	buf_release(&text_of);
}

static void
mail_head(struct buf *out, size_t i, size_t person, const char *type)
{
	buf_printf(out,
	    "From customer.%zu@mail.example Thu Jan  1 00:00:00 2026\n"
	    "Return-Path: <customer.%zu@mail.example>\n"
	    "Authentication-Results: mx.lumenbikes.example; dmarc=pass "
	    "header.from=mail.example\n"
	    "Received: from out.mail.example (out.mail.example [192.0.2.1])\n"
	    "\tby mx.lumenbikes.example with ESMTPS id %zu;\n"
	    "\tThu, 1 Jan 2026 %02zu:%02zu:%02zu +0000\n"
	    "From: =?utf-8?q?J=C3=B6rg?= Kunde <customer.%zu@mail.example>\n"
	    "To: Support <support@lumenbikes.example>\n"
	    "Subject: Order %zu\n"
	    "Date: Thu, 1 Jan 2026 %02zu:%02zu:%02zu +0000\n"
	    "Message-ID: <%zu.%zu@mail.example>\n"
	    "MIME-Version: 1.0\nContent-Type: %s\n",
	    person, person, i, i / 3600 % 24, i / 60 % 60, i % 60, person, i,
	    i / 3600 % 24, i / 60 % 60, i % 60, i, person, type);
}

static void
base64_block(struct buf *out, size_t lines)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t l = 0; l < lines; l++) {
		for (int i = 0; i < 76; i++)
			buf_add_char(out, letters[below(64)]);
		buf_add_char(out, '\n');
	}
}

static void
mail(struct buf *out, size_t i)
{
	size_t person = below(50000);

	if (i % 4 != 0) {
		mail_head(out, i, person, "text/plain; charset=utf-8");
		buf_add_z(out, "Content-Transfer-Encoding: 8bit\n\n");
		text(out, 150 + below(200));
		buf_add_z(out,
		    "\n\nOn Thu, Jan 1, 2026 at 10:00 AM Ada <ada@x.example> "
		    "wrote:\n> Hello,\n> what is wrong with the wheel?\n\n");
		return;
	}
	mail_head(out, i, person, "multipart/mixed; boundary=\"=_mix\"");
	buf_add_z(out,
	    "\n--=_mix\nContent-Type: multipart/alternative; "
	    "boundary=\"=_alt\"\n\n--=_alt\nContent-Type: text/plain; "
	    "charset=utf-8\n\n");
	text(out, 120);
	buf_add_z(out,
	    "\n--=_alt\nContent-Type: text/html; charset=utf-8\n\n<html><body>"
	    "<p>");
	text(out, 120);
	buf_add_z(out,
	    "</p></body></html>\n--=_alt--\n--=_mix\nContent-Type: image/jpeg; "
	    "name=\"photo.jpg\"\nContent-Disposition: attachment; "
	    "filename=\"photo.jpg\"\nContent-Transfer-Encoding: base64\n\n");
	base64_block(out, 300);
	buf_add_z(out, "--=_mix--\n\n");
}

/* One of SMS Backup & Restore: an SMS, or an MMS with a picture. */
static void
phone(struct buf *out, size_t i, size_t n)
{
	static const char letters[] = "The quick brown fox jumps over the lazy "
				      "dog, and what then? ";
	size_t who = i * 2654435761u % (n / 10 + 1);

	if (i == 0)
		buf_printf(out,
		    "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
		    "<smses count=\"%zu\">\n",
		    n);
	if (i % 100 == 7) {
		buf_printf(out,
		    "  <mms date=\"%zu000\" msg_box=\"1\" sub=\"null\" "
		    "address=\"+15550%06zu\" m_type=\"132\">"
		    "<parts><part seq=\"0\" ct=\"text/plain\" text=\"see\" />"
		    "<part seq=\"1\" ct=\"image/jpeg\" cl=\"p.jpg\" data=\"",
		    1600000000 + i, who);
		for (size_t k = 0; k < 20 + i % 400; k++)
			buf_add_z(
			    out, "/9j4AAQSkZJRgABAQAAAQABAAD2wBDAAIBAQEBAQIB");
		buf_add_z(out, "\" /></parts></mms>\n");
	} else {
		buf_printf(out,
		    "  <sms protocol=\"0\" address=\"+15550%06zu\" "
		    "date=\"%zu000\" type=\"%zu\" subject=\"null\" "
		    "body=\"%s",
		    who, 1600000000 + i, 1 + i % 2,
		    i % 10 == 0 ? "&#55357;&#56832; " : "");
		for (size_t k = 0; k < i % 5; k++)
			buf_add_z(out, letters);
		buf_printf(out,
		    "no. %zu\" toa=\"null\" sc_toa=\"null\" "
		    "service_center=\"+15550000000\" read=\"1\" "
		    "status=\"-1\" locked=\"0\" date_sent=\"%zu500\" "
		    "sub_id=\"-1\" readable_date=\"Dec 2, 2017 06:49:27\" "
		    "contact_name=\"Contact %zu\" />\n",
		    i, 1600000000 + i, who);
	}
	if (i + 1 == n)
		buf_add_z(out, "</smses>\n");
}

int
main(int argc, char **argv)
{
	struct buf out;
	int64_t n;

	if (argc != 3 || str_to_int(str_of(argv[2]), &n) < 0 || n < 1) {
		fprintf(
		    stderr, "usage: corpus records|mbox|sms|keys|people N\n");
		return 2;
	}
	buf_init(&out, 64 << 20);
	for (size_t i = 0; i < (size_t)n; i++) {
		if (str_is(str_of(argv[1]), "mbox"))
			mail(&out, i);
		else if (str_is(str_of(argv[1]), "keys"))
			keyed(&out, i, (size_t)n / 5 + 1);
		else if (str_is(str_of(argv[1]), "sms"))
			phone(&out, i, (size_t)n);
		else if (str_is(str_of(argv[1]), "people"))
			person(&out, i, true), person(&out, i, false);
		else
			record(&out, i, (size_t)n / 3 + 1);
		if (out.n < 1 << 20 && i + 1 < (size_t)n)
			continue;
		if (fwrite(out.p, 1, out.n, stdout) != out.n)
			return 2;
		buf_reset(&out);
	}
	buf_release(&out);
	return fflush(stdout) == 0 ? 0 : 2;
}
