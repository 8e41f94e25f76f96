#include "source/mail/people.h"

#include "source/mail/author/programs.h"
#include "text/trim.h"

enum { INTRO_BYTES = 400 };

static struct address
first_of(const struct address_list *list)
{
	return list->n > 0 ? list->v[0] : (struct address){ 0 };
}

void
people_drop_robots(struct people *p, struct arena *a)
{
	struct address_list *list = &p->reply_to;
	size_t n = 0;

	if (program_is_robot(p->header_from.email, a))
		return;
	for (size_t i = 0; i < list->n; i++)
		if (!program_is_robot(list->v[i].email, a))
			list->v[n++] = list->v[i];
	list->n = n;
}

struct author_clues
people_clues(const struct people *p, const struct workspace *c,
    const struct message *m, bool list)
{
	return (struct author_clues){ .config = c,
		.from = p->header_from,
		.to = m->to,
		.cc = m->cc,
		.reply_to = p->reply_to,
		.original_from = first_of(&p->original),
		.original_sender = first_of(&p->original_sender),
		.subject = m->subject,
		.list = list,
		.answer = m->in_reply_to.n > 0 };
}

void
people_take_text(const struct people *p, struct str body, struct message *m)
{
	struct trimmed t;

	text_trim(p->forwarded ? p->passed.body : body,
	    !p->forwarded && m->in_reply_to.n > 0, &m->arena, &t);
	m->text = t.text;
	m->quoted = t.quoted;
	m->signature = t.signature;
	if (!p->forwarded || p->passed.header.n == 0)
		return;
	m->quoted = t.quoted.n == 0 ? p->passed.header
				    : ARENA_JOIN(&m->arena, p->passed.header,
					  STR("\n\n"), t.quoted);
}

void
people_take_times(const struct people *p, struct message *m)
{
	int64_t reached = m->received != TIME_NONE ? m->received : m->sent;

	if (!p->forwarded || p->passed.sent == TIME_NONE ||
	    (reached != TIME_NONE && p->passed.sent > reached))
		return;
	m->received = reached;
	m->sent = p->passed.sent;
}

/* The text, and above it what trimming took for "Lena wrote:". */
static struct str
told_in(struct message *m)
{
	if (m->quoted.n == 0 || m->quoted.n > INTRO_BYTES ||
	    m->in_reply_to.n > 0)
		return m->text;
	return arena_printf(
	    &m->arena, "%.*s\n%.*s", STR_ARG(m->quoted), STR_ARG(m->text));
}

bool
people_take_author(
    const struct people *p, const struct author_clues *clues, struct message *m)
{
	enum author_kind kind;
	struct address who;

	if (p->forwarded) {
		m->from = p->passed.from;
		m->sender = p->header_from;
		return false;
	}
	kind = author_find(clues, told_in(m), &m->arena, &who);
	if (kind == AUTHOR_FROM) {
		if (who.name.n > 0)
			m->from.name = who.name;
		return false;
	}
	m->sender = p->header_from;
	m->from = who;
	return kind == AUTHOR_FORM;
}
