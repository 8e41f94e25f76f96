/* Chats of WhatsApp. */
#define FORMAT source_whatsapp
#define FILE_NAME "WhatsApp Chat with Anna.txt"
#include "source.h"
