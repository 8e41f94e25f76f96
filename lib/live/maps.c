#include "live/maps.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "live/service/service.h"

struct live_maps {
	const struct workspace *workspace;
	struct mapping **of; /* one a source, or NULL */
};

struct live_maps *
live_maps_open(const struct workspace *c, struct err *e)
{
	struct live_maps *m = xcalloc(1, sizeof(*m));
	const struct workspace_sources *l = &c->sources;

	m->workspace = c;
	m->of = xcalloc(l->n + 1, sizeof(struct mapping *));
	for (size_t i = 0; i < l->n; i++) {
		struct live_service *s;
		bool good;

		if (l->v[i].service == NULL)
			continue;
		s = live_service_read(c, &l->v[i], SERVICE_PLAIN, e);
		if (s != NULL && s->map != NULL)
			m->of[i] = mapping_open(s->map, e);
		good = s != NULL && (s->map == NULL || m->of[i] != NULL);
		live_service_free(s);
		if (!good) {
			err_prefix(e, "@%s", l->v[i].name);
			live_maps_close(m);
			return NULL;
		}
	}
	return m;
}

void
live_maps_close(struct live_maps *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->workspace->sources.n; i++)
		mapping_close(m->of[i]);
	free(m->of);
	free(m);
}

struct mapping *
live_map_of(const struct live_maps *m, struct str file)
{
	const struct workspace_source *s;

	if (m->workspace->sources.n == 0 || !str_starts(file, STR("@")))
		return NULL;
	file = str_sub(file, 1, file.n);
	s = workspace_source(m->workspace, str_split(&file, '/'));
	return s == NULL ? NULL : m->of[s - m->workspace->sources.v];
}
