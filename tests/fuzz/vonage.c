/* Vonage's messages and calls. */
#define FORMAT source_vonage
#define FILE_NAME "sms.csv"
#include "source.h"
