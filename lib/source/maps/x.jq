# Direct messages of X (Twitter), direct-messages.js of an archive:
#	kith ingest --items dmConversation/messages direct-messages.js |
#		kith normalize --map x.jq
.beside.conversationId as $talk
| .native.messageCreate
| select(.)
| {
	channel: "x",
	messageId: .id,
	threadId: ($talk // "\(.senderId)-\(.recipientId)"),
	sentAt: .createdAt,
	from: {uri: "x:\(.senderId)"},
	to: (if .recipientId then [{uri: "x:\(.recipientId)"}] else null end),
	text: .text,
	attachments: ([.mediaUrls[]? | {name: (split("/") | last)}]
		| if length > 0 then . else null end)
}
