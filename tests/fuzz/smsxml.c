/* XML of SMS Backup & Restore. */
#define FORMAT source_sms_xml
#define FILE_NAME "sms-20260401.xml"
#include "source.h"
