/*
 * Tables of people.
 */
#define FORMAT source_contacts_csv
#define FILE_NAME "people.csv"
#include "source.h"
