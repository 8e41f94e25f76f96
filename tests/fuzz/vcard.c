/* vCards. */
#define FORMAT source_vcard
#define FILE_NAME "contacts.vcf"
#include "source.h"
