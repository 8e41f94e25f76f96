#include "source/matrix/matrix.h"

struct str
matrix_text(struct matrix_view *v, struct json from, const char *name)
{
	return native_text(v->n, from, name);
}

void
matrix_room(struct matrix_view *v)
{
	v->room = matrix_text(v, v->native, "room_id");
	if (v->room.p == NULL)
		v->room = native_value(v->n, native_beside(v->n, "*"));
	if (v->room.p == NULL)
		v->room = native_value(v->n, native_beside(v->n, "room_id"));
	v->m->thread_id = v->room;
}
