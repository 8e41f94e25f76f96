/* Collections of dialogues. */
#define FORMAT source_dialogue
#define FILE_NAME "dialogues.json"
#include "source.h"
