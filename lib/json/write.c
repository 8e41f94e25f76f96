#include "json/write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/time.h"
#include "json/escape.h"

void
write_init(struct writer *w, struct buf *out)
{
	*w = (struct writer){ .out = out, .first = true };
}

/* The comma before a value or name, where one is due. */
static void
separate(struct writer *w)
{
	if (w->after_key)
		w->after_key = false;
	else if (!w->first && w->depth > 0)
		buf_add_char(w->out, ',');
	w->first = false;
}

static void
begin(struct writer *w, char c)
{
	separate(w);
	if (w->depth++ >= WRITE_DEPTH)
		w->out->over = true;
	buf_add_char(w->out, c);
	w->first = true;
}

static void
finish(struct writer *w, char c)
{
	buf_add_char(w->out, c);
	w->depth--;
	w->first = false;
}

void
write_object(struct writer *w)
{
	begin(w, '{');
}

void
write_object_end(struct writer *w)
{
	finish(w, '}');
}

void
write_list(struct writer *w)
{
	begin(w, '[');
}

void
write_list_end(struct writer *w)
{
	finish(w, ']');
}

void
write_escaped(struct buf *out, struct str s)
{
	json_escape(out, s);
}

static void
quoted(struct buf *out, struct str s)
{
	buf_add_char(out, '"');
	write_escaped(out, s);
	buf_add_char(out, '"');
}

void
write_key_str(struct writer *w, struct str name)
{
	separate(w);
	quoted(w->out, name);
	buf_add_char(w->out, ':');
	w->after_key = true;
}

void
write_plain_key(struct writer *w, const char *name, size_t n)
{
	char *p;

	separate(w);
	w->after_key = true;
	p = buf_room(w->out, n + 3);
	if (p == NULL)
		return;
	*p++ = '"';
	memcpy(p, name, n);
	memcpy(p + n, "\":", 2);
	w->out->n += n + 3;
}

void
write_str(struct writer *w, struct str s)
{
	separate(w);
	quoted(w->out, s);
}

void
write_z(struct writer *w, const char *s)
{
	write_str(w, str_of(s));
}

void
write_int(struct writer *w, int64_t v)
{
	char text[STR_COUNT];
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	separate(w);
	buf_add_str(w->out, str_count(text, v < 0 ? '-' : '\0', u));
}

void
write_real(struct writer *w, double v)
{
	char text[32];

	separate(w);
	if (!isfinite(v)) {
		buf_add_z(w->out, "null");
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_add_z(w->out, text);
}

void
write_bool(struct writer *w, bool v)
{
	separate(w);
	buf_add_z(w->out, v ? "true" : "false");
}

void
write_raw(struct writer *w, struct str json)
{
	separate(w);
	buf_add_str(w->out, json);
}

void
write_time(struct writer *w, int64_t t)
{
	char *p;
	size_t n;

	separate(w);
	p = buf_room(w->out, TIME_SIZE + 2);
	if (p == NULL)
		return;
	n = time_format(t, p + 1);
	p[0] = p[n + 1] = '"';
	w->out->n += n + 2;
}

void
write_member_strs(
    struct writer *w, const char *name, const struct str *v, size_t n)
{
	if (n == 0)
		return;
	write_key(w, name);
	write_list(w);
	for (size_t i = 0; i < n; i++)
		write_str(w, v[i]);
	write_list_end(w);
}
