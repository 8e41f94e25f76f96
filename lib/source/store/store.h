#ifndef KITH_SOURCE_STORE_STORE_H
#define KITH_SOURCE_STORE_STORE_H
/*
 * Tables of what is sold in stores, and of who came: what their columns are.
 */
#include "source/item.h"

/* In the order of words/columns. */
enum store_column {
	STORE_RECEIPT,
	STORE_DATE,
	STORE_CLOCK,
	STORE_ZONE,
	STORE_BRANCH,
	STORE_REGISTER,
	STORE_EMPLOYEE,
	STORE_CUSTOMER,
	STORE_CARD,
	STORE_EMAIL,
	STORE_TEL,
	STORE_NAME,
	STORE_ITEM,
	STORE_SKU,
	STORE_CATEGORY,
	STORE_QUANTITY,
	STORE_PRICE,
	STORE_TOTAL,
	STORE_SUBTOTAL,
	STORE_TAX,
	STORE_DISCOUNT,
	STORE_TIP,
	STORE_CURRENCY,
	STORE_PAYMENT,
	STORE_KIND,
	STORE_ARRIVAL,
	STORE_DEPARTURE,
	STORE_PURPOSE,
	STORE_COLUMNS
};

/* What a column of this name holds; STORE_COLUMNS: none of these. */
enum store_column store_column(struct str name, struct arena *a);
enum stage_result
store_normalize(struct normalize *n, struct json native, struct err *e);

#endif
