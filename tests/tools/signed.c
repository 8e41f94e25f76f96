/*
 * Mails signed by DKIM, for measuring: N native records of mails from D
 * domains, always in the same order, with keys made anew in each run; their
 * zone goes to the file.
 *	signed N D ZONE
 */
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/hash.h"
#include "core/text/base64.h"
#include "json/write.h"

enum { KEYS = 16, BITS = 2048, SIGNATURE = BITS / 8 };

static EVP_PKEY *keys[KEYS];

static void
make_keys(void)
{
	for (int i = 0; i < KEYS; i++)
		if ((keys[i] = EVP_RSA_gen(BITS)) == NULL)
			exit(2);
}

static void
put_record(FILE *zone, int domain)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(keys[domain % KEYS], &der);
	struct buf text;

	buf_init(&text, 4096);
	base64_add(&text, str_make((char *)der, (size_t)n));
	fprintf(zone,
	    "s._domainkey.d%d.example. 3600 IN TXT \"v=DKIM1; p=\" \"%.200s\""
	    " \"%s\"\n",
	    domain, text.p, buf_cstr(&text) + 200);
	fprintf(zone,
	    "d%d.example. 3600 IN TXT \"v=spf1 ip4:198.51.100.%d -all\"\n"
	    "_dmarc.d%d.example. 3600 IN TXT \"v=DMARC1; p=reject\"\n",
	    domain, domain % 250, domain);
	OPENSSL_free(der);
	buf_release(&text);
}

static int
write_zone(const char *path, int domains)
{
	FILE *zone = fopen(path, "w");

	if (zone == NULL)
		return 2;
	fprintf(zone, ". 3600 IN SOA a. b. 1 60 60 60 60\n. 3600 IN NS a.\n");
	for (int i = 0; i < domains; i++)
		put_record(zone, i);
	return fclose(zone) == 0 ? 0 : 2;
}

static void
add_signature(struct buf *out, int domain, const char *signed_part)
{
	unsigned char sig[SIGNATURE];
	size_t n = sizeof(sig);
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	if (EVP_DigestSignInit(
		c, NULL, EVP_sha256(), NULL, keys[domain % KEYS]) != 1 ||
	    EVP_DigestSign(c, sig, &n, (const unsigned char *)signed_part,
		strlen(signed_part)) != 1)
		exit(2);
	EVP_MD_CTX_free(c);
	base64_add(out, str_make((char *)sig, n));
}

/* One mail; its fields are in relaxed form as they stand. */
static void
make_mail(struct buf *out, int i, int domain)
{
	struct buf body, canonical, head, field;
	uint8_t hash[32];

	buf_init(&body, 1 << 20);
	buf_init(&canonical, 1 << 20);
	buf_init(&head, 1 << 20);
	buf_init(&field, 1 << 20);
	for (int line = 0; line < 40; line++)
		buf_printf(
		    &body, "Line %d of mail %d, about the lamp.\n", line, i);
	for (size_t k = 0; k < body.n; k++) {
		if (body.p[k] == '\n')
			buf_add_char(&canonical, '\r');
		buf_add_char(&canonical, body.p[k]);
	}
	hash_sha256(canonical.p, canonical.n, hash);
	buf_printf(&head,
	    "from:p%d@d%d.example\r\nto:care@us.example\r\n"
	    "subject:The lamp %d\r\n",
	    i, domain, i);
	buf_printf(&field,
	    "v=1; a=rsa-sha256; c=relaxed/relaxed; d=d%d.example; s=s;"
	    " h=from:to:subject; bh=",
	    domain);
	base64_add(&field, str_make((char *)hash, 32));
	buf_add_z(&field, "; b=");
	buf_printf(&head, "dkim-signature:%s", buf_cstr(&field));
	add_signature(&field, domain, buf_cstr(&head));
	buf_printf(out,
	    "Return-Path: <p%d@d%d.example>\n"
	    "Received: from mail.d%d.example (mail.d%d.example "
	    "[198.51.100.%d]) by mx.us.example; Thu, 5 Mar 2026 10:00:00 "
	    "+0000\nDKIM-Signature: %s\nFrom: p%d@d%d.example\n"
	    "To: care@us.example\nSubject: The lamp %d\n"
	    "Message-ID: <%d@d%d.example>\n"
	    "Date: Thu, 5 Mar 2026 09:59:00 +0000\n\n%s",
	    i, domain, domain, domain, domain % 250, buf_cstr(&field), i,
	    domain, i, i, domain, buf_cstr(&body));
	buf_release(&body);
	buf_release(&canonical);
	buf_release(&head);
	buf_release(&field);
}

int
main(int argc, char **argv)
{
	int64_t mails, domains;
	struct buf mail, line;
	struct writer w;

	if (argc != 4 || str_to_int(str_of(argv[1]), &mails) != 0 ||
	    str_to_int(str_of(argv[2]), &domains) != 0 || domains < 1) {
		fprintf(stderr, "usage: signed MAILS DOMAINS ZONE\n");
		return 2;
	}
	make_keys();
	buf_init(&mail, 1 << 20);
	buf_init(&line, 1 << 20);
	for (int64_t i = 0; i < mails; i++) {
		buf_reset(&mail);
		buf_reset(&line);
		make_mail(&mail, (int)i, (int)(i * 7919 % domains));
		write_init(&w, &line);
		write_object(&w);
		write_key(&w, "source");
		write_object(&w);
		write_member(&w, "format", STR("mail"));
		write_object_end(&w);
		write_key(&w, "native");
		write_object(&w);
		write_member(&w, "text", buf_str(&mail));
		write_object_end(&w);
		write_object_end(&w);
		buf_add_char(&line, '\n');
		fwrite(line.p, 1, line.n, stdout);
	}
	buf_release(&mail);
	buf_release(&line);
	return fflush(stdout) != 0 ? 2 : write_zone(argv[3], (int)domains);
}
