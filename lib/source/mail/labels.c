#include "source/mail/labels.h"

#include "mail/encodedword.h"
#include "source/mail/marks.h"

/* The next of Gmail's labels, as in Inbox,"Culture, associations",Sent. */
static struct str
next_label(struct str *rest)
{
	ptrdiff_t close = -1;
	struct str one;

	*rest = str_trim(*rest);
	if (rest->n > 1 && rest->p[0] == '"')
		close = str_chr(str_sub(*rest, 1, rest->n), '"');
	if (close < 0)
		return str_trim(str_split(rest, ','));
	one = str_sub(*rest, 1, (size_t)close);
	*rest = str_sub(*rest, (size_t)close + 2, rest->n);
	(void)str_split(rest, ',');
	return one;
}

static unsigned
one_label(struct writer *w, struct str label, struct arena *a)
{
	if (label.n == 0)
		return 0;
	write_str(w, label);
	return mark_label(label, a);
}

/* Over IMAP those that every account has begin with a backslash. */
static unsigned
write_given(struct writer *w, struct json given, struct arena *a)
{
	struct json_iter it = json_each(given);
	struct json v;
	unsigned marked = 0;

	while (json_next(&it, NULL, &v)) {
		struct str label = json_str(v, a);

		if (label.n > 1 && label.p[0] == '\\')
			label = str_sub(label, 1, label.n);
		marked |= one_label(w, label, a);
	}
	return marked;
}

unsigned
labels_write(
    struct writer *w, struct str field, struct json given, struct arena *a)
{
	struct str rest = field.n == 0 ? STR_NONE : words_decode(field, a);
	bool is_given = json_type(given) == JSON_LIST;
	unsigned marked = 0;

	if (!is_given && rest.n == 0)
		return 0;
	write_key(w, "labels");
	write_list(w);
	if (is_given)
		marked = write_given(w, given, a);
	while (!is_given && rest.p != NULL)
		marked |= one_label(w, next_label(&rest), a);
	write_list_end(w);
	return marked;
}

unsigned
labels_flags(struct message *m, struct json flags)
{
	struct json_iter it = json_each(flags);
	struct json v;
	unsigned marked = 0;

	if (json_type(flags) != JSON_LIST)
		return 0;
	while (json_next(&it, NULL, &v)) {
		struct str flag = json_str(v, &m->arena);

		marked |= mark_flag(flag);
		if (str_eq_nocase(flag, STR("\\Seen")))
			message_keyword(m, "seen");
		if (str_eq_nocase(flag, STR("\\Answered")))
			message_keyword(m, "answered");
	}
	return marked;
}
