#ifndef KITH_REPORT_LINKAGE_MODEL_H
#define KITH_REPORT_LINKAGE_MODEL_H
/*
 * The model by which merge links rows of people (its --model), as tables: pairs
 * by weight, what each level of a field is worth, which pairs were looked at.
 */
#include "json/json.h"
#include "report/table.h"

struct linkmodel {
	struct json_doc *doc;
	struct json root;
};

/* 0, or -1 where the file is none; linkmodel_close in any case. */
int linkmodel_open(struct linkmodel *m, const char *path, struct err *e);
void linkmodel_close(struct linkmodel *m);
/* A table each, for table_free. */
struct table *linkmodel_weights(const struct linkmodel *m);
struct table *linkmodel_rules(const struct linkmodel *m);
/* other: a model to compare with, or NULL. */
struct table *
linkmodel_fields(const struct linkmodel *m, const struct linkmodel *other);

#endif
