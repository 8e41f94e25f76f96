/*
 * Links rows of a table: a line each, TABs between the id and the fields of
 * linkage.h in their order.  Prints id and cluster.
 *	linkage [-j N] [-p JOIN] [FILE]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/diag.h"
#include "people/linkage/linkage.h"

int
main(int argc, char **argv)
{
	struct linkage_options o = { .join = .45, .suggest = .45 };
	struct err e = { 0 };
	struct linkage *l;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "-j") == 0)
			o.threads = (unsigned)strtoul(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "-p") == 0)
			o.join = strtod(argv[i + 1], NULL);
	}
	l = linkage_new(&o);
	while ((n = getline(&line, &cap, stdin)) > 0) {
		struct str rest = { line, (size_t)n - 1 };
		struct linkage_row row = { .id = str_split(&rest, '\t') };

		for (int f = 0; f < LINK_FIELDS; f++)
			row.text[f] = str_split(&rest, '\t');
		linkage_add(l, &row);
	}
	free(line);
	if (linkage_settle(l, NULL, NULL, &e) != 0 || linkage_run(l, &e) != 0)
		return 2;
	for (uint32_t i = 0; i < linkage_rows(l); i++) {
		struct str id = linkage_id(l, i),
			   c = linkage_id(l, linkage_cluster(l, i));

		printf("%.*s\t%.*s\n", STR_ARG(id), STR_ARG(c));
	}
	linkage_free(l);
	return fflush(stdout) == 0 ? 0 : 2;
}
