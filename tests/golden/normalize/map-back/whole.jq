# Written for the whole of a file, when it was nobody's.
.native | (.chats.list // [.])[] | . as $chat | .messages[]
| {channel: "chat", messageId: "\($chat.id)/\(.id)",
	sentAt: (.date_unixtime | tonumber | todate), text}
