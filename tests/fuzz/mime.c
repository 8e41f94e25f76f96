/* A mail of any bytes: taken apart without a crash, texts come out as UTF-8. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/text/utf8.h"
#include "mail/address.h"
#include "mail/date.h"
#include "mail/encodedword.h"
#include "mail/mime.h"
#include "source/mail/mbox.h"
#include "source/mail/report/report.h"
#include "source/mail/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
texts(struct mime *m, struct message *msg)
{
	struct mail_text t;
	struct err e;

	mail_text_init(&t);
	if (mail_text_gather(&t, m, JSON_ABSENT, msg, &e) > 0 &&
	    !utf8_is_valid(buf_str(&t.body)))
		abort();
	mail_text_release(&t);
}

static void
fields(struct mime *m, struct message *msg)
{
	struct str name, value;
	int64_t t;

	for (size_t i = 0; i < mime_field_count(m); i++) {
		struct address_list list = { 0 };

		mime_field(m, i, &name, &value);
		words_decode(value, &msg->arena);
		words_parameter(value, "name", &msg->arena);
		mailaddr_read(value, &msg->arena, &list);
		mailtime_parse(value, &t);
		mailtime_received(value, &t);
	}
}

static void
reports(struct mime *m, struct message *msg)
{
	struct buf out, scratch, text;
	struct writer w;

	buf_init(&out, 64 << 20);
	buf_init(&scratch, 64 << 20);
	buf_init(&text, 64 << 20);
	write_init(&w, &out);
	write_object(&w);
	mail_report(&w, m, &scratch, &msg->arena);
	mail_invitation(&w, m, &scratch, &msg->arena, &text);
	write_object_end(&w);
	if (!utf8_is_valid(buf_str(&out)))
		abort();
	buf_release(&out);
	buf_release(&scratch);
	buf_release(&text);
}

static void
cut(struct str s)
{
	struct mbox_item item;
	struct mbox m;

	mbox_init(&m, s, 4096);
	while (s.n > 0) {
		mbox_feed(&m, str_sub(s, 0, 1000));
		s = str_sub(s, 1000, s.n);
		while (mbox_next(&m, &item) == 1)
			;
	}
	mbox_finish(&m);
	while (mbox_next(&m, &item) == 1)
		;
	mbox_release(&m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct mime *m;
	struct message msg = { 0 };
	struct err e;

	if (m == NULL)
		m = mime_new();
	message_init(&msg);
	cut(str_make((const char *)p, n));
	if (mime_parse(m, str_make((const char *)p, n), &msg.arena, &e) == 0) {
		fields(m, &msg);
		texts(m, &msg);
		reports(m, &msg);
	}
	message_release(&msg);
	return 0;
}

#include "fuzz.h"
