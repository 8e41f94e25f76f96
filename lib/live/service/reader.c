#include "live/service/reader.h"

#include "hook/conf.h"

int
service_text(struct service_reader *r, const struct yaml_node *map,
    const char *key, struct str *out)
{
	const struct yaml_node *n = yaml_get(map, key);
	struct str s = yaml_text(n);

	if (n == NULL)
		return 0;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ')
			s = STR("");
	if (s.n == 0)
		return yaml_fail(
		    r->e, r->y, n, "%s must be a text in one line", key);
	*out = arena_dup(&r->s->arena, s);
	return 0;
}

int
service_word(struct service_reader *r, const struct yaml_node *map,
    const char *key, const char *const *words, void *out)
{
	const struct yaml_node *n = yaml_get(map, key);
	int i = hook_word(words, yaml_text(n));
	struct buf all;

	if (n == NULL)
		return 0;
	if (i >= 0) {
		*(int *)out = i;
		return 0;
	}
	buf_init(&all, 256);
	for (i = 0; words[i] != NULL; i++)
		buf_printf(&all, "%s%s", i == 0 ? "" : ", ", words[i]);
	yaml_fail(r->e, r->y, n, "%s must be one of %s", key, buf_cstr(&all));
	buf_release(&all);
	return -1;
}

int
service_flag(struct service_reader *r, const struct yaml_node *map,
    const char *key, bool *out)
{
	const struct yaml_node *n = yaml_get(map, key);

	*out = str_is(yaml_text(n), "true");
	return n == NULL || *out || str_is(yaml_text(n), "false")
		   ? 0
		   : yaml_fail(r->e, r->y, n, "%s must be true or false", key);
}

int
service_only(struct service_reader *r, const struct yaml_node *map,
    const char *what, const char *const *keys)
{
	if (map == NULL)
		return 0;
	if (yaml_kind(map) != YAML_MAP)
		return yaml_fail(r->e, r->y, map, "%s must be a map", what);
	for (size_t i = 0; i < yaml_count(map); i++)
		if (!str_is_one_of(yaml_text(yaml_key(map, i)), keys))
			return yaml_fail(r->e, r->y, yaml_key(map, i),
			    "unknown key '%.*s' in %s",
			    STR_ARG(yaml_text(yaml_key(map, i))), what);
	return 0;
}

int
service_number(struct service_reader *r, const struct yaml_node *map,
    const char *key, int64_t most, int64_t *out)
{
	const struct yaml_node *n = yaml_get(map, key);

	if (n == NULL ||
	    (str_to_int(yaml_text(n), out) == 0 && *out >= 0 && *out <= most))
		return 0;
	return yaml_fail(
	    r->e, r->y, n, "%s must be 0 to %lld", key, (long long)most);
}

int
service_code(struct service_reader *r, const struct yaml_node *map,
    const char *key, struct service_text *out)
{
	const struct yaml_node *n = yaml_get(map, key);

	if (n == NULL)
		return 0;
	if (yaml_text(n).n == 0)
		return yaml_fail(r->e, r->y, n, "%s must be a program", key);
	out->text = arena_dup(&r->s->arena, yaml_text(n));
	out->line = yaml_line(n);
	return 0;
}

struct expr *
service_compile_later(struct service_reader *r, const struct service_text *t)
{
	return expr_later(
	    r->s->path, t->line - 1, 0, false, t->text, r->vars, r->e);
}

int
service_program(struct service_reader *r, const struct yaml_node *map,
    const char *key, struct expr **out)
{
	struct service_text t = { 0 };

	if (service_code(r, map, key, &t) < 0)
		return -1;
	if (t.text.p == NULL)
		return 0;
	*out = service_compile_later(r, &t);
	return *out == NULL ? -1 : 0;
}
