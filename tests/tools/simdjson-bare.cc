/*
 * simdjson-bare FILE | simdjson-bare --lines FILE: the peer of reading JSON:
 * simdjson's DOM over a file, or over each of its lines, that looks at the root
 * and keeps nothing.
 */
#include <simdjson.h>

#include <cstdio>
#include <cstring>

int
main(int argc, char **argv)
{
	bool lines = argc > 2 && strcmp(argv[1], "--lines") == 0;
	simdjson::dom::parser parser;
	simdjson::padded_string text;
	size_t n = 0;

	if (argc != 2 + lines) {
		fprintf(stderr, "usage: simdjson-bare [--lines] FILE\n");
		return 2;
	}
	if (simdjson::padded_string::load(argv[argc - 1]).get(text)) {
		fprintf(stderr, "simdjson-bare: no such file\n");
		return 2;
	}
	if (!lines) {
		simdjson::dom::element root;

		if (parser.parse(text).get(root))
			return 1;
		n = root.type() != simdjson::dom::element_type::NULL_VALUE;
	} else {
		const char *p = text.data(), *end = p + text.size();

		while (p < end) {
			const void *found = memchr(p, '\n', (size_t)(end - p));
			const char *to = found == nullptr
					     ? end
					     : static_cast<const char *>(found);
			simdjson::dom::element root;

			/* What stands behind a line is the padding. */
			if (parser.parse(p, (size_t)(to - p), false).get(root))
				return 1;
			n++;
			p = to + 1;
		}
	}
	printf("%zu\n", n);
	return 0;
}
