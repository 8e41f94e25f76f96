/* What HubSpot, Salesforce and Zoho have of customers. */
#define FORMAT source_crm
#define FILE_NAME "contacts.json"
#include "source.h"
