/* Mailchimp's and Klaviyo's exports. */
#define FORMAT source_campaigns
#define FILE_NAME "members.json"
#include "source.h"
