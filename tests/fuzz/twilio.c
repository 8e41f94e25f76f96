/* Twilio's messages and calls. */
#define FORMAT source_twilio
#define FILE_NAME "twilio"
#include "source.h"
