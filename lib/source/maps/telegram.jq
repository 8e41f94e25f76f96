# Telegram Desktop's result.json, of one chat or of all:
#	kith ingest -f json result.json | kith normalize --map telegram.jq
# A large one message by message:
#	kith ingest --items messages result.json
#	kith ingest --items chats/list/messages result.json
def plain:
	if type == "array"
	then map(if type == "object" then .text else . end) | join("")
	else . end;
def person: if . == null then null
	elif type == "number" then "telegram:user\(.)"
	else "telegram:\(.)" end;

. as $line
| (if .native.messages then .native
	elif .native.chats.list or .native.list then
		(.native.chats.list // .native.list)[]
	else {id: .beside.id, name: .beside.name, messages: [.native]} end)
| . as $chat
| .messages[]
| select(.type == "message")
| {
	channel: "telegram",
	messageId: "\($chat.id)/\(.id)",
	threadId: "\($chat.id)",
	sentAt: (if .date_unixtime then .date_unixtime | tonumber | todate
		else .date + "Z" end),
	from: {name: .from, uri: (.from_id | person)},
	to: [{name: $chat.name, uri: "telegram:chat\($chat.id)"}],
	text: (.text | plain),
	inReplyTo: (if .reply_to_message_id
		then ["\($chat.id)/\(.reply_to_message_id)"] else null end),
	attachments: (if .photo then [{name: .photo, type: "image/jpeg"}]
		elif .file then [{name: .file, type: .mime_type}]
		else null end),
	keywords: (if .edited then ["edited"] else null end)
}
