# Channels as DiscordChatExporter writes them (JSON):
#	kith ingest -f json channel.json | kith normalize --map discord.jq
# A large one: kith ingest --items messages channel.json
(if .native.messages then .native
	else .beside + {messages: [.native]} end)
| . as $export
| .messages[]
| select(.type == "Default" or .type == "Reply" or .type == null)
| {
	channel: "discord",
	account: $export.guild.name,
	messageId: .id,
	threadId: $export.channel.id,
	sentAt: .timestamp,
	from: {name: (.author.nickname // .author.name),
		uri: "discord:\(.author.id)"},
	to: [{name: $export.channel.name,
		uri: "discord:channel\($export.channel.id)"}],
	text: .content,
	inReplyTo: (if .reference.messageId then [.reference.messageId]
		else null end),
	attachments: ([.attachments[]?
		| {name: .fileName, size: .fileSizeBytes}]
		| if length > 0 then . else null end),
	keywords: ([(if .timestampEdited then "edited" else empty end),
		(if .author.isBot then "bot" else empty end)]
		| if length > 0 then . else null end)
}
