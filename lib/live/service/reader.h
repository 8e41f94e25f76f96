#ifndef KITH_LIVE_SERVICE_READER_H
#define KITH_LIVE_SERVICE_READER_H
/*
 * A description of a service while it is read, as the files of this room see
 * it; nobody else includes this.  What is wrong is said with its place.
 */
#include "core/io/yaml.h"
#include "live/service/service.h"

struct service_reader {
	struct live_service *s;
	struct yaml *y;
	struct err *e;
	unsigned parts;
	const char *vars[3]; /* what programs see as $NAME, for expr_later */
};

/* A text in one line, which may be missing: absent then.  0 or -1. */
int service_text(struct service_reader *r, const struct yaml_node *map,
    const char *key, struct str *out);
/* Which of the words (NULL-terminated) it is, into an enumeration: 0 or -1. */
int service_word(struct service_reader *r, const struct yaml_node *map,
    const char *key, const char *const *words, void *out);
int service_flag(struct service_reader *r, const struct yaml_node *map,
    const char *key, bool *out);
/* No key but these: a mistyped one would leave a check out. */
int service_only(struct service_reader *r, const struct yaml_node *map,
    const char *what, const char *const *keys);
/* A number of these bounds, which may be missing: 0 or -1. */
int service_number(struct service_reader *r, const struct yaml_node *map,
    const char *key, int64_t most, int64_t *out);
/* A program, which may be missing; and one that is compiled when it first
 * runs: NULL then. */
int service_code(struct service_reader *r, const struct yaml_node *map,
    const char *key, struct service_text *out);
int service_program(struct service_reader *r, const struct yaml_node *map,
    const char *key, struct expr **out);
struct expr *
service_compile_later(struct service_reader *r, const struct service_text *t);

/* `hook` and `poll` of the description; n is NULL without, and so is items, of
 * the whole description. */
int service_read_hook(struct service_reader *r, const struct yaml_node *n);
int service_read_poll(struct service_reader *r, const struct yaml_node *n,
    const struct yaml_node *items);

#endif
