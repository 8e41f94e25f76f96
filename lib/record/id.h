#ifndef KITH_RECORD_ID_H
#define KITH_RECORD_ID_H
/*
 * Ids of records: made from what the channel itself calls them, so that the
 * same message from two exports, or written by reply and exported later, has
 * the same id.
 */
#include "core/arena.h"
#include "core/hash.h"

/* account is STR_NONE where native_id is unique in the world. */
void record_id(char out[ID_SIZE], struct str channel, struct str account,
    struct str native_id);
/* A mail's native id: its Message-ID (without brackets) and its From address,
 * so that nobody takes the id of another's mail by copying the first. */
struct str
record_mail_native_id(struct str message_id, struct str from, struct arena *a);

#endif
