#ifndef KITH_REPLY_TEMPLATE_H
#define KITH_REPLY_TEMPLATE_H
/*
 * Reply templates: lines `name: value` until the first empty line, then the
 * body; \(...) in them is jq over the record that is answered.
 *
 *	subject: ...		instead of "Re: " and the request's
 *	automatic: yes		RFC 3834: never counts as an answer
 *	fill: ...		words of the body that a person must replace
 *	format: text		instead of markdown; the default where the
 *				file's name does not end in .md
 *	purpose: marketing	a solicitation, which has quiet hours
 *
 * Where the body is Markdown, what \(...) gives is text in it: marks that it
 * holds are escaped, so that no customer's words become a link of ours.
 */
#include "core/err.h"
#include "jq/expr.h"
#include "workspace/workspace.h"

enum { TEMPLATE_MAX = 1 << 20 }; /* bytes of a file, and of what it gives */

struct template;

/*
 * name is a file, or a template's name, with or without .md: looked up in the
 * workspace's folder of templates, then in that of what comes with kith.
 */
struct template *
template_open(const char *name, const struct workspace *c, struct err *e);
/* NULL is allowed. */
void template_free(struct template *t);
/* Its name without folder and ending. */
const char *template_name(const struct template *t);
bool template_automatic(const struct template *t);
bool template_markdown(const struct template *t);
bool template_marketing(const struct template *t);
/* The words that a person has to replace, or absent. */
struct str template_fill(const struct template *t);
/*
 * Appends the body, without white space at its end, to body, and the subject
 * to subject (nothing where the template has none).
 */
int template_render(struct template *t, struct json record, struct buf *subject,
    struct buf *body, struct err *e);

#endif
