#include "core/io/library.h"

#include <dlfcn.h>
#include <string.h>

int
library_load(void **handle, const char *file,
    const struct library_function *functions, size_t n, const char *need,
    struct err *e)
{
	void *h;

	if (*handle != NULL)
		return 0;
	h = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	if (h == NULL)
		return err_set(e, "%s", need);
	for (size_t i = 0; i < n; i++) {
		void *f = dlsym(h, functions[i].name);

		/* POSIX: a pointer to a function fits (dlsym). */
		memcpy(functions[i].to, &f, sizeof(f));
		if (f == NULL) {
			dlclose(h);
			return err_set(e, "%s is too old: it has no %s", file,
			    functions[i].name);
		}
	}
	*handle = h;
	return 0;
}
