/* Prints what is made from the tables of fields and channels: `fields
 * schema|manual|channels`. */
#include <stdio.h>
#include <string.h>

#include "record/channels.h"
#include "record/fields.h"

int
main(int argc, char **argv)
{
	struct buf out;
	size_t n;

	buf_init(&out, 1 << 20);
	if (argc == 2 && strcmp(argv[1], "schema") == 0)
		fields_schema(&out);
	else if (argc == 2 && strcmp(argv[1], "manual") == 0)
		fields_manual(&out);
	else if (argc == 2 && strcmp(argv[1], "channels") == 0)
		channels_manual(&out);
	n = fwrite(out.p, 1, out.n, stdout);
	n = fflush(stdout) == 0 && n > 0 ? 0 : 2;
	buf_release(&out);
	return (int)n;
}
