#include "text/trim.h"

void
text_trim(struct str body, struct arena *a, struct trimmed *out)
{
	(void)a;
	*out = (struct trimmed){ .text = str_trim(body) };
}
