/*
 * The table of formats, and telling them apart.  A format is a folder in this
 * room that defines `const struct source_format source_FOLDER` and has its part
 * of kith-formats(7), `manual`: make writes the table's rows from these.
 */
#include "source/source.h"

#include "source/formats.h"

enum { NAME_BYTES = 64 }; /* of a format */

#define DECLARE(name) extern const struct source_format source_##name;
#define ENTRY(name) &source_##name,

FORMATS(DECLARE)

const struct source_format *const source_formats[] = { FORMATS(ENTRY) NULL };

const struct source_format *
source_format_named(struct str name)
{
	char spelled[NAME_BYTES];

	if (name.n >= sizeof(spelled))
		return NULL;
	for (size_t i = 0; i < name.n; i++)
		spelled[i] = name.p[i] == '_' ? '-' : name.p[i];
	name.p = spelled;
	for (size_t i = 0; source_formats[i] != NULL; i++)
		if (str_is(name, source_formats[i]->name))
			return source_formats[i];
	return NULL;
}

int
source_no_format(const char *name, struct err *e)
{
	struct buf names;
	int rc;

	buf_init(&names, 4096);
	for (size_t i = 0; source_formats[i] != NULL; i++)
		buf_printf(&names, "%s%s", i == 0 ? "" : ", ",
		    source_formats[i]->name);
	rc = err_set(e, "--format %s: no such format; there are %s", name,
	    buf_cstr(&names));
	buf_release(&names);
	return rc;
}

void
source_list(struct buf *out)
{
	for (size_t i = 0; source_formats[i] != NULL; i++)
		buf_printf(out, "%-15s %s\n", source_formats[i]->name,
		    source_formats[i]->about);
}

/* Of those whose files are no text. */
static const struct source_format *
tell_binary(const char *base_name, struct str head, int *how_sure)
{
	for (size_t i = 0; source_formats[i] != NULL; i++) {
		const struct source_format *f = source_formats[i];

		if (f->binary && (*how_sure = f->sniff(base_name, head)) > 0)
			return f;
	}
	return NULL;
}

/* The first of the surest, so that the table's order decides ties. */
const struct source_format *
source_surest(const char *base_name, struct str head, int *how_sure)
{
	const struct source_format *best =
	    tell_binary(base_name, head, how_sure);
	int most = 0;

	if (best != NULL)
		return best;
	for (size_t i = 0; source_formats[i] != NULL; i++) {
		const struct source_format *f = source_formats[i];
		int sure;

		if (f->sniff == NULL || (f->most != 0 && f->most <= most))
			continue;
		sure = f->sniff(base_name, head);
		if (sure > most) {
			most = sure;
			best = f;
		}
	}
	*how_sure = most;
	return best;
}

const struct source_format *
source_tell(const char *base_name, struct str head)
{
	int how_sure;

	return source_surest(base_name, head, &how_sure);
}

const struct source_format *
source_may_be(struct str head)
{
	for (size_t i = 0; source_formats[i] != NULL; i++)
		if (source_formats[i]->may_be != NULL &&
		    source_formats[i]->may_be(head))
			return source_formats[i];
	return NULL;
}

bool
source_is_sure(const char *base_name, struct str head)
{
	int how_sure;

	source_surest(base_name, head, &how_sure);
	return how_sure >= SOURCE_SURE;
}

const struct source_format *
source_tell_tree(const char *const *names, size_t n)
{
	const struct source_format *best = NULL;
	int most = 0;

	for (size_t i = 0; source_formats[i] != NULL; i++) {
		int sure = source_formats[i]->sniff_tree == NULL
			       ? 0
			       : source_formats[i]->sniff_tree(names, n);

		if (sure > most) {
			most = sure;
			best = source_formats[i];
		}
	}
	return best;
}
