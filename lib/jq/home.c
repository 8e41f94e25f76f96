#include "jq/home.h"

#include <stdlib.h>
#include <string.h>

static _Thread_local bool is_hidden;

void
home_hide(bool hidden)
{
	is_hidden = hidden;
}

char *
getenv(const char *name)
{
	/* Without any, some ask the system's table of users. */
	static char nowhere[] = "/dev/null";

	if (is_hidden && strcmp(name, "HOME") == 0)
		return nowhere;
	/* The same where nobody runs with another's rights. */
	return secure_getenv(name);
}
