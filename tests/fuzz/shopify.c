/*
 * Shopify's orders, as a table and as JSON.
 */
#define FORMAT source_shopify
#define FILE_NAME "orders"
#include "source.h"
