#include "source/mail/text.h"

#include "core/hash.h"
#include "mail/tnef.h"
#include "record/id.h"
#include "record/native.h"
#include "text/flowed.h"
#include "text/markup/html.h"

void
mail_text_init(struct mail_text *t)
{
	buf_init(&t->body, (size_t)1 << 30);
	buf_init(&t->part, (size_t)1 << 30);
	buf_init(&t->scratch, (size_t)2 << 30);
	buf_init(&t->file, (size_t)2 << 30);
}

void
mail_text_release(struct mail_text *t)
{
	buf_release(&t->body);
	buf_release(&t->part);
	buf_release(&t->scratch);
	buf_release(&t->file);
}

static void
attach(struct message *msg, struct str name, struct str type, struct str bytes)
{
	char *id = arena_alloc(&msg->arena, ID_SIZE);

	id_make(id, 'b', &bytes, 1);
	message_add_attachment(msg, (struct attachment){ .name = name,
					.type = type,
					.blob_id = str_of(id),
					.size = (int64_t)bytes.n });
}

/* A file that the mail has no more: nobody knows its size or its bytes. */
static void
attach_none(struct message *msg, const struct mime_part *p)
{
	message_keyword(msg, "truncated");
	message_add_attachment(
	    msg, (struct attachment){
		     .name = p->name, .type = p->type, .size = -1 });
}

/* A name in whatever charset, as UTF-8. */
static struct str
clean_name(struct str name, struct buf *scratch, struct arena *a)
{
	buf_reset(scratch);
	mime_decode(name, STR_NONE, scratch);
	return arena_dup(a, buf_str(scratch));
}

/* bytes without the files in them, which become attachments. */
static struct str
take_files(struct mail_text *t, struct str bytes, struct message *msg)
{
	struct inner_file f;
	struct buf rest;
	size_t from = 0;

	if (!inner_find(bytes, 0, &f))
		return bytes;
	buf_init(&rest, bytes.n + 1);
	do {
		buf_add(&rest, bytes.p + from, f.at - from);
		from = f.at + f.n;
		buf_reset(&t->file);
		inner_decode(&f, &t->file);
		attach(msg, clean_name(f.name, &t->part, &msg->arena),
		    STR("application/octet-stream"), buf_str(&t->file));
	} while (inner_find(bytes, from, &f));
	buf_add(&rest, bytes.p + from, bytes.n - from);
	bytes = arena_dup(&msg->arena, buf_str(&rest));
	buf_release(&rest);
	return bytes;
}

/* The files in a winmail.dat, beside itself. */
static void
take_tnef(struct mail_text *t, struct str bytes, struct message *msg)
{
	struct tnef_file f;
	struct tnef tnef;

	if (!tnef_open(&tnef, bytes))
		return;
	while (tnef_next(&tnef, &msg->arena, &f))
		attach(msg,
		    f.name.p == NULL
			? STR_NONE
			: clean_name(f.name, &t->part, &msg->arena),
		    STR("application/octet-stream"), f.bytes);
}

static int
add_part(struct mail_text *t, const struct mime_part *p, struct message *msg,
    struct err *e)
{
	struct str bytes = mime_content(p, &t->scratch);
	bool rich = str_is(p->type, "text/richtext");

	if (str_is(p->type, "text/html")) {
		buf_reset(&t->part);
		mime_text_decode(p, bytes, &t->part);
		return html_to_text(buf_str(&t->part), &t->body, e);
	}
	bytes = take_files(t, bytes, msg);
	if (!p->flowed && !rich && !str_is(p->type, "text/enriched")) {
		mime_text_decode(p, bytes, &t->body);
		return 0;
	}
	buf_reset(&t->part);
	mime_text_decode(p, bytes, &t->part);
	if (p->flowed)
		flowed_join(buf_str(&t->part), p->delsp, &t->body);
	else
		enriched_to_text(buf_str(&t->part), rich, &t->body);
	return 0;
}

/* "2.1": the numbers of the parts around part i, as IMAP counts. */
static struct str
part_number(const struct mime *m, size_t i, struct arena *a)
{
	struct str number = STR("");

	if (i == 0)
		return STR("1");
	for (size_t up = 0; up <= i; up++) {
		const struct mime_part *p = mime_part(m, up);

		if (up > 0 && p->end > i)
			number = arena_printf(a, "%.*s%s%u", STR_ARG(number),
			    number.n > 0 ? "." : "", p->index + 1);
	}
	return number;
}

/* The file that stands beside the mail in the place of part i: by its number,
 * else by its name.  False where there is none. */
static bool
take_kept(const struct mime *m, size_t i, struct json kept, struct message *msg,
    struct str *bytes)
{
	struct str number = part_number(m, i, &msg->arena);
	struct str name = mime_part(m, i)->name;
	struct json_iter it = json_each(kept);
	struct json one, found = JSON_ABSENT;
	struct err e;

	if (json_type(kept) != JSON_LIST)
		return false;
	while (json_next(&it, NULL, &one)) {
		if (json_is(json_get(one, "part"), number.p)) {
			found = one;
			break;
		}
		if (name.n > 0 &&
		    str_eq(json_str(json_get(one, "name"), &msg->arena), name))
			found = one;
	}
	return json_type(found) == JSON_OBJECT &&
	       native_bytes(found, &msg->arena, bytes, &e) == 0;
}

int
mail_text_gather(struct mail_text *t, const struct mime *m, struct json kept,
    struct message *msg, struct err *e)
{
	struct mail_body body;

	mail_body(m, &msg->arena, &t->scratch, &body);
	buf_reset(&t->body);
	for (size_t i = 0; i < body.text.n; i++) {
		const struct mime_part *p = mime_part(m, body.text.v[i]);
		struct str bytes;

		if (p->left_out &&
		    take_kept(m, body.text.v[i], kept, msg, &bytes)) {
			attach(msg, p->name, p->type, bytes);
			continue;
		}
		if (p->left_out)
			message_keyword(msg, "truncated");
		if (t->body.n > 0 && t->body.p[t->body.n - 1] != '\n')
			buf_add_char(&t->body, '\n');
		if (add_part(t, p, msg, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < body.files.n; i++) {
		const struct mime_part *p = mime_part(m, body.files.v[i]);
		struct str bytes;

		if (!p->left_out)
			bytes = mime_content(p, &t->scratch);
		else if (!take_kept(m, body.files.v[i], kept, msg, &bytes)) {
			attach_none(msg, p);
			continue;
		}
		attach(msg, p->name, p->type, bytes);
		take_tnef(t, bytes, msg);
	}
	return body.text.n > 0;
}
