/* A mail of any bytes: taken apart without a crash, texts come out as UTF-8. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "source/body.h"
#include "source/mailtime.h"
#include "source/mbox.h"
#include "source/mime.h"
#include "source/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
texts(struct mime *m, struct message *msg, struct buf *scratch)
{
	struct mail_body body;
	struct buf out;

	buf_init(&out, 64 << 20);
	mail_body(m, &msg->arena, scratch, &body);
	for (size_t i = 0; i < body.text.n; i++)
		mime_text_content(
		    m, mime_part(m, body.text.v[i]), scratch, &out);
	for (size_t i = 0; i < body.files.n; i++)
		mime_content(m, mime_part(m, body.files.v[i]), scratch);
	if (!str_is_utf8(buf_str(&out)))
		abort();
	buf_release(&out);
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
		mime_address_list(m, value, msg, &list);
		mailtime_parse(value, &t);
		mailtime_received(value, &t);
	}
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
	struct buf scratch;
	struct err e;

	if (m == NULL)
		m = mime_new();
	message_init(&msg);
	buf_init(&scratch, 64 << 20);
	cut(str_make((const char *)p, n));
	if (mime_parse(m, str_make((const char *)p, n), &msg.arena, &e) == 0) {
		fields(m, &msg);
		texts(m, &msg, &scratch);
	}
	buf_release(&scratch);
	message_release(&msg);
	return 0;
}

#include "fuzz.h"
