#include "record/fields.h"

#define CHANNELS                                                              \
	"enum:email|sms|mms|whatsapp|telegram|messenger|instagram|x|slack|"   \
	"teams|discord|signal|matrix|xmpp|irc|chat|voice|web|app|push|store|" \
	"form|review|ticket"
#define TRUSTS "enum:authenticated|platform|operator|claimed|mentioned"

const struct field fields[] = {
	{ "source", "object", "ingest",
	    "Where the record came from: any line can be traced to its "
	    "bytes." },
	{ "source.format", "string", "ingest",
	    "The export's format, as kith-ingest(1) tells it." },
	{ "source.file", "string", "ingest",
	    "The file as it was named; an archive's entry stands behind it "
	    "with a colon between." },
	{ "source.at", "any", "ingest",
	    "The place within the file: a byte offset, a line or an item's "
	    "own id." },
	{ "native", "any", "ingest",
	    "The item as the export holds it; normalize takes it out." },

	{ "id", "id", "normalize",
	    "m and 26 letters of base32: a hash of channel, account and "
	    "native id, so the same message from two exports has the same "
	    "id." },
	{ "type", "enum:message|call|visit|order|contact|event", "normalize",
	    "What it is." },
	{ "channel", CHANNELS, "normalize", "The channel that it came on." },
	{ "account", "string", "normalize",
	    "Our side of it: mailbox, number, page, workspace, branch." },
	{ "direction", "enum:inbound|outbound|internal", "normalize",
	    "From a customer, to a customer, or among ourselves." },
	{ "sentAt", "time", "normalize", "When its writer sent it." },
	{ "receivedAt", "time", "normalize",
	    "When it reached us.  A record's own time is this, or sentAt "
	    "where it is missing." },
	{ "from", "address", "normalize", "Who wrote it." },
	{ "from.name", "string", "normalize", "The name as it was given." },
	{ "from.email", "email", "normalize", "A mail address." },
	{ "from.tel", "tel", "normalize", "A telephone number in E.164." },
	{ "from.uri", "uri", "normalize",
	    "An id that a channel gave: slack:T1/U2, telegram:user1, "
	    "cookie:..." },
	{ "to", "address[]", "normalize",
	    "Whom it was sent to; members as those of from." },
	{ "cc", "address[]", "normalize",
	    "Who got a copy; members as those of from." },
	{ "subject", "string", "normalize", "The subject line." },
	{ "text", "string", "normalize",
	    "What the person wrote now, as plain text: without markup, "
	    "quotes and signature." },
	{ "quoted", "string", "normalize",
	    "The quotes that were trimmed off the text." },
	{ "signature", "string", "normalize",
	    "The signature that was trimmed off the text." },
	{ "messageId", "string", "normalize",
	    "The channel's own id of the message, without angle brackets." },
	{ "inReplyTo", "string[]", "normalize",
	    "Ids of the messages that it answers, likewise." },
	{ "references", "string[]", "normalize",
	    "Ids of the messages before it, the oldest first." },
	{ "threadId", "string", "normalize",
	    "The channel's own id of the conversation." },
	{ "attachments", "object[]", "normalize",
	    "Files that came with it, without their contents." },
	{ "attachments.name", "string", "normalize", "The file's name." },
	{ "attachments.type", "string", "normalize", "Its media type." },
	{ "attachments.size", "integer", "normalize",
	    "Bytes of its decoded content." },
	{ "attachments.blobId", "string", "normalize",
	    "An id of its content." },
	{ "keywords", "string[]", "normalize",
	    "What kind of message it is: automatic, bounce, list, draft, "
	    "private, edited, deleted, bot, truncated." },
	{ "data", "object", "normalize",
	    "What is proper to the type or channel: a call's duration and "
	    "disposition, a visit's url, an order's items, a mail's "
	    "authenticationResults." },
	{ "data.emails", "email[]", "normalize",
	    "Further mail addresses of the one in from, which has room for "
	    "one." },
	{ "data.tels", "tel[]", "normalize",
	    "Further telephone numbers of theirs, in E.164." },
	{ "data.uris", "uri[]", "normalize",
	    "Further ids of theirs: of one logged in the user id beside the "
	    "cookie." },

	{ "auth", "object", "identify",
	    "Whether the sender is who it says, in the words of RFC 8601; "
	    "absent when nothing was read." },
	{ "auth.spf", "string", "identify", "The result for SPF." },
	{ "auth.dkim", "string", "identify", "The result for DKIM." },
	{ "auth.dmarc", "string", "identify", "The result for DMARC." },
	{ "auth.arc", "string", "identify", "The result for ARC." },
	{ "auth.by", "string", "identify", "The server that says so." },
	{ "ids", "object[]", "identify",
	    "Keys that tell who took part, each with the trust it has "
	    "earned." },
	{ "ids.type", "string", "identify",
	    "email, tel, or the scheme of a channel's id." },
	{ "ids.value", "string", "identify",
	    "The key itself, in its canonical writing." },
	{ "ids.trust", TRUSTS, "identify",
	    "Only authenticated, platform and operator keys join people." },
	{ "ids.from", "string", "identify",
	    "The member of the record that it was read from." },

	{ "person", "id", "merge",
	    "p and 26 letters: the customer; never changes because new data "
	    "came." },
	{ "conversation", "id", "merge",
	    "c and 26 letters: what it continues, on whatever channel." },
	{ "claims", "object[]", "merge",
	    "People that a key without proof points to: shown beside the "
	    "record, which is not theirs." },
	{ "claims.person", "id", "merge", "The person claimed to be." },
	{ "claims.key", "string", "merge", "The key, as type:value." },
	{ "quarantine", "object", "merge",
	    "Why the record was kept out of the conversation that it refers "
	    "to." },
	{ "quarantine.reason", "string", "merge", "The reason, a sentence." },
	{ "quarantine.reference", "string", "merge",
	    "The id that it referred to." },
	{ "quarantine.conversation", "id", "merge",
	    "The conversation that it was kept out of." },

	{ "context", "object", "recall",
	    "What was known of the person before this record; kith-recall(1) "
	    "names its members." },

	{ "route", "object", "route", "Where the rules put it, and why." },
	{ "route.queue", "string", "route", "The queue." },
	{ "route.team", "string", "route", "The team." },
	{ "route.assignee", "string", "route", "The person of ours." },
	{ "route.priority", "string", "route", "How urgent it is." },
	{ "route.replyOn", "string", "route", "The channel to answer on." },
	{ "route.stakes", "string", "route", "How much is at stake." },
	{ "route.human", "boolean", "route",
	    "True: no reply goes out without a human's approval." },
	{ "route.due", "time", "route", "When the answer is due." },
	{ "route.calendar", "string", "route",
	    "The calendar that the due time was counted in." },
	{ "route.overdue", "boolean", "route",
	    "True where it was decided anew at its due time." },
	{ "route.handedFrom", "object", "route",
	    "Who had it before it was handed on." },
	{ "route.handedFrom.team", "string", "route", "The team." },
	{ "route.handedFrom.assignee", "string", "route", "The person." },
	{ "route.rules", "object[]", "route",
	    "The rules that decided, in their order." },
	{ "route.rules.rule", "string", "route", "The rule's name." },
	{ "route.rules.line", "integer", "route",
	    "Its line in the rule file." },

	{ "reply", "object", "reply", "A draft of an answer." },
	{ "reply.channel", "string", "reply", "The channel it goes out on." },
	{ "reply.to", "any", "reply", "Whom it goes to." },
	{ "reply.subject", "string", "reply", "Its subject." },
	{ "reply.body", "string", "reply", "Its body." },
	{ "reply.template", "string", "reply",
	    "The template that it was made from." },
	{ "reply.automatic", "boolean", "reply",
	    "True where no human has a part in it." },
	{ "reply.answers", "id", "reply", "The record that it answers." },
	{ "reply.approvedBy", "string", "reply", "The human who approved it." },
	{ "reply.idempotencyKey", "string", "reply",
	    "The same for the same answer: what keeps it from going out "
	    "twice." },
	{ "delivery", "object", "reply", "What became of a draft." },
	{ "delivery.status",
	    "enum:ready|refused|queued|reserved|attempting|sent|failed|"
	    "ambiguous",
	    "reply", "What became of it; only a sent one is an answer." },
	{ "delivery.at", "time", "reply", "When." },
	{ "delivery.transport", "string", "reply", "By which transport." },
	{ "delivery.attempts", "integer", "reply", "How often it was tried." },
	{ "delivery.reason", "string", "reply",
	    "The preflight's or the other side's reason." },
	{ "delivery.retryAt", "time", "reply", "When it is tried again." },
	{ NULL, NULL, NULL, NULL },
};
