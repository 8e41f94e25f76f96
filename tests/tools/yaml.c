/*
 * The YAML document on standard input as JSON, every scalar a string.
 */
#include <stdio.h>

#include "core/buf.h"
#include "core/io/yaml.h"
#include "json/write.h"

static void
put(struct writer *w, const struct yaml_node *n)
{
	if (n == NULL || yaml_kind(n) == YAML_SCALAR) {
		struct str s = yaml_text(n);

		write_str(w, s.p == NULL ? STR("") : s);
		return;
	}
	if (yaml_kind(n) == YAML_LIST) {
		write_list(w);
		for (size_t i = 0; i < yaml_count(n); i++)
			put(w, yaml_at(n, i));
		write_list_end(w);
		return;
	}
	write_object(w);
	for (size_t i = 0; i < yaml_count(n); i++) {
		write_key_str(w, yaml_text(yaml_key(n, i)));
		put(w, yaml_at(n, i));
	}
	write_object_end(w);
}

int
main(void)
{
	struct buf in, out;
	struct yaml *y;
	struct writer w;
	struct err e;
	char *at;

	buf_init(&in, 1 << 30);
	buf_init(&out, 1 << 30);
	while ((at = buf_room(&in, 1 << 16)) != NULL) {
		size_t n = fread(at, 1, 1 << 16, stdin);

		in.n += n;
		if (n == 0)
			break;
	}
	y = yaml_parse("standard input", buf_str(&in), &e);
	if (y == NULL) {
		fprintf(stderr, "%s\n", e.msg);
		return 2;
	}
	write_init(&w, &out);
	put(&w, yaml_root(y));
	buf_add_char(&out, '\n');
	fwrite(out.p, 1, out.n, stdout);
	yaml_free(y);
	buf_release(&in);
	buf_release(&out);
	return fflush(stdout) == 0 ? 0 : 2;
}
