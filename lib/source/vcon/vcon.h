#ifndef KITH_SOURCE_VCON_VCON_H
#define KITH_SOURCE_VCON_VCON_H
/*
 * vCons, the containers of conversations of draft-ietf-vcon-vcon-core, of its
 * versions 0.0.1 to 0.4.0: vcon.c tells and cuts them, check.c refuses what is
 * none, signed.c asks whose a signature is, normalize.c and dialog.c make a record of each dialog, content.c reads
 * what is inline, parts.c what stands beside the dialogs, transcript.c what was
 * said, and restore.c what kith itself wrote (kith report vcon).
 */
#include "source/native.h"

/*
 * A list of a vCon, to be reached by index.  Analyses and attachments hang on the
 * first dialog that they name: first[dialog] and next[i] are places in v plus
 * one, 0 the end; what names none, or none that there is, hangs on dialog 0.
 */
struct vcon_list {
	struct json *v;
	size_t n;
	uint32_t *first, *next;
};

/* By which key of the workspace it is signed: key is absent where by none. */
struct vcon_signer {
	struct str algorithm, key, subject;
	size_t index; /* of the signature */
};

struct keyring;

/* A vCon that is read; lists are absent where they are null or missing. */
struct vcon {
	struct normalize *n;
	struct json root;
	struct json parties; /* as they stand */
	struct vcon_list party, dialog, analysis, attachment;
	struct json wrapper; /* the JWS that it came in, or absent */
	const struct keyring *keys; /* the workspace's, or NULL */
	struct vcon_signer signer;
	struct str uuid;
	struct str thread; /* the uuid of the outermost */
	unsigned depth; /* of vCons within it */
	struct record *record; /* to look at what kith wrote */
	struct arena *arena; /* of what outlives a message */
};

/* Its members by the name of now, or one of before; NULL-terminated. */
struct json vcon_any(struct json from, const char *const *names);
/* The media type of a dialog, attachment or analysis; absent. */
struct str vcon_media(struct vcon *v, struct json part);

/* An index as the lists have it: -1 where it is none. */
int64_t vcon_index(struct json v);
/* The first of them; -1 where there is none. */
int64_t vcon_first_index(struct json v);

/* The i-th vCon that stands whole in the group of this one; absent. */
struct json vcon_inner(struct json root, size_t i);
/* The i-th, JSON_ABSENT where there is none. */
struct json vcon_item(const struct vcon_list *l, int64_t i);
/* In the vCon's arena. */
void vcon_list_read(struct vcon *v, struct json from, struct vcon_list *l);
void vcon_list_hang(struct vcon *v, struct vcon_list *l);

/* Is it a vCon whose parts fit together?  0, or -1 with the sentence. */
int vcon_check(struct vcon *v, struct err *e);

/* Dialog i as a record. */
enum stage_result vcon_dialog(struct vcon *v, size_t i, struct err *e);
/* Party i as an address; nothing where there is none. */
struct address vcon_party(struct vcon *v, int64_t i, const char *channel);
/* The members of data that a vCon has as a whole. */
void vcon_write_whole(struct vcon *v, struct writer *w);
/* Analyses and attachments of dialog i, but for the transcript that is its
 * text. */
void
vcon_write_parts(struct vcon *v, size_t i, struct json said, struct writer *w);
/* The files of attachments of dialog i into the message. */
void vcon_attach(struct vcon *v, size_t i);

/* The body of a part: a string as it is, of base64url its bytes, of JSON what
 * it says; absent.  *bytes: how many it has, -1 unknown; blob: their id. */
struct str vcon_body(struct vcon *v, struct json part);
/* The same as what people read, by its media type: HTML without tags, of a
 * multipart its text and its files as attachments.  Absent where it is none. */
struct str vcon_text(struct vcon *v, struct json part);
/* An attachment of the message; its url is not followed. */
void vcon_add_file(struct vcon *v, struct json part);
/* The analysis that says what was spoken in dialog i, or absent. */
struct json vcon_transcript(struct vcon *v, size_t i);
/* Its words, a line for each turn: "Agent: Good day!". */
struct str vcon_spoken(struct vcon *v, struct json analysis);

/* The workspace's keys, where it has some: *out is the caller's, and stays as
 * it is where it has none.  0, or -1 with the file. */
int vcon_keys_read(
    struct keyring **out, const struct workspace_list *files, struct err *e);
/*
 * Is the vCon in v->wrapper, of which payload was read, signed by one of v->keys?
 * One good signature is enough: v->signer is whose.  0, or -1 with what is
 * wrong with each.  doc is for its headers.
 */
int vcon_verify(
    struct vcon *v, struct json_doc *doc, struct str payload, struct err *e);
/* data.signed, where it is signed. */
void vcon_write_signed(struct vcon *v, struct writer *w);

/* Is it a record that kith report vcon kept, beside a dialog or in the vCon? */
bool vcon_is_record(struct vcon *v, struct json kept);
/* Such a one as the message; whose signature it has is this vCon's to say.  0,
 * or -1. */
int vcon_restore(struct vcon *v, struct json kept, struct err *e);

int vcon_open(void **kept, const struct workspace *workspace, struct err *e);
enum stage_result
vcon_normalize(struct normalize *n, struct json native, struct err *e);
void vcon_release(void *kept);

#endif
