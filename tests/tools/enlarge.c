/*
 * enlarge FILE BYTES HOW: an export as large as that, the same bytes every time,
 * made of a small one by what it has many of.  HOW:
 *	json=PATH	the items of the list at the path, names and numbers
 *			between slashes ("chats/list/0/messages", "" is all)
 *	lines=N		its lines but for the first N, which stand once
 *	xml=NAME	what stands in the element
 */
#include <stdio.h>

#include "core/buf.h"
#include "core/io/file.h"
#include "core/text/ascii.h"
#include "json/json.h"

/* What stands before, in between (again and again, sep between two) and behind. */
struct parts {
	struct str head, many, tail;
	const char *sep;
};

static int
of_json(struct str text, struct str path, struct parts *out, struct err *e)
{
	struct json at;
	struct str list;

	if (json_parse(json_doc_new(), text, &at, e) < 0)
		return -1;
	while (path.n > 0) {
		struct str part = str_split(&path, '/');
		int64_t i;

		at = str_to_int(part, &i) == 0 ? json_at(at, (size_t)i)
					       : json_get_str(at, part);
	}
	if (json_type(at) != JSON_LIST || json_count(at) == 0)
		return err_set(e, "no list of items is there");
	list = json_raw(at);
	out->head = str_make(text.p, (size_t)(list.p - text.p) + 1);
	out->many = str_sub(list, 1, list.n - 2);
	out->tail = str_sub(text, out->head.n + out->many.n, text.n);
	out->sep = ",";
	return 0;
}

static int
of_lines(struct str text, struct str n, struct parts *out, struct err *e)
{
	struct str rest = text;
	int64_t lines;

	if (str_to_int(n, &lines) < 0)
		return err_set(e, "lines=N: a number");
	while (lines-- > 0)
		(void)str_split(&rest, '\n');
	out->many = rest;
	out->head = str_sub(text, 0, text.n - rest.n);
	out->sep = str_ends(rest, STR("\n")) ? "" : "\n";
	return rest.n > 0 ? 0 : err_set(e, "it has no further lines");
}

static int
of_xml(struct str text, struct str name, struct parts *out, struct err *e)
{
	ptrdiff_t from = 0, to = -1;

	for (size_t i = 0; i + name.n + 2 < text.n; i++)
		if (text.p[i] == '<' &&
		    str_starts(str_sub(text, i + 1, text.n), name) &&
		    ascii_is_in(text.p[i + 1 + name.n], " \n>") && from == 0)
			from = str_chr(str_sub(text, i, text.n), '>') +
			       (ptrdiff_t)i + 1;
		else if (text.p[i] == '<' && text.p[i + 1] == '/' &&
			 str_starts(str_sub(text, i + 2, text.n), name))
			to = (ptrdiff_t)i;
	if (from <= 0 || to < from)
		return err_set(e, "no such element is there");
	out->head = str_sub(text, 0, (size_t)from);
	out->many = str_sub(text, (size_t)from, (size_t)(to - from));
	out->tail = str_sub(text, (size_t)to, text.n);
	out->sep = "";
	return 0;
}

static int
split(struct str text, struct str how, struct parts *out, struct err *e)
{
	struct str kind = str_split(&how, '=');

	return str_is(kind, "json")    ? of_json(text, how, out, e)
	       : str_is(kind, "lines") ? of_lines(text, how, out, e)
	       : str_is(kind, "xml")
		   ? of_xml(text, how, out, e)
		   : err_set(e, "HOW is json=PATH, lines=N or xml=NAME");
}

static void
put(struct str s)
{
	fwrite(s.p, 1, s.n, stdout);
}

int
main(int argc, char **argv)
{
	struct parts p = { 0 };
	struct buf text;
	struct err e;
	int64_t bytes;

	if (argc != 4 || str_to_int(str_of(argv[2]), &bytes) < 0) {
		fprintf(stderr, "usage: enlarge FILE BYTES HOW\n");
		return 2;
	}
	buf_init(&text, 64 << 20);
	if (file_read(argv[1], &text, &e) < 0 ||
	    split(buf_str(&text), str_of(argv[3]), &p, &e) < 0) {
		fprintf(stderr, "enlarge: %s: %s\n", argv[1], e.msg);
		return 2;
	}
	put(p.head);
	put(p.many);
	for (size_t n = text.n; n < (size_t)bytes;
	     n += p.many.n + strlen(p.sep)) {
		put(str_of(p.sep));
		put(p.many);
	}
	put(p.tail);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
