#include "source/json/member.h"

#include "source/json/items.h"

enum { PATH_BYTES = 1 << 20 };

int
items_member_open(struct items_member *m, struct ingest *in, struct tree *tree,
    const char *name, struct err *e)
{
	struct err why;

	*m = (struct items_member){ .in = in, .outer = in->file };
	buf_init(&m->path, PATH_BYTES);
	buf_printf(&m->path, "%s/%s", tree_name(tree), name);
	in->file = buf_cstr(&m->path);
	m->file = tree_input(tree, in->max_item, &why);
	if (m->file == NULL ||
	    utf16_open(&m->text, m->file, in->max_item, &why) < 0)
		return ingest_reject(in, STR(""), why.msg, STR(""), e);
	in->input = m->file;
	m->input = m->text.input;
	return 0;
}

void
items_member_close(struct items_member *m)
{
	if (m->input != NULL)
		utf16_close(&m->text);
	input_close(m->file);
	m->in->input = NULL;
	m->in->file = m->outer;
	buf_release(&m->path);
}

struct json
items_member_value(struct tree *tree, struct json_doc *doc)
{
	struct json root = JSON_ABSENT;
	struct str head;
	struct err e;
	struct input *input = tree_input(tree, STREAM_BLOCK, &e);

	if (input == NULL)
		return root;
	if (input_peek(input, STREAM_BLOCK, &head, &e) == 0) {
		head = str_sub(head, items_script_head(head), head.n);
		if (json_parse_copy(doc, head, &root, &e) < 0)
			root = JSON_ABSENT;
	}
	input_close(input);
	return root;
}
