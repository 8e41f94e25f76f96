#include "route/rules/issues.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/vec.h"

void
issues_release(struct issues *is)
{
	size_t i;

	for (i = 0; i < is->n; i++)
		free(is->v[i].text);
	free(is->v);
	*is = (struct issues){ 0 };
}

void
issues_add_text(
    struct issues *is, bool error, int line, int column, const char *text)
{
	size_t at;

	if (error)
		is->errors++;
	else
		is->warnings++;
	if (is->n >= RULES_ISSUES)
		return;
	vec_room(is, 1);
	for (at = is->n; at > 0; at--) {
		const struct issue *b = &is->v[at - 1];

		if (b->line < line || (b->line == line && b->column <= column))
			break;
		is->v[at] = *b;
	}
	is->v[at] = (struct issue){ error, line, column, xstrdup(text) };
	is->n++;
}

void
issues_add(
    struct issues *is, bool error, int line, int column, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	issues_add_text(is, error, line, column, text);
}
